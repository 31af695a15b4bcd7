#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "issuance/site.h"
#include "issuance/store.h"

// Which rules of time zones were in force when: instants that were computed (an expiry, an
// activation) stay as they are when the machine gets new rules, and later ones follow the new ones.
// So that both can be computed again, the journal says when the rules changed.

namespace passmint::issuance {

// The journal of the programme itself, of nobody's account.
AccountId ProgrammeJournal();

// The release that the newest entry names, or that the store began with; nothing in a new store.
Result<std::optional<std::string>> KnownTimeZoneRules(Transaction& transaction,
                                                      const ProgrammeId& programme);

// Adds an entry that names `release` of the machine's time zones and the one before, if
// it is another than the known one. True if it did. Harmless twice. Fails as the store.
Result<bool> RecordTimeZoneRules(Transaction& transaction, const ProgrammeSite& programme,
                                 const std::string& release);

}  // namespace passmint::issuance
