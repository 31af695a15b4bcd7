#include "contract/ledger_on_store.h"

#include <optional>
#include <utility>

#include "base/bytes.h"
#include "contract/samples.h"
#include "ledger/apply.h"
#include "ledger/rebuild.h"

namespace passmint::testing {
namespace {

using issuance::Transaction;
using ledger::Account;
using ledger::Change;
using ledger::OrderRecord;

ledger::Need Everything() {
  ledger::Need need;
  need.all = true;
  return need;
}

std::string ReasonOf(const Status& status) {
  if (status.ok()) return "";
  const Error& error = status.error();
  if (!error.reason.empty()) return error.reason;
  return error.problems.empty() ? error.message : error.problems.front().code;
}

// The hold that a command ends.
const HoldId* HoldOf(const ledger::Command& command) {
  if (const auto* voided = std::get_if<ledger::VoidHold>(&command)) return &voided->id;
  if (const auto* capture = std::get_if<ledger::CaptureHold>(&command)) return &capture->id;
  const auto* pay = std::get_if<ledger::PayOrder>(&command);
  return pay != nullptr && pay->hold ? &*pay->hold : nullptr;
}

Error Refused(const char* reason) {
  return {.code = ErrorCode::kConflict, .message = reason, .reason = reason};
}

}  // namespace

std::string LedgerOnStore::Run(const LedgerAction& action) {
  return ReasonOf(store_.Write([&](Transaction& transaction) {
    if (std::holds_alternative<ledger::Move>(action.what)) return RunMove(transaction, action);
    if (std::holds_alternative<ledger::Command>(action.what)) {
      return RunCommand(transaction, action);
    }
    return RunMerge(transaction, action);
  }));
}

std::string LedgerOnStore::Post(const AccountId& account, Timestamp now) {
  LedgerAction job;
  job.account = account;
  job.context.now = now;
  job.context.actor = "system";
  job.what = ledger::Command(ledger::Settle{});
  const std::string refusal = Run(job);
  return refusal == "account_merged" ? "" : refusal;
}

std::string LedgerOnStore::StateHash(const AccountId& account, Timestamp at) {
  std::string hash;
  const Status read = store_.Read([&](Transaction& transaction) -> Status {
    auto loaded = Load(transaction, account, Everything(), at);
    if (!loaded.ok()) return loaded.error();
    hash = ToHex(ledger::StateHash(ledger::Settled(std::move(loaded).value(), at)));
    return {};
  });
  return read.ok() ? hash : read.error().message;
}

Result<Account> LedgerOnStore::Load(Transaction& transaction, const AccountId& account,
                                    const ledger::Need& need, Timestamp now) {
  return transaction.LoadAccount(programme_, account, need, now);
}

Status LedgerOnStore::RunCommand(Transaction& transaction, const LedgerAction& action) {
  const auto& command = std::get<ledger::Command>(action.what);
  std::optional<OrderRecord> order;
  if (action.order) {
    auto found = FindRecord(transaction, action);
    if (!found.ok()) return found.error();
    order = std::move(found).value();
  }
  const OrderRecord* record = order ? &*order : nullptr;
  ledger::Need need = ledger::NeedOf(record, command);
  need.sliding = !action.context.slides.empty();
  auto account = Load(transaction, action.account, need, action.context.now);
  if (!account.ok()) return account.error();
  auto change = ledger::Apply(account.value(), record, command, action.context);
  if (!change.ok() && change.error().reason == "hold_unknown") {
    change = AboutEndedHold(transaction, action, account.value());
  }
  if (!change.ok()) return change.error();
  if (Status saved = transaction.SaveChange(programme_, change.value()); !saved.ok()) return saved;
  if (const auto* place = std::get_if<ledger::PlaceHold>(&command)) {
    const auto put = transaction.InsertHold(programme_, place->id, action.account, "");
    if (!put.ok() || !put.value()) return put.ok() ? Refused("hold_taken") : put.error();
  }
  return SaveOrder(transaction, action, change.value());
}

// An account knows its open holds only.
Result<Change> LedgerOnStore::AboutEndedHold(Transaction& transaction, const LedgerAction& action,
                                             const Account& account) {
  const auto& command = std::get<ledger::Command>(action.what);
  auto located = transaction.FindHold(programme_, *HoldOf(command));
  if (!located.ok()) return located.error();
  if (!located.value() || !located.value()->ended) return Refused("hold_unknown");
  const ledger::HoldState state = located.value()->ended->state;
  const bool voids = std::holds_alternative<ledger::VoidHold>(command);
  if (voids && state != ledger::HoldState::kCaptured) {
    return ledger::Apply(account, nullptr, ledger::Settle{}, action.context);
  }
  return Refused(state == ledger::HoldState::kExpired ? "hold_expired" : "hold_ended");
}

Status LedgerOnStore::SaveOrder(Transaction& transaction, const LedgerAction& action,
                                const Change& change) {
  if (!change.order) return {};
  const OrderSource source(change.order->key.source);
  const OrderId id(change.order->key.id);
  if (action.order) {
    return transaction.UpdateRecord(programme_, source, id, action.account, *change.order);
  }
  issuance::Order order = SampleOrder(id.str(), MemberIdOf(1));
  order.source = source;
  order.account = action.account;
  order.record = *change.order;
  return transaction.InsertOrder(programme_, order);
}

Result<OrderRecord> LedgerOnStore::FindRecord(Transaction& transaction,
                                              const LedgerAction& action) {
  auto found = transaction.FindOrder(programme_, OrderSource(action.order->source),
                                     OrderId(action.order->id));
  if (!found.ok()) return found.error();
  if (!found.value()) return Refused("order_unknown");
  OrderRecord record = std::move(found.value()->record);
  for (AccountId at = found.value()->account; at != action.account;) {
    auto merged = Load(transaction, at, {}, action.context.now);
    if (!merged.ok()) return merged.error();
    if (merged.value().merged_into.empty()) return Refused("order_elsewhere");
    record = ledger::Follow(std::move(record), merged.value().merged_offset);
    at = merged.value().merged_into;
  }
  return record;
}

Result<std::pair<Account, Account>> LedgerOnStore::LoadBoth(Transaction& transaction,
                                                            const LedgerAction& action,
                                                            const ledger::Need& need,
                                                            const ledger::Need& other) {
  const bool in_order = action.account < action.other;
  const auto load = [&](bool of_other) {
    return of_other ? Load(transaction, action.other, other, action.context.now)
                    : Load(transaction, action.account, need, action.context.now);
  };
  auto first = load(!in_order);
  if (!first.ok()) return first.error();
  auto second = load(in_order);
  if (!second.ok()) return second.error();
  std::pair both(std::move(first).value(), std::move(second).value());
  if (!in_order) std::swap(both.first, both.second);
  return both;
}

Status LedgerOnStore::SaveBoth(Transaction& transaction,
                               const Result<std::pair<Change, Change>>& changes) {
  if (!changes.ok()) return changes.error();
  Status saved = transaction.SaveChange(programme_, changes.value().first);
  return saved.ok() ? transaction.SaveChange(programme_, changes.value().second) : saved;
}

Status LedgerOnStore::RunMove(Transaction& transaction, const LedgerAction& action) {
  const auto& move = std::get<ledger::Move>(action.what);
  auto both = LoadBoth(transaction, action, ledger::NeedOf(move), {});
  if (!both.ok()) return both.error();
  return SaveBoth(transaction,
                  ledger::ApplyMove(both.value().first, both.value().second, move, action.context));
}

Status LedgerOnStore::RunMerge(Transaction& transaction, const LedgerAction& action) {
  ledger::Need need;  // What could pay the loser's debt.
  for (const char* asset : {ledger::kPointsAsset, "stamps:s"}) {
    need.cover[ledger::AssetId(asset)] = ledger::kAmountMax;
  }
  auto both = LoadBoth(transaction, action, Everything(), need);
  if (!both.ok()) return both.error();
  const auto& document = std::get<LedgerAction::MergeInto>(action.what).document;
  Status saved = SaveBoth(transaction, ledger::ApplyMerge(both.value().first, both.value().second,
                                                          document, action.context));
  if (!saved.ok()) return saved;
  return transaction.MoveHolds(programme_, action.account, action.other);
}

}  // namespace passmint::testing
