#include <set>

#include "support.h"

namespace passmint::apns {
namespace {

using push::AppleLane;
using push::ApplePushOutcome;
using std::chrono::milliseconds;
using std::chrono::seconds;

class SendingTest : public ApnsTest {};

TEST_F(SendingTest, APushReachesThePhoneOfItsToken) {
  Start();
  const Timestamp expires = Now() + std::chrono::days(3);
  const ApplePushOutcome outcome = SendLater({.pass_type = kCoffee,
                                              .push_token = TokenOf(7),
                                              .apns_id = UuidOf(1),
                                              .expires_at = expires})
                                       .get();
  EXPECT_EQ(outcome.kind, Kind::kAccepted) << outcome.detail;
  EXPECT_EQ(outcome.apns_id, UuidOf(1));
  ASSERT_EQ(Pushes().size(), 1U);
  EXPECT_EQ(Pushes()[0].push_token, TokenOf(7));
  EXPECT_EQ(Pushes()[0].topic, kCoffee);
  EXPECT_EQ(Pushes()[0].apns_id, UuidOf(1));
  EXPECT_EQ(Pushes()[0].expiration, ToUnixSeconds(expires));
  EXPECT_EQ(Pushes()[0].priority, 10);
}

TEST_F(SendingTest, APushWithoutAnIdLearnsTheOneThatApnsChose) {
  Start();
  const auto outcome = SendLater({.pass_type = kCoffee, .push_token = TokenOf(7)}).get();
  EXPECT_EQ(outcome.kind, Kind::kAccepted);
  EXPECT_EQ(outcome.apns_id.size(), 36U);
  EXPECT_EQ(Pushes().at(0).expiration, 0);
}

TEST_F(SendingTest, ThousandsOfPushesShareOneConnection) {
  Start({.streams_max = 100});
  for (const auto& outcome : SendMany(0, 3'000)) ASSERT_EQ(outcome.kind, Kind::kAccepted);
  EXPECT_EQ(fake_->Totals().connections, 1U);
  std::set<std::string> tokens;
  for (const auto& push : Pushes()) tokens.insert(push.push_token.str());
  EXPECT_EQ(tokens.size(), 3'000U);
  EXPECT_TRUE(Eventually([&] { return TheLane().in_flight == 0; }));
  EXPECT_EQ(TheLane().state, AppleLane::State::kUp);
  EXPECT_EQ(TheLane().accepted, 3'000U);
  EXPECT_EQ(TheLane().connections, 1U);
}

TEST_F(SendingTest, TheConnectionIsKeptBetweenPushes) {
  Start();
  EXPECT_EQ(Send(1).kind, Kind::kAccepted);
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
  EXPECT_EQ(fake_->Totals().connections, 1U);
}

TEST_F(SendingTest, NothingIsConnectedBeforeTheFirstPush) {
  Start();
  EXPECT_TRUE(Eventually([&] { return TheLane().state == AppleLane::State::kIdle; }));
  EXPECT_EQ(fake_->Totals().connections, 0U);
}

// With a limit of one stream every push waits for the one before; a limit that rises again is used.
TEST_F(SendingTest, TheStreamsThatApnsAllowsAreObeyedAsTheyChange) {
  options_.times.waiting = seconds(20);
  Start({.streams_max = 1});
  for (const auto& outcome : SendMany(0, 50)) ASSERT_EQ(outcome.kind, Kind::kAccepted);
  fake_->ChangeStreamsMax(0);
  EXPECT_TRUE(Eventually([&] { return TheLane().state == AppleLane::State::kUp; }));
  std::this_thread::sleep_for(milliseconds(50));
  auto waiting = SendLater(99);
  EXPECT_EQ(waiting.wait_for(milliseconds(200)), std::future_status::timeout);
  fake_->ChangeStreamsMax(500);
  EXPECT_EQ(waiting.get().kind, Kind::kAccepted);
  for (const auto& outcome : SendMany(100, 2'000)) ASSERT_EQ(outcome.kind, Kind::kAccepted);
  EXPECT_EQ(fake_->Totals().connections, 1U);
  EXPECT_EQ(fake_->Totals().unanswered, 0U);
}

TEST_F(SendingTest, AFullLaneTakesNothingUntilAnAnswerCame) {
  options_.pushes_max = 4;
  Start({.slow_answer = milliseconds(300)});
  fake_->FailNext(Fault::kSlowAnswer, 4);
  std::vector<std::future<ApplePushOutcome>> futures;
  for (int i = 0; i < 4; ++i) futures.push_back(SendLater(i));
  EXPECT_FALSE(sender_->TrySend({.pass_type = kCoffee, .push_token = TokenOf(5)},
                                [](const ApplePushOutcome&) { FAIL(); }));
  for (auto& future : futures) EXPECT_EQ(future.get().kind, Kind::kAccepted);
  EXPECT_EQ(Send(6).kind, Kind::kAccepted);
}

TEST_F(SendingTest, WhoIsToldOfAnOutcomeMaySendTheNext) {
  options_.pushes_max = 1;
  Start();
  std::promise<int> all;
  int sent = 0;
  std::function<void(const ApplePushOutcome&)> next = [&](const ApplePushOutcome& outcome) {
    ASSERT_EQ(outcome.kind, Kind::kAccepted);
    if (++sent == 100) return all.set_value(sent);
    ASSERT_TRUE(sender_->TrySend({.pass_type = kCoffee, .push_token = TokenOf(sent)}, next));
  };
  ASSERT_TRUE(sender_->TrySend({.pass_type = kCoffee, .push_token = TokenOf(0)}, next));
  EXPECT_EQ(all.get_future().get(), 100);
}

TEST_F(SendingTest, ManyThreadsMaySendAtOnce) {
  Start();
  std::atomic<int> accepted = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 250; ++i) {
        const push::ApplePush push{.pass_type = kCoffee, .push_token = TokenOf(thread * 1'000 + i)};
        ASSERT_TRUE(sender_->TrySend(push, [&](const ApplePushOutcome& outcome) {
          if (outcome.kind == Kind::kAccepted) ++accepted;
        }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(Eventually([&] { return accepted == 1'000; }));
}

TEST_F(SendingTest, EachPassTypeHasItsOwnConnectionAndCertificate) {
  const PassTypeIdentifier books("pass.com.example.books");
  Start();
  ASSERT_TRUE(sender_->SetIdentity(MakeIdentity(books)).ok());
  EXPECT_EQ(SendLater({.pass_type = books, .push_token = TokenOf(1)}).get().kind, Kind::kAccepted);
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
  EXPECT_EQ(Pushes().at(0).topic, books);
  EXPECT_EQ(Pushes().at(1).topic, kCoffee);
  EXPECT_EQ(fake_->Totals().connections, 2U);
}

TEST_F(SendingTest, AHostileTokenIsRefusedBeforeItBecomesAPath) {
  Start();
  for (const std::string& token :
       {std::string("../../admin"), std::string("a/b"), std::string("a b"), std::string(),
        std::string("a\r\nx: y"), std::string("a\0b", 3), std::string(300, 'a')}) {
    const auto outcome = SendLater({.pass_type = kCoffee, .push_token = PushToken(token)}).get();
    EXPECT_EQ(outcome.kind, Kind::kBadToken);
    EXPECT_EQ(outcome.reason, "MalformedToken");
    EXPECT_FALSE(outcome.sent);
  }
  EXPECT_EQ(Send(1).kind, Kind::kAccepted);
  EXPECT_TRUE(fake_->Totals().refused.empty());
}

TEST_F(SendingTest, APassTypeWithoutACertificateIsALaneThatStands) {
  Start();
  const auto outcome =
      SendLater({.pass_type = PassTypeIdentifier("pass.other"), .push_token = TokenOf(1)}).get();
  EXPECT_EQ(outcome.kind, Kind::kLaneStopped);
  EXPECT_EQ(outcome.reason, "NoCertificate");
  EXPECT_NE(outcome.detail.find("pass.other"), std::string::npos);
}

TEST_F(SendingTest, StoppingWaitsForAnswersAndTakesNoMore) {
  Start({.slow_answer = milliseconds(200)});
  EXPECT_EQ(Send(0).kind, Kind::kAccepted);
  fake_->FailNext(Fault::kSlowAnswer, 1);
  auto slow = SendLater(1);
  EXPECT_TRUE(Eventually([&] { return Pushes().size() == 2; }));
  sender_.reset();
  EXPECT_EQ(slow.get().kind, Kind::kAccepted);
}

TEST_F(SendingTest, StoppingAnswersWhatApnsDoesNot) {
  options_.times.stopping = milliseconds(50);
  Start();
  fake_->FailNext(Fault::kLostAnswer, 1);
  auto lost = SendLater(1);
  EXPECT_TRUE(Eventually([&] { return Pushes().size() == 1; }));
  sender_.reset();
  const ApplePushOutcome outcome = lost.get();
  EXPECT_EQ(outcome.kind, Kind::kRetry);
  EXPECT_EQ(outcome.reason, "Stopping");
  EXPECT_TRUE(outcome.sent);
}

TEST_F(SendingTest, AUrlThatIsNotHttpsIsRefused) {
  for (const char* url : {"http://localhost", "https://", "https://a b", "https://user@host",
                          "https://host/path", "https://host:0", "https://host:70000"}) {
    const auto made = ApnsSender::Create({.url = url}, random_);
    ASSERT_FALSE(made.ok()) << url;
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST_F(SendingTest, ACaFileWithoutCertificatesIsRefused) {
  std::ofstream(folder_ / "empty.pem") << "nothing";
  EXPECT_FALSE(ApnsSender::Create({.ca_file = folder_ / "empty.pem"}, random_).ok());
  EXPECT_FALSE(ApnsSender::Create({.ca_file = folder_ / "absent.pem"}, random_).ok());
}

}  // namespace
}  // namespace passmint::apns
