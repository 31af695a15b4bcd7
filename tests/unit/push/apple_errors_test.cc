#include "push/apple_errors.h"

#include <gtest/gtest.h>

#include <string>

namespace passmint::push {
namespace {

using Kind = ApplePushOutcome::Kind;
using std::chrono::hours;
using std::chrono::seconds;

struct Row {
  int status;
  const char* reason;
  Kind kind;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.status << ' ' << row.reason; }

class AppleErrorTable : public testing::TestWithParam<Row> {};

TEST_P(AppleErrorTable, SaysWhatToDo) {
  const Row& row = GetParam();
  EXPECT_EQ(KindOf(row.status, row.reason), row.kind);

  const std::string body = std::string(R"({"reason":")") + row.reason + "\"}";
  const ApplePushOutcome outcome = OutcomeOf({.status = row.status, .body = body});
  EXPECT_EQ(outcome.kind, row.kind);
  EXPECT_EQ(outcome.status, row.status);
  EXPECT_EQ(outcome.reason, row.reason);
  EXPECT_NE(outcome.detail.find(row.reason), std::string::npos);
  EXPECT_TRUE(outcome.sent);
}

// Apple's table, row by row.
INSTANTIATE_TEST_SUITE_P(
    Apple, AppleErrorTable,
    testing::Values(
        Row{400, "BadCollapseId", Kind::kBug}, Row{400, "BadDeviceToken", Kind::kBadToken},
        Row{400, "BadExpirationDate", Kind::kBug}, Row{400, "BadMessageId", Kind::kBug},
        Row{400, "BadPriority", Kind::kBug}, Row{400, "BadTopic", Kind::kLaneStopped},
        Row{400, "DeviceTokenNotForTopic", Kind::kBadToken},
        Row{400, "DuplicateHeaders", Kind::kBug}, Row{400, "IdleTimeout", Kind::kRetry},
        Row{400, "InvalidPushType", Kind::kBug}, Row{400, "MissingDeviceToken", Kind::kBug},
        Row{400, "MissingTopic", Kind::kLaneStopped}, Row{400, "PayloadEmpty", Kind::kBug},
        Row{400, "TopicDisallowed", Kind::kLaneStopped},
        Row{403, "BadCertificate", Kind::kLaneStopped},
        Row{403, "BadCertificateEnvironment", Kind::kLaneStopped},
        Row{403, "ExpiredProviderToken", Kind::kLaneStopped},
        Row{403, "Forbidden", Kind::kLaneStopped},
        Row{403, "InvalidProviderToken", Kind::kLaneStopped},
        Row{403, "MissingProviderToken", Kind::kLaneStopped},
        Row{403, "UnrelatedKeyIdInToken", Kind::kLaneStopped},
        Row{403, "BadEnvironmentKeyIdInToken", Kind::kLaneStopped}, Row{404, "BadPath", Kind::kBug},
        Row{405, "MethodNotAllowed", Kind::kBug}, Row{410, "ExpiredToken", Kind::kGone},
        Row{410, "Unregistered", Kind::kGone}, Row{413, "PayloadTooLarge", Kind::kBug},
        Row{429, "TooManyProviderTokenUpdates", Kind::kBug},
        Row{429, "TooManyRequests", Kind::kThrottled},
        Row{500, "InternalServerError", Kind::kRetry}, Row{503, "ServiceUnavailable", Kind::kRetry},
        Row{503, "Shutdown", Kind::kRetry}));

INSTANTIATE_TEST_SUITE_P(
    UnknownReason, AppleErrorTable,
    testing::Values(Row{400, "Novelty", Kind::kBug}, Row{403, "Novelty", Kind::kLaneStopped},
                    Row{410, "Novelty", Kind::kGone}, Row{418, "Novelty", Kind::kBug},
                    Row{429, "Novelty", Kind::kThrottled}, Row{500, "Novelty", Kind::kRetry},
                    Row{502, "Novelty", Kind::kRetry}, Row{599, "Novelty", Kind::kRetry},
                    // A reason counts only with the status it belongs to.
                    Row{500, "BadDeviceToken", Kind::kRetry},
                    Row{400, "Unregistered", Kind::kBug}));

TEST(AppleAnswerTest, TwoHundredIsAcceptedAndTellsTheId) {
  const auto outcome =
      OutcomeOf({.status = 200, .apns_id = "4d6cbb1e-9c4f-4a34-8a3f-0d2a4f6b7c11"});
  EXPECT_EQ(outcome.kind, Kind::kAccepted);
  EXPECT_EQ(outcome.apns_id, "4d6cbb1e-9c4f-4a34-8a3f-0d2a4f6b7c11");
  EXPECT_EQ(outcome.detail, "");
}

TEST(AppleAnswerTest, AStatusThatApnsDoesNotHaveIsTransient) {
  for (const int status : {100, 204, 302, 600}) EXPECT_EQ(KindOf(status, ""), Kind::kRetry);
}

TEST(AppleAnswerTest, GoneTellsSinceWhenInMilliseconds) {
  const auto outcome =
      OutcomeOf({.status = 410, .body = R"({"reason":"Unregistered","timestamp":1763719200123})"});
  EXPECT_EQ(outcome.gone_since, FromMicros(1'763'719'200'123'000));
}

TEST(AppleAnswerTest, ATimestampThatIsNoneIsAbsent) {
  for (const char* timestamp :
       {"-1", "1e300", "\"1763719200123\"", "18446744073709551615", "null", "32503680000001"}) {
    const std::string body =
        std::string(R"({"reason":"Unregistered","timestamp":)") + timestamp + "}";
    const auto outcome = OutcomeOf({.status = 410, .body = body});
    EXPECT_EQ(outcome.kind, Kind::kGone);
    EXPECT_FALSE(outcome.gone_since) << timestamp;
  }
}

TEST(AppleAnswerTest, ABodyThatCannotBeReadLeavesTheStatus) {
  for (const std::string& body :
       {std::string(), std::string("null"), std::string("[]"), std::string("{"),
        std::string(R"({"reason":7})"), std::string(kAppleAnswerBytesMax + 1, ' '),
        std::string(R"({"reason":"a b"})"), std::string(R"({"reason":"<script>"})"),
        R"({"reason":")" + std::string(65, 'a') + "\"}"}) {
    const auto outcome = OutcomeOf({.status = 503, .body = body});
    EXPECT_EQ(outcome.kind, Kind::kRetry);
    EXPECT_EQ(outcome.reason, "") << body;
  }
}

TEST(AppleAnswerTest, RetryAfterCountsInSecondsUpToADay) {
  const auto of = [](std::string_view header) {
    return OutcomeOf({.status = 503, .retry_after = header}).retry_after;
  };
  EXPECT_EQ(of("120"), seconds(120));
  EXPECT_EQ(of("4294967295"), hours(24));
  EXPECT_EQ(of(""), std::nullopt);
  EXPECT_EQ(of("-5"), std::nullopt);
  EXPECT_EQ(of("120s"), std::nullopt);
  EXPECT_EQ(of("99999999999999999999"), std::nullopt);
  EXPECT_EQ(of("Sat, 21 Nov 2026 10:00:00 GMT"), std::nullopt);
}

TEST(AppleAnswerTest, AnApnsIdWithOddCharactersIsDropped) {
  EXPECT_EQ(OutcomeOf({.status = 200, .apns_id = "a\nb"}).apns_id, "");
  EXPECT_EQ(OutcomeOf({.status = 200, .apns_id = std::string(37, 'a')}).apns_id, "");
}

TEST(AppleAnswerTest, OnlyIdleTimeoutAndShutdownEndAConnection) {
  EXPECT_TRUE(EndsConnection(400, "IdleTimeout"));
  EXPECT_TRUE(EndsConnection(503, "Shutdown"));
  EXPECT_FALSE(EndsConnection(503, "ServiceUnavailable"));
  EXPECT_FALSE(EndsConnection(403, "BadCertificate"));
}

TEST(AppleAnswerTest, OfGoawaysOnlyThoseAboutCertificateOrTopicStopALane) {
  EXPECT_TRUE(StopsLane("BadCertificate"));
  EXPECT_TRUE(StopsLane("TopicDisallowed"));
  EXPECT_FALSE(StopsLane("Shutdown"));
  EXPECT_FALSE(StopsLane("Novelty"));
  EXPECT_FALSE(StopsLane(""));
}

TEST(PushTokenTest, OnlyALettersAndDigitsTokenMayBecomeAPath) {
  EXPECT_TRUE(IsSendable(PushToken(std::string(64, 'f'))));
  EXPECT_TRUE(IsSendable(PushToken("Az09_-")));
  EXPECT_TRUE(IsSendable(PushToken(std::string(kApplePushTokenBytesMax, '0'))));
  for (const std::string& token :
       {std::string(), std::string("a/b"), std::string("a?b"), std::string("../x"),
        std::string("a\r\nb"), std::string("a b"), std::string("a%2fb"), std::string("\xff"),
        std::string("a\0b", 3), std::string(kApplePushTokenBytesMax + 1, '0')}) {
    EXPECT_FALSE(IsSendable(PushToken(token))) << token;
  }
}

}  // namespace
}  // namespace passmint::push
