#include "cards/member.h"

#include <gtest/gtest.h>

namespace passmint::cards {
namespace {

std::string CodeOf(const Status& status) {
  return status.ok() ? "" : status.error().problems.at(0).code;
}

TEST(MemberTest, IdentityTypesAreStoredUnderTheirNames) {
  EXPECT_EQ(IdentityTypeFrom(ToText(IdentityType::kPhone)), IdentityType::kPhone);
  EXPECT_EQ(IdentityTypeFrom(ToText(IdentityType::kEmail)), IdentityType::kEmail);
  EXPECT_EQ(IdentityTypeFrom("card"), std::nullopt);
}

TEST(MemberTest, TakesFlatAttributes) {
  const Json attributes = {{"size", "M"}, {"shoe_42", 42}, {"vip", true}, {"ratio", 0.5}};
  EXPECT_TRUE(CheckAttributes(attributes).ok());
  EXPECT_TRUE(CheckAttributes(Json::object()).ok());
}

TEST(MemberTest, RefusesAttributesThatAreNotFlatOrNotBounded) {
  EXPECT_EQ(CodeOf(CheckAttributes(Json::array())), "attribute_value");
  EXPECT_EQ(CodeOf(CheckAttributes({{"a", Json::object()}})), "attribute_value");
  EXPECT_EQ(CodeOf(CheckAttributes({{"a", nullptr}})), "attribute_value");
  EXPECT_EQ(CodeOf(CheckAttributes({{"a", std::string(501, 'x')}})), "attribute_value");
  EXPECT_EQ(CodeOf(CheckAttributes({{"Size", 1}})), "attribute_name");
  EXPECT_EQ(CodeOf(CheckAttributes({{"", 1}})), "attribute_name");
  EXPECT_EQ(CodeOf(CheckAttributes({{std::string(65, 'a'), 1}})), "attribute_name");
  Json many = Json::object();
  for (int i = 0; i < 51; ++i) many["a" + std::to_string(i)] = i;
  EXPECT_EQ(CodeOf(CheckAttributes(many)), "attributes_count");
}

TEST(MemberTest, NamesEveryWrongAttributeAtOnce) {
  const Status checked = CheckAttributes({{"A", 1}, {"b", Json::array()}, {"c~/", 1}});
  ASSERT_EQ(checked.error().problems.size(), 3u);
  EXPECT_EQ(checked.error().problems[2].pointer, "/c~0~1");
}

}  // namespace
}  // namespace passmint::cards
