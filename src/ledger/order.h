#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "ledger/asset.h"
#include "ledger/lot.h"

namespace passmint::ledger {

struct OrderKey {
  std::string source;
  std::string id;
  friend auto operator<=>(const OrderKey&, const OrderKey&) = default;
};

// Thousandths of a unit: "0.350" kg is 350.
using Quantity = std::int64_t;
inline constexpr Quantity kUnit = 1000;

// Points of one lot that were burned on a line, and how many of them came back.
struct Allocation {
  LotId lot = 0;
  std::int64_t taken = 0;
  std::int64_t returned = 0;
  friend bool operator==(const Allocation&, const Allocation&) = default;
};

// A line is split at intake into what money paid and what points paid. Each group has its own
// counters; refunds move `refunded` up, and restored / clawed follow as cumulative floors, so any
// number of partial refunds adds up exactly:
//   clawed   = floor(earned * paid_refunded / paid)      (all of it once paid_refunded = paid)
//   restored = floor(burned * value_refunded / value)
// Invariants: 0 <= clawed <= earned, 0 <= restored <= burned, paid_refunded <= paid,
// value_refunded <= value. With paid = 0 nothing was earned.
struct LineRecord {
  std::string line_id;
  Quantity quantity = kUnit;       // > 0.
  Quantity quantity_refunded = 0;  // By refunds that named units.
  // Paid with money, in minor units after negative lines were spread. >= 0.
  std::int64_t paid = 0;
  std::int64_t paid_refunded = 0;
  std::int64_t earned = 0;
  std::int64_t clawed = 0;
  // Paid with points: their worth in minor units and their number.
  std::int64_t value = 0;
  std::int64_t value_refunded = 0;
  std::int64_t burned = 0;
  std::int64_t restored = 0;
  std::vector<Allocation> allocations;  // In the order in which they were taken.

  std::int64_t gross() const { return paid + value; }
  std::int64_t gross_left() const { return gross() - paid_refunded - value_refunded; }
  friend bool operator==(const LineRecord&, const LineRecord&) = default;
};

// What an order earned beside what its lines earned: a welcome bonus, for instance. Reversed whole
// when everything that money paid is refunded, or when a refund names it (Refund::lost_grants).
struct Grant {
  std::string rule;
  std::int64_t points = 0;
  std::int64_t clawed = 0;
  friend bool operator==(const Grant&, const Grant&) = default;
};

// The ledger's side of an order. Travels with the account: same transaction, same journal.
struct OrderRecord {
  OrderKey key;
  AssetId asset;
  std::vector<LineRecord> lines;  // 1 to 1000.
  std::vector<Grant> grants;
  std::vector<LotId> lots;  // That the order created by earning.
  friend bool operator==(const OrderRecord&, const OrderRecord&) = default;
};

}  // namespace passmint::ledger
