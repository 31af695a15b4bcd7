#pragma once

#include "design/template.h"
#include "google/layout.h"
#include "google/vertical.h"
#include "json/json.h"

namespace passmint::google {

// Decides for each field of a template where Google shows it: what its "google" says, else by its
// place on the Apple pass (README.md, "Fields without a hint").
Layout::Places PlaceFields(const design::Template& source, Vertical vertical);

// classTemplateInfo with up to three rows for the front, or null: then Google's own layout stands.
// Fields that the vertical has names for (points, balance, seat) come first, as Google would show
// them, because naming one row replaces all of them.
Json CardRows(const design::Template& source, Vertical vertical, const Layout::Places& places);

inline constexpr std::size_t kRowsMax = 3;      // Reference 1.13.
inline constexpr std::size_t kRowItemsMax = 3;  // oneItem, twoItems, threeItems.

}  // namespace passmint::google
