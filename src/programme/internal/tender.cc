#include <algorithm>
#include <string>

#include "programme/internal/work.h"

namespace passmint::programme::internal {
namespace {

using ledger::MulDiv;
using ledger::Rounding;

// What no amount may be: stands for everything beyond kAmountMax.
constexpr std::int64_t kTooMuch = ledger::kAmountMax + 1;

// As MulDiv, but kTooMuch if the result is more than an amount may be: a worth of 1 point = 10^9
// minor units times 2^53 does not fit 63 bits.
std::int64_t Scaled(std::int64_t value, std::int64_t numerator, std::int64_t denominator,
                    Rounding rounding = Rounding::kFloor) {
  if (Wide{value} * numerator / denominator >= ledger::kAmountMax) return kTooMuch;
  return MulDiv(value, numerator, denominator, rounding);
}

bool IsExcluded(const Burn& burn, const BasketLine& line) {
  const auto has = [](const auto& list, const auto& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  return has(burn.exclude.kinds, line.kind) || has(burn.exclude.skus, line.sku) ||
         has(burn.exclude.categories, line.category);
}

// The lines one after the other, with what may still be burned.
class Tender {
 public:
  explicit Tender(Work& work)
      : work_(work),
        rules_(work.rules),
        value_max_(MulDiv(work.order.net, rules_.burn.max_ppm_of_order, 1'000'000)),
        value_left_(value_max_),
        points_left_(work.basket.burn_at_most.value_or(ledger::kAmountMax)),
        up_to_(work.basket.burn_at_most.has_value()) {}

  Status Pay(PricedLine& line) {
    const BasketLine& asked = work_.basket.lines[line.index];
    const std::string pointer = "/lines/" + std::to_string(line.index) +
                                (asked.points_quantity > 0 ? "/points_quantity" : "/points");
    std::int64_t points = Wanted(asked, line);
    if (points == 0) return {};
    if (IsExcluded(rules_.burn, asked)) {
      work_.result.wanted += points;
      if (up_to_) return {};
      return InvalidInput("points_excluded", pointer, "points may not pay these goods");
    }
    const std::int64_t most = PointsFor(line.paid);
    if (points > most) {
      return InvalidInput("points_over_line", pointer,
                          "the line costs " + std::to_string(most) + " points");
    }
    work_.result.wanted += points;
    points = std::min(points, points_left_);
    std::int64_t value = Worth(points, line.paid);
    if (value > value_left_) {
      if (!up_to_) {
        return InvalidInput("points_over_order", pointer,
                            "points may pay " + std::to_string(value_max_) + " of this order");
      }
      points = Scaled(value_left_, rules_.value_points, rules_.value_minor);
      value = Worth(points, line.paid);
    }
    if (value == 0 && points > 0) {
      // Fewer points than the smallest coin is worth pay nothing.
      if (!up_to_) {
        return InvalidInput("out_of_range", pointer, "so few points are worth nothing");
      }
      points = 0;
    }
    Book(line, points, value);
    return {};
  }

  std::int64_t Burnable(const PricedLine& line) const {
    if (IsExcluded(rules_.burn, work_.basket.lines[line.index])) return 0;
    if (line.paid <= value_max_) return PointsFor(line.paid);
    return Scaled(value_max_, rules_.value_points, rules_.value_minor);
  }

 private:
  // Points that a line asks for: a number, or enough for so many units.
  std::int64_t Wanted(const BasketLine& asked, const PricedLine& line) const {
    if (asked.points_quantity == 0) return asked.points;
    return PointsFor(MulDiv(line.paid, asked.points_quantity, asked.quantity));
  }

  std::int64_t PointsFor(std::int64_t price) const {
    return Scaled(price, rules_.value_points, rules_.value_minor, Rounding::kCeil);
  }

  // What `points` pay of a line: never more than it costs, though the last point may be worth more.
  std::int64_t Worth(std::int64_t points, std::int64_t price) const {
    return std::min(price, Scaled(points, rules_.value_minor, rules_.value_points));
  }

  void Book(PricedLine& line, std::int64_t points, std::int64_t value) {
    points_left_ -= points;
    value_left_ -= value;
    line.burned = points;
    line.value = value;
    line.paid -= value;
    work_.result.burned += points;
    work_.result.value += value;
  }

  Work& work_;
  const RuleSet& rules_;
  const std::int64_t value_max_;
  std::int64_t value_left_;
  std::int64_t points_left_;
  const bool up_to_;
};

}  // namespace

Status PayWithPoints(Work& work) {
  std::vector<PricedLine>& lines = work.result.lines;
  for (PricedLine& line : lines) {
    line.paid = line.amount - line.discount;
    work.order.net += line.paid;
  }
  Tender tender(work);
  for (PricedLine& line : lines) line.burnable = tender.Burnable(line);
  for (PricedLine& line : lines) {
    if (Status paid = tender.Pay(line); !paid.ok()) return paid;
  }
  for (const PricedLine& line : lines) work.result.paid += line.paid;
  work.order.money = work.result.paid;
  work.order.points = work.result.burned;
  return {};
}

}  // namespace passmint::programme::internal
