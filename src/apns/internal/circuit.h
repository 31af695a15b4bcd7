#pragma once

#include <chrono>
#include <optional>

#include "apns/internal/backoff.h"
#include "base/random.h"
#include "push/apple_push.h"

namespace passmint::apns::internal {

// Stops a lane whose certificate or topic APNs refuses, and finds out when that is over. Closed at
// first. For one thread.
class Circuit {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  enum class Gate {
    kOpenWide,  // Not stopped: go on.
    kProbe,     // Stopped, but this one push may go: report what became of it.
    kShut,      // Stopped: answer with cause().
  };

  Circuit(std::chrono::milliseconds probe_first, std::chrono::milliseconds probe_last)
      : delay_(probe_first, probe_last) {}

  Gate Ask(Instant now);

  // APNs refuses the lane, as a push learned that is the probe or was on its way before. True if
  // that is news.
  bool OnRefused(const push::ApplePushOutcome& cause, bool is_probe, Instant now, Random& random);
  // APNs answered the probe in any other way: the stop is over.
  void OnProbeAnswered() { Reset(); }
  // The probe got no answer: another may try at once.
  void OnProbeLost() { is_probing_ = false; }
  // A new certificate.
  void Reset();

  bool is_stopped() const { return cause_.has_value(); }
  // REQUIRES: is_stopped(). As for a push that was not sent.
  const push::ApplePushOutcome& cause() const { return *cause_; }

 private:
  Backoff delay_;
  std::optional<push::ApplePushOutcome> cause_;
  Instant probe_at_;
  bool is_probing_ = false;
};

}  // namespace passmint::apns::internal
