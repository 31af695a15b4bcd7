#include "issuance/replay.h"

#include "issuance/card_terms.h"
#include "issuance/memberships.h"
#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::hours;

class ReplayTest : public RulesTest {
 protected:
  Result<Replay> TryPlay(const std::string& rules, const ReplayRequest& request) {
    const auto draft = programme::ParseRules(json::Parse(rules, 65536).value(), 1);
    EXPECT_TRUE(draft.ok()) << draft.error().message;
    return ReplayRules(*store_, programme_, draft.value(), request, nullptr);
  }

  // Of the last 20 days.
  Replay Play(const std::string& rules, int examples = 20) {
    auto replay = TryPlay(rules, {.from = clock_.Now() - hours(24 * 20),
                                  .to = clock_.Now() + hours(1),
                                  .examples = examples});
    EXPECT_TRUE(replay.ok()) << replay.error().message;
    return replay.ok() ? std::move(replay).value() : Replay{};
  }
};

constexpr char kFive[] = R"({"earn":[{"id":"base","ppm":50000}]})";
constexpr char kTen[] = R"({"earn":[{"id":"base","ppm":100000}]})";

TEST_F(ReplayTest, B35_ADraftSaysWhoWouldGainOrLoseAndChangesNothing) {
  Publish(kFive);
  const OrderOutcome anna = Sell("1", 100000);
  const OrderOutcome boris = Sell("2", 40000, "+79210000001");
  const Replay replay = Play(kTen);
  EXPECT_EQ(replay.orders, 2);
  EXPECT_EQ(replay.changed, 2);
  EXPECT_EQ(replay.earned.now, 70);
  EXPECT_EQ(replay.earned.draft, 140);
  EXPECT_EQ(replay.gain, 2);
  EXPECT_EQ(replay.lose, 0);
  ASSERT_EQ(replay.examples.size(), 2u);
  EXPECT_EQ(replay.examples[0].id.str(), "1") << "the largest difference first";
  EXPECT_EQ(replay.members[1].member, boris.member.id);
  EXPECT_EQ(replay.members[1].earned.draft, 40);
  EXPECT_FALSE(Progress(anna.member.id).has_value());
  EXPECT_EQ(Play(kFive).changed, 0);
  EXPECT_EQ(Play(R"({"earn":[{"id":"base","ppm":10000}]})").lose, 2);
}

TEST_F(ReplayTest, TheRulesThatJudgedGiveWhatTheyGave) {
  // Rules that look at everything that is counted, replayed over orders that they judged.
  const std::string rules = R"({"earn":[
      {"id":"base","ppm":50000,"limits":{"member":{"most":120,"per":"day"}}},
      {"id":"first","kind":"fixed","points":300,"once":"ever",
       "when":{"field":"history.orders","value":0}},
      {"id":"regular","ppm":10000,"when":{"field":"history.spend","op":"ge","value":150000}},
      {"id":"gift","kind":"fixed","points":10,"limits":{"budget":"b1"}}],
      "budgets":[{"id":"b1","cap":45}]})";
  Publish(rules);
  for (int i = 0; i < 12; ++i) {
    Sell(std::to_string(i), 70000 + 1000 * i, "+7921000000" + std::to_string(i % 3));
    clock_.Advance(hours(5));
  }
  const Replay replay = Play(rules);
  EXPECT_EQ(replay.orders, 12);
  EXPECT_EQ(replay.changed, 0);
  EXPECT_EQ(replay.budgets[0].spent, 40);
}

TEST_F(ReplayTest, WhatAMemberBoughtBeforeTheTimeIsKnown) {
  Publish(kFive);
  Sell("old", 100000);
  clock_.Advance(hours(24 * 25));
  Sell("new", 100000);
  Sell("other", 100000, "+79210000001");
  const Replay replay = Play(R"({"earn":[{"id":"base","ppm":50000},
      {"id":"first","kind":"fixed","points":300,"when":{"field":"history.orders","value":0}}]})");
  EXPECT_EQ(replay.orders, 2);
  EXPECT_EQ(replay.changed, 1);
  EXPECT_EQ(replay.examples[0].id.str(), "other");
}

TEST_F(ReplayTest, MembershipsCountAsTheyWerePaidForAndCardsByTheirOwnRate) {
  site_.programmes.insert_or_assign(programme_.programme.id, programme_);
  constexpr char kClub[] = R"({"memberships":[{"id":"club","period":"P1M"}],
    "earn":[{"id":"base","rate":"card"},
            {"id":"more","ppm":70000,"when":{"field":"member.membership","value":"club"}}]})";
  Publish(R"({"memberships":[{"id":"club","period":"P1M"}]})");
  const OrderOutcome before = Sell("1", 100000);
  MembershipRequest request;
  request.id = "m";
  request.who.member = before.member.id;
  request.plan = "club";
  request.starts_at = clock_.Now() + hours(1);
  request.actor = "till";
  const auto bought = Write<MembershipOutcome>([&](Transaction& transaction) {
    return BuyMembership(transaction, site_, programme_, request);
  });
  ASSERT_TRUE(bought.ok()) << bought.error().message;
  clock_.Advance(hours(2));
  Sell("2", 100000);
  EXPECT_EQ(Play(kClub).earned.draft, 70) << "of the order after it was paid for alone";
  const auto rated = Write<cards::Card>([&](Transaction& transaction) {
    return SetCardRate(transaction, programme_.programme.id, before.card.number, 20000,
                       {.reason = "by hand", .actor = "boss", .random = site_.random.get()});
  });
  ASSERT_TRUE(rated.ok()) << rated.error().message;
  EXPECT_EQ(Play(kClub).earned.draft, 70 + 40);
}

TEST_F(ReplayTest, AnOrderThatBurnedMoreThanTheDraftAllowsBurnsWhatItAllows) {
  Publish(kTen);
  Sell("1", 100000);
  OrderRequest order = Order("2");
  order.paid_at = FormatRfc3339(clock_.Now());
  order.total = 10000;
  order.lines = {{.line_id = "1", .amount = 10000, .points = 100}};
  ASSERT_TRUE(Place(order).ok());
  const Replay replay =
      Play(R"({"earn":[{"id":"base","ppm":100000}],"burn":{"max_ppm_of_order":500000}})");
  EXPECT_EQ(replay.refused, 0);
  EXPECT_EQ(replay.spent.now, 100);
  EXPECT_EQ(replay.spent.draft, 50);
  EXPECT_EQ(replay.earned.now, 100);
  EXPECT_EQ(replay.earned.draft, 105) << "what points do not pay money does";
}

TEST_F(ReplayTest, SoManyExamplesAsWereAskedFor) {
  Publish(kFive);
  for (int i = 0; i < 5; ++i) Sell(std::to_string(i), 100000 * (i + 1));
  const Replay replay = Play(kTen, 2);
  ASSERT_EQ(replay.examples.size(), 2u);
  EXPECT_EQ(replay.examples[0].earned.now, 250);
  EXPECT_EQ(replay.examples[1].earned.now, 200);
  EXPECT_EQ(replay.members.size(), 1u);
  EXPECT_TRUE(Play(kTen, 0).examples.empty());
}

TEST_F(ReplayTest, ATimeThatIsTooLongOrEndsBeforeItBeginsIsRefused) {
  const Timestamp now = clock_.Now();
  const auto pointer = [&](Timestamp from, Timestamp to) {
    const auto replay = TryPlay(kTen, {.from = from, .to = to});
    return replay.ok() ? std::string() : replay.error().problems.front().pointer;
  };
  EXPECT_EQ(pointer(now, now), "/to");
  EXPECT_EQ(pointer(now - hours(24 * 31) - std::chrono::seconds(1), now), "/from");
  EXPECT_EQ(pointer(now - hours(24 * 31), now), "");
}

}  // namespace
}  // namespace passmint::issuance
