#include "programme/moment.h"

namespace passmint::programme {
namespace {

// No zone has ever been further from UTC than this (Manila and Alaska before 1867: 15 h 56 min).
constexpr std::chrono::hours kOffsetMax{16};

constexpr std::size_t kDateLength = 10;     // "2026-12-01"
constexpr std::size_t kMinutesLength = 16;  // "2026-12-01T10:00"

}  // namespace

std::optional<LocalTime> ReadLocalTime(std::string_view text) {
  const auto day = ParseDate(text.substr(0, kDateLength));
  if (!day.ok()) return std::nullopt;
  const LocalTime midnight{std::chrono::local_days(day.value())};
  if (text.size() == kDateLength) return midnight;
  // The rest is read as that of an instant in UTC, which knows every range.
  std::string full(text);
  if (text.size() == kMinutesLength) full += ":00";
  const auto instant = ParseRfc3339(full + "Z");
  if (!instant.ok()) return std::nullopt;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant.value());
  if (seconds != instant.value()) return std::nullopt;
  return LocalTime(seconds.time_since_epoch());
}

LocalTime Moment::local() const {
  if (!local_) local_ = zone_.LocalAt(instant_);
  return *local_;
}

std::chrono::year_month_day Moment::day() const {
  return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(local()));
}

int Moment::minute_of_day() const {
  const auto since = local() - std::chrono::floor<std::chrono::days>(local());
  return static_cast<int>(std::chrono::floor<std::chrono::minutes>(since).count());
}

int Moment::hour() const { return minute_of_day() / 60; }

bool Moment::HasReached(LocalTime local) const {
  const Timestamp as_utc(local.time_since_epoch());
  if (instant_ >= as_utc + kOffsetMax) return true;
  if (instant_ < as_utc - kOffsetMax) return false;
  return instant_ >= zone_.InstantOf(local);
}

bool Moment::Within(const Window& window) const {
  return (!window.begins || HasReached(*window.begins)) &&
         !(window.ends && HasReached(*window.ends));
}

}  // namespace passmint::programme
