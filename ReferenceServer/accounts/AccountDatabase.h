#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "ReferenceServer/accounts/Account.h"
#include "ReferenceServer/accounts/SqliteConnection.h"
#include "ServerCore/Result.h"

namespace reference {

/// Accounts and their characters in an SQLite database; its calls wait for the disk, so sessions
/// reach it through an AccountStore. Errors: of AccountErrorCategory.
/// Thread: one at a time.
class AccountDatabase {
 public:
  static constexpr std::int64_t kSchemaVersion = 1;

  /// Opens the file, or makes it. It belongs to this process until it is closed, also against
  /// other servers: who is online is known to one process only.
  static servercore::Result<AccountDatabase> Open(const std::string& path);
  /// One that is gone with the process. Cannot fail.
  static AccountDatabase InMemory();

  std::error_code Begin();
  /// When it returns without error, everything since Begin survives the end of this process and of
  /// the machine. After an error nothing of it was kept.
  std::error_code Commit();
  void Rollback();

  /// The account of that name, made if there is none. REQUIRES a transaction.
  servercore::Result<Account> LoadOrCreate(std::string_view name);
  /// REQUIRES a transaction.
  std::error_code SavePosition(std::uint64_t character, const Position& position);

  /// Counts up, also for what is rolled back.
  std::int64_t rows_written() const { return connection_.rows_written(); }

 private:
  AccountDatabase(SqliteConnection connection, SqliteStatement load, SqliteStatement add_account,
                  SqliteStatement add_character, SqliteStatement save);
  static servercore::Result<AccountDatabase> Use(SqliteConnection connection);
  servercore::Result<Account> Load(std::string_view name);
  servercore::Result<Account> Create(std::string_view name);

  SqliteConnection connection_;
  SqliteStatement load_;
  SqliteStatement add_account_;
  SqliteStatement add_character_;
  SqliteStatement save_;
};

}  // namespace reference
