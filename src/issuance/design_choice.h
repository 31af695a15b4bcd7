#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "cards/card.h"
#include "issuance/store.h"

namespace passmint::issuance {

// Which published version a card shows and since when it may look as it does.
struct DesignChoice {
  int version = 0;
  // The design's half of Last-Modified: the newest change of any version that this card shows or
  // has shown.
  Timestamp changed_at;
};

// Of `versions`, as Transaction::DesignVersions lists them. Nothing if none reaches the card.
std::optional<DesignChoice> ChooseDesign(const std::vector<DesignVersion>& versions,
                                         const cards::Card& card);

// No published version reaches the card: kInvalidArgument, reason "unknown_template".
Error NoDesign(const cards::Card& card);

// The choice for a card in the store. Fails with NoDesign.
Result<DesignChoice> ChooseDesign(Transaction& transaction, const ProgrammeId& programme,
                                  const cards::Card& card);

// The later of the card's and the design's change: Last-Modified (contract/api.md section 4).
Timestamp EffectiveTime(const cards::Card& card, const DesignChoice& design);

}  // namespace passmint::issuance
