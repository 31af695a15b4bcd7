#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace passmint::simulate {

// What the service has acknowledged to one customer beside what her card shows. Safe for concurrent
// calls.
class BalanceWatch {
 public:
  using Clock = std::chrono::steady_clock;

  // The service has acknowledged an order that earned so much and was sent at `sent_at`.
  void Acknowledge(std::int64_t earned, Clock::time_point sent_at);
  // Her phone was told that something has changed.
  void Push(Clock::time_point now);
  // The card shows so much; nothing: no number.
  void Show(std::optional<std::int64_t> balance);

  std::int64_t acknowledged() const;  // In all.
  std::optional<std::int64_t> shown() const;
  bool IsRight() const;

  // How long the card took after an acknowledgement until it showed the whole sum, in milliseconds;
  // since the last call.
  std::vector<double> TakeLatencies();
  // The same until the phone was told; 0 if that was before the acknowledgement.
  std::vector<double> TakePushLatencies();

 private:
  void JudgeLocked();
  void NotePushLocked(Clock::time_point at);

  mutable std::mutex mutex_;
  std::int64_t acknowledged_ = 0;
  std::optional<std::int64_t> shown_;
  std::optional<Clock::time_point> wrong_since_;  // Nothing: it shows what was acknowledged.
  std::vector<double> latencies_;
  bool awaits_push_ = false;  // Since wrong_since_.
  std::optional<Clock::time_point> pushed_at_;
  std::vector<double> push_latencies_;
};

}  // namespace passmint::simulate
