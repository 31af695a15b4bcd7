// Coupons and rewards from the request to the store, also when many want the same at once.

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "contract/store_contract.h"
#include "crypto/master_key.h"
#include "issuance/coupons.h"
#include "issuance/order_quote.h"
#include "issuance/orders.h"
#include "issuance/points.h"
#include "issuance/prepared_order.h"
#include "issuance/refunds.h"
#include "issuance/rewards.h"
#include "issuance/rule_sets.h"
#include "support/published_design.h"
#include "support/seeded_random.h"

namespace passmint::testing {
namespace {

using issuance::CouponCode;
using issuance::OrderOutcome;
using issuance::Transaction;

std::string PhoneOf(int member) { return "+7921" + std::to_string(1'000'000 + member); }

// A shop with published rules.
class Counter {
 public:
  Counter(issuance::Store& store, const std::string& rules) : store_(store) {
    site_.public_url = "https://cards.example.com";
    site_.random = std::make_shared<SeededRandom>();
    site_.keys = std::make_shared<const crypto::KeyRing>(
        crypto::KeyRing::Parse(
            Secret("k1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"))
            .value());
    const auto json = json::Parse(rules, 65536);
    EXPECT_TRUE(json.ok());
    const Status opened = store_.Write([&](Transaction& t) -> Status {
      const auto published = issuance::PublishRules(t, kCoffee,
                                                    {.content = json::Dump(json.value()),
                                                     .effective_from = {},
                                                     .author = ApiKeyName("a"),
                                                     .published_by = ApiKeyName("a"),
                                                     .comment = {}});
      if (!published.ok()) return published.error();
      return t.InsertDesignVersion(kCoffee, testing::PublishedDesign(kTemplate, t.Now()));
    });
    EXPECT_TRUE(opened.ok()) << opened.error().message;
  }

  // Runs `call` in a write transaction; its Result is handed on.
  template <class T>
  Result<T> Do(const std::function<Result<T>(Transaction&)>& call) {
    Result<T> result(Error{.message = "did not run"});
    const Status written = store_.Write([&](Transaction& t) -> Status {
      result = call(t);
      return result.ok() ? Status() : Status(result.error());
    });
    if (!written.ok()) return written.error();
    return result;
  }

  // One order of coffee and a mug.
  issuance::OrderRequest Order(Transaction& t, const std::string& id, int member,
                               std::vector<std::string> coupons) const {
    issuance::OrderRequest order;
    order.id = OrderId(id);
    order.source = kWeb;
    order.paid_at = FormatRfc3339(t.Now());
    order.currency = "RUB";
    order.total = 150000;
    order.customer.phone = PhoneOf(member);
    order.lines = {{.line_id = "1", .sku = "ESP-1", .amount = 100000},
                   {.line_id = "2", .sku = "MUG", .amount = 50000}};
    order.coupons = std::move(coupons);
    order.actor = "till";
    return order;
  }
  Result<OrderOutcome> Sell(const std::string& id, int member,
                            const std::vector<std::string>& coupons = {}) {
    return Do<OrderOutcome>([&](Transaction& t) {
      return issuance::PlaceOrder(t, site_, programme_, Order(t, id, member, coupons));
    });
  }
  Result<issuance::OrderQuote> Quote(int member, const std::vector<std::string>& coupons) {
    return Do<issuance::OrderQuote>([&](Transaction& t) {
      return issuance::QuoteOrder(
          t, site_, programme_,
          issuance::PrepareOrder(site_, programme_, Order(t, "quote", member, coupons), t.Now()));
    });
  }
  // Points that are left, or why not.
  std::string Refund(const std::string& order, const std::string& id, const std::string& line,
                     std::int64_t amount) {
    const auto done = Do<issuance::RefundOutcome>([&](Transaction& t) {
      return issuance::RefundOrder(t, site_, programme_,
                                   {.source = kWeb,
                                    .order = OrderId(order),
                                    .id = id,
                                    .lines = {{.line_id = line, .amount = amount}},
                                    .amount = {},
                                    .await_order = false,
                                    .actor = "till"});
    });
    return done.ok() ? std::to_string(done.value().points.available) : done.error().message;
  }

  std::string Code(const issuance::CouponRequest& request) {
    const auto codes = Do<std::vector<CouponCode>>(
        [&](Transaction& t) { return issuance::MakeCoupons(t, site_, programme_, request); });
    EXPECT_TRUE(codes.ok()) << codes.error().message;
    return codes.ok() ? codes.value().front().code : "";
  }
  std::int64_t UsesOf(const std::string& code) {
    return Do<CouponCode>([&](Transaction& t) { return issuance::GetCoupon(t, kCoffee, code); })
        .value()
        .uses;
  }

  Result<issuance::ClaimOutcome> Claim(const std::string& reward, const MemberId& member) {
    return Do<issuance::ClaimOutcome>([&](Transaction& t) {
      return issuance::ClaimReward(t, site_, programme_,
                                   {.reward = reward,
                                    .caller_id = {},
                                    .who = {.card_number = {}, .member = member},
                                    .actor = "till"});
    });
  }
  Result<issuance::ClaimOutcome> Cancel(const std::string& reward, const std::string& claim) {
    return Do<issuance::ClaimOutcome>([&](Transaction& t) {
      return issuance::CancelClaim(
          t, site_, programme_,
          {.reward = reward, .claim = claim, .reason = "changed their mind", .actor = "till"});
    });
  }
  void SetStock(const std::string& reward, std::int64_t stock) {
    const Status set =
        store_.Write([&](Transaction& t) { return t.SetRewardStock(kCoffee, reward, stock); });
    EXPECT_TRUE(set.ok());
  }
  std::int64_t PointsOf(const OrderOutcome& sold) {
    return Do<issuance::PointsSummary>(
               [&](Transaction& t) { return issuance::PointsOf(t, kCoffee, sold.member.account); })
        .value()
        .available;
  }

 private:
  issuance::Store& store_;
  issuance::Site site_;
  issuance::ProgrammeSite programme_ = {.programme = {.id = kCoffee,
                                                      .name = "Bean & Leaf",
                                                      .currency = *Currency::Find("RUB"),
                                                      .time_zone = "Europe/Moscow",
                                                      .region = "RU",
                                                      .languages = {"ru", "en"},
                                                      .templates = {kTemplate},
                                                      .card_number = {}},
                                        .apple = nullptr,
                                        .google = nullptr};
};

// How many of so many calls at once did something; the others fail for `reason`.
int HowManyAtOnce(int calls, const std::string& reason,
                  const std::function<Result<bool>(int)>& call) {
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(calls));
  for (int n = 0; n < calls; ++n) {
    threads.emplace_back([&, n] {
      const auto made = call(n);
      if (made.ok()) {
        ++done;
      } else {
        EXPECT_EQ(made.error().reason, reason) << made.error().message;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return done.load();
}

constexpr const char* kCoupons = R"({"earn":[{"id":"base","ppm":50000}],"coupons":[
    {"id":"spring","kind":"percent","ppm":100000},
    {"id":"single","kind":"amount","amount":10000,"single_use":true},
    {"id":"mug","kind":"amount","amount":20000,"scope":"item","include":{"sku":["MUG"]}}]})";

TEST_P(StoreContract, OfThirtyTwoOrdersWithOneSingleUseCodeOneWins) {
  Counter counter(store(), kCoupons);
  const std::string code = counter.Code({.coupon = "single", .count = 1, .actor = "a"});
  const int won = HowManyAtOnce(32, "coupon_used", [&](int n) -> Result<bool> {
    const auto sold = counter.Sell(std::to_string(n), n, {code});
    if (!sold.ok()) return sold.error();
    return true;
  });
  EXPECT_EQ(won, 1);
  EXPECT_EQ(counter.UsesOf(code), 1);
}

TEST_P(StoreContract, AnOrderEarnsOnWhatItsCouponsLeft) {
  Counter counter(store(), kCoupons);
  const std::string spring = counter.Code({.coupon = "spring", .codes = {"Весна"}, .actor = "a"});
  const std::string mug = counter.Code({.coupon = "mug", .count = 1, .actor = "a"});
  const auto quote = counter.Quote(1, {"ВЕСНА", mug, "nothing"});
  ASSERT_TRUE(quote.ok()) << quote.error().message;
  ASSERT_EQ(quote.value().coupons.size(), 3u);
  EXPECT_EQ(quote.value().coupons[0].discount, 13000);  // 10 % of 1,000.00 and 300.00.
  EXPECT_EQ(quote.value().coupons[1].discount, 20000);
  EXPECT_EQ(quote.value().coupons[2].obstacle, issuance::CouponObstacle::kUnknown);
  EXPECT_EQ(counter.UsesOf(spring), 0) << "a quote uses nothing";
  const auto sold = counter.Sell("1", 1, {"ВЕСНА", mug});
  ASSERT_TRUE(sold.ok()) << sold.error().message;
  EXPECT_EQ(sold.value().points.earned, 58);  // 5 % of 1,170.00.
  EXPECT_EQ(counter.UsesOf(spring), 1);
}

TEST_P(StoreContract, ACodeComesBackWithTheLastOfItsOrder) {
  Counter counter(store(), kCoupons);
  const std::string code = counter.Code({.coupon = "single", .count = 1, .actor = "a"});
  ASSERT_TRUE(counter.Sell("1", 1, {code}).ok());
  // 100.00 off: 66.67 and 33.33.
  EXPECT_EQ(counter.Refund("1", "a", "1", 93333), "23");
  EXPECT_EQ(counter.UsesOf(code), 1);
  EXPECT_EQ(counter.Refund("1", "b", "2", 46667), "0");
  EXPECT_EQ(counter.UsesOf(code), 0);
  EXPECT_TRUE(counter.Sell("2", 2, {code}).ok());
}

TEST_P(StoreContract, ACodeThatDoesNotHoldRefusesItsOrder) {
  Counter counter(store(), kCoupons);
  const auto refused = [&counter](const std::string& code) {
    const auto sold = counter.Sell("1", 1, {code});
    if (sold.ok()) return std::string("sold");
    if (!sold.error().reason.empty()) return sold.error().reason;
    return sold.error().problems.front().code + " " + sold.error().problems.front().pointer;
  };
  const auto other = counter.Sell("other", 2);
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(refused("nothing"), "unknown_coupon /coupons/0");
  EXPECT_EQ(refused(counter.Code(
                {.coupon = "spring", .count = 1, .member = other.value().member.id, .actor = "a"})),
            "unknown_coupon /coupons/0");
  EXPECT_EQ(refused(counter.Code({.coupon = "spring",
                                  .count = 1,
                                  .valid_from = clock_.Now() + std::chrono::hours(1),
                                  .actor = "a"})),
            "coupon_not_valid /coupons/0");
}

constexpr const char* kRewards = R"({"earn":[{"id":"gift","kind":"fixed","points":100}],
    "coupons":[{"id":"single","kind":"amount","amount":10000,"single_use":true}],
    "rewards":[{"id":"mug","title":"Mug","price":60},
               {"id":"next","kind":"coupon","coupon":"single","price":30}]})";

TEST_P(StoreContract, OfThirtyTwoClaimsOfTheLastPieceOneWins) {
  constexpr int kMembers = 32;
  Counter counter(store(), kRewards);
  std::vector<OrderOutcome> members;
  for (int n = 0; n < kMembers; ++n) {
    auto sold = counter.Sell(std::to_string(n), n);
    ASSERT_TRUE(sold.ok()) << sold.error().message;
    members.push_back(std::move(sold).value());
  }
  counter.SetStock("mug", 1);
  const int won = HowManyAtOnce(kMembers, "out_of_stock", [&](int n) -> Result<bool> {
    const auto claimed = counter.Claim("mug", members[static_cast<std::size_t>(n)].member.id);
    if (!claimed.ok()) return claimed.error();
    return true;
  });
  EXPECT_EQ(won, 1);
  std::int64_t left = 0;
  for (const OrderOutcome& member : members) left += counter.PointsOf(member);
  EXPECT_EQ(left, kMembers * 100 - 60) << "nobody else paid";
}

TEST_P(StoreContract, AClaimBurnsItsPriceAndGivesItBackOnce) {
  Counter counter(store(), kRewards);
  const auto sold = counter.Sell("1", 1);
  ASSERT_TRUE(sold.ok());
  counter.SetStock("mug", 1);
  const auto claimed = counter.Claim("mug", sold.value().member.id);
  ASSERT_TRUE(claimed.ok()) << claimed.error().message;
  EXPECT_EQ(claimed.value().points.available, 40);
  EXPECT_EQ(counter.Claim("mug", sold.value().member.id).error().reason, "out_of_stock");
  const std::string id = claimed.value().claim.id;
  for (int again = 0; again < 2; ++again) {
    const auto cancelled = counter.Cancel("mug", id);
    ASSERT_TRUE(cancelled.ok()) << cancelled.error().message;
    EXPECT_EQ(cancelled.value().points.available, 100);
  }
  EXPECT_TRUE(counter.Claim("mug", sold.value().member.id).ok()) << "the piece is back";
  EXPECT_EQ(counter.Claim("mug", sold.value().member.id).error().reason, "out_of_stock");
}

TEST_P(StoreContract, ARewardForTheNextOrderIsACodeOfTheMembersOwn) {
  Counter counter(store(), kRewards);
  const auto sold = counter.Sell("1", 1);
  ASSERT_TRUE(sold.ok());
  const auto used = counter.Claim("next", sold.value().member.id);
  const auto unused = counter.Claim("next", sold.value().member.id);
  ASSERT_TRUE(used.ok() && unused.ok());
  EXPECT_FALSE(counter.Sell("2", 2, {used.value().claim.coupon}).ok()) << "somebody else";
  EXPECT_TRUE(counter.Sell("3", 1, {used.value().claim.coupon}).ok());
  EXPECT_EQ(counter.Cancel("next", used.value().claim.id).error().reason, "coupon_used");
  EXPECT_TRUE(counter.Cancel("next", unused.value().claim.id).ok());
  EXPECT_FALSE(counter.Sell("4", 1, {unused.value().claim.coupon}).ok()) << "it is void";
}

TEST_P(StoreContract, WhatARuleGaveGoesBackAsItSays) {
  Counter counter(store(), R"({"earn":[
      {"id":"big","kind":"fixed","points":1000,
       "when":{"field":"order.money","op":"ge","value":100000}},
      {"id":"mug","kind":"fixed","points":200,"include":{"sku":["MUG"]}},
      {"id":"share","kind":"fixed","points":30,"on_refund":"proportional"},
      {"id":"rate","ppm":50000,"on_refund":"on_full"}]})");
  const auto sold = counter.Sell("1", 1);
  ASSERT_TRUE(sold.ok()) << sold.error().message;
  EXPECT_EQ(sold.value().points.earned, 1305);
  // Of the 30 points 10 stand on the mug, of the order 1,000.00 are left.
  EXPECT_EQ(counter.Refund("1", "a", "2", 50000), "1095");
  EXPECT_EQ(counter.Refund("1", "b", "1", 50000), "85") << "500.00 are not big";
  EXPECT_EQ(counter.Refund("1", "c", "1", 50000), "0");
}

}  // namespace
}  // namespace passmint::testing
