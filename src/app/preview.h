#pragma once

#include <string>

#include "design/design.h"
#include "design/rendered_card.h"

namespace passmint::app {

// One HTML page, whole in itself, with the card in every language as each wallet lays it out:
// where fields, pictures, colours and the barcode go, not the wallets' exact pixels.
// REQUIRES: `card` was rendered by `design`.
std::string PreviewPage(const design::Design& design, const design::RenderedCard& card);

}  // namespace passmint::app
