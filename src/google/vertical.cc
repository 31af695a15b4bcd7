#include "google/vertical.h"

#include <cstddef>

namespace passmint::google {
namespace {

struct Names {
  std::string_view class_resource, object_resource, classes_key, objects_key;
};

const Names& NamesOf(Vertical vertical) {
  static constexpr std::array<Names, 5> kNames = {{
      {"loyaltyClass", "loyaltyObject", "loyaltyClasses", "loyaltyObjects"},
      {"giftCardClass", "giftCardObject", "giftCardClasses", "giftCardObjects"},
      {"offerClass", "offerObject", "offerClasses", "offerObjects"},
      {"eventTicketClass", "eventTicketObject", "eventTicketClasses", "eventTicketObjects"},
      {"genericClass", "genericObject", "genericClasses", "genericObjects"},
  }};
  return kNames[static_cast<std::size_t>(vertical)];
}

}  // namespace

std::optional<Vertical> VerticalFor(design::Kind kind) {
  switch (kind) {
    case design::Kind::kLoyalty:
      return Vertical::kLoyalty;
    case design::Kind::kMembership:
      return Vertical::kGeneric;
    case design::Kind::kCoupon:
      return Vertical::kOffer;
    case design::Kind::kGift:
      return Vertical::kGiftCard;
    case design::Kind::kTicket:
      return Vertical::kEventTicket;
    case design::Kind::kBoarding:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string_view ClassResource(Vertical vertical) { return NamesOf(vertical).class_resource; }
std::string_view ObjectResource(Vertical vertical) { return NamesOf(vertical).object_resource; }
std::string_view ClassesKey(Vertical vertical) { return NamesOf(vertical).classes_key; }
std::string_view ObjectsKey(Vertical vertical) { return NamesOf(vertical).objects_key; }

}  // namespace passmint::google
