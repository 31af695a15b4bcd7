// Rollouts on the real stores: which cards are told, how fast, and that each is told once.

#include <set>
#include <thread>
#include <vector>

#include "contract/rollout_contract.h"

namespace passmint::testing {
namespace {

using issuance::RolloutOrder;
using issuance::RolloutState;
using issuance::Transaction;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Runs what is due now.
push::RolloutJobs::Step Step(push::RolloutJobs& jobs) {
  auto step = jobs.Run();
  EXPECT_TRUE(step.ok()) << step.error().message;
  return step.ok() ? step.value() : push::RolloutJobs::Step{};
}

TEST_P(RolloutContract, SoManyCardsASecondAndNotOneMore) {
  PutCards(7);
  Begin(3);
  push::RolloutJobs jobs = Jobs();
  Step(jobs);
  EXPECT_EQ(TakeWanted().size(), 3u);
  EXPECT_EQ(Step(jobs).wait, seconds(1)) << "the second is not over";
  EXPECT_TRUE(TakeWanted().empty());
  clock_.Advance(milliseconds(600));
  EXPECT_EQ(Step(jobs).wait, milliseconds(400));
  clock_.Advance(milliseconds(400));
  Step(jobs);
  EXPECT_EQ(TakeWanted().size(), 3u);
  EXPECT_EQ(Now().seen, 6);
  clock_.Advance(seconds(1));
  const auto last = Step(jobs);
  ASSERT_TRUE(last.ended.has_value());
  EXPECT_EQ(last.ended->told, 7);
  EXPECT_EQ(Now().state, RolloutState::kDone);
  EXPECT_EQ(Step(jobs).wait, std::nullopt);
}

TEST_P(RolloutContract, OnlyCardsOfTheRingAreTold) {
  constexpr int kCards = 60;
  PutCards(kCards);
  std::set<std::string> in_ring;
  for (int n = 1; n <= kCards; ++n) {
    const cards::Card card = SampleCard(n, MemberIdOf(n));
    if (cards::RingOf(card) < 30) in_ring.insert(card.id);
  }
  ASSERT_GT(in_ring.size(), 0u);
  ASSERT_LT(in_ring.size(), static_cast<std::size_t>(kCards));
  Begin(500, 30);
  push::RolloutJobs jobs = Jobs();
  Step(jobs);
  EXPECT_EQ(TakeWanted(), in_ring);
  EXPECT_EQ(Now().seen, kCards);
  EXPECT_EQ(Now().told, static_cast<std::int64_t>(in_ring.size()));
}

TEST_P(RolloutContract, APausedOneTellsNobodyAndGoesOnWhereItWas) {
  PutCards(6);
  Begin(2);
  push::RolloutJobs jobs = Jobs();
  Step(jobs);
  const auto first = TakeWanted();
  EXPECT_EQ(Order(RolloutOrder::kPause).state, RolloutState::kPaused);
  clock_.Advance(seconds(60));
  EXPECT_EQ(Step(jobs).wait, std::nullopt);
  EXPECT_TRUE(TakeWanted().empty());
  EXPECT_EQ(Order(RolloutOrder::kResume).state, RolloutState::kRunning);
  Step(jobs);
  const auto second = TakeWanted();
  EXPECT_EQ(first, (std::set<std::string>{HexId(1), HexId(2)}));
  EXPECT_EQ(second, (std::set<std::string>{HexId(3), HexId(4)}));
}

TEST_P(RolloutContract, ACancelledOneEndsForGood) {
  PutCards(4);
  Begin(2);
  push::RolloutJobs jobs = Jobs();
  Step(jobs);
  TakeWanted();
  Order(RolloutOrder::kCancel);
  clock_.Advance(seconds(60));
  Step(jobs);
  EXPECT_TRUE(TakeWanted().empty());
  const Status resumed = Write([](Transaction& t) {
    return Succeeded(issuance::OrderRollout(t, kCoffee, kTemplate, RolloutOrder::kResume));
  });
  ASSERT_FALSE(resumed.ok());
  EXPECT_EQ(resumed.error().reason, "rollout_ended");
}

TEST_P(RolloutContract, AnotherPaceCountsFromTheNextCardsOn) {
  PutCards(9);
  Begin(1);
  push::RolloutJobs jobs = Jobs();
  Step(jobs);
  EXPECT_EQ(TakeWanted().size(), 1u);
  MustWrite(
      [](Transaction& t) { return Succeeded(issuance::PaceRollout(t, kCoffee, kTemplate, 5)); });
  clock_.Advance(seconds(1));
  Step(jobs);
  EXPECT_EQ(TakeWanted().size(), 5u);
  for (const int wrong : {0, -1, issuance::kRolloutCardsPerSecondMax + 1}) {
    const Status paced = Write([&](Transaction& t) {
      return Succeeded(issuance::PaceRollout(t, kCoffee, kTemplate, wrong));
    });
    EXPECT_FALSE(paced.ok()) << wrong;
  }
}

TEST_P(RolloutContract, GoesOnAfterARestart) {
  PutCards(4);
  Begin(2);
  {
    push::RolloutJobs jobs = Jobs();
    Step(jobs);
  }
  EXPECT_EQ(TakeWanted(), (std::set<std::string>{HexId(1), HexId(2)}));
  Reopen();
  clock_.Advance(seconds(1));
  push::RolloutJobs jobs = Jobs();
  Step(jobs);
  EXPECT_EQ(TakeWanted(), (std::set<std::string>{HexId(3), HexId(4)}));
}

TEST_P(RolloutContract, ManyWorkersTellEachCardOnceAndAreNoFaster) {
  constexpr int kCards = 40;
  constexpr int kPerSecond = 10;
  PutCards(kCards);
  Begin(kPerSecond);
  std::size_t told = 0;
  for (int second = 1; second <= kCards / kPerSecond + 1; ++second) {
    std::vector<std::thread> workers;
    for (int n = 0; n < 4; ++n) {
      workers.emplace_back([this] {
        push::RolloutJobs jobs = Jobs();
        Step(jobs);
        Step(jobs);
      });
    }
    for (std::thread& worker : workers) worker.join();
    const std::size_t wanted = TakeWanted().size();
    EXPECT_LE(wanted, static_cast<std::size_t>(kPerSecond));
    told += wanted;
    clock_.Advance(seconds(1));
  }
  EXPECT_EQ(told, static_cast<std::size_t>(kCards));
  EXPECT_EQ(Now().told, kCards);
  EXPECT_EQ(Now().state, RolloutState::kDone);
}

}  // namespace
}  // namespace passmint::testing
