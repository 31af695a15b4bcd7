#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "programme/basket.h"
#include "programme/condition.h"
#include "programme/facts.h"
#include "programme/moment.h"

namespace passmint::programme {

// Names lines by what they are. Without kinds: products only. Without SKUs and categories: every
// line of those kinds; with some: those lines of which any list names something.
struct Selector {
  std::vector<LineKind> kinds = {};
  std::vector<std::string> skus = {};        // Sorted.
  std::vector<std::string> categories = {};  // Sorted.

  bool names_goods() const { return !skus.empty() || !categories.empty(); }
  friend bool operator==(const Selector&, const Selector&) = default;
};

// When a rule acts and on which lines. What `exclude` names is out even if `include` names it too.
struct Gate {
  Window window = {};
  Condition when = {};
  Selector include = {};
  Selector exclude = {};  // Without kinds, SKUs and categories it names nothing.
};

// An order as conditions see it.
struct OrderView {
  const Basket& basket;
  const Facts& facts;
  const Moment& moment;
  std::string_view tier;  // Name of the member's level.
  std::int64_t amount = 0;
  std::int64_t net = 0;    // From the tender on.
  std::int64_t money = 0;  // From the earning on; points likewise.
  std::int64_t points = 0;
};

// A line as conditions see it.
struct LineView {
  const BasketLine& line;
  std::int64_t amount = 0;  // As sent, the shop's own discounts off.
};

// Whether the window is open and the condition holds as far as it is about the order; tests about
// lines are left to Takes, so with any and not they count as holding.
bool IsOpen(const Gate& gate, const OrderView& order);

enum class Taken { kNo, kExcluded, kYes };

// REQUIRES: IsOpen.
Taken Takes(const Gate& gate, const OrderView& order, const LineView& line);

}  // namespace passmint::programme
