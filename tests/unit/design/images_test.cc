#include <gtest/gtest.h>

#include <set>

#include "fixture.h"
#include "image/png.h"

namespace passmint::design {
namespace {

using test::Describe;
using test::GoodFiles;
using test::Has;
using test::MustCompile;
using test::Patched;
using test::Png;
using test::Programme;

const ImageSlot* FindSlot(const Design& design, std::string_view name) {
  for (const ImageSlot& slot : design.slots()) {
    if (slot.name == name) return &slot;
  }
  return nullptr;
}

std::size_t Chosen(const Design& design, const RenderedCard& card, std::string_view name) {
  for (std::size_t i = 0; i < design.slots().size(); ++i) {
    if (design.slots()[i].name == name) return card.image_variants[i];
  }
  return 999;
}

// "@1:38x38 @2:76x76", with the language before '@'.
std::string Shapes(const ImageVariant& variant) {
  std::string shapes;
  for (const ImageFile& file : variant.files) {
    EXPECT_EQ(image::Inspect(*file.png).value().width, file.width);
    EXPECT_EQ(image::Inspect(*file.png).value().height, file.height);
    if (!shapes.empty()) shapes += ' ';
    shapes += file.language + "@" + std::to_string(file.scale) + ":" + std::to_string(file.width) +
              "x" + std::to_string(file.height);
  }
  return shapes;
}

std::string ShapesOf(const TemplateFiles& files, std::string_view slot) {
  const auto design = MustCompile(files);
  if (!design) return "";
  const ImageSlot* found = FindSlot(*design, slot);
  return found == nullptr ? "none" : Shapes(found->variants.at(0));
}

TEST(ImagesTest, DeriveMissingScalesFromTheLargest) {
  EXPECT_EQ(ShapesOf(GoodFiles(), "logo"), "@1:160x50 @2:320x100 @3:480x150");
}

TEST(ImagesTest, PassOnFilesByteForByte) {
  TemplateFiles files = GoodFiles();
  files["images/icon.png"] = Png(38, 38);
  files["images/icon@2x.png"] = Png(76, 76);
  const auto design = MustCompile(files);
  ASSERT_TRUE(design);
  const ImageVariant& icon = FindSlot(*design, "icon")->variants[0];
  EXPECT_EQ(*icon.files[0].png, files["images/icon.png"]);
  EXPECT_EQ(*icon.files[1].png, files["images/icon@2x.png"]);
  EXPECT_EQ(*icon.files[2].png, files["images/icon@3x.png"]);
}

TEST(ImagesTest, GuessTheScaleOfAFileThatStandsAlone) {
  TemplateFiles files = GoodFiles();
  files["images/strip.png"] = Png(1125, 432);
  EXPECT_EQ(ShapesOf(files, "strip"), "@1:375x144 @2:750x288 @3:1125x432");
  files["images/strip.png"] = Png(2250, 864);
  EXPECT_EQ(ShapesOf(files, "strip"), "@1:375x144 @2:750x288 @3:1125x432") << "a master";
}

TEST(ImagesTest, DeriveTheIconFromTheLogo) {
  TemplateFiles files = GoodFiles();
  files.erase("images/icon@3x.png");
  EXPECT_EQ(ShapesOf(files, "icon"), "@1:38x38 @2:76x76 @3:114x114");
}

TEST(ImagesTest, DeriveGooglesPictures) {
  TemplateFiles files = GoodFiles();
  files.erase("images/google-logo.png");
  EXPECT_EQ(ShapesOf(files, "google-logo"), "@1:660x660");
  EXPECT_EQ(ShapesOf(files, "google-hero"), "none");
  files["images/strip@3x.png"] = Png(1125, 432);
  EXPECT_EQ(ShapesOf(files, "google-hero"), "@1:1032x336");
  files["images/google-hero.png"] = Png(1032, 300);
  EXPECT_EQ(ShapesOf(files, "google-hero"), "@1:1032x300") << "the designer's own";
  TemplateFiles boarding = test::FilesOfKind(Kind::kBoarding);
  boarding.erase("images/google-logo.png");
  EXPECT_EQ(ShapesOf(boarding, "google-logo"), "none");
}

TEST(ImagesTest, KeepLocalisedPicturesOutOfTheRootButForTheIcon) {
  TemplateFiles files = GoodFiles();
  files["images/strip@3x.png"] = Png(1125, 432);
  files["images/ru/strip@3x.png"] = Png(1125, 433);
  EXPECT_EQ(ShapesOf(files, "strip"),
            "en@1:375x144 en@2:750x288 en@3:1125x432 ru@1:375x144 ru@2:750x289 ru@3:1125x433");
  TemplateFiles icons = GoodFiles();
  icons["images/ru/icon@3x.png"] = Png(113, 113);
  EXPECT_EQ(ShapesOf(icons, "icon"),
            "@1:38x38 @2:76x76 @3:114x114 en@1:38x38 en@2:76x76 en@3:114x114 "
            "ru@1:38x38 ru@2:75x75 ru@3:113x113");
}

TEST(ImagesTest, AreThereInEveryLanguageOrNone) {
  TemplateFiles files = GoodFiles();
  files["images/ru/strip@3x.png"] = Png(1125, 432);
  EXPECT_TRUE(Has(LintFiles(files, Programme()), "P24", "", "images/en/strip.png"));
  files["images/en/strip@3x.png"] = Png(1125, 432);
  EXPECT_EQ(Describe(LintFiles(files, Programme())), "");
  files["images/strip@3x.png"] = Png(1125, 432);
  EXPECT_TRUE(Has(LintFiles(files, Programme()), "P24", "", "images/strip@3x.png"));
}

TEST(ImagesTest, LieInFoldersOfLanguages) {
  TemplateFiles files = GoodFiles();
  files["images/russian/strip.png"] = Png(10, 10);
  files["images/fr/strip.png"] = Png(10, 10);
  const Findings findings = LintFiles(files, Programme());
  EXPECT_TRUE(Has(findings, "P24", "", "images/russian/strip.png"));
  EXPECT_TRUE(Has(findings, "P24", "", "images/fr/strip.png"));
}

TEST(ImagesTest, AreChosenByData) {
  TemplateFiles files = Patched(
      R"({"images": {"strip": [{"when": {"tier.name": "vip"}, "file": "strip-vip.png"},
                               {"when": {"stamps.count": 3, "tier.name": "gold"}, "file": "strip-vip.png"},
                               {"file": "strip.png"}]}})");
  files["images/strip@3x.png"] = Png(1125, 432);
  files["images/strip-vip@3x.png"] = Png(1125, 431);
  const auto design = MustCompile(files);
  ASSERT_TRUE(design);
  ASSERT_EQ(FindSlot(*design, "strip")->variants.size(), 3u);
  EXPECT_EQ(FindSlot(*design, "google-hero")->variants.size(), 3u);
  const auto chosen = [&](const Values& values, std::string_view slot) {
    return Chosen(*design, design->Render(values, CardState::kActive), slot);
  };
  Values values;
  EXPECT_EQ(chosen(values, "strip"), 2u);
  values.Set("tier.name", std::string("vip"));
  EXPECT_EQ(chosen(values, "strip"), 0u);
  EXPECT_EQ(chosen(values, "google-hero"), 0u);
  EXPECT_EQ(chosen(values, "logo"), 0u);
  values.Set("tier.name", std::string("gold"));
  EXPECT_EQ(chosen(values, "strip"), 2u);
  values.Set("stamps.count", std::int64_t{3});
  EXPECT_EQ(chosen(values, "strip"), 1u);
}

TEST(ImagesTest, DrawAStripPerCountOfStamps) {
  TemplateFiles files = Patched(
      R"({"stamps": {"count": "{{stamps.count}}", "of": 3, "filled": "on.png", "empty": "off.png"}})");
  files["images/on.png"] = Png(90, 90);
  files["images/off.png"] = Png(60, 60, 100);
  const auto design = MustCompile(files);
  ASSERT_TRUE(design);
  const ImageSlot* strip = FindSlot(*design, "strip");
  ASSERT_EQ(strip->variants.size(), 4u);
  EXPECT_EQ(Shapes(strip->variants[2]), "@1:375x144 @2:750x288 @3:1125x432");
  EXPECT_EQ(Shapes(FindSlot(*design, "google-hero")->variants[2]), "@1:1032x336");
  std::set<std::string> different;
  for (const ImageVariant& variant : strip->variants) different.insert(*variant.files[2].png);
  EXPECT_EQ(different.size(), 4u);
  const auto chosen = [&](std::int64_t count) {
    Values values;
    values.Set("stamps.count", count);
    return Chosen(*design, design->Render(values, CardState::kActive), "strip");
  };
  EXPECT_EQ(chosen(-1), 0u);
  EXPECT_EQ(chosen(2), 2u);
  EXPECT_EQ(chosen(99), 3u);
}

TEST(ImagesTest, TextsKnowHowManyStampsTheTemplateDraws) {
  TemplateFiles files = Patched(
      R"({"stamps": {"count": "{{stamps.count}}", "of": 3, "filled": "on.png"}, "fields": {"header":
          [{"key": "f", "value": "{{stamps.count}}/{{stamps.of}}, {{stamps.left}} left"}]}})");
  files["images/on.png"] = Png(90, 90);
  const auto design = MustCompile(files);
  ASSERT_TRUE(design);
  const auto text = [&](const Values& values) {
    const RenderedCard card = design->Render(values, CardState::kActive);
    return std::get<RenderedText>(card.Group(FieldGroup::kHeader).at(0).value).In(0);
  };
  Values values;
  values.Set("stamps.count", std::int64_t{2});
  EXPECT_EQ(text(values), "2/3, 1 left");
  values.Set("stamps.count", std::int64_t{5});
  EXPECT_EQ(text(values), "5/3, 0 left");
  values.Set("stamps.of", std::int64_t{8});
  values.Set("stamps.left", std::int64_t{3});
  EXPECT_EQ(text(values), "5/8, 3 left") << "what the card's data say counts";
}

TEST(ImagesTest, DrawStampsOnStripsThatAreChosenByData) {
  TemplateFiles files = Patched(
      R"({"images": {"strip": [{"when": {"tier.name": "vip"}, "file": "vip.png"}, {"file": "strip.png"}]},
          "stamps": {"count": "{{stamps.count}}", "of": 2, "filled": "on.png"}})");
  files["images/on.png"] = Png(90, 90);
  files["images/google-hero.png"] = Png(1032, 336);
  files["images/strip@3x.png"] = Png(1125, 432, 10);
  files["images/vip@3x.png"] = Png(1125, 432, 250);
  const auto design = MustCompile(files);
  ASSERT_TRUE(design);
  const ImageSlot* strip = FindSlot(*design, "strip");
  ASSERT_EQ(strip->variants.size(), 6u);
  Values values;
  values.Set("stamps.count", std::int64_t{1});
  EXPECT_EQ(Chosen(*design, design->Render(values, CardState::kActive), "strip"), 4u);
  values.Set("tier.name", std::string("vip"));
  EXPECT_EQ(Chosen(*design, design->Render(values, CardState::kActive), "strip"), 1u);
  const auto red = [&](std::size_t variant) {
    return image::Decode(*strip->variants[variant].files[0].png).value().rgba[0];
  };
  EXPECT_EQ(red(1), 250);
  EXPECT_EQ(red(4), 10);
}

TEST(ImagesTest, DrawStampsOnTheStripThatIsThere) {
  TemplateFiles files =
      Patched(R"({"stamps": {"count": "{{stamps.count}}", "of": 1, "filled": "on.png"}})");
  files["images/on.png"] = Png(90, 90);
  const auto bare = MustCompile(files);
  files["images/strip@3x.png"] = Png(1125, 432);
  const auto backed = MustCompile(files);
  ASSERT_TRUE(bare && backed);
  const auto first = [](const Design& design) {
    return image::Decode(*FindSlot(design, "strip")->variants[0].files[2].png).value();
  };
  EXPECT_EQ(first(*bare).rgba[3], 0) << "transparent";
  EXPECT_EQ(first(*backed).rgba[3], 255);
}

TEST(ImagesTest, RefuseMoreStripsThanAreWorthDrawing) {
  Json patch = Json::parse(
      R"({"stamps": {"count": "{{stamps.count}}", "of": 30, "filled": "on.png"}, "languages": []})");
  for (const char* const language : {"en", "ru", "de", "fr", "it"}) {
    patch["languages"].push_back(language);
  }
  TemplateFiles files = Patched(json::Dump(patch));
  files["images/on.png"] = Png(90, 90);
  for (const char* const language : {"en", "ru", "de", "fr", "it"}) {
    files["images/" + std::string(language) + "/strip@3x.png"] = Png(1125, 432);
    files["locales/" + std::string(language) + ".json"] = files["locales/en.json"];
  }
  EXPECT_TRUE(Has(LintFiles(files, Programme()), "T07", "/stamps"))
      << Describe(LintFiles(files, Programme()));
}

TEST(ImagesTest, NeedAnIconOrALogo) {
  TemplateFiles files = test::FilesOfKind(Kind::kMembership);
  files.erase("images/icon@3x.png");
  files.erase("images/logo@3x.png");
  EXPECT_TRUE(Has(LintFiles(files, Programme()), "P23", "", "images/icon.png"));
}

TEST(ImagesTest, AreWarnedOfWhereWalletWouldCropOrNotShowThem) {
  TemplateFiles files = GoodFiles();
  files["images/strip@3x.png"] = Png(1125, 600);
  EXPECT_TRUE(Has(LintFiles(files, Programme()), "P23", "", "images/strip@3x.png"));
  files["images/strip@3x.png"] = Png(1125, 432);
  EXPECT_EQ(Describe(LintFiles(files, Programme())), "");
  files["images/thumbnail@3x.png"] = Png(270, 270);
  EXPECT_TRUE(Has(LintFiles(files, Programme()), "P23", "", "images/thumbnail@3x.png"))
      << "a store card has none";
  TemplateFiles small = GoodFiles();
  small.erase("images/icon@3x.png");
  small["images/icon.png"] = Png(38, 38);
  EXPECT_TRUE(Has(LintFiles(small, Programme()), "P23", "", "images/icon.png")) << "blurred";
  TemplateFiles ticket = test::FilesOfKind(Kind::kTicket);
  ticket["images/strip@3x.png"] = Png(1125, 432);
  ticket["images/thumbnail@3x.png"] = Png(270, 270);
  EXPECT_TRUE(Has(LintFiles(ticket, Programme()), "P23", "", "images/strip@3x.png"));
}

TEST(ImagesTest, HaveOneFilePerScale) {
  TemplateFiles files = GoodFiles();
  files["images/icon.png"] = Png(38, 38);
  files["images/icon@1x.png"] = Png(38, 38);
  EXPECT_TRUE(HasErrors(LintFiles(files, Programme())));
}

TEST(ImagesTest, AreTheSameBytesEveryTime) {
  TemplateFiles files = GoodFiles();
  files.erase("images/icon@3x.png");
  const auto one = MustCompile(files);
  const auto two = MustCompile(files);
  ASSERT_TRUE(one && two);
  for (std::size_t i = 0; i < one->slots().size(); ++i) {
    const auto& a = one->slots()[i].variants[0].files;
    const auto& b = two->slots()[i].variants[0].files;
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t j = 0; j < a.size(); ++j) EXPECT_EQ(*a[j].png, *b[j].png);
  }
}

}  // namespace
}  // namespace passmint::design
