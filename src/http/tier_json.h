#pragma once

#include <optional>

#include "http/endpoint.h"
#include "issuance/member_tier.h"

namespace passmint::http {

// The schema TierOrNull.
Json TierJson(const std::optional<issuance::MemberTier>& tier);

// The member's tier now. Null also if the store does not answer: the transaction then comes to
// nothing anyway.
Json TierJson(const Call& call, issuance::Transaction& transaction, const MemberId& member);

// The member's programme::Lifecycle, by the orders so far. Null likewise.
Json LifecycleJson(const Call& call, issuance::Transaction& transaction, const MemberId& member);

}  // namespace passmint::http
