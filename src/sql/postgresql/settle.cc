#include "sql/postgresql/settle.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace passmint::sql::postgresql {
namespace {

using std::chrono::steady_clock;

// 22023: the server has not yet given out that id, so it lost it in a crash.
constexpr std::string_view kIdInTheFuture = "postgresql 22023";
constexpr std::chrono::milliseconds kPauseMax(200);

constexpr Statement kStatus("SELECT pg_xact_status(CAST(CAST($1 AS text) AS xid8))");

enum class Word { kCommitted, kAborted, kInProgress, kNone };

Word Ask(PostgresqlConnection& connection, const TransactionId& id) {
  (void)connection.TakeFailure();
  const auto status = connection.AskOne(kStatus, {id});
  (void)connection.TakeFailure();
  if (!status.ok()) {
    const bool lost_in_crash = status.error().message.starts_with(kIdInTheFuture);
    return lost_in_crash ? Word::kAborted : Word::kNone;
  }
  if (status.value() == "committed") return Word::kCommitted;
  if (status.value() == "aborted") return Word::kAborted;
  if (status.value() == "in progress") return Word::kInProgress;
  return Word::kNone;
}

// Asks on one connection; gives it back.
Word AskOver(Pool& pool, std::unique_ptr<PostgresqlConnection> connection,
             const TransactionId& id) {
  const Word word = Ask(*connection, id);
  pool.GiveBack(std::move(connection));
  return word;
}

// The witness's word: nothing if there is none who has been there all the time.
Word AskWitness(Pool& pool, const TransactionId& id, steady_clock::time_point began,
                std::chrono::milliseconds wait) {
  while (auto witness = pool.TakeOpenedBefore(began, wait)) {
    (void)witness->TakeFailure();
    const bool same = witness->IsSameBackend();
    if (same) return AskOver(pool, std::move(witness), id);
    const bool lost = witness->IsLost();
    pool.GiveBack(std::move(witness));
    if (!lost) break;  // Behind a pooler nobody is a witness.
  }
  return Word::kNone;
}

}  // namespace

CommitOutcome Settle(Pool& pool, const TransactionId& id, steady_clock::time_point began) {
  if (id.empty()) return CommitOutcome::kUnknown;
  const auto begun = steady_clock::now();
  auto deadline = begun + kSettleMax;
  std::chrono::milliseconds pause(1);
  while (true) {
    const Word witnessed = AskWitness(pool, id, began, pause);
    if (witnessed == Word::kCommitted) return CommitOutcome::kCommitted;
    if (witnessed == Word::kAborted) return CommitOutcome::kNotCommitted;
    if (witnessed == Word::kNone) {
      auto taken = pool.Take();
      const Word word =
          taken.ok() ? AskOver(pool, std::move(taken).value(), id) : Word::kInProgress;
      if (word == Word::kAborted) return CommitOutcome::kNotCommitted;
      if (word == Word::kCommitted) deadline = std::min(deadline, begun + kWitnessMax);
    }
    if (steady_clock::now() + pause > deadline) return CommitOutcome::kUnknown;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kPauseMax);
  }
}

}  // namespace passmint::sql::postgresql
