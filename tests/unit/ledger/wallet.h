#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/apply.h"
#include "ledger/rebuild.h"

namespace passmint::ledger::testing {

inline const AssetId kPoints{kPointsAsset};

// A line that money paid `paid` and earned `earned`, and points paid `value` with `burned`.
LineRecord Line(std::int64_t paid, std::int64_t earned, std::int64_t value = 0,
                std::int64_t burned = 0);

// Of the refund of a whole order, and of one line.
Refund RefundOf(const std::string& id, std::int64_t amount);
Refund RefundOfLine(const std::string& id, RefundLine line);

// An account in memory with all its lots, and a clock. After every command that it takes it checks
// the invariants and that the journal, folded, gives the same account.
class Wallet {
 public:
  explicit Wallet(const std::string& id = "a_1");

  void Wait(std::chrono::microseconds time) { now += time; }

  // What happened; kept if it is no failure. Fails the test if an invariant is broken.
  Result<Change> Do(const Command& command);
  // The same for what must not fail, and for what must: then the reason.
  Change Must(const Command& command);
  std::string Refused(const Command& command);

  // An order of the account, by id, and its refund.
  Change Pay(const std::string& id, std::vector<LineRecord> lines,
             std::chrono::microseconds lifetime = std::chrono::days(365),
             std::optional<HoldId> hold = {});
  Change Give(std::int64_t amount, std::chrono::microseconds lifetime = std::chrono::days(365));
  Change PlaceHoldOf(const std::string& id, std::int64_t amount,
                     std::chrono::microseconds lifetime = std::chrono::hours(1));
  Result<Change> TryRefund(const std::string& order, const Refund& refund);
  Change Repay(const std::string& order, const Refund& refund);
  std::string RefundRefused(const std::string& order, const Refund& refund);

  // Keeps one side of a transfer or merge.
  void Keep(const Change& change);

  const Balance& points() const { return account.balance(kPoints); }
  const Lot& lot(LotId id) const;
  // What is available and pending in each lot that has any, in spend order: "1:30 2:0+5".
  std::string open_lots() const;
  Context context() const;

  Account account;
  Timestamp now = FromMicros(1'760'000'000'000'000);
  Policy policy;
  std::map<std::string, OrderRecord> orders;
  std::vector<Entry> journal;

 private:
  Rebuilder rebuilder_;
};

PayOrder Sale(const std::string& id, std::vector<LineRecord> lines, Timestamp activates_at,
              Timestamp expires_at);

// "earn +30 =30, debt_offset -30 =0": type, change and available points after it.
std::string Story(const Change& change);

}  // namespace passmint::ledger::testing
