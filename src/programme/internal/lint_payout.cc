// Looks for baskets that get more than they cost. For each rule a member, a moment and a line are
// made that satisfy it and as many other rules as go with them; then the price is searched at which
// discounts and the worth of the points are more than the price.

#include <algorithm>
#include <set>

#include "programme/evaluation.h"
#include "programme/internal/exact.h"
#include "programme/internal/lint.h"
#include "programme/lifecycle.h"

namespace passmint::programme::internal {
namespace {

using std::chrono::days;

// If no rule says when.
constexpr std::chrono::sys_days kUsualDay{std::chrono::year(2026) / 6 / 15};
constexpr std::int64_t kPriceMax = 1'000'000'000'000;

// A buyer, a moment and a line of one unit.
struct Scenario {
  Facts facts;
  Basket basket;
  std::chrono::sys_days day = kUsualDay;
  int minute = 12 * 60;
  std::optional<LocalTime> begins;
  std::set<Field> settled;           // Fields that a rule has claimed already.
  std::vector<std::int64_t> prices;  // Amounts that conditions ask for.

  BasketLine& line() { return basket.lines.front(); }
};

// The number that satisfies a test; nothing if any other does.
std::optional<std::int64_t> Satisfying(const Test& test) {
  if (test.numbers.empty()) return std::nullopt;
  switch (test.operation) {
    case Operation::kLess:
      return test.numbers.front() - 1;
    case Operation::kGreater:
      return test.numbers.front() + 1;
    case Operation::kNotEqual:
    case Operation::kNotIn:
      return std::nullopt;
    default:
      return test.numbers.front();
  }
}

void SetBirthday(Scenario& scenario, days from_today) {
  const std::chrono::year_month_day day(scenario.day + from_today);
  scenario.facts.member.birthday = std::chrono::year(1990) / day.month() / day.day();
  if (!scenario.facts.member.birthday->ok()) {
    scenario.facts.member.birthday = std::chrono::year(1990) / 2 / 28;
  }
}

void SetNumber(Scenario& scenario, Field field, std::int64_t number) {
  Facts& facts = scenario.facts;
  switch (field) {
    case Field::kOrderQuantity:
    case Field::kLineQuantity:
      scenario.line().quantity = std::clamp<std::int64_t>(number, 1, 1'000'000) * ledger::kUnit;
      return;
    case Field::kMemberAge:
      facts.member.birthday =
          std::chrono::year(2025 - static_cast<int>(std::clamp<std::int64_t>(number, 0, 120))) / 1 /
          1;
      return;
    case Field::kMemberBirthdayIn:
      return SetBirthday(scenario, days(number));
    case Field::kMemberBirthdayAgo:
      return SetBirthday(scenario, -days(number));
    case Field::kMemberOptedIn:
      facts.member.opted_in = number != 0;
      return;
    case Field::kTierLevel:
      facts.tier.level = static_cast<int>(number);
      return;
    case Field::kHistoryOrders:
      facts.history.orders = number;
      return;
    case Field::kHistorySpend:
      facts.history.spend = number;
      return;
    case Field::kHistoryPoints:
      facts.history.points_earned = number;
      return;
    case Field::kTimeClock:
      scenario.minute = static_cast<int>(number);
      return;
    default:
      // An amount of the order or the line: a price to try.
      scenario.prices.push_back(std::max<std::int64_t>(1, number));
  }
}

void SetText(Scenario& scenario, const RuleSet& rules, const Test& test) {
  if (test.operation == Operation::kNotEqual || test.operation == Operation::kNotIn) return;
  const std::string& text = test.texts.front();
  switch (test.field) {
    case Field::kOrderSource:
      scenario.basket.source = text;
      return;
    case Field::kLocation:
      scenario.basket.location = text;
      return;
    case Field::kLineSku:
      scenario.line().sku = text;
      return;
    case Field::kLineCategory:
      scenario.line().category = text;
      return;
    case Field::kMemberLocale:
      scenario.facts.member.locale = text;
      return;
    case Field::kMemberLifecycle:
      for (std::int64_t orders = 0; orders <= kRegularOrders; ++orders) {
        if (ToText(LifecycleOf(orders)) == text) scenario.facts.history.orders = orders;
      }
      return;
    case Field::kMemberAttribute:
      scenario.facts.member.attributes[test.attribute] = text;
      return;
    case Field::kMemberGroup:
      scenario.facts.member.groups.push_back(text);
      return;
    case Field::kMemberMembership:
      scenario.facts.member.memberships.push_back(text);
      return;
    case Field::kMemberOrganisation:
      scenario.facts.member.organisation = text;
      return;
    case Field::kMemberGuestOf:
      scenario.facts.member.guest_of.push_back(text);
      return;
    case Field::kTierName:
      for (std::size_t i = 0; i < rules.tiers.levels.size(); ++i) {
        if (rules.tiers.levels[i].name == text) scenario.facts.tier.level = static_cast<int>(i);
      }
      return;
    default:
      return;
  }
}

void Satisfy(Scenario& scenario, const RuleSet& rules, const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::kTest: {
      const Test& test = condition.test;
      const bool shared = HasSeveral(test.field) || test.field == Field::kMemberAttribute;
      if (!shared && !scenario.settled.insert(test.field).second) return;
      if (!test.texts.empty()) return SetText(scenario, rules, test);
      if (const auto number = Satisfying(test)) SetNumber(scenario, test.field, *number);
      return;
    }
    case Condition::Kind::kAll:
      for (const Condition& part : condition.parts) Satisfy(scenario, rules, part);
      return;
    case Condition::Kind::kAny:
      return Satisfy(scenario, rules, condition.parts.front());
    case Condition::Kind::kNot:
      return;
  }
}

// Adds what a rule asks for to what those before it asked for.
void Join(Scenario& scenario, const RuleSet& rules, const Gate& gate) {
  if (!scenario.begins && gate.window.begins) {
    scenario.begins = gate.window.begins;
    scenario.day =
        std::chrono::sys_days(std::chrono::floor<days>(*gate.window.begins).time_since_epoch());
  }
  BasketLine& line = scenario.line();
  if (line.sku.empty() && !gate.include.skus.empty()) line.sku = gate.include.skus.front();
  if (line.category.empty() && !gate.include.categories.empty()) {
    line.category = gate.include.categories.front();
  }
  Satisfy(scenario, rules, gate.when);
}

class Payout {
 public:
  Payout(const RuleSet& rules, const calendar::TimeZone& zone, int exponent, LintReport& report)
      : rules_(rules), zone_(zone), exponent_(exponent), report_(report) {
    for (int i = 0; i < exponent; ++i) usual_ *= 10;
    usual_ *= kUsualPriceMajor;
  }

  void Run() {
    const auto of_all = [this](const auto& list, const char* name) {
      for (std::size_t i = 0; i < list.size(); ++i) Try(list[i].gate, PointerTo(name, i));
    };
    of_all(rules_.earn, "earn");
    of_all(rules_.discounts, "discounts");
    of_all(rules_.coupons, "coupons");
  }

 private:
  struct Paid {
    std::int64_t pays = 0;  // Discounts and the worth of the points, minor units.
    std::int64_t points = 0;
    std::int64_t discount = 0;
  };

  Scenario Make(const Gate& first, int level) const {
    Scenario scenario;
    scenario.basket.currency_exponent = exponent_;
    scenario.basket.lines.push_back({.line_id = "1"});
    scenario.facts.tier = {.level = level};
    if (!first.include.kinds.empty()) scenario.line().kind = first.include.kinds.front();
    for (const Discount& coupon : rules_.coupons) scenario.basket.coupons.push_back(coupon.id);
    Join(scenario, rules_, first);
    for (const EarnRule& rule : rules_.earn) Join(scenario, rules_, rule.gate);
    for (const Discount& discount : rules_.discounts) Join(scenario, rules_, discount.gate);
    for (const Discount& coupon : rules_.coupons) Join(scenario, rules_, coupon.gate);
    return scenario;
  }

  Timestamp MomentOf(const Scenario& scenario) const {
    LocalTime local =
        LocalTime(scenario.day.time_since_epoch()) + std::chrono::minutes(scenario.minute);
    if (scenario.begins && !scenario.settled.contains(Field::kTimeClock)) local = *scenario.begins;
    const Timestamp at = zone_.InstantOf(local);
    return rules_.effective_from ? std::max(at, *rules_.effective_from) : at;
  }

  Paid At(Scenario& scenario, std::int64_t price) {
    ++quotes_;
    scenario.line().amount = price;
    const auto evaluation =
        Evaluate(rules_, zone_, scenario.basket, scenario.facts, MomentOf(scenario));
    if (!evaluation.ok()) return {};
    const Evaluation& result = evaluation.value();
    return {.pays = result.discount + WorthOf(rules_, result.earned),
            .points = result.earned,
            .discount = result.discount};
  }

  void Try(const Gate& gate, const std::string& pointer) {
    const int top = static_cast<int>(rules_.tiers.levels.size()) - 1;
    Scenario scenario = Make(gate, top);
    std::vector<std::int64_t> prices = scenario.prices;
    for (std::int64_t price = 1; price <= kPriceMax; price *= 10) {
      prices.insert(prices.end(), {price, 2 * price, 5 * price});
    }
    std::sort(prices.begin(), prices.end());
    std::int64_t before = 0;
    for (const std::int64_t price : prices) {
      if (quotes_ > kLintQuotesMax) return;
      const Paid paid = At(scenario, price);
      if (price >= usual_) Note(scenario, price, paid);
      if (paid.pays > price) return Report(scenario, pointer, before, price);
      before = price;
    }
  }

  // The smallest price between two of which only the second is paid over.
  void Report(Scenario& scenario, const std::string& pointer, std::int64_t low, std::int64_t high) {
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      (At(scenario, middle).pays > middle ? high : low) = middle;
    }
    const Paid paid = At(scenario, high);
    for (const Finding& finding : report_.findings) {
      // The same basket once: the rules go together.
      if (finding.id == "pays_over_price" && finding.example == Example(scenario, high, paid)) {
        return;
      }
    }
    report_.findings.push_back(
        {.id = "pays_over_price",
         .level = Finding::Level::kWarning,
         .pointer = pointer,
         .cause = "an order of " + std::to_string(high) + " minor units gets " +
                  std::to_string(paid.pays) + " in discounts and points",
         .cure = "ask for a least amount (order.money), limit it, or let the rules compete in one "
                 "stack group",
         .example = Example(scenario, high, paid)});
    if (high < usual_) {
      for (const std::int64_t price : {usual_, 10 * usual_}) {
        Note(scenario, price, At(scenario, price));
      }
    }
  }

  Json Example(const Scenario& scenario, std::int64_t price, const Paid& paid) const {
    const BasketLine& line = scenario.basket.lines.front();
    Json shown{{"line_id", line.line_id}, {"amount", price}};
    if (!line.sku.empty()) shown["sku"] = line.sku;
    if (!line.category.empty()) shown["category"] = line.category;
    return {{"paid_at", FormatRfc3339(MomentOf(scenario))},
            {"lines", Json::array({shown})},
            {"price", price},
            {"discount", paid.discount},
            {"points", paid.points},
            {"pays", paid.pays}};
  }

  void Note(const Scenario& scenario, std::int64_t price, const Paid& paid) {
    const auto ppm = static_cast<std::int64_t>(Wide{paid.pays} * 1'000'000 / price);
    if (ppm <= report_.payout_ppm_max) return;
    report_.payout_ppm_max = ppm;
    report_.payout_example = Example(scenario, price, paid);
  }

  const RuleSet& rules_;
  const calendar::TimeZone& zone_;
  const int exponent_;
  LintReport& report_;
  std::int64_t usual_ = 1;  // Minor units.
  int quotes_ = 0;
};

}  // namespace

void LintPayout(const RuleSet& rules, const calendar::TimeZone& zone, int currency_exponent,
                LintReport& report) {
  Payout(rules, zone, currency_exponent, report).Run();
}

}  // namespace passmint::programme::internal
