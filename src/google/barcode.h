#pragma once

#include <string_view>

#include "design/rendered_card.h"
#include "design/template.h"
#include "json/json.h"

namespace passmint::google {

// The first barcode of the card that Google can show, or null: Google takes one, where Apple takes
// a chain of fallbacks.
Json BarcodeJson(const design::Template& source, const design::RenderedCard& card);

// Google's name, "QR_CODE".
std::string_view BarcodeType(design::BarcodeFormat format);

// Whether the check digit at the end is right: EAN-8, EAN-13, UPC-A and ITF-14 share one rule (GS1
// General Specifications, 7.9). REQUIRES: digits only, at least two.
bool HasGs1CheckDigit(std::string_view digits);

// Why Google cannot show `value` as `type`, or "" if it can. Lengths by the description of
// BarcodeType in the schema.
std::string_view BarcodeProblem(std::string_view type, std::string_view value);

}  // namespace passmint::google
