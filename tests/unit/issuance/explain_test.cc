#include "issuance/explain.h"

#include "issuance/adjustments.h"
#include "issuance/members.h"
#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using ledger::EntryType;

class ExplainTest : public RulesTest {
 protected:
  Result<Explanation> TryExplain(const std::string& entry) {
    return Write<Explanation>(
        [&](Transaction& transaction) { return ExplainEntry(transaction, programme_, entry); });
  }

  Explanation Explain(const std::string& entry) {
    auto explanation = TryExplain(entry);
    EXPECT_TRUE(explanation.ok()) << explanation.error().message;
    return explanation.ok() ? std::move(explanation).value() : Explanation{};
  }

  // The nth entry of a member.
  static std::string EntryOf(const MemberId& member, int n) {
    return "e_" + member.str().substr(2) + "." + std::to_string(n);
  }

  // "rule points: step points detail, ..." for each rule.
  static std::string Told(const Explanation& explanation) {
    std::string text;
    for (const ExplainedRule& rule : explanation.rules) {
      text += rule.rule + " " + std::to_string(rule.points) + ":";
      for (const ExplainedStep& step : rule.steps) {
        text += " " + step.name + " " + std::to_string(step.points);
      }
      text += "\n";
    }
    return text;
  }
};

TEST_F(ExplainTest, E3_AnAccrualIsRecomputedToTheSameNumberStepByStep) {
  Publish(R"({"earn":[{"id":"base","ppm":100000},
      {"id":"first","kind":"fixed","points":300,"once":"ever",
       "when":{"field":"history.orders","value":0}}]})");
  const OrderOutcome sold = Sell("1", 199900);
  const Explanation why = Explain(sold.points.explain.front().entry);
  EXPECT_EQ(why.type, EntryType::kEarn);
  EXPECT_EQ(why.points, 499);
  EXPECT_TRUE(why.agrees);
  EXPECT_EQ(why.rule_set, 1);
  EXPECT_EQ(Told(why), "base 199: base 0 rate 0 rounding 199\nfirst 300: base 0 fixed 300\n");
  EXPECT_EQ(why.rules[0].steps[0].minor, 199900);
  EXPECT_EQ(why.rules[0].steps[1].detail, "100000 ppm");
  EXPECT_EQ(why.rules[0].steps[2].detail, "199.9 rounded down");
}

TEST_F(ExplainTest, WhatWasKnownThenIsAskedAgainAndNotWhatIsKnownNow) {
  Publish(R"({"earn":[{"id":"base","ppm":100000,"limits":{"member":{"most":150,"per":"month"},
      "budget":"b1"}},{"id":"m","ppm":10000,"when":{"field":"member.attribute.size","value":"M"}},
      {"id":"late","ppm":10000,"when":{"field":"history.orders","op":"ge","value":1}}],
      "budgets":[{"id":"b1","cap":180,"partial":true}]})");
  OrderRequest order = Order("1");
  order.paid_at = FormatRfc3339(clock_.Now());
  order.customer.attributes = {{"size", "M"}};
  const auto first = Place(order);
  ASSERT_TRUE(first.ok()) << first.error().message;
  const OrderOutcome second = Sell("2", 100000);
  const OrderOutcome other = Sell("3", 100000, "+79210000001");
  Publish(R"({"earn":[{"id":"base","ppm":1000}]})");
  Sell("4", 100000);
  for (const OrderOutcome* sold : {&first.value(), &second, &other}) {
    const Explanation why = Explain(sold->points.explain.front().entry);
    EXPECT_TRUE(why.agrees) << sold->order.id.str();
    EXPECT_EQ(why.points, sold->points.earned);
    EXPECT_EQ(why.rule_set, 1);
  }
}

TEST_F(ExplainTest, ALimitIsAStepOfItsOwn) {
  Publish(R"({"earn":[{"id":"base","ppm":100000,"limits":{"order":150}}]})");
  const Explanation why = Explain(Sell("1", 200000).points.explain.front().entry);
  EXPECT_EQ(Told(why), "base 150: base 0 rate 0 rounding 200 limits -50\n");
  EXPECT_TRUE(why.agrees);
}

TEST_F(ExplainTest, AMultiplierSaysWhatItAdded) {
  Publish(R"({"earn":[{"id":"base","ppm":50000},
      {"id":"triple","kind":"multiplier","factor_ppm":3000000}]})");
  const Explanation why = Explain(Sell("1", 100000).points.explain.front().entry);
  EXPECT_EQ(Told(why), "base 50: base 0 rate 0 rounding 50\ntriple 100: base 0 factor 100\n");
  EXPECT_TRUE(why.agrees);
}

TEST_F(ExplainTest, PointsThatPaidAreToldByLine) {
  Publish(R"({"earn":[{"id":"base","ppm":100000}]})");
  const MemberId member = Sell("1", 100000).member.id;
  OrderRequest order = Order("2");
  order.paid_at = FormatRfc3339(clock_.Now());
  order.total = 20000;
  order.lines = {{.line_id = "a", .amount = 10000, .points = 60},
                 {.line_id = "b", .amount = 10000}};
  ASSERT_TRUE(Place(order).ok());
  const Explanation why = Explain(EntryOf(member, 2));
  EXPECT_EQ(why.type, EntryType::kBurn);
  EXPECT_EQ(why.points, -60);
  EXPECT_TRUE(why.agrees);
  EXPECT_EQ(Told(why), "a -60: value -60\n");
  EXPECT_EQ(why.rules[0].steps[0].minor, 6000);
}

TEST_F(ExplainTest, AnOrderThatTookWhatThereWasIsRecomputedWithThat) {
  Publish(R"({"earn":[{"id":"base","ppm":100000}]})");
  const MemberId member = Sell("1", 30000).member.id;
  OrderRequest order = Order("2");
  order.paid_at = FormatRfc3339(clock_.Now());
  order.total = 10000;
  order.lines = {{.line_id = "a", .amount = 10000, .points = 60}};
  order.up_to = true;
  ASSERT_TRUE(Place(order).ok());
  const Explanation why = Explain(EntryOf(member, 2));
  EXPECT_EQ(why.points, -30);
  EXPECT_TRUE(why.agrees);
  EXPECT_TRUE(Explain(EntryOf(member, 3)).agrees);
}

TEST_F(ExplainTest, ARefundSaysWhichRuleTookWhatBack) {
  Publish(R"({"earn":[{"id":"base","ppm":100000}]})");
  const MemberId member = Sell("1", 199900).member.id;
  Refund("1", "r1", 100000);
  const Explanation why = Explain(EntryOf(member, 2));
  EXPECT_EQ(why.type, EntryType::kClawBack);
  EXPECT_EQ(why.points, -99);
  EXPECT_TRUE(why.agrees);
  EXPECT_EQ(why.rule_set, 1);
  EXPECT_EQ(Told(why), "base -99: refunded -99\n");
}

TEST_F(ExplainTest, AnEntryThatNoRuleMadeAddsUp) {
  Publish(R"({"earn":[{"id":"base","ppm":100000}]})");
  const MemberId member = Sell("1", 100000).member.id;
  const auto adjusted = Write<Booked>([&](Transaction& transaction) {
    return Adjust(transaction, site_, programme_,
                  {.id = {},
                   .who = {.card_number = {}, .member = member},
                   .points = 7,
                   .reason = "sorry",
                   .document = {},
                   .staff = {.actor = "desk", .member = {}, .is_admin = false}});
  });
  ASSERT_TRUE(adjusted.ok()) << adjusted.error().message;
  const Explanation why = Explain(EntryOf(member, 2));
  EXPECT_EQ(why.points, 7);
  EXPECT_TRUE(why.agrees);
  EXPECT_FALSE(why.rule_set.has_value());
  EXPECT_TRUE(why.rules.empty());
}

TEST_F(ExplainTest, WhatIsNoEntryIsNotFoundAndWhatWasErasedIsGone) {
  Publish(R"({"earn":[{"id":"base","ppm":100000}]})");
  const MemberId member = Sell("1", 100000).member.id;
  for (const std::string& none : {EntryOf(member, 2), EntryOf(MemberId("m_0"), 1),
                                  std::string("e_"), std::string(), std::string("x.1")}) {
    const auto found = TryExplain(none);
    ASSERT_FALSE(found.ok()) << none;
    EXPECT_EQ(found.error().code, ErrorCode::kNotFound) << none;
  }
  ASSERT_TRUE(store_
                  ->Write([&](Transaction& transaction) {
                    return EraseMember(transaction, programme_.programme.id, member, "desk");
                  })
                  .ok());
  const auto gone = TryExplain(EntryOf(member, 1));
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().code, ErrorCode::kGone);
  EXPECT_EQ(gone.error().reason, "member_erased");
}

}  // namespace
}  // namespace passmint::issuance
