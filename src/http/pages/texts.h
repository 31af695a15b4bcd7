#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace passmint::http::pages {

// Every sentence of the customers' pages in one language. "{}" is the one thing that a sentence
// speaks of, which its comment names.
struct Texts {
  std::string_view language;

  std::string_view title;  // The organisation.
  std::string_view ready;
  std::string_view ready_for;  // The customer's first name.
  std::string_view lead_phone;
  std::string_view lead_desktop;
  std::string_view lead_no_wallet;
  std::string_view wallets;  // What the buttons are, for screen readers.

  std::string_view blocked_title;
  std::string_view blocked_text;  // The organisation.

  std::string_view add_to_apple;
  std::string_view add_to_google;
  std::string_view other_wallet;
  std::string_view download_pass;

  std::string_view leave_title_safari;
  std::string_view leave_title_chrome;
  std::string_view leave_text;
  std::string_view open_safari;
  std::string_view open_chrome;
  std::string_view copy_address;
  std::string_view try_here;

  std::string_view qr_title_desktop;
  std::string_view qr_text_desktop;
  std::string_view qr_title_phone;
  std::string_view qr_text_phone;
  std::string_view qr_alt;
  std::string_view on_this_device;

  std::string_view till_summary;
  std::string_view till_text;
  std::string_view till_alt;  // The card's number.

  std::string_view private_page;
  std::string_view other_language;  // In that language itself.
  std::string_view other_language_tag;

  struct Message {
    std::string_view title;
    std::string_view text;
  };
  Message invited;  // A code follows the text.
  Message not_found;
  Message no_such_wallet;
  Message gone;
  Message pending;
  Message wrong_method;
  Message too_many;
  Message unavailable;
  Message internal;
  std::string_view back_to_card;
};

// English, or Russian for "ru" and "ru-*".
const Texts& TextsIn(std::string_view language);

// The page's language, the first of these that is one of ours: what the customer chose on the page
// (`asked`), the best of the Accept-Language header, the member's locale, the programme's first
// language; else English.
const Texts& ChooseTexts(std::string_view asked, std::string_view accept_language,
                         std::string_view member_locale,
                         const std::vector<std::string>& programme_languages);

// The card's own language among those of its template, found in the same order. REQUIRES: `offered`
// is not empty.
std::size_t ChooseCardLanguage(const std::vector<std::string>& offered, std::string_view asked,
                               std::string_view accept_language, std::string_view member_locale);

// `pattern` with `what` in the place of "{}". Nothing in `what` is special.
std::string Fill(std::string_view pattern, std::string_view what);

}  // namespace passmint::http::pages
