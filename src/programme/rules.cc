#include "programme/rules.h"

#include <algorithm>
#include <utility>

#include "programme/internal/rule_reader.h"

namespace passmint::programme {
namespace internal {

void RuleReader::TakeId(const std::string& id, const std::string& pointer) {
  if (!id.empty() && !rule_ids.insert(id).second) {
    problems.push_back({"duplicate", pointer + "/id", "another rule has this id"});
  }
}

int RuleReader::BudgetNamed(Fields& fields, std::string_view name) {
  const std::string id = fields.Text(name, "");
  if (id.empty()) return kNone;
  for (std::size_t i = 0; i < rules.budgets.size(); ++i) {
    if (rules.budgets[i].id == id) return static_cast<int>(i);
  }
  fields.Problem(name, "unknown_value", "\"budgets\" has none of this id");
  return kNone;
}

int RuleReader::GroupOf(Fields& rule, std::vector<StackGroup>& groups, StackGroup::Mode otherwise) {
  StackGroup group{.name = "", .mode = otherwise};
  if (const Json* stack = rule.Find("stack")) {
    Fields fields(*stack, rule.At("stack"), problems);
    group.name = fields.Text("group", "");
    group.mode =
        fields.ChoiceAt("mode", StackGroup::Mode::kBest,
                        {{"best", StackGroup::Mode::kBest}, {"sum", StackGroup::Mode::kSum}});
    if (group.name.empty()) fields.Problem("group", "required", "which rules it competes with");
    fields.RefuseUnknown();
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (groups[i].name != group.name) continue;
      if (groups[i].mode != group.mode) {
        fields.Problem("mode", "mixed_group", "a rule before it has the group in the other mode");
      }
      return static_cast<int>(i);
    }
  }
  groups.push_back(std::move(group));
  return static_cast<int>(groups.size() - 1);
}

}  // namespace internal

namespace {

using internal::Fields;
using internal::Problems;
using internal::RuleReader;

constexpr int kExponentMax = 6;

void ReadEarn(Fields& top, RuleReader& reader) {
  const Json* list = top.List("earn", internal::kRulesMax);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    reader.rules.earn.push_back(
        internal::ReadEarnRule((*list)[i], json::Child("/earn", i), reader));
  }
}

void ReadDiscounts(Fields& top, RuleReader& reader, std::string_view name, bool coupons,
                   std::vector<Discount>& into) {
  const Json* list = top.List(name, internal::kRulesMax);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    into.push_back(
        internal::ReadDiscount((*list)[i], json::Child(top.At(name), i), reader, coupons));
  }
}

void ReadPoints(const Json& json, RuleReader& reader) {
  RuleSet& rules = reader.rules;
  Fields fields(json, "/points", reader.problems);
  rules.exponent = static_cast<int>(fields.Integer("exponent", 0, 0, kExponentMax));
  if (const Json* value = fields.Find("value")) {
    Fields worth(*value, "/points/value", reader.problems);
    rules.value_points = worth.Integer("points", 1, 1, 1'000'000'000);
    rules.value_minor = worth.Integer("minor", 100, 1, 1'000'000'000);
    worth.RefuseUnknown();
  }
  rules.rounding_name = fields.Text("rounding", "floor");
  rules.rounding = fields.ChoiceAt("rounding", ledger::Rounding::kFloor,
                                   {{"floor", ledger::Rounding::kFloor},
                                    {"half_up", ledger::Rounding::kHalfUp},
                                    {"half_even", ledger::Rounding::kHalfEven},
                                    {"ceil", ledger::Rounding::kCeil}});
  fields.RefuseUnknown();
}

void ReadRefunds(const Json& json, RuleReader& reader) {
  using Debt = ledger::Policy::Debt;
  using Restore = ledger::Policy::Restore;
  ledger::Policy& refunds = reader.rules.refunds;
  Fields fields(json, "/refunds", reader.problems);
  refunds.debt = fields.ChoiceAt("debt", Debt::kUnlimited,
                                 {{"unlimited", Debt::kUnlimited},
                                  {"within_balance", Debt::kWithinBalance},
                                  {"only_pending", Debt::kOnlyPending}});
  refunds.debt_limit = fields.Integer("debt_limit", ledger::kAmountMax, 0, ledger::kAmountMax);
  refunds.restore = fields.ChoiceAt(
      "expired", Restore::kGrace,
      {{"grace", Restore::kGrace}, {"expire", Restore::kExpire}, {"forbid", Restore::kForbid}});
  const Period grace = fields.PeriodAt("grace", Period{.months = 0, .days = 14});
  if (grace.months > 0) fields.Problem("grace", "invalid_period", "a grace is in days or weeks");
  refunds.grace = std::chrono::days(grace.days);
  fields.RefuseUnknown();
}

void ReadBurn(const Json& json, RuleReader& reader) {
  Burn& burn = reader.rules.burn;
  Fields fields(json, "/burn", reader.problems);
  burn.max_ppm_of_order =
      fields.Integer("max_ppm_of_order", internal::kPpmMax, 0, internal::kPpmMax);
  if (const Json* exclude = fields.Find("exclude")) {
    burn.exclude = internal::ReadSelector(*exclude, "/burn/exclude", reader.problems);
  }
  burn.up_to = fields.ChoiceAt("on_insufficient", false, {{"refuse", false}, {"up_to", true}});
  fields.RefuseUnknown();
}

void ReadEffective(Fields& top, RuleReader& reader) {
  const std::string text = top.Text("effective_from", "");
  if (text.empty()) return;
  const auto instant = ParseRfc3339(text);
  if (!instant.ok()) {
    return top.Problem("effective_from", "invalid_time",
                       "not an instant such as \"2026-12-01T00:00:00+03:00\"");
  }
  reader.rules.effective_from = instant.value();
}

// Those that others name come first.
void ReadAll(Fields& top, RuleReader& reader) {
  ReadEffective(top, reader);
  if (const Json* points = top.Find("points")) ReadPoints(*points, reader);
  internal::ReadBudgets(top, reader);
  internal::ReadStamps(top, reader);
  ReadEarn(top, reader);
  if (const Json* tiers = top.Find("tiers")) internal::ReadTiers(*tiers, reader);
  ReadDiscounts(top, reader, "discounts", false, reader.rules.discounts);
  ReadDiscounts(top, reader, "coupons", true, reader.rules.coupons);
  if (const Json* burn = top.Find("burn")) ReadBurn(*burn, reader);
  reader.rules.limits = internal::ReadLimits(top, reader);
  internal::ReadActions(top, reader);
  if (const Json* calendar = top.Find("calendar")) internal::ReadCalendar(*calendar, reader);
  if (const Json* referral = top.Find("referral")) internal::ReadReferral(*referral, reader);
  internal::ReadRewards(top, reader);
  if (const Json* card = top.Find("card")) internal::ReadCardSale(*card, reader);
  internal::ReadMemberships(top, reader);
  internal::ReadMessages(top, reader);
  internal::ReadAdvice(top, reader);
  if (const Json* refunds = top.Find("refunds")) ReadRefunds(*refunds, reader);
}

}  // namespace

Result<RuleSet> ParseRules(const Json& json, std::int64_t version) {
  RuleReader reader;
  reader.rules.version = version;
  Fields top(json, "", reader.problems);
  top.Integer("format", 1, 1, 1);
  ReadAll(top, reader);
  top.RefuseUnknown();
  if (reader.problems.empty()) return std::move(reader.rules);
  Problems& problems = reader.problems;
  Error error{.code = ErrorCode::kInvalidArgument,
              .message = problems.front().pointer + ": " + problems.front().detail};
  error.problems = std::move(problems);
  return error;
}

std::int64_t WorthOf(const RuleSet& rules, std::int64_t points) {
  __extension__ using Wide = __int128;
  const Wide worth = Wide{points} * rules.value_minor / rules.value_points;
  return static_cast<std::int64_t>(std::min(worth, Wide{ledger::kAmountMax}));
}

}  // namespace passmint::programme
