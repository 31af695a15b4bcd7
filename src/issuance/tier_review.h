#pragma once

#include <string>

#include "base/result.h"
#include "cards/member.h"
#include "issuance/points.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/entry.h"

// A level that changed: the journal says so, the cards show it and, where the level has one, its
// design.

namespace passmint::issuance {

// What may have changed a level.
struct TierCause {
  ledger::Document document = {};  // An order, a refund, a merge; none: time or the rules.
  std::string actor = kSystemActor;
  bool cards_told = false;   // The cards have a new revision already, of this transaction.
  bool other_rules = false;  // Rules took effect: also who has nothing kept is kept.
};

// Compares where the member stands now with what is kept. What is another level becomes an entry
// "tier_change" of the journal; the cards get a revision if anything of the tier that they can show
// is another, and the template of the level, or their own again. Harmless twice. True if cards got
// a revision. Nothing for an erased member or one who was merged away. REQUIRES: a write, and
// `member` as this transaction sees it. Fails as the store and ledger::Apply.
Result<bool> ReviewTier(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                        const cards::Member& member, const TierCause& cause);

// The same after something was counted: in a programme without levels it costs nothing.
Result<bool> ReviewCounted(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, const MemberId& member,
                           const TierCause& cause);

}  // namespace passmint::issuance
