#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "design/template.h"

namespace passmint::google {

// Google's word for what a pass is. Each has a class and an object resource of its own, with its
// own fields (https://developers.google.com/wallet/reference/rest/v1).
enum class Vertical { kLoyalty, kGiftCard, kOffer, kEventTicket, kGeneric };

inline constexpr std::array<Vertical, 5> kVerticals = {Vertical::kLoyalty, Vertical::kGiftCard,
                                                       Vertical::kOffer, Vertical::kEventTicket,
                                                       Vertical::kGeneric};

// The table of contract/templates.md. Nothing for boarding passes: their Google link is null.
std::optional<Vertical> VerticalFor(design::Kind kind);

// Names in REST paths: "loyaltyClass", "loyaltyObject".
std::string_view ClassResource(Vertical vertical);
std::string_view ObjectResource(Vertical vertical);

// Keys of a Save JWT's payload: "loyaltyClasses", "loyaltyObjects".
std::string_view ClassesKey(Vertical vertical);
std::string_view ObjectsKey(Vertical vertical);

}  // namespace passmint::google
