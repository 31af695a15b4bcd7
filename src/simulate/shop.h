#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "base/timestamp.h"
#include "simulate/service_client.h"

namespace passmint::simulate {

// What a shop's backend learns from one paid order.
struct PlacedOrder {
  std::string card_number;
  std::string page;            // The card's link; "" if the service gave none.
  std::int64_t earned = 0;     // Points, as the service acknowledged them.
  std::int64_t available = 0;  // Of the member afterwards.
  bool first_time = false;     // 201: the service had not seen it before.
};

// A shop's backend: sends paid orders, each with the same bytes until it is answered. For one
// thread.
class Shop {
 public:
  // `url`: of the service, without a slash at the end. `key`: an API key of role shop.
  Shop(std::string url, Secret key) : url_(std::move(url)), key_(std::move(key)) {}

  struct Sale {
    std::string order_id;
    std::string phone;  // Of the buyer, E.164.
    std::string name;
    std::string locale;
    std::string paid_at;  // RFC 3339.
    std::string currency;
    std::int64_t total_minor = 0;
  };

  // Fails with kUnavailable if there was no answer or a 5xx or 429: send the same sale again. Other
  // refusals come back as kInternal with what the service said: they must not happen here.
  Result<PlacedOrder> Place(const Sale& sale);

  // What the ledger says that a card has, in points. Fails as Place.
  Result<std::int64_t> Balance(const std::string& card_number);

 private:
  Result<std::string> Ask(std::string_view method, const std::string& path, std::string_view body,
                          int& status);

  const std::string url_;
  const Secret key_;
  ServiceClient client_;
};

}  // namespace passmint::simulate
