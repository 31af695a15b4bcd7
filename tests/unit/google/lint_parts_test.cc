#include "unit/google/lint_fixture.h"

namespace passmint::google::testing {
namespace {

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

}  // namespace
}  // namespace passmint::google::testing
