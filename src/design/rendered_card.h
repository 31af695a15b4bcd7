#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/currency.h"
#include "base/timestamp.h"

namespace passmint::design {

// A text in every language of the template, in the order of Template::languages. A text that no
// language changes has one element only.
struct RenderedText {
  std::vector<std::string> by_language;

  bool empty() const;  // No element, or all elements "".
  bool uniform() const { return by_language.size() <= 1; }
  const std::string& In(std::size_t language) const {
    return by_language[uniform() ? 0 : language];
  }
};

// An exact decimal: digits * 10^-exponent.
struct Decimal {
  std::int64_t digits = 0;
  int exponent = 0;
};

struct RenderedDate {
  Timestamp instant;
  std::chrono::minutes offset;     // Of the programme's (or the field's) zone at that instant.
  bool ignores_time_zone = false;  // A date without a time: the same day wherever the phone is.
};

// What a field shows, by Field::type: text per language, or a typed value that the phone formats by
// itself.
//   kText               RenderedText
//   kNumber             std::int64_t, or Decimal (money as a plain number, 12.50)
//   kCurrency           Decimal in the major unit of RenderedField::currency
//   kPercent            std::int64_t or Decimal in percent: 5 is 5 %, not 500 %
//   kDate, kDateTime    RenderedDate
using RenderedValue = std::variant<RenderedText, std::int64_t, Decimal, RenderedDate>;

enum class FieldGroup { kHeader, kPrimary, kSecondary, kAuxiliary, kBack, kAdditional, kFooter };
inline constexpr std::size_t kFieldGroups = 7;

struct RenderedField {
  std::size_t definition = 0;  // Index into Template::fields[group].
  RenderedText label;
  RenderedValue value;
  std::optional<Currency> currency;  // With type currency: Decimal is in its major unit.
  RenderedText change;               // With exactly one "%@", or empty.
  RenderedText href;                 // The target of a link, or empty.
};

struct RenderedBarcode {
  std::size_t definition = 0;  // Index into Template::barcodes.
  std::string message;
  std::string text;  // Printed below; may be empty.
};

struct RenderedLink {
  RenderedText label;
  std::string url;
};

struct RenderedLocation {
  double latitude = 0;
  double longitude = 0;
  RenderedText text;
};

enum class CardState { kActive, kBlocked, kClosed, kExpired };

// A card as both wallets will show it: every text expanded, every choice made, nothing
// platform-specific. Made by Design::Render; apple, google and the studio's preview all start from
// here.
struct RenderedCard {
  // By FieldGroup; fields with an empty value are left out.
  std::array<std::vector<RenderedField>, kFieldGroups> fields;
  RenderedText organization;
  RenderedText description;
  RenderedText logo_text;
  std::vector<RenderedBarcode> barcodes;
  std::vector<RenderedLink> links;
  std::vector<RenderedLocation> locations;
  std::optional<Timestamp> expires;  // A date alone is good through that day: its last second.
  CardState state = CardState::kActive;
  // Parallel to Template::block_texts; read them through design/blocks.h.
  std::vector<RenderedText> block_texts;
  // Parallel to Design::slots(): the index of the variant that this card shows.
  std::vector<std::size_t> image_variants;

  const std::vector<RenderedField>& Group(FieldGroup group) const {
    return fields[static_cast<std::size_t>(group)];
  }
};

}  // namespace passmint::design
