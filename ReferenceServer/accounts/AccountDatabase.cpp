#include "ReferenceServer/accounts/AccountDatabase.h"

#include <utility>

#include "ReferenceServer/accounts/AccountError.h"
#include "ServerCore/Assert.h"

namespace reference {

using servercore::Result;

namespace {

/// In the file's header, so that another program's database is not taken for ours. "SBac".
constexpr std::int64_t kApplicationId = 0x53426163;

/// AUTOINCREMENT: an id is never given twice, also not after its row was deleted.
constexpr const char* kSchema =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE account("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE character("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  account INTEGER NOT NULL REFERENCES account(id),"
    "  type INTEGER NOT NULL,"
    "  x REAL NOT NULL DEFAULT 0,"
    "  y REAL NOT NULL DEFAULT 0);"
    "CREATE INDEX character_by_account ON character(account);"
    "PRAGMA application_id=1396859235;"
    "PRAGMA user_version=1;"
    "COMMIT;";
static_assert(kApplicationId == 1396859235 && AccountDatabase::kSchemaVersion == 1);

/// Whether the database has no tables yet; an error if it is not one of ours.
Result<bool> IsNew(SqliteConnection& connection) {
  const Result<std::int64_t> application = connection.Query("PRAGMA application_id");
  if (!application) return application.error();
  const Result<std::int64_t> version = connection.Query("PRAGMA user_version");
  if (!version) return version.error();
  const Result<std::int64_t> tables = connection.Query("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables.error();
  if (*application == 0 && *version == 0 && *tables == 0) return true;
  if (*application != kApplicationId) return make_error_code(AccountError::kForeign);
  if (*version > AccountDatabase::kSchemaVersion) return make_error_code(AccountError::kNewer);
  return false;
}

}  // namespace

Result<AccountDatabase> AccountDatabase::Open(const std::string& path) {
  Result<SqliteConnection> connection = SqliteConnection::Open(path);
  if (!connection) return connection.error();
  if (auto error = connection->Execute("PRAGMA locking_mode=EXCLUSIVE")) return error;
  const Result<bool> is_new = IsNew(*connection);  // before anything is written to it
  if (!is_new) return is_new.error();
  // A write-ahead log makes a commit one sequential write. FULL syncs it at each commit: NORMAL
  // would survive kill -9 as well, but could lose acknowledged players when the machine loses
  // power.
  if (auto error = connection->Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")) {
    return error;
  }
  if (auto error = connection->Execute(*is_new ? kSchema : "BEGIN IMMEDIATE; COMMIT")) return error;
  return Use(*std::move(connection));
}

AccountDatabase AccountDatabase::InMemory() {
  Result<AccountDatabase> database = Open(":memory:");
  SC_ASSERT(database);
  return *std::move(database);
}

Result<AccountDatabase> AccountDatabase::Use(SqliteConnection connection) {
  auto load = connection.Prepare(
      "SELECT character.id, character.type, character.x, character.y"
      " FROM account JOIN character ON character.account = account.id"
      " WHERE account.name = ?1 ORDER BY character.id");
  if (!load) return load.error();
  auto add_account = connection.Prepare("INSERT INTO account(name) VALUES(?1)");
  if (!add_account) return add_account.error();
  auto add_character = connection.Prepare("INSERT INTO character(account, type) VALUES(?1, ?2)");
  if (!add_character) return add_character.error();
  auto save = connection.Prepare("UPDATE character SET x = ?2, y = ?3 WHERE id = ?1");
  if (!save) return save.error();
  return AccountDatabase(std::move(connection), *std::move(load), *std::move(add_account),
                         *std::move(add_character), *std::move(save));
}

AccountDatabase::AccountDatabase(SqliteConnection connection, SqliteStatement load,
                                 SqliteStatement add_account, SqliteStatement add_character,
                                 SqliteStatement save)
    : connection_(std::move(connection)),
      load_(std::move(load)),
      add_account_(std::move(add_account)),
      add_character_(std::move(add_character)),
      save_(std::move(save)) {}

std::error_code AccountDatabase::Begin() { return connection_.Execute("BEGIN IMMEDIATE"); }

std::error_code AccountDatabase::Commit() {
  const std::error_code error = connection_.Execute("COMMIT");
  if (error) Rollback();
  return error;
}

void AccountDatabase::Rollback() {
  // Some errors end the transaction by themselves. What a roll-back itself may fail with is told by
  // the next Begin.
  if (connection_.in_transaction()) static_cast<void>(connection_.Execute("ROLLBACK"));
}

Result<Account> AccountDatabase::LoadOrCreate(std::string_view name) {
  Result<Account> account = Load(name);
  if (!account || !account->empty()) return account;
  return Create(name);
}

Result<Account> AccountDatabase::Load(std::string_view name) {
  Account account;
  load_.Bind(1, name);
  Result<bool> row = load_.Step();
  for (; row && *row; row = load_.Step()) {
    account.push_back({static_cast<std::uint64_t>(load_.Integer(0)),
                       static_cast<Protocol::PlayerType>(load_.Integer(1)),
                       {load_.Number(2), load_.Number(3)}});
  }
  load_.Reset();
  if (!row) return row.error();
  return account;
}

Result<Account> AccountDatabase::Create(std::string_view name) {
  if (auto error = add_account_.Bind(1, name).Run()) return error;
  const std::int64_t account_id = connection_.last_insert_id();
  Account account;
  for (const Protocol::PlayerType type : kCharacterTypes) {
    if (auto error = add_character_.Bind(1, account_id).Bind(2, std::int64_t{type}).Run()) {
      return error;
    }
    account.push_back({static_cast<std::uint64_t>(connection_.last_insert_id()), type, {}});
  }
  return account;
}

std::error_code AccountDatabase::SavePosition(std::uint64_t character, const Position& position) {
  return save_.Bind(1, static_cast<std::int64_t>(character))
      .Bind(2, position.x)
      .Bind(3, position.y)
      .Run();
}

}  // namespace reference
