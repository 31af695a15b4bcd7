#pragma once

#include "issuance/rewards.h"
#include "json/json.h"

namespace passmint::http {

// The rewards of a wallet: what is open for the member, what it costs and what is missing.
Json WalletRewardsJson(const issuance::RewardCatalogue& catalogue);

}  // namespace passmint::http
