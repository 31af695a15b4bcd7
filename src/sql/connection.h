#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/strong_string.h"
#include "sql/error.h"

namespace passmint::sql {

// Bytes that are not text: BYTEA in PostgreSQL, BLOB in SQLite.
struct Bytes {
  std::string_view data;
};

// What is bound to a parameter: null, a 64-bit integer, UTF-8 text without NUL, or bytes. Borrows:
// text and bytes must stay alive during the call that it is an argument of.
class Value {
 public:
  using Held = std::variant<std::monostate, std::int64_t, std::string_view, Bytes>;

  // All implicit on purpose: a call reads Execute(kInsert, {programme, id, now, std::nullopt}).
  Value(std::nullopt_t) {}                                    // NOLINT(google-explicit-constructor)
  Value(std::int64_t number) : held_(number) {}               // NOLINT(google-explicit-constructor)
  Value(int number) : held_(std::int64_t{number}) {}          // NOLINT(google-explicit-constructor)
  Value(std::string_view text) : held_(text) {}               // NOLINT(google-explicit-constructor)
  Value(const char* text) : held_(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  Value(const std::string& text)                              // NOLINT(google-explicit-constructor)
      : held_(std::string_view(text)) {}
  Value(Bytes bytes) : held_(bytes) {}  // NOLINT(google-explicit-constructor)
  template <class Tag>
  Value(const StrongString<Tag>& id)  // NOLINT(google-explicit-constructor)
      : held_(std::string_view(id.str())) {}
  template <class T>
  Value(const std::optional<T>& maybe) {  // NOLINT(google-explicit-constructor)
    if (maybe.has_value()) held_ = Value(*maybe).held();
  }

  const Held& held() const { return held_; }

 private:
  Held held_;
};

using Values = std::initializer_list<Value>;

// One statement with parameters $1, $2, ... in the SQL that SQLite and PostgreSQL share.
// Connections prepare it once and find it again by the address of its text, so it is made of
// literals only.
//
// SQLite has one writer, who is alone; PostgreSQL has many, so a statement whose rows are read to
// be changed says "/*lock: FOR UPDATE*/" at its end. PostgreSQL's driver takes the words out of the
// comment inside Write; in Read, and to SQLite, they stay a comment.
//
// Sums of BIGINT are NUMERIC in PostgreSQL: write CAST(sum(x) AS BIGINT).
class Statement {
 public:
  // REQUIRES: `text` is a string literal.
  consteval explicit Statement(const char* text) : text_(text) {}

  const char* text() const { return text_; }

 private:
  const char* text_;
};

// One row of an answer; columns count from 0. Views are valid until the next row.
//
// A column of another type than asked for reads as 0 or "" and fails the whole Query as damaged.
class Row {
 public:
  virtual ~Row() = default;

  virtual bool IsNull(int column) const = 0;
  virtual std::int64_t Integer(int column) const = 0;
  virtual std::string_view Text(int column) const = 0;
  virtual std::string_view Bytes(int column) const = 0;
};

using OnRow = std::function<Status(const Row&)>;

// A connection inside a transaction, as Database hands it out. Used by one thread.
//
// Fails with the errors of sql/error.h. After a failure the transaction cannot succeed any more,
// whatever the caller makes of it. A failure may be that of an earlier Send or Lock.
class Connection {
 public:
  virtual ~Connection() = default;

  // Runs a statement that answers no rows. Returns how many rows it inserted, updated or deleted.
  virtual Result<std::int64_t> Execute(const Statement& statement, Values values) = 0;

  // Execute for those who do not need the count: SQLite runs it at once; PostgreSQL sends it
  // together with what follows, which saves a round trip, and its failure comes out of a later call
  // or of the commit. The last writes of a transaction cost nothing beside the COMMIT this way.
  virtual Status Send(const Statement& statement, Values values) = 0;

  // Send for what can only fail to be written because another transaction was first: if it breaks a
  // key or a NOT NULL, the failure is kUnavailable, reason "lost_race" (sql/database.h).
  virtual Status SendOrLose(const Statement& statement, Values values) = 0;

  // Locks the rows that `statement` (a SELECT with a lock marker, or LOCK TABLE) finds, until the
  // transaction ends; what they hold is for a later Query, which then sees what others have
  // committed while this one waited, moved and new rows too. Costs no round trip. Nothing happens
  // in Read and in SQLite, and the statement is not even prepared there.
  virtual Status Lock(const Statement& statement, Values values) = 0;

  // Runs a statement and hands over its rows one by one; stops at the first failure of `on_row` and
  // returns it. `on_row` does not use the connection.
  virtual Status Query(const Statement& statement, Values values, const OnRow& on_row) = 0;

  // Runs several statements without parameters, separated by ';': migrations. Text in "/*sqlite:
  // ... */" is for SQLite and a comment to everyone else, as is "/*postgresql: ... */" for
  // PostgreSQL; BIGINT and BYTEA are understood by all drivers.
  virtual Status ExecuteScript(std::string_view script) = 0;
};

}  // namespace passmint::sql
