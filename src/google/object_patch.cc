#include "google/object_patch.h"

#include <array>
#include <string_view>

namespace passmint::google {
namespace {

// What MakeObject writes for some cards of a template and not for others.
constexpr std::array<std::string_view, 6> kSometimes = {"barcode",          "heroImage",
                                                        "imageModulesData", "linksModuleData",
                                                        "textModulesData",  "validTimeInterval"};
constexpr std::array<std::string_view, 4> kSometimesOfLoyalty = {
    "accountId", "accountName", "loyaltyPoints", "secondaryLoyaltyPoints"};

template <class Names>
void ClearMissing(const Names& names, Json& patch) {
  for (const std::string_view name : names) {
    if (!patch.contains(name)) patch[name] = nullptr;
  }
}

}  // namespace

Json ObjectPatch(const Json& object, Vertical vertical, bool notify) {
  Json patch = object;
  patch.erase("id");
  ClearMissing(kSometimes, patch);
  if (vertical == Vertical::kLoyalty) {
    ClearMissing(kSometimesOfLoyalty, patch);
    if (notify) patch["notifyPreference"] = "NOTIFY_ON_UPDATE";
  }
  return patch;
}

std::string NotifyingValues(const Json& object, Vertical vertical) {
  if (vertical != Vertical::kLoyalty) return "";
  Json values = Json::array();
  for (const char* const points : {"loyaltyPoints", "secondaryLoyaltyPoints"}) {
    const auto found = object.find(points);
    values.push_back(found == object.end() ? Json() : found->value("balance", Json()));
  }
  return json::Dump(values);
}

}  // namespace passmint::google
