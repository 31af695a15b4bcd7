#include "app/card_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace passmint::app {
namespace {

using ::testing::HasSubstr;

const Currency kRub = *Currency::Find("RUB");

TEST(CardDataTest, ReadsNestedAndFlatNames) {
  const auto values = ParseCardData(
      R"({"member": {"name": "Anna"}, "points.available": 499, "attributes": {"size": "M"}})",
      kRub);
  ASSERT_TRUE(values.ok()) << values.error().message;
  EXPECT_EQ(std::get<std::string>(values.value().Find("member.name")), "Anna");
  EXPECT_EQ(std::get<std::int64_t>(values.value().Find("points.available")), 499);
  EXPECT_EQ(std::get<std::string>(values.value().Find("attributes.size")), "M");
}

TEST(CardDataTest, TakesMoneyAsMinorUnitsOfTheProgrammesCurrency) {
  const auto values = ParseCardData(R"({"order.last_total": 199900})", kRub);
  ASSERT_TRUE(values.ok());
  EXPECT_EQ(std::get<Money>(values.value().Find("order.last_total")), (Money{199900, kRub}));
}

TEST(CardDataTest, TakesNullAsNotGiven) {
  const auto values = ParseCardData(R"({"member.name": null})", kRub);
  ASSERT_TRUE(values.ok());
  EXPECT_TRUE(std::holds_alternative<std::monostate>(values.value().Find("member.name")));
}

TEST(CardDataTest, RefusesEveryValueOfAnotherTypeAtOnce) {
  const auto values = ParseCardData(
      R"({"member.name": 5, "points.available": "5", "order.last_total": 5.5,
          "card.created_at": "yesterday", "member.birthday": "1990-02-30", "card.number": ["9"]})",
      kRub);
  ASSERT_FALSE(values.ok());
  EXPECT_EQ(values.error().message, "6 values are wrong");
  EXPECT_EQ(values.error().problems.size(), 6u);
  EXPECT_THAT(values.error().hint, HasSubstr("template variables"));
}

TEST(CardDataTest, NamesTheNearestVariableWithAPointer) {
  const auto values = ParseCardData(R"({"points": {"avialable": 1}})", kRub);
  ASSERT_FALSE(values.ok());
  EXPECT_EQ(values.error().problems[0].pointer, "/points/avialable");
  EXPECT_THAT(values.error().problems[0].detail, HasSubstr("points.available"));
}

TEST(CardDataTest, RefusesAVariableThatIsGivenTwice) {
  EXPECT_FALSE(ParseCardData(R"({"points.held": 1, "points": {"held": 1}})", kRub).ok());
}

TEST(CardDataTest, RefusesWhatIsNoObjectOrTooLarge) {
  EXPECT_FALSE(ParseCardData("[]", kRub).ok());
  EXPECT_EQ(ParseCardData("{", kRub).error().code, ErrorCode::kInvalidSyntax);
  EXPECT_EQ(ParseCardData(std::string(kCardDataBytesMax + 1, ' '), kRub).error().code,
            ErrorCode::kTooLarge);
}

TEST(CardDataTest, FindsSamplesByName) {
  EXPECT_TRUE(FindSample("vip", kRub).ok());
  const auto unknown = FindSample("rich", kRub);
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.error().hint, HasSubstr("typical, empty"));
}

TEST(CardDataTest, ReadsTheStateOutOfTheCardsStatus) {
  EXPECT_EQ(StateOf(design::Values()), design::CardState::kActive);
  const auto state = [](const std::string& status) {
    return StateOf(ParseCardData(R"({"card.status": ")" + status + "\"}", kRub).value());
  };
  EXPECT_EQ(state("active"), design::CardState::kActive);
  EXPECT_EQ(state("blocked"), design::CardState::kBlocked);
  EXPECT_EQ(state("expired"), design::CardState::kExpired);
  EXPECT_EQ(state("closed"), design::CardState::kClosed);
  EXPECT_EQ(state("replaced"), design::CardState::kClosed);
}

}  // namespace
}  // namespace passmint::app
