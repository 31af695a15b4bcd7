#pragma once

#include <string>
#include <vector>

#include "design/internal/image_index.h"
#include "design/internal/renderer.h"
#include "design/internal/slots.h"
#include "design/template.h"

namespace passmint::design::internal {

// The pictures of one language (or of all) for one variant, at the scales that the folder has.
struct ImageView {
  std::string language;                     // "": at the root of the bundle.
  std::vector<const ImageSource*> sources;  // At least one, ascending by scale.
};

struct VariantPlan {
  std::vector<ImageView> views;  // Empty: nothing but stamps on the card's colour.
  int stamps = -1;               // How many are filled; -1: no stamps.
};

// What a slot's pictures are made from.
enum class Derivation {
  kNone,        // From the slot's own files.
  kIcon,        // From the logo, on the card's colour.
  kGoogleLogo,  // From logo or icon, on the card's colour, with a margin for Google's circle.
  kGoogleHero,  // From the strip, cropped.
};

struct SlotPlan {
  const SlotRule* rule = nullptr;
  std::vector<VariantPlan> variants;
  VariantChooser chooser;
  Derivation derivation = Derivation::kNone;
};

struct ImagePlan {
  std::vector<SlotPlan> slots;                    // Sorted by name.
  std::vector<const ImageSource*> filled, empty;  // Of the stamps; `empty` may be empty.
};

// Decides which pictures fill which slots, from names and headers alone. What is wrong is reported
// (P23, P24, T18).
ImagePlan PlanImages(const Template& source, ImageIndex& index, Report& report);

// The scale that a picture was drawn for: by its name, else the smallest at which it fits into the
// slot; 3 if it is larger still.
int ScaleOf(const ImageSource& source, const SlotRule& rule, bool alone);

}  // namespace passmint::design::internal
