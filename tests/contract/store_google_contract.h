#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "contract/store_contract.h"

namespace passmint::testing {

// What every implementation of issuance::GoogleTables must do.
class StoreGoogleContract : public StoreContract {
 protected:
  void Insert(const issuance::GoogleObject& object) {
    MustWrite(
        [&](issuance::Transaction& t) { return Succeeded(t.InsertGoogleObject(kCoffee, object)); });
  }
  void InsertCard(int n) {
    MustWrite([&](issuance::Transaction& t) {
      return Succeeded(t.InsertCard(kCoffee, SampleCard(n, MemberIdOf(n))));
    });
  }
  issuance::GoogleObject Find(int n) {
    return Read([n](issuance::Transaction& t) { return t.FindGoogleObject(kCoffee, HexId(n)); })
        .value();
  }
  void Want(int n, Timestamp due_at) {
    MustWrite(
        [&](issuance::Transaction& t) { return t.WantGoogleObject(kCoffee, HexId(n), due_at); });
  }
  bool HasWork() {
    return Read([](issuance::Transaction& t) { return t.HasGoogleWork(kCoffee); });
  }
  std::vector<std::string> Claim(int limit = 10) {
    std::vector<std::string> cards;
    MustWrite([&](issuance::Transaction& t) -> Status {
      auto claimed = t.ClaimGoogleObjects(kCoffee, t.Now() + std::chrono::minutes(1), limit);
      if (!claimed.ok()) return claimed.error();
      cards = claimed.value();
      return {};
    });
    return cards;
  }
  std::chrono::microseconds Take(int count, const issuance::RequestPace& pace, int reserved) {
    std::chrono::microseconds wait{-1};
    MustWrite([&](issuance::Transaction& t) -> Status {
      auto taken = t.TakeRequests("account", count, pace, reserved);
      if (!taken.ok()) return taken.error();
      wait = taken.value();
      return {};
    });
    return wait;
  }
};

}  // namespace passmint::testing
