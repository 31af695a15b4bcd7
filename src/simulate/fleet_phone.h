#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "simulate/virtual_phone.h"

namespace passmint::simulate {

// A phone of the fleet with its owner. Safe for concurrent calls.
class FleetPhone {
 public:
  using Clock = std::chrono::steady_clock;

  FleetPhone(VirtualPhone::Identity identity, std::string owner,
             const std::vector<crypto::Certificate>& roots)
      : owner_(std::move(owner)), phone_(std::move(identity), roots) {}

  const std::string& owner() const { return owner_; }  // E.164.

  // The card that its owner got. Set once, before anything else is asked.
  void SetCard(std::string number) { number_ = std::move(number); }
  const std::string& number() const { return number_; }

  // Runs `fn` on the phone, alone, and looks afterwards what it shows.
  template <class Fn>
  auto Drive(const std::string& field, Fn fn) {
    const std::lock_guard driving(driving_);
    auto done = fn(phone_);
    Look(field);
    return done;
  }

  // The service has acknowledged an order that earned so much.
  void Acknowledge(std::int64_t earned);
  std::int64_t acknowledged() const;  // In all.
  std::optional<std::int64_t> shown() const;

  // How long the phone took after an acknowledgement until it showed the whole sum; since the last
  // call.
  std::vector<double> TakeLatencies();
  bool IsRight() const;

  // Whether the phone has to be woken: not while it is offline, APNs keeps the push then.
  bool TakePush();
  void GoOffline();
  bool GoOnline();  // True if a push was kept for it.

  // The most pushes within any `window`.
  int PushesWithin(std::chrono::seconds window) const;

 private:
  void Look(const std::string& field);
  void JudgeLocked(Clock::time_point now);

  const std::string owner_;
  std::string number_;

  std::mutex driving_;  // Of phone_; before state_.
  VirtualPhone phone_;

  mutable std::mutex state_;
  std::int64_t acknowledged_ = 0;
  std::optional<std::int64_t> shown_;
  std::optional<Clock::time_point> wrong_since_;  // Nothing: it shows what was acknowledged.
  std::vector<double> latencies_;
  std::deque<Clock::time_point> pushes_;
  bool offline_ = false;
  bool push_kept_ = false;
};

}  // namespace passmint::simulate
