#include "push/device_limit.h"

#include <algorithm>

namespace passmint::push {
namespace {

using issuance::DevicePush;

constexpr std::chrono::hours kWholeRest = kRestPerPush * kBurst;

// Beyond the whole rest nobody writes: the clock was set back, and the phone has rested since.
Timestamp RestedAt(const DevicePush& push, Timestamp now, const Pace& pace) {
  return push.rested_at > now + pace.Wait(kWholeRest) ? now : push.rested_at;
}

}  // namespace

Timestamp EarliestPush(const DevicePush& push, Timestamp now, const Pace& pace) {
  Timestamp earliest = now;
  if (push.pushed_at && *push.pushed_at <= now) {
    earliest = std::max(earliest, *push.pushed_at + pace.Wait(kMergeFor));
  }
  // Whoever has spent all is rested in kWholeRest; the next push needs rest for one.
  const Timestamp rested = RestedAt(push, now, pace);
  earliest = std::max(earliest, rested - pace.Wait(kWholeRest - kRestPerPush));
  return AfterQuietHours(pace.quiet, earliest);
}

void SpendPush(DevicePush& push, Timestamp at, const Pace& pace) {
  push.rested_at = std::max(RestedAt(push, at, pace), at) + pace.Wait(kRestPerPush);
}

void ReturnPush(DevicePush& push, const Pace& pace) { push.rested_at -= pace.Wait(kRestPerPush); }

}  // namespace passmint::push
