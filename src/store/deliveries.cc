#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using issuance::Delivery;
using issuance::DevicePush;
using issuance::DuePush;
using issuance::PushTarget;
using sql::Row;
using sql::Statement;

// One row for each wallet that the card is in; a newer revision stays.
#define PASSMINT_WANT_DELIVERY                                                                  \
  "INSERT INTO delivery (programme, card, channel, wanted, sent, due_at, attempts)"             \
  " SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), wallet.channel, CAST($3 AS BIGINT), 0,"          \
  " CAST($4 AS BIGINT), 0 FROM ("                                                               \
  "SELECT 'apple' AS channel"                                                                   \
  " WHERE EXISTS (SELECT 1 FROM registration WHERE programme = $1 AND card = $2)"               \
  " UNION ALL SELECT 'google'"                                                                  \
  " WHERE EXISTS (SELECT 1 FROM google_object WHERE programme = $1 AND card = $2)"              \
  ") AS wallet WHERE wallet.channel <> ''"                                                      \
  " ON CONFLICT (programme, card, channel) DO UPDATE SET wanted ="                              \
  " CASE WHEN delivery.wanted > excluded.wanted THEN delivery.wanted ELSE excluded.wanted END," \
  " due_at = COALESCE(delivery.due_at, excluded.due_at)"

constexpr Statement kWantDelivery(PASSMINT_WANT_DELIVERY);
constexpr Statement kWantDeliveryAgain(
    PASSMINT_WANT_DELIVERY
    ", sent = CASE WHEN delivery.sent >= delivery.wanted AND delivery.sent >= excluded.wanted"
    " THEN delivery.sent - 1 ELSE delivery.sent END");

#undef PASSMINT_WANT_DELIVERY

#define PASSMINT_DELIVERY_COLUMNS \
  "SELECT programme, card, wanted, sent, due_at, attempts FROM delivery"

constexpr Statement kDueDeliveries(PASSMINT_DELIVERY_COLUMNS
                                   " WHERE channel = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3"
                                   " /*lock: FOR UPDATE*/");
constexpr Statement kDueDelivery(PASSMINT_DELIVERY_COLUMNS
                                 " WHERE programme = $1 AND card = $2 AND channel = $3"
                                 " AND due_at <= $4 /*lock: FOR UPDATE*/");
constexpr Statement kFindDelivery(PASSMINT_DELIVERY_COLUMNS
                                  " WHERE programme = $1 AND card = $2 AND channel = $3");

#undef PASSMINT_DELIVERY_COLUMNS

constexpr Statement kLeaseDelivery(
    "UPDATE delivery SET due_at = $4 WHERE programme = $1 AND card = $2 AND channel = $3");
constexpr Statement kKeepDelivery(
    "UPDATE delivery SET sent = CASE WHEN sent > $4 THEN sent ELSE $4 END, attempts = 0,"
    " due_at = CASE WHEN wanted > $4 THEN CAST($5 AS BIGINT) ELSE NULL END"
    " WHERE programme = $1 AND card = $2 AND channel = $3");
constexpr Statement kPostponeDelivery(
    "UPDATE delivery SET attempts = $4, due_at = $5"
    " WHERE programme = $1 AND card = $2 AND channel = $3 AND sent < wanted");
constexpr Statement kPullDeliveries(
    "UPDATE delivery SET due_at = $2 WHERE due_at > $1 AND channel IN ('apple', 'google')");
constexpr Statement kDeliveryBacklog(
    "SELECT count(*), min(due_at) FROM (SELECT due_at FROM delivery"
    " WHERE channel = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3) AS waiting");

constexpr Statement kCountChange(
    "INSERT INTO device_push (programme, device, due_at, wanted, told, wanted_at, pushed_at,"
    " apns_id, rested_at, asked_again, attempts, failure)"
    " SELECT programme, device, NULL, 1, 0, NULL, NULL, '', 0, 0, 0, '' FROM registration"
    " WHERE programme = $1 AND card = $2 ORDER BY device"
    " ON CONFLICT (programme, device) DO UPDATE SET wanted = device_push.wanted + 1");

#define PASSMINT_PUSH_COLUMNS                                                                   \
  "SELECT device_push.programme, device_push.device, device_push.due_at, device_push.wanted,"   \
  " device_push.told, device_push.wanted_at, device_push.pushed_at, device_push.apns_id,"       \
  " device_push.rested_at, device_push.asked_again, device_push.attempts, device_push.failure," \
  " device.push_token, device.registered_at, device.listed_at"
#define PASSMINT_WITH_DEVICE                                                       \
  " LEFT JOIN device ON device.programme = device_push.programme AND device.id = " \
  "device_push.device"

constexpr Statement kPushesToSchedule(
    PASSMINT_PUSH_COLUMNS
    " FROM registration JOIN device_push ON device_push.programme = registration.programme"
    " AND device_push.device = registration.device" PASSMINT_WITH_DEVICE
    " WHERE registration.programme = $1 AND registration.card = $2 ORDER BY registration.device"
    " /*lock: FOR UPDATE OF device_push*/");
constexpr Statement kDuePushes(
    PASSMINT_PUSH_COLUMNS
    " FROM device_push" PASSMINT_WITH_DEVICE
    " WHERE device_push.programme = $1 AND device_push.due_at <= $2"
    " ORDER BY device_push.due_at LIMIT $3 /*lock: FOR UPDATE OF device_push*/");
constexpr Statement kFindPush(PASSMINT_PUSH_COLUMNS
                              " FROM device_push" PASSMINT_WITH_DEVICE
                              " WHERE device_push.programme = $1 AND device_push.device = $2"
                              " /*lock: FOR UPDATE OF device_push*/");
constexpr Statement kPushesOfCard(
    "SELECT registration.programme, registration.device, device_push.due_at,"
    " COALESCE(device_push.wanted, 0), COALESCE(device_push.told, 0), device_push.wanted_at,"
    " device_push.pushed_at, COALESCE(device_push.apns_id, ''), COALESCE(device_push.rested_at, 0),"
    " COALESCE(device_push.asked_again, 0), COALESCE(device_push.attempts, 0),"
    " COALESCE(device_push.failure, ''), device.push_token, device.registered_at, device.listed_at"
    " FROM registration LEFT JOIN device_push ON device_push.programme = registration.programme"
    " AND device_push.device = registration.device"
    " LEFT JOIN device ON device.programme = registration.programme"
    " AND device.id = registration.device"
    " WHERE registration.programme = $1 AND registration.card = $2"
    " ORDER BY registration.device LIMIT $3");

#undef PASSMINT_PUSH_COLUMNS
#undef PASSMINT_WITH_DEVICE

constexpr Statement kLeasePush(
    "UPDATE device_push SET due_at = $3 WHERE programme = $1 AND device = $2");
constexpr Statement kSavePush(
    "UPDATE device_push SET due_at = $3, wanted = $4, told = $5, wanted_at = $6, pushed_at = $7,"
    " apns_id = $8, rested_at = $9, asked_again = $10, attempts = $11, failure = $12"
    " WHERE programme = $1 AND device = $2");
constexpr Statement kDeletePush("DELETE FROM device_push WHERE programme = $1 AND device = $2");
constexpr Statement kRemoveDevice(
    "DELETE FROM device WHERE programme = $1 AND id = $2 AND push_token = $3"
    " AND registered_at <= $4");
constexpr Statement kRemoveRegistrations(
    "DELETE FROM registration WHERE programme = $1 AND device = $2");
constexpr Statement kPullPushes(
    "UPDATE device_push SET due_at = $3 WHERE programme = $1 AND due_at > $2");
constexpr Statement kPushBacklog(
    "SELECT count(*), min(due_at) FROM (SELECT due_at FROM device_push"
    " WHERE programme = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3) AS waiting");
constexpr Statement kNextPush(
    "SELECT min(due_at) FROM device_push WHERE programme = $1 AND due_at IS NOT NULL");

struct ReadDelivery {
  Result<Delivery> operator()(const Row& row) const {
    return Delivery{.programme = IdAt<ProgrammeId>(row, 0),
                    .card = String(row, 1),
                    .wanted = row.Integer(2),
                    .sent = row.Integer(3),
                    .due_at = InstantOrNull(row, 4),
                    .attempts = row.Integer(5)};
  }
};

Result<DuePush> ReadPush(const Row& row) {
  DuePush due{.push = {.programme = IdAt<ProgrammeId>(row, 0),
                       .device = IdAt<DeviceLibraryIdentifier>(row, 1),
                       .due_at = InstantOrNull(row, 2),
                       .wanted = row.Integer(3),
                       .told = row.Integer(4),
                       .wanted_at = InstantOrNull(row, 5),
                       .pushed_at = InstantOrNull(row, 6),
                       .apns_id = String(row, 7),
                       .rested_at = Instant(row, 8),
                       .asked_again = row.Integer(9) != 0,
                       .attempts = row.Integer(10),
                       .failure = String(row, 11)}};
  if (row.IsNull(12)) return due;
  due.target = PushTarget{.token = IdAt<PushToken>(row, 12),
                          .registered_at = Instant(row, 13),
                          .listed_at = InstantOrNull(row, 14)};
  return due;
}

Result<issuance::DeliveryTables::Backlog> ReadBacklog(const Row& row) {
  return issuance::DeliveryTables::Backlog{.count = row.Integer(0),
                                           .oldest = InstantOrNull(row, 1)};
}

Result<issuance::DeliveryTables::Backlog> FirstBacklog(
    Result<std::optional<issuance::DeliveryTables::Backlog>> found) {
  if (!found.ok()) return std::move(found).error();
  return found.value().value_or(issuance::DeliveryTables::Backlog());
}

}  // namespace

Status SqlTransaction::WantDelivery(const ProgrammeId& programme, const std::string& card,
                                    std::int64_t revision) {
  wanted_.push_back({programme, card});
  return connection_.Send(kWantDelivery, {programme, card, revision, ToMicros(now_)});
}

Status SqlTransaction::WantDeliveryAgain(const ProgrammeId& programme, const std::string& card,
                                         std::int64_t revision) {
  wanted_.push_back({programme, card});
  return connection_.Send(kWantDeliveryAgain, {programme, card, revision, ToMicros(now_)});
}

Result<std::vector<Delivery>> SqlTransaction::ClaimDeliveries(std::string_view channel,
                                                              Timestamp now, Timestamp until,
                                                              int limit) {
  auto due = FindAll<Delivery>(connection_, kDueDeliveries, {channel, ToMicros(now), limit},
                               ReadDelivery());
  if (!due.ok()) return due;
  for (Delivery& delivery : due.value()) {
    Status leased = connection_.Send(kLeaseDelivery,
                                     {delivery.programme, delivery.card, channel, ToMicros(until)});
    if (!leased.ok()) return std::move(leased).error();
    delivery.due_at = until;
  }
  return due;
}

Result<std::optional<Delivery>> SqlTransaction::ClaimDelivery(std::string_view channel,
                                                              const ProgrammeId& programme,
                                                              const std::string& card,
                                                              Timestamp now, Timestamp until) {
  auto due = FindOne<Delivery>(connection_, kDueDelivery, {programme, card, channel, ToMicros(now)},
                               ReadDelivery());
  if (!due.ok() || !due.value().has_value()) return due;
  Status leased = connection_.Send(kLeaseDelivery, {programme, card, channel, ToMicros(until)});
  if (!leased.ok()) return std::move(leased).error();
  due.value()->due_at = until;
  return due;
}

Status SqlTransaction::KeepDelivery(std::string_view channel, const ProgrammeId& programme,
                                    const std::string& card, std::int64_t sent, Timestamp next) {
  return connection_.Send(kKeepDelivery, {programme, card, channel, sent, ToMicros(next)});
}

Status SqlTransaction::PostponeDelivery(std::string_view channel, const ProgrammeId& programme,
                                        const std::string& card, std::int64_t attempts,
                                        Timestamp next) {
  return connection_.Send(kPostponeDelivery, {programme, card, channel, attempts, ToMicros(next)});
}

Result<std::optional<Delivery>> SqlTransaction::FindDelivery(std::string_view channel,
                                                             const ProgrammeId& programme,
                                                             const std::string& card) {
  return FindOne<Delivery>(connection_, kFindDelivery, {programme, card, channel}, ReadDelivery());
}

Result<std::vector<DuePush>> SqlTransaction::WantPushes(const ProgrammeId& programme,
                                                        const std::string& card) {
  Status counted = connection_.Send(kCountChange, {programme, card});
  if (!counted.ok()) return std::move(counted).error();
  return FindAll<DuePush>(connection_, kPushesToSchedule, {programme, card}, ReadPush);
}

Result<std::vector<DuePush>> SqlTransaction::ClaimPushes(const ProgrammeId& programme,
                                                         Timestamp now, Timestamp until,
                                                         int limit) {
  auto due = FindAll<DuePush>(connection_, kDuePushes, {programme, ToMicros(now), limit}, ReadPush);
  if (!due.ok()) return due;
  for (DuePush& push : due.value()) {
    Status leased = connection_.Send(kLeasePush, {programme, push.push.device, ToMicros(until)});
    if (!leased.ok()) return std::move(leased).error();
    push.push.due_at = until;
  }
  return due;
}

Result<std::optional<DuePush>> SqlTransaction::FindPush(const ProgrammeId& programme,
                                                        const DeviceLibraryIdentifier& device) {
  return FindOne<DuePush>(connection_, kFindPush, {programme, device}, ReadPush);
}

Status SqlTransaction::SavePush(const DevicePush& push) {
  return connection_.Send(
      kSavePush, {push.programme, push.device, MicrosOrNull(push.due_at), push.wanted, push.told,
                  MicrosOrNull(push.wanted_at), MicrosOrNull(push.pushed_at), push.apns_id,
                  ToMicros(push.rested_at), push.asked_again ? 1 : 0, push.attempts, push.failure});
}

Status SqlTransaction::DeletePush(const ProgrammeId& programme,
                                  const DeviceLibraryIdentifier& device) {
  return connection_.Send(kDeletePush, {programme, device});
}

Result<bool> SqlTransaction::RemoveDevice(const ProgrammeId& programme,
                                          const DeviceLibraryIdentifier& device,
                                          const PushToken& token, Timestamp instant) {
  auto removed =
      Wrote(connection_.Execute(kRemoveDevice, {programme, device, token, ToMicros(instant)}));
  if (!removed.ok() || !removed.value()) return removed;
  Status gone = connection_.Send(kRemoveRegistrations, {programme, device});
  if (gone.ok()) gone = connection_.Send(kDeletePush, {programme, device});
  if (!gone.ok()) return std::move(gone).error();
  return true;
}

Result<std::vector<DuePush>> SqlTransaction::PushesOfCard(const ProgrammeId& programme,
                                                          const std::string& card, int limit) {
  return FindAll<DuePush>(connection_, kPushesOfCard, {programme, card, limit}, ReadPush);
}

Status SqlTransaction::PullDeliveriesFrom(Timestamp horizon, Timestamp now) {
  return connection_.Send(kPullDeliveries, {ToMicros(horizon), ToMicros(now)});
}

Status SqlTransaction::PullPushesFrom(const ProgrammeId& programme, Timestamp horizon,
                                      Timestamp now) {
  return connection_.Send(kPullPushes, {programme, ToMicros(horizon), ToMicros(now)});
}

Result<SqlTransaction::Backlog> SqlTransaction::DeliveryBacklog(std::string_view channel,
                                                                Timestamp now, int limit) {
  return FirstBacklog(FindOne<Backlog>(connection_, kDeliveryBacklog,
                                       {channel, ToMicros(now), limit}, ReadBacklog));
}

Result<SqlTransaction::Backlog> SqlTransaction::PushBacklog(const ProgrammeId& programme,
                                                            Timestamp now, int limit) {
  return FirstBacklog(
      FindOne<Backlog>(connection_, kPushBacklog, {programme, ToMicros(now), limit}, ReadBacklog));
}

Result<std::optional<Timestamp>> SqlTransaction::NextPush(const ProgrammeId& programme) {
  std::optional<Timestamp> next;
  Status read = connection_.Query(kNextPush, {programme}, [&next](const Row& row) -> Status {
    next = InstantOrNull(row, 0);
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  return next;
}

}  // namespace passmint::store
