#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/pages/card_view.h"
#include "http/pages/device.h"
#include "http/pages/texts.h"

namespace passmint::http::pages {

struct Page {
  std::string html;
  // The Content-Security-Policy that fits: no script at all, nothing from anywhere, and only the
  // page's own two style sheets, by their hashes.
  std::string policy;
};

struct CardPage {
  const Texts& texts;
  CardView card;
  std::string first_name;  // May be empty.
  Device device;
  std::string url;    // Of the page: what its QR code says.
  std::string token;  // The page's links are relative, so that it works under any address.
  bool has_apple = false;
  bool has_google = false;
  bool blocked = false;
};

// Fails with kInvalidArgument if the address is too long for a QR code.
Result<Page> RenderCardPage(const CardPage& facts);

// What is said instead of a card. `back`: a link to the card, "" for none.
Page RenderMessagePage(const Texts& texts, const Texts::Message& message, std::string_view back);

}  // namespace passmint::http::pages
