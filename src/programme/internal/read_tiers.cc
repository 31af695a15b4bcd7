#include <set>

#include "programme/internal/rule_reader.h"

namespace passmint::programme::internal {
namespace {

constexpr std::size_t kLevelsMax = 50;

void ReadWindowOf(Fields& fields, Tiers& tiers) {
  const Json* window = fields.Find("window");
  if (window == nullptr || *window == "lifetime") return;
  if (!window->is_object()) {
    return fields.Problem("window", "unknown_value",
                          "neither \"lifetime\" nor {\"calendar\": ...} nor {\"rolling\": ...}");
  }
  Fields each(*window, fields.At("window"), fields.problems());
  if (each.Find("rolling") != nullptr) {
    tiers.window = Tiers::Window::kRolling;
    tiers.rolling = each.PeriodAt("rolling", Period{});
    if (tiers.rolling == Period{}) each.Problem("rolling", "invalid_period", "nothing counts then");
  } else {
    tiers.window = Tiers::Window::kCalendar;
    tiers.calendar = each.ChoiceAt(
        "calendar", RoundTo::kYear,
        {{"month", RoundTo::kMonth}, {"quarter", RoundTo::kQuarter}, {"year", RoundTo::kYear}});
    if (each.Find("calendar") == nullptr) {
      each.Problem("calendar", "required", "month, quarter or year; or a \"rolling\" period");
    }
  }
  each.RefuseUnknown();
}

Level ReadLevel(const Json& json, const std::string& pointer, Problems& problems) {
  Fields fields(json, pointer, problems);
  Level level{.name = fields.Id("name"),
              .from = fields.Integer("from", 0, 0, ledger::kAmountMax),
              .ppm = fields.Integer("ppm", 0, 0, kPpmMax),
              .discount_ppm = fields.Integer("discount_ppm", 0, 0, kPpmMax),
              .template_name = fields.Text("template", "")};
  fields.RefuseUnknown();
  return level;
}

void ReadLevels(Fields& fields, Tiers& tiers) {
  const Json* levels = fields.List("levels", kLevelsMax);
  if (levels == nullptr) return;
  std::set<std::string> names;
  for (std::size_t i = 0; i < levels->size(); ++i) {
    const std::string pointer = json::Child(fields.At("levels"), i);
    tiers.levels.push_back(ReadLevel((*levels)[i], pointer, fields.problems()));
    const Level& level = tiers.levels.back();
    if (!names.insert(level.name).second) {
      fields.problems().push_back({"duplicate", pointer + "/name", "another level has this name"});
    }
    if (i > 0 && level.from <= tiers.levels[i - 1].from) {
      fields.problems().push_back({"tiers_overlap", pointer + "/from",
                                   "a level begins above the one before it, \"" +
                                       tiers.levels[i - 1].name + "\" at " +
                                       std::to_string(tiers.levels[i - 1].from)});
    }
  }
}

// Levels with rates that no rule takes: they are earned by a rule of their own.
void EarnByTier(RuleReader& reader) {
  bool rated = false;
  for (const Level& level : reader.rules.tiers.levels) rated = rated || level.ppm > 0;
  for (const EarnRule& rule : reader.rules.earn) rated = rated && rule.rate == RateFrom::kRule;
  if (!rated) return;
  EarnRule rule{.id = "tier", .rate = RateFrom::kCard};
  reader.TakeId(rule.id, "/tiers");
  const Json named = {{"stack", {{"group", "base"}, {"mode", "best"}}}};
  Fields fields(named, "/tiers", reader.problems);
  rule.group = reader.GroupOf(fields, reader.rules.earn_groups, StackGroup::Mode::kBest);
  reader.rules.earn.push_back(std::move(rule));
}

}  // namespace

void ReadTiers(const Json& json, RuleReader& reader) {
  Tiers& tiers = reader.rules.tiers;
  Fields fields(json, "/tiers", reader.problems);
  tiers.metric = fields.ChoiceAt("metric", Tiers::Metric::kNetSpend,
                                 {{"net_spend", Tiers::Metric::kNetSpend},
                                  {"points", Tiers::Metric::kPoints},
                                  {"orders", Tiers::Metric::kOrders}});
  ReadWindowOf(fields, tiers);
  tiers.rate_basis = fields.ChoiceAt("rate_basis", Tiers::RateBasis::kBefore,
                                     {{"before", Tiers::RateBasis::kBefore},
                                      {"after", Tiers::RateBasis::kAfter},
                                      {"split", Tiers::RateBasis::kSplit}});
  if (tiers.rate_basis != Tiers::RateBasis::kBefore && tiers.metric != Tiers::Metric::kNetSpend) {
    fields.Problem("rate_basis", "out_of_range",
                   "only net_spend knows before the rate what the order adds");
  }
  tiers.down = fields.ChoiceAt("down", Tiers::Down::kOne,
                               {{"never", Tiers::Down::kNever},
                                {"one", Tiers::Down::kOne},
                                {"to_metric", Tiers::Down::kToMetric},
                                {"strict", Tiers::Down::kStrict}});
  tiers.grace = fields.PeriodAt("grace", tiers.grace);
  ReadLevels(fields, tiers);
  fields.RefuseUnknown();
  EarnByTier(reader);
}

}  // namespace passmint::programme::internal
