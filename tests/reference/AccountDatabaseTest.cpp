/// What is kept, and which files are refused.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "ReferenceServer/accounts/AccountDatabase.h"
#include "ReferenceServer/accounts/AccountError.h"

namespace reference {
namespace {

class AccountDatabaseTest : public testing::Test {
 protected:
  AccountDatabaseTest() : directory_(testing::TempDir() + "accounts_" + UniqueName()) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directory(directory_);
  }
  ~AccountDatabaseTest() override { std::filesystem::remove_all(directory_); }

  static std::string UniqueName() {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  std::string path() const { return directory_ + "/accounts.db"; }

  AccountDatabase OpenFile() const {
    auto database = AccountDatabase::Open(path());
    EXPECT_TRUE(database) << database.error().message();
    return *std::move(database);
  }
  static Account LoadOne(AccountDatabase& database, std::string_view name) {
    EXPECT_FALSE(database.Begin());
    auto account = database.LoadOrCreate(name);
    EXPECT_TRUE(account) << account.error().message();
    EXPECT_FALSE(database.Commit());
    return *account;
  }
  /// As another program would.
  void ChangeBySql(const char* sql) const {
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &other), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(other, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(other);
  }

 private:
  const std::string directory_;
};

TEST_F(AccountDatabaseTest, ANewNameGetsTwoCharactersWithIdsOfTheirOwn) {
  AccountDatabase database = AccountDatabase::InMemory();
  const Account ann = LoadOne(database, "ann");
  const Account ben = LoadOne(database, "ben");
  ASSERT_EQ(ann.size(), 2U);
  ASSERT_EQ(ben.size(), 2U);
  EXPECT_EQ(ann[0].type, Protocol::PLAYER_TYPE_KNIGHT);
  EXPECT_EQ(ann[1].type, Protocol::PLAYER_TYPE_MAGE);
  EXPECT_EQ(ann[0].id, 1U);
  EXPECT_EQ(ann[1].id, 2U);
  EXPECT_EQ(ben[0].id, 3U);
}

TEST_F(AccountDatabaseTest, WhatWasCommittedIsThereWhenTheFileIsOpenedAgain) {
  Account before;
  {
    AccountDatabase database = OpenFile();
    before = LoadOne(database, "앤");
    ASSERT_FALSE(database.Begin());
    EXPECT_FALSE(database.SavePosition(before[1].id, {-12.5F, 99.25F}));
    ASSERT_FALSE(database.Commit());
  }
  AccountDatabase database = OpenFile();
  const Account after = LoadOne(database, "앤");
  ASSERT_EQ(after.size(), 2U);
  EXPECT_EQ(after[0].id, before[0].id);
  EXPECT_EQ(after[1].id, before[1].id);
  EXPECT_EQ(after[0].position, Position());
  EXPECT_EQ(after[1].position, (Position{-12.5F, 99.25F}));
}

TEST_F(AccountDatabaseTest, WhatWasRolledBackIsNot) {
  AccountDatabase database = AccountDatabase::InMemory();
  ASSERT_FALSE(database.Begin());
  ASSERT_TRUE(database.LoadOrCreate("nobody"));
  database.Rollback();
  EXPECT_EQ(LoadOne(database, "ann")[0].id, 1U);
}

TEST_F(AccountDatabaseTest, AnIdIsNotGivenAgainWhenItsCharacterIsDeleted) {
  {
    AccountDatabase database = OpenFile();
    LoadOne(database, "ann");
  }
  ChangeBySql("DELETE FROM character; DELETE FROM account;");
  AccountDatabase database = OpenFile();
  EXPECT_EQ(LoadOne(database, "ann")[0].id, 3U);
}

TEST_F(AccountDatabaseTest, NamesAreBytesAndNotSql) {
  AccountDatabase database = AccountDatabase::InMemory();
  const std::string with_zero("a\0b", 3);
  const std::uint64_t id = LoadOne(database, with_zero)[0].id;
  EXPECT_NE(LoadOne(database, "a")[0].id, id);
  EXPECT_EQ(LoadOne(database, with_zero)[0].id, id);
  EXPECT_NE(LoadOne(database, "A")[0].id, LoadOne(database, "a")[0].id);
  LoadOne(database, "'); DROP TABLE account; --");
  EXPECT_EQ(LoadOne(database, with_zero)[0].id, id);
}

TEST_F(AccountDatabaseTest, AFileBelongsToOneServer) {
  const AccountDatabase first = OpenFile();
  const auto second = AccountDatabase::Open(path());
  EXPECT_EQ(second.error(), SqliteError(SQLITE_BUSY));
  EXPECT_NE(second.error().message().find("another program is using it"), std::string::npos);
}

TEST_F(AccountDatabaseTest, ANewerSchemaIsRefusedAndLeftAlone) {
  { const AccountDatabase database = OpenFile(); }
  ChangeBySql("PRAGMA user_version=2");
  EXPECT_EQ(AccountDatabase::Open(path()).error(), AccountError::kNewer);
}

TEST_F(AccountDatabaseTest, AnotherProgramsDatabaseIsRefusedAndLeftAlone) {
  ChangeBySql("CREATE TABLE recipes(name)");
  EXPECT_EQ(AccountDatabase::Open(path()).error(), AccountError::kForeign);
  ChangeBySql("INSERT INTO recipes VALUES('soup')");
  EXPECT_FALSE(std::filesystem::exists(path() + "-wal"));
}

TEST_F(AccountDatabaseTest, WhatIsNoDatabaseIsRefused) {
  std::ofstream(path()) << std::string(8'192, 'x');
  EXPECT_EQ(AccountDatabase::Open(path()).error(), SqliteError(SQLITE_NOTADB));
}

TEST_F(AccountDatabaseTest, ADirectoryThatIsNotThereIsTold) {
  const auto database = AccountDatabase::Open(path() + ".d/accounts.db");
  EXPECT_EQ(database.error(), SqliteError(SQLITE_CANTOPEN));
}

}  // namespace
}  // namespace reference
