#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "issuance/owner.h"
#include "issuance/points_summary.h"
#include "issuance/reward_tables.h"
#include "issuance/rule_book.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "programme/rules.h"

// What points are exchanged for. What a reward is and costs stands in the rules in effect; how many
// are left, and who claimed one, is in the store.
//
// A claim burns points as an order does, with an order record whose key has no source and the
// claim's id: so what is cancelled goes back into the lots that it came from.

namespace passmint::issuance {

// One reward as somebody sees it. Valid as long as its catalogue.
struct RewardOffer {
  const programme::Reward* reward = nullptr;
  RewardStock stock;
  std::int64_t price = 0;           // For this member; without one that of nobody's tier.
  bool open = false;                // Its window and condition hold for the member now.
  std::int64_t missing = 0;         // Points that the member has too little.
  std::int64_t missing_stamps = 0;  // Of a reward for a round of stamps: TellStamps says how many.

  bool in_stock() const { return !stock.stock || *stock.stock > 0; }
  bool available() const { return open && in_stock() && missing == 0 && missing_stamps == 0; }
};

struct RewardCatalogue {
  RulesPtr rules;
  std::vector<RewardOffer> offers;  // By id.

  const RewardOffer* Find(const std::string& reward) const;  // Null if there is none.
};

// `member`: null for what the shop has. `spendable`: the member's points.
Result<RewardCatalogue> GetRewards(Transaction& transaction, const ProgrammeSite& programme,
                                   const cards::Member* member, std::int64_t spendable);

// The stamp card whose complete round is the price of the reward: of a reward that costs no points
// (`price`) and that a card names. Null for others.
const programme::StampCard* StampCardFor(const programme::RuleSet& rules,
                                         const programme::Reward& reward, std::int64_t price);

// Says of rewards for a round of stamps how many are missing.
void TellStamps(const PointsSummary& points, RewardCatalogue& catalogue);

struct ClaimRequest {
  std::string reward;
  std::optional<std::string> caller_id;  // The shop's own id of the claim: guards for ever.
  Who who;
  std::string actor;
};

struct ClaimOutcome {
  bool created = false;  // False: the same claim was known.
  RewardClaim claim;
  PointsSummary points;
};

// Burns exactly the price and takes one from stock, or does nothing. Fails with kNotFound (no such
// reward), kConflict ("insufficient_points", "insufficient_stamps", "out_of_stock", "conflict": not
// open for the member, or the caller's id is known with other content) and as FindOwner and
// RequireUsable.
Result<ClaimOutcome> ClaimReward(Transaction& transaction, const Site& site,
                                 const ProgrammeSite& programme, const ClaimRequest& request);

// The same for a reward that was looked up and is open and in stock.
struct ClaimOrder {
  const programme::RuleSet& rules;
  const RewardOffer& offer;  // For that member.
  std::string caller_id;     // Empty: none.
  std::string actor;
};
Result<ClaimOutcome> MakeClaim(Transaction& transaction, const Site& site,
                               const ProgrammeSite& programme, const Owner& owner,
                               const ClaimOrder& order);

struct ClaimEnd {
  std::string reward;
  std::string claim;
  std::string reason;
  std::string actor;
};
// It was handed over. Harmless again. Fails with kNotFound, and kConflict, "conflict", if it was
// cancelled.
Result<ClaimOutcome> FulfilClaim(Transaction& transaction, const ProgrammeSite& programme,
                                 const ClaimEnd& end);
// Gives the points back into their lots, the piece to the stock, and makes its code void. Harmless
// again. Fails with kNotFound, and kConflict: "conflict" if it was handed over, "coupon_used".
Result<ClaimOutcome> CancelClaim(Transaction& transaction, const Site& site,
                                 const ProgrammeSite& programme, const ClaimEnd& end);

}  // namespace passmint::issuance
