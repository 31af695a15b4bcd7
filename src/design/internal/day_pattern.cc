#include "design/internal/day_pattern.h"

#include <unicode/unistr.h>

#include <utility>

namespace passmint::design::internal {
namespace {

constexpr bool IsLetter(char16_t c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'); }

void AppendNumber(unsigned number, unsigned digits, std::string& out) {
  const std::string text = std::to_string(number);
  if (text.size() < digits) out.append(digits - text.size(), '0');
  out += text;
}

}  // namespace

std::optional<DayPattern::Piece> DayPattern::Field(char16_t letter, std::size_t count,
                                                   const Names& names) {
  Piece piece;
  piece.digits = static_cast<unsigned>(count);
  if (letter == u'd' && count <= 2) {
    piece.type = Piece::Type::kDay;
  } else if (letter == u'y' && count == 2) {
    piece.type = Piece::Type::kShortYear;
  } else if (letter == u'y' && (count == 1 || count == 4)) {
    piece.type = Piece::Type::kYear;
  } else if ((letter == u'M' || letter == u'L') && count <= 2) {
    piece.type = Piece::Type::kMonth;
  } else if (letter == u'M' && count <= 4) {
    piece.type = Piece::Type::kMonthName;
    piece.names = count == 3 ? names.abbreviated : names.wide;
  } else if (letter == u'L' && count <= 4) {
    piece.type = Piece::Type::kMonthName;
    piece.names = count == 3 ? names.abbreviated_alone : names.wide_alone;
  } else {
    return std::nullopt;
  }
  return piece;
}

std::optional<DayPattern> DayPattern::Parse(std::u16string_view pattern, const Names& names) {
  DayPattern parsed;
  icu::UnicodeString literal;
  const auto flush = [&] {
    if (literal.isEmpty()) return;
    Piece piece;
    literal.toUTF8String(piece.literal);
    parsed.pieces_.push_back(std::move(piece));
    literal.remove();
  };
  bool quoted = false;
  for (std::size_t i = 0; i < pattern.size();) {
    const char16_t c = pattern[i];
    if (c == u'\'') {
      // Two apostrophes are one, inside quotes and outside.
      const bool twice = i + 1 < pattern.size() && pattern[i + 1] == u'\'';
      if (twice) {
        literal.append(c);
      } else {
        quoted = !quoted;
      }
      i += twice ? 2 : 1;
      continue;
    }
    if (quoted || !IsLetter(c)) {
      literal.append(c);
      ++i;
      continue;
    }
    flush();
    std::size_t count = 0;
    while (i + count < pattern.size() && pattern[i + count] == c) ++count;
    auto piece = Field(c, count, names);
    if (!piece) return std::nullopt;
    parsed.pieces_.push_back(std::move(*piece));
    i += count;
  }
  flush();
  return parsed;
}

void DayPattern::Append(std::chrono::year_month_day day, std::string& out) const {
  const auto month = static_cast<unsigned>(day.month());
  const auto year = static_cast<unsigned>(static_cast<int>(day.year()));
  for (const Piece& piece : pieces_) {
    switch (piece.type) {
      case Piece::Type::kLiteral:
        out += piece.literal;
        break;
      case Piece::Type::kDay:
        AppendNumber(static_cast<unsigned>(day.day()), piece.digits, out);
        break;
      case Piece::Type::kMonth:
        AppendNumber(month, piece.digits, out);
        break;
      case Piece::Type::kMonthName:
        out += piece.names.at(month - 1);
        break;
      case Piece::Type::kYear:
        AppendNumber(year, piece.digits, out);
        break;
      case Piece::Type::kShortYear:
        AppendNumber(year % 100, 2, out);
        break;
    }
  }
}

}  // namespace passmint::design::internal
