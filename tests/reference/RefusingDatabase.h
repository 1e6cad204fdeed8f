#pragma once
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

#include "ReferenceServer/accounts/AccountDatabase.h"
#include "tests/TemporaryDirectory.h"

namespace reference {

/// The file of a database that works, save that it makes no account whose name begins with "bad",
/// and keeps nobody at an x beyond kKeptReach.
class RefusingDatabase {
 public:
  static constexpr double kKeptReach = 900;

  AccountDatabase Open() {
    const std::string path = (directory_.path() / "accounts.db").string();
    EXPECT_TRUE(AccountDatabase::Open(path));  // makes the tables
    sqlite3* other = nullptr;
    EXPECT_EQ(sqlite3_open(path.c_str(), &other), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(other,
                           "CREATE TRIGGER refuse BEFORE INSERT ON account WHEN NEW.name LIKE "
                           "'bad%' BEGIN SELECT RAISE(ABORT, 'bad'); END;"
                           "CREATE TRIGGER forget BEFORE UPDATE ON character WHEN NEW.x > 900"
                           " BEGIN SELECT RAISE(ABORT, 'too far'); END",
                           nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(other);
    auto database = AccountDatabase::Open(path);
    EXPECT_TRUE(database);
    return *std::move(database);
  }

 private:
  const TemporaryDirectory directory_;
};

}  // namespace reference
