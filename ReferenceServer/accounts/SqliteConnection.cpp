#include "ReferenceServer/accounts/SqliteConnection.h"

#include <sqlite3.h>

#include <utility>

#include "ReferenceServer/accounts/AccountError.h"
#include "ServerCore/Assert.h"

namespace reference {

using servercore::Result;

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteStatement& SqliteStatement::Bind(int place, std::int64_t number) {
  SC_ASSERT(sqlite3_bind_int64(statement_.get(), place, number) == SQLITE_OK);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int place, double number) {
  SC_ASSERT(sqlite3_bind_double(statement_.get(), place, number) == SQLITE_OK);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int place, std::string_view text) {
  const auto bytes = static_cast<int>(text.size());
  SC_ASSERT(sqlite3_bind_text(statement_.get(), place, text.data(), bytes, SQLITE_STATIC) ==
            SQLITE_OK);
  return *this;
}

Result<bool> SqliteStatement::Step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return SqliteError(result);
}

std::error_code SqliteStatement::Run() {
  const Result<bool> done = Step();
  Reset();
  return done.error();
}

void SqliteStatement::Reset() {
  sqlite3_reset(statement_.get());  // tells the last step's error once more
  sqlite3_clear_bindings(statement_.get());
}

std::int64_t SqliteStatement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double SqliteStatement::Number(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

void SqliteConnection::Close::operator()(sqlite3* connection) const {
  sqlite3_close_v2(connection);  // waits for statements that are still there
}

Result<SqliteConnection> SqliteConnection::Open(const std::string& path) {
  sqlite3* opened = nullptr;
  // No mutex of SQLite's own: whoever holds the connection is the only one to use it.
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int result = sqlite3_open_v2(path.c_str(), &opened, kFlags, nullptr);
  SqliteConnection connection(opened);  // also after an error there is one to close
  if (result != SQLITE_OK) return SqliteError(result);
  return connection;
}

std::error_code SqliteConnection::Execute(const char* statements) {
  return SqliteError(sqlite3_exec(connection_.get(), statements, nullptr, nullptr, nullptr));
}

Result<SqliteStatement> SqliteConnection::Prepare(std::string_view statement) {
  sqlite3_stmt* prepared = nullptr;
  const int result =
      sqlite3_prepare_v3(connection_.get(), statement.data(), static_cast<int>(statement.size()),
                         SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (result != SQLITE_OK) return SqliteError(result);
  return SqliteStatement(prepared);
}

Result<std::int64_t> SqliteConnection::Query(std::string_view statement) {
  Result<SqliteStatement> query = Prepare(statement);
  if (!query) return query.error();
  const Result<bool> row = query->Step();
  if (!row) return row.error();
  SC_ASSERT(*row);
  return query->Integer(0);
}

std::int64_t SqliteConnection::last_insert_id() const {
  return sqlite3_last_insert_rowid(connection_.get());
}

std::int64_t SqliteConnection::rows_written() const {
  return sqlite3_total_changes(connection_.get());
}

bool SqliteConnection::in_transaction() const {
  return sqlite3_get_autocommit(connection_.get()) == 0;
}

}  // namespace reference
