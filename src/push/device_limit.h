#pragma once

#include <chrono>
#include <optional>

#include "base/timestamp.h"
#include "calendar/quiet_hours.h"
#include "issuance/delivery_tables.h"

// When a phone may be pushed. Wallet itself counts pushes of a pass type and puts off its checks,
// in the end it stops updating, when there are too many: one an hour and bursts of two or three
// cost it nothing that matters.
namespace passmint::push {

inline constexpr std::chrono::seconds kMergeFor{30};  // Changes after a push wait for each other.
inline constexpr int kBurst = 3;                      // So many, then
inline constexpr std::chrono::hours kRestPerPush{1};  // one in this time.
inline constexpr std::chrono::hours kAskAgainAfter{6};

using calendar::QuietHours;

// How the pushes of a programme are spread. A simulation may let time run: then all waits are
// `time_lapse` times shorter.
struct Pace {
  // NOLINTNEXTLINE(google-explicit-constructor): quiet hours are a pace.
  Pace(std::optional<QuietHours> quiet_hours = {}, int lapse = 1)
      : quiet(quiet_hours), time_lapse(lapse) {}

  std::optional<QuietHours> quiet;
  int time_lapse;  // 1 or more.

  std::chrono::microseconds Wait(std::chrono::microseconds wait) const { return wait / time_lapse; }
};

// The first instant, not before `now`, at which the phone may be pushed. What the row cannot
// have meant does not count: the clock was set back.
Timestamp EarliestPush(const issuance::DevicePush& push, Timestamp now, const Pace& pace);

// The phone is pushed at `at`: takes one from its budget.
void SpendPush(issuance::DevicePush& push, Timestamp at, const Pace& pace);
// It was not, after all.
void ReturnPush(issuance::DevicePush& push, const Pace& pace);

}  // namespace passmint::push
