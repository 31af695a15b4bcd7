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
  // Where one field of the template goes.
  struct Place {
    FieldUse use = FieldUse::kDetails;
    std::string module_id;  // With FieldUse kDetails and kRow..: the id of its text module.
    // True if neither label nor value depends on the card: the class says it once for all holders,
    // and links stay short.
    bool on_class = false;
  };
  using Places = std::array<std::vector<Place>, design::kFieldGroups>;

  Vertical vertical = Vertical::kLoyalty;
  design::Template source;
  std::string image_base_url;
  Places places;  // Parallel to source.fields.
  // Of the links that no card changes: the class has them, objects leave them out.
  std::vector<std::string> class_link_urls;
  std::optional<ImageSet> logo, hero, thumbnail;
  Json class_body;            // The class without its id, patched.
  Json object_base;           // What all objects have alike.
  bool patch_varies = false;  // google.object has texts: it is filled in for each card.

  const std::vector<std::string>& languages() const { return source.languages; }
  const Place& PlaceOf(design::FieldGroup group, const design::RenderedField& field) const {
    return places[static_cast<std::size_t>(group)][field.definition];
  }
  const design::Field& Definition(design::FieldGroup group,
                                  const design::RenderedField& field) const {
    return source.Group(group)[field.definition];
  }
};

// All groups in the order in which the front and then the back of a card are read.
inline constexpr std::array<design::FieldGroup, design::kFieldGroups> kReadingOrder = {
    design::FieldGroup::kHeader,    design::FieldGroup::kPrimary,    design::FieldGroup::kSecondary,
    design::FieldGroup::kAuxiliary, design::FieldGroup::kAdditional, design::FieldGroup::kFooter,
    design::FieldGroup::kBack};

// Nothing for a kind without a vertical.
std::optional<Layout> MakeLayout(const design::Design& design, const Environment& environment);

// The variant that the class shows of a picture; objects name theirs only if it is another one: of
// the last row of "images", which has no condition, without stamps.
std::size_t ClassVariant(const design::Template& source, const ImageSet& images);

}  // namespace passmint::google
