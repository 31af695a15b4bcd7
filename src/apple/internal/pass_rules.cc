#include "apple/internal/pass_rules.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"

namespace passmint::apple::internal {
namespace {

constexpr std::size_t kShownCodePoints = 60;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether `text` starts with the form, in which 0 stands for any digit.
bool HasForm(std::string_view text, std::string_view form) {
  if (text.size() < form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '0' ? !IsDigit(text[i]) : text[i] != form[i]) return false;
  }
  return true;
}

}  // namespace

std::vector<RuleFinding> CheckPass(const PassFile& pass) {
  RuleReport report(pass);
  if (!pass.json.is_object()) {
    report.Error("P07", "", "pass.json is not a JSON object", "make it an object");
    return std::move(report).Take();
  }
  CheckIdentity(report);
  CheckTypes(report);
  CheckFields(report);
  CheckCodes(report);
  CheckContext(report);
  CheckLayouts(report);
  return std::move(report).Take();
}

void RuleReport::Error(std::string_view id, std::string pointer, std::string cause,
                       std::string cure) {
  findings_.push_back({std::string(id), design::Level::kError, std::move(pointer), std::move(cause),
                       std::move(cure)});
}

void RuleReport::Warn(std::string_view id, std::string pointer, std::string cause,
                      std::string cure) {
  findings_.push_back({std::string(id), design::Level::kWarning, std::move(pointer),
                       std::move(cause), std::move(cure)});
}

const Json* Find(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string TextOf(const Json& object, std::string_view key) {
  const Json* value = Find(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

bool IsClassicStyle(std::string_view key) {
  static constexpr std::string_view kStyles[] = {"boardingPass", "coupon", "eventTicket", "generic",
                                                 "storeCard"};
  return std::find(std::begin(kStyles), std::end(kStyles), key) != std::end(kStyles);
}

std::vector<std::string> StylesOf(const Json& pass) {
  std::vector<std::string> styles;
  if (!pass.is_object()) return styles;
  for (const auto& [key, value] : pass.items()) {
    if (IsClassicStyle(key) || key == "posterGeneric") styles.push_back(key);
  }
  return styles;
}

bool HasScheme(const Json& pass, std::string_view scheme) {
  const Json* schemes = Find(pass, "preferredStyleSchemes");
  if (schemes == nullptr || !schemes->is_array()) return false;
  return std::any_of(schemes->begin(), schemes->end(), [scheme](const Json& entry) {
    return entry.is_string() && entry.get_ref<const std::string&>() == scheme;
  });
}

std::optional<Timestamp> ParseWalletDate(std::string_view text) {
  if (!HasForm(text, "0000-00-00T00:00")) return std::nullopt;
  const std::size_t minutes_end = 16;
  std::string_view zone = text.substr(minutes_end);
  std::string with_seconds(text.substr(0, minutes_end));
  if (HasForm(zone, ":00")) {
    with_seconds += zone.substr(0, 3);
    zone.remove_prefix(3);
    if (zone.starts_with('.')) {
      std::size_t digits = 1;
      while (digits < zone.size() && IsDigit(zone[digits])) ++digits;
      if (digits == 1) return std::nullopt;
      zone.remove_prefix(digits);
    }
  } else {
    with_seconds += ":00";
  }
  const bool has_zone =
      zone == "Z" || (zone.size() == 6 && (HasForm(zone, "+00:00") || HasForm(zone, "-00:00")));
  if (!has_zone) return std::nullopt;
  const auto instant = ParseRfc3339(with_seconds + std::string(zone));
  if (!instant.ok()) return std::nullopt;
  return instant.value();
}

std::string Shown(const Json& value) {
  const std::string text = json::Dump(value);
  const std::string_view start = FirstCodePoints(text, kShownCodePoints);
  return start.size() == text.size() ? text : std::string(start) + "...";
}

}  // namespace passmint::apple::internal
