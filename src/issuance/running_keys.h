#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "base/result.h"
#include "issuance/idempotency.h"

namespace passmint::issuance {

// How long a second request with a running key waits for the first (contract/api.md section 1).
inline constexpr std::chrono::seconds kRunningKeyWaitMax{2};

// The Idempotency-Keys whose work runs in this process. Safe for concurrent calls. As large as the
// number of threads that handle requests. Processes that share a database are kept apart by the
// answer's unique row instead (see RunOnce).
class RunningKeys {
 public:
  // While it lives, the key is its owner's. Must not outlive the RunningKeys.
  class [[nodiscard]] Turn {
   public:
    Turn(Turn&& other) noexcept : keys_(std::exchange(other.keys_, nullptr)), key_(other.key_) {}
    Turn& operator=(Turn&&) = delete;
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();

   private:
    friend class RunningKeys;
    using Position = std::set<std::pair<std::string, std::string>>::iterator;
    Turn(RunningKeys& keys, Position key) : keys_(&keys), key_(key) {}

    RunningKeys* keys_;
    Position key_;
  };

  // Waits until nobody works for the request's scope and key. What the request says plays no part:
  // whether it is the same is known when the first has its answer.
  //
  // Fails with kConflict, reason "idempotency_in_progress", after `wait_max`.
  Result<Turn> Enter(const KeyedRequest& request,
                     std::chrono::milliseconds wait_max = kRunningKeyWaitMax);

 private:
  std::mutex mutex_;
  std::condition_variable left_;
  std::set<std::pair<std::string, std::string>> running_;  // Scope and key.
};

}  // namespace passmint::issuance
