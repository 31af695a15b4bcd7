#include "issuance/trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

namespace passmint::issuance {
namespace {

using std::chrono::minutes;

const Timestamp kNow = ParseRfc3339("2026-11-21T10:00:00Z").value();

// A card that is in Google Wallet only, as Google has it.
TraceRows Rows() {
  TraceRows rows{.card = {}, .now = kNow, .changed_at = kNow - minutes(1), .entry = "e_1"};
  rows.card.revision = 7;
  rows.has_google = true;
  rows.google = Delivery{.programme = ProgrammeId("demo"), .card = "c", .wanted = 7, .sent = 7};
  rows.google_object = GoogleObject{.card = "c",
                                    .suffix = "s",
                                    .inserted_at = kNow - minutes(9),
                                    .patched_at = kNow,
                                    .sent_revision = 7,
                                    .has_users = true,
                                    .callback = "save",
                                    .callback_at = kNow - minutes(8)};
  return rows;
}

// As after the given answer to the last request.
TraceRows Failed(std::string failure) {
  TraceRows rows = Rows();
  rows.google->sent = 6;
  rows.google_object->sent_revision = 6;
  rows.google_object->attempts = 3;
  rows.google_object->failure = std::move(failure);
  return rows;
}

TraceStep Step(const TraceRows& rows, std::string_view name) {
  const Trace trace = TraceOf(rows);
  const auto found = std::find_if(trace.steps.begin(), trace.steps.end(),
                                  [name](const TraceStep& step) { return step.name == name; });
  return found == trace.steps.end() ? TraceStep{} : *found;
}

TEST(TraceTest, GooglesPartSaysWhenTheObjectWasInsertedPatchedAndSaved) {
  const TraceRows rows = Rows();
  EXPECT_EQ(Step(rows, "google_inserted").at, kNow - minutes(9));
  EXPECT_EQ(Step(rows, "google_inserted").state, TraceState::kDone);
  EXPECT_EQ(Step(rows, "google").detail, "Google has revision 7");
  EXPECT_EQ(Step(rows, "google").at, kNow);
  EXPECT_EQ(Step(rows, "google_saved").detail, "the customer saved it");
  EXPECT_EQ(TraceOf(rows).summary,
            "Revision 7 of 2026-11-21T09:59:00Z has reached every wallet that the card is in.");
}

TEST(TraceTest, ADeletedObjectAndOneThatGoogleSaysSomebodyHasAreToldApart) {
  TraceRows rows = Rows();
  rows.google_object->callback = "del";
  rows.google_object->has_users = false;
  EXPECT_EQ(Step(rows, "google_saved").detail, "the customer deleted it");
  EXPECT_EQ(Step(rows, "google_saved").state, TraceState::kNone);
  rows.google_object->callback.clear();
  rows.google_object->has_users = true;
  EXPECT_EQ(Step(rows, "google_saved").detail, "Google says that somebody has it (hasUsers)");
}

TEST(TraceTest, APatchThatGoogleRefusesIsTheStepThatIsBrokenWithItsCure) {
  const TraceRows rows = Failed("403 permissionDenied: the account may not");
  const TraceStep step = Step(rows, "google");
  EXPECT_EQ(step.state, TraceState::kBroken);
  EXPECT_EQ(step.detail,
            "the PATCH was answered 403 permissionDenied: the account may not, 3 times");
  EXPECT_NE(step.cure.find("invite the service account"), std::string::npos);
  EXPECT_NE(TraceOf(rows).summary.find("is stuck at \"google\""), std::string::npos);
}

TEST(TraceTest, NoAnswerIsCuredElsewhereThanARefusal) {
  EXPECT_NE(Step(Failed("0 ConnectFailed: x"), "google").cure.find("port 443"), std::string::npos);
  EXPECT_NE(Step(Failed("400 invalid: x"), "google").cure.find("template lint"), std::string::npos);
  EXPECT_NE(Step(Failed("500 : x"), "google").cure.find("by itself"), std::string::npos);
}

TEST(TraceTest, AnObjectThatIsNotThereYetIsTheFirstBrokenStep) {
  TraceRows rows = Failed("401 : x");
  rows.google_object->inserted_at.reset();
  EXPECT_EQ(Step(rows, "google_inserted").state, TraceState::kBroken);
  EXPECT_NE(TraceOf(rows).summary.find("is stuck at \"google_inserted\""), std::string::npos);
  rows.google_object->failure.clear();
  EXPECT_EQ(Step(rows, "google_inserted").state, TraceState::kWaiting);
}

TEST(TraceTest, AProgrammeWithoutGoogleHasNoPartOfIt) {
  TraceRows rows = Rows();
  rows.has_google = false;
  rows.google.reset();
  rows.google_object.reset();
  EXPECT_EQ(Step(rows, "google").detail, "the programme has no Google account");
  EXPECT_TRUE(TraceJson(rows)["google"].is_null());
}

}  // namespace
}  // namespace passmint::issuance
