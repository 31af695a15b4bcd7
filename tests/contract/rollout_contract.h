#pragma once

#include <optional>
#include <set>
#include <string>

#include "contract/store_contract.h"
#include "issuance/rollouts.h"
#include "push/rollout_jobs.h"
#include "support/phone_rows.h"

namespace passmint::testing {

// Cards on phones and a rollout, on a store of each kind.
class RolloutContract : public StoreContract {
 protected:
  // Cards 1 to `count`, each on a phone, with nothing left to tell.
  void PutCards(int count) {
    MustWrite([&](issuance::Transaction& t) -> Status {
      for (int n = 1; n <= count; ++n) {
        auto put = t.InsertCard(kCoffee, SampleCard(n, MemberIdOf(n)));
        if (!put.ok()) return put.error();
      }
      return {};
    });
    for (int n = 1; n <= count; ++n) {
      PutPhone(store(), kCoffee, "d" + std::to_string(n), "t" + std::to_string(n), HexId(n),
               Start());
    }
  }

  void Begin(int per_second, int ring = 100) {
    const Timestamp now = clock_.Now();
    MustWrite([&](issuance::Transaction& t) {
      return t.PutRollout({.programme = kCoffee,
                           .name = kTemplate,
                           .version = 2,
                           .ring = ring,
                           .per_second = per_second,
                           .due_at = now,
                           .started_at = now,
                           .changed_at = now});
    });
  }

  issuance::Rollout Order(issuance::RolloutOrder order) {
    std::optional<issuance::Rollout> after;
    MustWrite([&](issuance::Transaction& t) -> Status {
      auto ordered = issuance::OrderRollout(t, kCoffee, kTemplate, order);
      if (ordered.ok()) after = ordered.value();
      return Succeeded(ordered);
    });
    return after.value_or(issuance::Rollout{});
  }

  issuance::Rollout Now() {
    return *Read([](issuance::Transaction& t) { return t.FindRollout(kCoffee, kTemplate); });
  }

  push::RolloutJobs Jobs() { return {store(), {kCoffee}}; }

  // What is to be told now; taking it up leaves nothing for the next call.
  std::set<std::string> TakeWanted() {
    std::set<std::string> cards;
    MustWrite([&](issuance::Transaction& t) -> Status {
      cards.clear();
      auto due = t.ClaimDeliveries("apple", t.Now(), t.Now() + std::chrono::hours(1), 1000);
      if (!due.ok()) return due.error();
      for (const issuance::Delivery& delivery : due.value()) cards.insert(delivery.card);
      return {};
    });
    return cards;
  }
};

}  // namespace passmint::testing
