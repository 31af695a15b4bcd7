#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "design/design.h"

namespace passmint::google {

// A picture that Google fetches: {image_base_url}{sha256}.png, immutable.
struct Image {
  std::string sha256;  // 64 lower-case hex digits, over the bytes.
  std::shared_ptr<const std::string> png;
  unsigned width = 0;  // Pixels.
  unsigned height = 0;

  std::string Url(std::string_view image_base_url) const;
};

// Where Google shows a picture, and the slots of a template that it is taken from, best first.
enum class ImageRole {
  kLogo,       // google-logo, logo, icon. Masked to a circle by Google.
  kHero,       // google-hero, strip.
  kThumbnail,  // thumbnail: an image module in the details.
};

// The pictures of one role: one per variant of its slot.
struct ImageSet {
  std::size_t slot = 0;         // Index into Design::slots().
  std::string slot_name;        // "google-logo".
  std::vector<Image> variants;  // Parallel to ImageSlot::variants. At least one.
};

// The largest scale of each variant, in the template's first language (Google keeps one picture for
// all languages). Nothing if the template has no slot for the role. Hashes every picture: call it
// once per published version.
std::optional<ImageSet> FindImages(const design::Design& design, ImageRole role);

// Every picture that a class or an object of this design may name, each once, sorted by hash: what
// has to be served under /i/.
std::vector<Image> AllImages(const design::Design& design);

}  // namespace passmint::google
