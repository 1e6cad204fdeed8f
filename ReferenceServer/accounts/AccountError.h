#pragma once
#include <system_error>

namespace reference {

/// What can be wrong with a database besides what SQLite itself finds. Beyond SQLite's own codes.
enum class AccountError : int {
  kForeign = 1'000,  ///< it is the database of another program
  kNewer,            ///< its schema is newer than this program
  kBusy,             ///< too many requests wait already
};

/// SQLite's result codes and AccountError, each with a message that says what to do.
const std::error_category& AccountErrorCategory();

inline std::error_code make_error_code(AccountError error) {
  return {static_cast<int>(error), AccountErrorCategory()};
}
/// `result` is what an SQLite function returned; SQLITE_OK is no error.
inline std::error_code SqliteError(int result) {
  return {result & 0xFF, AccountErrorCategory()};  // the low byte is the code, the rest its detail
}

}  // namespace reference

template <>
struct std::is_error_code_enum<reference::AccountError> : std::true_type {};
