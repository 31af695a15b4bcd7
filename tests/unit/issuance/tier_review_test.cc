// Levels that change: what the journal says of it, and what cards show.

#include "issuance/tier_review.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "issuance/current_card.h"
#include "issuance/member_tier.h"
#include "issuance/statement.h"
#include "issuance/tier_run.h"
#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::days;

constexpr char kPhone[] = "+79210000001";

// From 1,000.00 of the last 100 days gold, at once and only as long as it lasts.
constexpr char kStrict[] = R"({"earn":[{"id":"level","rate":"tier"}],
  "tiers":{"window":{"rolling":"P100D"},"down":"strict","levels":[
    {"name":"start","from":0,"ppm":10000},{"name":"gold","from":100000,"ppm":50000}]}})";

class TierReviewTest : public RulesTest {
 protected:
  void SetUp() override {
    site_.programmes.insert_or_assign(programme_.programme.id, programme_);
    clock_.Set(ParseRfc3339("2026-03-01T12:00:00+03:00").value());
  }

  int RunAll() {
    TierRun run(*store_, site_);
    int changed = 0;
    for (bool more = true; more;) {
      const auto round = run.RunBatch();
      EXPECT_TRUE(round.ok()) << round.error().message;
      if (!round.ok()) return -1;
      for (const auto& failure : round.value().failed) ADD_FAILURE() << failure.error.message;
      changed += round.value().given;
      more = round.value().more;
    }
    return changed;
  }

  cards::Card CardOf(const MemberId& member) {
    return Write<std::vector<cards::Card>>([&](Transaction& transaction) {
             return transaction.CardsOfMember(programme_.programme.id, member);
           })
        .value()
        .front();
  }

  // "comment (document)" of its changes of level, newest first.
  std::string Changes(const MemberId& member) {
    const auto statement = Write<Statement>([&](Transaction& transaction) {
      return GetStatement(transaction, programme_,
                          {.member = member, .from = {}, .to = {}, .cursor = {}});
    });
    EXPECT_TRUE(statement.ok());
    std::string text;
    for (const StatementLine& line : statement.value().lines) {
      if (line.type != ledger::EntryType::kTierChange) continue;
      text += line.comment + " (" + (line.document ? line.document->name : "") + ") ";
    }
    return text;
  }

  std::string Shown(const MemberId& member) {
    const auto current = FindByCardId(*store_, site_, programme_.programme.id, CardOf(member).id);
    EXPECT_TRUE(current.ok()) << current.error().message;
    if (!current.ok() || !current.value().tier.tier) return "none";
    const MemberTier& tier = *current.value().tier.tier;
    std::string text = tier.name + " " + std::to_string(tier.ppm / 10'000) + "%";
    if (tier.next) text += ", " + std::to_string(tier.next->missing) + " to " + tier.next->name;
    return text;
  }
};

TEST_F(TierReviewTest, D17_TheOrderThatReachesTheSumChangesTheLevelOnTheCard) {
  Publish(kStrict);
  const auto first = Sell("1", 99'999, kPhone);
  EXPECT_EQ(Shown(first.member.id), "start 1%, 1 to gold");
  EXPECT_EQ(Changes(first.member.id), "");
  const auto second = Sell("2", 1, kPhone);
  EXPECT_EQ(Changes(first.member.id), "from start to gold (Order 2) ");
  EXPECT_EQ(Shown(first.member.id), "gold 5%");
  EXPECT_GT(second.card.revision, first.card.revision);
  EXPECT_EQ(CardOf(first.member.id).revision, second.card.revision) << "looking changes nothing";
}

TEST_F(TierReviewTest, AnOrderThatEarnsNothingStillShowsWhatIsMissing) {
  Publish(R"({"tiers":{"levels":[{"name":"start","from":0},{"name":"gold","from":100000}]}})");
  const auto first = Sell("1", 100, kPhone);
  const auto second = Sell("2", 100, kPhone);
  EXPECT_GT(second.card.revision, first.card.revision);
  EXPECT_EQ(Shown(first.member.id), "start 0%, 99800 to gold");
}

TEST_F(TierReviewTest, ARefundUndoesTheLevelThatItPaidFor) {
  Publish(kStrict);
  const MemberId anna = Sell("1", 100'000, kPhone).member.id;
  Refund("1", "r1", 1);
  EXPECT_EQ(Changes(anna),
            "from gold to start (Refund r1 of order 1) from start to gold (Order 1) ");
  EXPECT_EQ(Shown(anna), "start 1%, 1 to gold");
}

TEST_F(TierReviewTest, TimeTakesALevelOnceHoweverManyProcessesLook) {
  Publish(kStrict);
  const MemberId anna = Sell("1", 100'000, kPhone).member.id;
  RunAll();
  const std::int64_t revision = CardOf(anna).revision;
  clock_.Advance(days(99));
  EXPECT_EQ(RunAll(), 0);
  clock_.Advance(days(1));
  std::vector<std::thread> processes;
  std::atomic<int> changed = 0;
  for (int i = 0; i < 4; ++i) processes.emplace_back([&] { changed += RunAll(); });
  for (std::thread& process : processes) process.join();
  EXPECT_EQ(changed, 1);
  EXPECT_EQ(CardOf(anna).revision, revision + 1);
  EXPECT_EQ(Changes(anna), "from gold to start (tiers of rules 1) from start to gold (Order 1) ");
  EXPECT_EQ(RunAll(), 0);
}

TEST_F(TierReviewTest, WhoFetchesTheCardFirstSeesTheFallWithItsRevision) {
  Publish(kStrict);
  const MemberId anna = Sell("1", 100'000, kPhone).member.id;
  const std::int64_t revision = CardOf(anna).revision;
  clock_.Advance(days(100));
  EXPECT_EQ(Shown(anna), "start 1%, 100000 to gold");
  EXPECT_EQ(CardOf(anna).revision, revision + 1);
  EXPECT_EQ(RunAll(), 0) << "it was posted already";
}

TEST_F(TierReviewTest, OtherRulesAreAppliedToEverybodyAndTakenBackAgain) {
  Publish(R"({"earn":[{"id":"base","ppm":50000}]})");
  const MemberId anna = Sell("1", 100'000, kPhone).member.id;
  EXPECT_EQ(RunAll(), 0);
  EXPECT_EQ(Shown(anna), "none");
  const std::int64_t revision = CardOf(anna).revision;
  Publish(kStrict);
  EXPECT_EQ(RunAll(), 1);
  EXPECT_EQ(CardOf(anna).revision, revision + 1);
  EXPECT_EQ(Changes(anna), "from start to gold (tiers of rules 2) ");
  Publish(R"({"earn":[{"id":"base","ppm":50000}]})");
  EXPECT_EQ(RunAll(), 1);
  EXPECT_EQ(Shown(anna), "none");
  EXPECT_EQ(Changes(anna),
            "from gold to none (tiers of rules 3) from start to gold (tiers of rules 2) ");
  EXPECT_EQ(RunAll(), 0);
}

}  // namespace
}  // namespace passmint::issuance
