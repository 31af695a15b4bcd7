#include "issuance/replay_jobs.h"

#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::hours;

constexpr char kFive[] = R"({"earn":[{"id":"base","ppm":50000}]})";
constexpr char kTen[] = R"({"earn":[{"id":"base","ppm":100000}]})";

class ReplayJobsTest : public RulesTest {
 protected:
  ReplayJobsTest() { site_.programmes.emplace(programme_.programme.id, programme_); }

  ReplayRequest LastDays() const {
    return {.from = clock_.Now() - hours(24 * 20), .to = clock_.Now() + hours(1)};
  }

  Result<ReplayJob> TryStart(const std::string& draft = kTen) {
    return Write<ReplayJob>([&](Transaction& transaction) {
      return StartReplay(transaction, site_, programme_.programme.id, draft, LastDays());
    });
  }
  // Its id.
  std::string Start(const std::string& draft = kTen) {
    clock_.Advance(std::chrono::milliseconds(1));
    const auto job = TryStart(draft);
    EXPECT_TRUE(job.ok()) << job.error().message;
    return job.ok() ? job.value().id : "";
  }
  ReplayJob Get(const std::string& id) {
    auto job = Write<ReplayJob>([&](Transaction& transaction) {
      return GetReplay(transaction, programme_.programme.id, id);
    });
    EXPECT_TRUE(job.ok()) << job.error().message;
    return job.ok() ? std::move(job).value() : ReplayJob{};
  }
  ReplayJob Cancel(const std::string& id) {
    return Write<ReplayJob>([&](Transaction& transaction) {
             return CancelReplay(transaction, programme_.programme.id, id);
           })
        .value();
  }

  // True if there was one to run.
  bool RunNext(const std::function<bool()>& go_on = [] { return true; }) {
    ReplayRun run(*store_, site_, clock_);
    const auto ran = run.RunNext(go_on);
    EXPECT_TRUE(ran.ok()) << ran.error().message;
    return ran.ok() && ran.value();
  }

  // Somebody takes the one that is due and is never heard of again.
  void TakeAndDie() {
    const auto taken = Write<bool>([&](Transaction& transaction) -> Result<bool> {
      auto due = transaction.Replays().FindDueReplayJob(clock_.Now());
      if (!due.ok() || !due.value()) return false;
      ReplayJob& job = due.value()->job;
      const std::string before = std::exchange(job.worker, job.worker + "dead");
      job.status = ReplayStatus::kRunning;
      job.due_at = clock_.Now() + kReplayLease;
      ++job.attempts;
      return transaction.Replays().UpdateReplayJob(due.value()->programme, job, before);
    });
    EXPECT_TRUE(taken.ok() && taken.value());
  }
};

TEST_F(ReplayJobsTest, ThoseThatWaitAreRunOneAfterTheOtherTheOldestFirst) {
  Publish(kFive);
  Sell("1", 100000);
  const std::string first = Start();
  const std::string second = Start(kFive);
  EXPECT_TRUE(RunNext());
  EXPECT_EQ(Get(first).status, ReplayStatus::kDone);
  EXPECT_EQ(Get(second).status, ReplayStatus::kWaiting);
  EXPECT_TRUE(RunNext());
  EXPECT_FALSE(RunNext());
  const auto changed = [&](const std::string& id) {
    return json::Parse(Get(id).result, 65536).value()["changed"].get<int>();
  };
  EXPECT_EQ(changed(first), 1);
  EXPECT_EQ(changed(second), 0);
  EXPECT_EQ(Get(first).progress.judged, 1);
}

TEST_F(ReplayJobsTest, OneWhoseProcessDiedIsTakenUpWhenTheLeaseIsOver) {
  Publish(kFive);
  Sell("1", 100000);
  const std::string id = Start();
  TakeAndDie();
  clock_.Advance(kReplayLease - std::chrono::microseconds(1));
  EXPECT_FALSE(RunNext());
  EXPECT_EQ(Get(id).status, ReplayStatus::kRunning);
  clock_.Advance(std::chrono::microseconds(1));
  EXPECT_TRUE(RunNext());
  EXPECT_EQ(Get(id).status, ReplayStatus::kDone);
}

TEST_F(ReplayJobsTest, OneThatProcessesDieOfIsGivenUp) {
  const std::string id = Start();
  for (int n = 0; n < kReplayAttemptsMax; ++n) {
    TakeAndDie();
    clock_.Advance(kReplayLease);
  }
  EXPECT_FALSE(RunNext());
  EXPECT_EQ(Get(id).status, ReplayStatus::kFailed);
  EXPECT_FALSE(Get(id).problem.empty());
}

TEST_F(ReplayJobsTest, AProcessThatStopsGivesItBackAndLosesNoAttempt) {
  Publish(kFive);
  Sell("1", 100000);
  const std::string id = Start();
  for (int n = 0; n < kReplayAttemptsMax + 1; ++n) EXPECT_TRUE(RunNext([] { return false; }));
  EXPECT_EQ(Get(id).status, ReplayStatus::kWaiting);
  EXPECT_TRUE(RunNext());
  EXPECT_EQ(Get(id).status, ReplayStatus::kDone);
}

TEST_F(ReplayJobsTest, OneThatIsCancelledWhileItRunsStaysSo) {
  Publish(kFive);
  Sell("1", 100000);
  const std::string id = Start();
  EXPECT_TRUE(RunNext([&] {
    EXPECT_EQ(Cancel(id).status, ReplayStatus::kCancelled);
    clock_.Advance(kReplayTellEvery);
    return true;
  }));
  EXPECT_EQ(Get(id).status, ReplayStatus::kCancelled);
  EXPECT_EQ(Cancel(id).status, ReplayStatus::kCancelled);
  EXPECT_FALSE(RunNext());
}

TEST_F(ReplayJobsTest, ItsProgressIsWrittenEverySecondAndKeepsTheLease) {
  Publish(kFive);
  Sell("1", 100000);
  // Of what the store says when the second piece of progress is told.
  const auto second = [&](std::chrono::microseconds pace) {
    const std::string id = Start();
    std::vector<ReplayJob> seen;
    RunNext([&] {
      seen.push_back(Get(id));
      clock_.Advance(pace);
      return true;
    });
    EXPECT_EQ(seen.size(), 2u);
    return seen.at(1);
  };
  EXPECT_EQ(second(kReplayTellEvery - std::chrono::microseconds(1)).progress.read, 0);
  const ReplayJob told = second(kReplayTellEvery);
  EXPECT_EQ(told.progress.read, 1);
  EXPECT_EQ(told.due_at, clock_.Now() - kReplayTellEvery + kReplayLease);
}

TEST_F(ReplayJobsTest, ADraftThatCannotBeReadFailsTheReplayAndNotTheRun) {
  const std::string id = Start("{");
  EXPECT_TRUE(RunNext());
  EXPECT_EQ(Get(id).status, ReplayStatus::kFailed);
  EXPECT_EQ(Get(id).draft, "");
}

TEST_F(ReplayJobsTest, SoManyWaitAtATimeAndSoManyAreRemembered) {
  for (int n = 0; n < kReplaysOpenMax; ++n) Start();
  const auto refused = TryStart();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kTooManyRequests);
  while (RunNext()) continue;
  const std::string oldest = Start();
  for (int n = 1; n <= kReplaysKept; ++n) {
    RunNext();
    Start();
  }
  const auto found = [this](const std::string& id) {
    return Write<ReplayJob>([&](Transaction& transaction) {
             return GetReplay(transaction, programme_.programme.id, id);
           })
        .ok();
  };
  EXPECT_FALSE(found(oldest));
  const std::string last = Start();
  while (RunNext()) continue;
  clock_.Advance(kReplaysKeptFor + std::chrono::seconds(1));
  EXPECT_TRUE(found(last));
  EXPECT_FALSE(RunNext());
  EXPECT_FALSE(found(last)) << "forgotten by age, without another that begins";
}

}  // namespace
}  // namespace passmint::issuance
