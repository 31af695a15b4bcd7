#include <algorithm>
#include <array>
#include <numeric>

#include "programme/internal/work.h"

namespace passmint::programme::internal {
namespace {

using Kind = EarnRule::Kind;

constexpr std::array<std::int64_t, 7> kPowersOfTen{1, 10, 100, 1000, 10000, 100000, 1000000};
constexpr std::int64_t kMillion = 1'000'000;

// A rule that acts on this order.
struct Acting {
  const EarnRule* rule = nullptr;
  int index = 0;
  // Of rates: points per minor unit, exactly.
  Wide numerator = 0;
  Wide denominator = 1;
  std::int64_t ppm = 0;                  // If that is a single number of millionths.
  std::vector<std::uint8_t> takes = {};  // By line.
};

bool ByPriority(const Acting& a, const Acting& b) {
  if (a.rule->priority != b.rule->priority) return a.rule->priority > b.rule->priority;
  return a.rule->id < b.rule->id;
}

bool IsMarked(const std::vector<std::uint8_t>& marks) {
  return std::find(marks.begin(), marks.end(), 1) != marks.end();
}

class Earner {
 public:
  explicit Earner(Work& work)
      : work_(work), lines_(work.result.lines.size()), weights_(lines_), next_(lines_) {}

  Status Run() {
    FindActing();
    SettleGroups(rates_, [](const Acting& a, const Acting& b) {
      return IsLess(b.numerator, b.denominator, a.numerator, a.denominator);
    });
    SettleGroups(multipliers_, [](const Acting& a, const Acting& b) {
      return IsLess(b.rule->factor.numerator, b.rule->factor.denominator, a.rule->factor.numerator,
                    a.rule->factor.denominator);
    });
    std::sort(multipliers_.begin(), multipliers_.end(), ByPriority);
    std::sort(rates_.begin(), rates_.end(), ByPriority);
    for (const Acting& rate : rates_) {
      if (Status earned = EarnByRate(rate); !earned.ok()) return earned;
    }
    return Grant();
  }

 private:
  bool IsSpent(const EarnRule& rule) const {
    if (!rule.once) return false;
    const std::string occurrence = UnitKey(*rule.once, work_.moment.day());
    return std::any_of(work_.facts.granted.begin(), work_.facts.granted.end(),
                       [&](const Granted& granted) {
                         return granted.rule == rule.id && granted.occurrence == occurrence;
                       });
  }

  void FindActing() {
    const std::vector<EarnRule>& rules = work_.rules.earn;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const EarnRule& rule = rules[i];
      if (!IsOpen(rule.gate, work_.order)) continue;
      const RuleRef ref{RuleRef::Section::kEarn, static_cast<int>(i)};
      if (IsSpent(rule)) {
        work_.Explain(ref, ReasonCode::kOnceOnly, -1, 0);
        continue;
      }
      Acting acting{.rule = &rule, .index = static_cast<int>(i)};
      MarkLines(ref, acting);
      if (!IsMarked(acting.takes)) continue;
      Sort(std::move(acting));
    }
  }

  void MarkLines(RuleRef ref, Acting& acting) {
    acting.takes.resize(lines_);
    for (std::size_t line = 0; line < lines_; ++line) {
      switch (Takes(acting.rule->gate, work_.order, work_.View(line))) {
        case Taken::kNo:
          break;
        case Taken::kExcluded:
          work_.Explain(ref, ReasonCode::kExcludedGoods, static_cast<std::int32_t>(line), 0);
          break;
        case Taken::kYes:
          acting.takes[line] = 1;
          break;
      }
    }
  }

  void Sort(Acting acting) {
    switch (acting.rule->kind) {
      case Kind::kPercent:
      case Kind::kPerAmount:
        for (std::size_t line = 0; line < lines_; ++line) {
          if (acting.takes[line] != 0) work_.result.lines[line].eligible = true;
        }
        SetRate(acting);
        rates_.push_back(std::move(acting));
        break;
      case Kind::kMultiplier:
        multipliers_.push_back(std::move(acting));
        break;
      case Kind::kFixed:
      case Kind::kStamp:
        grants_.push_back(std::move(acting));
        break;
    }
  }

  void SetRate(Acting& acting) const {
    const EarnRule& rule = *acting.rule;
    if (rule.kind == Kind::kPerAmount) {
      acting.numerator = rule.points;
      acting.denominator = rule.per;
      return;
    }
    acting.numerator = acting.ppm = rule.ppm;
    acting.denominator = kMillion;
    if (rule.rate != RateFrom::kRule) SetTierRate(acting);
    const auto scale = static_cast<std::size_t>(work_.rules.exponent);
    const auto unit = static_cast<std::size_t>(work_.basket.currency_exponent);
    acting.numerator = Product(acting.numerator, kPowersOfTen[scale]);
    acting.denominator = Product(acting.denominator, kPowersOfTen[unit]);
  }

  // The card's rate, or that of the levels that rate this order: one, or an average by parts.
  void SetTierRate(Acting& acting) const {
    const auto& card = work_.facts.member.card_ppm;
    if (acting.rule->rate == RateFrom::kCard && card) {
      acting.numerator = acting.ppm = *card;
      return;
    }
    std::int64_t base = 0;
    for (const PricedLine& line : work_.result.lines) {
      if (work_.basket.lines[line.index].kind == LineKind::kProduct) base += line.paid;
    }
    const Tiers& tiers = work_.rules.tiers;
    const auto ppm_of = [&tiers](int level) -> std::int64_t {
      return level < 0 || static_cast<std::size_t>(level) >= tiers.levels.size()
                 ? 0
                 : tiers.levels[static_cast<std::size_t>(level)].ppm;
    };
    const std::vector<RatedPart> parts = RatedParts(tiers, work_.facts.tier, base);
    acting.ppm = parts.size() == 1 ? ppm_of(parts.front().level) : 0;
    if (parts.size() == 1) {
      acting.numerator = acting.ppm;
      return;
    }
    acting.numerator = 0;
    for (const RatedPart& part : parts) {
      acting.numerator = Sum(acting.numerator, Product(part.amount, ppm_of(part.level)));
    }
    acting.denominator = Product(base, kMillion);
  }

  // In a group of kBest each line keeps the best rule only; ties: the lower id.
  template <class Better>
  void SettleGroups(std::vector<Acting>& acting, const Better& better) {
    std::sort(acting.begin(), acting.end(), [&better](const Acting& a, const Acting& b) {
      if (better(a, b)) return true;
      return !better(b, a) && a.rule->id < b.rule->id;
    });
    for (std::size_t i = 0; i < acting.size(); ++i) {
      const int group = acting[i].rule->group;
      if (!IsBestOf(group)) continue;
      for (std::size_t j = i + 1; j < acting.size(); ++j) {
        if (acting[j].rule->group != group) continue;
        for (std::size_t line = 0; line < lines_; ++line) {
          if (acting[i].takes[line] != 0) acting[j].takes[line] = 0;
        }
      }
    }
  }

  bool IsBestOf(int group) const {
    return group != kNone &&
           work_.rules.earn_groups[static_cast<std::size_t>(group)].mode == StackGroup::Mode::kBest;
  }

  // The rule's points, and what each multiplier adds: "with" minus "without".
  Status EarnByRate(const Acting& rate) {
    std::int64_t base = 0;
    for (std::size_t line = 0; line < lines_; ++line) {
      weights_[line] = rate.takes[line] != 0 ? work_.result.lines[line].paid : 0;
      base += static_cast<std::int64_t>(weights_[line]);
    }
    if (base == 0) return {};
    // points = sum(weights) * numerator / denominator
    Wide numerator = rate.numerator;
    Wide denominator = rate.denominator;
    if (rate.rule->kind == Kind::kPerAmount) {
      // Full steps only: 5 points for each full 30.00 are 10 of 89.99.
      numerator = Product(base / rate.rule->per, rate.rule->points);
      denominator = base;
    }
    Given given{.rule = rate.index, .base_minor = base, .ppm = rate.ppm};
    std::int64_t points = Quotient(Product(base, numerator), denominator, work_.rules.rounding);
    if (Status gave = Give(given, points, weights_); !gave.ok()) return gave;
    for (const Acting& multiplier : multipliers_) {
      if (!Multiplies(multiplier)) continue;
      const Ratio factor = multiplier.rule->factor;
      denominator = Product(denominator, factor.denominator);
      Wide sum = 0;
      std::int64_t multiplied = 0;
      for (std::size_t line = 0; line < lines_; ++line) {
        const Wide without = Product(weights_[line], factor.denominator);
        const bool takes = multiplier.takes[line] != 0;
        const Wide with = takes ? Product(weights_[line], factor.numerator) : without;
        if (with == kTooWide || without == kTooWide) return TooManyPoints();
        if (takes && weights_[line] > 0) multiplied += work_.result.lines[line].paid;
        next_[line] = with - without;
        weights_[line] = with;
        sum = Sum(sum, with);
      }
      const std::int64_t with =
          Quotient(Product(sum, numerator), denominator, work_.rules.rounding);
      if (with < 0) return TooManyPoints();
      given = {.rule = multiplier.index, .multiplied = rate.index, .base_minor = multiplied};
      if (Status gave = Give(given, with - points, next_); !gave.ok()) return gave;
      points = with;
    }
    return {};
  }

  bool Multiplies(const Acting& multiplier) const {
    for (std::size_t line = 0; line < lines_; ++line) {
      if (multiplier.takes[line] != 0 && weights_[line] > 0) return true;
    }
    return false;
  }

  Status Give(Given given, std::int64_t points, const std::vector<Wide>& weights) {
    if (points < 0) return TooManyPoints();
    if (points == 0) return {};
    Evaluation& result = work_.result;
    given.points = given.before_limits = points;
    const std::size_t at = result.shares.size();
    result.shares.resize(at + lines_);
    if (!given.on_order && !Apportion(points, weights, result.shares.data() + at)) {
      return TooManyPoints();
    }
    result.given.push_back(given);
    return {};
  }

  // What money paid for the lines that the rule takes.
  std::int64_t PaidFor(const Acting& acting) const {
    std::int64_t paid = 0;
    for (std::size_t line = 0; line < lines_; ++line) {
      if (acting.takes[line] != 0) paid += work_.result.lines[line].paid;
    }
    return paid;
  }

  // Grants on the order and stamps: whole, if money paid for something that they take.
  Status Grant() {
    std::sort(grants_.begin(), grants_.end(), [](const Acting& a, const Acting& b) {
      if (a.rule->points != b.rule->points) return a.rule->points > b.rule->points;
      return a.rule->id < b.rule->id;
    });
    std::vector<int> served;
    for (const Acting& grant : grants_) {
      const std::int64_t paid = PaidFor(grant);
      if (paid == 0) continue;
      if (IsBestOf(grant.rule->group)) {
        const int group = grant.rule->group;
        if (std::find(served.begin(), served.end(), group) != served.end()) continue;
        served.push_back(group);
      }
      if (grant.rule->kind == Kind::kStamp) {
        Stamp(grant);
        continue;
      }
      const Given given{.rule = grant.index, .base_minor = paid, .on_order = true};
      if (Status gave = Give(given, grant.rule->points, weights_); !gave.ok()) return gave;
    }
    return {};
  }

  void Stamp(const Acting& grant) {
    const EarnRule& rule = *grant.rule;
    Evaluation::Stamped stamped{.rule = grant.index};
    if (rule.stamp_per == EarnRule::StampPer::kOrder) {
      stamped.count = std::min(rule.points, rule.limits.order.value_or(rule.points));
    } else {
      stamped.by_line.assign(lines_, 0);
      for (std::size_t line = 0; line < lines_; ++line) {
        if (grant.takes[line] == 0) continue;
        const std::int64_t most = rule.limits.order.value_or(ledger::kAmountMax) - stamped.count;
        stamped.by_line[line] = std::min(most, StampsOf(rule, line));
        stamped.count += stamped.by_line[line];
      }
    }
    if (stamped.count > 0) work_.result.stamps.push_back(std::move(stamped));
  }

  // Of a line, or of its units; what points paid gives none.
  std::int64_t StampsOf(const EarnRule& rule, std::size_t line) const {
    const PricedLine& priced = work_.result.lines[line];
    if (priced.paid == 0) return 0;
    if (rule.stamp_per == EarnRule::StampPer::kLine) return rule.points;
    const std::int64_t paid =
        ledger::MulDiv(work_.View(line).line.quantity, priced.paid, priced.paid + priced.value);
    return paid / ledger::kUnit * rule.points;
  }

  Work& work_;
  const std::size_t lines_;
  std::vector<Acting> rates_;
  std::vector<Acting> multipliers_;
  std::vector<Acting> grants_;
  std::vector<Wide> weights_;  // Of the rule that is being worked out, by line.
  std::vector<Wide> next_;
};

}  // namespace

Error TooManyPoints() {
  return InvalidInput("amount_too_large", "/total", "it earns more than 9007199254740991 points");
}

Status Earn(Work& work) {
  if (!work.effective) return {};
  return Earner(work).Run();
}

}  // namespace passmint::programme::internal
