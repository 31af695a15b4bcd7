#include <algorithm>
#include <utility>

#include "ledger/apply.h"
#include "ledger/chain.h"
#include "ledger/codec.h"
#include "store/columns.h"
#include "store/lot_rows.h"
#include "store/rows.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using issuance::DueAccount;
using ledger::Account;
using ledger::Change;
using sql::Bytes;
using sql::Row;
using sql::Statement;

constexpr Statement kFindAccount(
    "SELECT " PASSMINT_ACCOUNT_COLUMNS
    " FROM account WHERE programme = $1 AND id = $2 /*lock: FOR UPDATE*/");
// The owner of account a_X is member m_X (issuance::OwnerOf). Members first: README.md, "Locks".
constexpr Statement kLockOwner(
    "SELECT id FROM member WHERE programme = $1 AND id = 'm_' || substr($2, 3)"
    " /*lock: FOR UPDATE*/");
constexpr Statement kInsertAccount(
    "INSERT INTO account (programme, id, sequence, head, next_due, far_lots, far_sliding, state)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
// Another sequence than the one that the change was decided on becomes NULL, which is refused.
constexpr Statement kUpdateAccount(
    "UPDATE account SET sequence = CASE WHEN sequence = $9 THEN $3 END, head = $4, next_due = $5,"
    " far_lots = $6, far_sliding = $7, state = $8 WHERE programme = $1 AND id = $2");
constexpr Statement kDueAccounts(
    "SELECT programme, id FROM account WHERE next_due <= $1 ORDER BY next_due LIMIT $2");
constexpr Statement kNextDueAfter(
    "SELECT next_due FROM account WHERE next_due > $1 ORDER BY next_due LIMIT 1");
constexpr Statement kAccountsAfter(
    "SELECT id FROM account WHERE programme = $1 AND id > $2 ORDER BY id LIMIT $3");
constexpr Statement kAppendEntry(
    "INSERT INTO entry (programme, account, sequence, body, hash) VALUES ($1, $2, $3, $4, $5)");
constexpr Statement kEndHold("UPDATE hold SET ended = $3 WHERE programme = $1 AND id = $2");

std::optional<std::int64_t> DueOrNull(Timestamp due) {
  if (due == ledger::kNever) return std::nullopt;
  return ToMicros(due);
}

}  // namespace

Result<AccountRow> ReadAccount(const Row& row, const AccountId& id, int first) {
  auto state = ledger::DecodeState(row.Bytes(first + 4));
  if (!state.ok()) return Damaged("account.state");
  AccountRow read{.far_lots = row.Integer(first + 2),
                  .far_sliding = row.Integer(first + 3),
                  .account = std::move(state).value()};
  read.account.id = id;
  read.account.sequence = row.Integer(first);
  read.account.head = std::string(row.Bytes(first + 1));
  return read;
}

Result<std::optional<AccountRow>> SqlTransaction::FindAccount(const ProgrammeId& programme,
                                                              const AccountId& id) {
  if (const auto seen = accounts_seen_.find(id); seen != accounts_seen_.end()) return seen->second;
  Status locked = connection_.Lock(kLockOwner, {programme, id});
  if (!locked.ok()) return std::move(locked).error();
  return FindOne<AccountRow>(connection_, kFindAccount, {programme, id},
                             [&id](const Row& found) { return ReadAccount(found, id, 0); });
}

Result<Account> SqlTransaction::LoadAccount(const ProgrammeId& programme, const AccountId& id,
                                            const ledger::Need& need, Timestamp now) {
  LoadedAccount& loaded = loaded_[id];
  loaded = {};
  auto row = FindAccount(programme, id);
  if (!row.ok()) return std::move(row).error();
  if (!row.value().has_value()) {
    Account fresh;
    fresh.id = id;
    fresh.head = ledger::Genesis(programme, id);
    return fresh;
  }
  Account account = std::move(row.value()->account);
  loaded.exists = true;
  loaded.sequence = account.sequence;
  LotRows rows(connection_, programme, id);
  // The instant at which a command is decided, should the clock have gone back.
  const Timestamp at = std::max(now, account.decided_at);
  loaded.lots.far_lots = row.value()->far_lots;
  loaded.lots.far_sliding = row.value()->far_sliding;
  Status done = rows.Load(account, need, at, loaded.lots);
  if (!done.ok()) return std::move(done).error();
  return account;
}

Status SqlTransaction::SaveChange(const ProgrammeId& programme, const Change& change) {
  const Account& after = change.account;
  const auto found = loaded_.find(after.id);
  if (found == loaded_.end()) {
    return Error{.code = ErrorCode::kInternal,
                 .message = "an account is saved without being loaded"};
  }
  LoadedAccount loaded = std::move(found->second);
  loaded_.erase(found);
  accounts_seen_.erase(after.id);
  if (change.entries.empty()) return {};
  LotRows rows(connection_, programme, after.id);
  auto near = rows.Save(change, loaded.lots);
  if (!near.ok()) return std::move(near).error();
  const std::string state = ledger::EncodeState(near.value().account);
  const auto due = DueOrNull(std::min(ledger::NextDue(near.value().account), near.value().far_due));
  // The account comes first: of two that make it at once the second waits here and loses.
  Status written =
      loaded.exists
          ? connection_.SendOrLose(
                kUpdateAccount,
                {programme, after.id, after.sequence, Bytes{after.head}, due, near.value().far_lots,
                 near.value().far_sliding, Bytes{state}, loaded.sequence})
          : connection_.SendOrLose(kInsertAccount,
                                   {programme, after.id, after.sequence, Bytes{after.head}, due,
                                    near.value().far_lots, near.value().far_sliding, Bytes{state}});
  if (!written.ok()) return written;
  for (const ledger::PostedEntry& posted : change.entries) {
    Status appended = connection_.Send(kAppendEntry, {programme, after.id, posted.entry.sequence,
                                                      Bytes{posted.body}, Bytes{posted.hash}});
    if (!appended.ok()) return appended;
  }
  for (const ledger::Hold& hold : change.ended) {
    Status ended =
        connection_.Send(kEndHold, {programme, hold.id, Bytes{ledger::EncodeHold(hold)}});
    if (!ended.ok()) return ended;
  }
  return {};
}

Result<std::vector<DueAccount>> SqlTransaction::DueAccounts(Timestamp now, int limit) {
  return FindAll<DueAccount>(connection_, kDueAccounts, {ToMicros(now), limit}, [](const Row& row) {
    return Result(DueAccount{IdAt<ProgrammeId>(row, 0), IdAt<AccountId>(row, 1)});
  });
}

Result<Timestamp> SqlTransaction::NextDueAfter(Timestamp now) {
  const auto next = FindOne<Timestamp>(connection_, kNextDueAfter, {ToMicros(now)},
                                       [](const Row& row) { return Result(Instant(row, 0)); });
  if (!next.ok()) return next.error();
  return next.value().value_or(ledger::kNever);
}

Result<std::vector<AccountId>> SqlTransaction::AccountsAfter(const ProgrammeId& programme,
                                                             const AccountId& after, int limit) {
  return FindAll<AccountId>(connection_, kAccountsAfter, {programme, after, limit},
                            [](const Row& row) { return Result(IdAt<AccountId>(row, 0)); });
}

}  // namespace passmint::store
