#pragma once

#include <array>
#include <string>
#include <vector>

#include "sql/connection.h"

namespace passmint::sql::postgresql {

// The oids of the three types that we use, and of others that may come back, fixed for ever in
// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/include/catalog/pg_type.dat
inline constexpr unsigned kByteaType = 17;
inline constexpr unsigned kBigintType = 20;
inline constexpr unsigned kSmallintType = 21;
inline constexpr unsigned kIntegerType = 23;
inline constexpr unsigned kTextType = 25;
inline constexpr unsigned kVarcharType = 1043;

// Values as libpq's parameter arrays. Numbers are sent as text, so that the server may want them as
// any of its integers; text and bytes as they are, without a copy. Views of `values` must outlive
// it.
class Parameters {
 public:
  explicit Parameters(Values values);

  int count() const { return static_cast<int>(types_.size()); }
  // A null has type 0: the server finds out what it must be.
  const unsigned* types() const { return types_.data(); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  // "-9223372036854775808" and a NUL.
  using Digits = std::array<char, 21>;

  std::vector<Digits> digits_;
  std::vector<unsigned> types_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

}  // namespace passmint::sql::postgresql
