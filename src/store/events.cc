#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

// Events that shops report, and those of them that wait for a person's decision.

namespace passmint::store {
namespace {

using issuance::EventState;
using issuance::ReportedEvent;
using sql::Row;
using sql::Statement;

#define PASSMINT_EVENT_COLUMNS                                                             \
  "SELECT source, id, case_id, fingerprint, type, member, subject, quantity, occurred_at," \
  " received_at, rule_set, state, proof, points, entry, refusal, reason, decided_by FROM event"

constexpr Statement kFindEvent(PASSMINT_EVENT_COLUMNS
                               " WHERE programme = $1 AND source = $2 AND id = $3"
                               " /*lock: FOR UPDATE*/");
constexpr Statement kFindCase(PASSMINT_EVENT_COLUMNS
                              " WHERE programme = $1 AND case_id = $2 AND case_id <> ''"
                              " AND state IN ('waiting', 'approved', 'rejected')"
                              " /*lock: FOR UPDATE*/");
constexpr Statement kCases(PASSMINT_EVENT_COLUMNS
                           " WHERE programme = $1 AND state = $2 AND case_id > $3"
                           " AND case_id <> '' ORDER BY case_id LIMIT $4");

#undef PASSMINT_EVENT_COLUMNS

constexpr Statement kInsertEvent(
    "INSERT INTO event (programme, source, id, case_id, fingerprint, type, member, subject,"
    " quantity, occurred_at, received_at, rule_set, state, proof, points, entry, refusal, reason,"
    " decided_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
    " $17, $18, $19) ON CONFLICT (programme, source, id) DO NOTHING");
constexpr Statement kUpdateEvent(
    "UPDATE event SET state = $4, points = $5, entry = $6, refusal = $7, reason = $8,"
    " decided_by = $9 WHERE programme = $1 AND source = $2 AND id = $3");

Result<ReportedEvent> ReadEvent(const Row& row) {
  const auto state = issuance::EventStateFrom(row.Text(11));
  if (!state) return Damaged("event.state");
  return ReportedEvent{.source = IdAt<OrderSource>(row, 0),
                       .id = String(row, 1),
                       .case_id = String(row, 2),
                       .fingerprint = String(row, 3),
                       .type = String(row, 4),
                       .member = IdAt<MemberId>(row, 5),
                       .subject = String(row, 6),
                       .quantity = row.Integer(7),
                       .occurred_at = Instant(row, 8),
                       .received_at = Instant(row, 9),
                       .rule_set = row.Integer(10),
                       .state = *state,
                       .proof = String(row, 12),
                       .points = row.Integer(13),
                       .entry = String(row, 14),
                       .refusal = String(row, 15),
                       .reason = String(row, 16),
                       .decided_by = String(row, 17)};
}

}  // namespace

Result<std::optional<ReportedEvent>> SqlTransaction::FindEvent(const ProgrammeId& programme,
                                                               const OrderSource& source,
                                                               const std::string& id) {
  return FindOne<ReportedEvent>(connection_, kFindEvent, {programme, source, id}, ReadEvent);
}

Status SqlTransaction::InsertEvent(const ProgrammeId& programme, const ReportedEvent& event) {
  const auto inserted = Wrote(connection_.Execute(
      kInsertEvent,
      {programme, event.source, event.id, event.case_id, event.fingerprint, event.type,
       event.member, event.subject, event.quantity, ToMicros(event.occurred_at),
       ToMicros(event.received_at), event.rule_set, issuance::ToText(event.state), event.proof,
       event.points, event.entry, event.refusal, event.reason, event.decided_by}));
  if (!inserted.ok()) return inserted.error();
  if (inserted.value()) return {};
  return Error{.code = ErrorCode::kUnavailable,
               .message = "another request has just reported this event",
               .reason = "lost_race"};
}

Status SqlTransaction::UpdateEvent(const ProgrammeId& programme, const ReportedEvent& event) {
  return connection_.Send(
      kUpdateEvent, {programme, event.source, event.id, issuance::ToText(event.state), event.points,
                     event.entry, event.refusal, event.reason, event.decided_by});
}

Result<std::optional<ReportedEvent>> SqlTransaction::FindCase(const ProgrammeId& programme,
                                                              const std::string& case_id) {
  return FindOne<ReportedEvent>(connection_, kFindCase, {programme, case_id}, ReadEvent);
}

Result<std::vector<ReportedEvent>> SqlTransaction::Cases(const ProgrammeId& programme,
                                                         EventState state, const std::string& after,
                                                         int limit) {
  return FindAll<ReportedEvent>(connection_, kCases,
                                {programme, issuance::ToText(state), after, limit}, ReadEvent);
}

}  // namespace passmint::store
