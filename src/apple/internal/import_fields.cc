#include "apple/internal/import_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "apple/internal/import_links.h"
#include "apple/internal/pass_rules.h"
#include "base/ascii.h"

namespace passmint::apple::internal {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kGroups = {
    {{"headerFields", "header"},
     {"primaryFields", "primary"},
     {"secondaryFields", "secondary"},
     {"auxiliaryFields", "auxiliary"},
     {"backFields", "back"},
     {"additionalInfoFields", "additional"},
     {"footerFields", "footer"}}};
constexpr std::size_t kFieldsMax = 100;  // Of a template, and of one group 50.
constexpr std::size_t kGroupMax = 50;
constexpr std::size_t kKeyMax = 64;
constexpr std::size_t kLocationsMax = 10;

// What a value was before it became a variable, for the note.
constexpr std::size_t kShownMax = 40;

std::string SafeKey(const std::string& key, std::set<std::string>& used) {
  std::string safe;
  for (const char c : key.substr(0, kKeyMax - 4)) {
    const bool fine =
        (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '-';
    safe += fine ? c : '_';
  }
  if (safe.empty()) safe = "field";
  std::string unique = safe;
  for (int number = 2; !used.insert(unique).second; ++number) {
    unique = safe + "_" + std::to_string(number);
  }
  return unique;
}

bool Names(const std::string& key, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return key.find(word) != std::string::npos; });
}

// The variable that a text stands for if it is the number in the code; "" otherwise.
std::string NumberVariable(const Json& value, const std::string& code) {
  if (!value.is_string() || code.empty()) return "";
  std::string packed = value.get<std::string>();
  const auto spaces = std::erase(packed, ' ');
  if (packed != code) return "";
  return spaces > 0 ? "{{card.number_spaced}}" : "{{card.number}}";
}

// The variable that a value most likely stands for; "" if it is as good for every card.
std::string Guess(const std::string& key, const Json& value, const std::string& code) {
  std::string number = NumberVariable(value, code);
  if (!number.empty()) return number;
  const std::string name = AsciiLower(key);
  if (Names(name, {"points", "balance", "bonus", "score"})) {
    return value.is_number() ? "{{points.available}}" : "";
  }
  if (Names(name, {"member_name", "membername", "holder", "customer"}) || name == "name" ||
      name == "member") {
    return "{{member.name}}";
  }
  return Names(name, {"tier", "level", "status"}) ? "{{tier.name}}" : "";
}

std::string Shown(const Json& value) {
  std::string text = value.is_string() ? value.get<std::string>() : json::Dump(value);
  if (text.size() > kShownMax) text = text.substr(0, kShownMax) + "...";
  return text;
}

std::optional<std::string> Ending(const Json& field, const char* key, std::string_view prefix) {
  const std::string text = TextOf(field, key);
  if (!text.starts_with(prefix)) return std::nullopt;
  return AsciiLower(std::string_view(text).substr(prefix.size()));
}

void TakeStyle(const Json& field, const char* from, const char* to, Json& out) {
  static const std::set<std::string> kStyles = {"none", "short", "medium", "long", "full"};
  const auto style = Ending(field, from, "PKDateStyle");
  if (style && kStyles.contains(*style)) out[to] = *style;
}

// A field with dateStyle or timeStyle shows an instant.
bool TakeDate(const Json& field, Json& out) {
  if (!field["value"].is_string()) return false;
  if (!field.contains("dateStyle") && !field.contains("timeStyle")) return false;
  const bool day_alone =
      TextOf(field, "timeStyle").empty() || TextOf(field, "timeStyle") == "PKDateStyleNone";
  out["type"] = day_alone ? "date" : "datetime";
  out["value"] = field["value"];
  TakeStyle(field, "dateStyle", "date_style", out);
  if (!day_alone) TakeStyle(field, "timeStyle", "time_style", out);
  if (field.value("isRelative", Json(false)) == Json(true)) out["relative"] = true;
  return true;
}

// A template's numbers are exact: as decimal text, with at most four places. More places are noise
// of binary fractions, and more digits than 64 bits hold are no amount.
Json Exact(const Json& value) {
  constexpr double kExactMax = 9e15;
  if (!value.is_number_float()) return value;
  const double number = value.get<double>();
  if (number > kExactMax || number < -kExactMax) return 0;
  std::string text = fmt::format("{:.4f}", number);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

void TakeNumber(const Json& field, Json& out) {
  const std::string currency = TextOf(field, "currencyCode");
  out["value"] = Exact(field["value"]);
  constexpr int kPerCent = 100;
  constexpr double kShareMax = 1e6;  // Beyond it is no share, whatever it says.
  const double number = field["value"].get<double>();
  const bool is_share = TextOf(field, "numberStyle") == "PKNumberStylePercent" &&
                        number > -kShareMax && number < kShareMax;
  if (!currency.empty()) {
    out["type"] = "currency";
    out["currency"] = currency;
  } else if (is_share) {
    out["type"] = "percent";
    out["value"] = std::llround(number * kPerCent);
  } else {
    out["type"] = "number";
  }
}

void TakeValue(const Json& field, const std::string& code, ImportTexts& texts,
               std::vector<ImportNote>& notes, Json& out) {
  const std::string key = out["key"].get<std::string>();
  const Json& value = field["value"];
  const std::string variable = Guess(key, value, code);
  if (!variable.empty()) {
    out["value"] = variable;
    if (value.is_number()) out["type"] = "number";
    notes.push_back(
        {"pass.json", "field " + key + " said \"" + Shown(value) + "\" and now shows " + variable});
  } else if (value.is_number()) {
    TakeNumber(field, out);
  } else if (!TakeDate(field, out)) {
    out["value"] = texts.Take(value.get<std::string>(), key + "_value");
  }
}

void TakeDetectors(const Json& field, Json& out) {
  if (!field.contains("dataDetectorTypes") || !field["dataDetectorTypes"].is_array()) return;
  static const std::map<std::string, const char*> kNames = {
      {"PKDataDetectorTypePhoneNumber", "phone"},
      {"PKDataDetectorTypeLink", "link"},
      {"PKDataDetectorTypeAddress", "address"},
      {"PKDataDetectorTypeCalendarEvent", "calendar"}};
  std::set<std::string> detect;
  for (const Json& type : field["dataDetectorTypes"]) {
    const auto known = type.is_string() ? kNames.find(type.get<std::string>()) : kNames.end();
    if (known != kNames.end()) detect.insert(known->second);
  }
  out["detect"] = detect;
}

// Null: not a field.
Json ImportField(const Json& field, const std::string& code, std::set<std::string>& used,
                 ImportTexts& texts, std::vector<ImportNote>& notes) {
  if (!field.is_object() || !field.contains("value")) return nullptr;
  if (!field["value"].is_string() && !field["value"].is_number()) return nullptr;
  const std::string key = SafeKey(TextOf(field, "key"), used);
  Json out = {{"key", key}};
  const std::string label = TextOf(field, "label");
  if (!label.empty()) out["label"] = texts.Take(label, key + "_label");
  TakeValue(field, code, texts, notes, out);
  const std::string change = TextOf(field, "changeMessage");
  if (!change.empty()) out["change"] = texts.Take(change, key + "_change");
  const auto align = Ending(field, "textAlignment", "PKTextAlignment");
  if (align && *align != "natural" && Names(*align, {"left", "center", "right"})) {
    out["align"] = *align;
  }
  if (field.value("row", Json(0)) == Json(1)) out["row"] = 1;
  TakeDetectors(field, out);
  TakeHref(field, texts, notes, out);
  if (Find(field, "semantics") != nullptr) {
    notes.push_back({"pass.json", "field " + key + ": semantics was left out"});
  }
  return out;
}

}  // namespace

Json ImportFields(const Json& style, const std::string& code, ImportTexts& texts,
                  std::vector<ImportNote>& notes) {
  Json fields = Json::object();
  std::set<std::string> used;
  for (const auto& [apple, ours] : kGroups) {
    const auto group = style.find(apple);
    if (group == style.end() || !group->is_array() || group->empty()) continue;
    Json list = Json::array();
    for (const Json& field : *group) {
      if (ours == "back" && IsLinkField(field)) continue;  // ImportLinks takes it.
      if (list.size() == kGroupMax || used.size() == kFieldsMax) {
        notes.push_back({"pass.json", std::string(apple) + ": more fields than a template has"});
        break;
      }
      Json taken = ImportField(field, code, used, texts, notes);
      if (taken.is_object()) {
        list.push_back(std::move(taken));
      } else {
        notes.push_back({"pass.json", std::string(apple) + ": something that is no field"});
      }
    }
    fields[std::string(ours)] = std::move(list);
  }
  return fields;
}

namespace {

Json BarcodesOf(const Json& pass) {
  Json found = Json::array();
  if (pass.contains("barcodes") && pass["barcodes"].is_array()) found = pass["barcodes"];
  if (found.empty() && pass.contains("barcode")) found.push_back(pass["barcode"]);
  return found;
}

}  // namespace

std::string BarcodeMessage(const Json& pass) {
  const Json barcodes = BarcodesOf(pass);
  return barcodes.empty() ? std::string() : TextOf(barcodes[0], "message");
}

Json ImportBarcodes(const Json& pass, std::vector<ImportNote>& notes) {
  static const std::map<std::string, const char*> kFormats = {
      {"PKBarcodeFormatQR", "qr"},         {"PKBarcodeFormatPDF417", "pdf417"},
      {"PKBarcodeFormatAztec", "aztec"},   {"PKBarcodeFormatCode128", "code128"},
      {"PKBarcodeFormatCode39", "code39"}, {"PKBarcodeFormatCodabar", "codabar"},
      {"PKBarcodeFormatEAN13", "ean13"},   {"PKBarcodeFormatI2of5", "itf"}};
  constexpr std::size_t kChainMax = 8;
  Json chain = Json::array();
  for (const Json& barcode : BarcodesOf(pass)) {
    const auto format = kFormats.find(TextOf(barcode, "format"));
    if (format == kFormats.end() || chain.size() == kChainMax) continue;
    Json ours = {{"format", format->second}, {"message", "{{card.number}}"}};
    if (!TextOf(barcode, "altText").empty()) ours["text"] = "{{card.number_spaced}}";
    chain.push_back(std::move(ours));
  }
  if (chain.empty()) return nullptr;
  notes.push_back({"pass.json", "the code now says each card's own number"});
  return chain;
}

Json ImportLocations(const Json& pass, ImportTexts& texts, std::vector<ImportNote>& notes) {
  Json places = Json::array();
  if (!pass.contains("locations") || !pass["locations"].is_array()) return places;
  for (const Json& location : pass["locations"]) {
    const bool whole = location.is_object() && location.contains("latitude") &&
                       location.contains("longitude") && location["latitude"].is_number() &&
                       location["longitude"].is_number();
    if (!whole || places.size() == kLocationsMax) {
      notes.push_back({"pass.json", "a location without coordinates, or beyond the tenth"});
      continue;
    }
    Json place = {{"latitude", location["latitude"]}, {"longitude", location["longitude"]}};
    const std::string text = TextOf(location, "relevantText");
    if (!text.empty()) place["text"] = texts.Take(text, "place_text");
    places.push_back(std::move(place));
  }
  return places;
}

}  // namespace passmint::apple::internal
