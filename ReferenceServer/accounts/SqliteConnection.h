#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "ServerCore/Result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace reference {

/// A compiled statement: bind its ?1, ?2, ..., step through its rows, reset. Dies before its
/// connection. Thread: one at a time.
class SqliteStatement {
 public:
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}

  SqliteStatement& Bind(int place, std::int64_t number);
  SqliteStatement& Bind(int place, double number);
  /// `text` must live until Reset.
  SqliteStatement& Bind(int place, std::string_view text);
  /// True: there is a row to read; false: there are no more.
  servercore::Result<bool> Step();
  /// Steps a statement that gives no rows, and resets it.
  std::error_code Run();
  void Reset();
  std::int64_t Integer(int column) const;
  double Number(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// An open SQLite database; the little of its interface that is needed here, with errors as values.
/// Thread: one at a time.
class SqliteConnection {
 public:
  /// Makes the file if there is none. ":memory:" keeps all in memory.
  static servercore::Result<SqliteConnection> Open(const std::string& path);

  /// Runs statements that give no rows, or whose rows do not matter.
  std::error_code Execute(const char* statements);
  servercore::Result<SqliteStatement> Prepare(std::string_view statement);
  /// The first column of the only row.
  servercore::Result<std::int64_t> Query(std::string_view statement);
  std::int64_t last_insert_id() const;
  bool in_transaction() const;
  std::int64_t rows_written() const;  ///< since it was opened

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  explicit SqliteConnection(sqlite3* connection) : connection_(connection) {}

  std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace reference
