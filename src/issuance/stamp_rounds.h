#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cards/member.h"
#include "issuance/customer.h"
#include "issuance/points_summary.h"
#include "issuance/reward_tables.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "programme/rules.h"

namespace passmint::issuance {

// Claims the reward of each stamp card whose round is complete, as often as it is, for the card's
// stamps; so the next round begins. What cannot be claimed now (out of stock, not open for the
// member) stays complete, with a warning, and is claimed with the next stamps or by hand. `points`
// is what it is after: balances only. Behind everything of the member: it takes from stocks.
Result<std::vector<RewardClaim>> CompleteRounds(Transaction& transaction, const Site& site,
                                                const ProgrammeSite& programme,
                                                const cards::Member& member,
                                                const std::string& actor, PointsSummary& points,
                                                std::vector<Warning>& warnings);

// What the pass shows: stamps of the round of the rules' first stamp card.
std::int64_t StampsShown(const programme::RuleSet& rules, const PointsSummary& points);

}  // namespace passmint::issuance
