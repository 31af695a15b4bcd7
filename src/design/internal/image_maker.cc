#include "design/internal/image_maker.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "image/color.h"
#include "image/png.h"
#include "image/scale.h"
#include "image/stamps.h"

namespace passmint::design::internal {
namespace {

using image::Bitmap;
using image::Size;

// Google masks the logo to a circle and asks for 15 % of margin (Google reference 1.12).
constexpr double kGoogleLogoInner = 0.7;
// An icon of a wide logo would be a hairline without any.
constexpr double kIconInner = 0.86;

// `picture` in the middle of `size` on an opaque colour.
Bitmap OnColor(const Bitmap& picture, Size size, image::Color color) {
  Bitmap canvas = image::MakeBitmap(size);
  for (std::size_t i = 0; i + 3 < canvas.rgba.size(); i += 4) {
    canvas.rgba[i] = color.red;
    canvas.rgba[i + 1] = color.green;
    canvas.rgba[i + 2] = color.blue;
    canvas.rgba[i + 3] = 255;
  }
  const int left = (size.width - picture.width) / 2;
  const int top = (size.height - picture.height) / 2;
  for (int y = std::max(0, -top); y < picture.height && y + top < size.height; ++y) {
    for (int x = std::max(0, -left); x < picture.width && x + left < size.width; ++x) {
      const auto from = (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                         static_cast<std::size_t>(x)) *
                        4;
      const auto to = (static_cast<std::size_t>(y + top) * static_cast<std::size_t>(size.width) +
                       static_cast<std::size_t>(x + left)) *
                      4;
      const unsigned alpha = picture.rgba[from + 3];
      for (std::size_t channel = 0; channel < 3; ++channel) {
        const unsigned mixed =
            picture.rgba[from + channel] * alpha + canvas.rgba[to + channel] * (255 - alpha);
        canvas.rgba[to + channel] = static_cast<std::uint8_t>((mixed + 127) / 255);
      }
    }
  }
  return canvas;
}

int Scaled(int pixels, int to, int from) {
  return std::max(1, static_cast<int>(std::lround(static_cast<double>(pixels) * to / from)));
}

Size Times(Size size, double factor) {
  return {std::max(1, static_cast<int>(std::lround(size.width * factor))),
          std::max(1, static_cast<int>(std::lround(size.height * factor)))};
}

// Whether pictures are decoded and drawn, or only their places are worked out.
enum class Pixels { kDrawn, kLeftOut };

class Maker {
 public:
  Maker(const ImagePlan& plan, const Template& source, Report& report, Pixels pixels)
      : plan_(plan), report_(report), drawn_(pixels == Pixels::kDrawn) {
    const auto color = image::ParseColor(source.colors.background);
    background_ = color.ok() ? color.value() : image::Color{255, 255, 255};
  }

  std::vector<ImageSlot> Make() {
    std::vector<ImageSlot> slots;
    for (const SlotPlan& plan : plan_.slots) {
      ImageSlot slot{.name = std::string(plan.rule->name), .variants = {}};
      // Rows often share a picture, and a derived picture is the same for equal sources.
      std::map<std::vector<const ImageSource*>, ImageVariant> made;
      for (const VariantPlan& variant : plan.variants) {
        std::vector<const ImageSource*> key;
        for (const ImageView& view : variant.views)
          key.insert(key.end(), view.sources.begin(), view.sources.end());
        const auto found = made.find(key);
        if (variant.stamps < 0 && found != made.end()) {
          slot.variants.push_back(found->second);
          continue;
        }
        ImageVariant images = MakeVariant(plan, variant);
        if (variant.stamps < 0) made.emplace(std::move(key), images);
        slot.variants.push_back(std::move(images));
      }
      slots.push_back(std::move(slot));
    }
    return slots;
  }

 private:
  ImageVariant MakeVariant(const SlotPlan& plan, const VariantPlan& variant) {
    ImageVariant images;
    if (plan.derivation != Derivation::kNone) {
      MakeDerived(plan, variant, images);
    } else if (variant.stamps >= 0) {
      MakeStamps(*plan.rule, variant, images);
    } else {
      for (const ImageView& view : variant.views) MakeView(*plan.rule, view, images);
    }
    return images;
  }

  void MakeView(const SlotRule& rule, const ImageView& view, ImageVariant& images) {
    const ImageSource& largest = *view.sources.back();
    if (rule.google) {  // Google takes one picture, the largest.
      AddFile(largest, 1, view.language, images);
      return;
    }
    const int largest_scale = ScaleOf(largest, rule, view.sources.size() == 1);
    // Beyond @3x it is a master, not a picture of some scale.
    const bool oversized =
        !largest.scale_named && view.sources.size() == 1 &&
        (largest.width > rule.size.width * 3 + 6 || largest.height > rule.size.height * 3 + 6);
    for (int scale = 1; scale <= 3; ++scale) {
      const auto own =
          std::find_if(view.sources.begin(), view.sources.end(), [&](const ImageSource* source) {
            return ScaleOf(*source, rule, view.sources.size() == 1) == scale;
          });
      if (own != view.sources.end() && !oversized) {
        AddFile(**own, scale, view.language, images);
        continue;
      }
      const Size size = oversized
                            ? image::FitContain({largest.width, largest.height},
                                                {rule.size.width * scale, rule.size.height * scale})
                            : Size{Scaled(largest.width, scale, largest_scale),
                                   Scaled(largest.height, scale, largest_scale)};
      if (!drawn_) {
        AddPlace(size, scale, view.language, images);
        continue;
      }
      const Bitmap* picture = Read(largest);
      if (picture == nullptr) return;
      AddDrawn(image::ScaleTo(*picture, size), largest.path, scale, view.language, images);
    }
  }

  // From the first view: Google has one picture for all languages, and so has the root's icon.
  void MakeDerived(const SlotPlan& plan, const VariantPlan& variant, ImageVariant& images) {
    if (variant.stamps >= 0) {
      const ImageView* view = variant.views.empty() ? nullptr : &variant.views.front();
      AddStamps(plan.rule->size, 1, view, variant.stamps, "", images);
      return;
    }
    const ImageSource& source = *variant.views.front().sources.back();
    const Bitmap* picture = drawn_ ? Read(source) : nullptr;
    if (drawn_ && picture == nullptr) return;
    const int scales = plan.derivation == Derivation::kIcon ? 3 : 1;
    for (int scale = 1; scale <= scales; ++scale) {
      const Size size{plan.rule->size.width * scale, plan.rule->size.height * scale};
      if (!drawn_) {
        AddPlace(size, scale, "", images);
        continue;
      }
      if (plan.derivation == Derivation::kGoogleHero) {
        auto cover = image::ScaleCover(*picture, size);
        if (cover.ok()) cover = OnColor(cover.value(), size, background_);
        AddDrawn(std::move(cover), source.path, scale, "", images);
        continue;
      }
      const double inner = plan.derivation == Derivation::kIcon ? kIconInner : kGoogleLogoInner;
      auto small = image::ScaleTo(*picture, image::FitContain(picture->size(), Times(size, inner)));
      if (small.ok()) small = OnColor(small.value(), size, background_);
      AddDrawn(std::move(small), source.path, scale, "", images);
    }
  }

  void MakeStamps(const SlotRule& rule, const VariantPlan& variant, ImageVariant& images) {
    for (int scale = 1; scale <= 3; ++scale) {
      const Size size{rule.size.width * scale, rule.size.height * scale};
      if (variant.views.empty()) AddStamps(size, scale, nullptr, variant.stamps, "", images);
      for (const ImageView& view : variant.views)
        AddStamps(size, scale, &view, variant.stamps, view.language, images);
    }
  }

  void AddStamps(Size size, int scale, const ImageView* view, int count,
                 const std::string& language, ImageVariant& images) {
    if (!drawn_) {
      AddPlace(size, scale, language, images);
      return;
    }
    image::StampStrip strip;
    strip.size = size;
    strip.count = count;
    strip.of = StampsOf();
    strip.filled = Read(*plan_.filled.back());
    if (strip.filled == nullptr) return;
    if (!plan_.empty.empty()) strip.empty = Read(*plan_.empty.back());
    if (view != nullptr) strip.background = Cover(*view->sources.back(), size);
    AddDrawn(image::DrawStampStrip(strip), plan_.filled.back()->path, scale, language, images);
  }

  int StampsOf() const {
    for (const SlotPlan& slot : plan_.slots) {
      if (slot.chooser.by_count) return slot.chooser.of;
    }
    return 1;
  }

  void AddFile(const ImageSource& source, int scale, const std::string& language,
               ImageVariant& images) {
    if (!drawn_) {
      AddPlace({source.width, source.height}, scale, language, images);
      return;
    }
    // Decoded once even if it is only passed on: phones refuse a damaged picture.
    if (Read(source) == nullptr) return;
    std::shared_ptr<const std::string>& bytes = files_[source.path];
    if (!bytes) bytes = std::make_shared<const std::string>(*source.bytes);
    images.files.push_back({.scale = scale,
                            .language = language,
                            .png = bytes,
                            .width = static_cast<unsigned>(source.width),
                            .height = static_cast<unsigned>(source.height)});
  }

  static void AddPlace(Size size, int scale, const std::string& language, ImageVariant& images) {
    static const auto kNothing = std::make_shared<const std::string>();
    images.files.push_back({.scale = scale,
                            .language = language,
                            .png = kNothing,
                            .width = static_cast<unsigned>(size.width),
                            .height = static_cast<unsigned>(size.height)});
  }

  void AddDrawn(Result<Bitmap> bitmap, const std::string& path, int scale,
                const std::string& language, ImageVariant& images) {
    Result<std::string> png =
        bitmap.ok() ? image::Encode(bitmap.value()) : Result<std::string>(bitmap.error());
    if (!png.ok()) {
      report_.Error("P23", {"", path}, "it cannot be scaled: " + png.error().message,
                    "Draw it in a usual size.");
      return;
    }
    images.files.push_back({.scale = scale,
                            .language = language,
                            .png = std::make_shared<const std::string>(std::move(png).value()),
                            .width = static_cast<unsigned>(bitmap.value().width),
                            .height = static_cast<unsigned>(bitmap.value().height)});
  }

  // Null if it is damaged, which is reported.
  const Bitmap* Read(const ImageSource& source) {
    const auto known = pictures_.find(source.path);
    if (known != pictures_.end()) return known->second ? &*known->second : nullptr;
    auto decoded = image::Decode(*source.bytes);
    std::optional<Bitmap>& kept = pictures_[source.path];
    if (decoded.ok()) {
      kept = std::move(decoded).value();
      return &*kept;
    }
    report_.Error("P23", {"", source.path}, decoded.error().message, "Save it as PNG again.");
    return nullptr;
  }

  // The background of a strip at a size, kept for the next count. Null if it cannot be read.
  const Bitmap* Cover(const ImageSource& source, Size size) {
    const auto key = std::pair(source.path, size.width);
    const auto known = covers_.find(key);
    if (known != covers_.end()) return &known->second;
    const Bitmap* picture = Read(source);
    if (picture == nullptr) return nullptr;
    auto cover = image::ScaleCover(*picture, size);
    if (!cover.ok()) return nullptr;
    return &covers_.emplace(key, std::move(cover).value()).first->second;
  }

  const ImagePlan& plan_;
  Report& report_;
  const bool drawn_;
  image::Color background_;
  std::map<std::string, std::optional<Bitmap>> pictures_;  // By path.
  std::map<std::pair<std::string, int>, Bitmap> covers_;   // By path and width.
  std::map<std::string, std::shared_ptr<const std::string>> files_;
};

}  // namespace

std::vector<ImageSlot> MakeImages(const ImagePlan& plan, const Template& source, Report& report) {
  return Maker(plan, source, report, Pixels::kDrawn).Make();
}

std::vector<ImageSlot> OutlineImages(const ImagePlan& plan, const Template& source) {
  Report nobody_reads;
  return Maker(plan, source, nobody_reads, Pixels::kLeftOut).Make();
}

Result<std::string> MakeImage(const ImagePlan& plan, const Template& source, std::string_view slot,
                              std::size_t variant, std::string_view language) {
  const auto found =
      std::find_if(plan.slots.begin(), plan.slots.end(),
                   [&](const SlotPlan& candidate) { return candidate.rule->name == slot; });
  if (found == plan.slots.end() || variant >= found->variants.size()) {
    return Error{.code = ErrorCode::kNotFound, .message = "no such picture"};
  }
  ImagePlan one{.slots = {*found}, .filled = plan.filled, .empty = plan.empty};
  one.slots[0].variants = {found->variants[variant]};
  Report report;
  const std::vector<ImageSlot> made = MakeImages(one, source, report);
  const ImageFile* best = nullptr;
  for (const ImageFile& file : made[0].variants[0].files) {
    if (!file.language.empty() && file.language != language) continue;
    const bool closer = best == nullptr || (best->language.empty() && !file.language.empty());
    if (closer || (file.language == best->language && file.scale > best->scale)) best = &file;
  }
  if (best != nullptr) return *best->png;
  return Error{.code = ErrorCode::kInvalidArgument, .message = "the picture cannot be read"};
}

}  // namespace passmint::design::internal
