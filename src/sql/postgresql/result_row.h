#pragma once

#include <cstdint>
#include <string_view>

#include "sql/connection.h"

struct pg_result;

namespace passmint::sql::postgresql {

// A row of a result in the binary format.
class ResultRow final : public Row {
 public:
  // `result` outlives the row.
  explicit ResultRow(const pg_result* result) : result_(result) {}

  void MoveTo(int row) { row_ = row; }

  bool IsNull(int column) const override;
  std::int64_t Integer(int column) const override;
  std::string_view Text(int column) const override;
  std::string_view Bytes(int column) const override;

  // True once a column was asked for as what it is not.
  bool damaged() const { return damaged_; }

 private:
  std::string_view Data(int column) const;
  // True if the column is there, is not null, and has one of these types.
  bool Is(int column, unsigned type, unsigned or_type) const;

  const pg_result* result_;
  int row_ = 0;
  mutable bool damaged_ = false;
};

}  // namespace passmint::sql::postgresql
