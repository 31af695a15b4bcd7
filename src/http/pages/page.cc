#include "http/pages/page.h"

#include <initializer_list>
#include <kainjow/mustache.hpp>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "http/embedded_pages.h"
#include "http/pages/badges.h"
#include "image/qr.h"

namespace passmint::http::pages {
namespace {

using View = kainjow::mustache::data;
using Template = kainjow::mustache::mustache;

// Every key that a template asks for is set, if only to false: mustache looks for a missing one in
// the sections around it and would find another thing's text.
View Object(std::initializer_list<std::pair<const char*, View>> members) {
  View object{View::type::object};
  for (const auto& [name, value] : members) object.set(name, value);
  return object;
}

View TextOrFalse(const std::string& text) { return text.empty() ? View(false) : View(text); }

std::string Str(std::string_view text) { return std::string(text); }

std::string Style() { return Str(PagesCss()); }

std::string HashSource(std::string_view style) {
  return " 'sha256-" + ToBase64(crypto::Sha256(style)) + "'";
}

// No 'self' anywhere: pictures are data: URIs, so that the page asks for nothing more.
std::string Policy(std::initializer_list<std::string_view> styles) {
  std::string policy = "default-src 'none'; img-src data:; style-src";
  for (const std::string_view style : styles) policy += HashSource(style);
  return policy + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

View PictureOrFalse(const PictureView& picture, const std::string& alt) {
  if (picture.empty()) return {false};
  return Object({{"uri", picture.data_uri},
                 {"width", std::to_string(picture.width)},
                 {"height", std::to_string(picture.height)},
                 {"alt", alt}});
}

View FieldList(const std::vector<FieldView>& fields) {
  View list{View::type::list};
  for (const FieldView& field : fields) {
    list.push_back(Object({{"label", field.label}, {"value", field.value}}));
  }
  return list;
}

View Rows(const CardView& card) {
  View rows{View::type::list};
  for (const std::vector<FieldView>* fields : {&card.secondary, &card.auxiliary}) {
    if (!fields->empty()) rows.push_back(Object({{"fields", FieldList(*fields)}}));
  }
  return rows;
}

View Card(const CardView& card) {
  // The logo speaks only where no text says the name.
  const std::string logo_alt = card.logo_text.empty() ? card.organization : "";
  return Object({{"description", card.description},
                 {"language", card.language},
                 {"direction", card.right_to_left ? "rtl" : "ltr"},
                 {"logo_text", card.logo_text},
                 {"logo", PictureOrFalse(card.logo, logo_alt)},
                 {"has_header", !card.header.empty()},
                 {"header", FieldList(card.header)},
                 {"strip", PictureOrFalse(card.strip, "")},
                 {"has_middle", !card.primary.empty() || !card.thumbnail.empty()},
                 {"thumbnail", PictureOrFalse(card.thumbnail, "")},
                 {"has_primary", !card.primary.empty()},
                 {"primary", FieldList(card.primary)},
                 {"rows", Rows(card)}});
}

std::string Colors(const CardView& card) {
  return ":root{--card-background:" + card.background + ";--card-foreground:" + card.foreground +
         ";--card-label:" + card.label + "}";
}

Result<std::string> QrUri(const std::string& text) {
  const auto qr = image::MakeQr(text);
  if (!qr.ok()) return qr.error();
  return "data:image/svg+xml;base64," + ToBase64(image::QrToSvg(qr.value(), ""));
}

// Safari's own scheme opens a link that another app's browser holds (iOS 17; older ones ignore it,
// hence the address to copy).
std::string SafariLink(const std::string& url) { return "x-safari-" + url; }

// https://developer.chrome.com/docs/android/intents
std::string ChromeLink(const std::string& url) {
  const std::size_t end = url.find("://");
  return "intent" + url.substr(end) + "#Intent;scheme=" + url.substr(0, end) +
         ";package=com.android.chrome;end";
}

class Writer {
 public:
  explicit Writer(const CardPage& facts) : facts_(facts), texts_(facts.texts) {}

  Result<Page> Write() {
    auto qr = QrUri(facts_.url);
    if (!qr.ok()) return std::move(qr).error();
    qr_uri_ = std::move(qr).value();
    const std::string style = Style();
    const std::string colors = Colors(facts_.card);

    View view = Object({{"style", style}, {"colors", colors}, {"card", Card(facts_.card)}});
    SetHead(view);
    SetActions(view);
    SetQr(view);
    view.set("till", Till());
    return Page{Template(Str(CardPageMustache())).render(view), Policy({style, colors})};
  }

 private:
  bool is_phone() const { return facts_.device.platform != Platform::kDesktop; }
  bool has_wallet() const { return facts_.has_apple || facts_.has_google; }

  void SetHead(View& view) const {
    const CardView& card = facts_.card;
    view.set("language", Str(texts_.language));
    view.set("title", Fill(texts_.title, card.organization));
    view.set("organization", card.organization);
    view.set("favicon", card.icon.empty() ? "data:," : card.icon.data_uri);
    view.set("icon", PictureOrFalse(card.icon, ""));
    view.set("layout", is_phone() ? "phone" : "desktop");
    view.set("other_language", Str(texts_.other_language));
    view.set("other_language_tag", Str(texts_.other_language_tag));
    view.set("heading", Heading());
    view.set("lead", Lead());
    view.set("private_page", Str(texts_.private_page));
  }

  std::string Heading() const {
    if (facts_.blocked) return Str(texts_.blocked_title);
    if (facts_.first_name.empty()) return Str(texts_.ready);
    return Fill(texts_.ready_for, facts_.first_name);
  }

  std::string Lead() const {
    if (facts_.blocked) return Fill(texts_.blocked_text, facts_.card.organization);
    if (!has_wallet()) return Str(texts_.lead_no_wallet);
    return Str(is_phone() ? texts_.lead_phone : texts_.lead_desktop);
  }

  void SetActions(View& view) const {
    view.set("leave", Leave());
    view.set("wallets", Wallets());
    view.set("other", Other());
  }

  View Leave() const {
    if (!facts_.device.in_app || !has_wallet()) return {false};
    const bool safari = facts_.device.platform == Platform::kIphone;
    return Object({{"title", Str(safari ? texts_.leave_title_safari : texts_.leave_title_chrome)},
                   {"text", Str(texts_.leave_text)},
                   {"href", safari ? SafariLink(facts_.url) : ChromeLink(facts_.url)},
                   {"button", Str(safari ? texts_.open_safari : texts_.open_chrome)},
                   {"copy", Str(texts_.copy_address)},
                   {"address", facts_.url}});
  }

  View Button(Badge badge) const {
    const bool apple = badge == Badge::kApple;
    return Object({{"href", facts_.token + (apple ? "/pass.pkpass" : "/google")},
                   {"text", Str(apple ? texts_.add_to_apple : texts_.add_to_google)},
                   {"badge", TextOrFalse(BadgeUri(badge, texts_.language))},
                   {"secondary", facts_.device.in_app || facts_.blocked || !is_phone()}});
  }

  // A phone gets the button of its own wallet, or the only one there is.
  bool OffersApple() const {
    return facts_.has_apple && (facts_.device.platform != Platform::kAndroid || !facts_.has_google);
  }
  bool OffersGoogle() const {
    return facts_.has_google && (facts_.device.platform != Platform::kIphone || !facts_.has_apple);
  }

  View Wallets() const {
    if (!has_wallet()) return {false};
    View buttons{View::type::list};
    if (OffersApple()) buttons.push_back(Button(Badge::kApple));
    if (OffersGoogle()) buttons.push_back(Button(Badge::kGoogle));
    std::string title;
    if (facts_.device.in_app) title = texts_.try_here;
    if (!is_phone()) title = texts_.on_this_device;
    return Object({{"name", Str(texts_.wallets)},
                   {"wallets_title", TextOrFalse(title)},
                   {"buttons", buttons}});
  }

  // The wallet that is not this phone's first choice. Google Wallet reads .pkpass files too, and so
  // do other apps on Android.
  View Other() const {
    if (!is_phone() || !facts_.has_apple || !facts_.has_google) return {false};
    const bool iphone = facts_.device.platform == Platform::kIphone;
    return Object({{"title", Str(texts_.other_wallet)},
                   {"href", facts_.token + (iphone ? "/google" : "/pass.pkpass")},
                   {"text", Str(iphone ? texts_.add_to_google : texts_.download_pass)}});
  }

  void SetQr(View& view) const {
    const bool phone = is_phone();
    const View qr = Object({{"uri", qr_uri_},
                            {"alt", Str(texts_.qr_alt)},
                            {"title", Str(phone ? texts_.qr_title_phone : texts_.qr_title_desktop)},
                            {"text", Str(phone ? texts_.qr_text_phone : texts_.qr_text_desktop)}});
    view.set("qr_first", phone ? View(false) : qr);
    view.set("qr_last", phone ? qr : View(false));
  }

  // For those without a wallet. On a phone only: nobody carries a desktop to a till.
  View Till() const {
    if (!is_phone() || facts_.card.qr_message.empty()) return {false};
    const auto uri = QrUri(facts_.card.qr_message);
    if (!uri.ok()) return {false};
    return Object({{"summary", Str(texts_.till_summary)},
                   {"uri", uri.value()},
                   {"alt", Fill(texts_.till_alt, facts_.card.qr_text)},
                   {"number", facts_.card.qr_text},
                   {"text", Str(texts_.till_text)}});
  }

  const CardPage& facts_;
  const Texts& texts_;
  std::string qr_uri_;
};

}  // namespace

Result<Page> RenderCardPage(const CardPage& facts) { return Writer(facts).Write(); }

Page RenderMessagePage(const Texts& texts, const Texts::Message& message, std::string_view back) {
  const std::string style = Style();
  const View back_link = back.empty()
                             ? View(false)
                             : Object({{"href", Str(back)}, {"label", Str(texts.back_to_card)}});
  View view = Object({{"language", Str(texts.language)},
                      {"style", style},
                      {"title", Str(message.title)},
                      {"text", Str(message.text)},
                      {"back", back_link}});
  return {Template(Str(MessagePageMustache())).render(view), Policy({style})};
}

}  // namespace passmint::http::pages
