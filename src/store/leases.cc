#include "store/leases.h"

namespace passmint::store {
namespace {

using sql::Statement;

constexpr Statement kDeliveries(
    "UPDATE delivery SET due_at = $1"
    " WHERE channel IN ('apple', 'google') AND due_at > $1 AND due_at <= $2");
constexpr Statement kPushes(
    "UPDATE device_push SET due_at = $1 WHERE due_at > $1 AND due_at <= $2");
constexpr Statement kRollouts("UPDATE rollout SET due_at = $1 WHERE due_at > $1 AND due_at <= $2");
constexpr Statement kGoogleClasses(
    "UPDATE google_class SET lease_until = 0 WHERE lease_until > $1 AND lease_until <= $2");
constexpr Statement kReplays(
    "UPDATE replay_job SET due_at = $1 WHERE due_at > $1 AND due_at <= $2");
constexpr Statement kCalendars(
    "UPDATE calendar_place SET leased_until = 0 WHERE leased_until > $1 AND leased_until <= $2");

}  // namespace

Status TakeBackLeases(sql::Database& database, Timestamp now) {
  return database.Write([now](sql::Connection& connection) -> Status {
    for (const Statement* statement :
         {&kDeliveries, &kPushes, &kRollouts, &kGoogleClasses, &kCalendars, &kReplays}) {
      Status taken = connection.Send(*statement, {ToMicros(now), ToMicros(now + kLeaseMax)});
      if (!taken.ok()) return taken;
    }
    return {};
  });
}

}  // namespace passmint::store
