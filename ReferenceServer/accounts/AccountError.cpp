#include "ReferenceServer/accounts/AccountError.h"

#include <sqlite3.h>

#include <string>

namespace reference {

namespace {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "accounts"; }

  std::string message(int code) const override {
    switch (code) {
      case static_cast<int>(AccountError::kForeign):
        return "it is the database of another program; name another file";
      case static_cast<int>(AccountError::kNewer):
        return "a newer version of this program wrote it; use that one or name another file";
      case static_cast<int>(AccountError::kBusy):
        return "too many requests wait for the database; try again later";
      case SQLITE_NOTADB:
        return "it is no SQLite database; name another file";
      case SQLITE_CORRUPT:
        return "it is damaged; put a copy in its place or name another file";
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        return "another program is using it; end that one or name another file";
      case SQLITE_FULL:
        return "the disk is full; make room";
      case SQLITE_IOERR:
        return "reading or writing failed; look at the disk, its space and its limits";
      case SQLITE_CANTOPEN:
        return "cannot be opened or made; does its directory exist?";
      case SQLITE_READONLY:
      case SQLITE_PERM:
      case SQLITE_AUTH:
        return "may not be written; change its owner or its rights";
      default:
        return sqlite3_errstr(code);
    }
  }
};

}  // namespace

const std::error_category& AccountErrorCategory() {
  static const Category category;
  return category;
}

}  // namespace reference
