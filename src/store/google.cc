#include <algorithm>
#include <utility>

#include "json/json.h"
#include "store/columns.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using issuance::GoogleClass;
using issuance::GoogleObject;
using sql::Row;
using sql::Statement;

#define PASSMINT_OBJECT                                                                      \
  "SELECT card, suffix, inserted_at, patched_at, sent_revision, shown, notified, has_users," \
  " checked_at, attempts, failure, announced, message, callback, callback_at FROM google_object"

constexpr Statement kFindObject(PASSMINT_OBJECT
                                " WHERE programme = $1 AND card = $2 /*lock: FOR UPDATE*/");
constexpr Statement kFindObjectBySuffix(
    PASSMINT_OBJECT " WHERE programme = $1 AND suffix = $2 /*lock: FOR UPDATE*/");

#undef PASSMINT_OBJECT

constexpr Statement kInsertObject(
    "INSERT INTO google_object (programme, card, suffix, inserted_at, patched_at, sent_revision,"
    " shown, notified, has_users, checked_at, attempts, failure, announced, message, callback,"
    " callback_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    " ON CONFLICT (programme, card) DO NOTHING");
constexpr Statement kUpdateObject(
    "UPDATE google_object SET inserted_at = $3, patched_at = $4, sent_revision = $5, shown = $6,"
    " notified = $7, has_users = $8, checked_at = $9, attempts = $10, failure = $11,"
    " announced = $12, message = $13, callback = $14, callback_at = $15"
    " WHERE programme = $1 AND card = $2");
constexpr Statement kWantObject(
    "INSERT INTO delivery (programme, card, channel, wanted, sent, due_at, attempts)"
    " SELECT programme, id, 'google', revision, 0, CAST($3 AS BIGINT), 0 FROM card"
    " WHERE programme = $1 AND id = $2 ON CONFLICT (programme, card, channel) DO UPDATE"
    " SET wanted = excluded.wanted, due_at = excluded.due_at,"
    " sent = CASE WHEN delivery.sent >= excluded.wanted THEN excluded.wanted - 1"
    " ELSE delivery.sent END");
constexpr Statement kDueObjects(
    "SELECT card FROM delivery WHERE channel = 'google' AND programme = $1 AND due_at <= $2"
    " ORDER BY due_at LIMIT $3");
// Others may have been first since it was found.
constexpr Statement kLeaseObject(
    "UPDATE delivery SET due_at = $4 WHERE programme = $1 AND card = $2 AND channel = 'google'"
    " AND due_at <= $3");
constexpr Statement kObjectsToCheck(
    "SELECT card FROM google_object WHERE programme = $1 AND checked_at < $2"
    " AND inserted_at IS NOT NULL ORDER BY checked_at LIMIT $3");

constexpr Statement kFindClass(
    "SELECT template, sent_version, due_at, attempts, failure FROM google_class"
    " WHERE programme = $1 AND template = $2 /*lock: FOR UPDATE*/");
constexpr Statement kPutClass(
    "INSERT INTO google_class (programme, template, sent_version, due_at, lease_until, attempts,"
    " failure) VALUES ($1, $2, $3, $4, 0, $5, $6) ON CONFLICT (programme, template) DO UPDATE"
    " SET sent_version = excluded.sent_version, due_at = excluded.due_at, lease_until = 0,"
    " attempts = excluded.attempts, failure = excluded.failure");
constexpr Statement kWantClass(
    "INSERT INTO google_class (programme, template, sent_version, due_at, lease_until, attempts,"
    " failure) VALUES ($1, $2, 0, $3, 0, 0, '') ON CONFLICT (programme, template) DO UPDATE"
    " SET due_at = excluded.due_at, attempts = 0");
constexpr Statement kDueClasses(
    "SELECT template FROM google_class WHERE programme = $1 AND due_at <= $2 AND lease_until <= $2"
    " ORDER BY due_at LIMIT $3");
constexpr Statement kLeaseClass(
    "UPDATE google_class SET lease_until = $4 WHERE programme = $1 AND template = $2"
    " AND due_at <= $3 AND lease_until <= $3");

constexpr Statement kHasWork(
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM delivery WHERE channel = 'google' AND programme = $1"
    " AND due_at <= $2) OR EXISTS (SELECT 1 FROM google_class WHERE programme = $1"
    " AND due_at <= $2 AND lease_until <= $2)");

constexpr Statement kNextObject(
    "SELECT due_at FROM delivery WHERE channel = 'google' AND programme = $1"
    " AND due_at IS NOT NULL ORDER BY due_at LIMIT 1");
constexpr Statement kNextClass(
    "SELECT due_at, lease_until FROM google_class WHERE programme = $1 AND due_at IS NOT NULL"
    " ORDER BY due_at LIMIT 1");

constexpr Statement kUseNonce(
    "INSERT INTO callback_nonce (programme, nonce, expires_at) VALUES ($1, $2, $3)"
    " ON CONFLICT (programme, nonce) DO NOTHING");
constexpr Statement kForgetNonces(
    "DELETE FROM callback_nonce WHERE programme = $1 AND expires_at < $2");

constexpr Statement kNewBudget(
    "INSERT INTO request_budget (name, free_at) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING");
constexpr Statement kTakeRequests(
    "UPDATE request_budget SET free_at = CASE WHEN free_at > $2 THEN free_at ELSE $2 END + $3"
    " WHERE name = $1 AND free_at <= $4");
constexpr Statement kFreeAt("SELECT free_at FROM request_budget WHERE name = $1");

constexpr std::size_t kNotifiedBytesMax = 4096;

Result<GoogleObject> ReadObject(const Row& row) {
  GoogleObject object{.card = String(row, 0),
                      .suffix = String(row, 1),
                      .inserted_at = InstantOrNull(row, 2),
                      .patched_at = InstantOrNull(row, 3),
                      .sent_revision = row.Integer(4),
                      .shown = String(row, 5),
                      .announced = String(row, 11),
                      .message = String(row, 12),
                      .has_users = row.Integer(7) != 0,
                      .checked_at = Instant(row, 8),
                      .callback = String(row, 13),
                      .callback_at = InstantOrNull(row, 14),
                      .attempts = static_cast<int>(row.Integer(9)),
                      .failure = String(row, 10)};
  const auto notified = json::Parse(row.Text(6), kNotifiedBytesMax);
  if (!notified.ok() || !notified.value().is_array()) return Damaged("google_object.notified");
  for (const Json& micros : notified.value()) {
    if (!micros.is_number_integer()) return Damaged("google_object.notified");
    object.notified.push_back(FromMicros(micros.get<std::int64_t>()));
  }
  return object;
}

std::string NotifiedJson(const GoogleObject& object) {
  Json list = Json::array();
  for (const Timestamp at : object.notified) list.push_back(ToMicros(at));
  return json::Dump(list);
}

Result<GoogleClass> ReadClass(const Row& row) {
  return GoogleClass{.name = IdAt<TemplateName>(row, 0),
                     .sent_version = static_cast<int>(row.Integer(1)),
                     .due_at = InstantOrNull(row, 2),
                     .attempts = static_cast<int>(row.Integer(3)),
                     .failure = String(row, 4)};
}

Result<std::string> ReadName(const Row& row) { return String(row, 0); }

// Of what `due` finds, what `lease` could take.
Result<std::vector<std::string>> Claim(sql::Connection& connection, const Statement& due,
                                       const Statement& lease, const ProgrammeId& programme,
                                       Timestamp now, Timestamp until, int limit) {
  auto found = FindAll<std::string>(connection, due, {programme, ToMicros(now), limit}, ReadName);
  if (!found.ok()) return found;
  std::vector<std::string> claimed;
  for (std::string& name : found.value()) {
    auto leased =
        Wrote(connection.Execute(lease, {programme, name, ToMicros(now), ToMicros(until)}));
    if (!leased.ok()) return std::move(leased).error();
    if (leased.value()) claimed.push_back(std::move(name));
  }
  return claimed;
}

}  // namespace

Result<std::optional<GoogleObject>> SqlTransaction::FindGoogleObject(const ProgrammeId& programme,
                                                                     const std::string& card) {
  return FindOne<GoogleObject>(connection_, kFindObject, {programme, card}, ReadObject);
}

Result<std::optional<GoogleObject>> SqlTransaction::FindGoogleObjectBySuffix(
    const ProgrammeId& programme, const std::string& suffix) {
  return FindOne<GoogleObject>(connection_, kFindObjectBySuffix, {programme, suffix}, ReadObject);
}

Result<bool> SqlTransaction::InsertGoogleObject(const ProgrammeId& programme,
                                                const GoogleObject& object) {
  const std::string notified = NotifiedJson(object);
  return Wrote(connection_.Execute(
      kInsertObject,
      {programme, object.card, object.suffix, MicrosOrNull(object.inserted_at),
       MicrosOrNull(object.patched_at), object.sent_revision, object.shown, notified,
       object.has_users ? 1 : 0, ToMicros(object.checked_at), object.attempts, object.failure,
       object.announced, object.message, object.callback, MicrosOrNull(object.callback_at)}));
}

Status SqlTransaction::UpdateGoogleObject(const ProgrammeId& programme,
                                          const GoogleObject& object) {
  const std::string notified = NotifiedJson(object);
  return connection_.Send(
      kUpdateObject,
      {programme, object.card, MicrosOrNull(object.inserted_at), MicrosOrNull(object.patched_at),
       object.sent_revision, object.shown, notified, object.has_users ? 1 : 0,
       ToMicros(object.checked_at), object.attempts, object.failure, object.announced,
       object.message, object.callback, MicrosOrNull(object.callback_at)});
}

Status SqlTransaction::WantGoogleObject(const ProgrammeId& programme, const std::string& card,
                                        Timestamp due_at) {
  if (due_at <= now_) wanted_.push_back({programme, card});
  return connection_.Send(kWantObject, {programme, card, ToMicros(due_at)});
}

Result<std::vector<std::string>> SqlTransaction::ClaimGoogleObjects(const ProgrammeId& programme,
                                                                    Timestamp until, int limit) {
  return Claim(connection_, kDueObjects, kLeaseObject, programme, now_, until, limit);
}

Result<bool> SqlTransaction::HasGoogleWork(const ProgrammeId& programme) {
  auto found =
      FindOne<std::int64_t>(connection_, kHasWork, {programme, ToMicros(now_)},
                            [](const Row& row) -> Result<std::int64_t> { return row.Integer(0); });
  if (!found.ok()) return std::move(found).error();
  return found.value().has_value();
}

Result<std::optional<Timestamp>> SqlTransaction::NextGoogleWork(const ProgrammeId& programme) {
  auto next = FindOne<Timestamp>(connection_, kNextObject, {programme},
                                 [](const Row& row) { return Result(Instant(row, 0)); });
  if (!next.ok()) return next;
  auto of_class = FindOne<Timestamp>(connection_, kNextClass, {programme}, [](const Row& row) {
    return Result(std::max(Instant(row, 0), Instant(row, 1)));
  });
  if (!of_class.ok()) return of_class;
  if (!next.value()) return of_class;
  if (of_class.value()) next.value() = std::min(*next.value(), *of_class.value());
  return next;
}

Result<std::vector<std::string>> SqlTransaction::GoogleObjectsToCheck(const ProgrammeId& programme,
                                                                      Timestamp before, int limit) {
  return FindAll<std::string>(connection_, kObjectsToCheck, {programme, ToMicros(before), limit},
                              ReadName);
}

Result<std::optional<GoogleClass>> SqlTransaction::FindGoogleClass(const ProgrammeId& programme,
                                                                   const TemplateName& name) {
  return FindOne<GoogleClass>(connection_, kFindClass, {programme, name}, ReadClass);
}

Status SqlTransaction::PutGoogleClass(const ProgrammeId& programme, const GoogleClass& row) {
  return connection_.Send(kPutClass, {programme, row.name, row.sent_version,
                                      MicrosOrNull(row.due_at), row.attempts, row.failure});
}

Status SqlTransaction::WantGoogleClass(const ProgrammeId& programme, const TemplateName& name) {
  wanted_.push_back({programme, ""});
  return connection_.Send(kWantClass, {programme, name, ToMicros(now_)});
}

Result<std::vector<TemplateName>> SqlTransaction::ClaimGoogleClasses(const ProgrammeId& programme,
                                                                     Timestamp until, int limit) {
  auto names = Claim(connection_, kDueClasses, kLeaseClass, programme, now_, until, limit);
  if (!names.ok()) return std::move(names).error();
  std::vector<TemplateName> templates;
  for (std::string& name : names.value()) templates.emplace_back(std::move(name));
  return templates;
}

Result<bool> SqlTransaction::UseNonce(const ProgrammeId& programme, const std::string& nonce,
                                      Timestamp expires_at) {
  if (Status forgot = connection_.Send(kForgetNonces, {programme, ToMicros(now_)}); !forgot.ok()) {
    return std::move(forgot).error();
  }
  return Wrote(connection_.Execute(kUseNonce, {programme, nonce, ToMicros(expires_at)}));
}

// The generic cell rate algorithm (ITU-T I.371): one instant says how much of the pace is used up.
Result<std::chrono::microseconds> SqlTransaction::TakeRequests(const std::string& name, int count,
                                                               const issuance::RequestPace& pace,
                                                               int reserved) {
  const std::int64_t now = ToMicros(now_);
  const std::int64_t tolerance = pace.interval.count() * std::max(0, pace.burst - 1 - reserved);
  const std::int64_t cost = pace.interval.count() * count;
  if (Status made = connection_.Send(kNewBudget, {name}); !made.ok()) {
    return std::move(made).error();
  }
  auto taken = Wrote(connection_.Execute(kTakeRequests, {name, now, cost, now + tolerance}));
  if (!taken.ok()) return std::move(taken).error();
  if (taken.value()) return std::chrono::microseconds(0);
  auto free_at =
      FindOne<std::int64_t>(connection_, kFreeAt, {name},
                            [](const Row& row) -> Result<std::int64_t> { return row.Integer(0); });
  if (!free_at.ok()) return std::move(free_at).error();
  const std::int64_t wait = free_at.value().value_or(now) - now - tolerance;
  // A clock that was set back must not stop everything: nobody is further ahead than this.
  constexpr std::int64_t kWaitMax = 60'000'000;
  return std::chrono::microseconds(std::clamp(wait, std::int64_t{1}, kWaitMax));
}

}  // namespace passmint::store
