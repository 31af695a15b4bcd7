#include "google/wallet_class.h"

#include <gtest/gtest.h>

#include "unit/google/sample_design.h"

namespace passmint::google {
namespace {

using testing::Made;
using testing::Make;
using testing::SmallTemplate;

Json Parse(const std::string& text) { return json::Parse(text, text.size()).value(); }

std::vector<std::string> PathsOfRow(const Json& pass_class, std::size_t row) {
  std::vector<std::string> paths;
  const Json& info =
      pass_class["classTemplateInfo"]["cardTemplateOverride"]["cardRowTemplateInfos"][row];
  for (const auto& [kind, items] : info.items()) {
    for (const char* place : {"item", "startItem", "middleItem", "endItem"}) {
      if (!items.contains(place)) continue;
      paths.push_back(items[place]["firstValue"]["fields"][0]["fieldPath"]);
    }
  }
  return paths;
}

TEST(WalletClassTest, ALoyaltyClassHasNamesPicturesColourAndLabels) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty));
  const Json& made_class = made.pass_class;
  EXPECT_EQ(made_class["id"], "3388000000022141777.coffee.points");
  EXPECT_EQ(made_class["reviewStatus"], "UNDER_REVIEW");
  EXPECT_EQ(made_class["issuerName"], "Bean & Leaf");
  EXPECT_EQ(made_class["programName"], "Bean & Leaf");
  EXPECT_EQ(made_class["hexBackgroundColor"], "#3b2318");
  EXPECT_EQ(made_class["accountNameLabel"], "Name");
  EXPECT_EQ(made_class["localizedAccountNameLabel"]["translatedValues"][0]["value"], "Имя");
  EXPECT_EQ(made_class["multipleDevicesAndHoldersAllowedStatus"], "MULTIPLE_HOLDERS");
  EXPECT_EQ(made_class["callbackOptions"]["url"],
            "https://cards.example.com/google/callback/coffee");
  EXPECT_TRUE(made_class["programLogo"].contains("contentDescription"));
  EXPECT_EQ(made_class["heroImage"]["contentDescription"]["translatedValues"][0]["value"],
            "Карта Bean & Leaf");
}

TEST(WalletClassTest, WhatNoCardChangesStandsOnTheClassSoThatLinksStayShort) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty, R"({"links": [
    {"label": "@web", "url": "https://example.com"},
    {"label": "@web", "url": "https://example.com/{{card.number}}"}]})"));
  ASSERT_EQ(made.pass_class["textModulesData"].size(), 1u);
  EXPECT_EQ(made.pass_class["textModulesData"][0]["id"], "contact");
  EXPECT_EQ(made.object["textModulesData"].size(), 1u);
  EXPECT_EQ(made.pass_class["linksModuleData"]["uris"].size(), 1u);
  ASSERT_EQ(made.object["linksModuleData"]["uris"].size(), 1u);
  EXPECT_EQ(made.object["linksModuleData"]["uris"][0]["uri"],
            "https://example.com/9000123412341238");
}

TEST(WalletClassTest, NamingARowKeepsPointsAndNameOnTheFront) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty));
  EXPECT_EQ(PathsOfRow(made.pass_class, 0),
            (std::vector<std::string>{"object.loyaltyPoints.balance", "object.accountName",
                                      "object.textModulesData['tier']"}));
}

TEST(WalletClassTest, FieldsWithoutAHintFillTwoRowsAndThenTheDetails) {
  std::string fields;
  for (int i = 0; i < 8; ++i) {
    fields += std::string(i == 0 ? "" : ",") + R"({"key":"f)" + std::to_string(i) +
              R"(","label":"L","value":"{{card.number}} )" + std::to_string(i) + R"("})";
  }
  const Made made =
      Make(SmallTemplate(Vertical::kGeneric, R"({"fields":{"secondary":[)" + fields + "]}}"));
  EXPECT_EQ(PathsOfRow(made.pass_class, 0).size(), 3u);
  EXPECT_EQ(
      PathsOfRow(made.pass_class, 1),
      (std::vector<std::string>{"object.textModulesData['f3']", "object.textModulesData['f4']",
                                "object.textModulesData['f5']"}));
  EXPECT_EQ(made.object["textModulesData"].size(), 8u);
}

TEST(WalletClassTest, SharingForbiddenIsOneUser) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty, R"({"sharing": false})"));
  EXPECT_EQ(made.pass_class["multipleDevicesAndHoldersAllowedStatus"], "ONE_USER_ALL_DEVICES");
}

TEST(WalletClassTest, PlacesAndAppAreOnTheClass) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty, R"({
    "locations": [{"latitude": 55.75, "longitude": 37.62}],
    "app": {"android_package": "com.example.bean", "text": "@web"}})"));
  EXPECT_EQ(made.pass_class["merchantLocations"],
            Parse(R"([{"latitude": 55.75, "longitude": 37.62}])"));
  EXPECT_EQ(made.pass_class["appLinkData"]["androidAppLinkInfo"]["appTarget"]["packageName"],
            "com.example.bean");
  EXPECT_EQ(made.pass_class["appLinkData"]["displayText"]["defaultValue"]["value"], "Website");
}

TEST(WalletClassTest, TheClassPatchIsMergedLast) {
  const Made made = Make(SmallTemplate(Vertical::kLoyalty, R"({"google": {"class": {
    "heroImage": "<null>", "countryCode": "RU", "programName": "@card"}}})"));
  EXPECT_FALSE(made.pass_class.contains("heroImage"));
  EXPECT_EQ(made.pass_class["countryCode"], "RU");
  EXPECT_EQ(made.pass_class["programName"], "Bean & Leaf card");
}

TEST(WalletClassTest, ABoardingPassHasNoVertical) {
  EXPECT_FALSE(VerticalFor(design::Kind::kBoarding));
  EXPECT_EQ(VerticalFor(design::Kind::kMembership), Vertical::kGeneric);
  EXPECT_EQ(ObjectResource(Vertical::kEventTicket), "eventTicketObject");
  EXPECT_EQ(ClassesKey(Vertical::kGiftCard), "giftCardClasses");
}

TEST(EnvironmentTest, IdsAreDigitsADotAndASuffix) {
  EXPECT_TRUE(IsIssuerId("3388000000022141777"));
  for (const char* bad : {"", "0", "12a", "-5", "+5", "99999999999999999999"}) {
    EXPECT_FALSE(IsIssuerId(bad)) << bad;
  }
  EXPECT_TRUE(IsIdSuffix("coffee.points-2_b"));
  EXPECT_FALSE(IsIdSuffix("кофе"));
  EXPECT_FALSE(IsIdSuffix(""));
  EXPECT_EQ(MakeClassId(IssuerId("77"), "a.b").str(), "77.a.b");
}

}  // namespace
}  // namespace passmint::google
