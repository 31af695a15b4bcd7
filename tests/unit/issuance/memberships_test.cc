// Members who pay to take part, period by period.

#include "issuance/memberships.h"

#include <string>

#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

// 5 % for who paid for gold, a month and three days of grace.
constexpr char kRules[] = R"({
  "memberships":[{"id":"gold","price_minor":99000,"period":"P1M","grace":"P3D"}],
  "earn":[{"id":"club","ppm":50000,"when":{"field":"member.membership","value":"gold"}}]})";

class MembershipsTest : public RulesTest {
 protected:
  void SetUp() override {
    site_.programmes.insert_or_assign(programme_.programme.id, programme_);
    clock_.Set(At("2026-01-31T12:00:00+03:00"));
    Publish(kRules);
    anna_ = Sell("first", 100000).member.id;
  }

  static Timestamp At(const std::string& text) { return ParseRfc3339(text).value(); }

  Result<MembershipOutcome> Try(const std::string& id, std::optional<Timestamp> starts_at = {},
                                const std::string& plan = "gold") {
    return Write<MembershipOutcome>([&](Transaction& transaction) {
      return BuyMembership(transaction, site_, programme_,
                           {.id = id,
                            .who = {.card_number = {}, .member = anna_},
                            .plan = plan,
                            .starts_at = starts_at,
                            .actor = "till"});
    });
  }

  Membership Buy(const std::string& id, std::optional<Timestamp> starts_at = {}) {
    auto bought = Try(id, starts_at);
    EXPECT_TRUE(bought.ok()) << bought.error().message;
    return bought.ok() ? bought.value().membership : Membership{};
  }

  Membership Cancel(const std::string& id) {
    const auto ended = Write<Membership>([&](Transaction& transaction) {
      return CancelMembership(transaction, site_, programme_,
                              {.id = id, .reason = "given back", .actor = "desk"});
    });
    EXPECT_TRUE(ended.ok()) << ended.error().message;
    return ended.ok() ? ended.value() : Membership{};
  }

  // What 1,000.00 earns at that instant.
  std::int64_t EarnedAt(Timestamp instant) {
    clock_.Set(instant);
    return Sell("o" + std::to_string(++orders_), 100000).points.earned;
  }

  MemberId anna_;
  int orders_ = 0;
};

TEST_F(MembershipsTest, APeriodEndsAtTheSameTimeOfTheDayAndAMonthWithoutThatDayAtItsLast) {
  const Membership gold = Buy("k1");
  EXPECT_EQ(gold.price_minor, 99'000);
  EXPECT_EQ(gold.ends_at, At("2026-02-28T12:00:00+03:00"));
  EXPECT_EQ(gold.lapses_at, At("2026-03-03T12:00:00+03:00"));
}

TEST_F(MembershipsTest, ItsBenefitsRunFromTheFirstInstantToTheLastOfItsGrace) {
  EXPECT_EQ(EarnedAt(clock_.Now()), 0);
  const Membership gold = Buy("k1");
  EXPECT_EQ(EarnedAt(gold.starts_at), 50);
  EXPECT_EQ(EarnedAt(gold.ends_at), 50) << "the grace";
  EXPECT_EQ(EarnedAt(gold.lapses_at - microseconds(1)), 50);
  EXPECT_EQ(EarnedAt(gold.lapses_at), 0);
}

TEST_F(MembershipsTest, ARenewalBeginsWhereTheLastPeriodEndsAndLeavesNoGap) {
  const Membership first = Buy("k1");
  const Membership early = Buy("k2");
  EXPECT_EQ(early.starts_at, first.ends_at);
  clock_.Set(early.ends_at + hours(24));
  const Membership in_grace = Buy("k3");
  EXPECT_EQ(in_grace.starts_at, early.ends_at) << "the grace is not given on top";
  clock_.Set(in_grace.lapses_at);
  EXPECT_EQ(Buy("k4").starts_at, in_grace.lapses_at) << "lapsed: it begins anew";
}

TEST_F(MembershipsTest, APeriodThatIsCancelledEndsNowAndOneThatHasNotBegunNeverDoes) {
  const Membership first = Buy("k1");
  const Membership next = Buy("k2");
  clock_.Set(first.starts_at + hours(1));
  EXPECT_EQ(Cancel("k2").ends_at, next.starts_at);
  EXPECT_EQ(EarnedAt(clock_.Now()), 50);
  EXPECT_EQ(Cancel("k1").lapses_at, clock_.Now());
  EXPECT_EQ(EarnedAt(clock_.Now()), 0);
  EXPECT_EQ(EarnedAt(next.starts_at), 0);
  EXPECT_EQ(Cancel("k1").ends_at, first.starts_at + hours(1)) << "the second time changes nothing";
}

TEST_F(MembershipsTest, TheSameReportIsOnePeriodAndAnotherMembersIsRefused) {
  (void)Buy("k1");
  const auto again = Try("k1");
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again.value().created);
  EXPECT_EQ(Buy("k2").starts_at, again.value().membership.ends_at) << "k1 was bought once";
  anna_ = Sell("other", 100000, "+79210000002").member.id;
  EXPECT_EQ(Try("k1").error().reason, "membership_conflict");
}

TEST_F(MembershipsTest, OnlyAPlanOfTheRulesIsSoldAndOnlyForwards) {
  const auto pointer = [](const Result<MembershipOutcome>& refused) {
    const Error& error = refused.error();
    return error.problems.empty() ? error.reason
                                  : error.problems.front().code + error.problems.front().pointer;
  };
  EXPECT_EQ(pointer(Try("k1", {}, "silver")), "unknown_plan/plan");
  const auto backwards = Write<MembershipOutcome>([&](Transaction& transaction) {
    return BuyMembership(transaction, site_, programme_,
                         {.id = "k1",
                          .who = {.card_number = {}, .member = anna_},
                          .plan = "gold",
                          .ends_at = clock_.Now()});
  });
  EXPECT_EQ(pointer(backwards), "out_of_range/ends_at");
}

}  // namespace
}  // namespace passmint::issuance
