#include "issuance/calendar_run.h"

#include <map>
#include <thread>

#include "issuance/explain.h"
#include "issuance/merge.h"
#include "issuance/points.h"
#include "ledger/codec.h"
#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr char kBirthdayAndNewYear[] = R"({
  "earn": [{"id": "base", "ppm": 50000}],
  "calendar": {"hour": 9, "holidays": [{"id": "new_year", "date": "01-01"}],
    "grants": [{"id": "bd", "on": "birthday", "points": 300, "expires": {"after": "P14D"}},
               {"id": "ny", "on": "new_year", "points": 50}]}})";

class CalendarRunTest : public RulesTest {
 protected:
  void Serve() { site_.programmes.insert_or_assign(programme_.programme.id, programme_); }

  // A member without cards and orders.
  cards::Member Join(int n, const std::string& birthday, const std::string& zone = {}) {
    cards::Member member;
    member.id = MemberId("m_" + std::to_string(1000 + n));
    member.account = AccountFor(member.id);
    if (!birthday.empty()) member.birthday = ParseDate(birthday).value();
    member.time_zone = zone;
    const Status made = store_->Write([&](Transaction& transaction) {
      member.created_at = transaction.Now();
      return transaction.InsertMember(programme_.programme.id, member);
    });
    EXPECT_TRUE(made.ok()) << made.error().message;
    return member;
  }

  int RunAll(CalendarRun& run) {
    int given = 0;
    for (bool more = true; more;) {
      const auto round = run.RunBatch();
      EXPECT_TRUE(round.ok()) << round.error().message;
      if (!round.ok()) return given;
      EXPECT_TRUE(round.value().failed.empty());
      given += round.value().given;
      more = round.value().more;
    }
    return given;
  }
  int RunAll() {
    CalendarRun run(*store_, site_);
    return RunAll(run);
  }

  // Earnings of an account: rule and occurrence, how often.
  std::map<std::string, int> GivenTo(const MemberId& member) {
    std::map<std::string, int> given;
    const Status read = store_->Read([&](Transaction& transaction) -> Status {
      const auto entries =
          transaction.EntriesBefore(programme_.programme.id, AccountFor(member), 0, 1000);
      for (const JournalEntry& entry : entries.value()) {
        const auto body = ledger::DecodeBody(entry.sequence, entry.body).value();
        if (body.type != ledger::EntryType::kEarn) continue;
        ++given[body.derivations.front().rule + " " + body.document.parent];
      }
      return {};
    });
    EXPECT_TRUE(read.ok());
    return given;
  }

  void SetClock(const char* text) { clock_.Set(ParseRfc3339(text).value()); }
};

TEST_F(CalendarRunTest, A2_TheYearTurnsTwiceAndEachMemberHasOneGrantAYear) {
  SetClock("2026-12-01T00:00:00Z");
  Publish(kBirthdayAndNewYear);
  Serve();
  const cards::Member anna = Join(1, "1990-02-28");
  const cards::Member boris = Join(2, "");
  for (int turn = 0; turn < 2; ++turn) {
    CalendarRun run(*store_, site_);
    SetClock("2026-12-31T20:59:59Z");
    EXPECT_EQ(RunAll(run), 0);
    SetClock("2027-01-01T05:59:59Z");  // 08:59:59 in Moscow.
    EXPECT_EQ(RunAll(run), 0);
    SetClock("2027-01-01T06:00:10Z");
    EXPECT_EQ(RunAll(run), turn == 0 ? 2 : 0);
    EXPECT_EQ(RunAll(run), 0);
  }
  EXPECT_EQ(GivenTo(boris.id), (std::map<std::string, int>{{"ny 2027", 1}}));
  SetClock("2028-01-01T06:00:10Z");
  EXPECT_EQ(RunAll(), 3) << "a birthday and two New Years";
  EXPECT_EQ(GivenTo(anna.id),
            (std::map<std::string, int>{{"ny 2027", 1}, {"bd 2027", 1}, {"ny 2028", 1}}));
}

TEST_F(CalendarRunTest, WhatFellDueWhileTheServiceWasDownIsGivenWhenItIsBack) {
  SetClock("2026-02-01T00:00:00Z");
  Publish(kBirthdayAndNewYear);
  Serve();
  const cards::Member anna = Join(1, "1990-02-28");
  const cards::Member boris = Join(2, "1991-03-02");
  SetClock("2026-03-05T00:00:00Z");
  EXPECT_EQ(RunAll(), 2);
  EXPECT_EQ(GivenTo(anna.id), (std::map<std::string, int>{{"bd 2026", 1}}));
  EXPECT_EQ(GivenTo(boris.id), (std::map<std::string, int>{{"bd 2026", 1}}));
}

TEST_F(CalendarRunTest, WhoJoinsAfterTheHourIsNotConcerned) {
  SetClock("2026-02-27T00:00:00Z");
  Publish(kBirthdayAndNewYear);
  Serve();
  SetClock("2026-02-28T07:00:00Z");
  const cards::Member late = Join(1, "1990-02-28");
  EXPECT_EQ(RunAll(), 0);
  SetClock("2027-02-28T07:00:00Z");
  EXPECT_EQ(RunAll(), 2) << "New Year and the next birthday";
}

TEST_F(CalendarRunTest, ABirthdayFallsDueInTheMembersOwnZone) {
  SetClock("2026-05-01T00:00:00Z");
  Publish(kBirthdayAndNewYear);
  Serve();
  const cards::Member here = Join(1, "1990-05-09");
  const cards::Member far = Join(2, "1990-05-09", "Asia/Vladivostok");
  SetClock("2026-05-08T23:00:00Z");
  EXPECT_EQ(RunAll(), 1);
  EXPECT_TRUE(GivenTo(here.id).empty());
  SetClock("2026-05-09T06:00:00Z");
  EXPECT_EQ(RunAll(), 1);
  EXPECT_EQ(GivenTo(here.id), GivenTo(far.id));
}

TEST_F(CalendarRunTest, RulesGiveNothingForWhatFellDueBeforeTheyWerePublished) {
  SetClock("2026-02-01T00:00:00Z");
  Publish(R"({"earn": [{"id": "base", "ppm": 50000}]})");
  Serve();
  (void)Join(1, "1990-02-28");
  SetClock("2026-03-05T00:00:00Z");
  Publish(kBirthdayAndNewYear);
  EXPECT_EQ(RunAll(), 0);
  SetClock("2027-02-01T00:00:00Z");
  EXPECT_EQ(RunAll(), 1);
  Publish(R"({"earn": [{"id": "base", "ppm": 50000}]})");
  SetClock("2027-03-05T00:00:00Z");
  EXPECT_EQ(RunAll(), 0) << "no birthdays in these rules";
}

TEST_F(CalendarRunTest, ManyMembersAreWorkedThroughInBatchesByTwoProcessesOnceEach) {
  SetClock("2026-12-01T00:00:00Z");
  Publish(kBirthdayAndNewYear);
  Serve();
  constexpr int kMembers = 2 * kCalendarBatch + 50;
  std::vector<MemberId> members;
  members.reserve(kMembers);
  for (int n = 0; n < kMembers; ++n) members.push_back(Join(n, "").id);
  SetClock("2027-01-01T07:00:00Z");
  {
    CalendarRun one(*store_, site_);
    ASSERT_TRUE(one.RunBatch().ok());
  }
  int given[2] = {0, 0};
  std::thread other([&] { given[0] = RunAll(); });
  given[1] = RunAll();
  other.join();
  // Who found the other at work may have left it to them; nothing is left when both are gone.
  clock_.Advance(hours(1));
  EXPECT_EQ(given[0] + given[1] + RunAll() + kCalendarBatch, static_cast<int>(members.size()));
  for (const MemberId& member : members) {
    ASSERT_EQ(GivenTo(member), (std::map<std::string, int>{{"ny 2027", 1}})) << member.str();
  }
}

TEST_F(CalendarRunTest, WhatAProcessHadClaimedWhenItDiedIsGoneOnWithLater) {
  SetClock("2026-12-01T00:00:00Z");
  Publish(kBirthdayAndNewYear);
  Serve();
  const cards::Member anna = Join(1, "");
  SetClock("2027-01-01T07:00:00Z");
  const Status claimed = store_->Write([&](Transaction& transaction) {
    return transaction.PutCalendarPlace(programme_.programme.id,
                                        {.due = ParseRfc3339("2027-01-01T06:00:00Z").value(),
                                         .rule = "ny",
                                         .zone = {},
                                         .occurrence = "2027",
                                         .born = {},
                                         .member = {},
                                         .done = false,
                                         .leased_until = transaction.Now() + kCalendarLease});
  });
  ASSERT_TRUE(claimed.ok());
  EXPECT_EQ(RunAll(), 0);
  clock_.Advance(kCalendarLease);
  EXPECT_EQ(RunAll(), 1);
}

TEST_F(CalendarRunTest, TwoMembersWhoBecameOneHaveTheirNextBirthdayOnce) {
  SetClock("2026-02-01T00:00:00Z");
  Publish(kBirthdayAndNewYear);
  Serve();
  const cards::Member anna = Join(1, "1990-02-28");
  const cards::Member other = Join(2, "1990-02-28");
  SetClock("2026-03-01T00:00:00Z");
  EXPECT_EQ(RunAll(), 2);
  const auto merged = Write<MergeOutcome>([&](Transaction& transaction) {
    return MergeMembers(transaction, site_, programme_,
                        {.winner = anna.id, .loser = other.id, .reason = "one", .actor = "desk"});
  });
  ASSERT_TRUE(merged.ok()) << merged.error().message;
  SetClock("2027-03-01T00:00:00Z");
  EXPECT_EQ(RunAll(), 2) << "New Year and one birthday";
}

TEST_F(CalendarRunTest, ConditionsLimitsAndBudgetsHoldForOccasionsToo) {
  SetClock("2026-12-01T00:00:00Z");
  Publish(R"({"earn": [{"id": "base", "ppm": 50000}], "budgets": [{"id": "gifts", "cap": 120}],
    "calendar": {"hour": 0, "holidays": [{"id": "new_year", "date": "01-01"}],
      "grants": [{"id": "ny", "on": "new_year", "points": 50, "limits": {"budget": "gifts"},
                  "when": {"field": "member.opted_in", "value": 1}}]}})");
  Serve();
  for (int n = 0; n < 5; ++n) {
    cards::Member member = Join(n, "");
    if (n == 0) continue;
    member.opted_in = cards::OptIn{.in = true, .at = clock_.Now(), .source = "web"};
    const Status agreed = store_->Write([&](Transaction& transaction) {
      return transaction.UpdateMember(programme_.programme.id, member);
    });
    ASSERT_TRUE(agreed.ok());
  }
  SetClock("2027-01-01T07:00:00Z");
  EXPECT_EQ(RunAll(), 2);
  EXPECT_TRUE(GivenTo(MemberId("m_1000")).empty()) << "never agreed";
  EXPECT_EQ(Spent("gifts"), 100);
}

TEST_F(CalendarRunTest, E3_TheEntrySaysWhichRuleGaveItAndExplainsItself) {
  SetClock("2026-02-01T00:00:00Z");
  Publish(kBirthdayAndNewYear);
  Serve();
  const cards::Member anna = Join(1, "1990-02-28");
  SetClock("2026-03-01T00:00:00Z");
  ASSERT_EQ(RunAll(), 1);
  const auto explained = Write<Explanation>([&](Transaction& transaction) {
    return ExplainEntry(transaction, programme_, EntryIdText(anna.account, 1));
  });
  ASSERT_TRUE(explained.ok()) << explained.error().message;
  EXPECT_TRUE(explained.value().agrees);
  EXPECT_EQ(explained.value().points, 300);
  EXPECT_EQ(explained.value().rule_set, 1);
  ASSERT_EQ(explained.value().rules.size(), 1U);
  EXPECT_EQ(explained.value().rules[0].rule, "bd");
}

// Ten years, a day and a bit at a time, with weeks of downtime between.
TEST_F(CalendarRunTest, A2_TenYearsOfBirthdaysAndHolidaysComeOnceEachInFiveZones) {
  const char* zones[] = {"Europe/Moscow", "America/New_York", "Pacific/Apia", "Asia/Kolkata",
                         "Africa/Cairo"};
  const Timestamp start = ParseRfc3339("2027-01-10T00:00:00Z").value();
  clock_.Set(start);
  Publish(kBirthdayAndNewYear);
  Serve();
  std::vector<MemberId> members;
  for (int n = 0; n < 5; ++n) {
    members.push_back(Join(2 * n, "1988-02-29", zones[n]).id);
    members.push_back(Join(2 * n + 1, "1990-10-31", zones[n]).id);
  }
  CalendarRun run(*store_, site_);
  for (int step = 0; clock_.Now() < ParseRfc3339("2037-01-10T00:00:00Z").value(); ++step) {
    clock_.Advance(step % 7 == 0 ? days(50) : days(12) + hours(step % 24));
    RunAll(run);
  }
  for (const MemberId& member : members) {
    const auto given = GivenTo(member);
    EXPECT_EQ(given.size(), 20U) << member.str();
    for (const auto& [what, times] : given) EXPECT_EQ(times, 1) << what;
  }
}

}  // namespace
}  // namespace passmint::issuance
