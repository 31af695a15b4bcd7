#include "google/layout.h"

#include <utility>

#include "design/blocks.h"
#include "google/places.h"
#include "google/wallet_class.h"

namespace passmint::google {

std::size_t ClassVariant(const design::Template& source, const ImageSet& images) {
  const bool drawn = source.stamps && source.images.count(images.slot_name) == 0 &&
                     (images.slot_name == source.stamps->slot || images.slot_name == "google-hero");
  return drawn ? 0 : images.variants.size() - 1;
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
