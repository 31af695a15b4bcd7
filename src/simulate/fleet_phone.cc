#include "simulate/fleet_phone.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace passmint::simulate {
namespace {

std::optional<std::int64_t> Integer(const std::string& text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace

void FleetPhone::Look(const std::string& field) {
  if (phone_.passes().empty()) return;
  const auto& fields = phone_.passes().begin()->second.fields;
  const auto found = fields.find(field);
  if (found != fields.end()) balance_.Show(Integer(found->second.value));
}

bool FleetPhone::TakePush(Clock::time_point now, bool counts) {
  balance_.Push(now);
  const std::lock_guard lock(mutex_);
  if (counts) {
    const double rested =
        last_push_ ? std::chrono::duration<double>(now - *last_push_) / budget_.rest : 0;
    spent_ = std::max(0.0, spent_ - rested) + 1;
    spent_most_ = std::max(spent_most_, spent_);
    last_push_ = now;
  }
  push_kept_ = offline_;
  return !offline_;
}

void FleetPhone::GoOffline() {
  const std::lock_guard lock(mutex_);
  offline_ = true;
}

bool FleetPhone::GoOnline() {
  const std::lock_guard lock(mutex_);
  offline_ = false;
  return std::exchange(push_kept_, false);
}

double FleetPhone::PushesSpentMost() const {
  const std::lock_guard lock(mutex_);
  return spent_most_;
}

}  // namespace passmint::simulate
