#include "issuance/rule_counts.h"

#include <algorithm>
#include <map>
#include <utility>

#include "issuance/member_progress.h"
#include "issuance/rule_book.h"
#include "programme/occurrence.h"

namespace passmint::issuance {
namespace {

using programme::RuleSet;

// So much of `amount` stands for what is refunded: cumulative, so that parts add up to the whole.
std::int64_t ShareRefunded(std::int64_t amount, const ledger::OrderRecord& record) {
  __extension__ using Wide = __int128;
  std::int64_t gross = 0;
  std::int64_t left = 0;
  for (const ledger::LineRecord& line : record.lines) {
    gross += line.gross();
    left += line.gross_left();
  }
  if (left == 0) return amount;
  return static_cast<std::int64_t>(Wide{amount} * (gross - left) / gross);
}

// What a refund gives back of something that an order had counted for `rule`.
std::int64_t GivenBack(const std::string& rule, std::int64_t amount, Counted::Measure measure,
                       const CountedRefund& refund) {
  if (measure == Counted::Measure::kMinor) {
    return ShareRefunded(amount, refund.after) - ShareRefunded(amount, refund.before);
  }
  std::int64_t clawed = 0;
  for (const PointsReason& reversal : refund.reversals) {
    if (rule.empty() || reversal.rule == rule) clawed -= reversal.points;
  }
  return clawed;
}

Json MeasureJson(Counted::Measure measure) {
  return measure == Counted::Measure::kPoints ? "points" : "minor";
}

Counted::Measure MeasureFrom(const Json& text) {
  return text == "minor" ? Counted::Measure::kMinor : Counted::Measure::kPoints;
}

// What one rule gave on an order.
struct Gave {
  std::string rule;
  std::int64_t amount = 0;
  Counted::Measure measure = Counted::Measure::kPoints;
};

void CountLimits(const Gave& gave, const programme::Limits& limits, const RuleSet& rules,
                 std::chrono::year_month_day day, Counted& counted) {
  if (limits.member) {
    counted.used.push_back(
        {gave.rule, programme::UnitKey(limits.member->per, day), gave.amount, gave.measure});
  }
  if (limits.budget == programme::kNone) return;
  const auto& budget = rules.budgets[static_cast<std::size_t>(limits.budget)];
  counted.spent.push_back({budget.id, gave.rule, gave.amount, gave.measure});
}

Status UncountProgress(Transaction& transaction, const ProgrammeSite& site, const Counted& counted,
                       const CountedRefund& refund) {
  const ProgrammeId& programme = site.programme.id;
  const auto zone = calendar::TimeZone::Find(site.programme.time_zone);
  if (!zone.ok()) return zone.error();
  auto kept = transaction.FindProgress(programme, refund.member);
  if (!kept.ok()) return std::move(kept).error();
  if (!kept.value()) return {};  // It will begin with the refund already taken off.
  MemberProgress progress = *std::move(kept).value();
  const std::chrono::sys_days today(zone.value().DayAt(transaction.Now()));
  Subtract(refund.before, refund.after, today, progress);
  for (const Counted::Use& use : counted.used) {
    const auto found = progress.used.find({use.rule, use.period});
    if (found == progress.used.end()) continue;
    found->second -= GivenBack(use.rule, use.amount, use.measure, refund);
    if (found->second <= 0) progress.used.erase(found);
  }
  if (IsRefunded(refund.after)) {
    for (const Counted::Grant& grant : counted.granted) {
      progress.granted.erase({grant.rule, grant.occurrence});
    }
  }
  return transaction.PutProgress(programme, refund.member, progress);
}

}  // namespace

Counted CountedBy(const RuleSet& rules, const calendar::TimeZone& zone,
                  const programme::Evaluation& evaluation, Timestamp paid_at) {
  Counted counted;
  const auto day = zone.DayAt(paid_at);
  std::map<int, std::int64_t> points;
  for (const programme::Given& given : evaluation.given) points[given.rule] += given.points;
  std::int64_t sum = 0;
  for (const auto& [index, amount] : points) {
    if (amount == 0) continue;
    sum += amount;
    const programme::EarnRule& rule = rules.earn[static_cast<std::size_t>(index)];
    CountLimits({rule.id, amount, Counted::Measure::kPoints}, rule.limits, rules, day, counted);
    if (rule.once) counted.granted.push_back({rule.id, programme::UnitKey(*rule.once, day)});
  }
  for (const programme::Evaluation::Stamped& stamped : evaluation.stamps) {
    const programme::EarnRule& rule = rules.earn[static_cast<std::size_t>(stamped.rule)];
    if (rule.once) counted.granted.push_back({rule.id, programme::UnitKey(*rule.once, day)});
  }
  if (sum > 0 && rules.limits.member) {
    counted.used.push_back(
        {"", programme::UnitKey(rules.limits.member->per, day), sum, Counted::Measure::kPoints});
  }
  std::map<const programme::Discount*, std::int64_t> minor;
  for (const programme::Reason& reason : evaluation.reasons) {
    if (reason.code != programme::ReasonCode::kDiscounted) continue;
    const bool is_coupon = reason.rule.section == programme::RuleRef::Section::kCoupons;
    const auto& section = is_coupon ? rules.coupons : rules.discounts;
    minor[&section[static_cast<std::size_t>(reason.rule.index)]] += reason.minor;
  }
  for (const auto& [rule, amount] : minor) {
    CountLimits({rule->id, amount, Counted::Measure::kMinor}, rule->limits, rules, day, counted);
  }
  return counted;
}

Json CountedJson(const Counted& counted) {
  Json used = Json::array();
  for (const Counted::Use& use : counted.used) {
    used.push_back({{"rule", use.rule},
                    {"period", use.period},
                    {"amount", use.amount},
                    {"measure", MeasureJson(use.measure)}});
  }
  Json spent = Json::array();
  for (const Counted::Spent& one : counted.spent) {
    spent.push_back({{"budget", one.budget},
                     {"rule", one.rule},
                     {"amount", one.amount},
                     {"measure", MeasureJson(one.measure)}});
  }
  Json granted = Json::array();
  for (const Counted::Grant& grant : counted.granted) {
    granted.push_back({{"rule", grant.rule}, {"occurrence", grant.occurrence}});
  }
  Json json = {
      {"used", std::move(used)}, {"spent", std::move(spent)}, {"granted", std::move(granted)}};
  if (!counted.codes.empty()) json["codes"] = counted.codes;
  return json;
}

Counted ReadCounted(const Json& json) {
  Counted counted;
  for (const Json& use : json.value("used", Json::array())) {
    counted.used.push_back({use.value("rule", ""), use.value("period", ""),
                            use.value("amount", std::int64_t{0}),
                            MeasureFrom(use.value("measure", Json()))});
  }
  for (const Json& one : json.value("spent", Json::array())) {
    counted.spent.push_back({one.value("budget", ""), one.value("rule", ""),
                             one.value("amount", std::int64_t{0}),
                             MeasureFrom(one.value("measure", Json()))});
  }
  for (const Json& grant : json.value("granted", Json::array())) {
    counted.granted.push_back({grant.value("rule", ""), grant.value("occurrence", "")});
  }
  counted.codes = json.value("codes", std::vector<std::string>());
  return counted;
}

void CountInto(const Counted& counted, MemberProgress& progress) {
  for (const Counted::Use& use : counted.used) progress.used[{use.rule, use.period}] += use.amount;
  for (const Counted::Grant& grant : counted.granted) {
    progress.granted.emplace(grant.rule, grant.occurrence);
  }
  ForgetOldPeriods(progress);
}

Status CountOrder(Transaction& transaction, const ProgrammeId& programme, const MemberId& member,
                  const KnownFacts& known, const Counted& counted,
                  const ledger::OrderRecord& record, Timestamp paid_at) {
  if (!known.progress) return {};
  MemberProgress progress = *known.progress;
  Add(record, paid_at, known.day, progress);
  CountInto(counted, progress);
  return transaction.PutProgress(programme, member, progress);
}

Status SpendBudgets(Transaction& transaction, const ProgrammeId& programme, const RuleSet& rules,
                    const Counted& counted) {
  std::map<std::string, std::int64_t> amounts;  // By id, so that two orders never cross.
  for (const Counted::Spent& spent : counted.spent) amounts[spent.budget] += spent.amount;
  for (const auto& [id, amount] : amounts) {
    const auto budget = std::find_if(rules.budgets.begin(), rules.budgets.end(),
                                     [&id = id](const auto& one) { return one.id == id; });
    const std::int64_t cap =
        budget == rules.budgets.end() || !budget->cap ? ledger::kAmountMax : *budget->cap;
    auto taken = transaction.SpendBudget(programme, id, amount, cap);
    if (!taken.ok()) return std::move(taken).error();
    if (taken.value()) continue;
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "another order has just spent the rest of budget " + id,
                 .reason = "lost_race"};
  }
  return {};
}

Status UncountRefund(Transaction& transaction, const ProgrammeSite& programme,
                     const Counted& counted, const CountedRefund& refund) {
  const ProgrammeId& id = programme.programme.id;
  if (NeedsOf(programme.rules).progress || programme.book->Counts()) {
    Status done = UncountProgress(transaction, programme, counted, refund);
    if (!done.ok()) return done;
  }
  std::map<std::string, std::int64_t> amounts;
  for (const Counted::Spent& spent : counted.spent) {
    amounts[spent.budget] += GivenBack(spent.rule, spent.amount, spent.measure, refund);
  }
  for (const auto& [budget, amount] : amounts) {
    if (amount == 0) continue;
    auto given = transaction.SpendBudget(id, budget, -amount, ledger::kAmountMax);
    if (!given.ok()) return std::move(given).error();
  }
  if (!IsRefunded(refund.after) || IsRefunded(refund.before)) return {};
  for (const std::string& key : counted.codes) {
    Status returned = transaction.ReturnCoupon(id, key, transaction.Now());
    if (!returned.ok()) return returned;
  }
  return {};
}

}  // namespace passmint::issuance
