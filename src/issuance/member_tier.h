#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "cards/member.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "issuance/tier_tables.h"
#include "programme/facts.h"
#include "programme/rules.h"
#include "programme/tiers.h"

namespace passmint::issuance {

// A member's level, as people are told.
struct MemberTier {
  std::string name;  // Empty below the first level.
  std::optional<programme::NextLevel> next;
  programme::Tiers::Metric metric = programme::Tiers::Metric::kNetSpend;  // What next.missing is.
  std::int64_t ppm = 0;                 // What rules with "rate": "tier" earn by.
  std::int64_t discount_ppm = 0;        // What discounts with such a rate take off.
  std::optional<Timestamp> since = {};  // When the member came to it, if that is known.
};

// Nothing if the rules have no tiers.
std::optional<MemberTier> Describe(const programme::Tiers& tiers, const programme::TierFacts& at);

// Where the member stands now, by the rules of now. Fails as the store.
Result<std::optional<MemberTier>> TierOf(Transaction& transaction, const ProgrammeSite& programme,
                                         const MemberId& member);

// The level as the member's cards show it.
struct ShownTier {
  std::optional<MemberTier> tier;  // Nothing if the rules have no tiers.
  bool is_due = false;  // Time or other rules have changed it: ReviewTier (tier_review.h).
};
// Reads one small row of a member who was looked at before. Fails as the store.
Result<ShownTier> ShownTierOf(Transaction& transaction, const ProgrammeSite& programme,
                              const cards::Member& member);

// What a member's level is by those rules at `now`, as it is kept; `since` is the
// caller's to fill. Nothing in rules without levels.
std::optional<KeptTier> KeptTierOf(const programme::RuleSet& rules, const calendar::TimeZone& zone,
                                   const MemberProgress& progress, Timestamp now);

// Whether it is how everybody begins: nothing has counted yet.
bool IsBeginning(const programme::Tiers& tiers, const KeptTier& kept);

// How a kept level looks by the rules that it was kept by. Nothing in rules without levels.
std::optional<MemberTier> Describe(const programme::Tiers& tiers, const KeptTier& kept);

}  // namespace passmint::issuance
