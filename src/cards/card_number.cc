#include "cards/card_number.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace passmint::cards {
namespace {

constexpr int kLengthMin = 8;
constexpr int kLengthMax = 19;  // ISO/IEC 7812-1: at most 19 digits.
constexpr int kEan13Length = 13;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
int DigitOf(char c) { return c - '0'; }
char ToDigit(int value) { return static_cast<char>('0' + value); }

// ISO/IEC 7812-1 annex B: from the right every second digit is doubled and its digits are summed.
char LuhnDigit(std::string_view payload) {
  int sum = 0;
  bool doubled = true;
  for (auto digit = payload.rbegin(); digit != payload.rend(); ++digit, doubled = !doubled) {
    const int weighted = DigitOf(*digit) * (doubled ? 2 : 1);
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return ToDigit((10 - sum % 10) % 10);
}

// H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004, the table of order 10. Finds
// every wrong digit and every swap of neighbours; Luhn misses 09 <-> 90.
char DammDigit(std::string_view payload) {
  static constexpr std::array<std::array<std::uint8_t, 10>, 10> kQuasigroup = {{
      {0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
      {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
      {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
      {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
      {6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
      {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
      {5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
      {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
      {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
      {2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
  }};
  std::uint8_t state = 0;
  for (const char c : payload) state = kQuasigroup[state][static_cast<std::size_t>(DigitOf(c))];
  return ToDigit(state);
}

// GS1 General Specifications, section 7.9.1: weights 3, 1, 3, ... from the right.
char Ean13Digit(std::string_view payload) {
  int sum = 0;
  bool tripled = true;
  for (auto digit = payload.rbegin(); digit != payload.rend(); ++digit, tripled = !tripled) {
    sum += DigitOf(*digit) * (tripled ? 3 : 1);
  }
  return ToDigit((10 - sum % 10) % 10);
}

char CheckDigitOf(CheckDigit check, std::string_view payload) {
  switch (check) {
    case CheckDigit::kLuhn:
      return LuhnDigit(payload);
    case CheckDigit::kDamm:
      return DammDigit(payload);
    case CheckDigit::kEan13:
      return Ean13Digit(payload);
  }
  return '0';  // Not reached: -Wswitch makes a missing case an error.
}

Result<std::string> DigitsOf(std::string_view text) {
  if (text.size() > kCardNumberTextBytesMax) {
    return InvalidInput("card_number_length", "", "that is too long for a card number");
  }
  std::string digits;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (!IsDigit(c)) {
      return InvalidInput("card_number_characters", "",
                          "a card number has digits only (spaces and dashes are passed over)");
    }
    digits += c;
  }
  return digits;
}

}  // namespace

CardNumber MakeCardNumber(const CardNumberFormat& format, Random& random) {
  const std::size_t payload_length = static_cast<std::size_t>(format.length) - 1;
  std::string number = format.prefix;
  while (number.size() < payload_length) {
    for (const char byte : random.Bytes(payload_length)) {
      // 250 and up are drawn again: 256 is no multiple of ten, so low digits would be likelier.
      const int value = static_cast<unsigned char>(byte);
      if (value < 250 && number.size() < payload_length) number += ToDigit(value % 10);
    }
  }
  number += CheckDigitOf(format.check, number);
  return CardNumber(std::move(number));
}

Result<CardNumber> ParseCardNumber(std::string_view text, const CardNumberFormat& format) {
  auto digits = DigitsOf(text);
  if (!digits.ok()) return std::move(digits).error();
  std::string number = std::move(digits).value();
  if (number.size() != static_cast<std::size_t>(format.length)) {
    return InvalidInput("card_number_length", "",
                        "a card number has " + std::to_string(format.length) + " digits, not " +
                            std::to_string(number.size()));
  }
  if (!number.starts_with(format.prefix)) {
    return InvalidInput("card_number_prefix", "",
                        "a card number of this programme starts with " + format.prefix);
  }
  const std::string_view payload = std::string_view(number).substr(0, number.size() - 1);
  if (number.back() != CheckDigitOf(format.check, payload)) {
    return InvalidInput("card_number_check_digit", "",
                        "the card number is mistyped: its check digit does not fit");
  }
  return CardNumber(std::move(number));
}

Status CheckFormat(const CardNumberFormat& format) {
  if (format.length < kLengthMin || format.length > kLengthMax) {
    return InvalidInput("out_of_range", "/length", "length is 8 to 19 digits");
  }
  if (format.check == CheckDigit::kEan13 && format.length != kEan13Length) {
    return InvalidInput("out_of_range", "/length", "length is 13 where check is ean13");
  }
  for (const char c : format.prefix) {
    if (!IsDigit(c)) return InvalidInput("not_digits", "/prefix", "prefix has digits only");
  }
  if (format.prefix.size() * 2 > static_cast<std::size_t>(format.length)) {
    return InvalidInput("out_of_range", "/prefix",
                        "prefix is at most half the length, so that numbers cannot be guessed");
  }
  return {};
}

}  // namespace passmint::cards
