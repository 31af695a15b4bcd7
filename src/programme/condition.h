#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace passmint::programme {

// What a condition may look at. The list is closed; each word is explained in
// assets/ruleset.schema.json.
enum class Field {
  // The order. Amounts are minor units.
  kOrderAmount,    // order.amount: as sent, the shop's own discounts off.
  kOrderNet,       // order.net: after our discounts and coupons. Earning rules only.
  kOrderMoney,     // order.money: what money pays, points off. Earning rules only.
  kOrderPoints,    // order.points: burned on it. Earning rules only.
  kOrderLines,     // order.lines: how many, discounts not counted.
  kOrderQuantity,  // order.quantity: whole units of all lines.
  kOrderSource,    // order.source
  kLocation,       // location
  // The line; such a condition is asked line by line.
  kLineSku,        // line.sku
  kLineCategory,   // line.category
  kLineAmount,     // line.amount: as sent, the shop's own discounts off.
  kLineUnitPrice,  // line.unit_price: rounded down.
  kLineQuantity,   // line.quantity: whole units.
  // The member. Unknown things are neither equal nor different.
  kMemberAge,             // member.age: whole years.
  kMemberBirthdayIn,      // member.birthday_in: days until the next birthday, 0 on the day.
  kMemberBirthdayAgo,     // member.birthday_ago: days since the last one, 0 on the day.
  kMemberDays,            // member.days: since the member joined.
  kMemberLocale,          // member.locale
  kMemberOptedIn,         // member.opted_in: 1 or 0.
  kMemberLifecycle,       // member.lifecycle: lifecycle.h, before this order.
  kMemberAttribute,       // member.attribute.NAME
  kMemberGroup,           // member.group: true if any of the member's groups is.
  kMemberMembership,      // member.membership: true if any of the paid plans is.
  kMemberOrganisation,    // member.organisation: whose points they are; "" if it is no company.
  kMemberGuestOf,         // member.guest_of: true if any of the member's hosts' companies is.
  kTierName,              // tier.name: "" below the first.
  kTierLevel,             // tier.level: 0 for the first, -1 below it.
  kHistoryOrders,         // history.orders: before this one.
  kHistorySpend,          // history.spend
  kHistoryPoints,         // history.points: earned, ever.
  kHistoryDaysSinceLast,  // history.days_since_last: days since the last order.
  // The programme's clock when the order was paid.
  kTimeWeekday,  // time.weekday: mon, tue, ...
  kTimeMonth,    // time.month: 1 to 12.
  kTimeDay,      // time.day: 1 to 31.
  kTimeClock,    // time.clock: "HH:MM"; compared as minutes of the day.
};

enum class FieldType { kNumber, kText, kClock };

struct FieldInfo {
  std::string_view name;
  Field field;
  FieldType type;
};

// All of them; kMemberAttribute is the name's beginning.
const std::vector<FieldInfo>& AllFields();
const FieldInfo& InfoOf(Field field);

constexpr bool IsOfLine(Field field) {
  return field >= Field::kLineSku && field <= Field::kLineQuantity;
}
// Of which a member may have several.
constexpr bool HasSeveral(Field field) {
  return field == Field::kMemberGroup || field == Field::kMemberMembership ||
         field == Field::kMemberGuestOf;
}
// Known only once discounts, coupons and points are done.
constexpr bool IsOfEarning(Field field) {
  return field == Field::kOrderNet || field == Field::kOrderMoney || field == Field::kOrderPoints;
}

enum class Operation { kEqual, kNotEqual, kLess, kAtMost, kGreater, kAtLeast, kIn, kNotIn };

struct Test {
  Field field = Field::kOrderAmount;
  Operation operation = Operation::kEqual;
  std::string attribute = {};              // The NAME of kMemberAttribute.
  std::vector<std::int64_t> numbers = {};  // One, or several with kIn and kNotIn.
  std::vector<std::string> texts = {};     // Likewise.
};

// all, any and not over tests; {} is kAll of nothing and holds always.
struct Condition {
  enum class Kind { kAll, kAny, kNot, kTest };
  Kind kind = Kind::kAll;
  std::vector<Condition> parts = {};
  Test test = {};         // Of kTest.
  bool of_lines = false;  // Something in it looks at a line.

  bool always() const { return kind == Kind::kAll && parts.empty(); }
};

}  // namespace passmint::programme
