#include "push/device_state.h"

#include <algorithm>

#include "push/apple_errors.h"

namespace passmint::push {
namespace {

using issuance::DevicePush;
using Kind = ApplePushOutcome::Kind;

void ToldUpTo(DevicePush& push, const Attempt& attempt, Timestamp now) {
  push.told = std::max(push.told, attempt.wanted);
  push.attempts = 0;
  push.wanted_at.reset();
  if (push.wanted > push.told) push.wanted_at = now;
}

void Accepted(DevicePush& push, const Attempt& attempt, const ApplePushOutcome& outcome,
              Timestamp now, const Pace& pace) {
  const bool was_reminder = attempt.wanted <= push.told;
  push.pushed_at = attempt.sent_at;
  push.apns_id = outcome.apns_id;
  push.failure.clear();
  ToldUpTo(push, attempt, now);
  if (push.wanted > push.told) {
    push.due_at = EarliestPush(push, now, pace);
  } else if (was_reminder) {
    push.asked_again = true;
    push.due_at.reset();
  } else {
    push.asked_again = false;
    push.due_at = AfterQuietHours(pace.quiet, attempt.sent_at + pace.Wait(kAskAgainAfter));
  }
}

void Failed(DevicePush& push, const Attempt& attempt, const ApplePushOutcome& outcome,
            Timestamp now, const Pace& pace, std::uint32_t dice) {
  push.failure = outcome.reason.empty() ? std::string(ToString(outcome.kind)) : outcome.reason;
  // What may have reached the phone counts.
  if (!outcome.sent || outcome.status != 0) ReturnPush(push, pace);
  const bool hopeless = outcome.kind == Kind::kBug || (outcome.status != 0 && push.wanted_at &&
                                                       now - *push.wanted_at > kGiveUpAfter);
  if (hopeless) {
    ToldUpTo(push, attempt, now);
    push.due_at.reset();
    if (push.wanted > push.told) push.due_at = now;
    return;
  }
  ++push.attempts;
  const BackOffPolicy& policy = outcome.kind == Kind::kThrottled ? kAfterThrottling : kAfterTrouble;
  std::chrono::microseconds wait = pace.Wait(BackOff(policy, push.attempts, dice));
  if (outcome.retry_after) wait = std::max<std::chrono::microseconds>(wait, *outcome.retry_after);
  push.due_at = AfterQuietHours(pace.quiet, now + wait);
}

}  // namespace

void Schedule(DevicePush& push, Timestamp now, const Pace& pace) {
  if (push.wanted <= push.told) return;
  if (push.wanted_at && push.due_at) return;
  push.wanted_at = now;
  push.asked_again = false;
  push.due_at = EarliestPush(push, now, pace);
}

bool NeedsPush(const DevicePush& push, const std::optional<Timestamp>& listed_at) {
  if (push.wanted > push.told) return true;
  if (!push.pushed_at || push.asked_again) return false;
  return !listed_at || *listed_at < *push.pushed_at;
}

void Settle(DevicePush& push, const Attempt& attempt, const ApplePushOutcome& outcome,
            Timestamp now, const Pace& pace, std::uint32_t dice) {
  if (outcome.kind == Kind::kAccepted) {
    Accepted(push, attempt, outcome, now, pace);
  } else {
    Failed(push, attempt, outcome, now, pace, dice);
  }
}

void Charge(DevicePush& push, Timestamp now, const Pace& pace) { SpendPush(push, now, pace); }

void Release(DevicePush& push, Timestamp now, const Pace& pace) {
  ReturnPush(push, pace);
  push.due_at = now;
}

void Rest(DevicePush& push) { push.due_at.reset(); }

}  // namespace passmint::push
