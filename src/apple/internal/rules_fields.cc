// P08 keys and values, P10 styles of values, P11 change messages, P12 alignment and detectors, P13
// counts, P26 links, and P09 for transitType: the fields of each style.

#include <algorithm>
#include <array>
#include <map>

#include "apple/internal/pass_rules.h"
#include "base/currency.h"

namespace passmint::apple::internal {
namespace {

constexpr std::array<std::string_view, 7> kGroups = {
    "headerFields", "primaryFields",        "secondaryFields", "auxiliaryFields",
    "backFields",   "additionalInfoFields", "footerFields"};

bool IsFront(std::string_view group) {
  return group != "backFields" && group != "additionalInfoFields";
}

enum class ValueKind { kMissing, kText, kNumber, kDate };

ValueKind KindOf(const Json& field) {
  const Json* value = Find(field, "value");
  if (value == nullptr) return ValueKind::kMissing;
  if (value->is_number()) return ValueKind::kNumber;
  const bool is_date = value->is_string() && ParseWalletDate(value->get<std::string>()).has_value();
  return is_date ? ValueKind::kDate : ValueKind::kText;
}

std::string ShownValue(const Json& field) {
  const Json* value = Find(field, "value");
  return value == nullptr ? "none" : Shown(*value);
}

struct FieldPlace {
  std::string_view style;
  std::string_view group;
  std::string pointer;
};

struct Seen {
  std::string_view style;
  ValueKind kind;
};

class FieldChecker {
 public:
  explicit FieldChecker(RuleReport& report) : report_(report) {}

  void Style(const std::string& style) {
    const Json& fields = report_.json()[style];
    if (!fields.is_object()) return;
    std::map<std::string, std::string> seen;  // Key -> pointer, within the style.
    for (const std::string_view group : kGroups) {
      const Json* list = Find(fields, group);
      if (list == nullptr || !list->is_array()) continue;
      for (std::size_t i = 0; i < list->size(); ++i) {
        const FieldPlace place{style, group,
                               json::Child(json::Child(json::Child("", style), group), i)};
        if ((*list)[i].is_object()) Field((*list)[i], place, seen);
      }
    }
    Counts(style, fields);
    Transit(style, fields);
  }

 private:
  void Field(const Json& field, const FieldPlace& place, std::map<std::string, std::string>& seen) {
    const std::string key = TextOf(field, "key");
    if (key.empty()) {
      report_.Error("P08", place.pointer, "the field has no key", "give it a key of its own");
    } else if (const auto [other, is_new] = seen.emplace(key, place.pointer); !is_new) {
      report_.Error("P08", place.pointer + "/key",
                    "the key " + key + " stands at " + other->second + " already",
                    "give each field a key of its own: phones tell changes by it");
    }
    if (Find(field, "value") == nullptr) {
      report_.Error("P08", place.pointer, "the field " + key + " has no value",
                    "give it a value, or leave the field out");
    }
    Kind(key, field, place);
    Styles(field, place);
    Row(field, place);
    Change(field, place);
    Place(field, place);
    Markup(field, place);
  }

  // The same key in a classic and a poster style should hold the same type.
  void Kind(const std::string& key, const Json& field, const FieldPlace& place) {
    const ValueKind kind = KindOf(field);
    if (key.empty() || kind == ValueKind::kMissing) return;
    const auto [found, is_new] = kinds_.emplace(key, Seen{place.style, kind});
    if (is_new || found->second.style == place.style || found->second.kind == kind) return;
    report_.Warn("P08", place.pointer + "/value",
                 "the field " + key + " holds another type than in the other style",
                 "use the same type in both");
  }

  void Styles(const Json& field, const FieldPlace& place) {
    const ValueKind kind = KindOf(field);
    for (const char* key : {"currencyCode", "numberStyle"}) {
      if (Find(field, key) == nullptr || kind == ValueKind::kNumber) continue;
      report_.Error("P10", place.pointer + '/' + key,
                    std::string(key) + " on a value that is no number: " + ShownValue(field),
                    "make the value a number, or remove it");
    }
    if (Find(field, "currencyCode") != nullptr && Find(field, "numberStyle") != nullptr) {
      report_.Warn("P10", place.pointer + "/numberStyle", "numberStyle beside currencyCode",
                   "keep one of them");
    }
    const std::string currency = TextOf(field, "currencyCode");
    if (Find(field, "currencyCode") != nullptr && !Currency::Find(currency)) {
      report_.Error("P10", place.pointer + "/currencyCode",
                    '"' + currency + "\" is no currency of ISO 4217", "write it like \"EUR\"");
    }
    if (kind == ValueKind::kDate || kind == ValueKind::kMissing) return;
    for (const char* key : {"dateStyle", "timeStyle", "isRelative", "ignoresTimeZone"}) {
      if (Find(field, key) == nullptr) continue;
      report_.Warn("P10", place.pointer + '/' + key,
                   std::string(key) + " on a value that is no date: " + ShownValue(field),
                   "make the value a date-time, or remove it");
    }
  }

  void Row(const Json& field, const FieldPlace& place) {
    const Json* row = Find(field, "row");
    if (row == nullptr) return;
    if (place.style != "eventTicket" || place.group != "auxiliaryFields") {
      report_.Error("P10", place.pointer + "/row",
                    "row is for the auxiliary fields of event tickets", "remove it");
    } else if (*row != Json(0) && *row != Json(1)) {
      report_.Error("P10", place.pointer + "/row", "row is " + Shown(*row), "write 0 or 1");
    }
  }

  void Change(const Json& field, const FieldPlace& place) {
    if (Find(field, "changeMessage") == nullptr) return;
    const std::string text = TextOf(field, "changeMessage");
    bool translated = false;
    for (const LanguageStrings& strings : report_.file().strings) {
      const auto found = strings.texts.find(text);
      if (found == strings.texts.end()) continue;
      translated = true;
      ChangeText(found->second, " in language " + strings.language, place);
    }
    if (!translated) ChangeText(text, "", place);
    if (Find(report_.json(), "webServiceURL") == nullptr && place.style != "posterGeneric") {
      report_.Warn("P11", place.pointer + "/changeMessage",
                   "changeMessage without webServiceURL: the pass never changes",
                   "serve the pass with its web service, or remove the message");
    }
  }

  void ChangeText(const std::string& text, const std::string& where, const FieldPlace& place) {
    std::size_t values = 0;
    bool has_others = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') continue;
      if (text.compare(i, 2, "%@") == 0) {
        ++values;
      } else if (text.compare(i, 2, "%%") == 0) {
        ++i;
      } else {
        has_others = true;
      }
    }
    if (values != 1) {
      report_.Error("P11", place.pointer + "/changeMessage",
                    "the change message has " + std::to_string(values) + " \"%@\"" + where + ": " +
                        Shown(Json(text)),
                    "put exactly one %@ where the new value goes");
    }
    if (has_others) {
      report_.Warn(
          "P11", place.pointer + "/changeMessage",
          "the change message has a % that is no \"%@\"" + where + ": " + Shown(Json(text)),
          "write %% for a per cent sign");
    }
  }

  void Place(const Json& field, const FieldPlace& place) {
    if (Find(field, "textAlignment") != nullptr &&
        (place.group == "primaryFields" || place.group == "backFields")) {
      report_.Warn("P12", place.pointer + "/textAlignment",
                   "textAlignment has no effect on primary and back fields", "remove it");
    }
    if (Find(field, "dataDetectorTypes") != nullptr && IsFront(place.group)) {
      report_.Warn("P12", place.pointer + "/dataDetectorTypes",
                   "data detectors work on back fields only", "remove it");
    }
  }

  void Markup(const Json& field, const FieldPlace& place) {
    const std::string text = TextOf(field, "attributedValue");
    for (std::size_t i = text.find('<'); i != std::string::npos; i = text.find('<', i + 1)) {
      const std::string_view tag = std::string_view(text).substr(i);
      if (tag.starts_with("<a ") || tag.starts_with("</a>")) continue;
      report_.Warn("P26", place.pointer + "/attributedValue",
                   "only <a href> is understood: " + Shown(Json(text)), "remove other markup");
      return;
    }
  }

  std::size_t Count(const Json& fields, std::string_view group) const {
    const Json* list = Find(fields, group);
    return list != nullptr && list->is_array() ? list->size() : 0;
  }

  void TooMany(std::string_view style, std::string_view group, std::size_t count,
               std::size_t shown) {
    if (count <= shown) return;
    report_.Warn("P13", json::Child(json::Child("", style), group),
                 std::to_string(count) + " fields where " + std::string(style) + " shows " +
                     std::to_string(shown),
                 "move the others to the back");
  }

  // Apple reference 2.9.
  void Counts(const std::string& style, const Json& fields) {
    const bool poster = style == "posterGeneric";
    TooMany(style, "headerFields", Count(fields, "headerFields"), poster ? 1 : 3);
    const std::size_t primary = poster ? 4 : style == "boardingPass" ? 2 : 1;
    TooMany(style, "primaryFields", Count(fields, "primaryFields"), primary);
    const std::size_t secondary = Count(fields, "secondaryFields");
    const std::size_t auxiliary = Count(fields, "auxiliaryFields");
    if (poster) {
      TooMany(style, "footerFields", Count(fields, "footerFields"), 1);
    } else if (style == "boardingPass") {
      TooMany(style, "secondaryFields", secondary, 4);
      TooMany(style, "auxiliaryFields", auxiliary, 5);
    } else if (style == "eventTicket") {
      TooMany(style, "secondaryFields", secondary, 4);
      TooMany(style, "auxiliaryFields", auxiliary, 8);
    } else if (style != "generic" || HasSquareCode()) {
      TooMany(style, auxiliary > 0 ? "auxiliaryFields" : "secondaryFields", secondary + auxiliary,
              4);
    }
  }

  bool HasSquareCode() const {
    const Json* codes = Find(report_.json(), "barcodes");
    if (codes == nullptr || !codes->is_array() || codes->empty()) return false;
    const std::string format = TextOf((*codes)[0], "format");
    return format == "PKBarcodeFormatQR" || format == "PKBarcodeFormatAztec";
  }

  void Transit(const std::string& style, const Json& fields) {
    const bool has_type = Find(fields, "transitType") != nullptr;
    const std::string pointer = json::Child(json::Child("", style), "transitType");
    if (style == "boardingPass" && !has_type) {
      report_.Error("P09", pointer, "a boarding pass without transitType",
                    "add one, such as PKTransitTypeTrain");
    } else if (style != "boardingPass" && has_type) {
      report_.Error("P09", pointer, "transitType outside a boarding pass", "remove it");
    }
  }

  RuleReport& report_;
  std::map<std::string, Seen> kinds_;  // By key, as first seen.
};

}  // namespace

void CheckFields(RuleReport& report) {
  FieldChecker checker(report);
  const std::vector<std::string> styles = StylesOf(report.json());
  for (const std::string& style : styles) checker.Style(style);
}

}  // namespace passmint::apple::internal
