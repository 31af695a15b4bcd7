#include <algorithm>
#include <utility>

#include "calendar/time_zone.h"
#include "design/internal/template_parser.h"

namespace passmint::design::internal {
namespace {

constexpr std::size_t kKeyMax = 64;
constexpr FieldGroup kGroups[] = {
    FieldGroup::kHeader, FieldGroup::kPrimary,    FieldGroup::kSecondary, FieldGroup::kAuxiliary,
    FieldGroup::kBack,   FieldGroup::kAdditional, FieldGroup::kFooter};

const ObjectReader::Names<FieldType>& TypeNames() {
  static const ObjectReader::Names<FieldType> names = {
      {"text", FieldType::kText},         {"number", FieldType::kNumber},
      {"currency", FieldType::kCurrency}, {"percent", FieldType::kPercent},
      {"date", FieldType::kDate},         {"datetime", FieldType::kDateTime},
  };
  return names;
}

const ObjectReader::Names<DateStyle>& StyleNames() {
  static const ObjectReader::Names<DateStyle> names = {
      {"none", DateStyle::kNone}, {"short", DateStyle::kShort}, {"medium", DateStyle::kMedium},
      {"long", DateStyle::kLong}, {"full", DateStyle::kFull},
  };
  return names;
}

const ObjectReader::Names<Alignment>& AlignmentNames() {
  static const ObjectReader::Names<Alignment> names = {
      {"natural", Alignment::kNatural},
      {"left", Alignment::kLeft},
      {"center", Alignment::kCenter},
      {"right", Alignment::kRight},
  };
  return names;
}

const ObjectReader::Names<BarcodeFormat>& FormatNames() {
  static const ObjectReader::Names<BarcodeFormat> names = {
      {"qr", BarcodeFormat::kQr},         {"pdf417", BarcodeFormat::kPdf417},
      {"aztec", BarcodeFormat::kAztec},   {"code128", BarcodeFormat::kCode128},
      {"code39", BarcodeFormat::kCode39}, {"codabar", BarcodeFormat::kCodabar},
      {"ean13", BarcodeFormat::kEan13},   {"itf", BarcodeFormat::kItf},
  };
  return names;
}

bool IsName(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

bool IsDateType(FieldType type) { return type == FieldType::kDate || type == FieldType::kDateTime; }

bool VariableSuits(FieldType type, const Variable& variable) {
  if (variable.name == "attributes.*") return true;  // Its text is read as the type, card by card.
  switch (type) {
    case FieldType::kText:
      return true;
    case FieldType::kNumber:
    case FieldType::kCurrency:
      return variable.type == ValueType::kInteger || variable.type == ValueType::kMoney;
    case FieldType::kPercent:
      return variable.type == ValueType::kInteger;
    case FieldType::kDate:
    case FieldType::kDateTime:
      return variable.type == ValueType::kInstant || variable.type == ValueType::kDate;
  }
  return false;
}

bool ConstantSuits(FieldType type, const std::string& text) {
  if (IsDateType(type)) return ParseRfc3339(text).ok() || ParseDate(text).ok();
  return ParseDecimal(text).has_value();
}

std::string_view TypeName(FieldType type) {
  for (const auto& [name, value] : TypeNames()) {
    if (value == type) return name;
  }
  return "";
}

}  // namespace

void TemplateParser::ParseFields(const ObjectReader& root) {
  const Json* fields = root.Object("fields");
  if (fields == nullptr) return;
  const ObjectReader reader(
      *fields, root.Pointer("fields"), report_,
      {"header", "primary", "secondary", "auxiliary", "back", "additional", "footer"});
  std::vector<std::string> keys;
  for (const FieldGroup group : kGroups) {
    const Json* list = reader.Array(Name(group), kFieldsPerGroupMax);
    if (list == nullptr) continue;
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::string pointer = json::Child(reader.Pointer(Name(group)), i);
      Field field = ParseField((*list)[i], pointer, group);
      if (!field.key.empty() && std::find(keys.begin(), keys.end(), field.key) != keys.end()) {
        report_.Error("T20", {pointer + "/key"}, "the key " + Quote(field.key) + " stands twice",
                      "Name each field once: wallets tell a changed value by its key.");
      }
      keys.push_back(field.key);
      out_.fields[static_cast<std::size_t>(group)].push_back(std::move(field));
    }
  }
  if (keys.size() > kFieldsMax) {
    report_.Error("T04", {reader.pointer()}, std::to_string(keys.size()) + " fields are too many",
                  "At most 100 are allowed.");
  }
}

Field TemplateParser::ParseField(const Json& json, const std::string& pointer, FieldGroup group) {
  const ObjectReader reader(
      json, pointer, report_,
      {"key", "label", "value", "type", "currency", "date_style", "time_style", "relative", "zone",
       "align", "change", "href", "row", "semantics", "detect", "google"});
  reader.Require({"key", "value"});
  Field field;
  field.key = reader.Word("key", kKeyMax).value_or("");
  if (!field.key.empty() && !IsName(field.key)) {
    report_.Error("T04", {reader.Pointer("key")}, Quote(field.key) + " is not a name",
                  "Use 1 to 64 letters, digits, dashes and underscores.");
  }
  field.label = ReadText(reader, "label");
  field.value = ParseFieldValue(reader);
  if (const auto type = reader.Enum("type", TypeNames())) field.type = *type;
  if (const auto code = reader.Word("currency", 16)) {
    field.currency = Currency::Find(*code);
    if (!field.currency) {
      report_.Error("T04", {reader.Pointer("currency")}, Quote(*code) + " is no currency in use",
                    "Write an ISO 4217 code such as RUB.");
    }
    if (field.type != FieldType::kCurrency) {
      report_.Error("P10", {reader.Pointer("currency")}, "a currency on a field of another type",
                    "Add \"type\": \"currency\", or remove the currency.");
    }
  }
  ParseDateKeys(reader, field);
  if (const auto align = reader.Enum("align", AlignmentNames())) field.align = *align;
  field.change = ReadText(reader, "change", {.variables = false});
  CheckChange(reader, field.change);
  field.href = ReadUrl(reader, "href");
  field.row = static_cast<int>(reader.Integer("row", 0, 1).value_or(0));
  if (reader.Has("row") && (group != FieldGroup::kAuxiliary || out_.kind != Kind::kTicket)) {
    report_.Error("P10", {reader.Pointer("row")}, "rows are for auxiliary fields of tickets alone",
                  "Remove \"row\".");
  }
  if (const Json* semantics = reader.Object("semantics")) {
    field.semantics = *semantics;
    AddNativeTexts(*semantics, reader.Pointer("semantics"));
  }
  ParseDetect(reader, field);
  field.google = reader.Word("google", 64).value_or("");
  CheckFieldType(reader, field);
  return field;
}

Text TemplateParser::ParseFieldValue(const ObjectReader& field) {
  const Json* value = field.Find("value");
  if (value != nullptr && value->is_number_integer()) {
    std::string digits = value->dump();
    return Text(digits, {{{.type = Text::Part::Type::kLiteral, .text = digits}}});
  }
  if (value != nullptr && value->is_number()) {
    report_.Error("T03", {field.Pointer("value")}, "this is a number with a fraction",
                  "Write it as text, \"12.50\": JSON readers do not keep fractions exactly.");
    return {};
  }
  return ReadText(field, "value");
}

void TemplateParser::ParseDateKeys(const ObjectReader& reader, Field& field) {
  if (field.type == FieldType::kDateTime) field.time_style = DateStyle::kShort;
  if (const auto style = reader.Enum("date_style", StyleNames())) field.date_style = *style;
  if (const auto style = reader.Enum("time_style", StyleNames())) field.time_style = *style;
  field.relative = reader.Bool("relative", false);
  if (const auto zone = reader.Word("zone", 64)) {
    if (calendar::TimeZone::Find(*zone).ok()) {
      field.zone = *zone;
    } else {
      report_.Error("T04", {reader.Pointer("zone")}, Quote(*zone) + " is no time zone",
                    "Write an IANA name such as Europe/Moscow.");
    }
  }
  if (IsDateType(field.type)) return;
  for (const std::string_view key : {"date_style", "time_style", "relative", "zone"}) {
    if (!reader.Has(key)) continue;
    report_.Warn("P10", {reader.Pointer(key)}, "this has no effect on a field that is no date",
                 "Remove it, or set \"type\" to date or datetime.");
  }
}

void TemplateParser::ParseDetect(const ObjectReader& reader, Field& field) {
  static const std::vector<std::string_view> kKnown = {"phone", "link", "address", "calendar"};
  const Json* detect = reader.Array("detect", kKnown.size());
  if (detect == nullptr) return;
  field.detect.emplace();
  for (std::size_t i = 0; i < detect->size(); ++i) {
    const std::string found =
        (*detect)[i].is_string() ? (*detect)[i].get<std::string>() : json::Dump((*detect)[i]);
    if (std::find(kKnown.begin(), kKnown.end(), found) == kKnown.end()) {
      reader.ReportUnknown(json::Child(reader.Pointer("detect"), i), found, kKnown);
    } else {
      field.detect->push_back(found);
    }
  }
}

void TemplateParser::CheckFieldType(const ObjectReader& reader, const Field& field) {
  if (field.type == FieldType::kText || field.value.empty()) return;
  const std::string pointer = reader.Pointer("value");
  const std::string type(TypeName(field.type));
  if (const Variable* variable = FindVariable(field.value.SoleVariable())) {
    if (!VariableSuits(field.type, *variable)) {
      report_.Error("T15", {pointer},
                    Quote(field.value.source()) + " is " + std::string(Name(variable->type)) +
                        ", which does not suit type " + type,
                    "Take another variable, or another type.");
    } else if (field.type == FieldType::kCurrency && variable->type == ValueType::kMoney &&
               field.currency && field.currency->code() != programme_.currency) {
      report_.Error("T15", {reader.Pointer("currency")},
                    Quote(field.value.source()) + " is money in " + programme_.currency +
                        ", not in " + field.currency->code(),
                    "Remove \"currency\".");
    }
    return;
  }
  if (!field.value.HasVariables() && !field.value.localised() &&
      ConstantSuits(field.type, field.value.Literal(0)))
    return;
  report_.Error("T15", {pointer},
                Quote(field.value.source()) + " is not a plain value of type " + type,
                IsDateType(field.type)
                    ? "Write one variable and nothing around it, a date 2026-12-31, or an RFC 3339 "
                      "date-time."
                    : "Write one variable and nothing around it, or a number; a text around it "
                      "belongs into the label, or set \"type\" to text.");
}

void TemplateParser::CheckChange(const ObjectReader& reader, const Text& change) {
  for (std::size_t i = 0; i < change.versions().size(); ++i) {
    const std::string text = change.Literal(i);
    std::size_t placeholders = 0;
    bool other = false;
    for (std::size_t at = text.find('%'); at != std::string::npos; at = text.find('%', at + 2)) {
      if (text.compare(at, 2, "%@") == 0) {
        ++placeholders;
      } else if (text.compare(at, 2, "%%") != 0) {
        other = true;
      }
    }
    const std::string language =
        change.localised() ? " in " + Quote(out_.languages[i]) : std::string();
    if (placeholders != 1) {
      report_.Error("P11", {reader.Pointer("change")},
                    Quote(text) + language + " has %@ " + std::to_string(placeholders) +
                        " times; iOS puts the new value there",
                    "Write %@ exactly once: \"You have %@ points\".");
    }
    if (other) {
      report_.Warn("P11", {reader.Pointer("change")},
                   Quote(text) + language + " has another % than %@",
                   "Write a percent sign as %%.");
    }
  }
}

void TemplateParser::ParseBarcodes(const ObjectReader& root) {
  const Json* barcode = root.Find("barcode");
  if (barcode == nullptr) return;
  const Json single = barcode->is_object() ? Json::array({*barcode}) : Json();
  const Json* list = barcode->is_object() ? &single : root.Array("barcode", kBarcodesMax);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string pointer =
        barcode->is_object() ? root.Pointer("barcode") : json::Child(root.Pointer("barcode"), i);
    const ObjectReader reader((*list)[i], pointer, report_, {"format", "message", "text"});
    reader.Require({"format", "message"});
    Barcode parsed;
    if (const auto format = reader.Enum("format", FormatNames())) parsed.format = *format;
    parsed.message = ReadText(reader, "message", {.localised = false});
    parsed.text = ReadText(reader, "text", {.localised = false});
    if (parsed.message.empty() && reader.Has("message") && !report_.has_errors()) {
      report_.Error("T05", {reader.Pointer("message")}, "the message is empty",
                    "Write what scanners are to read, {{card.number}}.");
    }
    out_.barcodes.push_back(std::move(parsed));
  }
}

}  // namespace passmint::design::internal
