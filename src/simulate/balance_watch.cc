#include "simulate/balance_watch.h"

#include <utility>

namespace passmint::simulate {
namespace {

double Millis(BalanceWatch::Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

void BalanceWatch::Acknowledge(std::int64_t earned, Clock::time_point sent_at) {
  const std::lock_guard lock(mutex_);
  acknowledged_ += earned;
  // Of a burst the first one counts: the owner waits since then.
  if (!wrong_since_) {
    wrong_since_ = Clock::now();
    awaits_push_ = true;
    if (pushed_at_ && *pushed_at_ >= sent_at) NotePushLocked(*wrong_since_);
  }
  JudgeLocked();
}

void BalanceWatch::Push(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  pushed_at_ = now;
  NotePushLocked(now);
}

void BalanceWatch::NotePushLocked(Clock::time_point at) {
  if (!awaits_push_) return;
  awaits_push_ = false;
  push_latencies_.push_back(Millis(at - *wrong_since_));
}

void BalanceWatch::Show(std::optional<std::int64_t> balance) {
  const std::lock_guard lock(mutex_);
  shown_ = balance;
  JudgeLocked();
}

void BalanceWatch::JudgeLocked() {
  if (!wrong_since_ || shown_ != acknowledged_) return;
  latencies_.push_back(Millis(Clock::now() - *wrong_since_));
  wrong_since_.reset();
  awaits_push_ = false;
}

std::int64_t BalanceWatch::acknowledged() const {
  const std::lock_guard lock(mutex_);
  return acknowledged_;
}

std::optional<std::int64_t> BalanceWatch::shown() const {
  const std::lock_guard lock(mutex_);
  return shown_;
}

bool BalanceWatch::IsRight() const {
  const std::lock_guard lock(mutex_);
  return shown_ == acknowledged_;
}

std::vector<double> BalanceWatch::TakeLatencies() {
  const std::lock_guard lock(mutex_);
  return std::exchange(latencies_, {});
}

std::vector<double> BalanceWatch::TakePushLatencies() {
  const std::lock_guard lock(mutex_);
  return std::exchange(push_latencies_, {});
}

}  // namespace passmint::simulate
