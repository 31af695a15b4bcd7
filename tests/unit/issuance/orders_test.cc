#include "issuance/orders.h"

#include "issuance/card_life.h"
#include "issuance/members.h"
#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

class OrdersTest : public IssuanceTest {};

std::string Reason(const Result<OrderOutcome>& outcome) {
  return outcome.ok() ? "accepted" : outcome.error().reason;
}

std::string Pointers(const Result<OrderOutcome>& outcome) {
  std::string text;
  if (outcome.ok()) return "accepted";
  for (const InputProblem& problem : outcome.error().problems) {
    text += problem.code + " " + problem.pointer + ";";
  }
  return text;
}

TEST_F(OrdersTest, A3_MakesMemberAndCardWithTheFirstOrderAndFindsThemWithTheSecond) {
  const auto first = Place(Order("1"));
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_TRUE(first.value().created && first.value().card_created && first.value().may_show_links);
  const auto second = Place(Order("2"));
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second.value().card.number, first.value().card.number);
  EXPECT_FALSE(second.value().card_created || second.value().may_show_links);
}

TEST_F(OrdersTest, AnswersTheSameOrderAgainWithTheLinksOfTheFirstAnswer) {
  (void)Place(Order("1")).ok();
  const auto again = Place(Order("1"));
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again.value().created);
  EXPECT_TRUE(again.value().card_created && again.value().may_show_links);
}

TEST_F(OrdersTest, RefusesAKnownIdWithOtherContentButNotWithAnotherName) {
  (void)Place(Order("1")).ok();
  OrderRequest named = Order("1");
  named.customer.name = "Anna";
  EXPECT_EQ(Reason(Place(named)), "accepted");
  OrderRequest changed = Order("1");
  changed.lines[0].sku = "OTHER";
  EXPECT_EQ(Reason(Place(changed)), "order_conflict");
}

TEST_F(OrdersTest, KeepsOrdersOfTwoSourcesApart) {
  (void)Place(Order("1")).ok();
  OrderRequest other = Order("1");
  other.source = OrderSource("till");
  other.total = 5;
  other.lines[0].amount = 5;
  EXPECT_EQ(Reason(Place(other)), "accepted");
}

TEST_F(OrdersTest, StoresNothingOfAnOrderThatItRefuses) {
  OrderRequest wrong = Order("1");
  wrong.template_name = TemplateName("nowhere");
  EXPECT_EQ(Pointers(Place(wrong)), "unknown_template /template;");
  const auto known = Write<bool>([&](Transaction& transaction) -> Result<bool> {
    auto member = transaction.FindMemberByIdentity(programme_.programme.id,
                                                   cards::IdentityType::kPhone, "+79210000000");
    if (!member.ok()) return std::move(member).error();
    return member.value().has_value();
  });
  EXPECT_FALSE(known.value());
}

TEST_F(OrdersTest, RefusesACardOfSomeoneElse) {
  const auto anna = Place(Order("1"));
  OrderRequest boris = Order("2");
  boris.customer.phone = "+79210000001";
  (void)Place(boris).ok();
  OrderRequest mixed = Order("3");
  mixed.customer.phone = "+79210000001";
  mixed.card_number = anna.value().card.number.str();
  EXPECT_EQ(Pointers(Place(mixed)), "identity_mismatch /card_number;");
}

TEST_F(OrdersTest, RefusesToBurnPointsThatNobodyHas) {
  OrderRequest order = Order("1");
  order.lines[0].points = 10;
  EXPECT_EQ(Reason(Place(order)), "insufficient_points");
  order.up_to = true;
  EXPECT_EQ(Reason(Place(order)), "accepted");
}

TEST_F(OrdersTest, D9_RefusesEveryWayToABlockedCardAndMintsNoOther) {
  const auto made = Place(Order("1"));
  const CardNumber number = made.value().card.number;
  const auto blocked = Write<cards::Card>([&](Transaction& transaction) {
    return BlockCard(transaction, programme_.programme.id, number, {.reason = "lost"},
                     std::nullopt);
  });
  ASSERT_TRUE(blocked.ok());
  EXPECT_EQ(Reason(Place(Order("2"))), "card_blocked");
  OrderRequest by_card = Order("3");
  by_card.customer = {};
  by_card.card_number = number.str();
  EXPECT_EQ(Reason(Place(by_card)), "card_blocked");
}

TEST_F(OrdersTest, ChangesWhatAPhoneSeesOneSecondLaterAtLeast) {
  const auto made = Place(Order("1"));
  const Timestamp before = made.value().card.changed_at;
  OrderRequest named = Order("2");
  named.customer.name = "Anna";
  const auto named_outcome = Place(named);
  ASSERT_TRUE(named_outcome.ok());
  EXPECT_EQ(named_outcome.value().card.changed_at - before, std::chrono::seconds(1));
  EXPECT_EQ(named_outcome.value().card.revision, made.value().card.revision + 1);
}

TEST_F(OrdersTest, ErasesAMemberAndTakesTheNextOrderOfThePhoneForAStranger) {
  const auto made = Place(Order("1"));
  const Status erased = store_->Write([&](Transaction& transaction) {
    return EraseMember(transaction, programme_.programme.id, made.value().member.id, kSystemActor);
  });
  ASSERT_TRUE(erased.ok()) << erased.error().message;
  const auto next = Place(Order("2"));
  ASSERT_TRUE(next.ok());
  EXPECT_NE(next.value().member.id, made.value().member.id);
  EXPECT_TRUE(next.value().card_created);
}

TEST_F(OrdersTest, AttributesThatAMemberHasNoRoomForAreAWarning) {
  OrderRequest order = Order("1042");
  for (int i = 0; i < 50; ++i) order.customer.attributes["a" + std::to_string(i)] = "x";
  EXPECT_TRUE(Place(order).value().warnings.empty());
  order.id = OrderId("1043");
  order.customer.attributes = {{"a0", "y"}, {"one_more", "x"}};
  const auto placed = Place(order);
  ASSERT_EQ(placed.value().warnings.size(), 1u);
  EXPECT_EQ(placed.value().warnings[0].code, "attributes_left_out");
}

}  // namespace
}  // namespace passmint::issuance
