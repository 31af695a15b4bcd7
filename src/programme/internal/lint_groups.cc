#include <algorithm>

#include "programme/internal/lint.h"

namespace passmint::programme::internal {
namespace {

// Whether both act on the same lines, as far as their selectors say.
bool TakeTheSame(const Gate& a, const Gate& b) {
  return a.include == b.include && a.exclude == b.exclude;
}

bool HasWindow(const Gate& gate) { return gate.window.begins || gate.window.ends; }

bool Overlap(const Window& a, const Window& b) {
  const auto before = [](const std::optional<LocalTime>& end,
                         const std::optional<LocalTime>& begin) {
    return end && begin && *end <= *begin;
  };
  return !before(a.ends, b.begins) && !before(b.ends, a.begins);
}

// Always there: nothing closes it.
bool IsAlwaysOpen(const EarnRule& rule) {
  return rule.gate.when.always() && !HasWindow(rule.gate) && !rule.once && !rule.limits.line &&
         !rule.limits.order && !rule.limits.member && rule.limits.budget == kNone;
}

bool AreBothPercent(const EarnRule& a, const EarnRule& b) {
  return a.kind == EarnRule::Kind::kPercent && b.kind == EarnRule::Kind::kPercent &&
         a.rate == RateFrom::kRule && b.rate == RateFrom::kRule;
}

// Whether `other` takes every line that `rule` could take, at a rate that is at least as good.
bool IsOutranked(const EarnRule& rule, const EarnRule& other) {
  if (!AreBothPercent(rule, other) || !IsAlwaysOpen(other)) return false;
  if (other.ppm < rule.ppm || (other.ppm == rule.ppm && rule.id < other.id)) return false;
  const bool takes_all = other.gate.exclude == Selector{} && !other.gate.include.names_goods() &&
                         other.gate.include.kinds == rule.gate.include.kinds;
  return takes_all || TakeTheSame(rule.gate, other.gate);
}

template <class Rules>
void FindOverlaps(const Rules& rules, const std::vector<StackGroup>& groups, const char* list,
                  std::vector<Finding>& findings) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (rules[i].group != rules[j].group || !HasWindow(rules[i].gate) ||
          !HasWindow(rules[j].gate) || !TakeTheSame(rules[i].gate, rules[j].gate) ||
          !Overlap(rules[i].gate.window, rules[j].gate.window)) {
        continue;
      }
      const std::string& group = groups[static_cast<std::size_t>(rules[i].group)].name;
      findings.push_back({.id = "windows_overlap",
                          .level = Finding::Level::kWarning,
                          .pointer = PointerTo(list, i, "window"),
                          .cause = "\"" + rules[i].id + "\" and \"" + rules[j].id +
                                   "\" of the group \"" + group +
                                   "\" act at the same time on the same lines",
                          .cure = "end the first where the second begins, or name other goods"});
    }
  }
}

}  // namespace

void LintGroups(const RuleSet& rules, std::vector<Finding>& findings) {
  FindOverlaps(rules.earn, rules.earn_groups, "earn", findings);
  FindOverlaps(rules.discounts, rules.discount_groups, "discounts", findings);
  for (std::size_t i = 0; i < rules.earn.size(); ++i) {
    const EarnRule& rule = rules.earn[i];
    if (rule.group == kNone ||
        rules.earn_groups[static_cast<std::size_t>(rule.group)].mode != StackGroup::Mode::kBest) {
      continue;
    }
    for (const EarnRule& other : rules.earn) {
      if (&other == &rule || other.group != rule.group || !IsOutranked(rule, other)) continue;
      findings.push_back({.id = "outranked",
                          .level = Finding::Level::kWarning,
                          .pointer = PointerTo("earn", i),
                          .cause = "\"" + other.id + "\" of its group is always at least as good",
                          .cure = "raise its rate, or take it out of the group"});
      break;
    }
  }
}

}  // namespace passmint::programme::internal
