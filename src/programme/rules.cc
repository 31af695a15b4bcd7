#include "programme/rules.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace passmint::programme {
namespace {

using Problems = std::vector<InputProblem>;

// Years beyond this are a mistake, not a promise.
constexpr int kPeriodCountMax = 1200;
constexpr std::int64_t kPpmMax = 1'000'000;
constexpr int kExponentMax = 6;
constexpr std::size_t kRulesMax = 100;
constexpr std::size_t kIdBytesMax = 64;

// Reads the fields of one object and refuses those that it does not know.
class Fields {
 public:
  Fields(const Json& object, std::string pointer, Problems& problems)
      : object_(object), pointer_(std::move(pointer)), problems_(problems) {
    if (!object_.is_object()) Problem("", "wrong_type", "not an object");
  }

  // Null if it is missing.
  const Json* Find(const std::string& name) {
    known_.insert(name);
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  std::int64_t Integer(const std::string& name, std::int64_t fallback, std::int64_t least,
                       std::int64_t most) {
    const Json* value = Find(name);
    if (value == nullptr) return fallback;
    if (!value->is_number_integer() || !InRange(*value, least, most)) {
      Problem(name, "out_of_range",
              "not an integer from " + std::to_string(least) + " to " + std::to_string(most));
      return fallback;
    }
    return value->get<std::int64_t>();
  }

  std::string Text(const std::string& name, std::string fallback) {
    const Json* value = Find(name);
    if (value == nullptr) return fallback;
    if (!value->is_string()) {
      Problem(name, "wrong_type", "not a text");
      return fallback;
    }
    return value->get<std::string>();
  }

  void Problem(const std::string& name, std::string code, std::string detail) {
    const std::string at = name.empty() ? pointer_ : pointer_ + "/" + name;
    problems_.push_back({std::move(code), at, std::move(detail)});
  }

  // Call last.
  void RefuseUnknown() {
    if (!object_.is_object()) return;
    for (const auto& [name, value] : object_.items()) {
      if (!known_.contains(name)) {
        Problem(name, "unknown_field", "no such field, or not served by this version");
      }
    }
  }

  const std::string& pointer() const { return pointer_; }
  Problems& problems() { return problems_; }

 private:
  static bool InRange(const Json& value, std::int64_t least, std::int64_t most) {
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() >
            static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return false;
    }
    const auto number = value.get<std::int64_t>();
    return number >= least && number <= most;
  }

  const Json& object_;
  std::string pointer_;
  Problems& problems_;
  std::set<std::string> known_;
};

// "P1Y", "P12M", "P2W", "P14D", "P1Y6M".
std::optional<Period> ReadPeriod(std::string_view text) {
  if (text.size() < 3 || text.front() != 'P') return std::nullopt;
  Period period;
  int count = -1;
  for (const char c : text.substr(1)) {
    if (c >= '0' && c <= '9') {
      count = (count < 0 ? 0 : count) * 10 + (c - '0');
      if (count > kPeriodCountMax) return std::nullopt;
      continue;
    }
    if (count < 0) return std::nullopt;
    if (c == 'Y') {
      period.months += 12 * count;
    } else if (c == 'M') {
      period.months += count;
    } else if (c == 'W') {
      period.days += 7 * count;
    } else if (c == 'D') {
      period.days += count;
    } else {
      return std::nullopt;
    }
    count = -1;
  }
  if (count >= 0) return std::nullopt;
  return period;
}

Period PeriodAt(Fields& fields, const std::string& name, Period fallback) {
  const Json* value = fields.Find(name);
  if (value == nullptr) return fallback;
  const auto period = value->is_string() ? ReadPeriod(value->get<std::string>()) : std::nullopt;
  if (!period) {
    fields.Problem(name, "invalid_period", "not a period such as \"P12M\" or \"P14D\"");
    return fallback;
  }
  return *period;
}

template <class Choice>
Choice ChoiceAt(Fields& fields, const std::string& name, Choice fallback,
                std::initializer_list<std::pair<const char*, Choice>> choices) {
  const Json* value = fields.Find(name);
  if (value == nullptr) return fallback;
  std::string known;
  for (const auto& [word, choice] : choices) {
    if (value->is_string() && value->get<std::string>() == word) return choice;
    known += std::string(known.empty() ? "" : ", ") + word;
  }
  fields.Problem(name, "unknown_value", "not one of: " + known);
  return fallback;
}

Expiry ReadExpiry(const Json& json, const std::string& pointer, Problems& problems) {
  Fields fields(json, pointer, problems);
  Expiry expiry{.never = false,
                .after = PeriodAt(fields, "after", Period{}),
                .round_to = ChoiceAt(fields, "round_to", RoundTo::kDay,
                                     {{"day", RoundTo::kDay},
                                      {"month", RoundTo::kMonth},
                                      {"quarter", RoundTo::kQuarter},
                                      {"year", RoundTo::kYear}})};
  if (fields.Find("after") == nullptr) fields.Problem("after", "required", "how long points live");
  fields.RefuseUnknown();
  return expiry;
}

// Whether points of that period have begun to count before they are over, whatever months it spans.
bool LivesToActivate(const Period& activation, const Period& life) {
  constexpr int kShortestMonth = 28;
  constexpr int kLongestMonth = 31;
  return (life.months >= activation.months && life.days >= activation.days) ||
         life.months * kShortestMonth + life.days >=
             activation.months * kLongestMonth + activation.days;
}

EarnRule ReadRule(const Json& json, const std::string& pointer, Problems& problems) {
  Fields fields(json, pointer, problems);
  EarnRule rule;
  rule.id = fields.Text("id", "");
  if (rule.id.empty() || rule.id.size() > kIdBytesMax) {
    fields.Problem("id", "invalid_id", "a rule has an id of 1 to 64 characters");
  }
  if (fields.Text("kind", "percent") != "percent") {
    fields.Problem("kind", "unsupported_kind", "this version knows percent only");
  }
  rule.ppm = fields.Integer("ppm", 0, 0, kPpmMax);
  rule.activate_after = PeriodAt(fields, "activate_after", Period{});
  if (const Json* expires = fields.Find("expires")) {
    rule.expires = ReadExpiry(*expires, pointer + "/expires", problems);
    if (!LivesToActivate(rule.activate_after, rule.expires.after)) {
      problems.push_back({"out_of_range", pointer + "/expires/after",
                          "points would be over before they are active"});
    }
  }
  const std::string funder = fields.Text("funder", "own");
  rule.funder = funder == "own" ? "" : funder;
  fields.RefuseUnknown();
  return rule;
}

void ReadEarn(const Json& json, RuleSet& rules, Problems& problems) {
  if (!json.is_array() || json.size() > kRulesMax) {
    problems.push_back({"wrong_type", "/earn", "not a list of at most 100 rules"});
    return;
  }
  std::set<std::string> ids;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string pointer = "/earn/" + std::to_string(i);
    rules.earn.push_back(ReadRule(json[i], pointer, problems));
    if (!ids.insert(rules.earn.back().id).second) {
      problems.push_back({"duplicate", pointer + "/id", "another rule has this id"});
    }
  }
}

void ReadPoints(const Json& json, RuleSet& rules, Problems& problems) {
  Fields fields(json, "/points", problems);
  rules.exponent = static_cast<int>(fields.Integer("exponent", 0, 0, kExponentMax));
  if (const Json* value = fields.Find("value")) {
    Fields worth(*value, "/points/value", problems);
    rules.value_points = worth.Integer("points", 1, 1, 1'000'000'000);
    rules.value_minor = worth.Integer("minor", 100, 1, 1'000'000'000);
    worth.RefuseUnknown();
  }
  rules.rounding_name = fields.Text("rounding", "floor");
  rules.rounding = ChoiceAt(fields, "rounding", ledger::Rounding::kFloor,
                            {{"floor", ledger::Rounding::kFloor},
                             {"half_up", ledger::Rounding::kHalfUp},
                             {"half_even", ledger::Rounding::kHalfEven},
                             {"ceil", ledger::Rounding::kCeil}});
  fields.RefuseUnknown();
}

void ReadRefunds(const Json& json, RuleSet& rules, Problems& problems) {
  using Debt = ledger::Policy::Debt;
  using Restore = ledger::Policy::Restore;
  Fields fields(json, "/refunds", problems);
  rules.refunds.debt = ChoiceAt(fields, "debt", Debt::kUnlimited,
                                {{"unlimited", Debt::kUnlimited},
                                 {"within_balance", Debt::kWithinBalance},
                                 {"only_pending", Debt::kOnlyPending}});
  rules.refunds.debt_limit =
      fields.Integer("debt_limit", ledger::kAmountMax, 0, ledger::kAmountMax);
  rules.refunds.restore = ChoiceAt(
      fields, "expired", Restore::kGrace,
      {{"grace", Restore::kGrace}, {"expire", Restore::kExpire}, {"forbid", Restore::kForbid}});
  const Period grace = PeriodAt(fields, "grace", Period{.months = 0, .days = 14});
  if (grace.months > 0) fields.Problem("grace", "invalid_period", "a grace is in days or weeks");
  rules.refunds.grace = std::chrono::days(grace.days);
  fields.RefuseUnknown();
}

void ReadBurn(const Json& json, RuleSet& rules, Problems& problems) {
  Fields fields(json, "/burn", problems);
  rules.burn_max_ppm = fields.Integer("max_ppm_of_order", kPpmMax, 0, kPpmMax);
  fields.RefuseUnknown();
}

std::chrono::year_month_day Clamp(std::chrono::year_month month, std::chrono::day day) {
  const std::chrono::year_month_day wanted = month / day;
  return wanted.ok() ? wanted : std::chrono::year_month_day(month / std::chrono::last);
}

std::chrono::sys_days Later(std::chrono::year_month_day day, const Period& period) {
  const auto month = day.year() / day.month() + std::chrono::months(period.months);
  return std::chrono::sys_days(Clamp(month, day.day())) + std::chrono::days(period.days);
}

std::chrono::sys_days LastDayOf(std::chrono::sys_days within, RoundTo unit) {
  if (unit == RoundTo::kDay) return within;
  const std::chrono::year_month_day day(within);
  const unsigned length = unit == RoundTo::kMonth ? 1 : unit == RoundTo::kQuarter ? 3 : 12;
  const unsigned month = (static_cast<unsigned>(day.month()) + length - 1) / length * length;
  return std::chrono::sys_days(day.year() / std::chrono::month(month) / std::chrono::last);
}

}  // namespace

Result<RuleSet> ParseRules(const Json& json, std::int64_t version) {
  RuleSet rules;
  rules.version = version;
  Problems problems;
  Fields fields(json, "", problems);
  fields.Integer("format", 1, 1, 1);
  if (const Json* points = fields.Find("points")) ReadPoints(*points, rules, problems);
  if (const Json* earn = fields.Find("earn")) ReadEarn(*earn, rules, problems);
  if (const Json* burn = fields.Find("burn")) ReadBurn(*burn, rules, problems);
  if (const Json* refunds = fields.Find("refunds")) ReadRefunds(*refunds, rules, problems);
  fields.RefuseUnknown();
  if (problems.empty()) return rules;
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

Timestamp ExpiresAt(const Expiry& expiry, const calendar::TimeZone& zone, Timestamp earned_at) {
  if (expiry.never) return ledger::kNever;
  const auto last = LastDayOf(Later(zone.DayAt(earned_at), expiry.after), expiry.round_to);
  return zone.StartOf(std::chrono::year_month_day(last + std::chrono::days(1)));
}

Timestamp ActivatesAt(const Period& period, const calendar::TimeZone& zone, Timestamp earned_at) {
  if (period == Period{}) return earned_at;
  return zone.StartOf(std::chrono::year_month_day(Later(zone.DayAt(earned_at), period)));
}

}  // namespace passmint::programme
