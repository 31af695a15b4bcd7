#include <algorithm>
#include <utility>

#include "store/columns.h"
#include "store/rows.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using issuance::DesignVersion;
using issuance::PassFetch;
using issuance::PassState;
using issuance::PhoneLog;
using issuance::RegisteredPhone;
using sql::Row;
using sql::Statement;

#define PASSMINT_PASS_COLUMNS                                                        \
  PASSMINT_CARD_COLUMNS                                                              \
  ", card.programme, account.next_due, member_tier.due_at, design_version.version, " \
  "design_version.ring,"                                                             \
  " design_version.reach, design_version.changed_at"
// The account of member m_X is a_X (issuance::AccountFor): the member's row need not be read.
#define PASSMINT_PASS_JOINS                                                \
  " LEFT JOIN account ON account.programme = card.programme"               \
  " AND account.id = 'a_' || substr(card.member, 3)"                       \
  " LEFT JOIN member_tier ON member_tier.programme = card.programme"       \
  " AND member_tier.member = card.member"                                  \
  " LEFT JOIN design_version ON design_version.programme = card.programme" \
  " AND design_version.template = card.template"

// One row a design version.
constexpr Statement kFindPass("SELECT " PASSMINT_PASS_COLUMNS " FROM card" PASSMINT_PASS_JOINS
                              " WHERE card.serial = $1");
// CROSS JOIN, so that SQLite begins with the device and not with all cards of the programme.
constexpr Statement kPassesOfDevice(
    "SELECT " PASSMINT_PASS_COLUMNS
    " FROM (SELECT programme, card FROM registration WHERE programme = $1 AND device = $2"
    " ORDER BY card LIMIT $3) AS registered"
    " CROSS JOIN card" PASSMINT_PASS_JOINS
    " WHERE card.programme = registered.programme AND card.id = registered.card"
    " ORDER BY card.id");

#undef PASSMINT_PASS_JOINS
#undef PASSMINT_PASS_COLUMNS

// Who registers and who unregisters the same device take turns at its row.
constexpr Statement kPutDevice(
    "INSERT INTO device (programme, id, push_token, registered_at, listed_at)"
    " VALUES ($1, $2, $3, $4, NULL) ON CONFLICT (programme, id) DO UPDATE SET"
    " push_token = excluded.push_token, registered_at = excluded.registered_at");
constexpr Statement kLockDevice(
    "SELECT id FROM device WHERE programme = $1 AND id = $2 /*lock: FOR UPDATE*/");
constexpr Statement kInsertRegistration(
    "INSERT INTO registration (programme, device, card, registered_at) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (programme, device, card) DO NOTHING");
constexpr Statement kDeleteRegistration(
    "DELETE FROM registration WHERE programme = $1 AND device = $2 AND card = $3");
constexpr Statement kDeleteDevice(
    "DELETE FROM device WHERE programme = $1 AND id = $2 AND NOT EXISTS"
    " (SELECT 1 FROM registration WHERE programme = $1 AND device = $2)");
constexpr Statement kDeletePush(
    "DELETE FROM device_push WHERE programme = $1 AND device = $2 AND NOT EXISTS"
    " (SELECT 1 FROM device WHERE programme = $1 AND id = $2)");
constexpr Statement kPhonesOfCard(
    "SELECT device.id, device.push_token, registration.registered_at, device.registered_at,"
    " device.listed_at FROM registration JOIN device"
    " ON device.programme = registration.programme AND device.id = registration.device"
    " WHERE registration.programme = $1 AND registration.card = $2"
    " ORDER BY device.registered_at DESC, device.id DESC LIMIT $3");

constexpr Statement kPutListing(
    "UPDATE device SET listed_at = $3 WHERE programme = $1 AND id = $2"
    " AND (listed_at IS NULL OR listed_at < $3)");
constexpr Statement kPutFetch(
    "INSERT INTO pass_fetch (programme, card, fetched_at, status, revision)"
    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (programme, card) DO UPDATE SET"
    " fetched_at = excluded.fetched_at, status = excluded.status, revision = excluded.revision"
    " WHERE pass_fetch.fetched_at < excluded.fetched_at");
constexpr Statement kFindFetch(
    "SELECT fetched_at, status, revision FROM pass_fetch WHERE programme = $1 AND card = $2");

constexpr Statement kPutLog(
    "INSERT INTO device_log (programme, id, logged_at, serial, kind, message)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (programme, id) DO NOTHING");
// The inner query reads the index alone: SQLite would go through the programme otherwise.
constexpr Statement kLogs(
    "SELECT log.id, log.logged_at, log.serial, log.kind, log.message FROM (SELECT id"
    " FROM device_log WHERE programme = $1 AND serial = $2 ORDER BY id DESC LIMIT $3) AS newest"
    " CROSS JOIN device_log AS log WHERE log.programme = $1 AND log.id = newest.id"
    " ORDER BY log.id DESC");
constexpr Statement kDeleteLogs("DELETE FROM device_log WHERE programme = $1 AND id < $2");
constexpr Statement kKeepLogs(
    "DELETE FROM device_log WHERE programme = $1 AND id <="
    " (SELECT id FROM device_log WHERE programme = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)");

// Adds a row to the passes; rows of one card follow each other.
Status AddPassRow(const Row& row, std::vector<PassState>& passes) {
  if (passes.empty() || passes.back().card.id != row.Text(0)) {
    auto card = ReadCard(row, 0);
    if (!card.ok()) return std::move(card).error();
    PassState& pass = passes.emplace_back();
    pass.card = std::move(card).value();
    pass.programme = IdAt<ProgrammeId>(row, kCardColumns);
    pass.next_due = std::min(InstantOrNull(row, kCardColumns + 1).value_or(Timestamp::max()),
                             InstantOrNull(row, kCardColumns + 2).value_or(Timestamp::max()));
  }
  if (row.IsNull(kCardColumns + 3)) return {};
  DesignVersion& design = passes.back().designs.emplace_back();
  design.version = static_cast<int>(row.Integer(kCardColumns + 3));
  design.ring = static_cast<int>(row.Integer(kCardColumns + 4));
  design.reach = static_cast<int>(row.Integer(kCardColumns + 5));
  design.changed_at = Instant(row, kCardColumns + 6);
  return {};
}

Result<RegisteredPhone> ReadPhone(const Row& row) {
  return RegisteredPhone{.device = IdAt<DeviceLibraryIdentifier>(row, 0),
                         .push_token = IdAt<PushToken>(row, 1),
                         .since = Instant(row, 2),
                         .registered_at = Instant(row, 3),
                         .listed_at = InstantOrNull(row, 4)};
}

Result<PassFetch> ReadFetch(const Row& row) {
  return PassFetch{.at = Instant(row, 0),
                   .status = static_cast<int>(row.Integer(1)),
                   .revision = row.Integer(2)};
}

// Ids are hexadecimal: "g" is behind all of them.
constexpr Statement kSearchLogs(
    "SELECT device_log.id, device_log.logged_at, device_log.serial, device_log.kind,"
    " device_log.message, card.number FROM device_log"
    " LEFT JOIN card ON card.serial = device_log.serial AND card.programme = device_log.programme"
    " WHERE device_log.programme = $1 AND device_log.id < $2"
    " AND ($3 = '' OR device_log.serial = $3) AND ($4 = '' OR device_log.kind = $4)"
    " AND lower(device_log.message) LIKE $5 ESCAPE '!' ORDER BY device_log.id DESC LIMIT $6");

// "50%" -> "%50!%%": a LIKE pattern for texts that hold it.
std::string PatternOf(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return pattern + "%";
}

Result<PhoneLog> ReadLog(const Row& row) {
  return PhoneLog{.id = String(row, 0),
                  .logged_at = Instant(row, 1),
                  .serial = IdAt<SerialNumber>(row, 2),
                  .kind = String(row, 3),
                  .message = String(row, 4)};
}

}  // namespace

Result<std::optional<PassState>> SqlTransaction::FindPass(const SerialNumber& serial) {
  std::vector<PassState> found;
  Status read = connection_.Query(kFindPass, {serial},
                                  [&found](const Row& row) { return AddPassRow(row, found); });
  if (!read.ok()) return std::move(read).error();
  if (found.empty()) return std::optional<PassState>();
  return std::optional<PassState>(std::move(found.front()));
}

Result<std::vector<PassState>> SqlTransaction::PassesOfDevice(const ProgrammeId& programme,
                                                              const DeviceLibraryIdentifier& device,
                                                              int limit) {
  std::vector<PassState> found;
  Status read = connection_.Query(kPassesOfDevice, {programme, device, limit},
                                  [&found](const Row& row) { return AddPassRow(row, found); });
  if (!read.ok()) return std::move(read).error();
  return found;
}

Result<bool> SqlTransaction::PutRegistration(const ProgrammeId& programme,
                                             const DeviceLibraryIdentifier& device,
                                             const PushToken& push_token, const std::string& card) {
  const std::int64_t now = ToMicros(now_);
  Status put = connection_.Send(kPutDevice, {programme, device, push_token, now});
  if (!put.ok()) return std::move(put).error();
  return Wrote(connection_.Execute(kInsertRegistration, {programme, device, card, now}));
}

Result<bool> SqlTransaction::DeleteRegistration(const ProgrammeId& programme,
                                                const DeviceLibraryIdentifier& device,
                                                const std::string& card) {
  if (Status locked = connection_.Lock(kLockDevice, {programme, device}); !locked.ok()) {
    return std::move(locked).error();
  }
  auto deleted = Wrote(connection_.Execute(kDeleteRegistration, {programme, device, card}));
  if (!deleted.ok()) return deleted;
  for (const Statement& statement : {kDeleteDevice, kDeletePush}) {
    Status sent = connection_.Send(statement, {programme, device});
    if (!sent.ok()) return std::move(sent).error();
  }
  return deleted;
}

Result<std::vector<RegisteredPhone>> SqlTransaction::PhonesOfCard(const ProgrammeId& programme,
                                                                  const std::string& card,
                                                                  int limit) {
  return FindAll<RegisteredPhone>(connection_, kPhonesOfCard, {programme, card, limit}, ReadPhone);
}

Status SqlTransaction::PutListing(const ProgrammeId& programme,
                                  const DeviceLibraryIdentifier& device, Timestamp at) {
  return connection_.Send(kPutListing, {programme, device, ToMicros(at)});
}

Status SqlTransaction::PutFetch(const ProgrammeId& programme, const std::string& card,
                                const PassFetch& fetch) {
  return connection_.Send(kPutFetch,
                          {programme, card, ToMicros(fetch.at), fetch.status, fetch.revision});
}

Result<std::optional<PassFetch>> SqlTransaction::FindFetch(const ProgrammeId& programme,
                                                           const std::string& card) {
  return FindOne<PassFetch>(connection_, kFindFetch, {programme, card}, ReadFetch);
}

Status SqlTransaction::PutPhoneLog(const ProgrammeId& programme, const PhoneLog& log) {
  return connection_.Send(
      kPutLog, {programme, log.id, ToMicros(log.logged_at), log.serial, log.kind, log.message});
}

Result<std::vector<PhoneLog>> SqlTransaction::PhoneLogs(const ProgrammeId& programme,
                                                        const SerialNumber& serial, int limit) {
  return FindAll<PhoneLog>(connection_, kLogs, {programme, serial, limit}, ReadLog);
}

Result<std::vector<SqlTransaction::FoundLog>> SqlTransaction::SearchPhoneLogs(
    const ProgrammeId& programme, const issuance::PhoneLogQuery& query) {
  const std::string before = query.before.empty() ? "g" : query.before;
  const std::string pattern = PatternOf(query.text);
  return FindAll<FoundLog>(connection_, kSearchLogs,
                           {programme, before, query.serial, query.kind, pattern, query.limit},
                           [](const Row& row) -> Result<FoundLog> {
                             auto log = ReadLog(row);
                             if (!log.ok()) return std::move(log).error();
                             FoundLog found{.log = std::move(log).value(), .number = {}};
                             if (!row.IsNull(5)) found.number = IdAt<CardNumber>(row, 5);
                             return found;
                           });
}

Status SqlTransaction::SweepPhoneLogs(const ProgrammeId& programme, const std::string& before,
                                      int keep) {
  if (Status deleted = connection_.Send(kDeleteLogs, {programme, before}); !deleted.ok()) {
    return deleted;
  }
  return connection_.Send(kKeepLogs, {programme, keep});
}

}  // namespace passmint::store
