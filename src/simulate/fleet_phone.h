#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "simulate/balance_watch.h"
#include "simulate/virtual_phone.h"

namespace passmint::simulate {

// How often a phone may be pushed: `burst` times at once, and once more for each `rest`.
struct PushBudget {
  int burst = 0;  // 0: nobody counts.
  std::chrono::milliseconds rest{3'600'000};
};

// A phone of the fleet with its owner. Safe for concurrent calls.
class FleetPhone {
 public:
  using Clock = std::chrono::steady_clock;

  FleetPhone(VirtualPhone::Identity identity, std::string owner,
             const std::vector<crypto::Certificate>& roots, PushBudget budget)
      : owner_(std::move(owner)), budget_(budget), phone_(std::move(identity), roots) {}

  const std::string& owner() const { return owner_; }  // E.164.

  // The card that its owner got. Set once, before anything else is asked.
  void SetCard(std::string number) { number_ = std::move(number); }
  const std::string& number() const { return number_; }

  BalanceWatch& balance() { return balance_; }
  const BalanceWatch& balance() const { return balance_; }

  // Runs `fn` on the phone, alone, and looks afterwards what it shows.
  template <class Fn>
  auto Drive(const std::string& field, Fn fn) {
    const std::lock_guard driving(driving_);
    auto done = fn(phone_);
    Look(field);
    return done;
  }

  // A push came. `counts`: whoever sent it may know that it did. Returns whether the phone has to
  // be woken: not while it is offline, APNs keeps the push then.
  bool TakePush(Clock::time_point now, bool counts = true);
  void GoOffline();
  bool GoOnline();  // True if a push was kept for it.

  // The most pushes of its budget that were ever spent at once: more than `burst` is too many.
  double PushesSpentMost() const;

 private:
  void Look(const std::string& field);

  const std::string owner_;
  std::string number_;
  const PushBudget budget_;
  BalanceWatch balance_;

  std::mutex driving_;  // Of phone_.
  VirtualPhone phone_;

  mutable std::mutex mutex_;  // Guards what follows.
  double spent_ = 0;          // Pushes of the budget that are not rested yet, at last_push_.
  double spent_most_ = 0;
  std::optional<Clock::time_point> last_push_;
  bool offline_ = false;
  bool push_kept_ = false;
};

}  // namespace passmint::simulate
