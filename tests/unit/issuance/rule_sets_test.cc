#include "issuance/rule_sets.h"

#include "issuance/refunds.h"
#include "issuance/rule_diff.h"
#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::hours;

constexpr char kFive[] = R"({"earn":[{"id":"base","ppm":50000}]})";
constexpr char kTen[] = R"({"earn":[{"id":"base","ppm":100000}]})";

Json Read(const std::string& text) { return json::Parse(text, 65536).value(); }

class RuleSetsTest : public IssuanceTest {
 protected:
  Result<RuleSetVersion> Publish(const std::string& text,
                                 std::optional<Timestamp> effective_from = {}) {
    return Write<RuleSetVersion>([&](Transaction& transaction) {
      return PublishRules(transaction, programme_.programme.id,
                          {.content = json::Dump(Read(text)),
                           .effective_from = effective_from,
                           .author = ApiKeyName("author"),
                           .published_by = ApiKeyName("approver"),
                           .comment = "why"});
    });
  }

  RulesView View() {
    return Write<RulesView>([&](Transaction& transaction) {
             return GetRules(transaction, programme_.programme.id);
           })
        .value();
  }

  // What an order of 1,999.00, paid then, earns.
  std::int64_t EarnedBy(const std::string& id, Timestamp paid_at) {
    OrderRequest order = Order(id);
    order.paid_at = FormatRfc3339(paid_at);
    const auto placed = Place(order);
    EXPECT_TRUE(placed.ok()) << placed.error().message;
    return placed.ok() ? placed.value().points.earned : -1;
  }

  std::int64_t RuleSetOf(const std::string& id) {
    return Write<OrderOutcome>([&](Transaction& transaction) {
             return GetOrder(transaction, programme_, OrderSource("web"), OrderId(id));
           })
        .value()
        .order.answer.value("rule_set", std::int64_t{-1});
  }
};

TEST_F(RuleSetsTest, TheFirstVersionJudgesEveryOrderThatIsStillAccepted) {
  ASSERT_TRUE(Publish(kFive).ok());
  EXPECT_EQ(EarnedBy("old", clock_.Now() - hours(24 * 29)), 99);
  EXPECT_EQ(RuleSetOf("old"), 1);
}

TEST_F(RuleSetsTest, OrdersAreJudgedByTheVersionThatWasInEffectWhenTheyWerePaid) {
  ASSERT_TRUE(Publish(kFive).ok());
  const Timestamp before = clock_.Now();
  clock_.Advance(hours(1));
  ASSERT_TRUE(Publish(kTen).ok());
  clock_.Advance(hours(1));
  EXPECT_EQ(EarnedBy("late report", before), 99);
  EXPECT_EQ(EarnedBy("new", clock_.Now()), 199);
  EXPECT_EQ(RuleSetOf("late report"), 1);
  EXPECT_EQ(RuleSetOf("new"), 2);
}

TEST_F(RuleSetsTest, ATillThatWritesWholeSecondsIsJudgedByWhatWasPublishedInThatSecond) {
  ASSERT_TRUE(Publish(kFive).ok());
  clock_.Advance(hours(1) + std::chrono::milliseconds(700));
  ASSERT_TRUE(Publish(kTen).ok());
  const Timestamp second = std::chrono::floor<std::chrono::seconds>(clock_.Now());
  EXPECT_EQ(EarnedBy("said in seconds", second), 199);
  EXPECT_EQ(EarnedBy("a second before", second - std::chrono::seconds(1)), 99);
}

TEST_F(RuleSetsTest, AVersionOfTheFutureWaitsForItsInstant) {
  ASSERT_TRUE(Publish(kFive).ok());
  const Timestamp start = clock_.Now() + hours(2);
  ASSERT_TRUE(Publish(kTen, start).ok());
  EXPECT_EQ(View().live()->version, 1);
  EXPECT_EQ(View().next()->version, 2);
  EXPECT_EQ(EarnedBy("before", clock_.Now()), 99);
  clock_.Advance(hours(3));
  EXPECT_EQ(EarnedBy("a second before", start - std::chrono::seconds(1)), 99);
  EXPECT_EQ(EarnedBy("at the instant", start), 199);
  EXPECT_EQ(View().live()->version, 2);
  EXPECT_EQ(View().next(), nullptr);
}

TEST_F(RuleSetsTest, ALaterPublicationOvertakesWhatWaits) {
  ASSERT_TRUE(Publish(kFive).ok());
  ASSERT_TRUE(Publish(kTen, clock_.Now() + hours(2)).ok());
  ASSERT_TRUE(Publish(kFive).ok());
  EXPECT_EQ(View().live()->version, 3);
  EXPECT_EQ(View().next(), nullptr);
  clock_.Advance(hours(3));
  EXPECT_EQ(View().live()->version, 3);
}

TEST_F(RuleSetsTest, NothingIsPublishedForThePast) {
  ASSERT_TRUE(Publish(kFive).ok());
  const auto late = Publish(kTen, clock_.Now() - hours(1));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().problems.front().pointer, "/effective_from");
  EXPECT_EQ(View().versions.size(), 1u);
}

TEST_F(RuleSetsTest, B26_AChangeOfTheRateDoesNotChangeWhatWasEarned) {
  ASSERT_TRUE(Publish(kFive).ok());
  EXPECT_EQ(EarnedBy("one", clock_.Now()), 99);
  ASSERT_TRUE(Publish(kTen).ok());
  const auto again = Write<OrderOutcome>([&](Transaction& transaction) {
    return GetOrder(transaction, programme_, OrderSource("web"), OrderId("one"));
  });
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.value().points.available, 99);
  EXPECT_EQ(again.value().points.earned, 99);
}

TEST_F(RuleSetsTest, ARefundFollowsThePolicyThatTheOrderWasJudgedBy) {
  ASSERT_TRUE(
      Publish(R"({"earn":[{"id":"base","ppm":50000}],"refunds":{"debt":"unlimited"}})").ok());
  EXPECT_EQ(EarnedBy("one", clock_.Now()), 99);
  OrderRequest burn = Order("burn");
  burn.lines.front().points = 99;
  burn.paid_at = FormatRfc3339(clock_.Now());
  ASSERT_TRUE(Place(burn).ok());
  ASSERT_TRUE(Publish(R"({"refunds":{"debt":"within_balance"}})").ok());
  const auto refund = Write<RefundOutcome>([&](Transaction& transaction) {
    return RefundOrder(transaction, site_, programme_,
                       {.source = OrderSource("web"),
                        .order = OrderId("one"),
                        .id = "r1",
                        .lines = {},
                        .amount = 199900,
                        .await_order = false,
                        .actor = "till"});
  });
  ASSERT_TRUE(refund.ok()) << refund.error().message;
  EXPECT_EQ(refund.value().points.clawed_back, 99);
}

TEST_F(RuleSetsTest, RollingBackPublishesTheEarlierVersionAgain) {
  ASSERT_TRUE(Publish(kFive).ok());
  ASSERT_TRUE(Publish(kTen).ok());
  const auto back = Write<RuleSetVersion>([&](Transaction& transaction) {
    return RollBackRules(transaction, programme_.programme.id, std::nullopt, ApiKeyName("boss"),
                         "too dear");
  });
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back.value().version, 3);
  EXPECT_EQ(back.value().comment, "too dear");
  EXPECT_EQ(back.value().hash, View().Find(1)->hash);
  EXPECT_EQ(EarnedBy("after", clock_.Now()), 99);
}

TEST_F(RuleSetsTest, ThereIsNothingBeforeTheFirstVersion) {
  ASSERT_TRUE(Publish(kFive).ok());
  const auto back = Write<RuleSetVersion>([&](Transaction& transaction) {
    return RollBackRules(transaction, programme_.programme.id, std::nullopt, ApiKeyName("boss"),
                         "");
  });
  ASSERT_FALSE(back.ok());
  EXPECT_EQ(back.error().reason, "no_earlier_version");
}

TEST_F(RuleSetsTest, ADraftIsReplacedOnlyByWhoHasSeenIt) {
  const auto put = [&](const std::string& text, const Precondition& precondition) {
    return Write<RuleDraft>([&](Transaction& transaction) {
      return PutRules(transaction, programme_.programme.id, Read(text), precondition,
                      ApiKeyName("author"));
    });
  };
  const auto first = put(kFive, {.match = {}, .none = true});
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(put(kTen, {.match = {}, .none = true}).error().reason, "stale_version");
  EXPECT_EQ(put(kTen, {.match = "other", .none = false}).error().reason, "stale_version");
  EXPECT_EQ(put(kTen, {}).error().reason, "missing_header");
  EXPECT_FALSE(put(R"({"earn":[{"id":"a","ppm":1000001}]})", {.match = first.value().etag}).ok());
  EXPECT_TRUE(put(kTen, {.match = first.value().etag}).ok());
  EXPECT_EQ(View().draft->content, json::Dump(Read(kTen)));
}

TEST_F(RuleSetsTest, WhatIsWrongIsAnErrorWithItsPlace) {
  const auto report = LintRules(Read(R"({"earn":[{"id":"base","ppm":50000,
      "expires":{"after":"P180D","sliding":1}}]})"),
                                programme_);
  EXPECT_FALSE(report.publishable());
  std::string pointers;
  for (const InputProblem& problem : RulesDoNotLint(report).problems) {
    pointers += problem.pointer + " ";
  }
  EXPECT_EQ(pointers, "/earn/0/expires/sliding ");
}

TEST(RuleDiff, NamesRulesByTheirIdsWhereverTheyStand) {
  const auto changes = DiffRules(
      Read(R"({"earn":[{"id":"a","ppm":1},{"id":"b","ppm":2}],"burn":{"max_ppm_of_order":5}})"),
      Read(R"({"earn":[{"id":"b","ppm":3},{"id":"a","ppm":1},{"id":"c","ppm":4}]})"));
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].pointer, "/burn");
  EXPECT_TRUE(changes[0].after.is_null());
  EXPECT_EQ(changes[1].pointer, "/earn/b/ppm");
  EXPECT_EQ(changes[1].before, 2);
  EXPECT_EQ(changes[1].after, 3);
  EXPECT_EQ(changes[2].pointer, "/earn/c");
  EXPECT_TRUE(changes[2].before.is_null());
}

TEST(RuleDiff, OfTheSameRulesIsEmpty) { EXPECT_TRUE(DiffRules(Read(kFive), Read(kFive)).empty()); }

}  // namespace
}  // namespace passmint::issuance
