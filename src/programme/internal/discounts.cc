#include <algorithm>
#include <numeric>

#include "programme/internal/work.h"

namespace passmint::programme::internal {
namespace {

using Kind = Discount::Kind;
using ledger::Rounding;

// A discount that acts on this order: what it would take off each line, exactly, as
// values[line] / denominator.
struct Candidate {
  RuleRef ref;
  const Discount* discount = nullptr;
  std::vector<Wide> values = {};
  Wide denominator = 1;
};

std::int64_t Left(const PricedLine& line) { return line.amount - line.discount; }

std::int64_t RateOf(const Work& work, const Discount& discount) {
  if (discount.rate == RateFrom::kRule) return discount.ppm;
  const auto& card = work.facts.member.card_ppm;
  if (discount.rate == RateFrom::kCard && card) return *card;
  const int level = work.facts.tier.level;
  const auto& levels = work.rules.tiers.levels;
  if (level < 0 || static_cast<std::size_t>(level) >= levels.size()) return 0;
  return levels[static_cast<std::size_t>(level)].discount_ppm;
}

// `amount` off all lines together, in proportion to what they cost.
void OffTogether(const Work& work, std::int64_t amount, Candidate& candidate) {
  Wide sum = 0;
  for (const Wide cost : candidate.values) sum += cost;
  if (sum == 0) return;
  const Wide off = std::min<Wide>(amount, sum);
  for (std::size_t i = 0; i < work.result.lines.size(); ++i) {
    candidate.values[i] = Product(candidate.values[i], off);
  }
  candidate.denominator = sum;
}

// So much off a line that each unit costs `price`.
void OffAbovePrice(const Work& work, std::int64_t price, Candidate& candidate) {
  for (std::size_t i = 0; i < work.result.lines.size(); ++i) {
    const ledger::Quantity quantity = work.View(i).line.quantity;
    const Wide cost = (Wide{price} * quantity + ledger::kUnit - 1) / ledger::kUnit;
    candidate.values[i] = std::max<Wide>(0, candidate.values[i] - cost);
  }
}

// The cheapest whole units free: `free` of each `buy`.
void OffFreeUnits(const Work& work, const Discount& discount, Candidate& candidate) {
  const auto quantity = [&work](std::size_t i) { return work.View(i).line.quantity; };
  std::vector<std::size_t> cheapest;
  std::int64_t units = 0;
  for (std::size_t i = 0; i < work.result.lines.size(); ++i) {
    if (candidate.values[i] == 0) continue;
    cheapest.push_back(i);
    units += quantity(i) / ledger::kUnit;
  }
  std::stable_sort(cheapest.begin(), cheapest.end(), [&](std::size_t a, std::size_t b) {
    return IsLess(candidate.values[a], quantity(a), candidate.values[b], quantity(b));
  });
  std::int64_t free = units / discount.buy * discount.free;
  for (const std::size_t i : cheapest) {
    const std::int64_t here = std::min(free, quantity(i) / ledger::kUnit);
    candidate.values[i] = candidate.values[i] * here * ledger::kUnit / quantity(i);
    free -= here;
  }
}

// What the discount would take off; nothing to do with whether it may.
void Value(const Work& work, Candidate& candidate) {
  const Discount& discount = *candidate.discount;
  switch (discount.kind) {
    case Kind::kPercent:
      for (Wide& value : candidate.values) value *= RateOf(work, discount);
      candidate.denominator = 1'000'000;
      return;
    case Kind::kAmount:
      return OffTogether(work, discount.amount, candidate);
    case Kind::kPrice:
      return OffAbovePrice(work, discount.amount, candidate);
    case Kind::kFree:
      return OffFreeUnits(work, discount, candidate);
  }
}

void Consider(Work& work, RuleRef ref, const Discount& discount,
              std::vector<Candidate>& candidates) {
  if (!IsOpen(discount.gate, work.order)) return;
  Candidate candidate{.ref = ref, .discount = &discount};
  for (std::size_t i = 0; i < work.result.lines.size(); ++i) {
    const Taken taken = Takes(discount.gate, work.order, work.View(i));
    if (taken == Taken::kExcluded) {
      work.Explain(ref, ReasonCode::kExcludedGoods, static_cast<std::int32_t>(i), 0);
    }
    candidate.values.push_back(taken == Taken::kYes ? Left(work.result.lines[i]) : 0);
  }
  Value(work, candidate);
  candidates.push_back(std::move(candidate));
}

std::vector<Candidate> Candidates(Work& work, Discount::Stage stage) {
  std::vector<Candidate> candidates;
  const auto consider_all = [&](const std::vector<Discount>& discounts, RuleRef::Section section) {
    for (std::size_t i = 0; i < discounts.size(); ++i) {
      if (discounts[i].stage != stage) continue;
      if (section == RuleRef::Section::kCoupons) {
        const auto& brought = work.basket.coupons;
        if (std::find(brought.begin(), brought.end(), discounts[i].id) == brought.end()) continue;
      }
      Consider(work, {section, static_cast<int>(i)}, discounts[i], candidates);
    }
  };
  consider_all(work.rules.discounts, RuleRef::Section::kDiscounts);
  consider_all(work.rules.coupons, RuleRef::Section::kCoupons);
  // By priority, then by id: the order in which they act.
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    if (a.discount->priority != b.discount->priority) {
      return a.discount->priority > b.discount->priority;
    }
    return a.discount->id < b.discount->id;
  });
  return candidates;
}

// In a group of kBest each line keeps the value of the best candidate only; ties: the lower id.
void KeepBest(const Work& work, std::vector<Candidate>& candidates) {
  const auto beats = [](const Candidate& a, const Candidate& b, std::size_t line) {
    if (IsLess(b.values[line], b.denominator, a.values[line], a.denominator)) return true;
    if (IsLess(a.values[line], a.denominator, b.values[line], b.denominator)) return false;
    return a.discount->id < b.discount->id;
  };
  for (Candidate& candidate : candidates) {
    const int group = candidate.discount->group;
    if (work.rules.discount_groups[static_cast<std::size_t>(group)].mode !=
        StackGroup::Mode::kBest) {
      continue;
    }
    for (const Candidate& rival : candidates) {
      if (&rival == &candidate || rival.discount->group != group) continue;
      for (std::size_t line = 0; line < candidate.values.size(); ++line) {
        if (beats(rival, candidate, line)) candidate.values[line] = 0;
      }
    }
  }
}

// The rule's own limits; a budget is taken whole or not at all, unless it is partial.
std::int64_t Limited(Work& work, const Candidate& candidate, std::int64_t off) {
  const Limits& limits = candidate.discount->limits;
  const auto cut = [&](std::int64_t most, ReasonCode code) {
    if (off <= most) return;
    work.Explain(candidate.ref, code, -1, 0, most - off);
    off = most;
  };
  cut(limits.order.value_or(off), ReasonCode::kOrderLimit);
  cut(work.MemberLeft(candidate.discount->id, limits), ReasonCode::kMemberLimit);
  const std::int64_t left = work.BudgetLeft(limits);
  if (off > left) {
    const Budget& budget = work.rules.budgets[static_cast<std::size_t>(limits.budget)];
    cut(budget.partial ? left : 0, ReasonCode::kBudgetSpent);
  }
  return off;
}

void Apply(Work& work, const Candidate& candidate) {
  Wide sum = 0;
  for (const Wide value : candidate.values) sum = Sum(sum, value);
  // Rounded down to the minor unit: never more off than was promised.
  const std::int64_t full =
      std::max<std::int64_t>(0, Quotient(sum, candidate.denominator, Rounding::kFloor));
  const std::int64_t off = Limited(work, candidate, full);
  std::vector<std::int64_t> shares(candidate.values.size());
  if (!Apportion(off, candidate.values, shares.data())) return;
  std::int64_t taken = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    PricedLine& line = work.result.lines[i];
    std::int64_t here = std::min(shares[i], Left(line));
    here = std::min(here, candidate.discount->limits.line.value_or(here));
    if (here == 0) continue;
    line.discount += here;
    taken += here;
    work.Explain(candidate.ref, ReasonCode::kDiscounted, static_cast<std::int32_t>(i), 0, here);
  }
  work.result.discount += taken;
}

}  // namespace

void TakeOff(Work& work, Discount::Stage stage) {
  if (!work.effective) return;
  std::vector<Candidate> candidates = Candidates(work, stage);
  KeepBest(work, candidates);
  for (const Candidate& candidate : candidates) Apply(work, candidate);
}

}  // namespace passmint::programme::internal
