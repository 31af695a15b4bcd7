#include "ledger/account.h"

namespace passmint::ledger {

const Balance& Account::balance(const AssetId& asset) const {
  static const Balance zero;
  const auto found = balances.find(asset);
  return found == balances.end() ? zero : found->second;
}

}  // namespace passmint::ledger
