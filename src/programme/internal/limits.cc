#include <algorithm>
#include <numeric>

#include "programme/internal/work.h"

namespace passmint::programme::internal {
namespace {

// Which of the givens keep their points when there is too little for all: those of the highest
// priority, then of the lowest id.
class Limiter {
 public:
  explicit Limiter(Work& work)
      : work_(work), result_(work.result), lines_(work.result.lines.size()) {
    order_.resize(result_.given.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [this](std::size_t a, std::size_t b) {
      const EarnRule& left = RuleOf(a);
      const EarnRule& right = RuleOf(b);
      return left.priority != right.priority ? left.priority > right.priority : left.id < right.id;
    });
  }

  void Run() {
    CutLines();
    for (const int rule : Rules()) {
      CutTo(work_.rules.earn[Index(rule)].limits.order, rule, ReasonCode::kOrderLimit);
    }
    CutTo(work_.rules.limits.order, kNone, ReasonCode::kOrderLimit);
    for (const int rule : Rules()) {
      const EarnRule& earn = work_.rules.earn[Index(rule)];
      if (earn.limits.member) {
        CutTo(work_.MemberLeft(earn.id, earn.limits), rule, ReasonCode::kMemberLimit);
      }
    }
    if (work_.rules.limits.member) {
      CutTo(work_.MemberLeft("", work_.rules.limits), kNone, ReasonCode::kMemberLimit);
    }
    TakeFromBudgets();
  }

 private:
  static std::size_t Index(int index) { return static_cast<std::size_t>(index); }
  const EarnRule& RuleOf(std::size_t given) const {
    return work_.rules.earn[Index(result_.given[given].rule)];
  }

  // Each rule that gave something, once, those that keep their points first.
  std::vector<int> Rules() const {
    std::vector<int> rules;
    for (const std::size_t given : order_) {
      const int rule = result_.given[given].rule;
      if (rules.empty() || rules.back() != rule) rules.push_back(rule);
    }
    return rules;
  }

  void CutLines() {
    const auto& of_all = work_.rules.limits.line;
    for (std::size_t line = 0; line < lines_; ++line) {
      std::int64_t left_of_all = of_all.value_or(ledger::kAmountMax);
      int rule = kNone;
      std::int64_t left = 0;
      for (const std::size_t given : order_) {
        if (result_.given[given].rule != rule) {
          rule = result_.given[given].rule;
          left = RuleOf(given).limits.line.value_or(ledger::kAmountMax);
        }
        std::int64_t& share = result_.shares[given * lines_ + line];
        const std::int64_t kept = std::min({share, left, left_of_all});
        if (kept < share) {
          Explain(given, ReasonCode::kLineLimit, static_cast<std::int32_t>(line), kept - share);
          result_.given[given].points -= share - kept;
          share = kept;
        }
        left -= kept;
        left_of_all -= kept;
      }
    }
  }

  // At most so much for a rule, or (kNone) for all of them together.
  void CutTo(std::optional<std::int64_t> most, int rule, ReasonCode code) {
    if (!most) return;
    std::int64_t left = *most;
    for (const std::size_t given : order_) {
      if (rule != kNone && result_.given[given].rule != rule) continue;
      Cut(given, std::min(left, result_.given[given].points), code);
      left -= result_.given[given].points;
    }
  }

  // A budget may serve several rules. A grant that it cannot pay whole is not made, unless the
  // budget is partial.
  void TakeFromBudgets() {
    std::vector<std::int64_t> left(work_.rules.budgets.size(), -1);
    for (const std::size_t given : order_) {
      const Limits& limits = RuleOf(given).limits;
      if (limits.budget == kNone) continue;
      std::int64_t& there = left[Index(limits.budget)];
      if (there < 0) there = work_.BudgetLeft(limits);
      const std::int64_t points = result_.given[given].points;
      if (points > there) {
        const bool partial = work_.rules.budgets[Index(limits.budget)].partial;
        Cut(given, partial ? there : 0, ReasonCode::kBudgetSpent);
      }
      there -= result_.given[given].points;
    }
  }

  void Cut(std::size_t given, std::int64_t points, ReasonCode code) {
    Given& cut = result_.given[given];
    if (points >= cut.points) return;
    Explain(given, code, -1, points - cut.points);
    cut.points = points;
    if (cut.on_order) return;
    const auto begin = result_.shares.begin() + static_cast<std::ptrdiff_t>(given * lines_);
    const std::vector<Wide> weights(begin, begin + static_cast<std::ptrdiff_t>(lines_));
    // Cannot be too wide: two amounts.
    Apportion(points, weights, &*begin);
  }

  void Explain(std::size_t given, ReasonCode code, std::int32_t line, std::int64_t points) {
    work_.Explain({RuleRef::Section::kEarn, result_.given[given].rule}, code, line, points);
  }

  Work& work_;
  Evaluation& result_;
  const std::size_t lines_;
  std::vector<std::size_t> order_;
};

bool Limited(const RuleSet& rules) {
  const auto some = [](const Limits& limits) {
    return limits.line || limits.order || limits.member || limits.budget != kNone;
  };
  return some(rules.limits) || std::any_of(rules.earn.begin(), rules.earn.end(),
                                           [&some](const EarnRule& r) { return some(r.limits); });
}

}  // namespace

std::int64_t Work::MemberLeft(std::string_view rule, const Limits& limits) const {
  if (!limits.member) return ledger::kAmountMax;
  std::int64_t left = limits.member->most;
  for (const Used& used : facts.used) {
    if (used.rule == rule) left -= used.points;
  }
  return std::max<std::int64_t>(0, left);
}

std::int64_t Work::BudgetLeft(const Limits& limits) const {
  if (limits.budget == kNone) return ledger::kAmountMax;
  const Budget& budget = rules.budgets[static_cast<std::size_t>(limits.budget)];
  const auto found = facts.budget_left.find(budget.id);
  if (found != facts.budget_left.end()) return std::max<std::int64_t>(0, found->second);
  return budget.cap.value_or(ledger::kAmountMax);
}

void CutToLimits(Work& work) {
  if (work.result.given.empty() || !Limited(work.rules)) return;
  Limiter(work).Run();
}

}  // namespace passmint::programme::internal
