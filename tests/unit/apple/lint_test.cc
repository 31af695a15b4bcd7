#include "apple/lint.h"

#include <gtest/gtest.h>

#include <string>

#include "fixtures.h"

namespace passmint::apple {
namespace {

using design::Findings;
using design::Level;
using design::TemplateFiles;

constexpr Level kError = Level::kError;
constexpr Level kWarning = Level::kWarning;

Findings LintFiles(const TemplateFiles& files, const PassEnvironment& environment) {
  return Lint(*test::MustCompile(files), environment, test::Now());
}

std::string Describe(const Findings& findings) {
  std::string text;
  for (const design::Finding& finding : findings) {
    text += finding.id + ' ' + std::string(Name(finding.level)) + ' ' + finding.file + ' ' +
            finding.pointer + ": " + finding.cause + " -> " + finding.cure + '\n';
  }
  return text;
}

// Expects that finding, with a cause and a cure.
void ExpectFinding(const Findings& findings, std::string_view id, Level level,
                   std::string_view pointer, std::string_view file = "template.json") {
  for (const design::Finding& finding : findings) {
    if (finding.id != id || finding.level != level || finding.pointer != pointer ||
        finding.file != file) {
      continue;
    }
    EXPECT_FALSE(finding.cause.empty());
    EXPECT_FALSE(finding.cure.empty());
    return;
  }
  ADD_FAILURE() << "no " << id << " at " << pointer << " among\n" << Describe(findings);
}

// Patches the coffee card natively.
Findings Native(const std::string& patch) {
  return LintFiles(test::Coffee("{\"apple\": " + patch + "}"), test::Environment());
}

// Patches the ticket's template.
Findings TicketWith(const std::string& patch) {
  return LintFiles(test::Ticket(patch), test::Environment());
}

TEST(LintTest, FindsNothingInGoodTemplates) {
  EXPECT_EQ(Describe(LintFiles(test::CoffeeFiles(), test::Environment())), "");
  EXPECT_EQ(Describe(LintFiles(test::Gift(), test::Environment())), "");
  EXPECT_EQ(Describe(LintFiles(test::Ticket(), test::Environment())), "");
  EXPECT_EQ(Describe(LintFiles(test::Boarding(), test::Environment())), "");
}

TEST(LintTest, P01RequiredKeys) {
  ExpectFinding(Native(R"({"description": null})"), "P01", kError, "/apple/description");
  ExpectFinding(Native(R"({"organizationName": ""})"), "P01", kError, "/apple/organizationName");
}

TEST(LintTest, P02OneClassicStyle) {
  ExpectFinding(Native(R"({"coupon": {}})"), "P02", kError, "/apple/coupon");
  ExpectFinding(Native(R"({"storeCard": null})"), "P02", kError, "");
  ExpectFinding(Native(R"({"storeCard": null, "posterGeneric": {}})"), "P02", kWarning,
                "/apple/posterGeneric");
}

TEST(LintTest, P03Identifiers) {
  PassEnvironment environment = test::Environment();
  environment.pass_type = PassTypeIdentifier("com.example.test");
  ExpectFinding(LintFiles(test::CoffeeFiles(), environment), "P03", kError, "", "passmint.toml");
  environment.pass_type = PassTypeIdentifier("pass.com.apple.wallet");
  ExpectFinding(LintFiles(test::CoffeeFiles(), environment), "P03", kError, "", "passmint.toml");
}

TEST(LintTest, P05Dates) {
  for (const char* date : {"2026-11-21", "2026-11-21T10:00:00", "2026-11-21T10:00:00+0300",
                           "2026-02-30T10:00Z", "2026-11-21T10:00:00.Z"}) {
    ExpectFinding(Native("{\"expirationDate\": \"" + std::string(date) + "\"}"), "P05", kError,
                  "/apple/expirationDate");
  }
  for (const char* date : {"2030-11-21T10:00Z", "2030-11-21T10:00:00.5+03:00"}) {
    EXPECT_EQ(Describe(Native("{\"expirationDate\": \"" + std::string(date) + "\"}")), "");
  }
}

TEST(LintTest, P06ColoursInTheNativePatch) {
  ExpectFinding(Native(R"json({"stripColor": "rgba(1, 2, 3, 0.5)"})json"), "P06", kError,
                "/apple/stripColor");
  ExpectFinding(Native(R"json({"labelColor": "rgb(1, 2, 256)"})json"), "P06", kError,
                "/apple/labelColor");
}

TEST(LintTest, P07Types) {
  ExpectFinding(Native(R"({"maxDistance": "100"})"), "P07", kError, "/apple/maxDistance");
  ExpectFinding(Native(R"({"suppressStripShine": "true"})"), "P07", kError,
                "/apple/suppressStripShine");
  ExpectFinding(Native(R"({"barcodes": {"format": "PKBarcodeFormatQR"}})"), "P07", kError,
                "/apple/barcodes");
  ExpectFinding(Native(R"({"userInfo": 1, "beacons": [1]})"), "P07", kError, "/apple/beacons/0");
  ExpectFinding(Native(R"({"semantics": {"balance": {"amount": 5, "currencyCode": "EUR"}}})"),
                "P07", kError, "/apple/semantics/balance/amount");
}

TEST(LintTest, P08KeysAndValues) {
  ExpectFinding(Native(R"({"storeCard": {"headerFields": [{"key": "name", "value": "x"}]}})"),
                "P08", kError, "/fields/secondary/0/key");
  ExpectFinding(Native(R"({"storeCard": {"headerFields": [{"value": "x"}]}})"), "P08", kError,
                "/apple/storeCard/headerFields/0");
  ExpectFinding(Native(R"({"storeCard": {"headerFields": [{"key": "x"}]}})"), "P08", kError,
                "/apple/storeCard/headerFields/0");
  ExpectFinding(
      Native(R"({"posterGeneric": {"primaryFields": [{"key": "points", "value": "x"}]}})"), "P08",
      kWarning, "/fields/header/0/value");
}

TEST(LintTest, P09Enumerations) {
  ExpectFinding(Native(R"({"storeCard": {"headerFields": [
      {"key": "x", "value": "x", "textAlignment": "left"}]}})"),
                "P09", kError, "/apple/storeCard/headerFields/0/textAlignment");
  ExpectFinding(Native(R"({"storeCard": {"transitType": "PKTransitTypeAir"}})"), "P09", kError,
                "/apple/storeCard/transitType");
  ExpectFinding(Native(R"({"barcode": {"format": "PKBarcodeFormatCode128"}})"), "P09", kError,
                "/apple/barcode/format");
  ExpectFinding(LintFiles(test::Boarding(R"({"apple": {"boardingPass": {"transitType": null}}})"),
                          test::Environment()),
                "P09", kError, "/apple/boardingPass/transitType");
}

TEST(LintTest, P10StylesOfValuesInTheNativePatch) {
  const auto field = [](const std::string& members) {
    return Native("{\"storeCard\": {\"headerFields\": [{\"key\": \"x\", " + members + "}]}}");
  };
  const std::string here = "/apple/storeCard/headerFields/0";
  ExpectFinding(field(R"("value": "5", "currencyCode": "EUR")"), "P10", kError,
                here + "/currencyCode");
  ExpectFinding(field(R"("value": 5, "currencyCode": "EURO")"), "P10", kError,
                here + "/currencyCode");
  ExpectFinding(
      field(R"("value": 5, "currencyCode": "EUR", "numberStyle": "PKNumberStyleDecimal")"), "P10",
      kWarning, here + "/numberStyle");
  ExpectFinding(field(R"("value": "x", "dateStyle": "PKDateStyleFull")"), "P10", kWarning,
                here + "/dateStyle");
  ExpectFinding(field(R"("value": "x", "row": 1)"), "P10", kError, here + "/row");
}

TEST(LintTest, P11ChangeMessages) {
  for (const char* text : {"no value", "%@ and %@"}) {
    ExpectFinding(Native("{\"storeCard\": {\"headerFields\": [{\"key\": \"x\", \"value\": 1, "
                         "\"changeMessage\": \"" +
                         std::string(text) + "\"}]}}"),
                  "P11", kError, "/apple/storeCard/headerFields/0/changeMessage");
  }
  ExpectFinding(Native(R"({"storeCard": {"headerFields": [{"key": "x", "value": 1,
      "changeMessage": "%@ %d"}]}})"),
                "P11", kWarning, "/apple/storeCard/headerFields/0/changeMessage");
  PassEnvironment environment = test::Environment();
  environment.web_service_url.reset();
  ExpectFinding(LintFiles(test::CoffeeFiles(), environment), "P11", kWarning,
                "/fields/header/0/change");
}

TEST(LintTest, P11LooksIntoEachLanguage) {
  TemplateFiles files = test::Coffee(R"({"apple": {"storeCard": {"headerFields": [
      {"key": "x", "value": 1, "changeMessage": "@own"}]}}})");
  for (const auto& [language, text] :
       {std::pair("en", "now %@"), std::pair("ru", "\xD0\xBD\xD0\xB5\xD1\x82")}) {
    const std::string name = "locales/" + std::string(language) + ".json";
    Json locale = json::Parse(files[name], 1 << 20).value();
    locale["own"] = text;
    files[name] = json::Dump(locale);
  }
  const Findings findings = LintFiles(files, test::Environment());
  ExpectFinding(findings, "P11", kError, "/apple/storeCard/headerFields/0/changeMessage");
  EXPECT_NE(Describe(findings).find("in language ru"), std::string::npos);
}

TEST(LintTest, P12AlignmentAndDetectors) {
  ExpectFinding(LintFiles(test::Coffee(R"({"fields": {"primary": [
      {"key": "p", "label": "x", "value": "y", "align": "left"}]}})"),
                          test::Environment()),
                "P12", kWarning, "/fields/primary/0/align");
  ExpectFinding(LintFiles(test::Coffee(R"({"fields": {"primary": [
      {"key": "p", "label": "x", "value": "y", "detect": []}]}})"),
                          test::Environment()),
                "P12", kWarning, "/fields/primary/0/detect");
}

TEST(LintTest, P13Counts) {
  const auto fields = [](const char* group, int count) {
    Json list = Json::array();
    for (int i = 0; i < count; ++i) {
      list.push_back({{"key", "k" + std::to_string(i)}, {"label", "x"}, {"value", "y"}});
    }
    return LintFiles(test::Coffee(json::Dump({{"fields", {{group, list}}}})), test::Environment());
  };
  ExpectFinding(fields("header", 4), "P13", kWarning, "/fields/header");
  ExpectFinding(fields("primary", 2), "P13", kWarning, "/fields/primary");
  ExpectFinding(fields("auxiliary", 3), "P13", kWarning, "/fields/auxiliary");
}

TEST(LintTest, P14Barcodes) {
  const auto codes = [](const std::string& list) {
    return LintFiles(test::Coffee("{\"barcode\": [" + list + "]}"), test::Environment());
  };
  ExpectFinding(codes(R"({"format": "qr", "message": "{{card.number}}"})"), "P14", kWarning,
                "/barcode/0/text");
  ExpectFinding(codes(R"({"format": "code39", "message": "A", "text": "A"})"), "P14", kWarning,
                "/barcode");
  ExpectFinding(codes(R"({"format": "code128", "message": "A", "text": "A"})"), "P14", kWarning,
                "/barcode");
  ExpectFinding(Native(R"({"barcodes": [{"format": "PKBarcodeFormatQR", "message": "Ж",
      "messageEncoding": "iso-8859-1", "altText": "x"}]})"),
                "P14", kError, "/apple/barcodes/0/messageEncoding");
  ExpectFinding(Native(R"({"barcodes": [{"format": "PKBarcodeFormatQR", "altText": "x",
      "messageEncoding": "utf-8"}]})"),
                "P14", kError, "/apple/barcodes/0/message");
}

TEST(LintTest, P15WebService) {
  PassEnvironment environment = test::Environment();
  environment.web_service_url = "http://cards.example.com/apple";
  ExpectFinding(LintFiles(test::CoffeeFiles(), environment), "P15", kError, "", "passmint.toml");
  environment.web_service_url = "http://127.0.0.1:8080/apple";
  ExpectFinding(LintFiles(test::CoffeeFiles(), environment), "P15", kWarning, "", "passmint.toml");
  environment.web_service_url = "https://cards.example.com/apple/sample";
  ExpectFinding(LintFiles(test::CoffeeFiles(), environment), "P15", kWarning, "", "passmint.toml");
}

TEST(LintTest, P16PlacesInTheNativePatch) {
  ExpectFinding(Native(R"({"locations": [{"latitude": 91, "longitude": 0}]})"), "P16", kError,
                "/apple/locations/0/latitude");
  ExpectFinding(Native(R"({"locations": [{"latitude": 1}]})"), "P16", kError,
                "/apple/locations/0/longitude");
  ExpectFinding(Native(R"({"beacons": [{"proximityUUID": "x", "major": 65536}]})"), "P16", kError,
                "/apple/beacons/0/proximityUUID");
  ExpectFinding(Native(R"({"beacons": [{"proximityUUID": "x", "major": 65536}]})"), "P16", kError,
                "/apple/beacons/0/major");
  Json places = Json::array();
  for (int i = 0; i < 11; ++i) places.push_back({{"latitude", i}, {"longitude", i}});
  ExpectFinding(Native(json::Dump({{"locations", places}})), "P16", kError, "/apple/locations");
}

TEST(LintTest, P17Relevance) {
  const auto relevant = [](const std::string& entry) {
    return Native("{\"relevantDates\": [" + entry + "]}");
  };
  const std::string here = "/apple/relevantDates/0";
  ExpectFinding(relevant(R"({"startDate": "2026-12-01T10:00Z"})"), "P17", kError, here);
  ExpectFinding(relevant(R"({})"), "P17", kError, here);
  ExpectFinding(relevant(R"({"startDate": "2026-12-02T10:00Z", "endDate": "2026-12-01T10:00Z"})"),
                "P17", kError, here);
  ExpectFinding(relevant(R"({"startDate": "2026-12-01T10:00Z", "endDate": "2026-12-02T11:00Z"})"),
                "P17", kWarning, here);
  ExpectFinding(relevant(R"({"date": "2026-12-01T10:00Z"})"), "P17", kWarning, here);
  ExpectFinding(relevant(R"({"date": "2026-12-01T10:00Z"})"), "P17", kWarning,
                "/apple/relevantDates");
  ExpectFinding(LintFiles(test::Coffee(R"({"relevant": [
      {"start": "2026-12-02T10:00:00Z", "end": "2026-12-01T10:00:00Z"}]})"),
                          test::Environment()),
                "P17", kError, "/relevant/0");
}

// Of a key made for this test: openssl ec -pubout -conv_form compressed.
constexpr char kPublicKey[] =
    "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADATMM1wd4fuevFzLms2rWWEUFn6PEYuXNL7eI+idTc18=";

// The same form with an x that no point of the curve has.
constexpr char kOffCurve[] =
    "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADATMM1wd4fuevFzLms2rWWEUFn6PEYuXNL7eI+idTc2A=";

TEST(LintTest, P18Nfc) {
  PassEnvironment environment = test::Environment();
  const auto nfc = [&environment](const std::string& key, const std::string& message,
                                  const std::string& more = "") {
    return LintFiles(test::Coffee("{\"nfc\": {\"message\": \"" + message +
                                  "\", \"public_key\": \"" + key + "\"" + more + "}}"),
                     environment);
  };
  ExpectFinding(nfc(kPublicKey, "{{card.number}}"), "P18", kError, "/nfc");
  environment.supports_nfc = true;
  EXPECT_EQ(Describe(nfc(kPublicKey, "{{card.number}}")), "");
  ExpectFinding(nfc("AAAA", "{{card.number}}"), "P18", kError, "/nfc/public_key");
  ExpectFinding(nfc(kOffCurve, "{{card.number}}"), "P18", kError, "/nfc/public_key");
  ExpectFinding(nfc(kPublicKey, std::string(65, 'a')), "P18", kError, "/nfc/message");
  ExpectFinding(nfc(kPublicKey, "a", ", \"requires_authentication\": true"), "P18", kWarning,
                "/nfc/requires_authentication");
}

TEST(LintTest, P19NewLayouts) {
  const Findings poster = TicketWith(R"({"poster": {}, "event": {"type": "sports",
      "venue": {"region": null}}})");
  ExpectFinding(poster, "P19", kWarning, "/event/venue/region");
  ExpectFinding(poster, "P19", kWarning, "/event/home_team");
  ExpectFinding(poster, "P19", kWarning, "/nfc");
  ExpectFinding(poster, "P19", kWarning, "/poster");
  const Findings boarding =
      LintFiles(test::Boarding(R"({"boarding": {"semantic": true}})"), test::Environment());
  ExpectFinding(boarding, "P19", kWarning, "/apple/semantics/airlineCode");
  ExpectFinding(boarding, "P19", kWarning, "/boarding/transit");
  const Findings generic =
      LintFiles(test::Coffee(R"({"poster": {}, "apple": {"storeCard": {"headerFields": [],
      "secondaryFields": [], "auxiliaryFields": [], "backFields": []}}})"),
                test::Environment());
  ExpectFinding(generic, "P19", kWarning, "/poster");
  ExpectFinding(generic, "P19", kWarning, "/apple/storeCard");
}

TEST(LintTest, P20KeysWithoutEffect) {
  ExpectFinding(Native(R"({"eventLogoText": "x"})"), "P20", kWarning, "/apple/eventLogoText");
  ExpectFinding(Native(R"({"suppressHeaderDarkening": true})"), "P20", kWarning,
                "/apple/suppressHeaderDarkening");
  ExpectFinding(Native(R"({"groupingIdentifier": "x"})"), "P20", kWarning,
                "/apple/groupingIdentifier");
  ExpectFinding(Native(R"({"appLaunchURL": "bean://x"})"), "P20", kWarning, "/apple/appLaunchURL");
  ExpectFinding(TicketWith(R"({"poster": {}, "logo_text": "x"})"), "P20", kWarning, "/logo_text");
  ExpectFinding(LintFiles(test::Coffee(R"({"fields": {"footer": [
      {"key": "f", "label": "x", "value": "y"}]}})"),
                          test::Environment()),
                "P20", kWarning, "/fields/footer");
  ExpectFinding(LintFiles(test::Coffee(R"({"fields": {"additional": [
      {"key": "f", "label": "x", "value": "y"}]}})"),
                          test::Environment()),
                "P20", kWarning, "/fields/additional");
}

TEST(LintTest, P21FeaturedActions) {
  const auto actions = [](const std::string& list) {
    return Native("{\"featuredActions\": [" + list + "]}");
  };
  const std::string good = R"({"identifier": "a", "type": "shop", "url": "https://example.com"})";
  EXPECT_EQ(Describe(actions(good)), "");
  ExpectFinding(actions(good + ',' + good), "P21", kError, "/apple/featuredActions/1/identifier");
  ExpectFinding(actions(R"({"identifier": "a", "type": "shop"})"), "P21", kError,
                "/apple/featuredActions/0");
  ExpectFinding(actions(R"({"identifier": "a", "type": "shop", "url": "x:y",
      "placeIdentifier": "p"})"),
                "P21", kError, "/apple/featuredActions/0");
  ExpectFinding(actions(R"({"identifier": "a", "type": "call", "url": "https://example.com"})"),
                "P21", kError, "/apple/featuredActions/0/url");
  ExpectFinding(actions(R"({"identifier": "a", "type": "dance", "url": "https://example.com"})"),
                "P09", kError, "/apple/featuredActions/0/type");
  ExpectFinding(actions(R"({"identifier": "a", "type": "shop", "url": "a:b"},
      {"identifier": "b", "type": "shop", "url": "a:b"},
      {"identifier": "c", "type": "shop", "url": "a:b"})"),
                "P21", kWarning, "/apple/featuredActions");
}

TEST(LintTest, P22UpcomingEvents) {
  const Findings findings = Native(R"({"upcomingPassInformation": [{"type": "other",
      "images": {"headerImage": {"URLs": [{"URL": "http://example.com/a.png"}]}}}]})");
  const std::string here = "/apple/upcomingPassInformation";
  ExpectFinding(findings, "P22", kError, here);
  ExpectFinding(findings, "P22", kError, here + "/0/identifier");
  ExpectFinding(findings, "P22", kError, here + "/0/name");
  ExpectFinding(findings, "P22", kError, here + "/0/type");
  ExpectFinding(findings, "P22", kError, here + "/0/images/headerImage/URLs/0/URL");
  ExpectFinding(findings, "P22", kError, here + "/0/images/headerImage/URLs/0/SHA256");
}

TEST(LintTest, P25Personalization) {
  PassEnvironment environment = test::Environment();
  environment.web_service_url.reset();
  const Findings findings =
      LintFiles(test::Coffee(R"({"personalization": {"description": "x", "fields": ["name"]}})"),
                environment);
  ExpectFinding(findings, "P25", kError, "/personalization");
}

TEST(LintTest, P26MarkupInTheNativePatch) {
  ExpectFinding(Native(R"({"storeCard": {"backFields": [
      {"key": "x", "value": "x", "attributedValue": "<b>x</b>"}]}})"),
                "P26", kWarning, "/apple/storeCard/backFields/0/attributedValue");
}

TEST(LintTest, P28Addresses) {
  ExpectFinding(TicketWith(R"({"poster": {}, "apple": {"merchandiseURL": "http://example.com"}})"),
                "P28", kWarning, "/apple/merchandiseURL");
  ExpectFinding(TicketWith(R"({"poster": {}, "apple": {"contactVenueEmail": "nobody"}})"), "P28",
                kWarning, "/apple/contactVenueEmail");
}

TEST(LintTest, P29Expiry) {
  ExpectFinding(LintFiles(test::Coffee(R"({"expires": "2026-01-01"})"), test::Environment()), "P29",
                kWarning, "/expires");
  ExpectFinding(Native(R"({"voided": true})"), "P29", kError, "/apple/voided");
}

TEST(LintTest, SaysEachThingOnceForAllSamples) {
  const Findings findings = Native(R"({"maxDistance": "100"})");
  EXPECT_EQ(findings.size(), 1u) << Describe(findings);
}

}  // namespace
}  // namespace passmint::apple
