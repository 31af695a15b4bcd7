// A fixed script of the ledger's writes over a disk that fails at the n-th call. For every n:
// whatever was acknowledged is there afterwards, what was not is there as a whole or not at all,
// and sending it again with its key leads to the same store, byte for byte, as if nothing had
// failed.
//
// All n of all tests take some minutes, with PASSMINT_ALL_FAULTS in the environment. Without it
// each test takes every seventh, so that together they take each n once.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "issuance/adjustments.h"
#include "issuance/holds.h"
#include "issuance/idempotency.h"
#include "issuance/ledger_audit.h"
#include "issuance/merge.h"
#include "issuance/refunds.h"
#include "json/json.h"
#include "store/dump.h"
#include "support/failing_vfs.h"
#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

using passmint::testing::FailingVfs;
using passmint::testing::FakeClock;
using passmint::testing::SeededRandom;
using Fault = FailingVfs::Fault;

constexpr char kAnna[] = "+79210000001";
constexpr char kBoris[] = "+79210000002";
constexpr char kRules[] = R"({"format":1,
  "points":{"exponent":0,"value":{"points":1,"minor":100},"rounding":"floor"},
  "earn":[{"id":"base","kind":"percent","ppm":50000,"expires":{"after":"P12M"}}],
  "burn":{"max_ppm_of_order":1000000},
  "refunds":{"debt":"unlimited","expired":"grace","grace":"P14D"}})";

// From one call that fails to the next one that does, without PASSMINT_ALL_FAULTS: the tests'
// number.
constexpr std::int64_t kStep = 7;
// After so many operations the store is closed and opened: its checkpoint may fail, too.
constexpr std::size_t kReopenAfter = 8;

constexpr std::size_t kRefused = 7;  // The one operation that the ledger refuses.

enum class Then { kReopen, kGoOn };  // What follows on an operation that failed.

struct Plan {
  std::int64_t first = 1;  // Of the calls that fail, up to kStep.
  Fault fault = Fault::kNone;
  bool goes_on = false;  // Until the store is opened anew.
  Then then = Then::kReopen;
};

class LedgerFaultsTest : public IssuanceTest {
 protected:
  using Work = std::function<Result<PointsSummary>(Transaction&)>;

  LedgerFaultsTest() {
    programme_.rules = programme::ParseRules(json::Parse(kRules, 4096).value(), 1).value();
    vfs_.syncs_nothing = true;
    store_.reset();
    std::filesystem::copy_file(directory_ / "test.db", directory_ / "empty.db");
    MakeScript();
  }
  // The store before the VFS.
  ~LedgerFaultsTest() override { store_.reset(); }

  // ---------------------------------------------------------------------------- the script

  template <class Outcome>
  static Result<PointsSummary> Points(const Result<Outcome>& outcome) {
    if (!outcome.ok()) return outcome.error();
    return outcome.value().points;
  }

  MemberId Member(Transaction& t, const std::string& phone) const {
    auto found =
        t.FindMemberByIdentity(programme_.programme.id, cards::IdentityType::kPhone, phone);
    return found.ok() && found.value() ? *found.value() : MemberId("m_0");
  }

  void Sell(const std::string& id, const std::string& phone, std::int64_t amount,
            std::int64_t points = 0, const HoldId* hold = nullptr) {
    script_.emplace_back([=, this](Transaction& t) {
      OrderRequest order = Order(id);
      order.total = amount;
      order.customer.phone = phone;
      order.lines = {{.line_id = "1", .amount = amount, .points = points}};
      if (hold != nullptr) order.hold_id = hold->str();
      return Points(PlaceOrder(t, site_, programme_, order));
    });
  }

  void Refund(const std::string& order, const std::string& id, std::int64_t amount) {
    script_.emplace_back([=, this](Transaction& t) {
      RefundRequest refund;
      refund.source = OrderSource("web");
      refund.order = OrderId(order);
      refund.id = id;
      refund.amount = amount;
      refund.actor = "till";
      return Points(RefundOrder(t, site_, programme_, refund));
    });
  }

  void Give(const std::string& phone, std::int64_t points) {
    script_.emplace_back([=, this](Transaction& t) {
      Adjustment adjustment;
      adjustment.who.member = Member(t, phone);
      adjustment.points = points;
      adjustment.reason = "because";
      adjustment.staff.actor = "desk";
      return Points(Adjust(t, site_, programme_, adjustment));
    });
  }

  void Move(const std::string& from, const std::string& to, std::int64_t points) {
    script_.emplace_back([=, this](Transaction& t) -> Result<PointsSummary> {
      Transfer transfer;
      transfer.from.member = Member(t, from);
      transfer.to.member = Member(t, to);
      transfer.points = points;
      transfer.reason = "gift";
      transfer.staff.actor = "desk";
      auto moved = MoveBetween(t, site_, programme_, transfer);
      if (!moved.ok()) return moved.error();
      return moved.value().to.points;
    });
  }

  // Each writes the hold's id where the operations behind it look.
  void PlaceHold(const std::string& phone, std::int64_t points, HoldId* id) {
    script_.emplace_back([=, this](Transaction& t) {
      HoldRequest request;
      request.who.member = Member(t, phone);
      request.points = points;
      request.lifetime = std::chrono::hours(1);
      request.actor = "till";
      auto held = CreateHold(t, site_, programme_, request);
      if (held.ok()) *id = held.value().hold.hold.id;
      return Points(held);
    });
  }

  void MakeScript() {
    Sell("1", kAnna, 199900);
    Sell("2", kBoris, 100000);
    Give(kAnna, 500);
    PlaceHold(kAnna, 100, &first_hold_);
    script_.emplace_back([this](Transaction& t) {
      return Points(
          CaptureHold(t, site_, programme_,
                      {.id = first_hold_, .points = 60, .order_id = {}, .actor = "till"}));
    });
    Sell("3", kAnna, 20000, 50);
    Refund("3", "R-1", 5000);
    PlaceHold(kAnna, 1'000'000, &second_hold_);  // Refused, and that is an answer, too.
    PlaceHold(kBoris, 40, &second_hold_);        // kReopenAfter
    Refund("1", "R-1", 199900);
    Move(kAnna, kBoris, 30);
    script_.emplace_back([this](Transaction& t) {
      Merge merge;
      merge.winner = Member(t, kAnna);
      merge.loser = Member(t, kBoris);
      merge.reason = "one person";
      merge.actor = "desk";
      return Points(MergeMembers(t, site_, programme_, merge));
    });
    Sell("4", kAnna, 10000, 25, &second_hold_);
    Give(kAnna, -7);
  }

  // -------------------------------------------------------------------------- running it

  // The n-th operation with its key, at its own time and with its own random numbers, so that it
  // writes the same bytes whenever it is run.
  Result<Answer> Run(std::size_t n) {
    clock_.Set(FromMicros(FakeClock::kStart) + std::chrono::seconds(n));
    const std::string name = "op-" + std::to_string(n);
    return RunOnce(
        *store_, site_, {.scope = "test", .key = IdempotencyKey(name), .content = name},
        [&](Transaction& t) -> Result<Answer> {
          site_.random = std::make_shared<SeededRandom>(n);
          auto points = script_[n](t);
          if (!points.ok()) return std::move(points).error();
          const std::string body = std::to_string(points.value().available) + " available, " +
                                   std::to_string(points.value().held) + " held, " +
                                   std::to_string(points.value().debt) + " debt";
          return Answer{.status = 200, .body = body, .about = {}, .replayed = false};
        },
        [](const Error& error) {
          return Answer{.status = 409, .body = error.reason, .about = {}, .replayed = false};
        });
  }

  void StartEmpty() {
    store_.reset();
    for (const char* end : {"", "-wal", "-shm"}) {
      std::filesystem::remove(directory_ / ("work.db" + std::string(end)));
    }
    std::filesystem::copy_file(directory_ / "empty.db", directory_ / "work.db");
    clock_.Set(FromMicros(FakeClock::kStart));
  }

  Status Open() {
    store_.reset();
    auto opened = store::Open("sqlite:" + (directory_ / "work.db"), clock_,
                              {.use = store::Use::kServe,
                               .connections = 0,
                               .vfs = vfs_.name(),
                               .report = [](const Error&) {}});
    if (!opened.ok()) return std::move(opened).error();
    store_ = std::move(opened).value();
    return {};
  }

  void MustOpen() {
    const Status opened = Open();
    ASSERT_TRUE(opened.ok()) << opened.error().reason << ": " << opened.error().message;
  }

  // Everything that the store holds.
  std::string Content() {
    std::string content;
    const auto dumped =
        store::WriteDump(store::DatabaseOf(*store_), [&content](std::string_view line) -> Status {
          content.append(line).append("\n");
          return {};
        });
    EXPECT_TRUE(dumped.ok()) << dumped.error().message;
    return content;
  }

  // For the run that says how many calls the script itself makes.
  std::string ContentUncounted() {
    const std::int64_t calls = vfs_.calls.load();
    std::string content = Content();
    vfs_.calls = calls;
    return content;
  }

  // The chains, and that folding them gives the stored accounts.
  void ExpectSound() {
    const auto report = VerifyJournals(*store_, {programme_.programme.id},
                                       [](const ledger::JournalReport&) { return Status(); });
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_TRUE(report.value().ok());
    for (const ledger::JournalFinding& finding : report.value().findings) {
      ADD_FAILURE() << finding.reason << ": " << finding.message;
    }
  }

  // Without faults: contents_[k] is the store after k operations.
  void RunWithoutFaults() {
    StartEmpty();
    vfs_.fail_at = 0;
    vfs_.calls = 0;
    MustOpen();
    contents_ = {ContentUncounted()};
    for (std::size_t n = 0; n < script_.size(); ++n) {
      if (n == kReopenAfter) MustOpen();
      auto answer = Run(n);
      ASSERT_TRUE(answer.ok()) << "operation " << n << ": " << answer.error().message;
      answers_.push_back(answer.value().body);
      EXPECT_EQ(answer.value().status, n == kRefused ? 409 : 200) << n << ": " << answers_.back();
      contents_.push_back(ContentUncounted());
    }
    store_.reset();
    const std::int64_t calls = vfs_.calls.load();
    MustOpen();
    ExpectSound();
    vfs_.calls = calls;
  }

  // ----------------------------------------------------------------------- with a fault

  // A new process after the disk was put right: `done` operations were acknowledged, and the next
  // one may have happened.
  void CheckAnew(std::size_t done, bool may_have_happened) {
    vfs_.fail_at = 0;
    MustOpen();
    const std::string content = Content();
    const bool is_next = may_have_happened && content == contents_[done + 1];
    EXPECT_TRUE(content == contents_[done] || is_next)
        << "the store is neither as it was after " << done << " operations nor after the next";
    if (is_next) ++happened_;
    ExpectSound();
  }

  void OnFailure(const Error& error, const Plan& plan, std::size_t done) {
    ++failures_[error.reason];
    EXPECT_EQ(error.code, ErrorCode::kUnavailable) << error.reason << ": " << error.message;
    if (plan.then == Then::kReopen) {
      CheckAnew(done, true);
    } else if (plan.goes_on) {
      vfs_.fail_at = 0;  // The disk works again; nobody tells the store.
    }
  }

  // Opens the store, which may fail once.
  void OpenThroughFault() {
    const Status opened = Open();
    if (opened.ok()) return;
    ++failures_["opening: " + opened.error().reason];
    EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable) << opened.error().message;
    vfs_.fail_at = 0;
    MustOpen();
  }

  void RunWithFault(std::int64_t at, const Plan& plan) {
    SCOPED_TRACE("call " + std::to_string(at));
    StartEmpty();
    vfs_.fault = plan.fault;
    vfs_.fail_on = plan.goes_on;
    vfs_.calls = 0;
    vfs_.fail_at = at;
    OpenThroughFault();
    for (std::size_t n = 0; n < script_.size(); ++n) {
      if (n == kReopenAfter) OpenThroughFault();
      auto answer = Run(n);
      if (!answer.ok()) {
        OnFailure(answer.error(), plan, n);
        if (HasFatalFailure()) return;
        answer = Run(n);
      }
      ASSERT_TRUE(answer.ok()) << "operation " << n << " sent again: " << answer.error().reason
                               << ": " << answer.error().message;
      EXPECT_EQ(answer.value().body, answers_[n]);
    }
    store_.reset();
    CheckAnew(script_.size(), false);
  }

  void RunAll(const Plan& plan) {
    vfs_.fault = plan.fault;  // Which calls are counted.
    RunWithoutFaults();
    if (HasFailure()) return;
    const std::int64_t calls = vfs_.calls.load();
    const bool all = std::getenv("PASSMINT_ALL_FAULTS") != nullptr;
    std::int64_t runs = 0;
    for (std::int64_t at = all ? 1 : plan.first; at <= calls && !HasFailure();
         at += all ? 1 : kStep, ++runs) {
      RunWithFault(at, plan);
    }
    std::string seen;
    for (const auto& [reason, times] : failures_) {
      seen += " " + reason + " " + std::to_string(times);
    }
    RecordProperty("calls", std::to_string(calls));
    RecordProperty("runs", std::to_string(runs));
    RecordProperty("failures", seen);
    std::printf("%lld calls, %lld runs; %lld happened unacknowledged; failures:%s\n",
                static_cast<long long>(calls), static_cast<long long>(runs),
                static_cast<long long>(happened_), seen.c_str());
    EXPECT_FALSE(failures_.empty()) << "no call failed";
  }

  // Makes the tables of a new store, with the at-th call failing; returns how many calls there
  // were.
  std::int64_t MakeNew(std::int64_t at, Fault fault) {
    store_.reset();
    for (const char* end : {"", "-wal", "-shm"}) {
      std::filesystem::remove(directory_ / ("work.db" + std::string(end)));
    }
    vfs_.fault = fault;
    vfs_.calls = 0;
    vfs_.fail_at = at;
    OpenThroughFault();
    return vfs_.calls.load();
  }

  FailingVfs vfs_;
  std::vector<Work> script_;
  std::vector<std::string> answers_;
  std::vector<std::string> contents_;
  std::map<std::string, int> failures_;
  std::int64_t happened_ = 0;
  HoldId first_hold_;
  HoldId second_hold_;
};

TEST_F(LedgerFaultsTest, AnInputOutputErrorLosesAndDoublesNothing) {
  RunAll({.first = 1, .fault = Fault::kIo, .goes_on = false, .then = Then::kReopen});
}

TEST_F(LedgerFaultsTest, TheStoreGoesOnByItselfAfterAnInputOutputError) {
  RunAll({.first = 2, .fault = Fault::kIo, .goes_on = false, .then = Then::kGoOn});
}

TEST_F(LedgerFaultsTest, ADiskThatBreaksForGoodLosesAndDoublesNothing) {
  RunAll({.first = 3, .fault = Fault::kIo, .goes_on = true, .then = Then::kReopen});
}

TEST_F(LedgerFaultsTest, AFullDiskLosesAndDoublesNothing) {
  RunAll({.first = 4, .fault = Fault::kFull, .goes_on = false, .then = Then::kReopen});
}

TEST_F(LedgerFaultsTest, TheStoreGoesOnByItselfOnceThereIsRoom) {
  RunAll({.first = 5, .fault = Fault::kFull, .goes_on = true, .then = Then::kGoOn});
}

TEST_F(LedgerFaultsTest, AWriteThatIsCutShortLosesAndDoublesNothing) {
  RunAll({.first = 6, .fault = Fault::kShort, .goes_on = false, .then = Then::kReopen});
}

TEST_F(LedgerFaultsTest, TheStoreGoesOnByItselfAfterAWriteThatWasCutShort) {
  RunAll({.first = 7, .fault = Fault::kShort, .goes_on = false, .then = Then::kGoOn});
}

TEST_F(LedgerFaultsTest, AReadThatFailsLosesAndDoublesNothing) {
  RunAll({.first = 1, .fault = Fault::kRead, .goes_on = false, .then = Then::kReopen});
}

TEST_F(LedgerFaultsTest, TheStoreGoesOnByItselfAfterAReadThatFailed) {
  RunAll({.first = 4, .fault = Fault::kRead, .goes_on = false, .then = Then::kGoOn});
}

TEST_F(LedgerFaultsTest, ANewStoreThatCouldNotBeMadeIsMadeByTheNextStart) {
  const std::int64_t calls = MakeNew(0, Fault::kNone);
  const std::string made = Content();
  const std::int64_t step = std::getenv("PASSMINT_ALL_FAULTS") != nullptr ? 1 : kStep;
  for (const Fault fault : {Fault::kIo, Fault::kFull, Fault::kShort}) {
    for (std::int64_t at = 1; at <= calls && !HasFailure(); at += step) {
      SCOPED_TRACE("call " + std::to_string(at));
      (void)MakeNew(at, fault);
      EXPECT_EQ(Content(), made);
    }
  }
  EXPECT_FALSE(failures_.empty()) << "no call failed";
}

}  // namespace
}  // namespace passmint::issuance
