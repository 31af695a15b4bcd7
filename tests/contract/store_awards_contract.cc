#include <vector>

#include "contract/store_contract.h"

namespace passmint::testing {
namespace {

using issuance::CalendarPlace;
using issuance::EventState;
using issuance::GivenAward;
using issuance::ReportedEvent;
using issuance::Transaction;

GivenAward SampleAward(int member, const std::string& occurrence) {
  return {.member = MemberIdOf(member),
          .rule = "birthday",
          .occurrence = occurrence,
          .given_at = Start(),
          .rule_set = 3,
          .count = 2,
          .points = 300,
          .entry = "e_1.7",
          .limits = {{"member_left", 400}}};
}

ReportedEvent SampleEvent(const std::string& id, const std::string& case_id) {
  return {.source = kWeb,
          .id = id,
          .case_id = case_id,
          .fingerprint = "k1:abc",
          .type = "review",
          .member = MemberIdOf(1),
          .subject = "ESP-1",
          .quantity = 3,
          .occurred_at = Start(),
          .received_at = Start() + std::chrono::microseconds(1),
          .rule_set = 4,
          .state = case_id.empty() ? EventState::kDone : EventState::kWaiting,
          .proof = "https://example.com/отзыв",
          .points = 50,
          .entry = "e_1.8",
          .refusal = {},
          .reason = {},
          .decided_by = {}};
}

TEST_P(StoreContract, AnAwardIsGivenOnceAndReadsBack) {
  const auto insert = [this](const GivenAward& award) {
    bool inserted = false;
    MustWrite([&](Transaction& t) -> Status {
      auto done = t.InsertAward(kCoffee, award);
      inserted = done.ok() && done.value();
      return Succeeded(done);
    });
    return inserted;
  };
  EXPECT_TRUE(insert(SampleAward(1, "2026")));
  EXPECT_FALSE(insert(SampleAward(1, "2026")));
  EXPECT_TRUE(insert(SampleAward(1, "2027")));
  EXPECT_TRUE(insert(SampleAward(2, "2026")));
  Reopen();
  const auto read =
      Read([](Transaction& t) { return t.FindAward(kCoffee, MemberIdOf(1), "birthday", "2026"); });
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->given_at, Start());
  EXPECT_EQ(read->rule_set, 3);
  EXPECT_EQ(read->count, 2);
  EXPECT_EQ(read->points, 300);
  EXPECT_EQ(read->entry, "e_1.7");
  EXPECT_EQ(read->limits, Json({{"member_left", 400}}));
  EXPECT_FALSE(Read([](Transaction& t) {
                 return t.FindAward(kTea, MemberIdOf(1), "birthday", "2026");
               }).has_value());
}

TEST_P(StoreContract, WhatAMergedMemberWasGivenTheOtherHasHad) {
  MustWrite([](Transaction& t) -> Status {
    for (const Status& done :
         {t.InsertMember(kCoffee, SampleMember(1)), t.InsertMember(kCoffee, SampleMember(2)),
          Succeeded(t.InsertAward(kCoffee, SampleAward(1, "2026"))),
          Succeeded(t.InsertAward(kCoffee, SampleAward(2, "2026"))),
          Succeeded(t.InsertAward(kCoffee, SampleAward(2, "2027"))),
          t.InsertEvent(kCoffee, SampleEvent("r1", ""))}) {
      if (!done.ok()) return done;
    }
    return t.MoveBelongings(kCoffee, MemberIdOf(2), MemberIdOf(1));
  });
  const auto find = [this](int member, const char* occurrence) {
    return Read([&](Transaction& t) {
             return t.FindAward(kCoffee, MemberIdOf(member), "birthday", occurrence);
           })
        .has_value();
  };
  EXPECT_TRUE(find(1, "2026"));
  EXPECT_TRUE(find(1, "2027"));
  EXPECT_FALSE(find(2, "2026"));
  EXPECT_FALSE(find(2, "2027"));
}

TEST_P(StoreContract, ThePlaceInTheCalendarReadsBack) {
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindCalendarPlace(kCoffee); }).has_value());
  CalendarPlace place{.due = Start(),
                      .rule = "birthday",
                      .zone = "Asia/Vladivostok",
                      .occurrence = "2026",
                      .born = "02-29",
                      .member = MemberIdOf(3),
                      .done = false,
                      .leased_until = Start() + std::chrono::seconds(60)};
  MustWrite([&](Transaction& t) { return t.PutCalendarPlace(kCoffee, place); });
  EXPECT_EQ(Read([](Transaction& t) { return t.FindCalendarPlace(kCoffee); }), place);
  place.done = true;
  place.leased_until = {};
  MustWrite([&](Transaction& t) { return t.PutCalendarPlace(kCoffee, place); });
  Reopen();
  EXPECT_EQ(Read([](Transaction& t) { return t.FindCalendarPlace(kCoffee); }), place);
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindCalendarPlace(kTea); }).has_value());
}

TEST_P(StoreContract, MembersAreFoundByTheDayTheyWereBornOnInTheirZone) {
  MustWrite([](Transaction& t) -> Status {
    for (int n = 1; n <= 8; ++n) {
      cards::Member member = SampleMember(n);  // Born on 28 February.
      member.created_at = Start() + std::chrono::seconds(n);
      if (n == 2) member.birthday = std::chrono::year(1992) / 2 / 29;
      if (n == 3) member.time_zone = "Asia/Vladivostok";
      if (n == 4) member.birthday.reset();
      if (n == 5) member.merged_into = MemberIdOf(1);
      if (n == 6) member.time_zone = "Africa/Cairo";
      if (Status done = t.InsertMember(kCoffee, member); !done.ok()) return done;
    }
    if (Status done = t.InsertMember(kTea, SampleMember(9)); !done.ok()) return done;
    return t.EraseMember(kCoffee, MemberIdOf(6));
  });
  const auto born = [this](const char* zone, const char* day, int after, int limit) {
    return Read([&](Transaction& t) {
      return t.MembersBorn(kCoffee, zone, day, Start() + std::chrono::seconds(7),
                           after == 0 ? MemberId() : MemberIdOf(after), limit);
    });
  };
  using Members = std::vector<MemberId>;
  EXPECT_EQ(born("", "02-28", 0, 10), (Members{MemberIdOf(1), MemberIdOf(7)}));
  EXPECT_EQ(born("", "02-28", 0, 1), (Members{MemberIdOf(1)}));
  EXPECT_EQ(born("", "02-28", 1, 10), (Members{MemberIdOf(7)}));
  EXPECT_EQ(born("", "02-29", 0, 10), (Members{MemberIdOf(2)}));
  EXPECT_EQ(born("Asia/Vladivostok", "02-28", 0, 10), (Members{MemberIdOf(3)}));
  EXPECT_EQ(Read([](Transaction& t) { return t.BirthdayZones(kCoffee); }),
            (std::vector<std::string>{"Asia/Vladivostok"}));
  EXPECT_EQ(Read([](Transaction& t) {
              return t.MembersJoined(kCoffee, Start() + std::chrono::seconds(4), MemberIdOf(1), 10);
            }),
            (Members{MemberIdOf(2), MemberIdOf(3), MemberIdOf(4)}));
}

TEST_P(StoreContract, WhetherAMemberTakesPartReadsBack) {
  cards::Member member = SampleMember(1);
  member.time_zone = "Asia/Kolkata";
  MustWrite([&](Transaction& t) { return t.InsertMember(kCoffee, member); });
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindMember(kCoffee, MemberIdOf(1)); })->opted_in);
  member.opted_in = cards::OptIn{.in = true, .at = Start(), .source = "web"};
  MustWrite([&](Transaction& t) { return t.UpdateMember(kCoffee, member); });
  Reopen();
  const auto read = Read([](Transaction& t) { return t.FindMember(kCoffee, MemberIdOf(1)); });
  EXPECT_EQ(read->time_zone, "Asia/Kolkata");
  EXPECT_EQ(read->opted_in, member.opted_in);
}

TEST_P(StoreContract, AnEventReadsBackAndIsReportedOnce) {
  MustWrite([](Transaction& t) { return t.InsertEvent(kCoffee, SampleEvent("r1", "mo_1")); });
  const Status again =
      Write([](Transaction& t) { return t.InsertEvent(kCoffee, SampleEvent("r1", "mo_2")); });
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().reason, "lost_race");
  Reopen();
  const auto read = Read([](Transaction& t) { return t.FindEvent(kCoffee, kWeb, "r1"); });
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->case_id, "mo_1");
  EXPECT_EQ(read->fingerprint, "k1:abc");
  EXPECT_EQ(read->type, "review");
  EXPECT_EQ(read->member, MemberIdOf(1));
  EXPECT_EQ(read->subject, "ESP-1");
  EXPECT_EQ(read->quantity, 3);
  EXPECT_EQ(read->occurred_at, Start());
  EXPECT_EQ(read->received_at, Start() + std::chrono::microseconds(1));
  EXPECT_EQ(read->rule_set, 4);
  EXPECT_EQ(read->state, EventState::kWaiting);
  EXPECT_EQ(read->proof, "https://example.com/отзыв");
  EXPECT_EQ(read->points, 50);
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindEvent(kCoffee, OrderSource("pos"), "r1"); }));
}

TEST_P(StoreContract, CasesAreListedByTheirStateOldestFirst) {
  MustWrite([](Transaction& t) -> Status {
    for (int n = 1; n <= 4; ++n) {
      Status done = t.InsertEvent(
          kCoffee, SampleEvent("r" + std::to_string(n), n == 4 ? "" : "mo_" + std::to_string(n)));
      if (!done.ok()) return done;
    }
    ReportedEvent decided = SampleEvent("r2", "mo_2");
    decided.state = EventState::kApproved;
    decided.reason = "a real review";
    decided.decided_by = "desk";
    decided.entry = "e_2.1";
    decided.refusal = "limit_reached";
    return t.UpdateEvent(kCoffee, decided);
  });
  const auto list = [this](EventState state, const char* after) {
    std::vector<std::string> ids;
    for (const auto& one :
         Read([&](Transaction& t) { return t.Cases(kCoffee, state, after, 10); })) {
      ids.push_back(one.id);
    }
    return ids;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(list(EventState::kWaiting, ""), (Ids{"r1", "r3"}));
  EXPECT_EQ(list(EventState::kWaiting, "mo_1"), (Ids{"r3"}));
  EXPECT_EQ(list(EventState::kApproved, ""), (Ids{"r2"}));
  EXPECT_EQ(list(EventState::kRejected, ""), Ids());
  const auto decided = Read([](Transaction& t) { return t.FindCase(kCoffee, "mo_2"); });
  ASSERT_TRUE(decided.has_value());
  EXPECT_EQ(decided->reason, "a real review");
  EXPECT_EQ(decided->decided_by, "desk");
  EXPECT_EQ(decided->entry, "e_2.1");
  EXPECT_EQ(decided->refusal, "limit_reached");
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindCase(kCoffee, ""); }).has_value());
}

TEST_P(StoreContract, ErasingAMemberErasesWhatTheirEventsShow) {
  MustWrite([](Transaction& t) -> Status {
    if (Status done = t.InsertMember(kCoffee, SampleMember(1)); !done.ok()) return done;
    if (Status done = t.InsertEvent(kCoffee, SampleEvent("r1", "")); !done.ok()) return done;
    return t.EraseMember(kCoffee, MemberIdOf(1));
  });
  EXPECT_EQ(Read([](Transaction& t) { return t.FindEvent(kCoffee, kWeb, "r1"); })->proof, "");
}

}  // namespace
}  // namespace passmint::testing
