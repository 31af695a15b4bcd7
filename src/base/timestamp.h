#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace passmint {

// An instant, in microseconds since 1970-01-01T00:00:00Z. UTC without leap seconds, as POSIX
// counts.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

constexpr Timestamp FromMicros(std::int64_t micros) {
  return Timestamp(std::chrono::microseconds(micros));
}
constexpr std::int64_t ToMicros(Timestamp instant) { return instant.time_since_epoch().count(); }
constexpr std::int64_t ToUnixSeconds(Timestamp instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}
constexpr std::int64_t ToUnixMillis(Timestamp instant) {
  return std::chrono::floor<std::chrono::milliseconds>(instant).time_since_epoch().count();
}

// "2026-11-21T10:00:00Z"; microseconds are printed only if there are any: "...:00.000001Z".
std::string FormatRfc3339(Timestamp instant);

// The same instant on the wall clock `offset` east of UTC: "2026-11-21T13:00:00+03:00", whole
// seconds.
std::string FormatRfc3339(Timestamp instant, std::chrono::minutes offset);

// "Sat, 21 Nov 2026 10:00:00 GMT": HTTP's IMF-fixdate (RFC 9110 section 5.6.7). Whole seconds.
std::string FormatHttpDate(Timestamp instant);

// RFC 3339 date-time with an offset: "2026-11-21T10:00:00+03:00". Digits beyond microseconds are
// cut. Years 1970 to 2999. Fails with kInvalidArgument on anything else: no offset, a leap second,
// 30 February.
Result<Timestamp> ParseRfc3339(std::string_view text);

// "2026-11-21": a day of the calendar, 1900 to 2999. Fails with kInvalidArgument.
Result<std::chrono::year_month_day> ParseDate(std::string_view text);

std::string FormatDate(std::chrono::year_month_day day);

}  // namespace passmint
