// The golden baskets of tests/data/programme: input, rule set and expected lines, worked out by
// hand in their comments. Each file holds cases; a case is the file with its own fields merged in.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "programme/evaluation.h"
#include "programme/tiers.h"

namespace passmint::programme {
namespace {

const std::filesystem::path kFolder = PASSMINT_SOURCE_DIR "/tests/data/programme";

Json ReadJson(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  auto json = json::Parse(text.str(), 1024 * 1024);
  EXPECT_TRUE(json.ok()) << file << ": " << (json.ok() ? "" : json.error().message);
  return json.ok() ? std::move(json).value() : Json::object();
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

ledger::Quantity Quantity(const Json& line, const char* name, ledger::Quantity fallback) {
  if (!line.contains(name)) return fallback;
  return std::stoll(line[name].get<std::string>()) * ledger::kUnit;
}

LineKind KindOf(const std::string& type) {
  if (type == "delivery") return LineKind::kDelivery;
  if (type == "tip") return LineKind::kTip;
  return type == "discount" ? LineKind::kDiscount : LineKind::kProduct;
}

Basket BasketOf(const Json& test) {
  Basket basket;
  basket.currency_exponent = test.value("currency_exponent", 2);
  basket.location = test.value("location", "");
  basket.coupons = test.value("coupons", std::vector<std::string>{});
  if (test.contains("up_to")) basket.burn_at_most = test["up_to"].get<std::int64_t>();
  for (const Json& line : test["lines"]) {
    basket.lines.push_back({.line_id = line["line_id"],
                            .kind = KindOf(line.value("type", "product")),
                            .sku = line.value("sku", ""),
                            .category = line.value("category", ""),
                            .quantity = Quantity(line, "quantity", ledger::kUnit),
                            .amount = line["amount"],
                            .points = line.value("points", std::int64_t{0}),
                            .points_quantity = Quantity(line, "points_quantity", 0)});
  }
  return basket;
}

// Days with what they add to the tiers' metric.
std::vector<DaySum> HistoryOf(const Json& days) {
  std::vector<DaySum> history;
  for (const Json& day : days) {
    history.push_back({std::chrono::sys_days(ParseDate(day[0].get<std::string>()).value()),
                       day[1].get<std::int64_t>()});
  }
  return history;
}

Facts FactsOf(const Json& json) {
  Facts facts;
  if (json.contains("birthday")) {
    facts.member.birthday = ParseDate(json["birthday"].get<std::string>()).value();
  }
  facts.member.groups = json.value("groups", std::vector<std::string>{});
  facts.member.opted_in = json.value("opted_in", true);
  if (json.contains("card_ppm")) facts.member.card_ppm = json["card_ppm"].get<std::int64_t>();
  const Json history = json.value("history", Json::object());
  facts.history.orders = history.value("orders", std::int64_t{0});
  facts.history.spend = history.value("spend", std::int64_t{0});
  const Json tier = json.value("tier", Json::object());
  facts.tier = {.level = tier.value("level", -1), .metric = tier.value("metric", std::int64_t{0})};
  for (const Json& used : json.value("used", Json::array())) {
    facts.used.push_back({used["rule"], used["points"]});
  }
  for (const Json& granted : json.value("granted", Json::array())) {
    facts.granted.push_back({granted["rule"], granted["occurrence"]});
  }
  const Json budgets = json.value("budget_left", Json::object());
  for (const auto& [id, left] : budgets.items()) facts.budget_left[id] = left;
  return facts;
}

// What came out, in the words of "expect".
Json LinesOf(const Evaluation& evaluation, const Basket& basket) {
  Json lines = Json::array();
  for (const PricedLine& line : evaluation.lines) {
    EXPECT_EQ(line.amount, line.discount + line.value + line.paid);
    lines.push_back({{"line_id", basket.lines[line.index].line_id},
                     {"discount", line.discount},
                     {"burned", line.burned},
                     {"value", line.value},
                     {"paid", line.paid},
                     {"earned", line.earned}});
  }
  return lines;
}

Json RulesOf(const Evaluation& evaluation, const RuleSet& rules) {
  Json given = Json::object();
  for (const Given& each : evaluation.given) {
    const std::string& id = rules.earn[static_cast<std::size_t>(each.rule)].id;
    if (each.points > 0) given[id] = given.value(id, std::int64_t{0}) + each.points;
  }
  return given;
}

// Only what the case expects to be said.
Json Told(const Json& expect, const Evaluation& evaluation, const RuleSet& rules,
          const Basket& basket) {
  Json told{{"lines", LinesOf(evaluation, basket)}, {"rules", RulesOf(evaluation, rules)}};
  if (expect.contains("earned")) told["earned"] = evaluation.earned;
  const auto id = [&basket, &evaluation](std::size_t line) {
    return basket.lines[evaluation.lines[line].index].line_id;
  };
  Json eligible = Json::array();
  Json burnable = Json::object();
  for (std::size_t i = 0; i < evaluation.lines.size(); ++i) {
    if (evaluation.lines[i].eligible) eligible.push_back(id(i));
    burnable[id(i)] = evaluation.lines[i].burnable;
  }
  Json excluded = Json::array();
  for (const Reason& reason : evaluation.reasons) {
    if (reason.code == ReasonCode::kExcludedGoods) {
      excluded.push_back(id(static_cast<std::size_t>(reason.line)));
    }
  }
  Json stamps = Json::object();
  for (const Evaluation::Stamped& stamped : evaluation.stamps) {
    stamps[rules.earn[static_cast<std::size_t>(stamped.rule)].id] = stamped.count;
  }
  Json advised = Json::array();
  for (const int advice : evaluation.advice) {
    for (const auto& sku : rules.advice[static_cast<std::size_t>(advice)].skus) {
      advised.push_back(sku);
    }
  }
  const Json extra{{"eligible", eligible},
                   {"burnable", burnable},
                   {"excluded", excluded},
                   {"stamps", stamps},
                   {"advised", advised}};
  for (const auto& [name, value] : extra.items()) {
    if (expect.contains(name)) told[name] = value;
  }
  return told;
}

std::string Check(const Json& test) {
  const auto rules = ParseRules(test["rules"], 1);
  if (!rules.ok()) return rules.error().message;
  const auto zone = calendar::TimeZone::Find(test.value("zone", "Europe/Moscow")).value();
  const Timestamp at = ParseRfc3339(test["paid_at"].get<std::string>()).value();
  const Basket basket = BasketOf(test);
  const Json known = test.value("facts", Json::object());
  Facts facts = FactsOf(known);
  Json standing = Json::object();
  if (known.contains("history_of_days")) {
    const Tiers& tiers = rules.value().tiers;
    const Standing now = EffectiveTier(tiers, HistoryOf(known["history_of_days"]), zone, at);
    facts.tier = {.level = now.level, .metric = now.metric};
    standing["level"] = now.level;
    const auto next = Next(tiers, now.level, now.metric);
    if (next) standing["missing"] = next->missing;
  }
  const auto evaluation = Evaluate(rules.value(), zone, basket, facts, at);
  if (!evaluation.ok()) {
    const InputProblem& problem = evaluation.error().problems.front();
    return problem.code + " " + problem.pointer;
  }
  Json told = Told(test["expect"], evaluation.value(), rules.value(), basket);
  told.update(standing);
  return json::Dump(told);
}

class GoldenBasketTest : public testing::TestWithParam<std::string> {};

TEST_P(GoldenBasketTest, IsPricedAsWorkedOutByHand) {
  const Json file = ReadJson(kFolder / (GetParam() + ".json"));
  Json common = file;
  common.erase("cases");
  ASSERT_FALSE(file["cases"].empty());
  for (const Json& own : file["cases"]) {
    Json test = common;
    json::MergePatch(test, own);
    const std::string expected =
        test.contains("refused") ? test["refused"].get<std::string>() : json::Dump(test["expect"]);
    EXPECT_EQ(Check(test), expected) << own["comment"];
  }
}

INSTANTIATE_TEST_SUITE_P(Programme, GoldenBasketTest, testing::ValuesIn(Names()),
                         [](const auto& test) { return test.param; });

TEST(GoldenBasketsTest, AreAtLeastTwentyAndSayHowTheyWereWorkedOut) {
  EXPECT_GE(Names().size(), 20U);
  for (const std::string& name : Names()) {
    const Json file = ReadJson(kFolder / (name + ".json"));
    EXPECT_FALSE(file.value("comment", "").empty()) << name;
    for (const Json& test : file["cases"]) EXPECT_FALSE(test.value("comment", "").empty()) << name;
  }
}

}  // namespace
}  // namespace passmint::programme
