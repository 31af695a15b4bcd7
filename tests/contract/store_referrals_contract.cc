#include <vector>

#include "contract/store_contract.h"

namespace passmint::testing {
namespace {

using issuance::Promoter;
using issuance::Referral;
using issuance::ReferralReward;
using issuance::ReferralSide;
using issuance::RewardState;
using issuance::Transaction;

Promoter SamplePromoter(int member, const std::string& code) {
  return {.id = "p_" + HexId(member),
          .member = MemberIdOf(member),
          .code = code,
          .key_id = "k1",
          .rate_ppm = 75'000,
          .created_at = Start()};
}

ReferralReward SampleReward(int n, ReferralSide side) {
  return {.id = "rf_" + HexId(n),
          .rule = "referral",
          .source = kWeb,
          .order = OrderId("1042"),
          .side = side,
          .promoter = "p_" + HexId(1),
          .friend_member = MemberIdOf(2),
          .member = MemberIdOf(1),
          .account = AccountId(""),
          .rule_set = 3,
          .ppm = 75'000,
          .refusal = {},
          .period = {},
          .entry = {},
          .created_at = Start(),
          .due_at = Start(),
          .record = {}};
}

TEST_P(StoreContract, APromoterIsMadeOnceAndFoundByCode) {
  std::vector<bool> inserted;
  MustWrite([&](Transaction& t) -> Status {
    inserted.clear();
    for (const Promoter& one : {SamplePromoter(1, "AAAA"), SamplePromoter(1, "BBBB"),
                                SamplePromoter(2, "AAAA"), SamplePromoter(2, "CCCC")}) {
      auto done = t.InsertPromoter(kCoffee, one);
      if (!done.ok()) return done.error();
      inserted.push_back(done.value());
    }
    return {};
  });
  EXPECT_EQ(inserted, (std::vector<bool>{true, false, false, true}));
  const auto found = Read([](Transaction& t) { return t.FindPromoterByCode("AAAA"); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->programme, kCoffee);
  EXPECT_EQ(found->promoter.member, MemberIdOf(1));
  EXPECT_EQ(found->promoter.rate_ppm, 75'000);
  EXPECT_EQ(Read([](Transaction& t) { return t.Promoters(kCoffee, "", 10); }).size(), 2u);
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindPromoterOf(kTea, MemberIdOf(1)); }));
}

TEST_P(StoreContract, ARewardOfAReferralIsPlannedOnceAndWokenByItsOrder) {
  MustWrite([](Transaction& t) -> Status {
    for (const auto& [n, side] :
         {std::pair(1, ReferralSide::kPromoter), std::pair(2, ReferralSide::kPromoter),
          std::pair(3, ReferralSide::kFriend)}) {
      Status put = t.InsertReferralReward(kCoffee, SampleReward(n, side));
      if (!put.ok()) return put;
    }
    return {};
  });
  const auto due = [this] {
    return Read([](Transaction& t) { return t.ReferralRewardsDue(Start(), 10); }).size();
  };
  EXPECT_EQ(due(), 2u);
  EXPECT_TRUE(Read([](Transaction& t) { return t.HasReferralReward(kCoffee, MemberIdOf(2)); }));
  MustWrite([](Transaction& t) -> Status {
    for (const int n : {1, 3}) {
      auto reward = t.FindReferralReward(kCoffee, "rf_" + HexId(n));
      if (!reward.ok()) return reward.error();
      reward.value()->due_at.reset();
      reward.value()->state = RewardState::kReversed;
      reward.value()->points = 70;
      reward.value()->limits = {{"member_left", 400}};
      Status put = t.UpdateReferralReward(kCoffee, *reward.value());
      if (!put.ok()) return put;
    }
    return {};
  });
  EXPECT_EQ(due(), 0u);
  EXPECT_FALSE(Read([](Transaction& t) { return t.HasReferralReward(kCoffee, MemberIdOf(2)); }));
  const auto listed =
      Read([](Transaction& t) { return t.ReferralRewards(kCoffee, "p_" + HexId(1), "", 10); });
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].state, RewardState::kReversed);
  EXPECT_EQ(listed[0].points, 70);
  EXPECT_EQ(listed[0].limits, Json({{"member_left", 400}}));
  MustWrite([](Transaction& t) {
    return t.WakeReferralRewards(kCoffee, kWeb, OrderId("1042"), Start());
  });
  EXPECT_EQ(due(), 2u);
}

TEST_P(StoreContract, WhoWasBroughtAndWhoBringsStaysSoAfterAMerge) {
  MustWrite([](Transaction& t) -> Status {
    for (const Status& done :
         {t.InsertMember(kCoffee, SampleMember(1)), t.InsertMember(kCoffee, SampleMember(2)),
          t.PutReferral(kCoffee, {MemberIdOf(1), "p_x", "", "web", Start()}),
          Succeeded(t.InsertPromoter(kCoffee, SamplePromoter(1, "AAAA"))),
          t.MoveBelongings(kCoffee, MemberIdOf(1), MemberIdOf(2))}) {
      if (!done.ok()) return done;
    }
    return {};
  });
  const auto brought = Read([](Transaction& t) { return t.FindReferral(kCoffee, MemberIdOf(2)); });
  ASSERT_TRUE(brought.has_value());
  EXPECT_EQ(brought->promoter, "p_x");
  EXPECT_TRUE(Read([](Transaction& t) { return t.FindPromoterOf(kCoffee, MemberIdOf(2)); }));
}

}  // namespace
}  // namespace passmint::testing
