#include "issuance/staff.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "calendar/time_zone.h"
#include "issuance/api_keys.h"
#include "issuance/owner.h"
#include "issuance/staff_tables.h"

namespace passmint::issuance {

Staff StaffOf(const ApiKey& key) {
  return {.actor = key.name.str(),
          .member = key.member,
          .is_admin = std::count(key.roles.begin(), key.roles.end(), Role::kAdmin) > 0};
}

Status RequireNotOwn(Transaction& transaction, const ProgrammeId& programme, const Staff& staff,
                     const MemberId& receiver) {
  if (staff.is_admin || staff.member.empty() || receiver.empty()) return {};
  const auto self = FindLivingMember(transaction, programme, staff.member);
  if (!self.ok()) return self.error();
  if (!self.value()) return {};
  const auto other = FindLivingMember(transaction, programme, receiver);
  if (!other.ok()) return other.error();
  const MemberId& to = other.value() ? other.value()->id : receiver;
  // What an organisation has is of those who act for it, too.
  if (self.value()->id != to && self.value()->acts_for != to) return {};
  return Error{.code = ErrorCode::kPermissionDenied,
               .message = "nobody gives points to themselves",
               .reason = "own_card",
               .hint = "let a colleague or an admin do it"};
}

Status CountByHand(Transaction& transaction, const ProgrammeSite& programme, const Staff& staff,
                   std::int64_t points) {
  const cards::Programme& settings = programme.programme;
  const auto zone = calendar::TimeZone::Find(settings.time_zone);
  if (!zone.ok()) return zone.error();
  const std::chrono::sys_days today(zone.value().DayAt(transaction.Now()));
  const GivenByHand given{.actor = staff.actor,
                          .day = today.time_since_epoch().count(),
                          .given = std::max<std::int64_t>(points, 0),
                          .taken = std::max<std::int64_t>(-points, 0),
                          .adjustments = 1};
  const bool is_bounded = points > 0 && !staff.is_admin;
  const auto counted = transaction.Staff().CountGiven(
      settings.id, given, is_bounded ? settings.given_per_day : std::nullopt);
  if (!counted.ok()) return counted.error();
  if (counted.value()) return {};
  return Error{
      .code = ErrorCode::kConflict,
      .message = "with this the key would give more than " +
                 std::to_string(*settings.given_per_day) + " points today",
      .reason = "daily_limit",
      .hint = "an admin may give more; the settings' programme.given_per_day is the limit"};
}

}  // namespace passmint::issuance
