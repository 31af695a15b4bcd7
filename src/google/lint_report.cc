#include "google/lint_report.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "base/utf8.h"

namespace passmint::google {
namespace {

using design::FieldGroup;

// The reference tokens of a JSON pointer, unescaped.
std::vector<std::string> Tokens(std::string_view path) {
  std::vector<std::string> tokens;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t slash = path.find('/');
    std::string token;
    const std::string_view raw = path.substr(0, slash);
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] == '~' && i + 1 < raw.size()) {
        token += raw[++i] == '1' ? '/' : '~';
      } else {
        token += raw[i];
      }
    }
    tokens.push_back(std::move(token));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
  }
  return tokens;
}

std::size_t ToIndex(std::string_view token) {
  std::size_t index = 0;
  std::from_chars(token.data(), token.data() + token.size(), index);
  return index;
}

// The part of `path` that a native patch wrote, or nothing: a patch replaces arrays whole, so
// whatever is below an array is the patch's.
std::optional<std::string> InPatch(const Json& patch, const std::vector<std::string>& path,
                                   std::string pointer) {
  if (!patch.is_object()) return std::nullopt;
  const Json* at = &patch;
  for (const std::string& token : path) {
    if (at->is_object()) {
      const auto member = at->find(token);
      if (member == at->end()) return std::nullopt;
      at = &*member;
    } else if (at->is_array() && ToIndex(token) < at->size()) {
      at = &(*at)[ToIndex(token)];
    } else {
      return pointer;  // A text of the patch that became a LocalizedString.
    }
    pointer = json::Child(pointer, token);
  }
  return path.empty() ? std::nullopt : std::optional(pointer);
}

struct Row {
  Side side;
  std::string_view key;
  std::optional<FieldUse> use;  // The field that it is made from, if any has it.
  std::string_view otherwise;   // Else this pointer.
};

constexpr auto kRows = std::to_array<Row>({
    {Side::kClass, "issuerName", std::nullopt, "/organization"},
    {Side::kClass, "localizedIssuerName", std::nullopt, "/organization"},
    {Side::kClass, "programName", std::nullopt, "/logo_text"},
    {Side::kClass, "localizedProgramName", std::nullopt, "/logo_text"},
    {Side::kClass, "merchantName", std::nullopt, "/logo_text"},
    {Side::kClass, "localizedMerchantName", std::nullopt, "/logo_text"},
    {Side::kClass, "title", std::nullopt, "/offer/title"},
    {Side::kClass, "localizedTitle", std::nullopt, "/offer/title"},
    {Side::kClass, "shortTitle", std::nullopt, "/offer/short_title"},
    {Side::kClass, "localizedShortTitle", std::nullopt, "/offer/short_title"},
    {Side::kClass, "provider", std::nullopt, "/offer/provider"},
    {Side::kClass, "localizedProvider", std::nullopt, "/offer/provider"},
    {Side::kClass, "redemptionChannel", std::nullopt, "/offer/redemption_channel"},
    {Side::kClass, "details", std::nullopt, "/offer/details"},
    {Side::kClass, "localizedDetails", std::nullopt, "/offer/details"},
    {Side::kClass, "finePrint", std::nullopt, "/event/fine_print"},  // Of an offer: see OriginOf.
    {Side::kClass, "localizedFinePrint", std::nullopt, "/offer/fine_print"},
    {Side::kClass, "helpUri", std::nullopt, "/offer/help_url"},
    {Side::kClass, "eventName", std::nullopt, "/event/name"},
    {Side::kClass, "eventId", std::nullopt, "/event/group"},
    {Side::kClass, "dateTime", std::nullopt, "/event"},
    {Side::kClass, "hexBackgroundColor", std::nullopt, "/colors/background"},
    {Side::kClass, "appLinkData", std::nullopt, "/app"},
    {Side::kClass, "merchantLocations", std::nullopt, "/locations"},
    {Side::kClass, "multipleDevicesAndHoldersAllowedStatus", std::nullopt, "/sharing"},
    {Side::kClass, "classTemplateInfo", std::nullopt, "/fields"},
    {Side::kClass, "accountNameLabel", FieldUse::kAccountName, ""},
    {Side::kClass, "localizedAccountNameLabel", FieldUse::kAccountName, ""},
    {Side::kClass, "accountIdLabel", FieldUse::kAccountId, ""},
    {Side::kClass, "localizedAccountIdLabel", FieldUse::kAccountId, ""},
    {Side::kClass, "cardNumberLabel", FieldUse::kCardNumber, ""},
    {Side::kClass, "localizedCardNumberLabel", FieldUse::kCardNumber, ""},
    {Side::kClass, "pinLabel", FieldUse::kPin, ""},
    {Side::kClass, "localizedPinLabel", FieldUse::kPin, ""},
    {Side::kClass, "eventNumberLabel", FieldUse::kEventNumber, ""},
    {Side::kClass, "localizedEventNumberLabel", FieldUse::kEventNumber, ""},
    {Side::kObject, "loyaltyPoints", FieldUse::kLoyaltyPoints, "/fields"},
    {Side::kObject, "secondaryLoyaltyPoints", FieldUse::kSecondaryLoyaltyPoints, "/fields"},
    {Side::kObject, "accountName", FieldUse::kAccountName, "/fields"},
    {Side::kObject, "accountId", FieldUse::kAccountId, "/fields"},
    {Side::kObject, "balance", FieldUse::kBalance, "/fields"},
    {Side::kObject, "cardNumber", FieldUse::kCardNumber, "/barcode"},
    {Side::kObject, "pin", FieldUse::kPin, "/fields"},
    {Side::kObject, "eventNumber", FieldUse::kEventNumber, "/fields"},
    {Side::kObject, "cardTitle", FieldUse::kCardTitle, "/logo_text"},
    {Side::kObject, "header", FieldUse::kHeader, "/description"},
    {Side::kObject, "subheader", FieldUse::kSubheader, "/fields"},
    {Side::kObject, "ticketHolderName", FieldUse::kTicketHolderName, "/event/holder"},
    {Side::kObject, "ticketNumber", FieldUse::kTicketNumber, "/event/number"},
    {Side::kObject, "ticketType", FieldUse::kTicketType, "/event/ticket_type"},
    {Side::kObject, "faceValue", FieldUse::kFaceValue, "/fields"},
    {Side::kObject, "reservationInfo", FieldUse::kConfirmationCode, "/event/confirmation_code"},
    {Side::kObject, "seatInfo", std::nullopt, "/event/seat"},
    {Side::kObject, "smartTapRedemptionValue", FieldUse::kSmartTap, "/fields"},
    {Side::kObject, "barcode", std::nullopt, "/barcode"},
    {Side::kObject, "validTimeInterval", std::nullopt, "/expires"},
    {Side::kObject, "hexBackgroundColor", std::nullopt, "/colors/background"},
});

// The slot of the picture that stands under `key`, or null.
const ImageSet* PictureOf(const Layout& layout, std::string_view key) {
  const auto pointer = [](const std::optional<ImageSet>& set) { return set ? &*set : nullptr; };
  if (key == "heroImage") return pointer(layout.hero);
  if (key == "imageModulesData") return pointer(layout.thumbnail);
  if (key == "programLogo" || key == "titleImage" || key == "logo") return pointer(layout.logo);
  return nullptr;
}

std::string ModulePointer(const Layout& layout, const std::string& id) {
  for (const FieldGroup group : kReadingOrder) {
    const auto& places = layout.places[static_cast<std::size_t>(group)];
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (!places[i].module_id.empty() && places[i].module_id == id) return FieldPointer(group, i);
    }
  }
  return "/fields";
}

// "/label" or "/value" of a field by the member of Google's module or points that was meant.
std::string_view PartOf(const std::vector<std::string>& path) {
  for (const std::string& token : path) {
    if (token == "header" || token == "localizedHeader" || token == "label" ||
        token == "localizedLabel" || token == "description") {
      return "/label";
    }
    if (token == "body" || token == "localizedBody" || token == "balance") return "/value";
  }
  return "";
}

Origin OfList(const Pair& pair, Side side, const std::vector<std::string>& path) {
  const Json& list = pair.Of(side)[path[0]];
  if (path[0] == "linksModuleData") return {.pointer = "/links"};
  if (path.size() < 2 || !list.is_array() || ToIndex(path[1]) >= list.size()) {
    return {.pointer = "/fields"};
  }
  const auto id = list[ToIndex(path[1])].find("id");
  if (id == list[ToIndex(path[1])].end() || !id->is_string()) return {.pointer = "/fields"};
  std::string pointer = ModulePointer(pair.layout, id->get<std::string>());
  const std::vector<std::string> below(path.begin() + 2, path.end());
  if (pointer != "/fields") pointer += PartOf(below);
  return {.pointer = pointer};
}

Origin OfSeat(const Layout& layout, const std::vector<std::string>& path) {
  if (path.size() > 1) {
    const auto use = ParseFieldUse(path[1]);
    const std::string field = use ? FieldWithUse(layout, *use) : "";
    return {.pointer = field.empty() ? "/event/seat/" + path[1] : field + "/value"};
  }
  return {.pointer = "/event/seat"};
}

}  // namespace

std::string FieldPointer(FieldGroup group, std::size_t index) {
  return "/fields/" + std::string(design::Name(group)) + "/" + std::to_string(index);
}

std::string FieldWithUse(const Layout& layout, FieldUse use) {
  for (const FieldGroup group : kReadingOrder) {
    const auto& places = layout.places[static_cast<std::size_t>(group)];
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (places[i].use == use) return FieldPointer(group, i);
    }
  }
  return "";
}

Origin OriginOf(const Pair& pair, Side side, std::string_view path) {
  const Layout& layout = pair.layout;
  const std::vector<std::string> tokens = Tokens(path);
  const bool is_class = side == Side::kClass;
  auto patched = InPatch(is_class ? layout.source.google_class : layout.source.google_object,
                         tokens, is_class ? "/google/class" : "/google/object");
  if (patched) return {.pointer = *std::move(patched)};
  if (tokens.empty()) return {};
  if (tokens[0] == "textModulesData" || tokens[0] == "linksModuleData") {
    return OfList(pair, side, tokens);
  }
  if (tokens[0] == "finePrint" && layout.vertical == Vertical::kOffer) {
    return {.pointer = "/offer/fine_print"};
  }
  if (tokens[0] == "seatInfo") return OfSeat(layout, tokens);
  if (tokens[0] == "venue") {
    return {.pointer = "/event/venue" + (tokens.size() > 1 ? "/" + tokens[1] : "")};
  }
  if (const ImageSet* picture = PictureOf(layout, tokens[0])) {
    if (layout.source.images.count(picture->slot_name) > 0) {
      return {.pointer = "/images/" + picture->slot_name};
    }
    return {.file = "images/" + picture->slot_name + ".png", .pointer = ""};
  }
  const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) {
    return one.side == side && one.key == tokens[0];
  });
  if (row == kRows.end()) return {};
  const std::string field = row->use ? FieldWithUse(layout, *row->use) : "";
  if (!field.empty())
    return {.pointer = field + (is_class ? "/label" : std::string(PartOf(tokens)))};
  std::string pointer(row->otherwise);
  if (pointer == "/logo_text" && layout.source.logo_text.empty()) pointer = "/organization";
  return {.pointer = std::move(pointer)};
}

void LintReport::Add(std::string_view id, design::Level level, Origin origin, std::string cause,
                     std::string cure) {
  // Without a place it is the cause that tells findings apart.
  const std::string place = origin.pointer.empty() ? cause : origin.pointer;
  if (!seen_.emplace(std::string(id), origin.file, place).second) return;
  findings_.push_back({.id = std::string(id),
                       .level = level,
                       .file = std::move(origin.file),
                       .pointer = std::move(origin.pointer),
                       .cause = std::move(cause),
                       .cure = std::move(cure)});
}

std::string Quoted(std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::string quoted = "\"";
  if (!IsUtf8(text)) return "\"?\"";
  quoted += FirstCodePoints(text, kShown);
  if (CodePointCount(text) > kShown) quoted += "...";
  return quoted + "\"";
}

}  // namespace passmint::google
