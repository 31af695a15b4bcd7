#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <vector>

#include "issuance/delivery_tables.h"

namespace passmint::push {

// Cards that this process wants told, between the threads that commit and the one that tells. What
// it forgets is found in the store. Safe for concurrent calls.
class WantedQueue final : public issuance::DeliveryListener {
 public:
  static constexpr std::size_t kCardsMax = 10'000;

  void OnWanted(const std::vector<issuance::WantedDelivery>& wanted) override;

  // Something else is to be done.
  void Ring();

  struct Taken {
    std::vector<issuance::WantedDelivery> cards;  // In order, each once.
    bool overflowed = false;  // There were more than it holds: look into the store.
    bool more = false;        // It is not empty yet.
  };
  Taken Take(std::size_t limit);

  // Returns when there is something to take, after Ring, on a stop, and after `longest`.
  void Wait(const std::stop_token& stop, std::chrono::microseconds longest);

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::set<issuance::WantedDelivery> cards_;
  bool overflowed_ = false;
  bool rung_ = false;
};

// Hands what a store wants delivered to a queue for each wallet.
class WantedFan final : public issuance::DeliveryListener {
 public:
  explicit WantedFan(std::vector<std::shared_ptr<WantedQueue>> queues)
      : queues_(std::move(queues)) {}

  void OnWanted(const std::vector<issuance::WantedDelivery>& wanted) override {
    for (const auto& queue : queues_) queue->OnWanted(wanted);
  }

 private:
  const std::vector<std::shared_ptr<WantedQueue>> queues_;
};

}  // namespace passmint::push
