#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/timestamp.h"
#include "json/json.h"
#include "sql/connection.h"

namespace passmint::store {

// How our types stand in columns.

inline std::optional<std::int64_t> MicrosOrNull(const std::optional<Timestamp>& instant) {
  if (!instant.has_value()) return std::nullopt;
  return ToMicros(*instant);
}

inline Timestamp Instant(const sql::Row& row, int column) {
  return FromMicros(row.Integer(column));
}

inline std::optional<Timestamp> InstantOrNull(const sql::Row& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return Instant(row, column);
}

inline std::string String(const sql::Row& row, int column) { return std::string(row.Text(column)); }

template <class Id>
Id IdAt(const sql::Row& row, int column) {
  return Id(String(row, column));
}

// A value that our own code cannot have written: the file was damaged or edited by hand.
inline Error Damaged(std::string_view what) {
  return Error{.code = ErrorCode::kInternal,
               .message = "the store holds a value that cannot be read: " + std::string(what),
               .reason = "store_value"};  // Of one row: the database itself is sound.
}

// The first row of an answer, if there is one.
template <class T, class FromRow>
Result<std::optional<T>> FindOne(sql::Connection& connection, const sql::Statement& statement,
                                 sql::Values values, FromRow from_row) {
  std::optional<T> found;
  Status done = connection.Query(statement, values, [&](const sql::Row& row) -> Status {
    Result<T> read = from_row(row);
    if (!read.ok()) return std::move(read).error();
    if (!found.has_value()) found = std::move(read).value();
    return {};
  });
  if (!done.ok()) return std::move(done).error();
  return found;
}

template <class T, class FromRow>
Result<std::vector<T>> FindAll(sql::Connection& connection, const sql::Statement& statement,
                               sql::Values values, FromRow from_row) {
  std::vector<T> found;
  Status done = connection.Query(statement, values, [&](const sql::Row& row) -> Status {
    Result<T> read = from_row(row);
    if (!read.ok()) return std::move(read).error();
    found.push_back(std::move(read).value());
    return {};
  });
  if (!done.ok()) return std::move(done).error();
  return found;
}

// Drops the count.
inline Status Done(Result<std::int64_t> executed) {
  if (!executed.ok()) return std::move(executed).error();
  return {};
}

// True if a row was written.
inline Result<bool> Wrote(Result<std::int64_t> executed) {
  if (!executed.ok()) return std::move(executed).error();
  return executed.value() > 0;
}

}  // namespace passmint::store
