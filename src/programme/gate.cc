#include "programme/gate.h"

#include <algorithm>
#include <array>
#include <optional>

#include "programme/lifecycle.h"
#include "programme/occurrence.h"

namespace passmint::programme {
namespace {

using std::chrono::days;

std::optional<std::int64_t> Known(std::int64_t number) { return number; }

std::int64_t WholeUnits(ledger::Quantity quantity) { return quantity / ledger::kUnit; }

std::int64_t QuantityOf(const Basket& basket) {
  ledger::Quantity sum = 0;
  for (const BasketLine& line : basket.lines) {
    if (line.kind != LineKind::kDiscount) sum += line.quantity;
  }
  return WholeUnits(sum);
}

std::int64_t LinesOf(const Basket& basket) {
  return std::count_if(basket.lines.begin(), basket.lines.end(),
                       [](const BasketLine& line) { return line.kind != LineKind::kDiscount; });
}

std::optional<std::int64_t> DaysSince(const std::optional<Timestamp>& then, const Moment& now) {
  if (!then) return std::nullopt;
  const std::chrono::sys_days today(now.day());
  return (today - std::chrono::sys_days(now.zone().DayAt(*then))).count();
}

std::optional<std::int64_t> OfBirthday(Field field, const OrderView& order) {
  if (!order.facts.member.birthday) return std::nullopt;
  const std::chrono::year_month_day born = *order.facts.member.birthday;
  const std::chrono::sys_days today(order.moment.day());
  if (field == Field::kMemberAge) return AgeOn(born, today);
  if (field == Field::kMemberBirthdayIn) return (NextBirthday(born, today) - today).count();
  return (today - LastBirthday(born, today)).count();
}

std::optional<std::int64_t> NumberOf(Field field, const OrderView& order, const LineView* line) {
  switch (field) {
    case Field::kOrderAmount:
      return order.amount;
    case Field::kOrderNet:
      return order.net;
    case Field::kOrderMoney:
      return order.money;
    case Field::kOrderPoints:
      return order.points;
    case Field::kOrderLines:
      return LinesOf(order.basket);
    case Field::kOrderQuantity:
      return QuantityOf(order.basket);
    case Field::kLineAmount:
      return line->amount;
    case Field::kLineUnitPrice: {
      __extension__ using Wide = __int128;
      return static_cast<std::int64_t>(Wide{line->amount} * ledger::kUnit / line->line.quantity);
    }
    case Field::kLineQuantity:
      return WholeUnits(line->line.quantity);
    case Field::kMemberAge:
    case Field::kMemberBirthdayIn:
    case Field::kMemberBirthdayAgo:
      return OfBirthday(field, order);
    case Field::kMemberDays:
      return DaysSince(order.facts.member.joined_at, order.moment);
    case Field::kMemberOptedIn:
      return Known(order.facts.member.opted_in ? 1 : 0);
    case Field::kTierLevel:
      return Known(order.facts.tier.level);
    case Field::kHistoryOrders:
      return order.facts.history.orders;
    case Field::kHistorySpend:
      return order.facts.history.spend;
    case Field::kHistoryPoints:
      return order.facts.history.points_earned;
    case Field::kHistoryDaysSinceLast:
      return DaysSince(order.facts.history.last_order_at, order.moment);
    case Field::kTimeMonth:
      return Known(static_cast<unsigned>(order.moment.day().month()));
    case Field::kTimeDay:
      return Known(static_cast<unsigned>(order.moment.day().day()));
    case Field::kTimeClock:
      return Known(order.moment.minute_of_day());
    default:
      return std::nullopt;
  }
}

std::string_view Weekday(const Moment& moment) {
  constexpr std::array<std::string_view, 7> kNames{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  return kNames[std::chrono::weekday(std::chrono::sys_days(moment.day())).c_encoding()];
}

std::optional<std::string_view> TextOf(const Test& test, const OrderView& order,
                                       const LineView* line) {
  switch (test.field) {
    case Field::kOrderSource:
      return order.basket.source;
    case Field::kLocation:
      return order.basket.location;
    case Field::kLineSku:
      return line->line.sku;
    case Field::kLineCategory:
      return line->line.category;
    case Field::kMemberLocale:
      return order.facts.member.locale;
    case Field::kMemberLifecycle:
      return ToText(LifecycleOf(order.facts.history.orders));
    case Field::kMemberAttribute: {
      const auto found = order.facts.member.attributes.find(test.attribute);
      if (found == order.facts.member.attributes.end()) return std::nullopt;
      return found->second;
    }
    case Field::kMemberOrganisation:
      return order.facts.member.organisation;
    case Field::kTierName:
      return order.tier;
    case Field::kTimeWeekday:
      return Weekday(order.moment);
    default:
      return std::nullopt;
  }
}

template <class Values, class Value>
bool Contains(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool Compare(Operation operation, std::int64_t value, const std::vector<std::int64_t>& wanted) {
  switch (operation) {
    case Operation::kLess:
      return value < wanted.front();
    case Operation::kAtMost:
      return value <= wanted.front();
    case Operation::kGreater:
      return value > wanted.front();
    case Operation::kAtLeast:
      return value >= wanted.front();
    case Operation::kEqual:
    case Operation::kIn:
      return Contains(wanted, value);
    case Operation::kNotEqual:
    case Operation::kNotIn:
      return !Contains(wanted, value);
  }
  return false;
}

bool IsNegative(Operation operation) {
  return operation == Operation::kNotEqual || operation == Operation::kNotIn;
}

// Of what a member has several of.
bool IsAmong(const Test& test, const std::vector<std::string>& has) {
  const bool in = std::any_of(has.begin(), has.end(), [&test](const std::string& one) {
    return Contains(test.texts, one);
  });
  return in != IsNegative(test.operation);
}

bool Holds(const Test& test, const OrderView& order, const LineView* line) {
  if (test.field == Field::kMemberGroup) return IsAmong(test, order.facts.member.groups);
  if (test.field == Field::kMemberMembership) return IsAmong(test, order.facts.member.memberships);
  if (test.field == Field::kMemberGuestOf) return IsAmong(test, order.facts.member.guest_of);
  if (!test.texts.empty()) {
    const auto text = TextOf(test, order, line);
    return text && Contains(test.texts, *text) != IsNegative(test.operation);
  }
  const auto number = NumberOf(test.field, order, line);
  return number && Compare(test.operation, *number, test.numbers);
}

// Null line: what is about lines is not known yet.
std::optional<bool> Holds(const Condition& condition, const OrderView& order,
                          const LineView* line) {
  if (condition.of_lines && line == nullptr && condition.kind != Condition::Kind::kAll) {
    return std::nullopt;
  }
  switch (condition.kind) {
    case Condition::Kind::kTest:
      return Holds(condition.test, order, line);
    case Condition::Kind::kNot: {
      const auto inner = Holds(condition.parts.front(), order, line);
      if (!inner) return std::nullopt;
      return !*inner;
    }
    case Condition::Kind::kAny:
      return std::any_of(condition.parts.begin(), condition.parts.end(),
                         [&](const Condition& part) { return *Holds(part, order, line); });
    case Condition::Kind::kAll:
      break;
  }
  for (const Condition& part : condition.parts) {
    if (!Holds(part, order, line).value_or(true)) return false;
  }
  return true;
}

bool Names(const Selector& selector, const BasketLine& line) {
  return (!selector.skus.empty() &&
          std::binary_search(selector.skus.begin(), selector.skus.end(), line.sku)) ||
         (!selector.categories.empty() &&
          std::binary_search(selector.categories.begin(), selector.categories.end(),
                             line.category));
}

bool Includes(const Selector& include, const BasketLine& line) {
  const bool kind =
      include.kinds.empty() ? line.kind == LineKind::kProduct : Contains(include.kinds, line.kind);
  return kind && (!include.names_goods() || Names(include, line));
}

bool Excludes(const Selector& exclude, const BasketLine& line) {
  return Contains(exclude.kinds, line.kind) || Names(exclude, line);
}

}  // namespace

bool IsOpen(const Gate& gate, const OrderView& order) {
  return order.moment.Within(gate.window) &&
         (gate.when.always() || Holds(gate.when, order, nullptr).value_or(true));
}

Taken Takes(const Gate& gate, const OrderView& order, const LineView& line) {
  if (!Includes(gate.include, line.line)) return Taken::kNo;
  if (Excludes(gate.exclude, line.line)) return Taken::kExcluded;
  if (gate.when.of_lines && !Holds(gate.when, order, &line).value_or(false)) return Taken::kNo;
  return Taken::kYes;
}

}  // namespace passmint::programme
