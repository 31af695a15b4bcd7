#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "programme/facts.h"
#include "programme/tiers.h"

namespace passmint::issuance {

// A member's level, as people are told.
struct MemberTier {
  std::string name;  // Empty below the first level.
  std::optional<programme::NextLevel> next;
  programme::Tiers::Metric metric = programme::Tiers::Metric::kNetSpend;  // What next.missing is.
};

// Nothing if the rules have no tiers.
std::optional<MemberTier> Describe(const programme::Tiers& tiers, const programme::TierFacts& at);

// Where the member stands now, by the rules of now. Fails as the store.
Result<std::optional<MemberTier>> TierOf(Transaction& transaction, const ProgrammeSite& programme,
                                         const MemberId& member);

}  // namespace passmint::issuance
