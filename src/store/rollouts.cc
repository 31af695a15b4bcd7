#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using issuance::Rollout;
using issuance::RolloutCard;
using sql::Row;
using sql::Statement;

#define PASSMINT_ROLLOUT_COLUMNS                                                                  \
  "SELECT programme, template, version, ring, state, per_second, after_card, seen, told, due_at," \
  " started_at, changed_at FROM rollout"

constexpr Statement kPutRollout(
    "INSERT INTO rollout (programme, template, version, ring, state, per_second, after_card, seen,"
    " told, due_at, started_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
    " $12) ON CONFLICT (programme, template) DO UPDATE SET version = excluded.version,"
    " ring = excluded.ring, state = excluded.state, per_second = excluded.per_second,"
    " after_card = excluded.after_card, seen = excluded.seen, told = excluded.told,"
    " due_at = excluded.due_at, started_at = excluded.started_at,"
    " changed_at = excluded.changed_at");
constexpr Statement kFindRollout(PASSMINT_ROLLOUT_COLUMNS
                                 " WHERE programme = $1 AND template = $2 /*lock: FOR UPDATE*/");
constexpr Statement kRollouts(PASSMINT_ROLLOUT_COLUMNS " WHERE programme = $1 ORDER BY template");
constexpr Statement kDueRollout(PASSMINT_ROLLOUT_COLUMNS
                                " WHERE due_at <= $1 ORDER BY due_at LIMIT 1"
                                " /*lock: FOR UPDATE*/");

#undef PASSMINT_ROLLOUT_COLUMNS

constexpr Statement kLeaseRollout(
    "UPDATE rollout SET due_at = $3 WHERE programme = $1 AND template = $2");
// By id, which a place in the middle is kept by: || keeps the planners from the templates' index,
// which would have to be sorted each time.
constexpr Statement kCardsOfTemplate(
    "SELECT id, revision FROM card WHERE programme = $1 AND id > $3 AND template || '' = $2"
    " ORDER BY id LIMIT $4");

Result<Rollout> ReadRollout(const Row& row) {
  const auto state = issuance::RolloutStateFrom(row.Text(4));
  if (!state) return Damaged("rollout.state");
  return Rollout{.programme = IdAt<ProgrammeId>(row, 0),
                 .name = IdAt<TemplateName>(row, 1),
                 .version = static_cast<int>(row.Integer(2)),
                 .ring = static_cast<int>(row.Integer(3)),
                 .state = *state,
                 .per_second = static_cast<int>(row.Integer(5)),
                 .after_card = String(row, 6),
                 .seen = row.Integer(7),
                 .told = row.Integer(8),
                 .due_at = InstantOrNull(row, 9),
                 .started_at = Instant(row, 10),
                 .changed_at = Instant(row, 11)};
}

}  // namespace

Status SqlTransaction::PutRollout(const Rollout& rollout) {
  return connection_.Send(kPutRollout,
                          {rollout.programme, rollout.name, rollout.version, rollout.ring,
                           issuance::ToText(rollout.state), rollout.per_second, rollout.after_card,
                           rollout.seen, rollout.told, MicrosOrNull(rollout.due_at),
                           ToMicros(rollout.started_at), ToMicros(rollout.changed_at)});
}

Result<std::optional<Rollout>> SqlTransaction::FindRollout(const ProgrammeId& programme,
                                                           const TemplateName& name) {
  return FindOne<Rollout>(connection_, kFindRollout, {programme, name}, ReadRollout);
}

Result<std::vector<Rollout>> SqlTransaction::Rollouts(const ProgrammeId& programme) {
  return FindAll<Rollout>(connection_, kRollouts, {programme}, ReadRollout);
}

Result<std::optional<Rollout>> SqlTransaction::ClaimRollout(Timestamp now, Timestamp until) {
  auto due = FindOne<Rollout>(connection_, kDueRollout, {ToMicros(now)}, ReadRollout);
  if (!due.ok() || !due.value().has_value()) return due;
  Rollout& rollout = *due.value();
  Status leased =
      connection_.Send(kLeaseRollout, {rollout.programme, rollout.name, ToMicros(until)});
  if (!leased.ok()) return std::move(leased).error();
  rollout.due_at = until;
  return due;
}

Result<std::vector<RolloutCard>> SqlTransaction::CardsOfTemplate(const ProgrammeId& programme,
                                                                 const TemplateName& name,
                                                                 const std::string& after,
                                                                 int limit) {
  return FindAll<RolloutCard>(
      connection_, kCardsOfTemplate, {programme, name, after, limit}, [](const Row& row) {
        return Result(RolloutCard{.id = String(row, 0), .revision = row.Integer(1)});
      });
}

}  // namespace passmint::store
