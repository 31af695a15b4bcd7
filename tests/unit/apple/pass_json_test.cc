#include "apple/pass_json.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "apple/strings.h"
#include "fixtures.h"

namespace passmint::apple {
namespace {

using design::CardState;
using design::Sample;
using test::Coffee;
using test::PassOf;

// The field with that key, wherever it stands in `style`; null if there is none.
Json FieldOf(const Json& pass, const std::string& key, const std::string& style = "storeCard") {
  for (const Json& group : pass[style]) {
    if (!group.is_array()) continue;
    for (const Json& field : group) {
      if (field["key"] == key) return field;
    }
  }
  return nullptr;
}

struct Written {
  Json pass;
  std::vector<std::map<std::string, std::string>> strings;  // By language.
};

Written WriteCard(const design::Design& design, const design::RenderedCard& card) {
  const PassWriter writer = PassWriter::Make(design, test::Environment()).value();
  const PassTexts texts = writer.Write(card, test::Identity());
  Written written{.pass = json::Parse(texts.pass_json, 1 << 20).value(), .strings = {}};
  for (const auto& bytes : texts.strings.empty() ? writer.fixed_strings() : texts.strings) {
    written.strings.push_back(ParseStrings(bytes).value());
  }
  return written;
}

std::string ReadData(const std::string& name) {
  std::ifstream file(std::filesystem::path(PASSMINT_SOURCE_DIR) / "tests/data/apple" / name);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(PassJsonTest, OfAStoreCardIsTheGoldenOne) {
  const Json pass = PassOf(test::CoffeeFiles());
  EXPECT_EQ(json::DumpPretty(pass), ReadData("coffee.pass.json"));
}

TEST(PassJsonTest, CarriesTheIdentityOfThePass) {
  const Json pass = PassOf(test::CoffeeFiles());
  EXPECT_EQ(pass["formatVersion"], 1);
  EXPECT_EQ(pass["passTypeIdentifier"], "pass.com.example.test");
  EXPECT_EQ(pass["teamIdentifier"], "TEAM123456");
  EXPECT_EQ(pass["serialNumber"], "Serial0000000000000001");
  EXPECT_EQ(pass["authenticationToken"], test::Token().RevealForSerialization());
  EXPECT_EQ(pass["webServiceURL"], "https://cards.example.com/apple");
}

TEST(PassJsonTest, HasNoWebServiceWithoutToken) {
  const auto design = test::MustCompile(test::CoffeeFiles());
  const PassWriter writer = PassWriter::Make(*design, test::Environment()).value();
  const PassTexts texts = writer.Write(test::Render(*design), {.serial = SerialNumber("s")});
  const Json pass = json::Parse(texts.pass_json, 1 << 20).value();
  EXPECT_FALSE(pass.contains("webServiceURL"));
  EXPECT_FALSE(pass.contains("authenticationToken"));
}

TEST(PassJsonTest, KeepsNumbersNumbers) {
  const Json pass = PassOf(test::CoffeeFiles(), Sample::kMillion);
  const Json points = FieldOf(pass, "points");
  EXPECT_TRUE(points["value"].is_number_integer());
  EXPECT_EQ(points["numberStyle"], "PKNumberStyleDecimal");
  const Json discount = FieldOf(pass, "discount");
  EXPECT_TRUE(discount["value"].is_number());
  EXPECT_LE(discount["value"].get<double>(), 1.0);
  EXPECT_EQ(discount["numberStyle"], "PKNumberStylePercent");
}

TEST(PassJsonTest, PrintsMajorUnitsFromIntegers) {
  const auto design = test::MustCompile(test::CoffeeFiles());
  const PassWriter writer = PassWriter::Make(*design, test::Environment()).value();
  design::Values values = design::SampleValues(Sample::kTypical, "RUB");
  values.Set("points.value", Money{9'007'199'254'740'991, *Currency::Find("RUB")});
  const PassTexts texts =
      writer.Write(design->Render(values, CardState::kActive), test::Identity());
  EXPECT_NE(texts.pass_json.find("\"currencyCode\":\"RUB\",\"value\":90071992547409.91"),
            std::string::npos)
      << texts.pass_json;
}

TEST(PassJsonTest, GivesDatesStylesAndTheirZone) {
  const Json since = FieldOf(PassOf(test::CoffeeFiles()), "since");
  EXPECT_EQ(since["dateStyle"], "PKDateStyleMedium");
  EXPECT_EQ(since["timeStyle"], "PKDateStyleNone");
  EXPECT_EQ(since["ignoresTimeZone"], true);
  EXPECT_EQ(since["value"], "2026-11-21T00:00:00+03:00");
  const Json last = FieldOf(PassOf(test::CoffeeFiles()), "last");
  EXPECT_EQ(last["timeStyle"], "PKDateStyleShort");
  EXPECT_FALSE(last.contains("ignoresTimeZone"));
}

TEST(PassJsonTest, WritesALinkBesideTheValue) {
  const Json site = FieldOf(PassOf(test::CoffeeFiles()), "site");
  EXPECT_EQ(site["value"], "example.com");
  EXPECT_EQ(site["attributedValue"],
            "<a href=\"https://example.com/?a=1&amp;b=2\">example.com</a>");
}

TEST(PassJsonTest, LeavesOutWhatIsEmpty) {
  const Json pass = PassOf(test::CoffeeFiles(), Sample::kEmpty);
  EXPECT_TRUE(FieldOf(pass, "name").is_null());
  EXPECT_FALSE(pass.contains("expirationDate"));
}

TEST(PassJsonTest, PutsTheFirstClassicCodeIntoBarcodeToo) {
  const Json pass = PassOf(Coffee(R"({"barcode": [
      {"format": "ean13", "message": "4006381333931"},
      {"format": "pdf417", "message": "Ж", "text": "x"}]})"));
  ASSERT_EQ(pass["barcodes"].size(), 2u);
  EXPECT_EQ(pass["barcodes"][0]["format"], "PKBarcodeFormatEAN13");
  EXPECT_EQ(pass["barcodes"][0]["messageEncoding"], "iso-8859-1");
  EXPECT_EQ(pass["barcodes"][1]["messageEncoding"], "utf-8");
  EXPECT_EQ(pass["barcode"], pass["barcodes"][1]);
}

TEST(PassJsonTest, SaysWhatStateTheCardIsIn) {
  const auto files = test::CoffeeFiles();
  EXPECT_FALSE(PassOf(files).contains("voided"));
  EXPECT_EQ(PassOf(files, Sample::kTypical, CardState::kBlocked)["voided"], true);
  EXPECT_EQ(PassOf(files, Sample::kTypical, CardState::kClosed)["voided"], true);
  EXPECT_FALSE(PassOf(files, Sample::kTypical, CardState::kExpired).contains("voided"))
      << "the expiration date says so";
  EXPECT_EQ(PassOf(files, Sample::kEmpty, CardState::kExpired)["voided"], true);
}

struct StyleCase {
  const char* patch;
  const char* style;
};

TEST(PassJsonTest, HasOneClassicStyleByKind) {
  EXPECT_TRUE(PassOf(test::CoffeeFiles()).contains("storeCard"));
  EXPECT_TRUE(PassOf(Coffee(R"({"kind": "membership", "fields": {"primary": [
      {"key": "top", "label": "x", "value": "y", "google": "header"}]}})"))
                  .contains("generic"));
  EXPECT_TRUE(PassOf(Coffee(R"({"kind": "coupon", "offer": {"provider": "a", "title": "b",
      "redemption_channel": "instore"}})"))
                  .contains("coupon"));
  EXPECT_TRUE(PassOf(test::Gift()).contains("storeCard"));
  EXPECT_TRUE(PassOf(test::Ticket()).contains("eventTicket"));
  EXPECT_EQ(PassOf(test::Boarding())["boardingPass"]["transitType"], "PKTransitTypeTrain");
}

TEST(PassJsonTest, SetsPosterGenericBesideTheClassicStyle) {
  const Json pass = PassOf(Coffee(R"({"poster": {"primary": ["name", "points"]}})"));
  ASSERT_TRUE(pass.contains("storeCard"));
  const Json& poster = pass["posterGeneric"];
  EXPECT_EQ(poster["headerFields"].size(), 1u);
  ASSERT_EQ(poster["primaryFields"].size(), 2u);
  EXPECT_EQ(poster["primaryFields"][0]["key"], "name");
  EXPECT_EQ(poster["primaryFields"][1], FieldOf(pass, "points"));
}

TEST(PassJsonTest, PrefersThePosterEventTicket) {
  const Json pass = PassOf(test::Ticket(R"({"poster": {"automatic_colors": true,
      "footer_background": "#010203", "logo_text": "Hall"}})"));
  EXPECT_EQ(pass["preferredStyleSchemes"], Json({"posterEventTicket", "eventTicket"}));
  EXPECT_EQ(pass["useAutomaticColors"], true);
  EXPECT_EQ(pass["footerBackgroundColor"], "rgb(1, 2, 3)");
  EXPECT_EQ(pass["eventLogoText"], "Hall");
}

TEST(PassJsonTest, TurnsTheEventIntoSemanticsAndDates) {
  const Json pass = PassOf(test::Ticket(R"({"event": {"type": "live_performance",
      "performers": ["A", "B"], "group": "g1", "seat": {"row": "5", "seat": "7"},
      "venue": {"latitude": 1.5, "longitude": 2.5}}})"));
  const Json& tags = pass["semantics"];
  EXPECT_EQ(tags["eventName"], "Winter concert");
  EXPECT_EQ(tags["eventType"], "PKEventTypeLivePerformance");
  EXPECT_EQ(tags["venueRegionName"], "Moscow");
  EXPECT_EQ(tags["venueLocation"], Json({{"latitude", 1.5}, {"longitude", 2.5}}));
  EXPECT_EQ(tags["performerNames"], Json({"A", "B"}));
  EXPECT_EQ(tags["seats"][0]["seatNumber"], "7");
  EXPECT_EQ(pass["groupingIdentifier"], "g1");
  EXPECT_EQ(pass["relevantDate"], "2026-12-24T19:00:00+03:00");
  EXPECT_EQ(pass["relevantDates"][0]["date"], pass["relevantDate"]);
  EXPECT_EQ(pass["relevantDates"][0]["relevantDate"], pass["relevantDate"]);
}

TEST(PassJsonTest, WritesAVariableOfABlockForEachCard) {
  const auto files = test::Ticket(R"({"event": {"seat": {"seat": "{{card.number}}"}}})");
  EXPECT_EQ(PassOf(files)["semantics"]["seats"][0]["seatNumber"],
            PassOf(files)["barcode"]["message"]);
}

TEST(PassJsonTest, TellsTheBalanceOfAGiftCard) {
  const Json pass = PassOf(test::Gift());
  const Json& balance = pass["semantics"]["balance"];
  EXPECT_TRUE(balance["amount"].is_string());
  EXPECT_EQ(balance["currencyCode"], "RUB");
}

TEST(PassJsonTest, CarriesPlacesAppsActionsAndNfc) {
  const Json pass = PassOf(Coffee(R"({
      "beacons": [{"uuid": "E2C56DB5-DFFB-48D2-B060-D0F5A71096E0", "major": 1, "text": "@near"}],
      "relevant": [{"start": "2026-12-01T10:00:00Z", "end": "2026-12-01T12:00:00Z"}],
      "app": {"store_ids": [1234567], "launch_url": "bean://open"},
      "actions": [{"id": "menu", "type": "order", "url": "https://example.com/menu"}],
      "nfc": {"message": "{{card.number}}", "public_key": "MDkw", "requires_authentication": true},
      "sharing": false})"));
  EXPECT_EQ(pass["beacons"][0]["proximityUUID"], "E2C56DB5-DFFB-48D2-B060-D0F5A71096E0");
  EXPECT_EQ(pass["beacons"][0]["relevantText"], pass["locations"][0]["relevantText"]);
  EXPECT_EQ(pass["relevantDates"][0]["endDate"], "2026-12-01T12:00:00Z");
  EXPECT_EQ(pass["relevantDate"], "2026-12-01T10:00:00Z");
  EXPECT_EQ(pass["associatedStoreIdentifiers"], Json({1234567}));
  EXPECT_EQ(pass["appLaunchURL"], "bean://open");
  EXPECT_EQ(pass["featuredActions"][0]["identifier"], "menu");
  EXPECT_EQ(pass["nfc"]["message"], pass["barcode"]["message"]);
  EXPECT_EQ(pass["nfc"]["encryptionPublicKey"], "MDkw");
  EXPECT_EQ(pass["sharingProhibited"], true);
}

TEST(PassJsonTest, RefusesNfcWithoutItsCertificate) {
  const auto design =
      test::MustCompile(Coffee(R"({"nfc": {"message": "{{card.number}}", "public_key": "MDkw"}})"));
  const auto writer = PassWriter::Make(*design, test::Environment());
  ASSERT_FALSE(writer.ok());
  EXPECT_EQ(writer.error().reason, "nfc_certificate_needed");
}

TEST(PassJsonTest, MergesTheNativePatchLast) {
  const Json pass = PassOf(Coffee(R"({"apple": {"maxDistance": 200, "logoText": null,
      "description": "@description", "expirationDate": "2030-01-01T00:00Z",
      "barcode": {"altText": "patched"}, "storeCard": {"headerFields": [
          {"key": "own", "value": 1}]}, "userInfo": {"a": [1, {"b": null}]}}})"));
  EXPECT_EQ(pass["maxDistance"], 200);
  EXPECT_FALSE(pass.contains("logoText"));
  EXPECT_EQ(pass["expirationDate"], "2030-01-01T00:00Z");
  EXPECT_EQ(pass["barcode"]["altText"], "patched");
  EXPECT_EQ(pass["barcode"]["message"], pass["barcodes"][0]["message"]) << "objects merge";
  EXPECT_EQ(pass["storeCard"]["headerFields"].size(), 1u) << "arrays are replaced";
  EXPECT_EQ(pass["storeCard"]["secondaryFields"].size(), 2u);
  EXPECT_EQ(pass["userInfo"]["a"][0], 1);
}

TEST(PassJsonTest, TranslatesTextsThroughStableKeys) {
  const auto design = test::MustCompile(test::CoffeeFiles());
  const Written one = WriteCard(*design, test::Render(*design, Sample::kTypical));
  const Written other = WriteCard(*design, test::Render(*design, Sample::kVip));
  ASSERT_EQ(one.strings.size(), 2u);
  const std::string label = FieldOf(one.pass, "points")["label"];
  EXPECT_TRUE(label.starts_with(kStringsKeyPrefix));
  EXPECT_EQ(one.strings[0].at(label), "Points");
  EXPECT_EQ(one.strings[1].at(label), "Баллы");
  EXPECT_EQ(FieldOf(other.pass, "points")["label"], label);
  const std::string summary = FieldOf(one.pass, "summary")["value"];
  EXPECT_NE(FieldOf(other.pass, "summary")["value"], summary) << "a phone must see the change";
  EXPECT_NE(one.strings[0].at(summary), one.strings[1].at(summary));
}

// Texts that no card changes are written once per design, without asking Design::Render again.
TEST(PassJsonTest, WritesFixedTextsAsDesignRendersThem) {
  const auto design = test::MustCompile(Coffee(R"json({"fields": {"back": [
      {"key": "a", "label": "@@home", "value": "\\{{points.available 'quoted' {brace} %@ \"x\""},
      {"key": "b", "label": "@contact", "value": "@contact_text"}]}})json"));
  const design::RenderedCard card = test::Render(*design);
  const Written written = WriteCard(*design, card);
  const auto& back = card.Group(design::FieldGroup::kBack);
  ASSERT_EQ(back.size(), 2u);
  const auto value = [&back](std::size_t i, std::size_t language) {
    return std::get<design::RenderedText>(back[i].value).In(language);
  };
  EXPECT_EQ(FieldOf(written.pass, "a")["label"], back[0].label.In(0));
  EXPECT_EQ(FieldOf(written.pass, "a")["value"], value(0, 0));
  for (std::size_t language = 0; language < 2; ++language) {
    EXPECT_EQ(written.strings[language].at(FieldOf(written.pass, "b")["value"]),
              value(1, language));
  }
}

TEST(PassJsonTest, DefinesTheSameKeysInEachLanguage) {
  const auto design = test::MustCompile(test::CoffeeFiles());
  const Written written = WriteCard(*design, test::Render(*design));
  for (const auto& [key, text] : written.strings[0]) {
    EXPECT_TRUE(written.strings[1].contains(key)) << text;
  }
  EXPECT_EQ(written.strings[0].size(), written.strings[1].size());
}

TEST(PassJsonTest, DoesNotTranslateACustomerNamedLikeAKey) {
  const auto design = test::MustCompile(test::CoffeeFiles());
  const Written typical = WriteCard(*design, test::Render(*design));
  const std::string key = FieldOf(typical.pass, "points")["label"];
  design::Values values = design::SampleValues(Sample::kTypical, "RUB");
  values.Set("member.name", key);
  const Written written = WriteCard(*design, design->Render(values, CardState::kActive));
  const std::string shown = FieldOf(written.pass, "name")["value"];
  EXPECT_NE(shown, key);
  EXPECT_EQ(written.strings[0].at(shown), key) << "it is shown as it was typed";
  EXPECT_EQ(written.strings[1].at(shown), key);
}

TEST(PassJsonTest, HasNoStringsInOneLanguage) {
  const auto design = test::MustCompile(test::Gift());
  const PassWriter writer = PassWriter::Make(*design, test::Environment()).value();
  EXPECT_EQ(writer.fixed_strings(), std::vector<std::string>{""});
  EXPECT_TRUE(writer.Write(test::Render(*design), test::Identity()).strings.empty());
}

TEST(PassJsonTest, EscapesWhatACustomerTyped) {
  const auto design = test::MustCompile(test::CoffeeFiles());
  design::Values values = design::SampleValues(Sample::kTypical, "RUB");
  const std::string name = "\"},{\\ \n\x01 </a> {{points.available}} \xF0\x9F\x98\x80";
  values.Set("member.name", name);
  const Written written = WriteCard(*design, design->Render(values, CardState::kActive));
  EXPECT_EQ(FieldOf(written.pass, "name")["value"], name);
}

TEST(PassJsonTest, SurvivesTextThatIsNotUtf8) {
  const auto design = test::MustCompile(test::CoffeeFiles());
  design::RenderedCard card = test::Render(*design);
  card.fields[2][0].value = design::RenderedText{{"a\xFFz"}};
  EXPECT_EQ(FieldOf(WriteCard(*design, card).pass, "name")["value"], "a\xEF\xBF\xBDz");
}

TEST(PassJsonTest, ShowsLinksOnTheBack) {
  const Json pass =
      PassOf(Coffee(R"({"links": [{"label": "@site", "url": "https://example.com"}]})"));
  const Json link = FieldOf(pass, "passmint-link-1");
  EXPECT_EQ(link["value"], "https://example.com");
}

}  // namespace
}  // namespace passmint::apple
