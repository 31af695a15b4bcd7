#include "apple/pass_import.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "apple/strings.h"
#include "unit/apple/fixtures.h"

namespace passmint::apple {
namespace {

using test::Coffee;
using test::MustCompile;

using Bundle = std::map<std::string, std::string>;

Bundle Smallest() { return {{"pass.json", R"({"storeCard": {}, "description": "A card"})"}}; }

Json MainOf(const ImportedPass& imported) {
  return json::Parse(imported.files.at("template.json"), 1 << 20).value();
}

bool Notes(const ImportedPass& imported, std::string_view file, std::string_view words) {
  return std::any_of(imported.notes.begin(), imported.notes.end(), [&](const ImportNote& note) {
    return note.file == file && note.text.find(words) != std::string::npos;
  });
}

TEST(PassImportTest, MakesATemplateOfOurOwnPassThatLintsAndLooksTheSame) {
  const auto before = MustCompile(test::CoffeeFiles());
  const auto imported = ImportPass(test::Unpack(test::Bundle(before)));
  ASSERT_TRUE(imported.ok()) << imported.error().message;
  const auto after = MustCompile(imported.value().files);
  EXPECT_EQ(after->source().kind, design::Kind::kLoyalty);
  EXPECT_EQ(after->source().languages, before->source().languages);
  EXPECT_EQ(Json(after->source().colors.background).dump(), "\"#3b2318\"");
  const design::RenderedCard was = test::Render(*before);
  const design::RenderedCard is = test::Render(*after);
  for (std::size_t group = 0; group < design::kFieldGroups; ++group) {
    ASSERT_EQ(is.fields[group].size(), was.fields[group].size()) << group;
    for (std::size_t i = 0; i < is.fields[group].size(); ++i) {
      EXPECT_EQ(is.fields[group][i].label.In(1), was.fields[group][i].label.In(1));
    }
  }
  EXPECT_EQ(is.description.In(1), was.description.In(1));
  EXPECT_TRUE(imported.value().files.contains("images/logo@2x.png"));
}

TEST(PassImportTest, LeavesOutWhatBelongsToOneCard) {
  const auto imported = ImportPass(test::Unpack(test::Bundle(MustCompile(test::CoffeeFiles()))));
  const std::string main = imported.value().files.at("template.json");
  for (const char* secret : {"serialNumber", "Serial000", "authenticationToken", "webServiceURL",
                             "pass.com.example", "9000"}) {
    EXPECT_EQ(main.find(secret), std::string::npos) << secret;
  }
  EXPECT_FALSE(imported.value().files.contains("signature"));
  EXPECT_FALSE(imported.value().files.contains("manifest.json"));
  EXPECT_EQ(MainOf(imported.value())["barcode"][0]["message"], "{{card.number}}");
}

TEST(PassImportTest, MakesTranslatedTextsKeysOfTheLocales) {
  Bundle bundle = Smallest();
  bundle["pass.json"] =
      R"({"coupon": {"primaryFields": [{"key": "o", "label": "L", "value": "V"}]},
          "description": "D", "organizationName": "Shop"})";
  bundle["en.lproj/pass.strings"] = EncodeStrings("\"V\" = \"10 % off {today}, it's on\";\n");
  bundle["pt_BR.lproj/pass.strings"] = "\"V\" = \"hoje\"; \"D\" = \"Um cart\xC3\xA3o\";";
  const auto imported = ImportPass(bundle);
  ASSERT_TRUE(imported.ok());
  const Json main = MainOf(imported.value());
  EXPECT_EQ(main["languages"], Json({"en", "pt-BR"}));
  EXPECT_EQ(main["fields"]["primary"][0]["label"], "L");
  EXPECT_EQ(main["fields"]["primary"][0]["value"], "@o_value");
  EXPECT_EQ(main["description"], "@description");
  const Json portuguese =
      json::Parse(imported.value().files.at("locales/pt-BR.json"), 9999).value();
  EXPECT_EQ(portuguese["o_value"], "hoje");
  const Json english = json::Parse(imported.value().files.at("locales/en.json"), 9999).value();
  EXPECT_EQ(english["o_value"], "10 % off '{'today'}', it''s on");
  EXPECT_EQ(english["description"], "D") << "what a language does not translate stays as it was";
}

TEST(PassImportTest, TakesNoTextForOurSyntax) {
  Bundle bundle = Smallest();
  bundle["pass.json"] =
      R"({"storeCard": {"backFields": [{"key": "a", "value": "{{member.name}}"},
          {"key": "b", "value": "@home"}]}, "description": "A card"})";
  const Json main = MainOf(ImportPass(bundle).value());
  EXPECT_EQ(main["fields"]["back"][0]["value"], "\\{{member.name}}");
  EXPECT_EQ(main["fields"]["back"][1]["value"], "@@home");
}

TEST(PassImportTest, PutsVariablesInThePlaceOfWhatIsSomebodys) {
  Bundle bundle = Smallest();
  bundle["pass.json"] =
      R"({"storeCard": {"headerFields": [{"key": "points", "value": 499}],
          "secondaryFields": [{"key": "name", "value": "Anna Petrova"},
                              {"key": "worth", "value": 12.5, "currencyCode": "EUR"},
                              {"key": "off", "value": 0.05, "numberStyle": "PKNumberStylePercent"},
                              {"key": "huge", "value": 1e300, "numberStyle": "PKNumberStylePercent"},
                              {"key": "a b/c", "value": "x"}, {"key": "a b/c", "value": "y"}]}})";
  const auto imported = ImportPass(bundle).value();
  const Json fields = MainOf(imported)["fields"];
  EXPECT_EQ(fields["header"][0]["value"], "{{points.available}}");
  EXPECT_EQ(fields["secondary"][0]["value"], "{{member.name}}");
  EXPECT_EQ(fields["secondary"][1]["type"], "currency");
  EXPECT_EQ(fields["secondary"][1]["value"], "12.5");
  EXPECT_EQ(fields["secondary"][2]["value"], 5);
  EXPECT_EQ(fields["secondary"][2]["type"], "percent");
  EXPECT_EQ(fields["secondary"][3]["type"], "number");
  EXPECT_EQ(fields["secondary"][4]["key"], "a_b_c");
  EXPECT_EQ(fields["secondary"][5]["key"], "a_b_c_2");
  EXPECT_TRUE(Notes(imported, "pass.json", "\"Anna Petrova\" and now shows {{member.name}}"));
}

TEST(PassImportTest, KeepsPicturesOfEachLanguageAndScale) {
  Bundle bundle = Smallest();
  bundle["icon@2x.png"] = test::Png(76, 76);
  bundle["ru.lproj/strip@3x.png"] = test::Png(1125, 432);
  bundle["ru.lproj/pass.strings"] = "";
  const auto imported = ImportPass(bundle).value();
  EXPECT_TRUE(imported.files.contains("images/icon@2x.png"));
  EXPECT_TRUE(imported.files.contains("images/ru/strip@3x.png"));
}

TEST(PassImportTest, LeavesOutPicturesThatLie) {
  Bundle bundle = Smallest();
  bundle["logo.png"] = "GIF89a, honestly";
  bundle["icon.png"] = test::Png(38, 38).substr(0, 60);
  std::string giant = test::Png(38, 38);
  giant[16] = '\x7F';  // A width of two thousand million.
  bundle["strip.png"] = giant;
  bundle["background.png"] = test::Png(5000, 1);
  bundle["evil.png"] = test::Png(1, 1);
  const auto imported = ImportPass(bundle).value();
  EXPECT_TRUE(Notes(imported, "logo.png", "GIF"));
  EXPECT_TRUE(Notes(imported, "icon.png", "left out"));
  EXPECT_TRUE(Notes(imported, "strip.png", "left out"));
  EXPECT_TRUE(Notes(imported, "background.png", "4096"));
  EXPECT_TRUE(Notes(imported, "evil.png", "no picture that a card shows"));
  for (const auto& [path, bytes] : imported.files)
    EXPECT_FALSE(path.starts_with("images/")) << path;
}

TEST(PassImportTest, SaysWhyItIsNoPass) {
  for (const Bundle& bundle :
       {Bundle(), Bundle{{"pass.json", "{"}}, Bundle{{"pass.json", "[]"}},
        Bundle{{"pass.json", "{}"}}, Bundle{{"pass.json", R"({"storeCard": 7})"}}}) {
    const auto imported = ImportPass(bundle);
    ASSERT_FALSE(imported.ok());
    EXPECT_EQ(imported.error().reason, "not_a_pass");
    EXPECT_FALSE(imported.error().message.empty());
  }
}

TEST(PassImportTest, PassesOverWhatHasTheWrongType) {
  Bundle bundle = Smallest();
  bundle["pass.json"] =
      R"({"storeCard": {"headerFields": 5, "primaryFields": [7, {"key": 3, "value": []},
          {"key": 3, "value": "x", "label": 9, "dataDetectorTypes": [1]}]}, "barcodes": [1, {}],
          "locations": [{"latitude": "x"}, 5], "backgroundColor": "mud", "description": 5})";
  const auto imported = ImportPass(bundle);
  ASSERT_TRUE(imported.ok());
  EXPECT_EQ(MainOf(imported.value())["fields"]["primary"].size(), 1u);
  EXPECT_TRUE(Notes(imported.value(), "pass.json", "mud"));
}

}  // namespace
}  // namespace passmint::apple
