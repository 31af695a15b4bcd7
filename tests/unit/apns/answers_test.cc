#include "support.h"

// Every row of Apple's error table, over a socket.
namespace passmint::apns {
namespace {

using push::ApplePushOutcome;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Answer {
  int status;
  const char* reason;
  ApplePushOutcome::Kind kind;
};

void PrintTo(const Answer& answer, std::ostream* out) {
  *out << answer.status << ' ' << answer.reason;
}

class AnswerTest : public ApnsTest, public ::testing::WithParamInterface<Answer> {};

TEST_P(AnswerTest, IsToldWithWhatToDo) {
  Start();
  fake_->AnswerNext({.status = GetParam().status, .reason = GetParam().reason}, 1);
  const ApplePushOutcome outcome = Send(1);
  EXPECT_EQ(outcome.kind, GetParam().kind);
  EXPECT_EQ(outcome.status, GetParam().status);
  EXPECT_EQ(outcome.reason, GetParam().reason);
  EXPECT_EQ(outcome.apns_id, UuidOf(1));
  EXPECT_TRUE(outcome.sent);
  if (outcome.kind == Kind::kLaneStopped) return;
  EXPECT_EQ(Send(2).kind, Kind::kAccepted) << "the next push is not affected";
  EXPECT_EQ(fake_->Totals().connections, 1U);
}

using Kind = ApplePushOutcome::Kind;
INSTANTIATE_TEST_SUITE_P(
    Apple, AnswerTest,
    ::testing::Values(
        Answer{400, "BadCollapseId", Kind::kBug}, Answer{400, "BadDeviceToken", Kind::kBadToken},
        Answer{400, "BadExpirationDate", Kind::kBug}, Answer{400, "BadMessageId", Kind::kBug},
        Answer{400, "BadPriority", Kind::kBug}, Answer{400, "BadTopic", Kind::kLaneStopped},
        Answer{400, "DeviceTokenNotForTopic", Kind::kBadToken},
        Answer{400, "DuplicateHeaders", Kind::kBug}, Answer{400, "InvalidPushType", Kind::kBug},
        Answer{400, "MissingDeviceToken", Kind::kBug},
        Answer{400, "MissingTopic", Kind::kLaneStopped}, Answer{400, "PayloadEmpty", Kind::kBug},
        Answer{400, "TopicDisallowed", Kind::kLaneStopped},
        Answer{403, "BadCertificate", Kind::kLaneStopped},
        Answer{403, "BadCertificateEnvironment", Kind::kLaneStopped},
        Answer{403, "ExpiredProviderToken", Kind::kLaneStopped},
        Answer{403, "Forbidden", Kind::kLaneStopped},
        Answer{403, "InvalidProviderToken", Kind::kLaneStopped},
        Answer{403, "MissingProviderToken", Kind::kLaneStopped}, Answer{404, "BadPath", Kind::kBug},
        Answer{405, "MethodNotAllowed", Kind::kBug}, Answer{410, "ExpiredToken", Kind::kGone},
        Answer{410, "Unregistered", Kind::kGone}, Answer{413, "PayloadTooLarge", Kind::kBug},
        Answer{429, "TooManyProviderTokenUpdates", Kind::kBug},
        Answer{429, "TooManyRequests", Kind::kThrottled},
        Answer{500, "InternalServerError", Kind::kRetry},
        Answer{503, "ServiceUnavailable", Kind::kRetry}, Answer{400, "Novelty", Kind::kBug},
        Answer{599, "Novelty", Kind::kRetry}));

class AnswersTest : public ApnsTest {};

TEST_F(AnswersTest, AGoneDeviceIsToldWithItsInstant) {
  Start();
  const Timestamp since = FromMicros(1'763'719'200'123'000);
  fake_->RetireToken(TokenOf(1), since);
  const ApplePushOutcome outcome = Send(1);
  EXPECT_EQ(outcome.kind, Kind::kGone);
  EXPECT_EQ(outcome.gone_since, since);
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
}

TEST_F(AnswersTest, RetryAfterIsTold) {
  Start();
  fake_->AnswerNext({.status = 503, .reason = "ServiceUnavailable", .retry_after = seconds(120)},
                    1);
  EXPECT_EQ(Send(1).retry_after, seconds(120));
}

TEST_F(AnswersTest, ATokenOfAnotherPassTypeIsBad) {
  Start();
  fake_->AddToken(TokenOf(1), PassTypeIdentifier("pass.other"));
  const ApplePushOutcome outcome = Send(1);
  EXPECT_EQ(outcome.kind, Kind::kBadToken);
  EXPECT_EQ(outcome.reason, "DeviceTokenNotForTopic");
}

TEST_F(AnswersTest, AnUnknownTokenIsBad) {
  Start({.knows_tokens = true});
  fake_->AddToken(TokenOf(1), kCoffee);
  EXPECT_EQ(Send(1).kind, Kind::kAccepted);
  EXPECT_EQ(Send(2).reason, "BadDeviceToken");
}

TEST_F(AnswersTest, OneTokenIsThrottledWhileOthersGoOn) {
  Start({.token_pushes_max = 2});
  EXPECT_EQ(Send(1).kind, Kind::kAccepted);
  EXPECT_EQ(Send(1).kind, Kind::kAccepted);
  EXPECT_EQ(Send(1).kind, Kind::kThrottled);
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
  const auto accounts = fake_->Accounts();
  EXPECT_EQ(accounts.at(TokenOf(1)).accepted, 2U);
  EXPECT_EQ(accounts.at(TokenOf(1)).refused, 1U);
}

// APNs answers so on a connection that it is about to close: the push goes out again by itself.
TEST_F(AnswersTest, ShutdownAndIdleTimeoutAreSentOnceMoreOnANewConnection) {
  Start();
  fake_->FailNext(Fault::kShutdown, 1);
  EXPECT_EQ(Send(1).kind, Kind::kAccepted);
  EXPECT_EQ(fake_->Totals().connections, 2U);
  fake_->AnswerNext({.status = 400, .reason = "IdleTimeout"}, 1);
  EXPECT_EQ(Send(2).kind, Kind::kAccepted);
  EXPECT_EQ(fake_->Totals().connections, 3U);
}

TEST_F(AnswersTest, ShutdownTwiceIsLeftToTheCaller) {
  Start();
  fake_->FailNext(Fault::kShutdown, 2);
  const ApplePushOutcome outcome = Send(1);
  EXPECT_EQ(outcome.kind, Kind::kRetry);
  EXPECT_EQ(outcome.reason, "Shutdown");
}

}  // namespace
}  // namespace passmint::apns
