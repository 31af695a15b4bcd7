#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "design/design.h"
#include "google/environment.h"
#include "google/field_use.h"
#include "google/images.h"
#include "google/vertical.h"
#include "json/json.h"

namespace passmint::google {

// What a published template fixes for Google, worked out once: where each field goes, the URLs of
// the pictures, the class. Holds copies of what it needs. Immutable; safe for concurrent use.
struct Layout {
  // One field of the template.
  struct Place {
    FieldUse use;
    std::string pointer;    // JSON pointer to the field in template.json.
    std::string module_id;  // With FieldUse kText and kRow: the id of its text module.
    // True if neither label nor value depends on the card: the class says it once for all holders,
    // and links stay short.
    bool on_class = false;
    design::Field field;
  };

  Vertical vertical = Vertical::kLoyalty;
  std::vector<std::string> languages;
  std::string image_base_url;
  std::array<std::vector<Place>, design::kFieldGroups> places;  // Parallel to Template::fields.
  std::vector<design::BarcodeFormat> barcodes;                  // Parallel to Template::barcodes.
  std::vector<bool> link_on_class;                              // Parallel to Template::links.
  std::optional<ImageSet> logo, hero, thumbnail;
  std::size_t class_hero = 0;       // The variant that the class shows.
  std::size_t class_thumbnail = 0;  // Likewise.
  std::string background;           // "#rrggbb" or "".
  Json class_body;                  // The class without its id, patched.
  Json object_patch;                // template.json google.object, or null.
};

// Nothing for a kind without a vertical.
std::optional<Layout> MakeLayout(const design::Design& design, const Environment& environment);

}  // namespace passmint::google
