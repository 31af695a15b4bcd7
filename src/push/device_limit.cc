#include "push/device_limit.h"

#include <algorithm>

namespace passmint::push {
namespace {

using issuance::DevicePush;

constexpr std::chrono::hours kWholeRest = kRestPerPush * kBurst;

}  // namespace

Timestamp EarliestPush(const DevicePush& push, Timestamp now, const Pace& pace) {
  Timestamp earliest = now;
  if (push.pushed_at && *push.pushed_at <= now) {
    earliest = std::max(earliest, *push.pushed_at + pace.Wait(kMergeFor));
  }
  // Whoever has spent all is rested in kWholeRest; the next push needs rest for one.
  const Timestamp rested = std::min(push.rested_at, now + pace.Wait(kWholeRest));
  earliest = std::max(earliest, rested - pace.Wait(kWholeRest - kRestPerPush));
  return AfterQuietHours(pace.quiet, earliest);
}

void SpendPush(DevicePush& push, Timestamp at, const Pace& pace) {
  const Timestamp rested = std::min(push.rested_at, at + pace.Wait(kWholeRest));
  push.rested_at = std::max(rested, at) + pace.Wait(kRestPerPush);
}

}  // namespace passmint::push
