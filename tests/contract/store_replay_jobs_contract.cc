#include <optional>
#include <string>
#include <utility>

#include "contract/store_contract.h"
#include "issuance/replay_tables.h"

namespace passmint::testing {
namespace {

using issuance::ReplayJob;
using issuance::ReplayStatus;
using issuance::Transaction;
using std::chrono::hours;

std::string JobId(int n) { return "r_" + HexId(n); }

ReplayJob WaitingJob(int n) {
  return {.id = JobId(n),
          .request = {.from = Start() - hours(24), .to = Start(), .examples = 7},
          .draft = R"({"earn":[]})",
          .progress = {},
          .result = {},
          .problem = {},
          .created_at = Start() + std::chrono::minutes(n),
          .due_at = Start() + std::chrono::minutes(n)};
}

ReplayJob TakenBy(ReplayJob job, const std::string& worker) {
  job.status = ReplayStatus::kRunning;
  job.progress = {.read = 3000, .judged = 1000, .to_judge = 2000};
  job.worker = worker;
  job.due_at = Start() + hours(1);
  ++job.attempts;
  return job;
}

ReplayJob Done(ReplayJob job) {
  job.status = ReplayStatus::kDone;
  job.result = R"({"orders":1})";
  job.due_at.reset();
  return job;
}

class Jobs {
 public:
  explicit Jobs(ProgrammeId programme) : programme_(std::move(programme)) {}

  auto Insert(const ReplayJob& job) const {
    return [this, job](Transaction& t) { return t.Replays().InsertReplayJob(programme_, job); };
  }
  auto Find(int n) const {
    return [this, n](Transaction& t) { return t.Replays().FindReplayJob(programme_, JobId(n)); };
  }
  // Fails the write unless the answer is `wrote`.
  auto Update(const ReplayJob& job, const std::string& worker, bool wrote = true) const {
    return [this, job, worker, wrote](Transaction& t) -> Status {
      const auto put = t.Replays().UpdateReplayJob(programme_, job, worker);
      if (!put.ok()) return put.error();
      if (put.value() == wrote) return {};
      return Error{.code = ErrorCode::kInternal, .message = wrote ? "not written" : "written"};
    };
  }
  auto CountOpen() const {
    return [this](Transaction& t) { return t.Replays().CountOpenReplayJobs(programme_); };
  }
  auto Forget(Timestamp before, int kept) const {
    return [this, before, kept](Transaction& t) {
      return t.Replays().ForgetReplayJobs(programme_, before, kept);
    };
  }

 private:
  ProgrammeId programme_;
};

const Jobs& Coffee() {
  static const Jobs jobs(kCoffee);
  return jobs;
}

const Jobs& Tea() {
  static const Jobs jobs(kTea);
  return jobs;
}

TEST_P(StoreContract, AReplayIsKeptWithAllThatIsKnownOfIt) {
  const ReplayJob waiting = WaitingJob(1);
  MustWrite(Coffee().Insert(waiting));
  EXPECT_EQ(Read(Coffee().Find(1)), waiting);
  EXPECT_EQ(Read(Tea().Find(1)), std::nullopt);
  EXPECT_EQ(Read(Coffee().Find(2)), std::nullopt);
  const ReplayJob taken = TakenBy(waiting, "one");
  MustWrite(Coffee().Update(taken, ""));
  Reopen();
  EXPECT_EQ(Read(Coffee().Find(1)), taken);
}

TEST_P(StoreContract, AReplayIsWrittenOnlyByWhoTookItLast) {
  MustWrite(Coffee().Insert(WaitingJob(1)));
  const ReplayJob first = TakenBy(WaitingJob(1), "one");
  MustWrite(Coffee().Update(first, ""));
  MustWrite(Coffee().Update(TakenBy(first, "two"), "", false));
  const ReplayJob second = TakenBy(first, "two");
  MustWrite(Coffee().Update(second, "one"));
  MustWrite(Coffee().Update(Done(first), "one", false));
  EXPECT_EQ(Read(Coffee().Find(1)), second);
  MustWrite(Coffee().Update(second, "two", true));
  MustWrite(Tea().Update(second, "two", false));
}

TEST_P(StoreContract, AReplayThatHasEndedStaysAsItIsWithoutItsDraft) {
  MustWrite(Coffee().Insert(WaitingJob(1)));
  const ReplayJob taken = TakenBy(WaitingJob(1), "one");
  MustWrite(Coffee().Update(taken, ""));
  ReplayJob done = Done(taken);
  MustWrite(Coffee().Update(done, "one"));
  done.draft = "";
  EXPECT_EQ(Read(Coffee().Find(1)), done);
  MustWrite(Coffee().Update(taken, "one", false));
  EXPECT_EQ(Read(Coffee().Find(1)), done);
}

TEST_P(StoreContract, TheReplayThatWaitsLongestIsDueUntilSomebodyTakesIt) {
  const auto due = [this](Timestamp now) -> std::string {
    const auto found = Read([&](Transaction& t) { return t.Replays().FindDueReplayJob(now); });
    return found ? found->programme.str() + " " + found->job.id : "";
  };
  const Timestamp later = Start() + hours(1) - std::chrono::microseconds(1);
  EXPECT_EQ(due(later), "");
  MustWrite(Coffee().Insert(WaitingJob(2)));
  MustWrite(Tea().Insert(WaitingJob(1)));
  EXPECT_EQ(due(Start()), "");
  EXPECT_EQ(due(later), kTea.str() + " " + JobId(1));
  MustWrite(Tea().Update(TakenBy(WaitingJob(1), "one"), ""));
  EXPECT_EQ(due(later), kCoffee.str() + " " + JobId(2));
  MustWrite(Coffee().Update(Done(WaitingJob(2)), ""));
  EXPECT_EQ(due(later), "");
  EXPECT_EQ(due(Start() + hours(1)), kTea.str() + " " + JobId(1)) << "the lease is over";
}

TEST_P(StoreContract, ReplaysThatWaitOrRunAreCounted) {
  for (int n = 1; n <= 3; ++n) MustWrite(Coffee().Insert(WaitingJob(n)));
  MustWrite(Tea().Insert(WaitingJob(4)));
  MustWrite(Coffee().Update(TakenBy(WaitingJob(1), "one"), ""));
  EXPECT_EQ(Read(Coffee().CountOpen()), 3);
  MustWrite(Coffee().Update(Done(WaitingJob(2)), ""));
  EXPECT_EQ(Read(Coffee().CountOpen()), 2);
}

TEST_P(StoreContract, OldReplaysAreForgottenOnceTheyHaveEnded) {
  const auto left = [this] {
    std::string found;
    for (int n = 1; n <= 6; ++n) {
      if (Read(Coffee().Find(n))) found += std::to_string(n);
    }
    return found;
  };
  for (int n = 1; n <= 6; ++n) {
    MustWrite(Coffee().Insert(WaitingJob(n)));
    if (n != 2) MustWrite(Coffee().Update(Done(WaitingJob(n)), ""));
  }
  MustWrite(Tea().Insert(Done(WaitingJob(1))));
  const auto made = [](int n) { return WaitingJob(n).created_at; };
  MustWrite(Coffee().Forget(made(1), 6));
  EXPECT_EQ(left(), "123456");
  MustWrite(Coffee().Forget(made(4), 6));
  EXPECT_EQ(left(), "2456") << "made before, except what still waits";
  MustWrite(Coffee().Forget(made(1), 2));
  EXPECT_EQ(left(), "256") << "the newest two, and what still waits";
  EXPECT_TRUE(Read(Tea().Find(1)));
}

TEST_P(StoreContract, AllOrdersAreReadInPagesWithTheGoodsOfThoseOfATimeOnly) {
  MustWrite([](Transaction& t) -> Status {
    int minutes = 0;
    for (const auto& [source, id] : {std::pair("web", "2"), std::pair("till", "3"),
                                     std::pair("web", "1"), std::pair("till", "9")}) {
      issuance::Order order = SampleOrder(id, MemberIdOf(1));
      order.source = OrderSource(source);
      order.paid_at = Start() + std::chrono::minutes(minutes++);
      if (Status done = t.InsertOrder(kCoffee, order); !done.ok()) return done;
    }
    return {};
  });
  const issuance::ReplayRequest time{.from = Start() + std::chrono::minutes(1),
                                     .to = Start() + std::chrono::minutes(3)};
  const auto after = [&](const ProgrammeId& programme, const std::string& source,
                         const std::string& id) {
    return Read([&](Transaction& t) {
      return t.Replays().OrdersToReplay(programme, OrderSource(source), OrderId(id), time, 3);
    });
  };
  std::string read;
  std::string source, id;
  for (auto page = after(kCoffee, "", ""); !page.empty(); page = after(kCoffee, source, id)) {
    for (const issuance::OrderToReplay& order : page) {
      EXPECT_EQ(order.member, MemberIdOf(1));
      read += order.source.str() + order.id.str() + (order.body.empty() ? " " : "+ ");
    }
    source = page.back().source.str();
    id = page.back().id.str();
  }
  EXPECT_EQ(read, "till3+ till9 web1+ web2 ");
  EXPECT_TRUE(after(kTea, "", "").empty());
}

}  // namespace
}  // namespace passmint::testing
