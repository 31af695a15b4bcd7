#include "design/template.h"

#include <algorithm>

#include "design/rendered_card.h"

namespace passmint::design {

std::string_view Name(Kind kind) {
  switch (kind) {
    case Kind::kLoyalty:
      return "loyalty";
    case Kind::kMembership:
      return "membership";
    case Kind::kCoupon:
      return "coupon";
    case Kind::kGift:
      return "gift";
    case Kind::kTicket:
      return "ticket";
    case Kind::kBoarding:
      return "boarding";
  }
  return "";
}

std::string_view Name(FieldGroup group) {
  switch (group) {
    case FieldGroup::kHeader:
      return "header";
    case FieldGroup::kPrimary:
      return "primary";
    case FieldGroup::kSecondary:
      return "secondary";
    case FieldGroup::kAuxiliary:
      return "auxiliary";
    case FieldGroup::kBack:
      return "back";
    case FieldGroup::kAdditional:
      return "additional";
    case FieldGroup::kFooter:
      return "footer";
  }
  return "";
}

bool RenderedText::empty() const {
  return std::all_of(by_language.begin(), by_language.end(),
                     [](const std::string& text) { return text.empty(); });
}

}  // namespace passmint::design
