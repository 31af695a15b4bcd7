#include "google/images.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <utility>

#include "crypto/digest.h"

namespace passmint::google {
namespace {

// Best first. Apple's logo is wide and Google's is a circle, so the square icon comes before it.
constexpr std::array<std::string_view, 3> kLogoSlots = {"google-logo", "icon", "logo"};
constexpr std::array<std::string_view, 2> kHeroSlots = {"google-hero", "strip"};
constexpr std::array<std::string_view, 1> kThumbnailSlots = {"thumbnail"};

std::span<const std::string_view> SlotsOf(ImageRole role) {
  switch (role) {
    case ImageRole::kLogo:
      return kLogoSlots;
    case ImageRole::kHero:
      return kHeroSlots;
    case ImageRole::kThumbnail:
      return kThumbnailSlots;
  }
  return {};
}

// The file without a language, or in the first one, at the largest scale.
const design::ImageFile* Best(const design::ImageVariant& variant, std::string_view language) {
  const design::ImageFile* best = nullptr;
  const auto rank = [language](const design::ImageFile& file) {
    const int fit = file.language == language ? 2 : (file.language.empty() ? 1 : 0);
    return std::pair(fit, file.scale);
  };
  for (const design::ImageFile& file : variant.files) {
    if (file.png != nullptr && (best == nullptr || rank(*best) < rank(file))) best = &file;
  }
  return best;
}

}  // namespace

std::string Image::Url(std::string_view image_base_url) const {
  std::string url(image_base_url);
  url += sha256;
  url += ".png";
  return url;
}

std::optional<ImageSet> FindImages(const design::Design& design, ImageRole role) {
  const auto& slots = design.slots();
  for (const std::string_view name : SlotsOf(role)) {
    const auto slot = std::find_if(slots.begin(), slots.end(),
                                   [name](const auto& one) { return one.name == name; });
    if (slot == slots.end()) continue;
    ImageSet set{.slot = static_cast<std::size_t>(slot - slots.begin()),
                 .slot_name = slot->name,
                 .variants = {}};
    for (const design::ImageVariant& variant : slot->variants) {
      const auto* file = Best(variant, design.source().languages.front());
      if (file == nullptr) break;
      set.variants.push_back({crypto::Sha256Hex(*file->png), file->png, file->width, file->height});
    }
    if (!set.variants.empty() && set.variants.size() == slot->variants.size()) return set;
  }
  return std::nullopt;
}

std::vector<Image> AllImages(const design::Design& design) {
  std::map<std::string, Image> by_hash;
  for (const ImageRole role : {ImageRole::kLogo, ImageRole::kHero, ImageRole::kThumbnail}) {
    auto set = FindImages(design, role);
    if (!set) continue;
    for (Image& image : set->variants) by_hash.emplace(image.sha256, image);
  }
  std::vector<Image> all;
  all.reserve(by_hash.size());
  for (auto& [hash, image] : by_hash) all.push_back(std::move(image));
  return all;
}

}  // namespace passmint::google
