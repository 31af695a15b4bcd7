#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "ledger/apply.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger {
namespace {

bool InRange(std::int64_t amount) { return amount >= 0 && amount <= kAmountMax; }

Error Wrong(const Account& account, const std::string& what) {
  return internal::Broken("ledger_invariant", "account " + account.id.str() + ": " + what);
}

// Says what is wrong with one lot, or nothing.
const char* FindFault(const Account& account, const Lot& lot) {
  if (lot.id <= 0 || lot.id >= account.next_lot) return "has an id that was not given out";
  if (lot.original <= 0 || lot.original > kAmountMax) return "was made with nothing or too much";
  std::int64_t sum = 0;  // Six amounts of at most 2^53 fit.
  for (const std::int64_t part :
       {lot.pending, lot.available, lot.held, lot.spent, lot.expired, lot.clawed}) {
    if (!InRange(part)) return "has an amount below zero or beyond 2^53 - 1";
    sum += part;
  }
  if (sum != lot.original) return "does not sum up to what it began with";
  if (lot.expires_at <= lot.activates_at) return "ends before it begins";
  if (lot.slides && lot.expires_at == kNever) return "slides and never ends";
  return nullptr;
}

Status CheckLots(const Account& account) {
  for (std::size_t i = 0; i < account.lots.size(); ++i) {
    const Lot& lot = account.lots[i];
    if (const char* fault = FindFault(account, lot); fault != nullptr) {
      return Wrong(account, "lot " + std::to_string(lot.id) + " " + fault);
    }
    if (i > 0 && !SpentBefore(account.lots[i - 1], lot)) {
      return Wrong(account, "lot " + std::to_string(lot.id) + " is out of order");
    }
  }
  return {};
}

// What holds say is held, against what lots say. Ids of lots need not be unique for this.
Status CheckHolds(const Account& account) {
  std::map<LotId, std::int64_t> by_holds;
  for (std::size_t i = 0; i < account.holds.size(); ++i) {
    const Hold& hold = account.holds[i];
    if (hold.state != HoldState::kOpen || (i > 0 && !(account.holds[i - 1].id < hold.id))) {
      return Wrong(account, "hold " + hold.id.str() + " has ended or is out of order");
    }
    for (const Hold::Part& part : hold.parts) {
      if (part.amount <= 0 || part.amount > kAmountMax) {
        return Wrong(account, "hold " + hold.id.str() + " holds nothing or too much of a lot");
      }
      by_holds[part.lot] += part.amount;
    }
  }
  std::size_t seen = 0;
  for (const Lot& lot : account.lots) {
    if (lot.held == 0 && by_holds.empty()) continue;
    const auto found = by_holds.find(lot.id);
    if (found != by_holds.end()) ++seen;
    if (lot.held != (found == by_holds.end() ? 0 : found->second)) {
      return Wrong(account, "lot " + std::to_string(lot.id) + " and the open holds differ");
    }
  }
  if (seen != by_holds.size()) return Wrong(account, "a hold is on a lot that is not there");
  return {};
}

const char* FindFault(const Balance& balance, const Balance& lots, bool all_loaded) {
  for (const std::int64_t amount :
       {balance.pending, balance.available, balance.held, balance.debt}) {
    if (!InRange(amount)) return "a balance is below zero or beyond 2^53 - 1";
  }
  if (!InRange(balance.pending + balance.available + balance.held)) {
    return "the balances together are beyond 2^53 - 1";
  }
  if (balance.debt > 0 && balance.available > 0) return "there is debt beside available points";
  if (lots.held != balance.held) return "the lots hold another amount than the balance says";
  if (lots.pending > balance.pending || lots.available > balance.available) {
    return "the lots have more than the balance says";
  }
  if (all_loaded && (lots.pending != balance.pending || lots.available != balance.available)) {
    return "the lots have less than the balance says";
  }
  return nullptr;
}

Status CheckBalances(const Account& account, bool all_loaded) {
  std::size_t counted = 0;
  for (const auto& [asset, balance] : account.balances) {
    Balance lots;
    for (const Lot& lot : account.lots) {
      if (lot.asset != asset) continue;
      ++counted;
      if (!InRange(lots.pending + lot.pending) || !InRange(lots.available + lot.available)) {
        return Wrong(account, asset.str() + ": the lots are beyond 2^53 - 1");
      }
      lots.pending += lot.pending;
      lots.available += lot.available;
      lots.held += lot.held;
    }
    if (const char* fault = FindFault(balance, lots, all_loaded); fault != nullptr) {
      return Wrong(account, asset.str() + ": " + fault);
    }
  }
  if (counted != account.lots.size()) return Wrong(account, "a lot is of an asset without balance");
  return {};
}

Status CheckMerged(const Account& account) {
  if (account.merged_into.empty()) return {};
  const bool empty = account.holds.empty() &&
                     std::all_of(account.balances.begin(), account.balances.end(),
                                 [](const auto& balance) { return balance.second == Balance{}; });
  if (!empty) return Wrong(account, "it was merged, yet something is left in it");
  return {};
}

}  // namespace

Status CheckInvariants(const Account& account, bool all_loaded) {
  if (Status lots = CheckLots(account); !lots.ok()) return lots;
  if (Status holds = CheckHolds(account); !holds.ok()) return holds;
  if (Status balances = CheckBalances(account, all_loaded); !balances.ok()) return balances;
  return CheckMerged(account);
}

}  // namespace passmint::ledger
