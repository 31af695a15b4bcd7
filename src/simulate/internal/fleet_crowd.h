#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "crypto/certificate.h"
#include "json/json.h"
#include "simulate/balance_watch.h"
#include "simulate/fleet.h"
#include "simulate/fleet_account.h"
#include "simulate/fleet_phone.h"
#include "simulate/wake_queue.h"

namespace passmint::simulate::internal {

// Everybody in a fleet: owners of phones first, then those of Google accounts, numbered through.
// Safe for concurrent calls, but for the cards, which are set before.
class FleetCrowd {
 public:
  // `roots` outlives it.
  FleetCrowd(const FleetOptions& options, const std::vector<crypto::Certificate>& roots);

  std::size_t size() const { return phones_.size() + accounts_.size(); }
  std::size_t phones() const { return phones_.size(); }
  FleetPhone& phone(std::size_t index) { return *phones_[index]; }
  std::size_t accounts() const { return accounts_.size(); }
  FleetAccount& account(std::size_t index) { return *accounts_[index]; }

  const std::string& OwnerOf(std::size_t index) const;
  const std::string& CardOf(std::size_t index) const;
  void SetCard(std::size_t index, std::string number);
  BalanceWatch& BalanceOf(std::size_t index);

  // How many cards do not show what was acknowledged.
  std::int64_t CountWrong() const;

  // As Fleet::Deliver and Fleet::See.
  bool Deliver(std::string_view push_token, bool counts);
  void See(const std::string& object_id, const Json& object, bool notified);
  std::int64_t stray_pushes() const { return stray_pushes_.load(); }

  // An account has saved its card.
  void AddObject(std::size_t account);

  // The phone gets another push token and registers it. Returns the one that is dead now; "" if the
  // service has not taken the new one: APNs still knows the old one then.
  std::string Rotate(std::size_t phone, ServiceClient& client);

  WakeQueue& wake() { return wake_; }  // Of phones that have something to ask.
  void GoOnline(std::size_t phone);

 private:
  void AddPhone(std::size_t index, const std::vector<crypto::Certificate>& roots);

  const FleetOptions& options_;
  std::vector<std::unique_ptr<FleetPhone>> phones_;
  std::vector<std::unique_ptr<FleetAccount>> accounts_;
  std::vector<int> rotations_;  // Of each phone's token; of whoever rotates.
  WakeQueue wake_;
  std::atomic<std::int64_t> stray_pushes_{0};

  mutable std::shared_mutex mutex_;  // Guards what follows.
  std::unordered_map<std::string, std::size_t> tokens_;
  std::unordered_map<std::string, std::size_t> objects_;
};

}  // namespace passmint::simulate::internal
