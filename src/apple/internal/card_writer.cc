#include "apple/internal/card_writer.h"

#include <charconv>
#include <chrono>
#include <cmath>

#include "apple/internal/json_text.h"
#include "apple/pass_json.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "design/blocks.h"

namespace passmint::apple::internal {
namespace {

using design::BarcodeFormat;
using design::FieldGroup;
using design::RenderedCard;
using design::RenderedField;

constexpr std::array<FieldGroup, 4> kPosterGroups = {FieldGroup::kHeader, FieldGroup::kPrimary,
                                                     FieldGroup::kFooter, FieldGroup::kBack};

// Members of an object that is being written: a comma unless this is the first.
void Begin(std::string_view member, std::string& json) {
  if (json.back() != '{') json += ',';
  json += member;
}

void AppendTextMember(std::string_view member, const design::RenderedText& text,
                      CardStrings& strings, std::string& json) {
  if (text.empty()) return;
  Begin(member, json);
  strings.AppendAsJson(text, json);
}

void AppendString(std::string_view member, std::string_view text, std::string& json) {
  Begin(member, json);
  AppendJsonString(text, json);
}

// The Apple reference, 2.8.
std::string_view FormatName(BarcodeFormat format) {
  switch (format) {
    case BarcodeFormat::kQr:
      return "PKBarcodeFormatQR";
    case BarcodeFormat::kPdf417:
      return "PKBarcodeFormatPDF417";
    case BarcodeFormat::kAztec:
      return "PKBarcodeFormatAztec";
    case BarcodeFormat::kCode128:
      return "PKBarcodeFormatCode128";
    case BarcodeFormat::kCode39:
      return "PKBarcodeFormatCode39";
    case BarcodeFormat::kCodabar:
      return "PKBarcodeFormatCodabar";
    case BarcodeFormat::kEan13:
      return "PKBarcodeFormatEAN13";
    case BarcodeFormat::kItf:
      return "PKBarcodeFormatI2of5";
  }
  return "PKBarcodeFormatQR";  // Not reached: -Wswitch makes a missing case an error.
}

// The three that phones before iOS 9 draw, and the only ones that `barcode` may name.
bool IsLegacy(BarcodeFormat format) {
  return format == BarcodeFormat::kQr || format == BarcodeFormat::kPdf417 ||
         format == BarcodeFormat::kAztec;
}

// Latin-1 is what most scanners expect; what it cannot say goes as UTF-8.
std::string_view EncodingFor(std::string_view message) {
  for (std::size_t i = 0; i < message.size();) {
    const auto lead = static_cast<unsigned char>(message[i]);
    // U+0080 to U+00FF start with C2 or C3.
    if (lead > 0xC3) return "utf-8";
    i += lead < 0x80 ? 1 : 2;
  }
  return "iso-8859-1";
}

void AppendDouble(double number, std::string& json) {
  char digits[32];
  char* const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  json.append(digits, end);
}

std::string WholeSeconds(Timestamp instant) {
  return FormatRfc3339(std::chrono::floor<std::chrono::seconds>(instant));
}

const RenderedField* FindRendered(const RenderedCard& card, FieldAt at) {
  for (const RenderedField& field : card.Group(at.first)) {
    if (field.definition == at.second) return &field;
  }
  return nullptr;
}

const RenderedField* FirstMoney(const RenderedCard& card) {
  for (const auto& group : card.fields) {
    for (const RenderedField& field : group) {
      if (field.currency && std::holds_alternative<design::Decimal>(field.value)) return &field;
    }
  }
  return nullptr;
}

Json FieldsSlot(SlotKind kind, FieldGroup group) { return SlotValue({kind, group}); }

}  // namespace

CardWriter::CardWriter(const design::Template& source, const PassEnvironment& environment,
                       FixedStrings& strings)
    : source_(source), environment_(environment), poster_(ChoosePosterFields(source)) {
  for (std::size_t group = 0; group < design::kFieldGroups; ++group) {
    for (std::size_t i = 0; i < source.fields[group].size(); ++i) {
      fields_[group].emplace_back(source, FieldAt{static_cast<FieldGroup>(group), i}, strings);
    }
  }
}

const std::vector<FieldAt>& CardWriter::PosterGroup(FieldGroup group) const {
  switch (group) {
    case FieldGroup::kHeader:
      return poster_.header;
    case FieldGroup::kPrimary:
      return poster_.primary;
    case FieldGroup::kFooter:
      return poster_.footer;
    default:
      return poster_.back;
  }
}

void CardWriter::AddSlots(const BlockTexts& texts, Json& pass) const {
  const auto put = [&pass](const char* member, SlotKind kind) {
    pass[member] = SlotValue({kind, FieldGroup::kHeader});
  };
  put("serialNumber", SlotKind::kSerialNumber);
  if (environment_.web_service_url.has_value()) {
    put("authenticationToken", SlotKind::kAuthenticationToken);
    put("webServiceURL", SlotKind::kWebServiceUrl);
  }
  put("expirationDate", SlotKind::kExpirationDate);
  put("voided", SlotKind::kVoided);
  if (!source_.barcodes.empty()) {
    put("barcodes", SlotKind::kBarcodes);
    put("barcode", SlotKind::kBarcode);
  }
  if (!source_.locations.empty()) put("locations", SlotKind::kLocations);
  if (source_.kind == design::Kind::kGift) put("semantics", SlotKind::kSemantics);
  if (design::HasVariableBlockTexts(source_, "/nfc")) {
    put("nfc", SlotKind::kNfc);
  } else if (Json nfc = NfcMembers(texts); !nfc.is_null()) {
    pass["nfc"] = std::move(nfc);
  }

  Json& classic = pass[std::string(ClassicStyle(source_.kind))];
  for (std::size_t i = 0; i < design::kFieldGroups; ++i) {
    const auto group = static_cast<FieldGroup>(i);
    const bool has_links = group == FieldGroup::kBack && !source_.links.empty();
    if (group == FieldGroup::kFooter || (source_.fields[i].empty() && !has_links)) continue;
    if (group == FieldGroup::kAdditional && source_.kind != design::Kind::kTicket) continue;
    classic[std::string(GroupName(group))] = FieldsSlot(SlotKind::kClassicFields, group);
  }
  if (!poster_.present) return;
  Json& poster = pass["posterGeneric"];
  poster = Json::object();
  for (const FieldGroup group : kPosterGroups) {
    poster[std::string(GroupName(group))] = FieldsSlot(SlotKind::kPosterFields, group);
  }
}

void CardWriter::Append(Slot slot, std::string_view member, const CardInput& input,
                        std::string& json) const {
  const Secret* token = input.identity.authentication_token;
  switch (slot.kind) {
    case SlotKind::kSerialNumber:
      return AppendString(member, input.identity.serial.str(), json);
    case SlotKind::kAuthenticationToken:
      if (token != nullptr) AppendString(member, token->RevealForSerialization(), json);
      return;
    case SlotKind::kWebServiceUrl:
      if (token != nullptr) AppendString(member, *environment_.web_service_url, json);
      return;
    case SlotKind::kOrganizationName:
      return AppendTextMember(member, input.card.organization, input.strings, json);
    case SlotKind::kDescription:
      return AppendTextMember(member, input.card.description, input.strings, json);
    case SlotKind::kLogoText:
      return AppendTextMember(member, input.card.logo_text, input.strings, json);
    case SlotKind::kExpirationDate:
      if (input.card.expires) AppendString(member, WholeSeconds(*input.card.expires), json);
      return;
    case SlotKind::kVoided:
      return AppendVoided(member, input, json);
    case SlotKind::kBarcodes:
      return AppendBarcodes(member, input, json);
    case SlotKind::kBarcode:
      return AppendLegacyBarcode(member, input, json);
    case SlotKind::kLocations:
      return AppendLocations(member, input, json);
    case SlotKind::kNfc:
      return AppendNfc(member, input, json);
    case SlotKind::kSemantics:
      return AppendBalance(member, input, json);
    case SlotKind::kClassicFields:
      return AppendClassicFields(slot.group, member, input, json);
    case SlotKind::kPosterFields:
      return AppendPosterFields(slot.group, member, input, json);
  }
}

void CardWriter::AppendVoided(std::string_view member, const CardInput& input,
                              std::string& json) const {
  using design::CardState;
  const CardState state = input.card.state;
  // A card that expired says so by its date, and phones move it aside by themselves.
  const bool voided = state == CardState::kBlocked || state == CardState::kClosed ||
                      (state == CardState::kExpired && !input.card.expires.has_value());
  if (!voided) return;
  Begin(member, json);
  json += "true";
}

void CardWriter::AppendBarcode(const design::RenderedBarcode& barcode, std::string& json) const {
  json += "{\"format\":\"";
  json += FormatName(source_.barcodes[barcode.definition].format);
  json += "\",\"message\":";
  AppendJsonString(barcode.message, json);
  json += ",\"messageEncoding\":\"";
  json += EncodingFor(barcode.message);
  json += '"';
  if (!barcode.text.empty()) AppendString("\"altText\":", barcode.text, json);
  json += '}';
}

void CardWriter::AppendBarcodes(std::string_view member, const CardInput& input,
                                std::string& json) const {
  if (input.card.barcodes.empty()) return;
  Begin(member, json);
  char separator = '[';
  for (const design::RenderedBarcode& barcode : input.card.barcodes) {
    json += separator;
    separator = ',';
    AppendBarcode(barcode, json);
  }
  json += ']';
}

void CardWriter::AppendLegacyBarcode(std::string_view member, const CardInput& input,
                                     std::string& json) const {
  for (const design::RenderedBarcode& barcode : input.card.barcodes) {
    if (!IsLegacy(source_.barcodes[barcode.definition].format)) continue;
    Begin(member, json);
    AppendBarcode(barcode, json);
    return;
  }
}

void CardWriter::AppendLocations(std::string_view member, const CardInput& input,
                                 std::string& json) const {
  if (input.card.locations.empty()) return;
  Begin(member, json);
  char separator = '[';
  for (const design::RenderedLocation& location : input.card.locations) {
    json += separator;
    separator = ',';
    json += "{\"latitude\":";
    AppendDouble(location.latitude, json);
    json += ",\"longitude\":";
    AppendDouble(location.longitude, json);
    AppendTextMember("\"relevantText\":", location.text, input.strings, json);
    json += '}';
  }
  json += ']';
}

void CardWriter::AppendNfc(std::string_view member, const CardInput& input,
                           std::string& json) const {
  const Json nfc = NfcMembers({source_, input.card, input.strings});
  if (!nfc.contains("message")) return;  // Nothing to say to a reader.
  Begin(member, json);
  json += json::Dump(nfc);
}

void CardWriter::AppendBalance(std::string_view member, const CardInput& input,
                               std::string& json) const {
  const RenderedField* money = FirstMoney(input.card);
  if (money == nullptr) return;
  Begin(member, json);
  json += "{\"balance\":{\"amount\":\"";  // A string: CurrencyAmount, Apple reference 2.11.
  AppendDecimal(std::get<design::Decimal>(money->value), json);
  json += "\",\"currencyCode\":\"" + money->currency->code() + "\"}}";
}

void CardWriter::AppendField(FieldAt at, const RenderedField& field, const CardInput& input,
                             std::string& json) const {
  fields_[static_cast<std::size_t>(at.first)][at.second].Append(field, input.card, input.strings,
                                                                json);
}

void CardWriter::AppendClassicFields(FieldGroup group, std::string_view member,
                                     const CardInput& input, std::string& json) const {
  const bool with_links = group == FieldGroup::kBack && !input.card.links.empty();
  if (input.card.Group(group).empty() && !with_links) return;
  Begin(member, json);
  json += '[';
  const auto comma = [&json] {
    if (json.back() != '[') json += ',';
  };
  for (const RenderedField& field : input.card.Group(group)) {
    comma();
    AppendField({group, field.definition}, field, input, json);
  }
  for (std::size_t i = 0; with_links && i < input.card.links.size(); ++i) {
    comma();
    AppendLinkField(i + 1, input.card.links[i], input.strings, json);
  }
  json += ']';
}

void CardWriter::AppendPosterFields(FieldGroup group, std::string_view member,
                                    const CardInput& input, std::string& json) const {
  bool any = false;
  for (const FieldAt& at : PosterGroup(group)) {
    const RenderedField* field = FindRendered(input.card, at);
    if (field == nullptr) continue;
    if (any) {
      json += ',';
    } else {
      Begin(member, json);
      json += '[';
    }
    any = true;
    AppendField(at, *field, input, json);
  }
  if (any) json += ']';
}

}  // namespace passmint::apple::internal
