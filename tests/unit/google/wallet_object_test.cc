#include "google/wallet_object.h"

#include <gtest/gtest.h>

#include "google/wallet_class.h"
#include "unit/google/sample_design.h"

namespace passmint::google {
namespace {

using testing::Made;
using testing::Make;
using testing::SmallTemplate;

Json Parse(const std::string& text) { return json::Parse(text, text.size()).value(); }

TEST(WalletObjectTest, ALoyaltyCardHasPointsNameTierAndBarcode) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty));
  EXPECT_EQ(made.object, Parse(R"({
    "id": "3388000000022141777.abcdefghijklmnopqrstuv",
    "classId": "3388000000022141777.coffee.points",
    "state": "ACTIVE",
    "accountName": "Anna Petrova",
    "loyaltyPoints": {"label": "Points", "balance": {"int": 499}, "localizedLabel": {
      "defaultValue": {"language": "en", "value": "Points"},
      "translatedValues": [{"language": "ru", "value": "Баллы"}]}},
    "textModulesData": [{"id": "tier", "header": "Tier", "body": "silver", "localizedHeader": {
      "defaultValue": {"language": "en", "value": "Tier"},
      "translatedValues": [{"language": "ru", "value": "Уровень"}]}}],
    "barcode": {"type": "QR_CODE", "value": "9000123412341238",
                "alternateText": "9000123412341238"}})"));
}

TEST(WalletObjectTest, TheStateIsGooglesWordForOurs) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty));
  const auto state = [&](design::CardState ours) {
    const auto card =
        made.design->Render(design::SampleValues(design::Sample::kTypical, "RUB"), ours);
    return MakeObject(made.layout, card, ClassId("1.c"), ObjectId("1.o"))["state"];
  };
  EXPECT_EQ(state(design::CardState::kActive), "ACTIVE");
  EXPECT_EQ(state(design::CardState::kBlocked), "INACTIVE");
  EXPECT_EQ(state(design::CardState::kClosed), "INACTIVE");
  EXPECT_EQ(state(design::CardState::kExpired), "EXPIRED");
}

TEST(WalletObjectTest, PointsOfCurrencyAreMoneyInMillionthsOfTheMajorUnit) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty, R"({"fields": {"header": [
    {"key": "points", "label": "Worth", "value": "{{points.value}}", "type": "currency",
     "google": "loyaltyPoints"}]}})"));
  EXPECT_EQ(made.object["loyaltyPoints"]["balance"],
            Parse(R"({"money": {"micros": "499000000", "currencyCode": "RUB"}})"));
}

TEST(WalletObjectTest, PointsOfTextAreAString) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty, R"({"fields": {"header": [
    {"key": "points", "label": "Cups", "value": "{{stamps.count}}/10",
     "google": "loyaltyPoints"}]}})"));
  EXPECT_EQ(made.object["loyaltyPoints"]["balance"], Parse(R"({"string": "7/10"})"));
}

TEST(WalletObjectTest, ACountBeyondInt32IsAStringForGoogleWouldRefuseIt) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty));
  design::Values values = design::SampleValues(design::Sample::kTypical, "RUB");
  values.Set("points.available", std::int64_t{2'147'483'648});
  const auto card = made.design->Render(values, design::CardState::kActive);
  EXPECT_EQ(
      MakeObject(made.layout, card, ClassId("1.c"), ObjectId("1.o"))["loyaltyPoints"]["balance"],
      Parse(R"({"string": "2,147,483,648"})"));
}

TEST(WalletObjectTest, AGiftCardHasItsBalanceAndNumber) {
  const Made made = Make(SmallTemplate(Vertical::kGiftCard));
  EXPECT_EQ(made.object["balance"], Parse(R"({"micros": "499000000", "currencyCode": "RUB"})"));
  EXPECT_EQ(made.object["cardNumber"], "9000123412341238");
  EXPECT_EQ(made.pass_class["allowBarcodeRedemption"], true);
  EXPECT_EQ(made.pass_class["cardNumberLabel"], "Number");
}

TEST(WalletObjectTest, AGiftCardWithoutANumberFieldIsNumberedByItsBarcode) {
  const Made made = Make(SmallTemplate(Vertical::kGiftCard, R"({"fields": {"secondary": []}})"));
  EXPECT_EQ(made.object["cardNumber"], "9000123412341238");
}

TEST(WalletObjectTest, AnOfferSaysEverythingOnItsClass) {
  const Made made = Make(SmallTemplate(Vertical::kOffer, R"({"expires": "2027-12-31T23:59:59+03:00",
    "offer": {"details": "Once a month", "fine_print": "While beans last", "short_title": "Cup",
              "help_url": "https://example.com/help"}})"));
  EXPECT_EQ(made.pass_class["title"], "A cup for free");
  EXPECT_EQ(made.pass_class["localizedTitle"]["translatedValues"][0]["value"], "Чашка в подарок");
  EXPECT_EQ(made.pass_class["provider"], "Bean & Leaf");
  EXPECT_EQ(made.pass_class["redemptionChannel"], "INSTORE");
  EXPECT_EQ(made.pass_class["details"], "Once a month");
  EXPECT_EQ(made.pass_class["finePrint"], "While beans last");
  EXPECT_EQ(made.pass_class["helpUri"]["uri"], "https://example.com/help");
  EXPECT_EQ(made.object["validTimeInterval"]["end"]["date"], "2027-12-31T20:59:59Z");
  EXPECT_FALSE(made.object.contains("textModulesData")) << "it is on the class already";
}

TEST(WalletObjectTest, ATicketHasVenueStartSeatAndHolder) {
  const Json source = SmallTemplate(Vertical::kEventTicket, R"({"event": {"seat": {"section": "B"},
    "confirmation_code": "XYZ", "group": "show-7"}})");
  const Made made = Make(source);
  EXPECT_EQ(made.pass_class["eventName"]["defaultValue"]["value"], "Latte evening");
  EXPECT_EQ(made.pass_class["venue"]["address"]["defaultValue"]["value"], "1 Roast Street\nMoscow");
  EXPECT_EQ(made.pass_class["dateTime"]["start"], "2027-01-31T19:00:00+03:00");
  EXPECT_EQ(made.pass_class["eventId"], "show-7");
  EXPECT_EQ(made.object["seatInfo"]["section"]["defaultValue"]["value"], "B");
  EXPECT_EQ(made.object["reservationInfo"]["confirmationCode"], "XYZ");
  EXPECT_EQ(made.object["ticketHolderName"], "Anna Petrova");
}

TEST(WalletObjectTest, AGenericCardCarriesWhatItsClassCannot) {
  const Made made = Make(SmallTemplate(Vertical::kGeneric));
  EXPECT_EQ(made.object["cardTitle"]["defaultValue"]["value"], "Bean & Leaf");
  EXPECT_EQ(made.object["header"]["defaultValue"]["value"], "Anna Petrova");
  EXPECT_EQ(made.object["subheader"]["translatedValues"][0]["value"], "Имя");
  EXPECT_EQ(made.object["hexBackgroundColor"], "#3b2318");
  EXPECT_TRUE(made.object.contains("logo"));
  EXPECT_TRUE(made.object.contains("heroImage"));
  for (const char* key : {"issuerName", "reviewStatus", "hexBackgroundColor", "heroImage"}) {
    EXPECT_FALSE(made.pass_class.contains(key)) << key;
  }
}

TEST(WalletObjectTest, AGenericCardOfANamelessMemberFallsBackToTheDescription) {
  const Made made = Make(SmallTemplate(Vertical::kGeneric), design::Sample::kEmpty);
  EXPECT_EQ(made.object["header"]["defaultValue"]["value"], "Bean & Leaf card");
}

TEST(WalletObjectTest, DatesAndNumbersInTextsAreWrittenAsEachLanguageDoes) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty, R"({"fields": {"auxiliary": [
    {"key": "since", "label": "Since", "value": "{{member.since}}", "type": "date",
     "google": "row:2"},
    {"key": "value", "label": "Worth", "value": "{{points.value}}", "type": "currency",
     "google": "row:2"}]}})"),
                         design::Sample::kMillion);
  const Json& modules = made.object["textModulesData"];
  ASSERT_EQ(modules.size(), 3u);
  EXPECT_EQ(modules[1]["body"], "Nov 21, 2026");
  EXPECT_EQ(modules[1]["localizedBody"]["translatedValues"][0]["value"], "21.11.2026");
  EXPECT_EQ(modules[2]["body"], "₽1,000,000.00");
  EXPECT_EQ(modules[2]["localizedBody"]["translatedValues"][0]["value"],
            "1\u00A0000\u00A0000,00\u00A0₽");
}

TEST(WalletObjectTest, TheFirstBarcodeThatGoogleKnowsIsTaken) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty, R"({"barcode": [
    {"format": "itf", "message": "1234"}, {"format": "pdf417", "message": "{{card.number}}"},
    {"format": "qr", "message": "{{card.number}}"}]})"));
  EXPECT_EQ(made.object["barcode"], Parse(R"({"type": "PDF_417", "value": "9000123412341238"})"));
}

TEST(WalletObjectTest, ThePatchIsMergedLastButIdsAndStateStay) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty, R"({"google": {"object": {
    "accountName": "<null>", "groupingInfo": {"groupingId": "{{card.number}}"},
    "valueAddedModuleData": [{"header": "@points", "uri": "https://example.com/x"}]}}})"));
  EXPECT_FALSE(made.object.contains("accountName"));
  EXPECT_EQ(made.object["groupingInfo"]["groupingId"], "9000123412341238");
  EXPECT_EQ(made.object["valueAddedModuleData"][0]["header"], Parse(R"({
    "defaultValue": {"language": "en", "value": "Points"},
    "translatedValues": [{"language": "ru", "value": "Баллы"}]})"));
  EXPECT_EQ(made.object["state"], "ACTIVE");
}

TEST(WalletObjectTest, APictureOfItsOwnIsNamedOnlyWhereItDiffersFromTheClass) {
  const Json source = SmallTemplate(Vertical::kLoyalty, R"({"images": {"google-hero": [
    {"when": {"tier.name": "vip"}, "file": "hero-vip.png"}, {"file": "google-hero.png"}]}})");
  const design::TemplateFiles more = {{"images/hero-vip.png", testing::FlatPng(1035, 345)}};
  EXPECT_FALSE(Make(source, design::Sample::kTypical, more).object.contains("heroImage"));
  const Made vip = Make(source, design::Sample::kVip, more);
  ASSERT_TRUE(vip.object.contains("heroImage"));
  const std::string url = vip.object["heroImage"]["sourceUri"]["uri"];
  EXPECT_EQ(url.rfind("https://cards.example.com/i/", 0), 0u);
  EXPECT_NE(url, vip.pass_class["heroImage"]["sourceUri"]["uri"]);
  bool served = false;
  for (const Image& image : AllImages(*vip.design)) {
    served = served || image.Url("https://cards.example.com/i/") == url;
  }
  EXPECT_TRUE(served) << "a picture that is named has to be among those that are served";
}

TEST(WalletObjectTest, AStampCardNamesThePictureOfItsCountUnlessItHasNoStamps) {
  const Json source = SmallTemplate(Vertical::kLoyalty, R"({"stamps": {
    "count": "{{stamps.count}}", "of": 10, "filled": "on.png", "slot": "strip"}})");
  const design::TemplateFiles files = {{"images/on.png", testing::FlatPng(200, 200)},
                                       {"images/strip.png", testing::FlatPng(375, 123)},
                                       {"images/google-hero.png", ""}};
  const Made seven = Make(source, design::Sample::kTypical, files);
  ASSERT_EQ(seven.layout.hero->variants.size(), 11u);
  const std::string url = seven.object["heroImage"]["sourceUri"]["uri"];
  EXPECT_EQ(url, seven.layout.hero->variants[7].Url("https://cards.example.com/i/"));
  EXPECT_FALSE(Make(source, design::Sample::kZero, files).object.contains("heroImage"));
}

}  // namespace
}  // namespace passmint::google
