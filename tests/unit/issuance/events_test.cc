#include "issuance/events.h"

#include "issuance/merge.h"
#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr char kRules[] = R"({
  "earn": [{"id": "base", "ppm": 50000}],
  "actions": [{"id": "review", "points": 50, "moderated": true, "limits": {"member": {"most": 100, "per": "day"}}},
              {"id": "visit", "points": 5, "once": "day", "activate_after": "P1D"}]})";

class EventsTest : public RulesTest {
 protected:
  EventsTest() {
    Publish(kRules);
    member_ = Sell("1", 1000).member.id;
  }

  EventReport Report(const std::string& id, const std::string& type) const {
    EventReport report;
    report.source = OrderSource("web");
    report.id = id;
    report.type = type;
    report.who.member = member_;
    report.actor = "till";
    return report;
  }

  Result<EventOutcome> TrySend(const EventReport& report) {
    return Write<EventOutcome>([&](Transaction& transaction) {
      return ReportEvent(transaction, site_, programme_, report);
    });
  }
  EventOutcome Send(const EventReport& report) {
    auto outcome = TrySend(report);
    EXPECT_TRUE(outcome.ok()) << outcome.error().message;
    return outcome.ok() ? std::move(outcome).value() : EventOutcome{};
  }
  CaseOutcome Approve(const std::string& case_id) {
    auto outcome = Write<CaseOutcome>([&](Transaction& transaction) {
      return DecideCase(transaction, site_, programme_,
                        {.case_id = case_id, .reason = "read it", .actor = "desk"});
    });
    EXPECT_TRUE(outcome.ok()) << outcome.error().message;
    return outcome.ok() ? std::move(outcome).value() : CaseOutcome{};
  }

  MemberId member_;
};

TEST_F(EventsTest, ACaseIsJudgedByTheRulesAndTheDayOfWhatHappened) {
  const EventOutcome waits = Send(Report("r1", "review"));
  ASSERT_EQ(waits.event.state, EventState::kWaiting);
  EXPECT_EQ(waits.event.points, 50);
  clock_.Advance(days(3));
  Publish(R"({"earn": [{"id": "base", "ppm": 50000}]})");
  const CaseOutcome approved = Approve(waits.event.case_id);
  EXPECT_EQ(approved.event.points, 50) << "there is no such action any more";
  EXPECT_EQ(approved.points.available, waits.points.available + 50);
  const auto progress = Progress(member_);
  ASSERT_TRUE(progress.has_value());
  EXPECT_EQ(progress->used.size(), 1U) << "the limit of the day on which it happened";
}

TEST_F(EventsTest, ALimitIsMetWhenTheCaseIsApprovedAndNotBefore) {
  std::vector<std::string> cases;
  cases.reserve(3);
  for (int n = 0; n < 3; ++n) {
    cases.push_back(Send(Report("r" + std::to_string(n), "review")).event.case_id);
  }
  EXPECT_EQ(Approve(cases[2]).event.points, 50);
  EXPECT_EQ(Approve(cases[0]).event.points, 50);
  const CaseOutcome last = Approve(cases[1]);
  EXPECT_EQ(last.event.points, 0);
  EXPECT_EQ(last.event.refusal, "limit_reached");
  EXPECT_EQ(last.event.state, EventState::kApproved);
}

TEST_F(EventsTest, AnActionsPointsBecomeActiveAsItSays) {
  const EventOutcome visit = Send(Report("v1", "visit"));
  EXPECT_EQ(visit.points.pending, 5);
  EXPECT_EQ(visit.points.earned, 5);
  clock_.Advance(hours(40));
  EXPECT_EQ(Send(Report("v2", "visit")).points.available, visit.points.available + 5);
}

TEST_F(EventsTest, TheDayIsThatOfTheProgrammesZone) {
  EventReport late = Report("v1", "visit");
  clock_.Set(ParseRfc3339("2026-11-21T21:30:00Z").value());  // 00:30 on the 22nd in Moscow.
  late.occurred_at = "2026-11-21T20:59:59Z";                 // The 21st, still.
  EXPECT_EQ(Send(late).points.earned, 5);
  EventReport early = Report("v2", "visit");
  early.occurred_at = "2026-11-21T21:00:00Z";
  EXPECT_EQ(Send(early).points.earned, 5);
  EventReport again = Report("v3", "visit");
  again.occurred_at = "2026-11-21T21:29:00Z";
  EXPECT_EQ(Send(again).event.refusal, "already_granted");
}

TEST_F(EventsTest, WhatAMergedMemberDidTheOtherHasDone) {
  const MemberId other = Sell("2", 1000, "+79210000001").member.id;
  EventReport theirs = Report("v1", "visit");
  theirs.who.member = other;
  Send(theirs);
  const auto merged = Write<MergeOutcome>([&](Transaction& transaction) {
    return MergeMembers(transaction, site_, programme_,
                        {.winner = member_, .loser = other, .reason = "one", .actor = "desk"});
  });
  ASSERT_TRUE(merged.ok()) << merged.error().message;
  EXPECT_EQ(Send(Report("v2", "visit")).event.refusal, "already_granted");
  EXPECT_FALSE(Send(theirs).created) << "the event is known, under its new owner";
}

TEST_F(EventsTest, F7_AnActionThatTheRulesDoNotHaveIsNotFound) {
  const auto unknown = TrySend(Report("d1", "dance"));
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace passmint::issuance
