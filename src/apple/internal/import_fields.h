#pragma once

#include <set>
#include <string>
#include <vector>

#include "apple/internal/import_texts.h"
#include "json/json.h"

namespace passmint::apple::internal {

// "fields" of the template for the style object of a pass ("storeCard": {...}). A field that says
// `code`, what the pass's barcode says, shows each card's number from now on.
Json ImportFields(const Json& style, const std::string& code, ImportTexts& texts,
                  std::vector<ImportNote>& notes);

// What the first barcode of the pass says; "" if it has none.
std::string BarcodeMessage(const Json& pass);

// "barcode" of the template; null if the pass has none.
Json ImportBarcodes(const Json& pass, std::vector<ImportNote>& notes);

// "locations"; an empty array if the pass has none.
Json ImportLocations(const Json& pass, ImportTexts& texts, std::vector<ImportNote>& notes);

}  // namespace passmint::apple::internal
