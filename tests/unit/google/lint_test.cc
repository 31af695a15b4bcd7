#include "google/lint.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/google/sample_design.h"

namespace passmint::google {
namespace {

using design::Finding;
using design::Findings;
using design::Level;
using testing::AlteredDesign;
using testing::CompileSample;
using testing::SampleEnvironment;
using testing::SmallTemplate;

const Finding* Find(const Findings& findings, std::string_view id, std::string_view pointer) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.id == id && finding.pointer == pointer;
  });
  return found == findings.end() ? nullptr : &*found;
}

std::string Print(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.id + " " + std::string(Name(finding.level)) + " " + finding.file + "#" +
            finding.pointer + ": " + finding.cause + " -> " + finding.cure + "\n";
  }
  return text;
}

Findings LintOf(const Json& source, const design::TemplateFiles& more = {}) {
  const auto design = CompileSample(source, more);
  return design == nullptr ? Findings() : Lint(*design, SampleEnvironment());
}

class CleanTemplateTest : public ::testing::TestWithParam<Vertical> {};

TEST_P(CleanTemplateTest, LintHasNothingAgainstTheSmallestTemplate) {
  const Findings findings = LintOf(SmallTemplate(GetParam()));
  for (const Finding& finding : findings) EXPECT_EQ(finding.level, Level::kInfo) << Print(findings);
}

INSTANTIATE_TEST_SUITE_P(AllVerticals, CleanTemplateTest, ::testing::ValuesIn(kVerticals));

struct Broken {
  const char* id;
  Level level;
  Vertical vertical;
  const char* patch;
  const char* pointer;
  const char* says;  // Part of the cause.
};

std::ostream& operator<<(std::ostream& out, const Broken& broken) {
  return out << broken.id << " " << broken.patch;
}

class BrokenTemplateTest : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenTemplateTest, IsFoundWithRulePlaceAndCure) {
  const Broken& broken = GetParam();
  const Findings findings = LintOf(SmallTemplate(broken.vertical, broken.patch));
  const Finding* const finding = Find(findings, broken.id, broken.pointer);
  ASSERT_NE(finding, nullptr) << Print(findings);
  EXPECT_EQ(finding->level, broken.level);
  EXPECT_NE(finding->cause.find(broken.says), std::string::npos) << finding->cause;
  EXPECT_FALSE(finding->cure.empty());
}

constexpr Level kError = Level::kError;
constexpr Level kWarning = Level::kWarning;
constexpr Vertical kLoyalty = Vertical::kLoyalty;
constexpr Vertical kGift = Vertical::kGiftCard;
constexpr Vertical kOffer = Vertical::kOffer;
constexpr Vertical kEvent = Vertical::kEventTicket;
constexpr Vertical kGeneric = Vertical::kGeneric;

INSTANTIATE_TEST_SUITE_P(
    Required, BrokenTemplateTest,
    ::testing::Values(
        Broken{"G01", kError, kLoyalty, R"({"google": {"class": {"programName": ""}}})",
               "/google/class/programName", "programName is empty"},
        Broken{"G01", kError, kOffer, R"({"google": {"class": {"redemptionChannel": "<null>"}}})",
               "/google/class/redemptionChannel", "no redemptionChannel"},
        Broken{"G01", kError, kGift,
               R"({"fields": {"primary": null, "back": [{"key": "b", "label": "B",
                  "value": "{{points.value}}", "type": "currency"}]}})",
               "/fields", "no balance"},
        Broken{"G01", kError, kGift, R"({"barcode": [], "fields": {"secondary": null}})",
               "/barcode", "no cardNumber"},
        Broken{"G01", kError, kLoyalty,
               R"({"google": {"object": {"validTimeInterval": {"start": {}}}}})",
               "/google/object/validTimeInterval/start", "DateTime has no date"}));

INSTANTIATE_TEST_SUITE_P(
    Schema, BrokenTemplateTest,
    ::testing::Values(
        Broken{"G03", kError, kLoyalty,
               R"({"google": {"object": {"hexBackgroundColor": "#112233"}}})",
               "/google/object/hexBackgroundColor", "no field of LoyaltyObject"},
        Broken{"G03", kError, kGeneric, R"({"google": {"class": {"issuerName": "X"}}})",
               "/google/class/issuerName", "no field of GenericClass"},
        Broken{"G03", kError, kGeneric,
               R"({"google": {"object": {"notifyPreference": "NOTIFY_ON_UPDATE"}}})",
               "/google/object/notifyPreference", "no field"},
        Broken{"G03", kError, kLoyalty, R"({"google": {"class": {"countryCode": 7}}})",
               "/google/class/countryCode", "is a number, not a text"},
        Broken{"G03", kError, kLoyalty,
               R"({"google": {"class": {"viewUnlockRequirement": "SOMETIMES"}}})",
               "/google/class/viewUnlockRequirement", "SOMETIMES"},
        Broken{"G03", kError, kOffer,
               R"({"fields": {"primary": [{"key": "p", "value": "{{points.available}}",
                  "type": "number", "google": "loyaltyPoints"}]}})",
               "/fields/primary/0/google", "no place on offerObject"},
        Broken{"G03", kError, kLoyalty,
               R"({"fields": {"auxiliary": [{"key": "p", "value": "{{points.pending}}",
                  "type": "number", "google": "loyaltyPoints"}]}})",
               "/fields/auxiliary/0/google", "two fields want to be loyaltyPoints"},
        Broken{"G24", kWarning, kLoyalty, R"({"google": {"object": {"infoModuleData": {}}}})",
               "/google/object/infoModuleData", "deprecated"},
        Broken{"G24", kWarning, kLoyalty,
               R"({"google": {"class": {"viewUnlockRequirement": "unlockNotRequired"}}})",
               "/google/class/viewUnlockRequirement", "UNLOCK_NOT_REQUIRED"}));

INSTANTIATE_TEST_SUITE_P(
    Balances, BrokenTemplateTest,
    ::testing::Values(
        Broken{"G05", kError, kLoyalty,
               R"({"google": {"object": {"loyaltyPoints": {"balance": {"string": "x"}}}}})",
               "/google/object/loyaltyPoints/balance", "several values"},
        Broken{"G05", kError, kLoyalty,
               R"({"google": {"object": {"secondaryLoyaltyPoints": {"balance": {}}}}})",
               "/google/object/secondaryLoyaltyPoints/balance", "no value"},
        Broken{"G05", kError, kLoyalty,
               R"({"google": {"object": {"secondaryLoyaltyPoints": {"label": "x"}}}})",
               "/google/object/secondaryLoyaltyPoints", "no balance"},
        Broken{"G05", kError, kLoyalty,
               R"({"google": {"object": {"loyaltyPoints": {"balance": {"int": 2147483648}}}}})",
               "/google/object/loyaltyPoints/balance/int", "2147483648"},
        Broken{"G05", kError, kGift,
               R"({"google": {"object": {"balance": {"currencyCode": "rub"}}}})",
               "/google/object/balance/currencyCode", "ISO 4217"},
        Broken{"G05", kError, kGift, R"({"google": {"object": {"balance": {"micros": "1.5"}}}})",
               "/google/object/balance/micros", "no whole number"},
        Broken{"G05", kError, kGift,
               R"({"fields": {"primary": [{"key": "b", "value": "{{points.available}}",
                  "type": "number", "google": "balance"}], "back": [{"key": "c",
                  "value": "{{points.value}}", "type": "currency"}]}})",
               "/fields/primary/0/type", "amount of money"}));

INSTANTIATE_TEST_SUITE_P(
    Dates, BrokenTemplateTest,
    ::testing::Values(
        Broken{"G06", kError, kLoyalty,
               R"({"google": {"object": {"validTimeInterval": {
                  "start": {"date": "2026-01-01T00:00:00"},
                  "end": {"date": "2027-01-01T00:00:00Z"}}}}})",
               "/google/object/validTimeInterval", "only one"},
        Broken{"G06", kError, kLoyalty,
               R"({"google": {"object": {"validTimeInterval": {
                  "start": {"date": "2028-01-01T00:00:00Z"},
                  "end": {"date": "2027-01-01T00:00:00Z"}}}}})",
               "/google/object/validTimeInterval", "before start"},
        Broken{"G06", kError, kGift,
               R"({"google": {"object": {"balanceUpdateTime": {"date": "2026-01-01T00:00:00"}}}})",
               "/google/object/balanceUpdateTime/date", "no offset"},
        Broken{"G06", kError, kEvent,
               R"({"google": {"class": {"dateTime": {"start": "tomorrow"}}}})",
               "/google/class/dateTime/start", "tomorrow"}));

INSTANTIATE_TEST_SUITE_P(
    Pictures, BrokenTemplateTest,
    ::testing::Values(Broken{"G07", kError, kLoyalty,
                             R"({"google": {"class": {"wideProgramLogo": {}}}})",
                             "/google/class/wideProgramLogo", "neither"},
                      Broken{"G07", kError, kLoyalty,
                             R"({"google": {"class": {"wideProgramLogo": {"privateImageId": "x",
                  "sourceUri": {"uri": "https://example.com/x.png"}}}}})",
                             "/google/class/wideProgramLogo", "both"},
                      Broken{"G07", kError, kLoyalty,
                             R"({"google": {"class": {"wideProgramLogo": {
                  "sourceUri": {"uri": "example.com/x.png"}}}}})",
                             "/google/class/wideProgramLogo/sourceUri/uri", "no scheme"},
                      Broken{"G23", kWarning, kLoyalty,
                             R"({"google": {"class": {"wideProgramLogo": {
                  "sourceUri": {"uri": "http://example.com/x.png"}}}}})",
                             "/google/class/wideProgramLogo/sourceUri/uri", "https"},
                      Broken{"G23", kWarning, kLoyalty,
                             R"({"google": {"class": {"wideProgramLogo": {
                  "sourceUri": {"uri": "https://example.com/x.svg"}}}}})",
                             "/google/class/wideProgramLogo/sourceUri/uri", "SVG"},
                      Broken{"G23", kWarning, kLoyalty,
                             R"({"google": {"class": {"wideProgramLogo": {
                  "sourceUri": {"uri": "https://example.com/x.png"}}}}})",
                             "/google/class/wideProgramLogo", "contentDescription"}));

constexpr const char* kRows = R"({"google": {"class": {"classTemplateInfo":
    {"cardTemplateOverride": {"cardRowTemplateInfos": [)";

std::string Rows(const std::string& rows) { return kRows + rows + "]}}}}}"; }

std::string Path(const std::string& path) {
  return Rows(R"({"oneItem": {"item": {"firstValue": {"fields": [{"fieldPath": ")" + path +
              R"("}]}}}})");
}

struct BrokenRow {
  const char* id;
  std::string patch;
  const char* pointer;  // Below "/google/class/classTemplateInfo/cardTemplateOverride".
};

TEST(LintTest, RowsAndPathsThatGoogleRefusesAreErrors) {
  const std::string item = R"({"firstValue": {"fields": [{"fieldPath": "object.accountName"}]}})";
  const std::string row = R"({"oneItem": {"item": )" + item + "}}";
  const std::vector<BrokenRow> broken = {
      {"G08", Rows("{}"), "/cardRowTemplateInfos/0"},
      {"G08",
       Rows(R"({"oneItem": {"item": )" + item + R"(}, "twoItems": {"startItem": )" + item + "}}"),
       "/cardRowTemplateInfos/0"},
      {"G08", Rows(row + "," + row + "," + row + "," + row), "/cardRowTemplateInfos"},
      {"G08", Rows(R"({"oneItem": {"item": {"secondValue": {"fields": []}}}})"),
       "/cardRowTemplateInfos/0/oneItem/item"},
      {"G08", Rows(R"({"oneItem": {"item": {"firstValue": {"fields": []},
                      "predefinedItem": "FREQUENT_FLYER_PROGRAM_NAME_AND_NUMBER"}}})"),
       "/cardRowTemplateInfos/0/oneItem/item"},
      {"G09", Path("loyaltyPoints.balance"),
       "/cardRowTemplateInfos/0/oneItem/item/firstValue/fields/0/fieldPath"},
      {"G09", Path("object.balance"),
       "/cardRowTemplateInfos/0/oneItem/item/firstValue/fields/0/fieldPath"},
      {"G09", Path("object.textModulesData['gone']"),
       "/cardRowTemplateInfos/0/oneItem/item/firstValue/fields/0/fieldPath"},
      {"G09", Path("object.textModulesData['"),
       "/cardRowTemplateInfos/0/oneItem/item/firstValue/fields/0/fieldPath"},
      {"G28", Rows(row + "," + row + "," + row), "/cardRowTemplateInfos"}};
  for (const BrokenRow& one : broken) {
    const Findings findings = LintOf(SmallTemplate(kLoyalty, one.patch));
    EXPECT_NE(
        Find(findings, one.id,
             std::string("/google/class/classTemplateInfo/cardTemplateOverride") + one.pointer),
        nullptr)
        << one.patch << "\n"
        << Print(findings);
  }
  EXPECT_TRUE(LintOf(SmallTemplate(kLoyalty, Path("object.textModulesData['tier'].body"))).empty());
}

INSTANTIATE_TEST_SUITE_P(
    Parts, BrokenTemplateTest,
    ::testing::Values(
        Broken{"G08", kError, kGeneric,
               R"({"fields": {"secondary": [
                  {"key": "a", "label": "a", "value": "1", "google": "row:1"},
                  {"key": "b", "label": "b", "value": "2", "google": "row:1"},
                  {"key": "c", "label": "c", "value": "3", "google": "row:1"},
                  {"key": "d", "label": "d", "value": "4", "google": "row:1"}]}})",
               "/fields/secondary/3/google", "more than 3 fields"},
        Broken{"G10", kError, kLoyalty,
               R"({"google": {"object": {"textModulesData": [
                  {"id": "a.b", "header": "h", "body": "b"}]}}})",
               "/google/object/textModulesData/0/id", "a.b"},
        Broken{"G10", kError, kLoyalty,
               R"({"google": {"object": {"textModulesData": [
                  {"id": "a", "header": "h", "body": "b"},
                  {"id": "a", "header": "h", "body": "b"}]}}})",
               "/google/object/textModulesData/1/id", "two text modules"},
        Broken{"G11", kError, kLoyalty,
               R"({"google": {"object": {"merchantLocations": [
                  {"latitude": 91, "longitude": 0}]}}})",
               "/google/object/merchantLocations/0", "not on Earth"},
        Broken{"G12", kError, kLoyalty,
               R"({"google": {"object": {"rotatingBarcode": {"type": "AZTEC",
                  "valuePattern": "x"}}}})",
               "/google/object/rotatingBarcode/type", "AZTEC"},
        Broken{"G12", kError, kLoyalty,
               R"({"google": {"object": {"rotatingBarcode": {"type": "QR_CODE",
                  "valuePattern": "x{totp_value_0}"}}}})",
               "/google/object/rotatingBarcode/valuePattern", "totp_value_n"},
        Broken{"G12", kError, kLoyalty,
               R"({"google": {"object": {"rotatingBarcode": {"type": "QR_CODE",
                  "totpDetails": {"algorithm": "TOTP_SHA256"}}}}})",
               "/google/object/rotatingBarcode/totpDetails", "TOTP_SHA1"},
        Broken{"G12", kError, kLoyalty,
               R"({"google": {"object": {"rotatingBarcode": {"type": "QR_CODE",
                  "initialRotatingBarcodeValues": {}}}}})",
               "/google/object/rotatingBarcode/initialRotatingBarcodeValues", "transit"},
        Broken{"G12", kError, kLoyalty,
               R"({"google": {"object": {"rotatingBarcode": {"type": "QR_CODE",
                  "totpDetails": {"parameters": [{"key": "xyz", "valueLength": 8}]}}}}})",
               "/google/object/rotatingBarcode/totpDetails/parameters/0/key", "hex"},
        Broken{"G13", kError, kLoyalty,
               R"({"google": {"object": {"barcode": {"type": "AZTEC",
                  "renderEncoding": "UTF_8"}}}})",
               "/google/object/barcode/renderEncoding", "AZTEC"},
        Broken{"G13", kError, kLoyalty,
               R"({"google": {"object": {"barcode": {"type": "TEXT_ONLY"}}}})", "/barcode",
               "TEXT_ONLY"},
        Broken{"G13", kError, kLoyalty,
               R"({"barcode": [{"format": "ean13", "message": "4006381333932"}]})", "/barcode",
               "check digit"},
        Broken{"G14", kError, kEvent, R"({"event": {"venue": {"address": null}}})",
               "/event/venue/address", "no address"},
        Broken{"G14", kError, kEvent, R"({"google": {"class": {"seatLabel": "SEAT"}}})",
               "/google/class/seatLabel", "customSeatLabel"},
        Broken{"G15", kError, kGift, R"({"google": {"class": {"allowBarcodeRedemption": false}}})",
               "/google/class/allowBarcodeRedemption", "hides"},
        Broken{"G16", kError, kEvent, R"({"google": {"class": {"eventName": "Latte"}}})",
               "/google/class/eventName", "is a text"},
        Broken{"G16", kError, kGift,
               R"({"google": {"class": {"merchantName": {"defaultValue":
                  {"language": "en", "value": "x"}}}}})",
               "/google/class/merchantName", "wants a text"},
        Broken{"G16", kError, kLoyalty,
               R"({"google": {"class": {"localizedProgramName": {"translatedValues": []}}}})",
               "/google/class/localizedProgramName", "without defaultValue"},
        Broken{"G16", kError, kLoyalty,
               R"({"google": {"class": {"localizedProgramName": {"defaultValue":
                  {"language": "english", "value": "x"}}}}})",
               "/google/class/localizedProgramName/defaultValue/language", "english"},
        Broken{"G17", kError, kLoyalty, R"({"google": {"class": {"hexBackgroundColor": "brown"}}})",
               "/google/class/hexBackgroundColor", "brown"}));

INSTANTIATE_TEST_SUITE_P(
    Secrets, BrokenTemplateTest,
    ::testing::Values(
        Broken{"G19", kError, kGift,
               R"({"fields": {"auxiliary": [{"key": "pin", "value": "{{card.number}}",
                  "google": "pin"}]}})",
               "/fields/auxiliary/0", "PIN"},
        Broken{"G19", kError, kLoyalty,
               R"({"google": {"object": {"rotatingBarcode": {"type": "QR_CODE",
                  "totpDetails": {"parameters": [{"key": "3132", "valueLength": 8}]}}}}})",
               "/google/object/rotatingBarcode/totpDetails/parameters/0/key", "secret"},
        Broken{"G20", kError, kLoyalty,
               R"({"google": {"object": {"valueAddedModuleData": [{"uri": "https://e.com"}]}}})",
               "/google/object/valueAddedModuleData/0", "without header"},
        Broken{"G20", kError, kLoyalty,
               R"({"google": {"class": {"appLinkData": {"webAppLinkInfo": {"appTarget":
                  {"targetUri": {"uri": "https://e.com"}}}}}}})",
               "/google/class/appLinkData/webAppLinkInfo/appTarget/targetUri",
               "without description"}));

INSTANTIATE_TEST_SUITE_P(
    Remarks, BrokenTemplateTest,
    ::testing::Values(
        Broken{"G21", kWarning, kLoyalty, R"({"logo_text": "A programme with a long name"})",
               "/logo_text", "28 characters"},
        Broken{"G21", kWarning, kOffer, R"({"offer": {"provider": "A long provider"}})",
               "/offer/provider", "provider"},
        Broken{"G21", kWarning, kLoyalty,
               R"({"fields": {"header": [{"key": "p", "label": "Loyalty points",
                  "value": "{{points.available}}", "type": "number"}]}})",
               "/fields/header/0/label", "Loyalty points"},
        Broken{"G25", kWarning, kLoyalty, R"({"logo_text": "Club {{tier.name}}"})", "/logo_text",
               "one member"},
        Broken{"G25", kWarning, kLoyalty,
               R"({"google": {"class": {"rewardsTier": "{{tier.name}}"}}})",
               "/google/class/rewardsTier", "one member"},
        Broken{"G26", kWarning, kLoyalty,
               R"({"google": {"class": {"hexBackgroundColor": "<null>"}}})", "/colors",
               "no colour"},
        Broken{"G26", kWarning, kLoyalty,
               R"({"google": {"object": {"barcode": "<null>", "rotatingBarcode":
                  {"type": "QR_CODE", "valuePattern": "{totp_timestamp_seconds}"}}}})",
               "/google/object/rotatingBarcode", "without a fixed one"},
        Broken{"G26", kWarning, kGift,
               R"({"google": {"class": {"multipleDevicesAndHoldersAllowedStatus": "<null>"}}})",
               "/google/class/multipleDevicesAndHoldersAllowedStatus", "who may hold"},
        Broken{"G30", Level::kInfo, kLoyalty, R"({"colors": {"foreground": "#FFFFFF"}})",
               "/colors/foreground", "Apple"},
        Broken{"G30", Level::kInfo, kLoyalty,
               R"({"fields": {"header": [{"key": "p", "label": "Points", "change": "%@ now",
                  "value": "{{points.available}}", "type": "number"}]}})",
               "/fields/header/0/change", "Apple"}));

TEST(LintTest, TheLongestLinkIsAnErrorThatNamesTheLargestTexts) {
  const std::string long_text(700, 'x');
  const Findings findings = LintOf(SmallTemplate(
      kLoyalty,
      R"({"fields": {"back": [{"key": "story", "label": "Story", "value": "{{member.name}} )" +
          long_text + R"("}]}})"));
  const Finding* const finding = Find(findings, "G18", "/fields/back/0");
  ASSERT_NE(finding, nullptr) << Print(findings);
  EXPECT_EQ(finding->level, kError);
  EXPECT_NE(finding->cure.find("/fields/back/0 ("), std::string::npos) << finding->cure;
  EXPECT_NE(finding->cure.find("Save "), std::string::npos);
}

TEST(LintTest, ALinkThatFitsInOneLanguageOnlyIsARemark) {
  const Findings findings = LintOf(SmallTemplate(kGeneric));
  const Finding* const finding = Find(findings, "G18", "/fields/secondary/0");
  ASSERT_NE(finding, nullptr) << Print(findings);
  EXPECT_EQ(finding->level, Level::kInfo);
  EXPECT_NE(finding->cause.find("the member's language"), std::string::npos);
}

TEST(LintTest, TheLengthIsThatOfTheRealAccountAndClass) {
  const auto design = CompileSample(SmallTemplate(
      kLoyalty, R"({"fields": {"back": [{"key": "story", "value": "{{card.number}} )" +
                    std::string(360, 'x') + R"("}]}})"));
  Environment environment = SampleEnvironment();
  environment.service_account_email = "a@b.iam.gserviceaccount.com";
  environment.class_id = MakeClassId(environment.issuer, "a.b");
  EXPECT_FALSE(design::HasErrors(Lint(*design, environment)));
  environment.service_account_email = std::string(400, 'a');
  EXPECT_TRUE(design::HasErrors(Lint(*design, environment)));
}

TEST(LintTest, ALongTextThatNoCardChangesIsNotPartOfTheLink) {
  const Findings findings = LintOf(SmallTemplate(
      kLoyalty, R"({"fields": {"back": [{"key": "story", "label": "Story", "value": ")" +
                    std::string(480, 'x') + R"("}]}})"));
  EXPECT_TRUE(findings.empty()) << Print(findings);
}

TEST(LintTest, MoreModulesThanGoogleShowsAreAWarning) {
  std::string back;
  for (int i = 0; i < 11; ++i) {
    back += std::string(i == 0 ? "" : ",") + R"({"key": "k)" + std::to_string(i) +
            R"(", "label": "L", "value": "v"})";
  }
  const Findings findings =
      LintOf(SmallTemplate(kLoyalty, R"({"fields": {"back": [)" + back + "]}}"));
  EXPECT_NE(Find(findings, "G22", "/fields"), nullptr) << Print(findings);
}

TEST(LintTest, MorePlacesThanGoogleTakesAreAnError) {
  std::string places;
  for (int i = 0; i < 11; ++i) {
    places += std::string(i == 0 ? "" : ",") + R"({"latitude": 1, "longitude": )" +
              std::to_string(i) + "}";
  }
  const Findings findings = LintOf(
      SmallTemplate(kLoyalty, R"({"google": {"class": {"merchantLocations": [)" + places + "]}}}"));
  const Finding* const finding = Find(findings, "G11", "/google/class/merchantLocations");
  ASSERT_NE(finding, nullptr) << Print(findings);
  EXPECT_EQ(finding->level, kError);
}

TEST(LintTest, PicturesThatGoogleCutsOrBlursAreWarnings) {
  const Findings findings =
      LintOf(SmallTemplate(kLoyalty), {{"images/google-logo.png", testing::FlatPng(480, 150)},
                                       {"images/google-hero.png", testing::FlatPng(900, 300)}});
  const auto files = [&](const std::string& file) {
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
      return finding.id == "G23" && finding.file == file && finding.level == kWarning;
    });
  };
  EXPECT_TRUE(files("images/google-logo.png")) << Print(findings);
  EXPECT_TRUE(files("images/google-hero.png")) << Print(findings);
}

// design::Compile refuses these (rule T16); google::Lint does not rely on it.
TEST(LintTest, ReservedKeysInANativeBlockAreErrors) {
  const AlteredDesign design(CompileSample(SmallTemplate(kLoyalty)), [](design::Template& source) {
    source.google_class = {{"reviewStatus", "APPROVED"}, {"id", "1.x"}};
    source.google_object = {{"state", "ACTIVE"}, {"classId", "2.y"}};
  });
  const Findings findings = Lint(design, SampleEnvironment());
  EXPECT_NE(Find(findings, "G04", "/google/class/reviewStatus"), nullptr) << Print(findings);
  EXPECT_NE(Find(findings, "G02", "/google/class/id"), nullptr);
  EXPECT_NE(Find(findings, "G02", "/google/object/state"), nullptr);
  EXPECT_NE(Find(findings, "G02", "/google/object/classId"), nullptr);
}

TEST(LintTest, WithoutALogoALoyaltyClassIsRefused) {
  class NoPictures final : public design::Design {
   public:
    explicit NoPictures(std::shared_ptr<const design::Design> base) : base_(std::move(base)) {}
    const design::Template& source() const override { return base_->source(); }
    const design::ProgrammeFacts& programme() const override { return base_->programme(); }
    const std::vector<design::ImageSlot>& slots() const override { return none_; }
    const Findings& findings() const override { return base_->findings(); }
    const std::string& hash() const override { return base_->hash(); }
    design::RenderedCard Render(const design::Values& values,
                                design::CardState state) const override {
      return base_->Render(values, state);
    }

   private:
    std::shared_ptr<const design::Design> base_;
    std::vector<design::ImageSlot> none_;
  };
  const Findings findings =
      Lint(NoPictures(CompileSample(SmallTemplate(kLoyalty))), SampleEnvironment());
  const auto missing = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.id == "G01" && finding.cause.find("programLogo") != std::string::npos;
  });
  ASSERT_NE(missing, findings.end()) << Print(findings);
  EXPECT_NE(missing->cure.find("google-logo.png"), std::string::npos);
}

// Whatever stands in a native block, lint answers; it never throws.
TEST(LintTest, NativeBlocksOfAnyShapeGetAnAnswer) {
  const std::vector<std::string> values = {"null",
                                           "true",
                                           "7",
                                           R"("x")",
                                           "[]",
                                           "[[1]]",
                                           "{}",
                                           R"({"a": {"b": []}})",
                                           R"([{"id": 5}, null])"};
  const std::vector<std::string> keys = {
      "textModulesData", "linksModuleData",      "classTemplateInfo", "barcode",
      "loyaltyPoints",   "rotatingBarcode",      "validTimeInterval", "merchantLocations",
      "heroImage",       "appLinkData",          "imageModulesData",  "venue",
      "dateTime",        "valueAddedModuleData", "balanceUpdateTime"};
  const auto base = CompileSample(SmallTemplate(kLoyalty));
  for (const std::string& key : keys) {
    for (const std::string& value : values) {
      const AlteredDesign design(base, [&](design::Template& source) {
        source.google_class = {{key, Json::parse(value)}};
        source.google_object = {{key, Json::parse(value)}};
      });
      EXPECT_NO_THROW((void)Lint(design, SampleEnvironment())) << key << " = " << value;
    }
  }
}

}  // namespace
}  // namespace passmint::google
