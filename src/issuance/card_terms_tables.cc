#include "issuance/card_terms_tables.h"

namespace passmint::issuance {

std::string_view ToText(AttributeSource source) {
  switch (source) {
    case AttributeSource::kSocial:
      return "social";
    case AttributeSource::kShop:
      return "shop";
    case AttributeSource::kClient:
      return "client";
  }
  return "shop";  // Not reached: -Wswitch makes a missing case an error.
}

std::optional<AttributeSource> AttributeSourceFrom(std::string_view text) {
  for (const AttributeSource source :
       {AttributeSource::kSocial, AttributeSource::kShop, AttributeSource::kClient}) {
    if (text == ToText(source)) return source;
  }
  return std::nullopt;
}

}  // namespace passmint::issuance
