#include <algorithm>
#include <map>

#include "support.h"

namespace passmint::apns {
namespace {

using push::AppleLane;
using push::ApplePushOutcome;
using std::chrono::milliseconds;
using std::chrono::seconds;

class TroubleTest : public ApnsTest {
 protected:
  bool HasEvent(const std::string& event) {
    const auto events = Events();
    return std::find(events.begin(), events.end(), event) != events.end();
  }
};

// What APNs did not process goes out again by itself: the caller sees no trouble at all.
TEST_F(TroubleTest, StreamsAboveGoawaysLastOneAreSentAgainOnANewConnection) {
  Start({.streams_max = 50});
  EXPECT_EQ(Send(0).kind, Kind::kAccepted);
  fake_->FailNext(Fault::kGoaway, 3);
  for (const auto& outcome : SendMany(1, 500)) {
    ASSERT_EQ(outcome.kind, Kind::kAccepted) << outcome.reason;
  }
  EXPECT_EQ(fake_->Totals().connections, 4U);
  EXPECT_EQ(Pushes().size(), 501U) << "none was lost, none doubled";
}

// Many whole requests come in one read of a busy server, and any of them says goodbye.
TEST_F(TroubleTest, WhereverAConnectionSaysGoodbyeNoPhoneIsPushedTwice) {
  constexpr int kPushes = 600;
  Start({.streams_max = 500});
  EXPECT_EQ(Send(0).kind, Kind::kAccepted);
  fake_->SetShare(Fault::kShutdown, 0.3);
  fake_->SetShare(Fault::kGoaway, 0.1);
  std::vector<std::future<ApplePushOutcome>> outcomes;
  {
    const std::lock_guard busy(mutex_);  // Who is told of the first push waits here.
    for (int i = 1; i <= kPushes; ++i) {
      outcomes.push_back(SendLater(i));
      std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
  }
  std::map<std::string, bool> accepted;
  for (int i = 1; i <= kPushes; ++i) {
    const auto outcome = outcomes[static_cast<std::size_t>(i - 1)].get();
    accepted[TokenOf(i).str()] = outcome.kind == Kind::kAccepted;
  }
  std::map<std::string, int> times;
  for (const simulate::FakePush& push : Pushes()) ++times[push.push_token.str()];
  for (const auto& [token, once] : accepted) EXPECT_EQ(times[token], once ? 1 : 0) << token;
}

TEST_F(TroubleTest, WhatGoawayLeavesOnTheOldConnectionIsAwaitedThere) {
  Start({.slow_answer = milliseconds(300)});
  EXPECT_EQ(Send(0).kind, Kind::kAccepted);
  fake_->FailNext(Fault::kSlowAnswer, 1);
  auto slow = SendLater(1);
  EXPECT_TRUE(Eventually([&] { return Pushes().size() == 2; }));
  EXPECT_TRUE(Eventually([&] { return TheLane().state == AppleLane::State::kUp; }));
  fake_->SendGoaway("Shutdown");
  EXPECT_TRUE(Eventually([&] { return TheLane().state != AppleLane::State::kUp; }));
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
  EXPECT_EQ(slow.wait_for(seconds(0)), std::future_status::timeout) << "still on its way";
  EXPECT_EQ(slow.get().kind, Kind::kAccepted);
  EXPECT_EQ(Pushes().size(), 3U);
  EXPECT_EQ(fake_->Totals().connections, 2U);
  EXPECT_TRUE(Eventually([&] { return fake_->Totals().open_connections == 1; }));
}

TEST_F(TroubleTest, AGoawayBecauseOfTheCertificateStopsTheLane) {
  Start();
  EXPECT_EQ(Send(0).kind, Kind::kAccepted);
  fake_->SendGoaway("BadCertificate");
  EXPECT_TRUE(Eventually([&] { return TheLane().state == AppleLane::State::kStopped; }));
  EXPECT_EQ(Send(1).reason, "BadCertificate");
}

TEST_F(TroubleTest, ADroppedConnectionIsToldAndReplaced) {
  Start();
  EXPECT_EQ(Send(0).kind, Kind::kAccepted);
  fake_->FailNext(Fault::kDropConnection, 1);
  const ApplePushOutcome outcome = Send(1);
  EXPECT_EQ(outcome.kind, Kind::kRetry);
  EXPECT_EQ(outcome.reason, "ConnectionLost");
  EXPECT_TRUE(outcome.sent);
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
  EXPECT_EQ(fake_->Totals().connections, 2U);
  EXPECT_TRUE(HasEvent("disconnected"));
}

TEST_F(TroubleTest, AResetStreamIsToldAndTheConnectionStays) {
  Start();
  fake_->FailNext(Fault::kResetStream, 1);
  const ApplePushOutcome outcome = Send(1);
  EXPECT_EQ(outcome.kind, Kind::kRetry);
  EXPECT_EQ(outcome.reason, "StreamReset");
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
  EXPECT_EQ(fake_->Totals().connections, 1U);
}

TEST_F(TroubleTest, ALostAnswerTimesOutAndTheConnectionStaysIfItAnswersPings) {
  options_.times.answer = milliseconds(300);
  options_.times.silence = milliseconds(50);
  options_.times.ping_answer = milliseconds(3'000);
  Start();
  fake_->FailNext(Fault::kLostAnswer, 1);
  const ApplePushOutcome outcome = Send(1);
  EXPECT_EQ(outcome.kind, Kind::kRetry);
  EXPECT_EQ(outcome.reason, "RequestTimeout");
  EXPECT_TRUE(outcome.sent);
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
  EXPECT_EQ(fake_->Totals().connections, 1U);
}

TEST_F(TroubleTest, ASlowAnswerIsWaitedFor) {
  Start({.slow_answer = milliseconds(400)});
  fake_->FailNext(Fault::kSlowAnswer, 1);
  EXPECT_EQ(Send(1).kind, Kind::kAccepted);
}

TEST_F(TroubleTest, WhileApnsIsDownPushesWaitABoundedTimeAndThenItGoesOn) {
  options_.times.waiting = milliseconds(300);
  options_.times.backoff_last = milliseconds(50);
  Start();
  EXPECT_EQ(Send(0).kind, Kind::kAccepted);
  fake_->SetDown(true);
  EXPECT_TRUE(Eventually([&] { return HasEvent("disconnected"); }));
  const ApplePushOutcome outcome = Send(1);
  EXPECT_EQ(outcome.kind, Kind::kRetry);
  EXPECT_EQ(outcome.reason, "ConnectFailed");
  EXPECT_FALSE(outcome.sent);
  EXPECT_TRUE(HasEvent("connect_failed"));
  fake_->SetDown(false);
  EXPECT_TRUE(Eventually([&] { return Send(2).kind == Kind::kAccepted; }));
}

TEST_F(TroubleTest, APushThatMeetsAShortOutageIsOnlyLate) {
  options_.times.backoff_last = milliseconds(50);
  Start();
  fake_->SetDown(true);
  auto late = SendLater(1);
  EXPECT_EQ(late.wait_for(milliseconds(100)), std::future_status::timeout);
  fake_->SetDown(false);
  EXPECT_EQ(late.get().kind, Kind::kAccepted);
}

TEST_F(TroubleTest, ARefusedCertificateStopsTheLaneWithItsReason) {
  options_.times.probe_first = seconds(60);
  Start();
  fake_->FailNext(Fault::kBadCertificate, 1);
  const ApplePushOutcome first = Send(1);
  EXPECT_EQ(first.kind, Kind::kLaneStopped);
  EXPECT_TRUE(first.sent);
  const ApplePushOutcome second = Send(2);
  EXPECT_EQ(second.kind, Kind::kLaneStopped);
  EXPECT_EQ(second.reason, "BadCertificate");
  EXPECT_EQ(second.status, 403);
  EXPECT_FALSE(second.sent) << "nothing goes out while the lane is stopped";
  EXPECT_EQ(second.apns_id, UuidOf(2));
  EXPECT_NE(second.detail.find("certificate"), std::string::npos);
  EXPECT_TRUE(Eventually([&] { return TheLane().state == AppleLane::State::kStopped; }));
  EXPECT_EQ(TheLane().detail, second.detail);
  EXPECT_TRUE(HasEvent("stopped"));
  EXPECT_TRUE(Eventually([&] { return fake_->Totals().open_connections == 0; }));
}

TEST_F(TroubleTest, AStoppedLaneFindsOutByOneProbeThatItMayGoOn) {
  Start();
  fake_->FailNext(Fault::kBadCertificate, 2);
  EXPECT_EQ(Send(1).kind, Kind::kLaneStopped);
  EXPECT_TRUE(Eventually([&] { return Send(2).sent; })) << "the first probe is refused too";
  EXPECT_TRUE(Eventually([&] { return Send(3).kind == Kind::kAccepted; }));
  EXPECT_TRUE(HasEvent("resumed"));
  EXPECT_EQ(fake_->Totals().refused.at("BadCertificate"), 2U);
}

TEST_F(TroubleTest, ANewCertificateStartsAStoppedLaneAtOnce) {
  options_.times.probe_first = seconds(60);
  Start();
  fake_->FailNext(Fault::kBadCertificate, 1);
  EXPECT_EQ(Send(1).kind, Kind::kLaneStopped);
  ASSERT_TRUE(sender_->SetIdentity(MakeIdentity(kCoffee)).ok());
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
}

TEST_F(TroubleTest, AnExpiredCertificateIsTakenForWhatItIs) {
  StartFake();
  sender_ = ApnsSender::Create(options_, random_).value();
  ASSERT_TRUE(sender_->SetIdentity(MakeIdentity(kCoffee, -seconds(60))).ok());
  EXPECT_EQ(Send(1).reason, "BadCertificate");
}

TEST_F(TroubleTest, ACertificateThatIsRefusedInTheHandshakeStopsTheLane) {
  options_.times.probe_first = seconds(60);
  StartFake({.refuses_expired_in_handshake = true});
  sender_ = ApnsSender::Create(options_, random_).value();
  ASSERT_TRUE(sender_->SetIdentity(MakeIdentity(kCoffee, -seconds(60))).ok());
  const ApplePushOutcome outcome = Send(1);
  EXPECT_EQ(outcome.kind, Kind::kLaneStopped);
  EXPECT_EQ(outcome.reason, "CertificateExpired");
  EXPECT_FALSE(outcome.sent);
  ASSERT_TRUE(sender_->SetIdentity(CoffeeIdentity()).ok());
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
}

TEST_F(TroubleTest, ANewCertificateGetsANewConnectionAndTheOldOneIsDrained) {
  Start({.slow_answer = milliseconds(300)});
  EXPECT_EQ(Send(0).kind, Kind::kAccepted);
  fake_->FailNext(Fault::kSlowAnswer, 1);
  auto slow = SendLater(1);
  EXPECT_TRUE(Eventually([&] { return Pushes().size() == 2; }));
  ASSERT_TRUE(sender_->SetIdentity(MakeIdentity(kCoffee)).ok());
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
  EXPECT_EQ(slow.get().kind, Kind::kAccepted);
  EXPECT_EQ(fake_->Totals().connections, 2U);
  EXPECT_TRUE(Eventually([&] { return fake_->Totals().open_connections == 1; }));
}

TEST_F(TroubleTest, TheSameCertificateAgainChangesNothing) {
  Start();
  EXPECT_EQ(Send(1).kind, Kind::kAccepted);
  ASSERT_TRUE(sender_->SetIdentity(CoffeeIdentity()).ok());
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
  EXPECT_EQ(fake_->Totals().connections, 1U);
}

TEST_F(TroubleTest, AServerThatNobodyVouchesForIsNotTalkedTo) {
  options_.times.waiting = milliseconds(300);
  StartFake();
  options_.ca_file.clear();
  StartSender();
  const ApplePushOutcome outcome = Send(1);
  EXPECT_EQ(outcome.kind, Kind::kRetry);
  EXPECT_EQ(outcome.reason, "ConnectFailed");
  EXPECT_NE(outcome.detail.find("certificate"), std::string::npos) << outcome.detail;
  EXPECT_TRUE(Pushes().empty());
}

TEST_F(TroubleTest, AServerWithAnotherNameIsNotTalkedTo) {
  options_.times.waiting = milliseconds(300);
  StartFake();
  options_.url = "https://127.0.0.2:" + std::to_string(fake_->port());
  simulate::FakeApnsOptions everywhere{.listen = "0.0.0.0:0"};
  StartFake(everywhere);
  options_.url = "https://127.0.0.2:" + std::to_string(fake_->port());
  StartSender();
  const ApplePushOutcome outcome = Send(1);
  EXPECT_EQ(outcome.reason, "ConnectFailed");
  EXPECT_NE(outcome.detail.find("IP address mismatch"), std::string::npos) << outcome.detail;
}

TEST_F(TroubleTest, NobodyAtTheAddressIsToldAsConnectFailed) {
  options_.times.waiting = milliseconds(200);
  options_.url = "https://localhost:1";
  StartSender();
  const ApplePushOutcome outcome = Send(1);
  EXPECT_EQ(outcome.kind, Kind::kRetry);
  EXPECT_EQ(outcome.reason, "ConnectFailed");
  EXPECT_NE(outcome.detail.find("refused"), std::string::npos) << outcome.detail;
}

// All at once, for long enough that every fault comes up many times: each push taken is answered
// exactly once, and one connection after the other works.
TEST_F(TroubleTest, EveryPushIsAnsweredOnceUnderAllFaultsTogether) {
  options_.times.answer = milliseconds(1'500);
  options_.times.waiting = milliseconds(5'000);
  options_.times.backoff_last = milliseconds(100);
  Start({.streams_max = 100, .slow_answer = milliseconds(100)});
  for (const Fault fault : {Fault::kUnregistered, Fault::kTooManyRequests, Fault::kInternalError,
                            Fault::kUnavailable, Fault::kSlowAnswer, Fault::kResetStream}) {
    fake_->SetShare(fault, 0.02);
  }
  for (const Fault fault :
       {Fault::kShutdown, Fault::kGoaway, Fault::kDropConnection, Fault::kLostAnswer}) {
    fake_->SetShare(fault, 0.005);
  }
  std::map<Kind, int> kinds;
  for (const auto& outcome : SendMany(0, 2'000)) ++kinds[outcome.kind];
  EXPECT_GT(kinds[Kind::kAccepted], 1'000);
  EXPECT_GT(kinds[Kind::kGone], 0);
  EXPECT_GT(kinds[Kind::kThrottled], 0);
  EXPECT_GT(kinds[Kind::kRetry], 0);
  EXPECT_EQ(kinds[Kind::kLaneStopped] + kinds[Kind::kBug] + kinds[Kind::kBadToken], 0);
  EXPECT_TRUE(Eventually([&] { return TheLane().waiting + TheLane().in_flight == 0; }));
}

}  // namespace
}  // namespace passmint::apns
