#include "google/wallet_class.h"

#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "design/blocks.h"
#include "google/localized.h"
#include "google/modules.h"
#include "google/patch.h"
#include "google/places.h"

namespace passmint::google {
namespace {

using design::RenderedCard;
using design::RenderedText;

constexpr std::array kSamples = {design::Sample::kTypical, design::Sample::kLongest,
                                 design::Sample::kMillion, design::Sample::kVip,
                                 design::Sample::kZero,    design::Sample::kEmpty};

// A label that every holder sees the same stands on the class, though the value is the object's.
struct LabelRow {
  FieldUse use;
  Vertical vertical;
  const char* plain;  // Null: the localised one alone.
  const char* localized;
};
constexpr auto kLabels = std::to_array<LabelRow>({
    {FieldUse::kAccountName, Vertical::kLoyalty, "accountNameLabel", "localizedAccountNameLabel"},
    {FieldUse::kAccountId, Vertical::kLoyalty, "accountIdLabel", "localizedAccountIdLabel"},
    {FieldUse::kCardNumber, Vertical::kGiftCard, "cardNumberLabel", "localizedCardNumberLabel"},
    {FieldUse::kPin, Vertical::kGiftCard, "pinLabel", "localizedPinLabel"},
    {FieldUse::kEventNumber, Vertical::kGiftCard, "eventNumberLabel", "localizedEventNumberLabel"},
    {FieldUse::kConfirmationCode, Vertical::kEventTicket, nullptr, "customConfirmationCodeLabel"},
    {FieldUse::kSection, Vertical::kEventTicket, nullptr, "customSectionLabel"},
    {FieldUse::kSeatRow, Vertical::kEventTicket, nullptr, "customRowLabel"},
    {FieldUse::kSeat, Vertical::kEventTicket, nullptr, "customSeatLabel"},
    {FieldUse::kGate, Vertical::kEventTicket, nullptr, "customGateLabel"},
});

std::string Upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

class Writer {
 public:
  // `card` has no member data: only what all cards share expands to something.
  Writer(const Layout& layout, const design::Design& design, const Environment& environment)
      : layout_(layout),
        design_(design),
        environment_(environment),
        card_(design.Render(design::Values(), design::CardState::kActive)) {}

  Json Write() {
    WriteShared();
    if (layout_.vertical != Vertical::kGeneric) WriteBrand();
    switch (layout_.vertical) {
      case Vertical::kLoyalty:
        SetText("programName", "localizedProgramName", Title());
        SetImage("programLogo", layout_.logo, card_.organization);
        break;
      case Vertical::kGiftCard:
        SetText("merchantName", "localizedMerchantName", Title());
        SetImage("programLogo", layout_.logo, card_.organization);
        // Without it Google hides the barcode.
        if (!layout_.source.barcodes.empty()) body_["allowBarcodeRedemption"] = true;
        break;
      case Vertical::kOffer:
        WriteOffer();
        break;
      case Vertical::kEventTicket:
        WriteEvent();
        break;
      case Vertical::kGeneric:
        break;
    }
    WriteLabels();
    Patch();
    return std::move(body_);
  }

 private:
  void SetText(const char* plain, const char* localized, const RenderedText& text) {
    SetTwins(body_, plain, localized, text, layout_.languages());
  }

  void SetImage(const char* key, const std::optional<ImageSet>& set,
                const RenderedText& description) {
    if (!set) return;
    const Image& image = set->variants[ClassVariant(layout_.source, *set)];
    body_[key] = ImageJson(image.Url(layout_.image_base_url), description, layout_.languages());
  }

  // What Google shows largest: the name of the programme, the merchant, the offer, the event.
  const RenderedText& Title() const {
    return card_.logo_text.empty() ? card_.organization : card_.logo_text;
  }

  RenderedText Block(std::string_view pointer) const {
    const RenderedText* const text = design::FindBlockText(layout_.source, card_, pointer);
    return text == nullptr ? RenderedText() : *text;
  }

  RenderedText BlockOr(std::string_view pointer, const RenderedText& otherwise) const {
    RenderedText text = Block(pointer);
    return text.empty() ? otherwise : text;
  }

  void WriteShared() {
    body_["multipleDevicesAndHoldersAllowedStatus"] =
        layout_.source.sharing ? "MULTIPLE_HOLDERS" : "ONE_USER_ALL_DEVICES";
    if (!environment_.callback_url.empty()) {
      body_["callbackOptions"]["url"] = environment_.callback_url;
    }
    Json rows = CardRows(layout_.source, layout_.vertical, layout_.places);
    if (!rows.is_null()) body_["classTemplateInfo"] = std::move(rows);
    AddModules(body_, layout_, card_, true);
    if (!card_.locations.empty()) {
      Json& locations = body_["merchantLocations"];
      for (const design::RenderedLocation& place : card_.locations) {
        locations.push_back({{"latitude", place.latitude}, {"longitude", place.longitude}});
      }
    }
    if (layout_.thumbnail && layout_.thumbnail->variants.size() == 1) {
      const std::string url = layout_.thumbnail->variants.front().Url(layout_.image_base_url);
      body_["imageModulesData"] =
          Json::array({{{"id", "thumbnail"},
                        {"mainImage", ImageJson(url, card_.organization, layout_.languages())}}});
    }
    WriteApp();
  }

  void WriteApp() {
    const Json& app = layout_.source.app;
    if (!app.is_object()) return;
    const RenderedText text = Block("/app/text");
    const RenderedText web = Block("/app/web_url");
    const auto package = app.find("android_package");
    Json link = Json::object();
    if (package != app.end() && package->is_string()) {
      link["androidAppLinkInfo"]["appTarget"]["packageName"] = *package;
    } else if (!web.empty()) {
      // Its description is required; nothing shows it.
      link["webAppLinkInfo"]["appTarget"]["targetUri"] = {
          {"uri", web.In(0)}, {"description", text.empty() ? web.In(0) : text.In(0)}};
    }
    if (link.empty()) return;
    if (!text.empty()) link["displayText"] = Localized(text, layout_.languages());
    body_["appLinkData"] = std::move(link);
  }

  void WriteBrand() {
    body_["reviewStatus"] = "UNDER_REVIEW";
    SetText("issuerName", "localizedIssuerName", card_.organization);
    if (!layout_.source.colors.background.empty()) {
      body_["hexBackgroundColor"] = layout_.source.colors.background;
    }
    SetImage("heroImage", layout_.hero, card_.description);
  }

  void WriteOffer() {
    SetText("title", "localizedTitle", BlockOr("/offer/title", card_.description));
    SetText("shortTitle", "localizedShortTitle", Block("/offer/short_title"));
    SetText("provider", "localizedProvider", BlockOr("/offer/provider", card_.organization));
    SetText("details", "localizedDetails", Block("/offer/details"));
    SetText("finePrint", "localizedFinePrint", Block("/offer/fine_print"));
    const RenderedText help = Block("/offer/help_url");
    if (!help.empty()) body_["helpUri"]["uri"] = help.In(0);
    const Json& offer = layout_.source.offer;
    if (offer.is_object() && offer.contains("redemption_channel") &&
        offer["redemption_channel"].is_string()) {
      body_["redemptionChannel"] = Upper(offer["redemption_channel"].get<std::string>());
    }
    SetImage("titleImage", layout_.logo, card_.organization);
  }

  void SetLocalized(Json& target, const char* key, const RenderedText& text) {
    if (!text.empty()) target[key] = Localized(text, layout_.languages());
  }

  void WriteEvent() {
    SetLocalized(body_, "eventName", BlockOr("/event/name", Title()));
    SetLocalized(body_, "finePrint", Block("/event/fine_print"));
    SetImage("logo", layout_.logo, card_.organization);
    Json venue = Json::object();
    SetLocalized(venue, "name", Block("/event/venue/name"));
    SetLocalized(venue, "address", Block("/event/venue/address"));
    if (!venue.empty()) body_["venue"] = std::move(venue);
    Json when = Json::object();
    SetInstant(when, "start", "/event/start");
    SetInstant(when, "end", "/event/end");
    SetInstant(when, "doorsOpen", "/event/doors_open");
    if (!when.empty()) body_["dateTime"] = std::move(when);
    const RenderedText group = Block("/event/group");
    if (!group.empty()) body_["eventId"] = group.In(0);
  }

  void SetInstant(Json& target, const char* key, std::string_view pointer) const {
    const RenderedText text = Block(pointer);
    if (!text.empty()) target[key] = text.In(0);
  }

  // A label is mostly the same for all cards; else that of the first sample that has the field.
  RenderedText LabelOf(FieldUse use) const {
    for (std::size_t group = 0; group < layout_.places.size(); ++group) {
      for (std::size_t i = 0; i < layout_.places[group].size(); ++i) {
        const design::Text& label = layout_.source.fields[group][i].label;
        if (layout_.places[group][i].use != use || label.HasVariables()) continue;
        RenderedText text;
        for (std::size_t version = 0; version < label.versions().size(); ++version) {
          text.by_language.push_back(label.Literal(version));
        }
        return text;
      }
    }
    for (const design::Sample sample : kSamples) {
      const RenderedCard card = design_.Render(
          design::SampleValues(sample, design_.programme().currency), design::CardState::kActive);
      for (const design::FieldGroup group : kReadingOrder) {
        for (const design::RenderedField& field : card.Group(group)) {
          if (layout_.PlaceOf(group, field).use == use) return field.label;
        }
      }
    }
    return {};
  }

  bool Uses(FieldUse use) const {
    for (const auto& group : layout_.places) {
      for (const Layout::Place& place : group) {
        if (place.use == use) return true;
      }
    }
    return false;
  }

  void WriteLabels() {
    for (const LabelRow& row : kLabels) {
      if (row.vertical != layout_.vertical || !Uses(row.use)) continue;
      const RenderedText label = LabelOf(row.use);
      if (row.plain != nullptr) {
        SetText(row.plain, row.localized, label);
      } else {
        SetLocalized(body_, row.localized, label);
      }
    }
  }

  void Patch() {
    const Json& patch = layout_.source.google_class;
    if (!patch.is_object()) return;
    json::MergePatch(body_, FillPatch(patch, "/google/class", ClassSchema(layout_.vertical),
                                      layout_.source, card_));
  }

  const Layout& layout_;
  const design::Design& design_;
  const Environment& environment_;
  const RenderedCard card_;
  Json body_ = Json::object();
};

}  // namespace

Json MakeClass(const Layout& layout, const ClassId& id) {
  Json body = layout.class_body;
  body["id"] = id.str();
  return body;
}

Json ClassBody(const Layout& layout, const design::Design& design, const Environment& environment) {
  return Writer(layout, design, environment).Write();
}

}  // namespace passmint::google
