#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "json/json.h"
#include "simulate/balance_watch.h"
#include "simulate/service_client.h"

namespace passmint::simulate {

// A customer who keeps her card in Google Wallet. What she sees is what Google holds. Safe for
// concurrent calls.
class FleetAccount {
 public:
  // `address`: where her phone is in the network, for X-Forwarded-For; IPv4.
  FleetAccount(std::string owner, std::string address)
      : owner_(std::move(owner)), address_(std::move(address)) {}

  const std::string& owner() const { return owner_; }  // E.164.

  // The card that she got. Set once, before anything else is asked.
  void SetCard(std::string number) { number_ = std::move(number); }
  const std::string& number() const { return number_; }

  BalanceWatch& balance() { return balance_; }
  const BalanceWatch& balance() const { return balance_; }

  // Taps "Add to Google Wallet" on the card's page: follows the link to Google (fake_google.h),
  // which verifies and saves it and tells the service by a signed callback. Fails with kUnavailable
  // if one of them did not answer, with kInvalidArgument if Google refuses the link or the service
  // refuses the callback.
  Status Save(ServiceClient& client, const std::string& page);

  // Google's id of the object; "" before it was saved.
  const std::string& object_id() const { return object_id_; }

  // Google holds this object now; `notified`: and has told her.
  void See(const Json& object, bool notified);

  // What her phone said last of the card; "" if nothing.
  std::string lock_screen() const;

 private:
  const std::string owner_;
  const std::string address_;
  std::string number_;
  std::string object_id_;
  BalanceWatch balance_;

  mutable std::mutex mutex_;
  std::string lock_screen_;
};

// The points that an object of Google's shows; nothing if it shows none.
std::optional<std::int64_t> PointsOf(const Json& object);

}  // namespace passmint::simulate
