#include "push/device_state.h"

#include <gtest/gtest.h>

#include <vector>

#include "push/wanted_queue.h"
#include "support/fake_clock.h"

namespace passmint::push {
namespace {

using issuance::DevicePush;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Kind = ApplePushOutcome::Kind;

const Timestamp kNow = FromMicros(passmint::testing::FakeClock::kStart);  // 13:00 in Moscow.
const std::optional<QuietHours> kNoQuiet;

// A phone that changes reach as fast as it may be pushed, and APNs takes every push.
class Phone {
 public:
  explicit Phone(std::optional<QuietHours> quiet = {}) : quiet_(quiet) {}

  void Change(Timestamp at) {
    RunUntil(at);
    ++push_.wanted;
    Schedule(push_, at, quiet_);
    RunUntil(at);
  }

  void Listed(Timestamp at) { listed_at_ = at; }

  void RunUntil(Timestamp end) {
    while (push_.due_at && *push_.due_at <= end) {
      const Timestamp now = *push_.due_at;
      if (!NeedsPush(push_, listed_at_)) {
        Rest(push_);
        return;
      }
      const Attempt attempt{.wanted = push_.wanted, .sent_at = now};
      Charge(push_, now, quiet_);
      Settle(push_, attempt, {.kind = Kind::kAccepted, .status = 200, .sent = true}, now, quiet_,
             0);
      pushed_.push_back(now);
    }
  }

  const std::vector<Timestamp>& pushed() const { return pushed_; }
  DevicePush& push() { return push_; }

 private:
  const std::optional<QuietHours> quiet_;
  DevicePush push_;
  std::optional<Timestamp> listed_at_;
  std::vector<Timestamp> pushed_;
};

TEST(DeviceState, TheFirstChangeIsPushedAtOnceAndThoseBehindItMergeForHalfAMinute) {
  Phone phone;
  for (int second = 0; second < 30; second += 5) phone.Change(kNow + seconds(second));
  phone.Listed(kNow + minutes(1));
  phone.RunUntil(kNow + hours(12));
  EXPECT_EQ(phone.pushed(), (std::vector<Timestamp>{kNow, kNow + seconds(30)}));
  EXPECT_EQ(phone.push().told, phone.push().wanted);
}

TEST(DeviceState, ABurstHasThreePushesAndThenThereIsOneAnHour) {
  Phone phone;
  for (int minute = 0; minute < 5 * 60; ++minute) phone.Change(kNow + minutes(minute));
  phone.Listed(kNow + hours(12));
  phone.RunUntil(kNow + hours(12));
  const std::vector<Timestamp> expected = {kNow,
                                           kNow + minutes(1),
                                           kNow + minutes(2),
                                           kNow + hours(1),
                                           kNow + hours(2),
                                           kNow + hours(3),
                                           kNow + hours(4),
                                           kNow + hours(5)};
  EXPECT_EQ(phone.pushed(), expected);
  EXPECT_EQ(phone.push().told, 5 * 60) << "the last state was not sent";
}

TEST(DeviceState, APhoneThatDoesNotAskIsPushedOnceMore) {
  Phone phone;
  phone.Change(kNow);
  phone.RunUntil(kNow + hours(48));
  EXPECT_EQ(phone.pushed(), (std::vector<Timestamp>{kNow, kNow + hours(6)}));
}

TEST(DeviceState, APhoneThatAskedIsLeftAlone) {
  Phone phone;
  phone.Change(kNow);
  phone.Listed(kNow + seconds(1));
  phone.RunUntil(kNow + hours(48));
  EXPECT_EQ(phone.pushed(), std::vector<Timestamp>{kNow});
  EXPECT_FALSE(phone.push().due_at.has_value());
}

TEST(DeviceState, QuietHoursAreThoseOfTheProgrammesZone) {
  const auto zone = calendar::TimeZone::Find("Europe/Moscow");
  ASSERT_TRUE(zone.ok());
  const QuietHours night{
      .from = minutes(22 * 60), .to = minutes(8 * 60 + 30), .zone = zone.value()};
  Phone phone(night);
  const Timestamp late = kNow + hours(9) + minutes(1);  // 22:01 in Moscow.
  phone.Change(kNow + hours(8) + minutes(59));
  phone.Change(late);
  phone.Listed(kNow + hours(24));
  phone.RunUntil(kNow + hours(48));
  const Timestamp morning = kNow + hours(19) + minutes(30);  // 08:30 the next day.
  EXPECT_EQ(phone.pushed(), (std::vector<Timestamp>{kNow + hours(8) + minutes(59), morning}));
}

TEST(DeviceState, QuietHoursMayLieWithinOneDay) {
  const QuietHours noon{.from = minutes(12 * 60),
                        .to = minutes(14 * 60),
                        .zone = calendar::TimeZone::Find("Europe/Moscow").value()};
  EXPECT_EQ(AfterQuietHours(noon, kNow), kNow + hours(1));
  EXPECT_EQ(AfterQuietHours(noon, kNow + hours(1)), kNow + hours(1));
  EXPECT_EQ(AfterQuietHours(noon, kNow - hours(2)), kNow - hours(2));
}

TEST(DeviceState, AClockSetBackDoesNotSilenceAPhone) {
  Phone phone;
  for (int n = 0; n < 3; ++n) phone.Change(kNow + hours(9000) + minutes(n));
  EXPECT_LE(EarliestPush(phone.push(), kNow, kNoQuiet), kNow + hours(1));
}

TEST(DeviceState, AChangeThatComesDuringAPushIsToldAfterIt) {
  DevicePush push;
  push.wanted = 1;
  Schedule(push, kNow, kNoQuiet);
  const Attempt attempt{.wanted = 1, .sent_at = kNow};
  push.due_at = kNow + hours(1);  // Claimed.
  push.wanted = 2;
  Schedule(push, kNow + seconds(1), kNoQuiet);
  EXPECT_EQ(push.due_at, kNow + hours(1)) << "a claimed one became due again";
  Settle(push, attempt, {.kind = Kind::kAccepted, .status = 200}, kNow + seconds(2), kNoQuiet, 0);
  EXPECT_EQ(push.told, 1);
  EXPECT_EQ(push.due_at, kNow + seconds(30));
}

TEST(DeviceState, FailuresBackOffAndKeepThePromise) {
  DevicePush push;
  push.wanted = 1;
  Schedule(push, kNow, kNoQuiet);
  const Attempt attempt{.wanted = 1, .sent_at = kNow};
  const ApplePushOutcome trouble{
      .kind = Kind::kRetry, .status = 503, .reason = "ServiceUnavailable", .sent = true};
  Charge(push, kNow, kNoQuiet);
  Settle(push, attempt, trouble, kNow, kNoQuiet, 0xffffffff);
  EXPECT_EQ(push.due_at, kNow + seconds(2));
  Charge(push, kNow, kNoQuiet);
  Settle(push, attempt, trouble, kNow, kNoQuiet, 0);
  EXPECT_EQ(push.due_at, kNow + seconds(2));  // Half of four.
  EXPECT_EQ(push.failure, "ServiceUnavailable");
  EXPECT_LT(push.told, push.wanted);
  EXPECT_LE(push.rested_at, kNow) << "what APNs refused was taken from the phone's budget";
}

TEST(DeviceState, RetryAfterAndThrottlingAreHeeded) {
  DevicePush push;
  push.wanted = 1;
  const Attempt attempt{.wanted = 1, .sent_at = kNow};
  Settle(push, attempt, {.kind = Kind::kThrottled, .status = 429, .reason = "TooManyRequests"},
         kNow, kNoQuiet, 0);
  EXPECT_EQ(push.due_at, kNow + minutes(1));
  Settle(push, attempt, {.kind = Kind::kRetry, .status = 503, .retry_after = hours(3)}, kNow,
         kNoQuiet, 0);
  EXPECT_EQ(push.due_at, kNow + hours(3));
}

TEST(DeviceState, ABugIsNotRepeatedAndTheNextChangeIsTriedAgain) {
  DevicePush push;
  push.wanted = 1;
  Schedule(push, kNow, kNoQuiet);
  Settle(push, {.wanted = 1, .sent_at = kNow},
         {.kind = Kind::kBug, .status = 400, .reason = "BadPath"}, kNow, kNoQuiet, 0);
  EXPECT_FALSE(push.due_at.has_value());
  EXPECT_EQ(push.failure, "BadPath");
  ++push.wanted;
  Schedule(push, kNow, kNoQuiet);
  EXPECT_EQ(push.due_at, kNow);
}

TEST(DeviceState, WhatFailsForThreeDaysIsGivenUpWithItsReason) {
  DevicePush push;
  push.wanted = 1;
  Schedule(push, kNow, kNoQuiet);
  Settle(push, {.wanted = 1, .sent_at = kNow}, {.kind = Kind::kRetry, .status = 500},
         kNow + hours(73), kNoQuiet, 0);
  EXPECT_FALSE(push.due_at.has_value());
  EXPECT_EQ(push.failure, "retry");
}

TEST(DeviceState, APushIsChargedBeforeItIsSentAndGivenBackIfItNeverWas) {
  DevicePush push;
  push.wanted = 1;
  for (int n = 0; n < kBurst; ++n) Charge(push, kNow, kNoQuiet);  // Each by a process that died.
  EXPECT_EQ(EarliestPush(push, kNow, kNoQuiet), kNow + kRestPerPush);
  Release(push, kNow, kNoQuiet);
  EXPECT_EQ(push.due_at, kNow);
  EXPECT_EQ(EarliestPush(push, kNow, kNoQuiet), kNow);
}

TEST(DeviceState, AnUnansweredPushMayHaveReachedThePhoneAndCounts) {
  DevicePush push;
  push.wanted = 1;
  Charge(push, kNow, kNoQuiet);
  Settle(push, {.wanted = 1, .sent_at = kNow},
         {.kind = Kind::kRetry, .reason = "ConnectionLost", .sent = true}, kNow, kNoQuiet, 0);
  EXPECT_EQ(push.rested_at, kNow + hours(1));
}

TEST(BackOff, DoublesUpToTheLongestAndNeverOverflows) {
  const BackOffPolicy policy{seconds(1), minutes(1)};
  EXPECT_EQ(BackOff(policy, 1, 0xffffffff), seconds(1));
  EXPECT_EQ(BackOff(policy, 1, 0), std::chrono::milliseconds(500));
  EXPECT_EQ(BackOff(policy, 4, 0xffffffff), seconds(8));
  EXPECT_EQ(BackOff(policy, 1'000'000, 0xffffffff), minutes(1));
  const BackOffPolicy longest{hours(24 * 365), hours(24 * 365)};
  EXPECT_GE(BackOff(longest, 1, 0x80000000), hours(24 * 365) / 2);
  EXPECT_LE(BackOff(longest, 1, 0xffffffff), hours(24 * 365));
}

TEST(WantedQueue, HoldsEachCardOnceAndIsBounded) {
  WantedQueue queue;
  const ProgrammeId coffee("coffee");
  queue.OnWanted({{coffee, "b"}, {coffee, "a"}, {coffee, "b"}});
  auto taken = queue.Take(1);
  ASSERT_EQ(taken.cards.size(), 1u);
  EXPECT_EQ(taken.cards[0].card, "a");
  EXPECT_TRUE(taken.more);
  EXPECT_FALSE(taken.overflowed);
  std::vector<issuance::WantedDelivery> many;
  for (std::size_t n = 0; n <= WantedQueue::kCardsMax; ++n)
    many.push_back({coffee, std::to_string(n)});
  queue.OnWanted(many);
  taken = queue.Take(2 * WantedQueue::kCardsMax);
  EXPECT_EQ(taken.cards.size(), WantedQueue::kCardsMax);
  EXPECT_TRUE(taken.overflowed);
  EXPECT_FALSE(queue.Take(1).overflowed);
}

}  // namespace
}  // namespace passmint::push
