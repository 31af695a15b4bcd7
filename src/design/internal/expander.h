#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/time_zone.h"
#include "design/internal/localizer.h"
#include "design/rendered_card.h"
#include "design/text.h"
#include "design/values.h"

namespace passmint::design::internal {

// How a value is written into a text.
enum class Form {
  kProse,    // As people of that language write numbers, money and dates.
  kPlain,    // For machines, such as barcodes: 1999.00, 2026-11-21, 2026-11-21T10:00:00Z.
  kInstant,  // As kPlain, but a day is the instant it begins: 2026-11-21T00:00:00+03:00.
  kUrl,      // As kPlain, percent-encoded but for RFC 3986's unreserved characters.
};

// What a template fixes for all its cards. Immutable; safe for concurrent use.
class Expander {
 public:
  Expander(const std::vector<std::string>& languages, std::string programme_name,
           std::string_view currency_code, calendar::TimeZone zone);

  // `text` with every variable and plural filled in. A text of variables of which none is known is
  // empty: "Good until {{card.expires_at}}" of a card that does not end. One element if all
  // languages come out the same.
  RenderedText Expand(const Text& text, const Values& values, Form form) const;

  // The same in the first language alone.
  std::string ExpandFirst(const Text& text, const Values& values, Form form) const;

  // The value behind a part of type kVariable or kMessage.
  const Value& Look(const Values& values, std::size_t variable, std::string_view name) const;

  // The value as plain text, for comparisons: "" if nothing is known.
  std::string Plain(const Value& value) const;

  const calendar::TimeZone& zone() const { return zone_; }
  const std::vector<Localizer>& localizers() const { return localizers_; }

 private:
  struct Run;

  void AppendParts(const std::vector<Text::Part>& parts, Run& run) const;
  void AppendMessage(const Text::Part& part, Run& run) const;
  void AppendValue(const Value& value, Run& run) const;
  bool DependsOnLanguage(const Text& text, const Values& values, Form form) const;

  std::vector<Localizer> localizers_;
  Value programme_name_;
  Value programme_currency_;
  std::size_t name_variable_;
  std::size_t currency_variable_;
  calendar::TimeZone zone_;
};

// Percent-encodes all but RFC 3986's unreserved characters.
void AppendPercentEncoded(std::string_view text, std::string& out);

}  // namespace passmint::design::internal
