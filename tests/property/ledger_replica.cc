#include "ledger_replica.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/chain.h"

namespace passmint::testing {
namespace {

using ledger::Account;
using ledger::AssetId;
using ledger::Balance;
using ledger::Hold;
using ledger::Lot;
using ledger::LotId;

const ProgrammeId& Programme() {
  static const ProgrammeId kProgramme("coffee");
  return kProgramme;
}

LedgerModel::Answer Refusal(const Error& error) {
  std::string reason = error.reason;
  if (reason.empty() && !error.problems.empty()) reason = error.problems.front().code;
  if (reason.empty()) reason = "no reason: " + error.message;
  if (error.code == ErrorCode::kInternal) reason = "internal: " + error.message;
  return {reason, {}, {}};
}

LedgerModel::Answer Done(const ledger::Change& change) {
  LedgerModel::Answer answer;
  answer.totals = change.totals;
  for (const ledger::LineRefund& line : change.refunded) answer.refunded[line.line] = line;
  return answer;
}

std::map<AssetId, Balance> WithoutEmpty(std::map<AssetId, Balance> balances) {
  std::erase_if(balances, [](const auto& entry) { return entry.second == Balance(); });
  return balances;
}

std::string Text(const Lot& lot) {
  return fmt::format(
      "lot {} of {} {}: pending {} available {} held {} spent {} expired {} clawed {}, from {} to "
      "{}{}, funder '{}', document {} '{}' '{}' '{}', restored from {}",
      lot.id, lot.original, lot.asset.str(), lot.pending, lot.available, lot.held, lot.spent,
      lot.expired, lot.clawed, ToMicros(lot.activates_at), ToMicros(lot.expires_at),
      lot.slides ? " sliding" : "", lot.funder, static_cast<int>(lot.document.type),
      lot.document.source, lot.document.id, lot.document.parent, lot.restored_from);
}

std::string Text(const Hold& hold) {
  std::string text =
      fmt::format("{} of {} from {} to {} state {} captured {}", hold.id.str(), hold.asset.str(),
                  ToMicros(hold.created_at), ToMicros(hold.expires_at),
                  static_cast<int>(hold.state), hold.captured);
  for (const Hold::Part& part : hold.parts) {
    text += fmt::format(" lot {}: {}", part.lot, part.amount);
  }
  return text;
}

std::string Text(const std::pair<const AssetId, Balance>& entry) {
  const auto& [asset, balance] = entry;
  return fmt::format("{}: pending {} available {} held {} debt {}", asset.str(), balance.pending,
                     balance.available, balance.held, balance.debt);
}

template <class Range>
std::string DifferenceOf(const Range& a, const Range& b) {
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() && right != b.end() && *left == *right) {
    ++left;
    ++right;
  }
  if (left == a.end() && right == b.end()) return "";
  return (left == a.end() ? "nothing" : Text(*left)) + "\n   against " +
         (right == b.end() ? "nothing" : Text(*right));
}

bool IsDue(const Lot& lot, Timestamp now) {
  return (lot.pending > 0 && lot.activates_at <= now) ||
         (lot.pending + lot.available > 0 && lot.expires_at <= now);
}

}  // namespace

std::string Difference(const Account& a, const Account& b) {
  if (a.merged_into != b.merged_into) return "merged_into";
  if (a.merged_offset != b.merged_offset) return "merged_offset";
  std::string difference = DifferenceOf(WithoutEmpty(a.balances), WithoutEmpty(b.balances));
  if (difference.empty()) difference = DifferenceOf(a.lots, b.lots);
  if (difference.empty()) difference = DifferenceOf(a.holds, b.holds);
  if (difference.empty() && a.merged_into.empty() && a.next_lot != b.next_lot) {
    difference = fmt::format("next lot {} against {}", a.next_lot, b.next_lot);
  }
  return difference;
}

LedgerReplica::LedgerReplica(Loading loading) : loading_(loading) {
  for (const AccountId& id : ScriptPlayer::Accounts()) {
    Kept kept{{}, {}, {}, {}, {}, {}, ledger::Rebuilder(Programme(), id)};
    kept.head.id = id;
    kept.head.head = ledger::Genesis(Programme(), id);
    kept_.emplace(id, std::move(kept));
  }
}

Account LedgerReplica::Load(const AccountId& id, const ledger::Need& need, Timestamp now) const {
  const Kept& kept = kept_.at(id);
  Account account = kept.head;
  for (const auto& [hold_id, hold] : kept.open) account.holds.push_back(hold);
  for (const auto& [lot_id, lot] : kept.lots) account.lots.push_back(lot);
  std::sort(account.lots.begin(), account.lots.end(), ledger::SpentBefore);
  if (loading_ == Loading::kEverything || need.all) return account;
  const Timestamp instant = std::max(now, account.decided_at);
  std::map<AssetId, std::int64_t> cover = need.cover;
  std::vector<Lot> loaded;
  for (const Lot& lot : account.lots) {
    bool wanted = IsDue(lot, instant) || lot.held > 0 ||
                  std::find(need.lots.begin(), need.lots.end(), lot.id) != need.lots.end();
    if (need.sliding && lot.slides) {
      if (wanted || lot.open()) loaded.push_back(lot);
      continue;
    }
    if (lot.available > 0 && lot.expires_at > instant && cover[lot.asset] > 0) {
      cover[lot.asset] -= lot.available;
      wanted = true;
    }
    if (wanted) loaded.push_back(lot);
  }
  account.lots = std::move(loaded);
  return account;
}

Account LedgerReplica::LoadFor(const LedgerAction& action) const {
  const auto& command = std::get<ledger::Command>(action.what);
  const ledger::OrderRecord* order =
      action.order ? &kept_.at(action.account).orders.at(*action.order) : nullptr;
  ledger::Need need = ledger::NeedOf(order, command);
  need.sliding = !action.context.slides.empty();
  return Load(action.account, need, action.context.now);
}

LedgerModel::Answer LedgerReplica::Run(const LedgerAction& action,
                                       std::vector<std::string>& wrong) {
  if (std::holds_alternative<ledger::Command>(action.what)) return RunCommand(action, wrong);
  if (std::holds_alternative<ledger::Move>(action.what)) return RunMove(action, wrong);
  return RunMerge(action, wrong);
}

LedgerModel::Answer LedgerReplica::RunCommand(const LedgerAction& action,
                                              std::vector<std::string>& wrong) {
  const Account before = LoadFor(action);
  const ledger::OrderRecord* order =
      action.order ? &Of(action.account).orders.at(*action.order) : nullptr;
  const Result<ledger::Change> change =
      ledger::Apply(before, order, std::get<ledger::Command>(action.what), action.context);
  if (!change.ok()) {
    LedgerModel::Answer refusal = Refusal(change.error());
    return refusal.refusal == "hold_unknown" ? AboutEndedHold(action, wrong) : refusal;
  }
  Keep(action.account, change.value(), before, wrong);
  return Done(change.value());
}

// An account knows its open holds only; of those that ended, the store's row must speak.
LedgerModel::Answer LedgerReplica::AboutEndedHold(const LedgerAction& action,
                                                  std::vector<std::string>& wrong) {
  const auto& command = std::get<ledger::Command>(action.what);
  const auto* voided = std::get_if<ledger::VoidHold>(&command);
  HoldId named;
  if (voided != nullptr) named = voided->id;
  if (const auto* pay = std::get_if<ledger::PayOrder>(&command)) named = *pay->hold;
  if (const auto* capture = std::get_if<ledger::CaptureHold>(&command)) named = capture->id;
  const auto& ended = Of(action.account).ended;
  const auto found = ended.find(named);
  if (found == ended.end()) return {"hold_unknown", {}, {}};
  const ledger::HoldState state = found->second.state;
  if (voided != nullptr && state != ledger::HoldState::kCaptured) {
    LedgerAction settle = action;
    settle.what = ledger::Command(ledger::Settle{});
    return RunCommand(settle, wrong);
  }
  return {state == ledger::HoldState::kExpired ? "hold_expired" : "hold_ended", {}, {}};
}

LedgerModel::Answer LedgerReplica::RunMove(const LedgerAction& action,
                                           std::vector<std::string>& wrong) {
  const auto& move = std::get<ledger::Move>(action.what);
  const Timestamp now =
      std::max({action.context.now, LastTime(action.account), LastTime(action.other)});
  const Account from = Load(action.account, ledger::NeedOf(move), now);
  const Account to = Load(action.other, {}, now);
  const auto change = ledger::ApplyMove(from, to, move, action.context);
  if (!change.ok()) return Refusal(change.error());
  Keep(action.account, change.value().first, from, wrong);
  Keep(action.other, change.value().second, to, wrong);
  LedgerModel::Answer answer = Done(change.value().first);
  return answer;
}

LedgerModel::Answer LedgerReplica::RunMerge(const LedgerAction& action,
                                            std::vector<std::string>& wrong) {
  const Timestamp now =
      std::max({action.context.now, LastTime(action.account), LastTime(action.other)});
  ledger::Need all;
  all.all = true;
  const Account loser = Load(action.account, all, now);
  // Whose debt is offset against whose points is known once both are seen.
  ledger::Need need;
  for (const auto& [asset, balance] : loser.balances) need.cover[asset] = balance.debt;
  const Account winner = Load(action.other, need, now);
  const auto change = ledger::ApplyMerge(
      loser, winner, std::get<LedgerAction::MergeInto>(action.what).document, action.context);
  if (!change.ok()) return Refusal(change.error());
  Keep(action.account, change.value().first, loser, wrong);
  Keep(action.other, change.value().second, winner, wrong);
  Kept& gone = Of(action.account);
  for (auto& [key, order] : gone.orders) {
    Of(action.other).orders[key] = ledger::Follow(order, gone.head.merged_offset);
  }
  gone.orders.clear();
  return Done(change.value().first);
}

void LedgerReplica::Keep(const AccountId& id, const ledger::Change& change, const Account& before,
                         std::vector<std::string>& wrong) {
  Kept& kept = Of(id);
  for (const ledger::PostedEntry& posted : change.entries) KeepEntry(kept, posted, wrong);
  kept.head = change.account;
  kept.head.lots.clear();
  kept.head.holds.clear();
  for (const Lot& lot : change.account.lots) {
    const bool touched = std::binary_search(change.touched.begin(), change.touched.end(), lot.id);
    const auto old = std::find(before.lots.begin(), before.lots.end(), lot);
    if (!touched && old == before.lots.end()) {
      wrong.push_back(fmt::format("lot {} of {} is new or differs, but 'touched' does not name it",
                                  lot.id, id.str()));
    }
    if (touched) kept.lots[lot.id] = lot;
  }
  kept.open.clear();
  for (const Hold& hold : change.account.holds) {
    if (hold.state == ledger::HoldState::kOpen) kept.open[hold.id] = hold;
  }
  for (const Hold& hold : change.ended) kept.ended[hold.id] = hold;
  if (change.order) kept.orders[change.order->key] = *change.order;
  if (!change.entries.empty() && kept.head.head != change.entries.back().hash) {
    wrong.push_back("head is not the hash of the last entry");
  }
  CheckRebuilt(kept, wrong);
}

void LedgerReplica::KeepEntry(Kept& kept, const ledger::PostedEntry& posted,
                              std::vector<std::string>& wrong) {
  const ledger::Entry& entry = posted.entry;
  const Status added = kept.rebuilder.Add(entry.sequence, posted.body, posted.hash);
  if (!added.ok()) wrong.push_back("rebuild: " + added.error().message);
  if (entry.effective_at > entry.time) wrong.push_back("an entry is effective after its time");
  for (const ledger::Transfer& transfer : entry.transfers) {
    if (transfer.amount <= 0) wrong.push_back("a transfer of nothing or less");
    kept.books[{transfer.asset, transfer.debit}] -= transfer.amount;
    kept.books[{transfer.asset, transfer.credit}] += transfer.amount;
  }
}

void LedgerReplica::CheckRebuilt(Kept& kept, std::vector<std::string>& wrong) {
  const Account whole = Whole(kept.head.id);
  const Status invariants = ledger::CheckInvariants(whole, true);
  if (!invariants.ok()) wrong.push_back("invariant: " + invariants.error().message);
  const Account& rebuilt = kept.rebuilder.account();
  const std::string difference = Difference(rebuilt, whole);
  if (!difference.empty()) wrong.push_back("rebuilt account: " + difference);
  if (rebuilt.sequence != whole.sequence || rebuilt.head != whole.head ||
      rebuilt.last_time != whole.last_time || rebuilt.decided_at != whole.decided_at) {
    wrong.push_back("rebuilt account: sequence, head or times");
  }
  for (const auto& [key, order] : kept.orders) {
    const auto found = kept.rebuilder.orders().find(key);
    if (found != kept.rebuilder.orders().end() && found->second != order) {
      wrong.push_back("rebuilt order " + key.id);
    }
  }
}

Account LedgerReplica::Whole(const AccountId& id) const {
  const Kept& kept = kept_.at(id);
  Account account = kept.head;
  for (const auto& [hold_id, hold] : kept.open) account.holds.push_back(hold);
  for (const auto& [lot_id, lot] : kept.lots) account.lots.push_back(lot);
  std::sort(account.lots.begin(), account.lots.end(), ledger::SpentBefore);
  return account;
}

const std::map<ledger::OrderKey, ledger::OrderRecord>& LedgerReplica::Orders(
    const AccountId& account) const {
  return kept_.at(account).orders;
}

LedgerModel::Books LedgerReplica::BooksOf(const AccountId& account) const {
  return kept_.at(account).books;
}

Timestamp LedgerReplica::LastTime(const AccountId& account) const {
  return kept_.at(account).head.decided_at;
}

}  // namespace passmint::testing
