#include "http/pages/card_view.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/bytes.h"
#include "base/language.h"
#include "google/localized.h"

namespace passmint::http::pages {
namespace {

using design::FieldGroup;

constexpr std::string_view kWhite = "#FFFFFF";
constexpr std::string_view kBlack = "#1A1A1A";
constexpr std::string_view kDefaultBackground = "#33363B";

// Twice the layout's pixels: sharp on every phone, and half the bytes of @3x.
constexpr int kScaleWanted = 2;

bool IsHexColor(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         std::all_of(text.begin() + 1, text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

// A template's colours are checked when it is published; this is the last line before a style
// sheet.
std::string ColorOr(std::string_view color, std::string_view otherwise) {
  return std::string(IsHexColor(color) ? color : otherwise);
}

int Channel(const std::string& color, std::size_t at) {
  return std::stoi(color.substr(at, 2), nullptr, 16);
}

// WCAG 2.2, "relative luminance".
double Luminance(const std::string& color) {
  const auto linear = [](int channel) {
    const double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(Channel(color, 1)) + 0.7152 * linear(Channel(color, 3)) +
         0.0722 * linear(Channel(color, 5));
}

// Black and white are equally far from a luminance of 0.179.
std::string_view ReadableOn(const std::string& background) {
  return Luminance(background) > 0.179 ? kBlack : kWhite;
}

std::string In(const design::RenderedText& text, std::size_t language) {
  return text.empty() ? std::string() : text.In(language);
}

class Maker {
 public:
  Maker(const design::Design& design, const design::RenderedCard& card, std::size_t language)
      : design_(design), card_(card), language_(language) {}

  CardView Make() const {
    CardView view;
    view.language = design_.source().languages[language_];
    view.right_to_left = IsRightToLeft(view.language);
    view.organization = In(card_.organization, language_);
    view.description = In(card_.description, language_);
    view.logo_text = In(card_.logo_text, language_);
    SetColors(view);
    view.icon = Picture("icon");
    view.logo = Picture("logo");
    view.strip = Picture("strip");
    view.thumbnail = Picture("thumbnail");
    view.header = Fields(FieldGroup::kHeader);
    view.primary = Fields(FieldGroup::kPrimary);
    view.secondary = Fields(FieldGroup::kSecondary);
    view.auxiliary = Fields(FieldGroup::kAuxiliary);
    SetQr(view);
    return view;
  }

 private:
  void SetColors(CardView& view) const {
    const design::Colors& colors = design_.source().colors;
    view.background = ColorOr(colors.background, kDefaultBackground);
    view.foreground = ColorOr(colors.foreground, ReadableOn(view.background));
    view.label = ColorOr(colors.label, view.foreground);
  }

  PictureView Picture(std::string_view slot_name) const {
    const auto& slots = design_.slots();
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (slots[i].name == slot_name) return Picture(slots[i].variants[card_.image_variants[i]]);
    }
    return {};
  }

  PictureView Picture(const design::ImageVariant& variant) const {
    const design::ImageFile* best = nullptr;
    for (const design::ImageFile& file : variant.files) {
      if (!file.language.empty() && file.language != design_.source().languages[language_]) {
        continue;
      }
      const int distance = std::abs(file.scale - kScaleWanted);
      if (best == nullptr || distance < std::abs(best->scale - kScaleWanted)) best = &file;
    }
    if (best == nullptr) return {};
    const auto scale = static_cast<unsigned>(best->scale);
    return {.data_uri = "data:image/png;base64," + ToBase64(*best->png),
            .width = best->width / scale,
            .height = best->height / scale};
  }

  std::vector<FieldView> Fields(FieldGroup group) const {
    std::vector<FieldView> views;
    const design::Template& source = design_.source();
    for (const design::RenderedField& field : card_.Group(group)) {
      const design::RenderedText value =
          google::ValueText(field, source.Group(group)[field.definition], source.languages);
      views.push_back({In(field.label, language_), In(value, language_)});
    }
    return views;
  }

  void SetQr(CardView& view) const {
    if (card_.state != design::CardState::kActive) return;
    for (const design::RenderedBarcode& barcode : card_.barcodes) {
      if (design_.source().barcodes[barcode.definition].format != design::BarcodeFormat::kQr) {
        continue;
      }
      view.qr_message = barcode.message;
      view.qr_text = barcode.text;
      return;
    }
  }

  const design::Design& design_;
  const design::RenderedCard& card_;
  const std::size_t language_;
};

}  // namespace

CardView MakeCardView(const design::Design& design, const design::RenderedCard& card,
                      std::size_t language) {
  return Maker(design, card, language).Make();
}

}  // namespace passmint::http::pages
