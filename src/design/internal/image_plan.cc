#include "design/internal/image_plan.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace passmint::design::internal {
namespace {

using Sources = std::vector<const ImageSource*>;

std::string Pixels(image::Size size) {
  return std::to_string(size.width) + " x " + std::to_string(size.height);
}

Sources OfLanguage(const std::vector<ImageSource>& all, std::string_view language) {
  Sources sources;
  for (const ImageSource& source : all) {
    if (source.language == language) sources.push_back(&source);
  }
  std::sort(sources.begin(), sources.end(),
            [](const ImageSource* a, const ImageSource* b) { return a->scale < b->scale; });
  return sources;
}

std::string PathOf(const std::string& language, const std::string& base) {
  std::string path = "images/";
  if (!language.empty()) path.append(language).append("/");
  return path.append(base).append(".png");
}

// Root alone, or one view per language: an image at the root would hide the localised ones (Apple
// reference 3.4), but for the icon, which has to be there.
std::vector<ImageView> Views(const std::vector<ImageSource>& all, const SlotRule& rule,
                             const std::string& base, const std::vector<std::string>& languages,
                             Report& report) {
  std::vector<ImageView> views;
  Sources root = OfLanguage(all, "");
  if (root.size() == all.size()) {
    views.push_back({.language = "", .sources = std::move(root)});
    return views;
  }
  bool root_shown = false;
  for (const std::string& language : languages) {
    Sources own = OfLanguage(all, language);
    if (own.empty()) {
      root_shown = true;
      own = root;
    }
    if (own.empty()) {
      report.Error("P24", {"", PathOf(language, base)},
                   "other languages have this picture, " + Quote(language) + " has none",
                   "Add it, or " + PathOf("", base) + " for all languages without their own.");
      continue;
    }
    views.push_back({.language = language, .sources = std::move(own)});
  }
  if (rule.name == "icon" && !views.empty()) {
    ImageView at_root = views.front();
    at_root.language.clear();
    if (!root.empty()) at_root.sources = std::move(root);
    views.insert(views.begin(), std::move(at_root));
  } else if (!root.empty() && !root_shown) {
    report.Warn("P24", {"", root.front()->path}, "every language has its own: this is never shown",
                "Remove it.");
  }
  return views;
}

bool Matches(const ImageSource& source, image::Size size, int width_min, int scale) {
  constexpr double kTolerance = 0.03;
  const auto near = [&](int found, int wanted) {
    return std::abs(found - wanted * scale) <= kTolerance * wanted * scale + 1;
  };
  const bool width = near(source.width, size.width) ||
                     (source.width >= width_min * scale && source.width <= size.width * scale);
  if (width_min == 1) {  // The reference gives a largest size only.
    return source.width <= size.width * scale + 1 && source.height <= size.height * scale + 1;
  }
  return width && near(source.height, size.height);
}

void CheckSize(const ImageSource& source, const SlotRule& rule, int scale, Report& report) {
  if (rule.google) return;  // Google's sizes are rule G23.
  bool good = Matches(source, rule.size, rule.width_min, scale);
  for (const image::Size& size : rule.also) good = good || Matches(source, size, size.width, scale);
  if (good) return;
  const image::Size wanted{rule.size.width * scale, rule.size.height * scale};
  std::string width = rule.width_min == rule.size.width ? "" : "at most ";
  report.Warn("P23", {"", source.path},
              Pixels({source.width, source.height}) + " pixels; " + std::string(rule.name) +
                  (scale == 1 ? "" : "@" + std::to_string(scale) + "x") + " is " + width +
                  Pixels(wanted) + ": Wallet scales and crops it",
              "Draw it in that size.");
}

void CheckView(const ImageView& view, const SlotRule& rule, Report& report) {
  const bool alone = view.sources.size() == 1;
  for (const ImageSource* source : view.sources)
    CheckSize(*source, rule, ScaleOf(*source, rule, alone), report);
  const ImageSource& largest = *view.sources.back();
  if (!rule.google && ScaleOf(largest, rule, alone) == 1) {
    report.Warn("P23", {"", largest.path},
                "this is @1x and the largest: phones show two or three times as many pixels",
                "Add the picture @3x; the smaller ones are derived from it.");
  }
}

std::string BaseOf(const std::string& file) {
  constexpr std::string_view kPng = ".png";
  return file.ends_with(kPng) ? file.substr(0, file.size() - kPng.size()) : file;
}

class Planner {
 public:
  Planner(const Template& source, ImageIndex& index, Report& report)
      : source_(source), index_(index), report_(report) {}

  ImagePlan Plan() {
    for (const SlotRule& rule : Slots()) {
      if (const auto rows = source_.images.find(std::string(rule.name));
          rows != source_.images.end()) {
        PlanRows(rule, rows->second);
      } else if (index_.Has(rule.name)) {
        PlanSingle(rule);
      }
    }
    if (source_.stamps) PlanStamps(*source_.stamps);
    CheckSlots();
    Derive("icon", "logo", Derivation::kIcon);
    if (source_.kind != Kind::kBoarding) {
      Derive("google-logo", Find("logo") == nullptr ? "icon" : "logo", Derivation::kGoogleLogo);
      Derive("google-hero", "strip", Derivation::kGoogleHero);
    }
    std::sort(plan_.slots.begin(), plan_.slots.end(),
              [](const SlotPlan& a, const SlotPlan& b) { return a.rule->name < b.rule->name; });
    return std::move(plan_);
  }

 private:
  SlotPlan* Find(std::string_view name) {
    for (SlotPlan& slot : plan_.slots) {
      if (slot.rule->name == name) return &slot;
    }
    return nullptr;
  }

  // False if there is no such picture.
  bool AddVariant(const SlotRule& rule, const std::string& base, SlotPlan& slot) {
    const std::vector<ImageSource>* sources = index_.Use(base);
    if (sources == nullptr) return false;
    VariantPlan variant;
    variant.views = Views(*sources, rule, base, source_.languages, report_);
    for (const ImageView& view : variant.views) CheckView(view, rule, report_);
    if (!variant.views.empty()) slot.variants.push_back(std::move(variant));
    return true;
  }

  void PlanSingle(const SlotRule& rule) {
    SlotPlan slot{.rule = &rule, .variants = {}, .chooser = {}};
    (void)AddVariant(rule, std::string(rule.name), slot);
    if (!slot.variants.empty()) plan_.slots.push_back(std::move(slot));
  }

  void PlanRows(const SlotRule& rule, const std::vector<ImageChoice>& rows) {
    SlotPlan slot{.rule = &rule, .variants = {}, .chooser = {}};
    const std::string pointer = json::Child("/images", rule.name);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string row_pointer = json::Child(pointer, i);
      std::vector<VariantChooser::Condition> conditions;
      for (const auto& [name, text] : rows[i].when) {
        conditions.push_back(
            {.variable = static_cast<std::size_t>(FindVariable(name) - Variables().data()),
             .name = name,
             .text = text});
      }
      const bool last = i + 1 == rows.size();
      if (conditions.empty() != last) {
        report_.Error("T18", {row_pointer},
                      last ? "the last row has a condition: some card would have no picture"
                           : "a row without a condition hides those behind it",
                      "Exactly the last row has no \"when\".");
      }
      slot.chooser.rows.push_back(std::move(conditions));
      const std::string base = BaseOf(rows[i].file);
      if (!rows[i].file.empty() && !AddVariant(rule, base, slot))
        MissingFile(row_pointer + "/file", base);
    }
    if (slot.variants.size() == rows.size()) plan_.slots.push_back(std::move(slot));
  }

  void MissingFile(const std::string& pointer, const std::string& base) {
    const std::string_view nearest = index_.Nearest(base);
    report_.Error("T18", {pointer}, "there is no images/" + base + ".png",
                  nearest.empty() ? "Add the picture; scales are named strip@2x.png."
                                  : "Did you mean " + Quote(std::string(nearest) + ".png") +
                                        "? Scales are left out of the name here.");
  }

  void PlanStamps(const Stamps& stamps) {
    const auto picture = [&](const std::string& file, std::string_view key, Sources& target) {
      if (file.empty()) return;
      const std::vector<ImageSource>* sources = index_.Use(BaseOf(file));
      if (sources == nullptr) {
        MissingFile("/stamps/" + std::string(key), BaseOf(file));
        return;
      }
      target = OfLanguage(*sources, "");
      if (target.empty()) {
        report_.Error("T18", {"/stamps/" + std::string(key)}, "stamps do not differ by language",
                      "Move the picture to images/.");
      }
    };
    picture(stamps.filled, "filled", plan_.filled);
    picture(stamps.empty, "empty", plan_.empty);
    // With errors the slots are not whole, and nothing will be drawn anyway.
    if (plan_.filled.empty() || report_.has_errors()) return;
    SlotPlan slot{.rule = FindSlot(stamps.slot), .variants = {}, .chooser = {}};
    SlotPlan* const background = Find(stamps.slot);
    if (background != nullptr) slot = *background;
    if (slot.variants.empty()) slot.variants.emplace_back();
    slot.chooser.by_count = true;
    slot.chooser.of = stamps.of;
    slot.chooser.name = std::string(stamps.count.SoleVariable());
    slot.chooser.variable = stamps.count.versions()[0][0].variable;
    slot.variants = PerCount(slot.variants, stamps.of);
    if (slot.variants.empty()) return;
    if (background != nullptr) {
      *background = std::move(slot);
    } else {
      plan_.slots.push_back(std::move(slot));
    }
  }

  // Every background with every count, count 0 first. Empty, which is reported, if that is more
  // than is worth drawing.
  std::vector<VariantPlan> PerCount(const std::vector<VariantPlan>& backgrounds, int of) {
    const std::size_t views = std::max<std::size_t>(1, backgrounds.front().views.size());
    const std::size_t strips =
        backgrounds.size() * (static_cast<std::size_t>(of) + 1) * (3 * views + 1);
    std::vector<VariantPlan> variants;
    if (strips > kDrawnStripsMax) {
      report_.Error("T07", {"/stamps"}, std::to_string(strips) + " strips would have to be drawn",
                    "At most 400: use fewer backgrounds, languages or stamps.");
      return variants;
    }
    for (const VariantPlan& background : backgrounds) {
      for (int count = 0; count <= of; ++count) {
        variants.push_back(background);
        variants.back().stamps = count;
      }
    }
    return variants;
  }

  void CheckSlots() {
    if (Find("icon") == nullptr && Find("logo") == nullptr) {
      report_.Error("P23", {"", "images/icon.png"},
                    "there is no icon, and no logo to make one from: phones refuse the card",
                    "Add images/icon@3x.png, 114 x 114 pixels.");
    }
    for (const SlotPlan& slot : plan_.slots) {
      if (IsSlotOf(*slot.rule, source_)) continue;
      report_.Warn("P23", {"", PathOf(slot)},
                   std::string(slot.rule->name) + " is not shown on cards of kind " +
                       std::string(Name(source_.kind)) + " as this one is",
                   "Remove it.");
    }
    const SlotPlan* strip = Find("strip");
    if (source_.kind == Kind::kTicket && strip != nullptr &&
        (Find("background") != nullptr || Find("thumbnail") != nullptr)) {
      report_.Warn("P23", {"", PathOf(*strip)},
                   "a ticket with a strip shows neither background nor thumbnail",
                   "Remove the strip, or the others.");
    }
  }

  static std::string PathOf(const SlotPlan& slot) {
    const VariantPlan& variant = slot.variants.front();
    return variant.views.empty() ? "images/" + std::string(slot.rule->name) + ".png"
                                 : variant.views.front().sources.front()->path;
  }

  void Derive(std::string_view target, std::string_view from, Derivation derivation) {
    if (Find(target) != nullptr) return;
    const SlotPlan* source = Find(from);
    if (source == nullptr) return;
    SlotPlan slot = *source;
    slot.rule = FindSlot(target);
    slot.derivation = derivation;
    plan_.slots.push_back(std::move(slot));
  }

  const Template& source_;
  ImageIndex& index_;
  Report& report_;
  ImagePlan plan_;
};

}  // namespace

ImagePlan PlanImages(const Template& source, ImageIndex& index, Report& report) {
  ImagePlan plan = Planner(source, index, report).Plan();
  index.ReportUnused(report);
  return plan;
}

int ScaleOf(const ImageSource& source, const SlotRule& rule, bool alone) {
  if (source.scale_named || !alone || rule.google) return source.scale;
  for (const int scale : {1, 2}) {
    // Apple's pages differ by 2 points about some sizes.
    if (source.width <= (rule.size.width + 2) * scale &&
        source.height <= (rule.size.height + 2) * scale)
      return scale;
  }
  return 3;
}

}  // namespace passmint::design::internal
