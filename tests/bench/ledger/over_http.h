#pragma once

#include <memory>
#include <string>

#include "bench/ledger/shop.h"

namespace passmint::bench {

// The shop behind the product's HTTP server in this process, with a connection kept open for each
// client.
class OverHttp {
 public:
  explicit OverHttp(Shop& shop);
  ~OverHttp();

  // One POST /api/v1/orders with an Idempotency-Key. `client` < 128; one thread a client.
  void Accrue(int client, int member, const std::string& order);

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace passmint::bench
