#include "programme/condition.h"

#include <algorithm>

namespace passmint::programme {

const std::vector<FieldInfo>& AllFields() {
  using enum FieldType;
  static const std::vector<FieldInfo> fields{
      {"order.amount", Field::kOrderAmount, kNumber},
      {"order.net", Field::kOrderNet, kNumber},
      {"order.money", Field::kOrderMoney, kNumber},
      {"order.points", Field::kOrderPoints, kNumber},
      {"order.lines", Field::kOrderLines, kNumber},
      {"order.quantity", Field::kOrderQuantity, kNumber},
      {"order.source", Field::kOrderSource, kText},
      {"location", Field::kLocation, kText},
      {"line.sku", Field::kLineSku, kText},
      {"line.category", Field::kLineCategory, kText},
      {"line.amount", Field::kLineAmount, kNumber},
      {"line.unit_price", Field::kLineUnitPrice, kNumber},
      {"line.quantity", Field::kLineQuantity, kNumber},
      {"member.age", Field::kMemberAge, kNumber},
      {"member.birthday_in", Field::kMemberBirthdayIn, kNumber},
      {"member.birthday_ago", Field::kMemberBirthdayAgo, kNumber},
      {"member.days", Field::kMemberDays, kNumber},
      {"member.locale", Field::kMemberLocale, kText},
      {"member.opted_in", Field::kMemberOptedIn, kNumber},
      {"member.lifecycle", Field::kMemberLifecycle, kText},
      {"member.attribute.", Field::kMemberAttribute, kText},
      {"member.group", Field::kMemberGroup, kText},
      {"member.membership", Field::kMemberMembership, kText},
      {"member.organisation", Field::kMemberOrganisation, kText},
      {"member.guest_of", Field::kMemberGuestOf, kText},
      {"tier.name", Field::kTierName, kText},
      {"tier.level", Field::kTierLevel, kNumber},
      {"history.orders", Field::kHistoryOrders, kNumber},
      {"history.spend", Field::kHistorySpend, kNumber},
      {"history.points", Field::kHistoryPoints, kNumber},
      {"history.days_since_last", Field::kHistoryDaysSinceLast, kNumber},
      {"time.weekday", Field::kTimeWeekday, kText},
      {"time.month", Field::kTimeMonth, kNumber},
      {"time.day", Field::kTimeDay, kNumber},
      {"time.clock", Field::kTimeClock, kClock},
  };
  return fields;
}

const FieldInfo& InfoOf(Field field) {
  return *std::find_if(AllFields().begin(), AllFields().end(),
                       [field](const FieldInfo& info) { return info.field == field; });
}

}  // namespace passmint::programme
