#include "issuance/reminder_run.h"

#include <atomic>
#include <thread>
#include <vector>

#include "issuance/card_life.h"
#include "issuance/points.h"
#include "issuance/reminders.h"
#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::days;

constexpr char kPhone[] = "+79210000001";

class ReminderRunTest : public RulesTest {
 protected:
  void SetUp() override {
    site_.programmes.insert_or_assign(programme_.programme.id, programme_);
    SetClock("2026-03-01T12:00:00+03:00");
  }

  void SetClock(const char* text) { clock_.Set(ParseRfc3339(text).value()); }

  int RunAll() {
    ReminderRun run(*store_, site_);
    int told = 0;
    for (bool more = true; more;) {
      const auto round = run.RunBatch();
      EXPECT_TRUE(round.ok()) << round.error().message;
      if (!round.ok()) return -1;
      for (const auto& failure : round.value().failed) ADD_FAILURE() << failure.error.message;
      told += round.value().given;
      more = round.value().more;
    }
    return told;
  }

  // Told on each of so many days, one after the other, the first being tomorrow.
  std::string ToldOn(int count) {
    std::string told;
    for (int day = 1; day <= count; ++day) {
      clock_.Advance(days(1));
      if (RunAll() > 0) told += std::to_string(day) + " ";
    }
    return told;
  }

  std::string Text(const MemberId& member) {
    const auto found = Write<std::optional<cards::Member>>([&](Transaction& transaction) {
                         return transaction.FindMember(programme_.programme.id, member);
                       }).value();
    return found->attributes.value(kReminderAttribute, "");
  }

  std::int64_t Revision(const MemberId& member) {
    return Write<std::vector<cards::Card>>([&](Transaction& transaction) {
             return transaction.CardsOfMember(programme_.programme.id, member);
           })
        .value()
        .front()
        .revision;
  }
};

TEST_F(ReminderRunTest, F6_UnspentPointsAreTalkedOfOnceAfterIdleDaysAndAgainAfterASpend) {
  Publish(R"({"earn":[{"id":"base","ppm":50000}],
    "messages":[{"id":"idle","about":"unspent","time":"P10D","text":{"en":"{points} points wait","ru":"Ждут баллы: {points}"}}]})");
  const cards::Member anna = Sell("1", 100000, kPhone).member;
  const std::int64_t before = Revision(anna.id);
  EXPECT_EQ(ToldOn(9), "");
  EXPECT_EQ(ToldOn(20), "1 ");
  EXPECT_EQ(Text(anna.id), "Ждут баллы: 50");
  EXPECT_GT(Revision(anna.id), before);
  // Spends and earns: the days count again.
  Sell("2", 20000, kPhone);
  EXPECT_EQ(ToldOn(15), "10 ");
  EXPECT_EQ(Text(anna.id), "Ждут баллы: 60");
}

TEST_F(ReminderRunTest, A13_WhoComesEveryThirtyDaysIsRemindedOnceAtThirtyDaysAndTheGrace) {
  Publish(R"({"earn":[{"id":"base","ppm":50000}],
    "messages":[{"id":"soon","about":"next_purchase","time":"P3D","text":{"ru":"Пора за кофе"}}]})");
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      EXPECT_EQ(ToldOn(30), "");
    }
    Sell("o" + std::to_string(i), 1000, kPhone);
  }
  EXPECT_EQ(ToldOn(60), "33 ");
  Sell("late", 1000, kPhone);
  EXPECT_EQ(ToldOn(32), "");
  Sell("in time", 1000, kPhone);
  EXPECT_EQ(ToldOn(32), "");
}

TEST_F(ReminderRunTest, ExpiringPointsAreToldOfOnceForEachDayAlsoAfterDaysOfDowntime) {
  Publish(R"({"earn":[{"id":"base","ppm":50000,"expires":{"after":"P30D"}}],
    "messages":[{"id":"over","about":"expiring","time":"P7D","text":{"en":"{points} until {date}"}}]})");
  const cards::Member anna = Sell("1", 100000, kPhone).member;
  clock_.Advance(days(2));
  Sell("2", 20000, kPhone);
  clock_.Advance(days(20));
  EXPECT_EQ(RunAll(), 0);
  clock_.Advance(days(4));  // Nobody looked meanwhile.
  EXPECT_EQ(RunAll(), 1);
  EXPECT_EQ(Text(anna.id), "50 until 2026-03-31");
  EXPECT_EQ(RunAll(), 0);
  EXPECT_EQ(ToldOn(30), "1 ");
  EXPECT_EQ(Text(anna.id), "10 until 2026-04-02");
}

TEST_F(ReminderRunTest, TheDayBeginsAtTheHourOfTheProgrammesZone) {
  Publish(
      R"({"calendar":{"hour":9},"messages":[{"id":"bd","about":"birthday","time":"P3D","text":{"en":"Soon"}}]})");
  OrderRequest order = Order("1");
  order.paid_at = FormatRfc3339(clock_.Now());
  order.customer.birthday = "1990-03-05";
  ASSERT_TRUE(Place(order).ok());
  EXPECT_EQ(RunAll(), 0);  // 1 March: four days before.
  SetClock("2026-03-02T08:59:00+03:00");
  EXPECT_EQ(RunAll(), 0);
  SetClock("2026-03-02T09:00:00+03:00");
  EXPECT_EQ(RunAll(), 1);
  EXPECT_EQ(ToldOn(300), "");
}

TEST_F(ReminderRunTest, SeveralProcessesTellEachMemberOnce) {
  Publish(R"({"earn":[{"id":"base","ppm":50000}],
    "messages":[{"id":"idle","about":"unspent","time":"P1D","text":{"en":"Wait"}}]})");
  constexpr int kMembers = 20;
  for (int i = 0; i < kMembers; ++i) {
    Sell("o" + std::to_string(i), 10000, "+7921000" + std::to_string(1000 + i));
  }
  clock_.Advance(days(2));
  std::atomic<int> told = 0;
  std::vector<std::thread> processes;
  for (int i = 0; i < 4; ++i) processes.emplace_back([&] { told += RunAll(); });
  for (std::thread& process : processes) process.join();
  EXPECT_EQ(told, kMembers);
}

TEST_F(ReminderRunTest, ALevelThatFallsIsTalkedOfOnceAndNotIfItIsKept) {
  Publish(R"({"earn":[{"id":"base","ppm":50000}],
    "tiers":{"window":{"rolling":"P100D"},"down":"strict","levels":[
      {"name":"start","from":0},{"name":"gold","from":100000}]},
    "messages":[{"id":"f","about":"tier_falling","time":"P10D","text":{"ru":"{level} с {date}"}}]})");
  const cards::Member anna = Sell("1", 100000, kPhone).member;
  EXPECT_EQ(ToldOn(89), "");
  EXPECT_EQ(ToldOn(5), "1 ");
  EXPECT_EQ(Text(anna.id), "start с 2026-06-09");
  Sell("2", 100000, kPhone);
  EXPECT_EQ(ToldOn(89), "");
}

}  // namespace
}  // namespace passmint::issuance
