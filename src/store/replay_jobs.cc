#include <utility>

#include "ledger/codec.h"
#include "store/columns.h"
#include "store/sql_transaction.h"

// Replays in the background, and what replays read.

namespace passmint::store {
namespace {

using issuance::OrderToReplay;
using issuance::ReplayJob;
using issuance::ReplayTables;
using sql::Row;
using sql::Statement;

#define PASSMINT_REPLAY_JOB                                                            \
  "SELECT programme, id, status, from_at, to_at, examples, draft, read_count, judged," \
  " to_judge, result, problem, created_at, due_at, worker, attempts FROM replay_job"

constexpr Statement kInsert(
    "INSERT INTO replay_job (programme, id, status, from_at, to_at, examples, draft, read_count,"
    " judged, to_judge, result, problem, created_at, due_at, worker, attempts)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
constexpr Statement kFind(PASSMINT_REPLAY_JOB
                          " WHERE programme = $1 AND id = $2 /*lock: FOR UPDATE*/");
constexpr Statement kFindDue(PASSMINT_REPLAY_JOB
                             " WHERE due_at <= $1 ORDER BY due_at LIMIT 1 /*lock: FOR UPDATE*/");

#undef PASSMINT_REPLAY_JOB

constexpr Statement kCountOpen(
    "SELECT count(*) FROM replay_job WHERE programme = $1 AND due_at IS NOT NULL");
constexpr Statement kUpdate(
    "UPDATE replay_job SET status = $4, read_count = $5, judged = $6, to_judge = $7, result = $8,"
    " problem = $9, due_at = $10, worker = $11, attempts = $12"
    " WHERE programme = $1 AND id = $2 AND worker = $3 AND due_at IS NOT NULL");
constexpr Statement kDropDraft(
    "UPDATE replay_job SET draft = '' WHERE programme = $1 AND id = $2 AND due_at IS NULL");
constexpr Statement kForget(
    "DELETE FROM replay_job WHERE programme = $1 AND due_at IS NULL AND (created_at < $2"
    " OR id <= (SELECT id FROM replay_job WHERE programme = $1 ORDER BY id DESC"
    " LIMIT 1 OFFSET $3))");

constexpr Statement kOrdersToReplay(
    "SELECT source, id, member, card, paid_at,"
    " CASE WHEN paid_at >= $4 AND paid_at < $5 THEN body ELSE '' END, record FROM shop_order"
    " WHERE programme = $1 AND (source, id) > ($2, $3) ORDER BY source, id LIMIT $6");

Result<ReplayTables::DueReplayJob> ReadJob(const Row& row) {
  const auto status = issuance::ReplayStatusFrom(row.Text(2));
  if (!status) return Damaged("replay_job.status");
  ReplayJob job{.id = String(row, 1),
                .status = *status,
                .request = {.from = Instant(row, 3),
                            .to = Instant(row, 4),
                            .examples = static_cast<int>(row.Integer(5))},
                .draft = String(row, 6),
                .progress = {.read = row.Integer(7), .judged = row.Integer(8), .to_judge = {}},
                .result = String(row, 10),
                .problem = String(row, 11),
                .created_at = Instant(row, 12),
                .due_at = InstantOrNull(row, 13),
                .worker = String(row, 14),
                .attempts = static_cast<int>(row.Integer(15))};
  if (!row.IsNull(9)) job.progress.to_judge = row.Integer(9);
  return ReplayTables::DueReplayJob{IdAt<ProgrammeId>(row, 0), std::move(job)};
}

Result<OrderToReplay> ReadOrderToReplay(const Row& row) {
  auto record = ledger::DecodeOrder(row.Bytes(6));
  if (!record.ok()) return Damaged("shop_order.record");
  return OrderToReplay{.source = IdAt<OrderSource>(row, 0),
                       .id = IdAt<OrderId>(row, 1),
                       .member = IdAt<MemberId>(row, 2),
                       .card = String(row, 3),
                       .paid_at = Instant(row, 4),
                       .body = String(row, 5),
                       .record = std::move(record).value()};
}

}  // namespace

Status SqlTransaction::InsertReplayJob(const ProgrammeId& programme, const ReplayJob& job) {
  return connection_.Send(
      kInsert, {programme, job.id, issuance::ToText(job.status), ToMicros(job.request.from),
                ToMicros(job.request.to), job.request.examples, job.draft, job.progress.read,
                job.progress.judged, job.progress.to_judge, job.result, job.problem,
                ToMicros(job.created_at), MicrosOrNull(job.due_at), job.worker, job.attempts});
}

Result<std::optional<ReplayJob>> SqlTransaction::FindReplayJob(const ProgrammeId& programme,
                                                               const std::string& id) {
  auto found = FindOne<DueReplayJob>(connection_, kFind, {programme, id}, ReadJob);
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) return std::optional<ReplayJob>();
  return std::optional<ReplayJob>(std::move(found.value()->job));
}

Result<std::int64_t> SqlTransaction::CountOpenReplayJobs(const ProgrammeId& programme) {
  auto count = FindOne<std::int64_t>(connection_, kCountOpen, {programme},
                                     [](const Row& row) { return Result(row.Integer(0)); });
  if (!count.ok()) return std::move(count).error();
  return count.value().value_or(0);
}

Result<std::optional<ReplayTables::DueReplayJob>> SqlTransaction::FindDueReplayJob(Timestamp now) {
  return FindOne<DueReplayJob>(connection_, kFindDue, {ToMicros(now)}, ReadJob);
}

Result<bool> SqlTransaction::UpdateReplayJob(const ProgrammeId& programme, const ReplayJob& job,
                                             const std::string& worker) {
  auto wrote = Wrote(connection_.Execute(
      kUpdate, {programme, job.id, worker, issuance::ToText(job.status), job.progress.read,
                job.progress.judged, job.progress.to_judge, job.result, job.problem,
                MicrosOrNull(job.due_at), job.worker, job.attempts}));
  if (!wrote.ok() || !wrote.value() || job.due_at) return wrote;
  if (Status dropped = connection_.Send(kDropDraft, {programme, job.id}); !dropped.ok()) {
    return std::move(dropped).error();
  }
  return true;
}

Status SqlTransaction::ForgetReplayJobs(const ProgrammeId& programme, Timestamp made_before,
                                        int kept) {
  return connection_.Send(kForget, {programme, ToMicros(made_before), kept});
}

Result<std::vector<OrderToReplay>> SqlTransaction::OrdersToReplay(
    const ProgrammeId& programme, const OrderSource& after_source, const OrderId& after,
    const issuance::ReplayRequest& time, int limit) {
  return FindAll<OrderToReplay>(
      connection_, kOrdersToReplay,
      {programme, after_source, after, ToMicros(time.from), ToMicros(time.to), limit},
      ReadOrderToReplay);
}

}  // namespace passmint::store
