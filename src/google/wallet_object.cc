#include "google/wallet_object.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/timestamp.h"
#include "design/blocks.h"
#include "google/barcode.h"
#include "google/localized.h"
#include "google/modules.h"
#include "google/patch.h"

namespace passmint::google {
namespace {

using design::RenderedField;
using design::RenderedText;

// Google's names. A closed card is voided, as a blocked one is; only time makes it expired.
const char* StateName(design::CardState state) {
  switch (state) {
    case design::CardState::kActive:
      return "ACTIVE";
    case design::CardState::kBlocked:
    case design::CardState::kClosed:
      return "INACTIVE";
    case design::CardState::kExpired:
      return "EXPIRED";
  }
  return "INACTIVE";
}

// The balance of loyalty points. A template's type fixes which of Google's four members it is:
// money for currency, int for number, string for the rest. A count that an int32 cannot hold has to
// be a string too: Google would refuse it otherwise.
Json PointsBalance(const RenderedField& field, const design::Field& definition,
                   const std::vector<std::string>& languages) {
  Json balance = Json::object();
  Json money = MoneyJson(field);
  const auto* integer = std::get_if<std::int64_t>(&field.value);
  if (!money.is_null()) {
    balance["money"] = std::move(money);
  } else if (integer != nullptr && definition.type == design::FieldType::kNumber &&
             *integer <= std::numeric_limits<std::int32_t>::max() &&
             *integer >= std::numeric_limits<std::int32_t>::min()) {
    balance["int"] = *integer;
  } else {
    balance["string"] = ValueText(field, definition, languages).In(0);
  }
  return balance;
}

// Fills in one object.
class Writer {
 public:
  Writer(const Layout& layout, const design::RenderedCard& card, Json& object)
      : layout_(layout), card_(card), object_(object), languages_(layout.languages()) {}

  void Write() {
    object_["state"] = StateName(card_.state);
    if (layout_.vertical == Vertical::kEventTicket) WriteEvent();
    WriteFields();
    AddModules(object_, layout_, card_, false);
    WriteBarcode();
    WriteImages();
    if (card_.expires) object_["validTimeInterval"]["end"]["date"] = FormatRfc3339(*card_.expires);
    if (layout_.vertical == Vertical::kGeneric) CompleteGeneric();
    if (layout_.vertical == Vertical::kGiftCard) CompleteGift();
  }

 private:
  RenderedText Value(const RenderedField& field, const design::Field& definition) const {
    return ValueText(field, definition, languages_);
  }

  void WriteFields() {
    for (const design::FieldGroup group : kReadingOrder) {
      for (const RenderedField& field : card_.Group(group)) {
        WriteField(layout_.PlaceOf(group, field).use, field, layout_.Definition(group, field));
      }
    }
  }

  void WritePoints(const char* key, const RenderedField& field, const design::Field& definition) {
    Json& points = object_[key];
    SetTwins(points, "label", "localizedLabel", field.label, languages_);
    points["balance"] = PointsBalance(field, definition, languages_);
  }

  void WriteMoney(const char* key, const RenderedField& field) {
    Json money = MoneyJson(field);
    if (!money.is_null()) object_[key] = std::move(money);
  }

  void WriteField(FieldUse use, const RenderedField& field, const design::Field& definition) {
    switch (use) {
      case FieldUse::kLoyaltyPoints:
        return WritePoints("loyaltyPoints", field, definition);
      case FieldUse::kSecondaryLoyaltyPoints:
        return WritePoints("secondaryLoyaltyPoints", field, definition);
      case FieldUse::kBalance:
        return WriteMoney("balance", field);
      case FieldUse::kFaceValue:
        return WriteMoney("faceValue", field);
      case FieldUse::kSubheader:
        has_subheader_ = true;
        break;
      case FieldUse::kHeader:
        header_label_ = &field.label;
        break;
      default:
        break;
    }
    WriteText(use, Value(field, definition));
  }

  void WriteText(FieldUse use, const RenderedText& value) {
    const std::string key(Name(use));
    switch (use) {
      case FieldUse::kAccountName:
      case FieldUse::kAccountId:
      case FieldUse::kCardNumber:
      case FieldUse::kPin:
      case FieldUse::kEventNumber:
      case FieldUse::kTicketHolderName:
      case FieldUse::kTicketNumber:
      case FieldUse::kSmartTap:
        object_[key] = value.In(0);
        break;
      case FieldUse::kConfirmationCode:
        object_["reservationInfo"][key] = value.In(0);
        break;
      case FieldUse::kCardTitle:
      case FieldUse::kHeader:
      case FieldUse::kSubheader:
      case FieldUse::kTicketType:
        object_[key] = Localized(value, languages_);
        break;
      case FieldUse::kSection:
      case FieldUse::kSeatRow:
      case FieldUse::kSeat:
      case FieldUse::kGate:
        object_["seatInfo"][key] = Localized(value, languages_);
        break;
      default:
        break;  // Text modules and "none".
    }
  }

  // What the template's "event" says about this ticket; a field with the same use wins.
  void WriteEvent() {
    struct Row {
      std::string_view pointer;
      FieldUse use;
    };
    constexpr Row kRows[] = {{"/event/holder", FieldUse::kTicketHolderName},
                             {"/event/number", FieldUse::kTicketNumber},
                             {"/event/ticket_type", FieldUse::kTicketType},
                             {"/event/confirmation_code", FieldUse::kConfirmationCode},
                             {"/event/seat/section", FieldUse::kSection},
                             {"/event/seat/row", FieldUse::kSeatRow},
                             {"/event/seat/seat", FieldUse::kSeat},
                             {"/event/seat/gate", FieldUse::kGate}};
    for (const Row& row : kRows) {
      const RenderedText* const text = design::FindBlockText(layout_.source, card_, row.pointer);
      if (text != nullptr && !text->empty()) WriteText(row.use, *text);
    }
  }

  void WriteBarcode() {
    Json barcode = BarcodeJson(layout_.source, card_);
    if (!barcode.is_null()) object_["barcode"] = std::move(barcode);
  }

  // The picture of `set` that this card shows, or null.
  const Image* Shown(const std::optional<ImageSet>& set) const {
    if (!set || set->slot >= card_.image_variants.size()) return nullptr;
    const std::size_t variant = card_.image_variants[set->slot];
    return variant < set->variants.size() ? &set->variants[variant] : nullptr;
  }

  void WriteImage(const char* key, const Image& image) {
    object_[key] =
        ImageJson(image.Url(layout_.image_base_url), FirstLanguage(card_.organization), languages_);
  }

  // One language is enough for a picture's description where every byte lengthens a link.
  static RenderedText FirstLanguage(const RenderedText& text) {
    return text.empty() ? RenderedText{} : RenderedText{{text.In(0)}};
  }

  void WriteImages() {
    const bool generic = layout_.vertical == Vertical::kGeneric;
    const Image* const hero = Shown(layout_.hero);
    if (hero != nullptr &&
        (generic || hero != &layout_.hero->variants[ClassVariant(layout_.source, *layout_.hero)])) {
      WriteImage("heroImage", *hero);
    }
    if (const Image* logo = Shown(layout_.logo); generic && logo != nullptr) {
      WriteImage("logo", *logo);
    }
    const Image* const thumbnail = Shown(layout_.thumbnail);
    if (thumbnail != nullptr && layout_.thumbnail->variants.size() > 1) {
      Json module = Json::object();
      module["mainImage"] = ImageJson(thumbnail->Url(layout_.image_base_url),
                                      FirstLanguage(card_.organization), languages_);
      object_["imageModulesData"] = Json::array({std::move(module)});
    }
  }

  void CompleteGeneric() {
    if (!object_.contains("cardTitle")) {
      object_["cardTitle"] =
          Localized(card_.logo_text.empty() ? card_.organization : card_.logo_text, languages_);
    }
    if (!object_.contains("header")) {
      object_["header"] =
          Localized(card_.description.empty() ? card_.organization : card_.description, languages_);
    } else if (!has_subheader_ && header_label_ != nullptr && !header_label_->empty()) {
      object_["subheader"] = Localized(*header_label_, languages_);
    }
  }

  // A gift card must have a number; without a field for it that is what its barcode says.
  void CompleteGift() {
    if (!object_.contains("cardNumber") && !card_.barcodes.empty()) {
      object_["cardNumber"] = card_.barcodes.front().message;
    }
  }

  const Layout& layout_;
  const design::RenderedCard& card_;
  Json& object_;
  const std::vector<std::string>& languages_;
  bool has_subheader_ = false;
  const RenderedText* header_label_ = nullptr;
};

}  // namespace

Json MakeObject(const Layout& layout, const design::RenderedCard& card, const ClassId& class_id,
                const ObjectId& object_id) {
  Json object = layout.object_base;
  Writer(layout, card, object).Write();
  const Json& patch = layout.source.google_object;
  if (patch.is_object() && !patch.empty()) {
    if (layout.patch_varies) {
      json::MergePatch(object, FillPatch(patch, "/google/object", ObjectSchema(layout.vertical),
                                         layout.source, card));
    } else {
      json::MergePatch(object, patch);
    }
  }
  // After the patch: ids and state are ours (contract/templates.md, reserved).
  object["id"] = object_id.str();
  object["classId"] = class_id.str();
  object["state"] = StateName(card.state);
  return object;
}

}  // namespace passmint::google
