// Lengths that are sure to be seen (G21) and how many modules Google shows (G22).

#include <array>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "google/lint_report.h"
#include "google/lint_visit.h"
#include "google/schema.h"

namespace passmint::google {
namespace {

struct Length {
  std::string_view type;    // "": any.
  std::string_view field;   // Without "localized".
  std::size_t recommended;  // Characters. Source: field descriptions of the schema.
};

constexpr auto kLengths = std::to_array<Length>({
    {"", "issuerName", 20},
    {"LoyaltyClass", "programName", 20},
    {"LoyaltyClass", "accountNameLabel", 15},
    {"LoyaltyClass", "accountIdLabel", 15},
    {"LoyaltyClass", "rewardsTierLabel", 9},
    {"LoyaltyClass", "rewardsTier", 7},
    {"LoyaltyPoints", "label", 9},
    {"LoyaltyPointsBalance", "string", 7},
    {"GiftCardClass", "merchantName", 20},
    {"OfferClass", "title", 60},
    {"OfferClass", "shortTitle", 20},
    {"OfferClass", "provider", 12},
    {"Uri", "description", 20},
    {"TextModuleData", "header", 35},
    {"TextModuleData", "body", 500},
    {"ValueAddedModuleData", "header", 60},
    {"ValueAddedModuleData", "body", 50},
    {"AppLinkData", "displayText", 30},
});

struct Count {
  Vertical vertical;  // Of this one only, unless `all`.
  bool all;
  std::string_view pointer;
  std::size_t shown;
  bool error;
  std::string_view id;
};

constexpr auto kCounts = std::to_array<Count>({
    {Vertical::kLoyalty, true, "/textModulesData", 10, false, "G22"},
    {Vertical::kGeneric, false, "/linksModuleData/uris", 10, false, "G22"},
    {Vertical::kLoyalty, true, "/imageModulesData", 1, false, "G22"},
    {Vertical::kLoyalty, true, "/valueAddedModuleData", 15, false, "G22"},
    {Vertical::kLoyalty, true, "/messages", 10, false, "G22"},
    {Vertical::kLoyalty, true, "/merchantLocations", 10, true, "G11"},
});

// "localizedLabel" -> "label".
std::string Plain(std::string_view key) {
  constexpr std::string_view kPrefix = "localized";
  if (key.size() <= kPrefix.size() || key.substr(0, kPrefix.size()) != kPrefix) {
    return std::string(key);
  }
  std::string plain(key.substr(kPrefix.size()));
  plain[0] = static_cast<char>(plain[0] - 'A' + 'a');
  return plain;
}

const Length* FindLength(std::string_view type, std::string_view key) {
  const std::string plain = Plain(key);
  for (const Length& length : kLengths) {
    if ((length.type.empty() || length.type == type) && length.field == plain) return &length;
  }
  return nullptr;
}

// The longest of a text or of all languages of a LocalizedString.
std::string_view Longest(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>();
  std::string_view longest;
  const auto consider = [&longest](const Json& translation) {
    const std::string_view text = TextOf(translation, "value");
    if (IsUtf8(text) && CodePointCount(text) > CodePointCount(longest)) longest = text;
  };
  if (!value.is_object()) return longest;
  if (value.contains("defaultValue")) consider(value["defaultValue"]);
  if (value.contains("translatedValues") && value["translatedValues"].is_array()) {
    for (const Json& translation : value["translatedValues"]) consider(translation);
  }
  return longest;
}

void CheckLengths(const Pair& pair, Side side, LintReport& report) {
  const Vertical vertical = pair.layout.vertical;
  const SchemaType& schema = side == Side::kClass ? ClassSchema(vertical) : ObjectSchema(vertical);
  VisitParts(pair.Of(side), schema,
             [&](const Json& part, const SchemaType& type, const std::string& path) {
               for (const auto& [key, value] : part.items()) {
                 const Length* const length = FindLength(type.name, key);
                 if (length == nullptr) continue;
                 const std::string_view text = Longest(value);
                 if (!IsUtf8(text) || CodePointCount(text) <= length->recommended) continue;
                 report.Warn("G21", OriginOf(pair, side, json::Child(path, key)),
                             Quoted(text) + " has " + std::to_string(CodePointCount(text)) +
                                 " characters in " + key,
                             "Keep it to " + std::to_string(length->recommended) +
                                 ": phones cut what is longer.");
               }
             });
}

void CheckCounts(const Pair& pair, Side side, LintReport& report) {
  for (const Count& count : kCounts) {
    if (!count.all && count.vertical != pair.layout.vertical) continue;
    const Json::json_pointer pointer{std::string(count.pointer)};
    const Json& resource = pair.Of(side);
    if (!resource.contains(pointer)) continue;
    const Json& list = resource[pointer];
    if (!list.is_array() || list.size() <= count.shown) continue;
    const std::string where = side == Side::kClass ? "class" : "object";
    report.Add(count.id, count.error ? design::Level::kError : design::Level::kWarning,
               OriginOf(pair, side, count.pointer),
               "the " + where + " has " + std::to_string(list.size()) + " entries in " +
                   std::string(count.pointer.substr(1)),
               std::string(count.error ? "Google refuses" : "Google does not show") +
                   " more than " + std::to_string(count.shown) +
                   ": remove the least important, or give fields \"google\": \"none\".");
  }
}

}  // namespace

void LintLimits(const Pair& pair, LintReport& report) {
  for (const Side side : {Side::kClass, Side::kObject}) {
    CheckLengths(pair, side, report);
    CheckCounts(pair, side, report);
  }
}

}  // namespace passmint::google
