#include "app/preview.h"

#include <fmt/format.h>

#include <string_view>

#include "base/bytes.h"
#include "google/localized.h"
#include "image/qr.h"

namespace passmint::app {
namespace {

using design::FieldGroup;

constexpr char kStyle[] = R"(
body { font: 15px/1.3 system-ui, sans-serif; background: #ececf0; margin: 24px; color: #222 }
h2 { font-size: 15px; margin: 24px 0 8px }
.row { display: flex; gap: 24px; flex-wrap: wrap; align-items: flex-start }
.card { width: 343px; border-radius: 14px; overflow: hidden; box-shadow: 0 2px 12px #0003 }
.top, .fields { display: flex; justify-content: space-between; gap: 12px; padding: 12px }
.logo { height: 40px; max-width: 160px; object-fit: contain }
.round { width: 40px; height: 40px; border-radius: 50%; object-fit: cover }
.wide { width: 100%; display: block }
.field b { display: block; font-weight: 600; font-size: 18px }
.field i { font-style: normal; font-size: 11px; text-transform: uppercase }
.code { background: #fff; color: #000; width: 150px; margin: 12px auto 16px; border-radius: 8px; padding: 8px; text-align: center; font-size: 12px }
.back { background: #fff; color: #222; padding: 4px 12px }
)";

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

class Page {
 public:
  Page(const design::Design& design, const design::RenderedCard& card)
      : design_(design), card_(card) {}

  std::string Write() {
    const auto& languages = design_.source().languages;
    html_ = fmt::format(
        "<!doctype html>\n<html lang=\"{}\"><meta "
        "charset=\"utf-8\"><title>{}</title><style>{}</style>\n",
        languages[0], Escape(card_.organization.In(0)), kStyle);
    for (language_ = 0; language_ < languages.size(); ++language_) {
      html_ += fmt::format("<h2>{}</h2><div class=\"row\" lang=\"{}\" dir=\"auto\">",
                           languages[language_], languages[language_]);
      WriteApple();
      WriteGoogle();
      html_ += "</div>\n";
    }
    return std::move(html_);
  }

 private:
  // The picture of a slot in this language, at its largest scale; "" if the template has none.
  std::string Picture(std::string_view slot_name, std::string_view css_class) const {
    for (std::size_t i = 0; i < design_.slots().size(); ++i) {
      const design::ImageSlot& slot = design_.slots()[i];
      if (slot.name != slot_name) continue;
      const design::ImageFile* best = nullptr;
      for (const design::ImageFile& file : slot.variants[card_.image_variants[i]].files) {
        const bool suits =
            file.language.empty() || file.language == design_.source().languages[language_];
        if (suits && (best == nullptr || file.scale >= best->scale)) best = &file;
      }
      if (best == nullptr) return "";
      return fmt::format("<img class=\"{}\" alt=\"\" src=\"data:image/png;base64,{}\">", css_class,
                         ToBase64(*best->png));
    }
    return "";
  }

  void WriteFields(FieldGroup group) {
    if (card_.Group(group).empty()) return;
    html_ += "<div class=\"fields\">";
    const design::Template& source = design_.source();
    for (const design::RenderedField& field : card_.Group(group)) {
      const design::RenderedText value =
          google::ValueText(field, source.Group(group)[field.definition], source.languages);
      html_ +=
          fmt::format("<div class=\"field\"><i style=\"color:{}\">{}</i><b>{}</b></div>",
                      label_color_, field.label.empty() ? "" : Escape(field.label.In(language_)),
                      value.empty() ? "" : Escape(value.In(language_)));
    }
    html_ += "</div>";
  }

  void WriteCode() {
    if (card_.barcodes.empty()) return;
    const design::RenderedBarcode& barcode = card_.barcodes[0];
    const auto qr = image::MakeQr(barcode.message);
    html_ += fmt::format("<div class=\"code\">{}{}</div>",
                         qr.ok() ? image::QrToSvg(qr.value(), "") : "", Escape(barcode.text));
  }

  void WriteBack() {
    html_ += "<div class=\"back\">";
    WriteFields(FieldGroup::kBack);
    for (const design::RenderedLink& link : card_.links) {
      html_ += fmt::format("<p>{}: {}</p>", Escape(link.label.In(language_)), Escape(link.url));
    }
    html_ += "</div>";
  }

  void OpenCard() {
    const design::Colors& colors = design_.source().colors;
    const std::string foreground = colors.foreground.empty() ? "#ffffff" : colors.foreground;
    label_color_ = colors.label.empty() ? foreground : colors.label;
    html_ += fmt::format("<div class=\"card\" style=\"background:{};color:{}\">",
                         colors.background.empty() ? "#333333" : colors.background, foreground);
  }

  void WriteApple() {
    OpenCard();
    html_ += "<div class=\"top\">" + Picture("logo", "logo");
    if (!card_.logo_text.empty())
      html_ += "<span>" + Escape(card_.logo_text.In(language_)) + "</span>";
    html_ += "</div>";
    WriteFields(FieldGroup::kHeader);
    html_ += Picture("strip", "wide");
    for (const FieldGroup group :
         {FieldGroup::kPrimary, FieldGroup::kSecondary, FieldGroup::kAuxiliary}) {
      WriteFields(group);
    }
    WriteCode();
    label_color_ = "#666666";
    WriteBack();
    html_ += "</div>";
  }

  void WriteGoogle() {
    OpenCard();
    const std::string logo = Picture("google-logo", "round");
    html_ += "<div class=\"top\">" + (logo.empty() ? Picture("logo", "round") : logo);
    html_ += "<span>" + Escape(card_.organization.In(language_)) + "</span></div>";
    for (const FieldGroup group : {FieldGroup::kHeader, FieldGroup::kPrimary,
                                   FieldGroup::kSecondary, FieldGroup::kAuxiliary}) {
      WriteFields(group);
    }
    WriteCode();
    const std::string hero = Picture("google-hero", "wide");
    html_ += hero.empty() ? Picture("strip", "wide") : hero;
    label_color_ = "#666666";
    WriteBack();
    html_ += "</div>";
  }

  const design::Design& design_;
  const design::RenderedCard& card_;
  std::size_t language_ = 0;
  std::string label_color_;
  std::string html_;
};

}  // namespace

std::string PreviewPage(const design::Design& design, const design::RenderedCard& card) {
  return Page(design, card).Write();
}

}  // namespace passmint::app
