#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "design/rendered_card.h"

namespace passmint::apple::internal {

// `text` as a JSON string with its quotes (RFC 8259 section 7). Bytes that are not UTF-8 become
// U+FFFD, since one bad byte would make Wallet refuse the whole pass.
void AppendJsonString(std::string_view text, std::string& out);

// `text` with U+FFFD for every byte that is not UTF-8.
std::string RepairedUtf8(std::string_view text);

// 1999.00 for {199900, 2}; 0.05 for {5, 2}; -0.05 for {-5, 2}. Exact: never through a double.
void AppendDecimal(design::Decimal decimal, std::string& out);

inline void AppendInteger(std::int64_t number, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

}  // namespace passmint::apple::internal
