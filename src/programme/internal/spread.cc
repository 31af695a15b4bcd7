#include <algorithm>

#include "programme/internal/work.h"

namespace passmint::programme::internal {
namespace {

// Takes up to `discount` off the lines for which `belongs` holds; returns what they did not cost.
template <class Belongs>
std::int64_t TakeFrom(Work& work, std::int64_t discount, const Belongs& belongs) {
  std::vector<PricedLine>& lines = work.result.lines;
  std::vector<Wide> weights;
  std::int64_t cost = 0;
  for (const PricedLine& line : lines) {
    weights.push_back(belongs(work.basket.lines[line.index]) ? line.amount : 0);
    cost += static_cast<std::int64_t>(weights.back());
  }
  const std::int64_t taken = std::min(discount, cost);
  std::vector<std::int64_t> shares(lines.size());
  // Cannot be too wide: sums of amounts have at most 63 bits.
  if (taken > 0) Apportion(taken, weights, shares.data());
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i].amount -= shares[i];
  return discount - taken;
}

}  // namespace

void SpreadDiscountLines(Work& work) {
  const std::vector<BasketLine>& basket = work.basket.lines;
  work.result.lines.reserve(basket.size());
  for (std::size_t i = 0; i < basket.size(); ++i) {
    if (basket[i].kind == LineKind::kDiscount) continue;
    work.result.lines.push_back({.index = i, .amount = basket[i].amount});
  }
  std::int64_t rest = 0;
  for (const BasketLine& off : basket) {
    if (off.kind != LineKind::kDiscount) continue;
    std::int64_t discount = -off.amount;
    if (!off.sku.empty()) {
      discount = TakeFrom(work, discount, [&off](const BasketLine& l) { return l.sku == off.sku; });
    } else if (!off.category.empty()) {
      discount = TakeFrom(work, discount,
                          [&off](const BasketLine& l) { return l.category == off.category; });
    }
    rest += discount;
  }
  if (rest > 0) TakeFrom(work, rest, [](const BasketLine&) { return true; });
  for (const PricedLine& line : work.result.lines) work.order.amount += line.amount;
  work.result.amount = work.order.amount;
}

}  // namespace passmint::programme::internal
