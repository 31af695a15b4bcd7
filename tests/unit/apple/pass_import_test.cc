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

// A pass with `members` beside an empty layout.
ImportedPass With(const std::string& members, const std::string& style = "storeCard") {
  Bundle bundle;
  bundle["pass.json"] = "{\"" + style + "\": {}, \"description\": \"A card\", " + members + "}";
  auto imported = ImportPass(bundle);
  EXPECT_TRUE(imported.ok());
  return std::move(imported).value();
}

TEST(PassImportTest, BringsBackTheLinksOfOurOwnPass) {
  auto files = test::CoffeeFiles();
  Json main = json::Parse(files["template.json"], 1 << 20).value();
  main["links"] = {{{"label", "Our shop & more"}, {"url", "https://example.com/?a=1&b=2"}},
                   {{"label", "Call"}, {"url", "tel:+74950000000"}}};
  files["template.json"] = json::Dump(main);
  const auto imported = ImportPass(test::Unpack(test::Bundle(MustCompile(files)))).value();
  EXPECT_EQ(MainOf(imported)["links"], main["links"]);
  EXPECT_EQ(MainOf(imported)["fields"]["back"].size(), main["fields"]["back"].size());
}

TEST(PassImportTest, MakesOneLinkAroundAValueItsHref) {
  Bundle bundle = Smallest();
  bundle["pass.json"] = R"({"description": "A card", "storeCard": {"backFields": [
      {"key": "site", "value": "Our site", "attributedValue":
          " <A class='x' HREF='https://example.com/?q=&quot;a&quot;&amp;b'>Our site</A> "},
      {"key": "other", "value": "Shown", "attributedValue": "<a href=\"tel:+7\">Call us</a>"},
      {"key": "two", "value": "x", "attributedValue":
          "<a href=\"https://a.example\">a</a> or <a href=\"https://b.example\">b</a>"},
      {"key": "evil", "value": "x", "attributedValue": "<a href=\"javascript:alert(1)\">x</a>"},
      {"key": "odd", "value": "x", "attributedValue": "<a data-href=\"https://a.example\">x</a>"},
      {"key": "cut", "value": "x", "attributedValue": "<a href=\"https://a.example"},
      {"key": "number", "value": "x", "attributedValue": 7}]}})";
  const auto imported = ImportPass(bundle).value();
  const Json back = MainOf(imported)["fields"]["back"];
  EXPECT_EQ(back[0]["href"], "https://example.com/?q=\"a\"&b");
  EXPECT_EQ(back[1]["href"], "tel:+7");
  EXPECT_TRUE(Notes(imported, "pass.json", "field other: the link reads as its value now"));
  for (const std::size_t i : {2U, 3U, 4U, 5U, 6U}) {
    EXPECT_FALSE(back[i].contains("href")) << i;
    EXPECT_TRUE(Notes(imported, "pass.json", "field " + back[i]["key"].get<std::string>()));
  }
}

TEST(PassImportTest, TakesOneAddressWhereALinkDiffersByLanguage) {
  Bundle bundle = Smallest();
  bundle["pass.json"] = R"({"description": "A card", "storeCard": {"backFields": [
      {"key": "site", "value": "V", "attributedValue": "L"}]}})";
  bundle["en.lproj/pass.strings"] =
      R"("V" = "Site"; "L" = "<a href='https://example.com/en'>Site</a>";)";
  bundle["ru.lproj/pass.strings"] =
      R"("V" = "Сайт"; "L" = "<a href='https://example.com/ru'>Сайт</a>";)";
  const auto imported = ImportPass(bundle).value();
  EXPECT_EQ(MainOf(imported)["fields"]["back"][0]["href"], "https://example.com/en");
  EXPECT_TRUE(Notes(imported, "pass.json", "differs by language"));
}

TEST(PassImportTest, TakesDatesWithAZoneAndNamesThoseWithout) {
  const auto imported = With(R"("expirationDate": "2030-12-31T19:00+03:00",
      "relevantDates": [{"date": "2030-06-01T10:00:00Z"}, {"relevantDate": "2030-06-02T10:00+0300"},
          {"startDate": "2030-06-03T10:00Z", "endDate": "2030-06-03T12:00Z"}, {"date": "soon"}, 7],
      "relevantDate": "2030-06-01T10:00:00Z")");
  const Json main = MainOf(imported);
  EXPECT_EQ(main["expires"], "2030-12-31T19:00:00+03:00");
  EXPECT_TRUE(Notes(imported, "pass.json", "every card ends at 2030-12-31T19:00:00+03:00"));
  EXPECT_EQ(main["relevant"],
            Json::parse(R"([{"date": "2030-06-01T10:00:00Z"}, {"date": "2030-06-02T10:00:00+03:00"},
                {"start": "2030-06-03T10:00:00Z", "end": "2030-06-03T12:00:00Z"}])"));
  EXPECT_TRUE(Notes(imported, "pass.json", "relevantDates: an entry"));

  const auto vague = With(R"("expirationDate": "2030-12-31", "relevantDate": "tomorrow")");
  EXPECT_FALSE(MainOf(vague).contains("expires"));
  EXPECT_FALSE(MainOf(vague).contains("relevant"));
  EXPECT_TRUE(Notes(vague, "pass.json", "expirationDate is no time with a zone"));
  EXPECT_TRUE(Notes(vague, "pass.json", "relevantDate is no time with a zone"));
}

TEST(PassImportTest, TakesTheReadersKeyOfNfcAndEachCardsOwnNumber) {
  const auto imported = With(R"("nfc": {"message": "9000123", "encryptionPublicKey": "MDkw",
                                        "requiresAuthentication": true})");
  EXPECT_EQ(MainOf(imported)["nfc"], Json::parse(R"({"message": "{{card.number}}",
      "public_key": "MDkw", "requires_authentication": true})"));
  EXPECT_TRUE(Notes(imported, "pass.json", "certificate with NFC"));
  const auto keyless = With(R"("nfc": {"message": "9000123"})");
  EXPECT_FALSE(MainOf(keyless).contains("nfc"));
  EXPECT_TRUE(Notes(keyless, "pass.json", "no encryptionPublicKey"));
}

TEST(PassImportTest, TakesBeacons) {
  const auto imported =
      With(R"("beacons": [{"proximityUUID": "f7826da6-4fa2-4e98-8024-bc5b71e0893e",
      "major": 1, "minor": 2, "relevantText": "Near"}, {"major": 3}])");
  EXPECT_EQ(MainOf(imported)["beacons"],
            Json::parse(R"([{"uuid": "f7826da6-4fa2-4e98-8024-bc5b71e0893e", "major": 1, "minor": 2,
                             "text": "Near"}])"));
  EXPECT_TRUE(Notes(imported, "pass.json", "without proximityUUID"));
}

TEST(PassImportTest, TakesATicketsEventAndLeavesItsGuest) {
  const auto imported = With(R"("relevantDate": "2030-06-01T19:00Z", "semantics": {
      "eventName": "Swan Lake", "eventStartDate": "2030-06-01T19:00Z", "venueName": "Theatre",
      "venueLocation": {"latitude": 55.76, "longitude": 37.62}, "attendeeName": "Anna",
      "seats": [{"seatRow": "7"}]})",
                             "eventTicket");
  const Json main = MainOf(imported);
  EXPECT_EQ(main["event"], Json::parse(R"({"name": "Swan Lake", "start": "2030-06-01T19:00:00Z",
      "venue": {"name": "Theatre", "latitude": 55.76, "longitude": 37.62}})"));
  EXPECT_FALSE(main.contains("relevant")) << "the start says it";
  EXPECT_TRUE(Notes(imported, "pass.json", "seats, holders"));
}

TEST(PassImportTest, NamesWhatATemplateCannotSay) {
  auto imported =
      With(R"("userInfo": {"a": 1}, "appLaunchURL": "x:y", "unheard": 1, "semantics": {},
                          "voided": true, "serialNumber": "S", "teamIdentifier": "T")");
  for (const char* key : {"userInfo", "appLaunchURL", "unheard", "semantics", "voided"}) {
    EXPECT_TRUE(Notes(imported, "pass.json", std::string(key) + " was left out")) << key;
  }
  EXPECT_FALSE(Notes(imported, "pass.json", "serialNumber"));
  std::string many = "\"a\": 1";
  for (int i = 0; i < 200; ++i) many += ", \"key" + std::to_string(i) + "\": 1";
  EXPECT_LT(With(many).notes.size(), 50u);
  Bundle bundle = Smallest();
  bundle["personalization.json"] = "{}";
  EXPECT_TRUE(Notes(ImportPass(bundle).value(), "personalization.json", "left out"));
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
