#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "contract/store_contract.h"

// Codes of coupons, and what points are exchanged for.

namespace passmint::testing {
namespace {

using issuance::ClaimStatus;
using issuance::CouponCode;
using issuance::RewardClaim;
using issuance::RewardStock;
using issuance::Transaction;

CouponCode SampleCode(const std::string& key, const std::string& coupon = "spring") {
  CouponCode code;
  code.key = key;
  code.code = "Весна-" + key;
  code.coupon = coupon;
  code.uses_max = 1;
  code.actor = "studio";
  return code;
}

RewardClaim SampleClaim(int n) {
  RewardClaim claim{.id = "cl_" + HexId(n),
                    .caller_id = "C-" + std::to_string(n),
                    .reward = "mug",
                    .member = MemberIdOf(1),
                    .account = AccountId("a_" + HexId(1)),
                    .points = 900,
                    .claimed_at = Start()};
  claim.record.key.id = claim.id;
  claim.record.asset = ledger::AssetId(ledger::kPointsAsset);
  claim.record.lines = {
      {.line_id = "mug", .value = 90000, .burned = 900, .allocations = {{1, 900}}}};
  return claim;
}

// How many of so many calls at once did something.
int HowManyOf(issuance::Store& store, int writers,
              const std::function<Result<bool>(Transaction&)>& call) {
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(writers));
  for (int n = 0; n < writers; ++n) {
    threads.emplace_back([&] {
      bool mine = false;
      const Status written = store.Write([&](Transaction& t) -> Status {
        const auto made = call(t);
        if (!made.ok()) return made.error();
        mine = made.value();
        return {};
      });
      EXPECT_TRUE(written.ok()) << written.error().message;
      if (mine) ++done;
    });
  }
  for (std::thread& thread : threads) thread.join();
  return done.load();
}

bool Use(issuance::Store& store, const std::string& key, Timestamp now = Start()) {
  return HowManyOf(store, 1, [&](Transaction& t) { return t.UseCoupon(kCoffee, key, now); }) == 1;
}

TEST_P(StoreContract, ACodeReadsBackAndExistsOnce) {
  CouponCode full = SampleCode("SPRING");
  full.member = MemberIdOf(1);
  full.uses_max = 9007199254740991;
  full.valid_from = Start();
  full.valid_until = Start() + std::chrono::hours(1);
  MustWrite([&](Transaction& t) { return Succeeded(t.InsertCoupon(kCoffee, full)); });
  const auto find = [](Transaction& t) { return t.FindCoupon(kCoffee, "SPRING"); };
  EXPECT_EQ(Read(find), full);
  bool again = true;
  MustWrite([&](Transaction& t) -> Status {
    auto inserted = t.InsertCoupon(kCoffee, SampleCode("SPRING", "autumn"));
    again = inserted.value();
    return {};
  });
  EXPECT_FALSE(again);
  EXPECT_EQ(Read(find), full);
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindCoupon(kTea, "SPRING"); }).has_value());
}

TEST_P(StoreContract, CodesAreListedByCouponAndByMember) {
  MustWrite([](Transaction& t) -> Status {
    for (const auto& [key, coupon] : {std::pair("C", "spring"), std::pair("A", "spring"),
                                      std::pair("B", "autumn"), std::pair("D", "spring")}) {
      CouponCode code = SampleCode(key, coupon);
      if (code.key > "B") code.member = MemberIdOf(1);
      if (Status done = Succeeded(t.InsertCoupon(kCoffee, code)); !done.ok()) return done;
    }
    return {};
  });
  const auto keys = [this](const issuance::CouponFilter& filter, int limit) {
    std::string text;
    for (const CouponCode& code :
         Read([&](Transaction& t) { return t.Coupons(kCoffee, filter, limit); })) {
      text += code.key;
    }
    return text;
  };
  EXPECT_EQ(keys({}, 10), "ABCD");
  EXPECT_EQ(keys({.after = "A"}, 2), "BC");
  EXPECT_EQ(keys({.coupon = "spring"}, 10), "ACD");
  EXPECT_EQ(keys({.coupon = "spring", .after = "A"}, 1), "C");
  EXPECT_EQ(keys({.member = MemberIdOf(1)}, 10), "CD");
  EXPECT_EQ(keys({.coupon = "autumn", .member = MemberIdOf(1)}, 10), "");
}

TEST_P(StoreContract, CodesAndClaimsFollowTheirMemberIntoAMerge) {
  MustWrite([](Transaction& t) -> Status {
    CouponCode code = SampleCode("A");
    code.member = MemberIdOf(1);
    for (const Status& done : {Succeeded(t.InsertCoupon(kCoffee, code)),
                               Succeeded(t.InsertClaim(kCoffee, SampleClaim(1))),
                               t.MoveBelongings(kCoffee, MemberIdOf(1), MemberIdOf(2))}) {
      if (!done.ok()) return done;
    }
    return {};
  });
  EXPECT_EQ(Read([](Transaction& t) { return t.FindCoupon(kCoffee, "A"); })->member, MemberIdOf(2));
  EXPECT_EQ(Read([](Transaction& t) { return t.FindClaim(kCoffee, SampleClaim(1).id); })->member,
            MemberIdOf(2));
}

TEST_P(StoreContract, ACodeIsUsedInItsTimeAndNotBeyondItsUses) {
  CouponCode code = SampleCode("A");
  code.uses_max = 2;
  code.valid_from = Start();
  code.valid_until = Start() + std::chrono::hours(1);
  MustWrite([&](Transaction& t) { return Succeeded(t.InsertCoupon(kCoffee, code)); });
  const auto before = std::chrono::microseconds(1);
  EXPECT_FALSE(Use(store(), "A", Start() - before));
  EXPECT_FALSE(Use(store(), "A", *code.valid_until));
  EXPECT_TRUE(Use(store(), "A"));
  EXPECT_TRUE(Use(store(), "A", *code.valid_until - before));
  EXPECT_FALSE(Use(store(), "A"));
  const auto give_back = [&](Timestamp now) {
    MustWrite([&](Transaction& t) { return t.ReturnCoupon(kCoffee, "A", now); });
  };
  give_back(*code.valid_until);
  EXPECT_FALSE(Use(store(), "A")) << "it had ended";
  give_back(Start());
  EXPECT_TRUE(Use(store(), "A"));
  EXPECT_FALSE(Use(store(), "nothing"));
}

TEST_P(StoreContract, AVoidCodeIsNotUsed) {
  CouponCode code = SampleCode("A");
  code.uses_max.reset();
  MustWrite([&](Transaction& t) { return Succeeded(t.InsertCoupon(kCoffee, code)); });
  EXPECT_TRUE(Use(store(), "A"));
  EXPECT_TRUE(Use(store(), "A")) << "without limit";
  const auto make_void = [](const char* key) {
    return [key](Transaction& t) { return t.VoidCoupon(kCoffee, key, "leaked"); };
  };
  EXPECT_EQ(HowManyOf(store(), 1, make_void("A")), 1);
  EXPECT_EQ(HowManyOf(store(), 1, make_void("B")), 0);
  EXPECT_FALSE(Use(store(), "A"));
  EXPECT_TRUE(Read([](Transaction& t) { return t.FindCoupon(kCoffee, "A"); })->void_reason ==
              "leaked");
}

TEST_P(StoreContract, OfThirtyTwoUsesOfASingleUseCodeOneSucceeds) {
  MustWrite([](Transaction& t) { return Succeeded(t.InsertCoupon(kCoffee, SampleCode("A"))); });
  EXPECT_EQ(
      HowManyOf(store(), 32, [](Transaction& t) { return t.UseCoupon(kCoffee, "A", Start()); }), 1);
}

TEST_P(StoreContract, ARewardIsTakenWhileThereIsStock) {
  const auto take = [](Transaction& t) { return t.TakeReward(kCoffee, "mug"); };
  EXPECT_EQ(HowManyOf(store(), 1, take), 1) << "without a stock there is no limit";
  MustWrite([](Transaction& t) { return t.SetRewardStock(kCoffee, "mug", 3); });
  EXPECT_EQ(HowManyOf(store(), 32, take), 3);
  const auto stocks = [](Transaction& t) { return t.RewardStocks(kCoffee); };
  EXPECT_EQ(Read(stocks), (std::vector<RewardStock>{{"mug", 0, 4}}));
  MustWrite([](Transaction& t) { return t.ReturnReward(kCoffee, "mug"); });
  EXPECT_EQ(Read(stocks), (std::vector<RewardStock>{{"mug", 1, 3}}));
  MustWrite([](Transaction& t) { return t.SetRewardStock(kCoffee, "mug", std::nullopt); });
  EXPECT_EQ(HowManyOf(store(), 2, take), 2);
  EXPECT_EQ(Read(stocks), (std::vector<RewardStock>{{"mug", std::nullopt, 5}}));
}

TEST_P(StoreContract, AClaimReadsBackAndEnds) {
  RewardClaim claim = SampleClaim(1);
  claim.coupon = "NEXT-7K2M";
  const auto insert = [&](Transaction& t) { return t.InsertClaim(kCoffee, claim); };
  EXPECT_EQ(HowManyOf(store(), 1, insert), 1);
  EXPECT_EQ(HowManyOf(store(), 1, insert), 0);
  claim.id = "cl_" + HexId(2);
  EXPECT_EQ(HowManyOf(store(), 1, insert), 0) << "the caller's id is taken";
  claim.id = SampleClaim(1).id;
  claim.status = ClaimStatus::kCancelled;
  claim.ended_at = Start() + std::chrono::hours(1);
  claim.account = AccountId("a_" + HexId(2));
  claim.record.lines[0].restored = 900;
  MustWrite([&](Transaction& t) { return t.UpdateClaim(kCoffee, claim); });
  const auto read = Read([&](Transaction& t) { return t.FindClaimOfCaller(kCoffee, "C-1"); });
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->id, claim.id);
  EXPECT_EQ(read->reward, "mug");
  EXPECT_EQ(read->member, MemberIdOf(1));
  EXPECT_EQ(read->account, claim.account);
  EXPECT_EQ(read->points, 900);
  EXPECT_EQ(read->coupon, "NEXT-7K2M");
  EXPECT_EQ(read->status, ClaimStatus::kCancelled);
  EXPECT_EQ(read->claimed_at, Start());
  EXPECT_EQ(read->ended_at, claim.ended_at);
  EXPECT_EQ(read->record, claim.record);
}

TEST_P(StoreContract, ClaimsAreListedNewestFirst) {
  MustWrite([](Transaction& t) -> Status {
    for (int n = 1; n <= 4; ++n) {
      RewardClaim claim = SampleClaim(n);
      claim.caller_id.clear();
      if (n == 2) claim.reward = "espresso";
      if (Status done = Succeeded(t.InsertClaim(kCoffee, claim)); !done.ok()) return done;
    }
    return {};
  });
  const auto ids = [this](const std::string& before, int limit) {
    std::string text;
    for (const RewardClaim& claim :
         Read([&](Transaction& t) { return t.Claims(kCoffee, "mug", before, limit); })) {
      text += claim.id.back();
    }
    return text;
  };
  EXPECT_EQ(ids("", 10), "431");
  EXPECT_EQ(ids("", 1), "4");
  EXPECT_EQ(ids(SampleClaim(4).id, 10), "31");
}

TEST_P(StoreContract, TheHistoryOfRulesIsNewestFirstAndWithoutContent) {
  MustWrite([](Transaction& t) -> Status {
    for (std::int64_t version = 1; version <= 3; ++version) {
      Status done = t.InsertRuleSet(kCoffee, {.version = version,
                                              .hash = "h",
                                              .effective_from = Start(),
                                              .author = ApiKeyName("a"),
                                              .published_by = ApiKeyName("a"),
                                              .published_at = Start(),
                                              .comment = "c",
                                              .content = "{}"});
      if (!done.ok()) return done;
    }
    return {};
  });
  const auto history = Read([](Transaction& t) { return t.RuleSetHistory(kCoffee, 2); });
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0].version, 3);
  EXPECT_EQ(history[1].version, 2);
  EXPECT_EQ(history[0].comment, "c");
  EXPECT_EQ(history[0].content, "");
}

}  // namespace
}  // namespace passmint::testing
