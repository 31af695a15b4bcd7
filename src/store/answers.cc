#include <string>
#include <utility>
#include <vector>

#include "store/columns.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using issuance::StoredAnswer;
using sql::Bytes;
using sql::Row;
using sql::Statement;

constexpr Statement kFindAnswer(
    "SELECT fingerprint, status, body FROM stored_answer"
    " WHERE scope = $1 AND key = $2 AND expires_at > $3");
// An expired answer no longer stands for its key, swept or not; in place of one that does a NULL is
// refused, and the race is lost.
constexpr Statement kPutAnswer(
    "INSERT INTO stored_answer (scope, key, fingerprint, status, body, member, expires_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)"
    " ON CONFLICT (scope, key) DO UPDATE SET fingerprint = excluded.fingerprint,"
    " status = excluded.status, body = excluded.body, member = excluded.member,"
    " expires_at = CASE WHEN stored_answer.expires_at <= $8 THEN excluded.expires_at END");
// Two steps: as one statement PostgreSQL reads the whole table to find the few.
constexpr Statement kFindExpired(
    "SELECT scope, key FROM stored_answer WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2");
constexpr Statement kDeleteExpired(
    "DELETE FROM stored_answer WHERE scope = $1 AND key = $2 AND expires_at <= $3");

Result<StoredAnswer> ReadAnswer(const Row& row) {
  return StoredAnswer{.fingerprint = String(row, 0),
                      .status = static_cast<int>(row.Integer(1)),
                      .body = std::string(row.Bytes(2))};
}

}  // namespace

Result<std::optional<StoredAnswer>> SqlTransaction::FindAnswer(const std::string& scope,
                                                               const IdempotencyKey& key) {
  return FindOne<StoredAnswer>(connection_, kFindAnswer, {scope, key, ToMicros(now_)}, ReadAnswer);
}

Status SqlTransaction::PutAnswer(const std::string& scope, const IdempotencyKey& key,
                                 const StoredAnswer& answer, const std::optional<MemberId>& about,
                                 Timestamp expires_at) {
  if (++answers_stored_ % kAnswersPerSweep == 0) {
    if (Status swept = SweepAnswers(); !swept.ok()) return swept;
  }
  return connection_.SendOrLose(
      kPutAnswer, {scope, key, answer.fingerprint, answer.status, Bytes{answer.body}, about,
                   ToMicros(expires_at), ToMicros(now_)});
}

Status SqlTransaction::SweepAnswers() {
  std::vector<std::pair<std::string, std::string>> expired;
  Status found = connection_.Query(kFindExpired, {ToMicros(now_), kAnswersSwept},
                                   [&expired](const Row& row) -> Status {
                                     expired.emplace_back(String(row, 0), String(row, 1));
                                     return {};
                                   });
  if (!found.ok()) return found;
  for (const auto& [scope, key] : expired) {
    if (Status gone = connection_.Send(kDeleteExpired, {scope, key, ToMicros(now_)}); !gone.ok()) {
      return gone;
    }
  }
  return {};
}

}  // namespace passmint::store
