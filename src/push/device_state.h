#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/timestamp.h"
#include "issuance/delivery_tables.h"
#include "push/apple_push.h"
#include "push/backoff.h"
#include "push/device_limit.h"

// The life of one device's pushes. A change is counted (wanted + 1), waits until the phone may be
// pushed, is claimed, sent, and told once APNs has taken it. A phone that does not ask for changes
// within six hours is pushed once more. All times are the store's.
namespace passmint::push {

// A change may be put off so far at most: a day that APNs asks for, and the quiet hours behind it.
inline constexpr std::chrono::hours kPutOffMax{49};
// What a phone could not be told for so long is given up until its next change.
inline constexpr std::chrono::hours kGiveUpAfter{72};
inline constexpr BackOffPolicy kAfterTrouble{std::chrono::seconds(2), std::chrono::minutes(10)};
inline constexpr BackOffPolicy kAfterThrottling{std::chrono::minutes(2), std::chrono::hours(2)};

// After a change was counted: when it is to be told. Changes that wait already wait as they did.
void Schedule(issuance::DevicePush& push, Timestamp now, const Pace& pace);

// Whether a device that is due is to be pushed. False: it has asked, or was asked twice.
bool NeedsPush(const issuance::DevicePush& push, const std::optional<Timestamp>& listed_at);

// A push that was made for the changes up to `wanted`.
struct Attempt {
  std::int64_t wanted = 0;
  Timestamp sent_at;
};

// What a charged push came to, other than that the device is gone. What cannot have reached the
// phone is given back to its budget. `dice`: any random number.
void Settle(issuance::DevicePush& push, const Attempt& attempt, const ApplePushOutcome& outcome,
            Timestamp now, const Pace& pace, std::uint32_t dice);

// About to be sent: the phone's budget is charged before, so that whoever takes over from a process
// that died in between does not push the phone once too often.
void Charge(issuance::DevicePush& push, Timestamp now, const Pace& pace);

// It was charged and never sent, and nothing is wrong with it: due again at once.
void Release(issuance::DevicePush& push, Timestamp now, const Pace& pace);

// Nothing more is to be told or looked at.
void Rest(issuance::DevicePush& push);

}  // namespace passmint::push
