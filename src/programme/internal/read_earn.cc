#include <algorithm>
#include <numeric>

#include "programme/internal/rule_reader.h"

namespace passmint::programme::internal {
namespace {

constexpr std::int64_t kPointsMax = ledger::kAmountMax;
constexpr std::int64_t kPerMax = 1'000'000'000'000;
constexpr std::int64_t kFactorPpmMax = 100'000'000;  // A hundred times.
constexpr std::int64_t kMillion = 1'000'000;

Ratio Reduced(std::int64_t numerator, std::int64_t denominator) {
  const std::int64_t divisor = std::gcd(numerator, denominator);
  return {numerator / divisor, denominator / divisor};
}

// Whether some test asks for a least amount of the order.
bool AsksForSpend(const Condition& condition) {
  if (condition.kind == Condition::Kind::kTest) {
    const Field field = condition.test.field;
    return (field == Field::kOrderAmount || field == Field::kOrderNet ||
            field == Field::kOrderMoney) &&
           (condition.test.operation == Operation::kAtLeast ||
            condition.test.operation == Operation::kGreater);
  }
  return condition.kind != Condition::Kind::kNot &&
         std::any_of(condition.parts.begin(), condition.parts.end(), AsksForSpend);
}

void ReadKind(Fields& fields, RuleReader& reader, EarnRule& rule) {
  using Kind = EarnRule::Kind;
  rule.kind = fields.ChoiceAt("kind", Kind::kPercent,
                              {{"percent", Kind::kPercent},
                               {"per_amount", Kind::kPerAmount},
                               {"fixed", Kind::kFixed},
                               {"multiplier", Kind::kMultiplier},
                               {"stamp", Kind::kStamp}});
  switch (rule.kind) {
    case Kind::kPercent:
      rule.rate = fields.ChoiceAt(
          "rate", RateFrom::kRule,
          {{"rule", RateFrom::kRule}, {"tier", RateFrom::kTier}, {"card", RateFrom::kCard}});
      rule.ppm = fields.Integer("ppm", 0, 0, kPpmMax);
      break;
    case Kind::kPerAmount:
      rule.per = fields.Integer("per", 1, 1, kPerMax);
      rule.points = fields.Integer("points", 0, 0, kPointsMax);
      if (fields.Find("per") == nullptr) fields.Problem("per", "required", "for how much money");
      break;
    case Kind::kFixed:
      rule.points = fields.Integer("points", 0, 0, kPointsMax);
      break;
    case Kind::kMultiplier:
      rule.factor =
          Reduced(fields.Integer("factor_ppm", kMillion, kMillion, kFactorPpmMax), kMillion);
      break;
    case Kind::kStamp: {
      rule.points = fields.Integer("points", 1, 1, kRulesMax);
      rule.stamp_per = fields.ChoiceAt("stamp_per", EarnRule::StampPer::kOrder,
                                       {{"order", EarnRule::StampPer::kOrder},
                                        {"line", EarnRule::StampPer::kLine},
                                        {"unit", EarnRule::StampPer::kUnit}});
      const std::string card = fields.Text("stamp", "");
      const auto& stamps = reader.rules.stamps;
      const auto found = std::find_if(stamps.begin(), stamps.end(),
                                      [&card](const StampCard& each) { return each.id == card; });
      if (found == stamps.end()) {
        fields.Problem("stamp", "unknown_value", "\"stamps\" has no card of this id");
      } else {
        rule.stamp = static_cast<int>(found - stamps.begin());
      }
    }
  }
}

OnRefund DefaultOnRefund(const EarnRule& rule) {
  return rule.kind == EarnRule::Kind::kFixed || AsksForSpend(rule.gate.when)
             ? OnRefund::kWhileQualifying
             : OnRefund::kProportional;
}

}  // namespace

Limits ReadLimits(Fields& rule, RuleReader& reader) {
  Limits limits;
  const Json* json = rule.Find("limits");
  if (json == nullptr) return limits;
  Fields fields(*json, rule.At("limits"), reader.problems);
  limits.line = fields.OptionalInteger("line", 0, kPointsMax);
  limits.order = fields.OptionalInteger("order", 0, kPointsMax);
  if (const Json* member = fields.Find("member")) {
    Fields each(*member, fields.At("member"), reader.problems);
    limits.member = MemberLimit{.most = each.Integer("most", 0, 0, kPointsMax),
                                .per = each.ChoiceAt("per", Unit::kEver,
                                                     {{"day", Unit::kDay},
                                                      {"week", Unit::kWeek},
                                                      {"month", Unit::kMonth},
                                                      {"quarter", Unit::kQuarter},
                                                      {"year", Unit::kYear},
                                                      {"ever", Unit::kEver}})};
    if (each.Find("most") == nullptr) each.Problem("most", "required", "the limit itself");
    each.RefuseUnknown();
  }
  limits.budget = reader.BudgetNamed(fields, "budget");
  fields.RefuseUnknown();
  return limits;
}

Life ReadLife(Fields& rule) {
  Life life{.activate_after = rule.PeriodAt("activate_after", Period{}), .expires = {}};
  const Json* json = rule.Find("expires");
  if (json == nullptr) return life;
  Fields fields(*json, rule.At("expires"), rule.problems());
  life.expires = {.never = false,
                  .after = fields.PeriodAt("after", Period{}),
                  .round_to = fields.ChoiceAt("round_to", RoundTo::kDay,
                                              {{"day", RoundTo::kDay},
                                               {"month", RoundTo::kMonth},
                                               {"quarter", RoundTo::kQuarter},
                                               {"year", RoundTo::kYear}}),
                  .sliding = fields.Flag("sliding", false)};
  if (fields.Find("after") == nullptr) fields.Problem("after", "required", "how long points live");
  fields.RefuseUnknown();
  if (!LivesToActivate(life.activate_after, life.expires.after)) {
    fields.Problem("after", "out_of_range", "points would be over before they are active");
  }
  return life;
}

std::string ReadFunder(Fields& rule) {
  const std::string funder = rule.Text("funder", "own");
  return funder == "own" ? "" : funder;
}

std::optional<Unit> ReadOnce(Fields& fields) {
  if (fields.Find("once") == nullptr) return std::nullopt;
  return fields.ChoiceAt("once", Unit::kEver,
                         {{"ever", Unit::kEver},
                          {"day", Unit::kDay},
                          {"week", Unit::kWeek},
                          {"month", Unit::kMonth},
                          {"quarter", Unit::kQuarter},
                          {"year", Unit::kYear}});
}

EarnRule ReadEarnRule(const Json& json, const std::string& pointer, RuleReader& reader) {
  Fields fields(json, pointer, reader.problems);
  EarnRule rule;
  rule.id = fields.Id("id");
  reader.TakeId(rule.id, pointer);
  ReadKind(fields, reader, rule);
  Life life = ReadLife(fields);
  rule.activate_after = life.activate_after;
  rule.expires = life.expires;
  rule.funder = ReadFunder(fields);
  rule.lives_as_multiplied = rule.kind == EarnRule::Kind::kMultiplier &&
                             fields.Find("activate_after") == nullptr &&
                             fields.Find("expires") == nullptr;
  rule.gate = ReadGate(fields, reader, KnownThen::kAtEarning);
  rule.group = reader.GroupOf(fields, reader.rules.earn_groups, StackGroup::Mode::kSum);
  rule.priority = static_cast<int>(fields.Integer("priority", 100, 0, 1'000'000));
  rule.limits = ReadLimits(fields, reader);
  rule.once = ReadOnce(fields);
  rule.on_refund = fields.ChoiceAt("on_refund", DefaultOnRefund(rule),
                                   {{"proportional", OnRefund::kProportional},
                                    {"while_qualifying", OnRefund::kWhileQualifying},
                                    {"on_full", OnRefund::kOnFull}});
  fields.RefuseUnknown();
  return rule;
}

}  // namespace passmint::programme::internal
