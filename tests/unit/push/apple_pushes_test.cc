#include "push/apple_pushes.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "push/rollout_jobs.h"
#include "store/open.h"
#include "support/fake_clock.h"
#include "support/phone_rows.h"
#include "support/seeded_random.h"
#include "support/temporary_directory.h"

namespace passmint::push {
namespace {

using issuance::Transaction;
using passmint::testing::PutListed;
using passmint::testing::PutPhone;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Kind = ApplePushOutcome::Kind;

const ProgrammeId kCoffee("coffee");

// APNs as a test wants it: answers when it is told to.
class FakeSender final : public ApplePushSender {
 public:
  bool TrySend(const ApplePush& push, Done done) override {
    if (waiting_.size() >= room_) return false;
    waiting_.push_back({push, std::move(done)});
    ++sent_[push.push_token.str()];
    return true;
  }
  std::size_t pushes_max() const override { return room_; }
  std::vector<AppleLane> Lanes() const override { return {}; }

  // Answers everything that waits. Returns how many pushes that were.
  std::size_t Answer(const ApplePushOutcome& outcome) {
    std::deque<Waiting> waiting;
    waiting.swap(waiting_);
    for (const Waiting& one : waiting) one.done(outcome);
    return waiting.size();
  }
  void SetRoom(std::size_t room) { room_ = room; }
  int SentTo(const std::string& token) { return sent_[token]; }
  std::size_t waiting() const { return waiting_.size(); }

 private:
  struct Waiting {
    ApplePush push;
    Done done;
  };
  std::deque<Waiting> waiting_;
  std::map<std::string, int> sent_;
  std::size_t room_ = 100;
};

const ApplePushOutcome kAccepted{
    .kind = Kind::kAccepted, .status = 200, .apns_id = "a-b", .sent = true};

class ApplePushesTest : public ::testing::Test {
 protected:
  ApplePushesTest() {
    auto opened = store::Open("sqlite:" + (directory_ / "test.db"), clock_, {.deliveries = queue_});
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    store_ = std::move(opened).value();
    Restart();
  }

  // As after kill -9: what was in memory is gone.
  void Restart() {
    engine_ = std::make_unique<ApplePushes>(ApplePushesParts{
        .store = *store_,
        .sender = sender_,
        .random = random_,
        .programmes = {{kCoffee,
                        {.pass_type = PassTypeIdentifier("pass.com.example.coffee"),
                         .quiet = quiet_}}},
        .queue = queue_});
  }

  void Register(const std::string& device, const std::string& token, const std::string& card) {
    PutPhone(*store_, kCoffee, device, token, card, clock_.Now());
  }

  void Change(const std::string& card) {
    const Status written = store_->Write([&](Transaction& transaction) {
      return transaction.WantDelivery(kCoffee, card, ++revision_);
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  // Runs until there is nothing more to do now.
  void Run() {
    for (int rounds = 0; rounds < 100; ++rounds) {
      auto round = engine_->Run();
      ASSERT_TRUE(round.ok()) << round.error().message;
      if (!round.value().more) return;
    }
    FAIL() << "it never ends";
  }

  // Time passes, and APNs takes everything.
  void Pass(std::chrono::microseconds time) {
    const Timestamp end = clock_.Now() + time;
    while (clock_.Now() < end) {
      clock_.Advance(std::min<std::chrono::microseconds>(seconds(10), end - clock_.Now()));
      Run();
      sender_.Answer(kAccepted);
      Run();
    }
  }

  issuance::DevicePush PushOf(const std::string& device) {
    issuance::DevicePush push;
    const Status read = store_->Read([&](Transaction& transaction) -> Status {
      auto found = transaction.FindPush(kCoffee, DeviceLibraryIdentifier(device));
      if (!found.ok()) return found.error();
      if (found.value()) push = found.value()->push;
      return {};
    });
    EXPECT_TRUE(read.ok());
    return push;
  }

  std::size_t DevicesOf(const std::string& card) {
    std::size_t devices = 0;
    const Status read = store_->Read([&](Transaction& transaction) -> Status {
      auto found = transaction.PushesOfCard(kCoffee, card, 100);
      if (!found.ok()) return found.error();
      devices = found.value().size();
      return {};
    });
    EXPECT_TRUE(read.ok());
    return devices;
  }

  passmint::testing::TemporaryDirectory directory_;
  passmint::testing::FakeClock clock_;
  passmint::testing::SeededRandom random_;
  FakeSender sender_;
  std::optional<QuietHours> quiet_;
  std::shared_ptr<WantedQueue> queue_ = std::make_shared<WantedQueue>();
  std::unique_ptr<issuance::Store> store_;
  std::unique_ptr<ApplePushes> engine_;
  std::int64_t revision_ = 1;
};

TEST_F(ApplePushesTest, ACommitIsPushedWithoutLookingForIt) {
  Register("phone", "t1", "card");
  Run();
  Change("card");
  Run();
  EXPECT_EQ(sender_.Answer(kAccepted), 1u);
  Run();
  const issuance::DevicePush push = PushOf("phone");
  EXPECT_EQ(push.told, 1);
  EXPECT_EQ(push.apns_id, "a-b");
  EXPECT_EQ(engine_->Reports()[0].outcomes.at("accepted"), 1);
}

TEST_F(ApplePushesTest, SaysHowLongItIsUntilSomethingThatWaitsIsDue) {
  Register("phone", "t1", "card");
  Run();
  EXPECT_EQ(engine_->Run().value().wait, kLookEvery);
  Change("card");
  Run();
  sender_.Answer(
      {.kind = Kind::kRetry, .status = 503, .reason = "ServiceUnavailable", .sent = true});
  Run();
  const auto wait = engine_->Run().value().wait;
  EXPECT_GT(wait, std::chrono::microseconds(0));
  EXPECT_LT(wait, kLookEvery);
  clock_.Advance(wait);
  Run();
  EXPECT_EQ(sender_.SentTo("t1"), 2) << "it was looked for later than it was due";
}

TEST_F(ApplePushesTest, ACardThatNoPhoneHasLeavesNoRow) {
  Change("card");
  bool found = true;
  ASSERT_TRUE(store_
                  ->Read([&](Transaction& transaction) -> Status {
                    auto delivery = transaction.FindDelivery("apple", kCoffee, "card");
                    if (!delivery.ok()) return delivery.error();
                    found = delivery.value().has_value();
                    return {};
                  })
                  .ok());
  EXPECT_FALSE(found);
}

TEST_F(ApplePushesTest, APhoneWithManyCardsGetsOnePushForAllThatChange) {
  for (int n = 0; n < 5; ++n) Register("phone", "t1", "card" + std::to_string(n));
  Register("watch", "t1", "card0");  // Two devices with one token count as one.
  for (int n = 0; n < 5; ++n) Change("card" + std::to_string(n));
  Run();
  EXPECT_EQ(sender_.Answer(kAccepted), 1u);
  Run();
  EXPECT_EQ(PushOf("phone").told, 5);
  EXPECT_EQ(PushOf("watch").told, 1);
}

// Of 22:00 to 08:00 in Moscow; it is 13:00 at first.
class QuietPushesTest : public ApplePushesTest {
 protected:
  QuietPushesTest() {
    quiet_ = calendar::QuietHours{.from = hours(22),
                                  .to = hours(8),
                                  .zone = calendar::TimeZone::Find("Europe/Moscow").value()};
    Restart();
  }
  const Timestamp start_ = clock_.Now();
};

TEST_F(QuietPushesTest, ChangesOfANightAreOnePushInTheMorning) {
  Register("phone", "t1", "card");
  clock_.Set(start_ + hours(10));  // 23:00.
  for (int n = 0; n < 5; ++n) {
    Change("card");
    Pass(minutes(10));
  }
  EXPECT_EQ(sender_.SentTo("t1"), 0);
  clock_.Set(start_ + hours(19) - seconds(30));
  Run();
  EXPECT_EQ(sender_.waiting(), 0u);
  Pass(minutes(1));
  EXPECT_EQ(sender_.SentTo("t1"), 1);
  EXPECT_EQ(PushOf("phone").told, 5);
}

TEST_F(QuietPushesTest, WhatWasDueWhileTheServiceStoodStillWaitsForTheMorningToo) {
  Register("phone", "t1", "card");
  Run();
  Change("card");  // Nobody runs until the night.
  clock_.Set(start_ + hours(11));
  Restart();
  Pass(minutes(5));
  EXPECT_EQ(sender_.SentTo("t1"), 0);
  clock_.Set(start_ + hours(19));
  Pass(minutes(1));
  EXPECT_EQ(sender_.SentTo("t1"), 1);
}

TEST_F(QuietPushesTest, APushThatFailedIsNotTriedAgainAtNight) {
  Register("phone", "t1", "card");
  clock_.Set(start_ + hours(9) - seconds(1));
  Run();
  Change("card");
  Run();
  sender_.Answer({.kind = Kind::kRetry, .status = 503, .sent = true});
  Run();
  Pass(hours(1));
  EXPECT_EQ(sender_.SentTo("t1"), 1);
  clock_.Set(start_ + hours(19));
  Pass(minutes(1));
  EXPECT_EQ(sender_.SentTo("t1"), 2);
}

TEST_F(ApplePushesTest, ChangesInABurstAreMergedAndTheLastOneIsTold) {
  Register("phone", "t1", "card");
  for (int n = 0; n < 20; ++n) {
    Change("card");
    Pass(seconds(1));
  }
  EXPECT_EQ(sender_.SentTo("t1"), 1);
  Pass(minutes(2));
  EXPECT_EQ(sender_.SentTo("t1"), 2);
  EXPECT_EQ(PushOf("phone").told, 20);
}

TEST_F(ApplePushesTest, WhatWasClaimedByTheDeadIsPushedByTheNext) {
  Register("phone", "t1", "card");
  Change("card");
  Run();
  Restart();  // The answer comes to nobody.
  Run();
  EXPECT_EQ(sender_.SentTo("t1"), 1) << "it was pushed while another may be at it";
  clock_.Advance(kLease);
  Run();
  EXPECT_EQ(sender_.SentTo("t1"), 2);
}

TEST_F(ApplePushesTest, WhatNobodyFannedOutIsFoundByLooking) {
  Register("phone", "t1", "card");
  Change("card");
  (void)queue_->Take(100);  // The process that committed died.
  Restart();
  Run();
  EXPECT_EQ(sender_.SentTo("t1"), 1);
}

TEST_F(ApplePushesTest, ADeviceThatIsGoneIsRemovedUnlessItRegisteredAgain) {
  Register("gone", "t1", "card");
  Register("back", "t2", "card");
  Change("card");
  Run();
  const Timestamp since = clock_.Now() + seconds(1);
  clock_.Advance(seconds(5));
  Register("back", "t2", "card");
  sender_.Answer(
      {.kind = Kind::kGone, .status = 410, .reason = "Unregistered", .gone_since = since});
  Run();
  EXPECT_EQ(DevicesOf("card"), 1u);
  EXPECT_EQ(PushOf("gone").wanted, 0);
  Pass(minutes(1));
  EXPECT_EQ(sender_.SentTo("t2"), 2) << "who came back was not told";
}

TEST_F(ApplePushesTest, ARotatedTokenIsUsedAtTheNextTry) {
  Register("phone", "old", "card");
  Change("card");
  Run();
  clock_.Advance(seconds(1));
  Register("phone", "new", "card");
  sender_.Answer({.kind = Kind::kBadToken, .status = 400, .reason = "BadDeviceToken"});
  Run();
  Pass(minutes(1));
  EXPECT_EQ(sender_.SentTo("new"), 1);
}

TEST_F(ApplePushesTest, ADayWithoutApnsIsMadeGoodWithinAMinuteByTheNewestState) {
  for (int n = 0; n < 50; ++n) {
    Register("phone" + std::to_string(n), "t" + std::to_string(n), "card" + std::to_string(n));
  }
  const ApplePushOutcome down{.kind = Kind::kRetry, .reason = "ConnectFailed", .detail = "no way"};
  for (int hour = 0; hour < 24; ++hour) {
    for (int n = 0; n < 50; ++n) Change("card" + std::to_string(n));
    for (int step = 0; step < 6; ++step) {
      clock_.Advance(minutes(10));
      Run();
      sender_.Answer(down);
      Run();
    }
  }
  EXPECT_EQ(engine_->Reports()[0].stopped, "no way");
  Pass(seconds(90));
  for (int n = 0; n < 50; ++n) {
    EXPECT_EQ(PushOf("phone" + std::to_string(n)).told, 24) << n;
  }
  EXPECT_EQ(engine_->Reports()[0].stopped, "");
}

TEST_F(ApplePushesTest, WhileTheLaneIsStoppedOnePushAsksWhetherItStillIs) {
  for (int n = 0; n < 20; ++n) {
    Register("phone" + std::to_string(n), "t" + std::to_string(n), "card");
  }
  Change("card");
  Run();
  const ApplePushOutcome stopped{.kind = Kind::kLaneStopped,
                                 .status = 403,
                                 .reason = "BadCertificate",
                                 .detail = "renew the certificate"};
  EXPECT_EQ(sender_.Answer(stopped), 20u);
  Run();
  for (int minute = 0; minute < 5; ++minute) {
    clock_.Advance(minutes(1) + seconds(1));
    Run();
    EXPECT_LE(sender_.Answer(stopped), 1u);
    Run();
  }
  EXPECT_EQ(DevicesOf("card"), 20u);
  EXPECT_EQ(engine_->Reports()[0].stopped, "renew the certificate");
  EXPECT_GE(engine_->Reports()[0].backlog, 19);
}

TEST_F(ApplePushesTest, MoreThanTheSenderTakesWaitsInTheStore) {
  sender_.SetRoom(3);
  for (int n = 0; n < 10; ++n) {
    Register("phone" + std::to_string(n), "t" + std::to_string(n), "card");
  }
  Change("card");
  std::size_t answered = 0;
  for (int n = 0; n < 10; ++n) {
    Run();
    EXPECT_LE(sender_.waiting(), 3u);
    answered += sender_.Answer(kAccepted);
  }
  EXPECT_EQ(answered, 10u);
}

TEST_F(ApplePushesTest, AClockSetBackHoldsNothingUp) {
  clock_.Advance(hours(1000));
  Register("phone", "t1", "card");
  Change("card");
  Pass(seconds(10));
  Change("card");  // Due in a while, as the clock is now.
  Run();
  clock_.Set(clock_.Now() - hours(999));
  Pass(minutes(1));
  EXPECT_EQ(PushOf("phone").told, 2);
}

TEST_F(ApplePushesTest, APhoneThatDidNotAskIsAskedOnceMore) {
  Register("quiet", "t1", "card");
  Register("awake", "t2", "card");
  Change("card");
  Pass(seconds(10));
  PutListed(*store_, kCoffee, "awake", clock_.Now());
  Pass(hours(13));
  EXPECT_EQ(sender_.SentTo("t1"), 2);
  EXPECT_EQ(sender_.SentTo("t2"), 1);
}

TEST_F(ApplePushesTest, WhatIsUnansweredAtTheEndIsDueAtTheNextStart) {
  Register("phone", "t1", "card");
  Change("card");
  Run();
  sender_.Answer({.kind = Kind::kRetry, .reason = "Stopping"});
  ASSERT_TRUE(engine_->Finish().ok());
  Restart();
  Run();
  EXPECT_EQ(sender_.SentTo("t1"), 2);
}

}  // namespace
}  // namespace passmint::push
