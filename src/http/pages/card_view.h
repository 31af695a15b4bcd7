#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "design/design.h"
#include "design/rendered_card.h"

namespace passmint::http::pages {

struct FieldView {
  std::string label;
  std::string value;
};

// A picture inside the page, so that the card needs no second request.
struct PictureView {
  std::string data_uri;  // "" if the template has none.
  unsigned width = 0;    // Pixels of the page.
  unsigned height = 0;

  bool empty() const { return data_uri.empty(); }
};

// A card as the page draws it: near to what Apple Wallet shows, in one language.
struct CardView {
  std::string language;
  bool right_to_left = false;
  std::string organization;
  std::string description;
  std::string logo_text;
  // "#RRGGBB", nothing else: they become part of a style sheet.
  std::string background;
  std::string foreground;
  std::string label;
  PictureView icon;
  PictureView logo;
  PictureView strip;
  PictureView thumbnail;
  std::vector<FieldView> header;
  std::vector<FieldView> primary;
  std::vector<FieldView> secondary;
  std::vector<FieldView> auxiliary;
  // What a till scans, if it is a QR code; "" if it is something else.
  std::string qr_message;
  std::string qr_text;
};

// REQUIRES: `card` was rendered by `design`; `language` is an index into its languages.
CardView MakeCardView(const design::Design& design, const design::RenderedCard& card,
                      std::size_t language);

}  // namespace passmint::http::pages
