// Walks a resource along the schema: unknown, missing, dead and mistyped fields.

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

#include "base/language.h"
#include "google/iso_time.h"
#include "google/lint_report.h"
#include "google/schema.h"

namespace passmint::google {
namespace {

// "APPROVED", "approved", "underReview" -> one spelling.
std::string Folded(std::string_view name) {
  std::string folded;
  for (const char c : name) {
    if (c != '_') folded += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return folded;
}

bool IsColor(std::string_view text) {
  return (text.size() == 4 || text.size() == 7) && text.front() == '#' &&
         std::all_of(text.begin() + 1, text.end(),
                     [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
}

// RFC 3986, 3.1: letters first, then a colon.
bool HasScheme(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == uri.size()) return false;
  if (std::isalpha(static_cast<unsigned char>(uri.front())) == 0) return false;
  return std::all_of(uri.begin(), uri.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
  });
}

bool IsInt64Text(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, number);
  return problem == std::errc() && rest == end;
}

std::string_view TypeName(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::string:
      return "a text";
    case Json::value_t::boolean:
      return "true or false";
    case Json::value_t::null:
      return "null";
    default:
      return "a number";
  }
}

class Walker {
 public:
  Walker(const Pair& pair, Side side, LintReport& report)
      : pair_(pair), side_(side), report_(report) {}

  void Walk() {
    const bool is_class = side_ == Side::kClass;
    const SchemaType& schema =
        is_class ? ClassSchema(pair_.layout.vertical) : ObjectSchema(pair_.layout.vertical);
    Object(pair_.Of(side_), schema, "");
  }

 private:
  Origin At(const std::string& path) const { return OriginOf(pair_, side_, path); }

  // No deeper than the schema, which ends after seven levels.
  void Object(const Json& object, const SchemaType& schema, const std::string& path) {
    for (const auto& [key, value] : object.items()) {
      const std::string below = json::Child(path, key);
      const SchemaField* const field = schema.Find(key);
      if (key == "kind") continue;  // Noise that Google itself writes.
      if (field == nullptr) {
        report_.Error("G03", At(below), Quoted(key) + " is no field of " + std::string(schema.name),
                      UnknownCure(key));
      } else {
        Field(value, *field, schema, below);
      }
    }
    for (const SchemaField& field : schema.fields) {
      if (field.required && !object.contains(field.name)) {
        report_.Error("G01", At(path.empty() ? json::Child(path, field.name) : path),
                      std::string(schema.name) + " has no " + std::string(field.name),
                      MissingCure(field.name));
      }
    }
  }

  std::string UnknownCure(std::string_view key) const {
    const Vertical vertical = pair_.layout.vertical;
    const bool is_class = side_ == Side::kClass;
    const SchemaType& other = is_class ? ObjectSchema(vertical) : ClassSchema(vertical);
    if (other.Find(key) == nullptr) return "Remove it: Google drops it or refuses the card.";
    return is_class ? "Move it to google.object: Google keeps it there."
                    : "Move it to google.class: Google keeps it there.";
  }

  static std::string MissingCure(std::string_view name) {
    struct Row {
      std::string_view name, cure;
    };
    constexpr Row kRows[] = {
        {"programLogo",
         "Add images/google-logo.png, square and at least 660 pixels wide, or "
         "images/icon.png."},
        {"programName", "Write logo_text or organization."},
        {"issuerName", "Write organization."},
        {"title", "Write offer.title or description."},
        {"provider", "Write offer.provider or organization."},
        {"redemptionChannel",
         "Write offer.redemption_channel: instore, online, both or "
         "temporary_price_reduction."},
        {"eventName", "Write event.name or logo_text."},
        {"cardNumber", "Give one field \"google\": \"cardNumber\", or add a barcode."},
        {"cardTitle", "Write logo_text or organization."},
        {"header", "Give one field \"google\": \"header\", or write description."}};
    for (const Row& row : kRows) {
      if (row.name == name) return std::string(row.cure);
    }
    return "Google requires it: add it.";
  }

  void Field(const Json& value, const SchemaField& field, const SchemaType& owner,
             const std::string& path) {
    if (field.output_only) {
      report_.Error("G03", At(path), std::string(field.name) + " is written by Google alone",
                    "Remove it.");
    }
    if (field.deprecated) {
      report_.Warn("G24", At(path), std::string(field.name) + " is deprecated and shows nothing",
                   DeprecatedCure(field.name));
    }
    if (!field.list) return Value(value, field, owner, path);
    if (!value.is_array()) {
      report_.Error(
          "G03", At(path),
          std::string(field.name) + " is " + std::string(TypeName(value)) + ", not a list",
          "Write a list in square brackets.");
      return;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      Value(value[i], field, owner, json::Child(path, i));
    }
  }

  static std::string DeprecatedCure(std::string_view name) {
    if (name == "infoModuleData") return "Use textModulesData.";
    if (name == "locations") return "Use merchantLocations.";
    if (name == "allowMultipleUsersPerObject") {
      return "Use multipleDevicesAndHoldersAllowedStatus.";
    }
    return "Remove it.";
  }

  void Value(const Json& value, const SchemaField& field, const SchemaType& owner,
             const std::string& path) {
    switch (KindOf(field.type)) {
      case FieldKind::kObject:
        return Part(value, field, path);
      case FieldKind::kAny:
        return;
      case FieldKind::kBoolean:
        return Expect(value.is_boolean(), value, field, path, "true or false");
      case FieldKind::kDouble:
        return Expect(value.is_number(), value, field, path, "a number");
      case FieldKind::kInt32:
        return Int32(value, field, owner, path);
      case FieldKind::kInt64:
        return Int64(value, field, owner, path);
      case FieldKind::kString:
      case FieldKind::kDate:
      case FieldKind::kColor:
      case FieldKind::kLanguage:
      case FieldKind::kUri:
      case FieldKind::kEnum:
        return Text(value, field, owner, path);
    }
  }

  void Expect(bool fits, const Json& value, const SchemaField& field, const std::string& path,
              std::string_view wanted) {
    if (fits) return;
    report_.Error("G03", At(path),
                  std::string(field.name) + " is " + std::string(TypeName(value)) + ", not " +
                      std::string(wanted),
                  "Write " + std::string(wanted) + ".");
  }

  void Part(const Json& value, const SchemaField& field, const std::string& path) {
    if (value.is_object()) return Object(value, *FindSchema(field.type), path);
    if (field.type == "LocalizedString") {
      report_.Error("G16", At(path),
                    std::string(field.name) + " is " + std::string(TypeName(value)) +
                        ", where Google wants a LocalizedString",
                    "Write {\"defaultValue\": {\"language\": \"en\", \"value\": \"...\"}}.");
      return;
    }
    Expect(false, value, field, path, "an object");
  }

  void Int32(const Json& value, const SchemaField& field, const SchemaType& owner,
             const std::string& path) {
    const bool in_balance = owner.name == "LoyaltyPointsBalance";
    const bool fits =
        value.is_number_integer() &&
        (value.is_number_unsigned()
             ? value.get<std::uint64_t>() <= std::numeric_limits<std::int32_t>::max()
             : value.get<std::int64_t>() >= std::numeric_limits<std::int32_t>::min() &&
                   value.get<std::int64_t>() <= std::numeric_limits<std::int32_t>::max());
    if (fits) return;
    report_.Error(in_balance ? "G05" : "G03", At(path),
                  std::string(field.name) + " is " + Quoted(json::Dump(value)) +
                      ", no whole number of 32 bits",
                  in_balance ? "Use \"string\" for such a balance." : "Write a smaller number.");
  }

  void Int64(const Json& value, const SchemaField& field, const SchemaType& owner,
             const std::string& path) {
    if (value.is_number_integer() ||
        (value.is_string() && IsInt64Text(value.get_ref<const std::string&>()))) {
      return;
    }
    report_.Error(
        owner.name == "Money" ? "G05" : "G03", At(path),
        std::string(field.name) + " is " + Quoted(json::Dump(value)) + ", no whole number",
        "Write the digits as a text; micros are millionths of the major unit.");
  }

  void Text(const Json& value, const SchemaField& field, const SchemaType& owner,
            const std::string& path) {
    if (!value.is_string()) {
      const bool localized = value.is_object() && value.contains("defaultValue");
      if (!localized) return Expect(false, value, field, path, "a text");
      report_.Error("G16", At(path),
                    std::string(field.name) + " is a LocalizedString, where Google wants a text",
                    "Write the text itself, and the LocalizedString under the name that begins "
                    "with \"localized\".");
      return;
    }
    const auto& text = value.get_ref<const std::string&>();
    if (text.empty() && field.required) {
      report_.Error("G01", At(path), std::string(field.name) + " is empty",
                    MissingCure(field.name));
      return;
    }
    Leaf(text, field, owner, path);
  }

  void Leaf(const std::string& text, const SchemaField& field, const SchemaType& owner,
            const std::string& path) {
    const FieldKind kind = KindOf(field.type);
    if (kind == FieldKind::kColor && !IsColor(text)) {
      report_.Error("G17", At(path), Quoted(text) + " is no colour", "Write #RRGGBB.");
    } else if (kind == FieldKind::kLanguage && !IsLanguageTag(text)) {
      report_.Error("G16", At(path), Quoted(text) + " is no language",
                    "Write a BCP 47 tag: en, ru, pt-BR.");
    } else if (kind == FieldKind::kDate && !ReadIsoTime(text)) {
      report_.Error("G06", At(path), Quoted(text) + " is no ISO 8601 date-time",
                    "Write it as 2026-11-21T19:00:00+03:00.");
    } else if (kind == FieldKind::kUri && !HasScheme(text)) {
      report_.Error("G07", At(path),
                    Quoted(text) + " in " + std::string(owner.name) + " has no scheme",
                    "Write the whole address: https://...");
    } else if (kind == FieldKind::kEnum) {
      Enum(text, field, path);
    }
  }

  void Enum(const std::string& text, const SchemaField& field, const std::string& path) {
    const auto values = EnumValues(field.type);
    if (values.empty() || std::find(values.begin(), values.end(), text) != values.end()) return;
    std::string list;
    for (const std::string_view value : values) {
      if (Folded(value) == Folded(text)) {
        report_.Warn("G24", At(path),
                     Quoted(text) + " is the deprecated spelling of " + std::string(value),
                     "Write " + std::string(value) + ".");
        return;
      }
      if (value.find("UNSPECIFIED") != std::string_view::npos) continue;
      list += (list.empty() ? "" : ", ") + std::string(value);
    }
    report_.Error("G03", At(path), Quoted(text) + " is no " + std::string(field.name),
                  "Write one of: " + list + ".");
  }

  const Pair& pair_;
  const Side side_;
  LintReport& report_;
};

}  // namespace

void LintSchema(const Pair& pair, Side side, LintReport& report) {
  Walker(pair, side, report).Walk();
}

}  // namespace passmint::google
