#include "ledger/entry_asset.h"

namespace passmint::ledger {

AssetId AssetOf(const Entry& entry) {
  if (entry.order) return entry.order->asset;
  if (!entry.transfers.empty()) return entry.transfers.front().asset;
  if (!entry.holds.empty()) return entry.holds.front().asset;
  return AssetId(kPointsAsset);
}

}  // namespace passmint::ledger
