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

void FleetPhone::Acknowledge(std::int64_t earned) {
  const std::lock_guard lock(state_);
  acknowledged_ += earned;
  const auto now = Clock::now();
  // Of a burst the first one counts: the owner waits since then.
  if (!wrong_since_) wrong_since_ = now;
  JudgeLocked(now);
}

std::int64_t FleetPhone::acknowledged() const {
  const std::lock_guard lock(state_);
  return acknowledged_;
}

std::optional<std::int64_t> FleetPhone::shown() const {
  const std::lock_guard lock(state_);
  return shown_;
}

void FleetPhone::Look(const std::string& field) {
  if (phone_.passes().empty()) return;
  const auto& fields = phone_.passes().begin()->second.fields;
  const auto found = fields.find(field);
  if (found == fields.end()) return;
  const std::lock_guard lock(state_);
  shown_ = Integer(found->second.value);
  JudgeLocked(Clock::now());
}

void FleetPhone::JudgeLocked(Clock::time_point now) {
  if (!wrong_since_ || shown_ != acknowledged_) return;
  latencies_.push_back(std::chrono::duration<double, std::milli>(now - *wrong_since_).count());
  wrong_since_.reset();
}

std::vector<double> FleetPhone::TakeLatencies() {
  const std::lock_guard lock(state_);
  return std::exchange(latencies_, {});
}

bool FleetPhone::IsRight() const {
  const std::lock_guard lock(state_);
  return shown_ == acknowledged_;
}

bool FleetPhone::TakePush() {
  const std::lock_guard lock(state_);
  pushes_.push_back(Clock::now());
  push_kept_ = offline_;
  return !offline_;
}

void FleetPhone::GoOffline() {
  const std::lock_guard lock(state_);
  offline_ = true;
}

bool FleetPhone::GoOnline() {
  const std::lock_guard lock(state_);
  offline_ = false;
  return std::exchange(push_kept_, false);
}

int FleetPhone::PushesWithin(std::chrono::seconds window) const {
  const std::lock_guard lock(state_);
  std::ptrdiff_t most = 0;
  auto first = pushes_.begin();
  for (auto last = pushes_.begin(); last != pushes_.end(); ++last) {
    while (*last - *first >= window) ++first;
    most = std::max(most, last - first + 1);
  }
  return static_cast<int>(most);
}

}  // namespace passmint::simulate
