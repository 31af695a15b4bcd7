#include "google/wallet_errors.h"

#include <gtest/gtest.h>

namespace passmint::google {
namespace {

using Kind = WalletOutcome::Kind;

struct Row {
  const char* what;
  WalletCall call;
  int status;
  const char* reason;
  const char* message;
  Kind kind;
};

class WalletErrorTest : public testing::TestWithParam<Row> {};

TEST_P(WalletErrorTest, IsAnsweredByWhatHelps) {
  const Row& row = GetParam();
  EXPECT_EQ(ToString(KindOf(row.call, row.status, row.reason, row.message)), ToString(row.kind));
}

constexpr auto kPatch = WalletCall::kPatchObject;
constexpr auto kInsert = WalletCall::kInsertObject;

// Messages as Google's page of error codes and recorded answers have them.
INSTANTIATE_TEST_SUITE_P(
    Table, WalletErrorTest,
    testing::Values(
        Row{"Ok", kPatch, 200, "", "", Kind::kDone},
        Row{"BadId", kInsert, 400, "badRequest", "Invalid resource ID: x", Kind::kRefused},
        Row{"TokenOver", kPatch, 401, "authError", "Invalid Credentials", Kind::kStopped},
        Row{"NoPermission", kPatch, 403, "forbidden", "Permission Denied", Kind::kStopped},
        Row{"NotificationsByReason", kPatch, 403, "quotaExceeded", "", Kind::kNotificationLimit},
        Row{"NotificationsByWord", WalletCall::kAddMessage, 403, "",
            "Quota exceeded for issuer 1 when adding TEXT_AND_NOTIFY message to class 1.a.",
            Kind::kNotificationLimit},
        Row{"RateByReason", kPatch, 403, "rateLimitExceeded", "", Kind::kThrottled},
        Row{"RateOfAUser", kPatch, 403, "userRateLimitExceeded", "", Kind::kThrottled},
        Row{"RateByWord", kPatch, 403, "", "Quota exceeded for quota metric 'Queries'",
            Kind::kThrottled},
        Row{"TooMany", kPatch, 429, "RESOURCE_EXHAUSTED", "Quota exceeded", Kind::kThrottled},
        Row{"ObjectMissing", kPatch, 404, "resourceNotFound", "", Kind::kNoObject},
        Row{"ObjectMissingToGet", WalletCall::kGetObject, 404, "", "", Kind::kNoObject},
        Row{"ClassMissing", kInsert, 404, "classNotFound", "", Kind::kNoClass},
        Row{"ClassMissingInAPatch", kPatch, 404, "classNotFound", "", Kind::kNoClass},
        Row{"InsertFindsNothing", kInsert, 404, "", "", Kind::kNoClass},
        Row{"ClassToPatchMissing", WalletCall::kPatchClass, 404, "resourceNotFound", "",
            Kind::kNoClass},
        Row{"ObjectExists", kInsert, 409, "", "Wallet Object Class 1.a already exists.",
            Kind::kExists},
        Row{"ClassExists", WalletCall::kInsertClass, 409, "existingResource", "", Kind::kExists},
        Row{"ConflictOfPatches", kPatch, 409, "", "", Kind::kRetry},
        Row{"Gone", kPatch, 410, "", "", Kind::kRefused},
        Row{"TimedOutThere", kPatch, 408, "", "", Kind::kRetry},
        Row{"Broken", kPatch, 500, "backendError", "", Kind::kRetry},
        Row{"Unavailable", kPatch, 503, "", "", Kind::kRetry},
        Row{"Redirect", kPatch, 302, "", "", Kind::kRetry}),
    [](const auto& row) { return std::string(row.param.what); });

TEST(WalletErrorsTest, TheEnvelopeIsReadAndPassedOnClean) {
  const auto outcome = OutcomeOf(
      kPatch,
      {.status = 403,
       .body =
           R"({"error":{"code":403,"message":"Quota exceeded for issuer\u0007 1",)"
           R"("errors":[{"message":"...","domain":"walletobjects","reason":"quotaExceeded"}]}})",
       .retry_after = "120"});
  EXPECT_EQ(outcome.kind, Kind::kNotificationLimit);
  EXPECT_EQ(outcome.reason, "quotaExceeded");
  EXPECT_EQ(outcome.retry_after, std::chrono::seconds(120));
  EXPECT_NE(outcome.detail.find("(Quota exceeded for issuer? 1)"), std::string::npos);
}

TEST(WalletErrorsTest, WhatCannotBeReadCountsAsAbsent) {
  for (const char* const body :
       {"", "<html>", "[]", R"({"error":7})", R"({"error":{"errors":[7]}})"}) {
    const auto outcome = OutcomeOf(kPatch, {.status = 500, .body = body, .retry_after = "soon"});
    EXPECT_EQ(outcome.kind, Kind::kRetry) << body;
    EXPECT_EQ(outcome.reason, "") << body;
    EXPECT_FALSE(outcome.retry_after) << body;
  }
}

TEST(WalletErrorsTest, ASuccessThatIsNoJsonIsTriedAgain) {
  EXPECT_EQ(OutcomeOf(kPatch, {.status = 200, .body = "<html>Log in</html>"}).kind, Kind::kRetry);
  const auto done = OutcomeOf(kPatch, {.status = 200, .body = R"({"id":"1.a"})"});
  EXPECT_EQ(done.kind, Kind::kDone);
  EXPECT_EQ(done.body["id"], "1.a");
}

TEST(WalletErrorsTest, AWaitIsADayAtMost) {
  EXPECT_EQ(OutcomeOf(kPatch, {.status = 429, .retry_after = "999999999"}).retry_after,
            std::chrono::hours(24));
  EXPECT_FALSE(OutcomeOf(kPatch, {.status = 429, .retry_after = "-1"}).retry_after);
}

}  // namespace
}  // namespace passmint::google
