#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/currency.h"
#include "base/ids.h"

namespace passmint::cards {

enum class CheckDigit { kLuhn, kDamm, kEan13 };

// How a programme's card numbers look (contract/api.md section 4).
struct CardNumberFormat {
  std::string prefix = "9";  // Digits. 9 belongs to no payment network (ISO/IEC 7812).
  int length = 16;           // Whole number with prefix and check digit: 8 to 19; 13 with kEan13.
  CheckDigit check = CheckDigit::kLuhn;
};

// What the settings say of one merchant's loyalty programme.
struct Programme {
  ProgrammeId id;
  std::string name;
  Currency currency;
  std::string time_zone;                // IANA name; exists on this machine.
  std::string region;                   // ISO 3166 alpha-2: how phone numbers without + are read.
  std::vector<std::string> languages;   // At least one; the first is the fallback.
  std::vector<TemplateName> templates;  // At least one; the first is used when an order names none.
  CardNumberFormat card_number;
  // What one API key that is no admin's may give by hand in a day of the time zone, points;
  // nothing: as much as it likes.
  std::optional<std::int64_t> given_per_day = {};
};

}  // namespace passmint::cards
