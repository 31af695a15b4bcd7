#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// What time alone does to an account: PostDue (points.h), and the rounds that stamps complete by
// becoming active (stamp_rounds.h). Of a member who may move no points now (RequireUsable in
// owner.h) a complete round stays for the next stamps. Harmless twice. Fails as PostDue and
// CompleteRounds.
Status PostDueAndRounds(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                        const AccountId& account);

}  // namespace passmint::issuance
