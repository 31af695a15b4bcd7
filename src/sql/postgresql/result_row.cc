#include "sql/postgresql/result_row.h"

#include <libpq-fe.h>

#include "sql/postgresql/parameters.h"

namespace passmint::sql::postgresql {

bool ResultRow::IsNull(int column) const { return PQgetisnull(result_, row_, column) == 1; }

std::int64_t ResultRow::Integer(int column) const {
  if (column >= PQnfields(result_) || IsNull(column)) {
    damaged_ = true;
    return 0;
  }
  const unsigned type = PQftype(result_, column);
  if (type != kBigintType && type != kIntegerType && type != kSmallintType) {
    damaged_ = true;
    return 0;
  }
  // Two's complement, the most significant byte first, in as many bytes as the type has.
  const std::string_view data = Data(column);
  std::uint64_t value = !data.empty() && (data.front() & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const char byte : data) value = value << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

std::string_view ResultRow::Text(int column) const {
  return Is(column, kTextType, kVarcharType) ? Data(column) : std::string_view();
}

std::string_view ResultRow::Bytes(int column) const {
  return Is(column, kByteaType, kByteaType) ? Data(column) : std::string_view();
}

std::string_view ResultRow::Data(int column) const {
  return {PQgetvalue(result_, row_, column),
          static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

bool ResultRow::Is(int column, unsigned type, unsigned or_type) const {
  if (column < PQnfields(result_) && !IsNull(column)) {
    const unsigned found = PQftype(result_, column);
    if (found == type || found == or_type) return true;
  }
  damaged_ = true;
  return false;
}

}  // namespace passmint::sql::postgresql
