#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "contract/store_contract.h"
#include "crypto/master_key.h"
#include "issuance/orders.h"
#include "issuance/rule_sets.h"
#include "support/published_design.h"
#include "support/seeded_random.h"

namespace passmint::testing {
namespace {

using issuance::CustomerGroup;
using issuance::MemberProgress;
using issuance::RuleDraft;
using issuance::RuleSetVersion;
using issuance::Transaction;

RuleSetVersion SampleRules(std::int64_t version) {
  return {.version = version,
          .hash = "hash" + std::to_string(version),
          .effective_from = Start() + std::chrono::hours(version),
          .author = ApiKeyName("author"),
          .published_by = ApiKeyName("approver"),
          .published_at = Start(),
          .comment = "почему",
          .content = R"({"format":1})"};
}

TEST_P(StoreContract, ARuleSetReadsBack) {
  MustWrite([](Transaction& t) { return t.InsertRuleSet(kCoffee, SampleRules(1)); });
  Reopen();
  const auto read = Read([](Transaction& t) { return t.RuleSetsAfter(kCoffee, 0, 10); });
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].version, 1);
  EXPECT_EQ(read[0].hash, "hash1");
  EXPECT_EQ(read[0].effective_from, Start() + std::chrono::hours(1));
  EXPECT_EQ(read[0].author, ApiKeyName("author"));
  EXPECT_EQ(read[0].published_by, ApiKeyName("approver"));
  EXPECT_EQ(read[0].published_at, Start());
  EXPECT_EQ(read[0].comment, "почему");
  EXPECT_EQ(read[0].content, R"({"format":1})");
}

TEST_P(StoreContract, RuleSetsComeOldestFirstAndTheNewestIsKnown) {
  EXPECT_EQ(Read([](Transaction& t) { return t.NewestRuleSet(kCoffee); }), 0);
  MustWrite([](Transaction& t) -> Status {
    for (std::int64_t version = 1; version <= 11; ++version) {
      Status done = t.InsertRuleSet(kCoffee, SampleRules(version));
      if (!done.ok()) return done;
    }
    return {};
  });
  EXPECT_EQ(Read([](Transaction& t) { return t.NewestRuleSet(kCoffee); }), 11);
  EXPECT_EQ(Read([](Transaction& t) { return t.NewestRuleSet(kTea); }), 0);
  const auto some = Read([](Transaction& t) { return t.RuleSetsAfter(kCoffee, 8, 2); });
  ASSERT_EQ(some.size(), 2u);
  EXPECT_EQ(some[0].version, 9);
  EXPECT_EQ(some[1].version, 10);
}

TEST_P(StoreContract, WhoFindsAMemberKnowsTheNewestRuleSet) {
  MustWrite([](Transaction& t) -> Status {
    for (const Status& done :
         {t.InsertMember(kCoffee, SampleMember(1)), t.InsertRuleSet(kCoffee, SampleRules(1))}) {
      if (!done.ok()) return done;
    }
    auto attached =
        t.AttachIdentity(kCoffee, MemberIdOf(1), {cards::IdentityType::kPhone, "+79210000000", {}});
    return attached.ok() ? Status() : Status(attached.error());
  });
  MustWrite([](Transaction& t) -> Status {
    auto known = t.FindKnownMember(kCoffee, cards::IdentityType::kPhone, "+79210000000");
    if (!known.ok()) return known.error();
    EXPECT_EQ(t.NewestRuleSet(kCoffee).value(), 1);
    Status done = t.InsertRuleSet(kCoffee, SampleRules(2));
    EXPECT_EQ(t.NewestRuleSet(kCoffee).value(), 2);
    return done;
  });
}

TEST_P(StoreContract, AVersionOfRulesIsPublishedOnce) {
  MustWrite([](Transaction& t) { return t.InsertRuleSet(kCoffee, SampleRules(1)); });
  const Status again =
      Write([](Transaction& t) { return t.InsertRuleSet(kCoffee, SampleRules(1)); });
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().reason, "lost_race");
}

TEST_P(StoreContract, ADraftOfRulesIsReplacedOnlyByWhoHasSeenIt) {
  const auto draft = [](const std::string& etag) {
    return RuleDraft{
        .etag = etag, .content = "{}", .author = ApiKeyName("author"), .updated_at = Start()};
  };
  MustWrite([&](Transaction& t) { return t.PutRuleDraft(kCoffee, draft("a"), ""); });
  EXPECT_FALSE(Write([&](Transaction& t) { return t.PutRuleDraft(kCoffee, draft("b"), ""); }).ok());
  EXPECT_FALSE(
      Write([&](Transaction& t) { return t.PutRuleDraft(kCoffee, draft("b"), "x"); }).ok());
  MustWrite([&](Transaction& t) { return t.PutRuleDraft(kCoffee, draft("b"), "a"); });
  const auto read = Read([](Transaction& t) { return t.FindRuleDraft(kCoffee); });
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->etag, "b");
  EXPECT_EQ(read->content, "{}");
  EXPECT_EQ(read->author, ApiKeyName("author"));
  EXPECT_EQ(read->updated_at, Start());
}

TEST_P(StoreContract, WhatAMemberDidReadsBack) {
  MemberProgress progress;
  progress.orders = 3;
  progress.spend = 9007199254740991;
  progress.points_earned = 17;
  progress.last_order_at = Start();
  progress.used = {{{"", "2026-11"}, 5}, {{"base", "ever"}, 7}};
  progress.granted = {{"first", "ever"}, {"правило", "2026"}};
  const std::chrono::sys_days day{std::chrono::days(20778)};
  progress.days[day] = {.orders = 2, .spend = 300, .points = 17};
  progress.days[day + std::chrono::days(1)] = {.orders = -1, .spend = -9007199254740991};
  const auto find = [](Transaction& t) { return t.FindProgress(kCoffee, MemberIdOf(1)); };
  EXPECT_FALSE(Read(find).has_value());
  MustWrite([&](Transaction& t) { return t.PutProgress(kCoffee, MemberIdOf(1), progress); });
  EXPECT_EQ(Read(find), progress);
  progress.last_order_at.reset();
  progress.granted.clear();
  MustWrite([&](Transaction& t) { return t.PutProgress(kCoffee, MemberIdOf(1), progress); });
  EXPECT_EQ(Read(find), progress);
}

TEST_P(StoreContract, PastOrdersAreThoseOfTheMember) {
  MustWrite([](Transaction& t) -> Status {
    for (const auto& [id, member] : {std::pair("1", 1), std::pair("2", 1), std::pair("3", 2)}) {
      Status done = t.InsertOrder(kCoffee, SampleOrder(id, MemberIdOf(member)));
      if (!done.ok()) return done;
    }
    return {};
  });
  EXPECT_EQ(Read([](Transaction& t) { return t.PastOrders(kCoffee, MemberIdOf(1)); }).size(), 2u);
}

TEST_P(StoreContract, ABudgetIsNotSpentBeyondItsCap) {
  const auto spend = [&](std::int64_t amount, std::int64_t cap) {
    bool done = false;
    MustWrite([&](Transaction& t) -> Status {
      auto spent = t.SpendBudget(kCoffee, "b1", amount, cap);
      if (!spent.ok()) return spent.error();
      done = spent.value();
      return {};
    });
    return done;
  };
  EXPECT_FALSE(spend(101, 100)) << "also when nothing was spent yet";
  EXPECT_TRUE(spend(60, 100));
  EXPECT_FALSE(spend(41, 100));
  EXPECT_TRUE(spend(40, 100));
  EXPECT_TRUE(spend(-30, 100));
  EXPECT_EQ(Read([](Transaction& t) { return t.BudgetsSpent(kCoffee); }).at("b1"), 70);
  EXPECT_TRUE(Read([](Transaction& t) { return t.BudgetsSpent(kTea); }).empty());
}

TEST_P(StoreContract, GroupsHaveMembers) {
  MustWrite([](Transaction& t) -> Status {
    for (const Status& done : {
             t.PutGroup(kCoffee, {"b", "B", 0}),
             t.PutGroup(kCoffee, {"a", "A", 0}),
             t.PutGroup(kCoffee, {"a", "Anna's", 0}),
             t.AddToGroup(kCoffee, "a", MemberIdOf(1)),
             t.AddToGroup(kCoffee, "a", MemberIdOf(1)),
             t.AddToGroup(kCoffee, "b", MemberIdOf(1)),
             t.AddToGroup(kCoffee, "b", MemberIdOf(2)),
             t.RemoveFromGroup(kCoffee, "b", MemberIdOf(2)),
             t.RemoveFromGroup(kCoffee, "b", MemberIdOf(2)),
         }) {
      if (!done.ok()) return done;
    }
    return {};
  });
  EXPECT_EQ(Read([](Transaction& t) { return t.GroupsOf(kCoffee, MemberIdOf(1)); }),
            (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(Read([](Transaction& t) { return t.GroupsOf(kCoffee, MemberIdOf(2)); }).empty());
  const auto groups = Read([](Transaction& t) { return t.Groups(kCoffee, "", 10); });
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].name, "Anna's");
  EXPECT_EQ(groups[0].members, 1);
  EXPECT_EQ(Read([](Transaction& t) { return t.Groups(kCoffee, "a", 10); }).size(), 1u);
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindGroup(kCoffee, "c"); }).has_value());
}

TEST_P(StoreContract, AnErasedMemberIsInNoGroup) {
  MustWrite([](Transaction& t) -> Status {
    for (const Status& done :
         {t.InsertMember(kCoffee, SampleMember(1)), t.PutGroup(kCoffee, {"a", "A", 0}),
          t.AddToGroup(kCoffee, "a", MemberIdOf(1)), t.AddToGroup(kCoffee, "a", MemberIdOf(2)),
          t.EraseMember(kCoffee, MemberIdOf(1))}) {
      if (!done.ok()) return done;
    }
    return {};
  });
  EXPECT_TRUE(Read([](Transaction& t) { return t.GroupsOf(kCoffee, MemberIdOf(1)); }).empty());
  EXPECT_EQ(Read([](Transaction& t) { return t.FindGroup(kCoffee, "a"); })->members, 1);
}

// A shop whose orders come to the store under test.
class Till {
 public:
  explicit Till(const std::string& rules) {
    site_.public_url = "https://cards.example.com";
    site_.random = std::make_shared<SeededRandom>();
    site_.keys = std::make_shared<const crypto::KeyRing>(
        crypto::KeyRing::Parse(
            Secret("k1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"))
            .value());
    content_ = json::Dump(json::Parse(rules, 65536).value());
  }

  Status Open(Transaction& t) const {
    Status published = issuance::PublishRules(t, kCoffee,
                                              {.content = content_,
                                               .effective_from = {},
                                               .author = ApiKeyName("a"),
                                               .published_by = ApiKeyName("a"),
                                               .comment = {}})
                               .ok()
                           ? Status()
                           : Status(Error{.message = "not published"});
    if (!published.ok()) return published;
    return t.InsertDesignVersion(kCoffee, testing::PublishedDesign(kTemplate, t.Now()));
  }

  // What the order earned.
  Result<std::int64_t> Sell(Transaction& t, const std::string& id, int member) const {
    issuance::OrderRequest order;
    order.id = OrderId(id);
    order.source = kWeb;
    order.paid_at = FormatRfc3339(t.Now());
    order.currency = "RUB";
    order.total = 100000;
    order.customer.phone = "+7921" + std::to_string(1'000'000 + member);
    order.lines = {{.line_id = "1", .amount = 100000}};
    order.actor = "till";
    auto placed = issuance::PlaceOrder(t, site_, programme_, order);
    if (!placed.ok()) return placed.error();
    return placed.value().points.earned;
  }

 private:
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
  std::string content_;
};

TEST_P(StoreContract, ThirtyTwoWritersOnOneBudgetNeverOverspendIt) {
  constexpr int kWriters = 32;
  constexpr std::int64_t kCap = 1750;  // Of 100 each: 17 grants and a rest that is too little.
  const Till till(R"({"earn":[{"id":"gift","kind":"fixed","points":100,"limits":{"budget":"b1"}}],
                      "budgets":[{"id":"b1","cap":1750}]})");
  MustWrite([&](Transaction& t) { return till.Open(t); });
  std::atomic<std::int64_t> earned{0};
  std::atomic<bool> go{false};
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (int n = 0; n < kWriters; ++n) {
    writers.emplace_back([&, n] {
      while (!go.load()) std::this_thread::yield();
      std::int64_t points = 0;
      const Status written = store().Write([&](Transaction& t) -> Status {
        auto sold = till.Sell(t, std::to_string(n), n);
        if (!sold.ok()) return sold.error();
        points = sold.value();
        return {};
      });
      EXPECT_TRUE(written.ok()) << written.error().message;
      earned += points;
    });
  }
  go.store(true);
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(earned.load(), kCap / 100 * 100);
  EXPECT_EQ(Read([](Transaction& t) { return t.BudgetsSpent(kCoffee); }).at("b1"),
            kCap / 100 * 100);
}

TEST_P(StoreContract, ManyOrdersOfOneMemberAtOnceGrantTheFirstPurchaseOnce) {
  constexpr int kWriters = 16;
  const Till till(R"({"earn":[{"id":"first","kind":"fixed","points":300,"once":"ever",
                               "when":{"field":"history.orders","value":0}}]})");
  MustWrite([&](Transaction& t) { return till.Open(t); });
  std::atomic<std::int64_t> earned{0};
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (int n = 0; n < kWriters; ++n) {
    writers.emplace_back([&, n] {
      std::int64_t points = 0;
      const Status written = store().Write([&](Transaction& t) -> Status {
        auto sold = till.Sell(t, std::to_string(n), 0);
        if (!sold.ok()) return sold.error();
        points = sold.value();
        return {};
      });
      EXPECT_TRUE(written.ok()) << written.error().message;
      earned += points;
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(earned.load(), 300);
}

}  // namespace
}  // namespace passmint::testing
