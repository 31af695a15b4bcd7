#include "google/layout.h"

#include <utility>

#include "design/blocks.h"
#include "google/places.h"
#include "google/wallet_class.h"

namespace passmint::google {

std::size_t ClassVariant(const design::Template& source, const ImageSet& images) {
  const std::size_t count = images.variants.size();
  if (!source.stamps) return count - 1;
  // Each row has a picture per count of stamps, 0 first.
  const auto per_row = static_cast<std::size_t>(source.stamps->of) + 1;
  return count % per_row == 0 ? count - per_row : count - 1;
}

std::optional<Layout> MakeLayout(const design::Design& design, const Environment& environment) {
  const design::Template& source = design.source();
  const auto vertical = VerticalFor(source.kind);
  if (!vertical) return std::nullopt;
  Layout layout;
  layout.vertical = *vertical;
  layout.source = source;
  layout.image_base_url = environment.image_base_url;
  layout.places = PlaceFields(source, *vertical);
  for (const design::Link& link : source.links) {
    if (link.label.HasVariables() || link.url.HasVariables() || link.url.empty()) continue;
    layout.class_link_urls.push_back(link.url.Literal(0));
  }
  layout.logo = FindImages(design, ImageRole::kLogo);
  layout.hero = FindImages(design, ImageRole::kHero);
  layout.thumbnail = FindImages(design, ImageRole::kThumbnail);
  layout.patch_varies = design::HasBlockTexts(source, "/google/object");
  layout.object_base = Json::object();
  if (*vertical == Vertical::kGeneric && !source.colors.background.empty()) {
    // A generic class has no colour of its own.
    layout.object_base["hexBackgroundColor"] = source.colors.background;
  }
  layout.class_body = ClassBody(layout, design, environment);
  return layout;
}

}  // namespace passmint::google
