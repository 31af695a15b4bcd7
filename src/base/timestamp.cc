#include "base/timestamp.h"

#include <array>
#include <cstdio>

namespace passmint {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

Error NotADateTime() {
  return {.code = ErrorCode::kInvalidArgument,
          .message = "not a date-time with offset such as 2026-11-21T10:00:00+03:00"};
}

// Reads exactly `count` digits, or returns -1.
int TakeDigits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool Take(std::string_view& text, char expected) {
  if (text.empty() || text[0] != expected) return false;
  text.remove_prefix(1);
  return true;
}

bool TakeDay(std::string_view& text, year_month_day& day) {
  const int y = TakeDigits(text, 4);
  if (y < 0 || !Take(text, '-')) return false;
  const int m = TakeDigits(text, 2);
  if (m < 0 || !Take(text, '-')) return false;
  const int d = TakeDigits(text, 2);
  if (d < 0) return false;
  day = year_month_day(std::chrono::year(y), std::chrono::month(static_cast<unsigned>(m)),
                       std::chrono::day(static_cast<unsigned>(d)));
  return day.ok() && y <= 2999;
}

// An optional ".digits"; returns false if the point has no digit behind it.
bool TakeFraction(std::string_view& text, microseconds& fraction) {
  fraction = microseconds(0);
  if (!Take(text, '.')) return true;
  int scale = 100'000;
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') {
    fraction += microseconds((text[count] - '0') * scale);
    scale /= 10;
    ++count;
  }
  text.remove_prefix(count);
  return count > 0;
}

bool TakeOffset(std::string_view& text, minutes& offset) {
  offset = minutes(0);
  if (Take(text, 'Z') || Take(text, 'z')) return true;
  const bool west = !text.empty() && text[0] == '-';
  if (!Take(text, '+') && !Take(text, '-')) return false;
  const int h = TakeDigits(text, 2);
  if (h < 0 || h > 23 || !Take(text, ':')) return false;
  const int m = TakeDigits(text, 2);
  if (m < 0 || m > 59) return false;
  offset = minutes(h * 60 + m) * (west ? -1 : 1);
  return true;
}

struct WallClock {
  year_month_day day;
  int hour, minute, second, micros;
};

WallClock Split(Timestamp instant) {
  const auto day = floor<days>(instant);
  auto rest = instant - day;
  const auto h = floor<hours>(rest);
  rest -= h;
  const auto m = floor<minutes>(rest);
  rest -= m;
  const auto s = floor<seconds>(rest);
  rest -= s;
  return {year_month_day(day), static_cast<int>(h.count()), static_cast<int>(m.count()),
          static_cast<int>(s.count()), static_cast<int>(rest.count())};
}

std::string Print(const WallClock& t) {
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(t.day.year()),
                static_cast<unsigned>(t.day.month()), static_cast<unsigned>(t.day.day()), t.hour,
                t.minute, t.second);
  return text;
}

}  // namespace

std::string FormatRfc3339(Timestamp instant) {
  const WallClock t = Split(instant);
  std::string text = Print(t);
  if (t.micros != 0) {
    char fraction[16];
    std::snprintf(fraction, sizeof fraction, ".%06d", t.micros);
    text += fraction;
  }
  return text + "Z";
}

std::string FormatRfc3339(Timestamp instant, minutes offset) {
  const auto count = offset.count();
  const auto size = count < 0 ? -count : count;
  char zone[32];
  std::snprintf(zone, sizeof zone, "%c%02d:%02d", count < 0 ? '-' : '+',
                static_cast<int>(size / 60), static_cast<int>(size % 60));
  return Print(Split(floor<seconds>(instant) + offset)) + zone;
}

std::string FormatHttpDate(Timestamp instant) {
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const WallClock t = Split(instant);
  const std::chrono::weekday weekday(sys_days(t.day));
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                kDays[weekday.c_encoding()], static_cast<unsigned>(t.day.day()),
                kMonths[static_cast<unsigned>(t.day.month()) - 1], static_cast<int>(t.day.year()),
                t.hour, t.minute, t.second);
  return text;
}

Result<Timestamp> ParseRfc3339(std::string_view text) {
  year_month_day day;
  if (!TakeDay(text, day) || day.year() < std::chrono::year(1970)) return NotADateTime();
  if (!Take(text, 'T') && !Take(text, 't')) return NotADateTime();
  const int h = TakeDigits(text, 2);
  if (h < 0 || h > 23 || !Take(text, ':')) return NotADateTime();
  const int m = TakeDigits(text, 2);
  if (m < 0 || m > 59 || !Take(text, ':')) return NotADateTime();
  const int s = TakeDigits(text, 2);
  if (s < 0 || s > 59) return NotADateTime();
  microseconds fraction;
  minutes offset;
  if (!TakeFraction(text, fraction) || !TakeOffset(text, offset) || !text.empty()) {
    return NotADateTime();
  }
  return Timestamp(sys_days(day)) + hours(h) + minutes(m) + seconds(s) + fraction - offset;
}

Result<year_month_day> ParseDate(std::string_view text) {
  year_month_day day;
  if (!TakeDay(text, day) || !text.empty() || day.year() < std::chrono::year(1900)) {
    return Error{.code = ErrorCode::kInvalidArgument, .message = "not a date such as 1990-02-28"};
  }
  return day;
}

std::string FormatDate(year_month_day day) {
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text;
}

}  // namespace passmint
