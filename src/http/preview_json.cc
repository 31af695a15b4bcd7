#include "http/preview_json.h"

#include <algorithm>
#include <string>
#include <vector>

#include "google/field_use.h"
#include "google/localized.h"
#include "image/qr.h"

namespace passmint::http {
namespace {

using design::FieldGroup;
using design::RenderedText;

Json TextsJson(const RenderedText& text, std::size_t languages) {
  Json list = Json::array();
  for (std::size_t i = 0; i < languages; ++i) list.push_back(text.empty() ? "" : text.In(i));
  return list;
}

const char* AlignmentName(design::Alignment align) {
  switch (align) {
    case design::Alignment::kLeft:
      return "left";
    case design::Alignment::kCenter:
      return "center";
    case design::Alignment::kRight:
      return "right";
    case design::Alignment::kNatural:
      break;
  }
  return "natural";
}

// The style of pass.json that a kind becomes (contract/templates.md, table of kinds).
const char* AppleStyle(design::Kind kind) {
  switch (kind) {
    case design::Kind::kLoyalty:
    case design::Kind::kGift:
      return "storeCard";
    case design::Kind::kMembership:
      return "generic";
    case design::Kind::kCoupon:
      return "coupon";
    case design::Kind::kTicket:
      return "eventTicket";
    case design::Kind::kBoarding:
      break;
  }
  return "boardingPass";
}

// Writes the parts of one card.
class Writer {
 public:
  Writer(const design::Design& design, const design::RenderedCard& card,
         const google::Layout* layout)
      : source_(design.source()), slots_(design.slots()), card_(card), layout_(layout) {}

  Json Write() const {
    return {{"kind", design::Name(source_.kind)},
            {"languages", source_.languages},
            {"organization", Texts(card_.organization)},
            {"description", Texts(card_.description)},
            {"logo_text", Texts(card_.logo_text)},
            {"colors",
             {{"background", source_.colors.background},
              {"foreground", source_.colors.foreground},
              {"label", source_.colors.label}}},
            {"apple", {{"style", AppleStyle(source_.kind)}, {"fields", AppleFields()}}},
            {"google", layout_ == nullptr ? Json(nullptr) : Json{{"fields", GoogleFields()}}},
            {"barcode", Barcode()},
            {"links", Links()},
            {"images", Images()}};
  }

 private:
  Json Texts(const RenderedText& text) const { return TextsJson(text, source_.languages.size()); }

  const design::Field& Definition(FieldGroup group, const design::RenderedField& field) const {
    return source_.Group(group)[field.definition];
  }

  Json FieldJson(FieldGroup group, const design::RenderedField& field) const {
    const design::Field& definition = Definition(group, field);
    return {{"key", definition.key},
            {"group", design::Name(group)},
            {"index", field.definition},
            {"label", Texts(field.label)},
            {"value", Texts(google::ValueText(field, definition, source_.languages))},
            {"change", Texts(field.change)},
            {"align", AlignmentName(definition.align)},
            {"row", definition.row}};
  }

  // By group, as pass.json has them.
  Json AppleFields() const {
    Json groups = Json::object();
    for (std::size_t i = 0; i < design::kFieldGroups; ++i) {
      const auto group = static_cast<FieldGroup>(i);
      Json list = Json::array();
      for (const design::RenderedField& field : card_.Group(group)) {
        list.push_back(FieldJson(group, field));
      }
      groups[std::string(design::Name(group))] = std::move(list);
    }
    return groups;
  }

  // In reading order, each with where Google puts it; those that Google does not show are left out.
  Json GoogleFields() const {
    Json list = Json::array();
    for (const FieldGroup group : google::kReadingOrder) {
      for (const design::RenderedField& field : card_.Group(group)) {
        const google::FieldUse use = layout_->PlaceOf(group, field).use;
        if (use == google::FieldUse::kNone) continue;
        Json entry = FieldJson(group, field);
        entry["use"] = google::Name(use);
        entry["front_row"] = google::RowOf(use);
        list.push_back(std::move(entry));
      }
    }
    return list;
  }

  Json Barcode() const {
    if (card_.barcodes.empty()) return nullptr;
    const design::RenderedBarcode& barcode = card_.barcodes.front();
    const bool is_qr = source_.barcodes[barcode.definition].format == design::BarcodeFormat::kQr;
    Json json = {{"message", barcode.message}, {"text", barcode.text}, {"qr", nullptr}};
    if (!is_qr) return json;
    const auto qr = image::MakeQr(barcode.message);
    if (qr.ok()) json["qr"] = image::QrToSvg(qr.value(), "");
    return json;
  }

  Json Links() const {
    Json list = Json::array();
    for (const design::RenderedLink& link : card_.links) {
      list.push_back({{"label", Texts(link.label)}, {"url", link.url}});
    }
    return list;
  }

  // Size in points or pixels of the largest file of the variant that this card shows.
  Json Images() const {
    Json images = Json::object();
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const std::size_t variant = card_.image_variants[i];
      const auto& files = slots_[i].variants[variant].files;
      const auto largest =
          std::max_element(files.begin(), files.end(),
                           [](const auto& a, const auto& b) { return a.scale < b.scale; });
      if (largest == files.end()) continue;
      images[slots_[i].name] = {
          {"variant", variant}, {"width", largest->width}, {"height", largest->height}};
    }
    return images;
  }

  const design::Template& source_;
  const std::vector<design::ImageSlot>& slots_;
  const design::RenderedCard& card_;
  const google::Layout* layout_;
};

}  // namespace

Json PreviewJson(const design::Design& design, const design::RenderedCard& card,
                 const google::Layout* layout) {
  return Writer(design, card, layout).Write();
}

}  // namespace passmint::http
