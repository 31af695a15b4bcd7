#pragma once

#include <cstdint>
#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "issuance/site.h"
#include "issuance/store.h"

// What bounds those who move points by hand.

namespace passmint::issuance {

// Who moves points by hand.
struct Staff {
  std::string actor;  // Name of the API key.
  MemberId member;    // Whose key it is; empty: nobody's.
  bool is_admin = false;
};

Staff StaffOf(const ApiKey& key);

// Nothing that staff give may be for themselves, unless they are admins: points, a rate, what
// another member or an organisation has. `receiver`: as the caller named them; nobody: printed
// stock. Fails with kPermissionDenied, "own_card"; as the store.
Status RequireNotOwn(Transaction& transaction, const ProgrammeId& programme, const Staff& staff,
                     const MemberId& receiver);

// Counts what was given (points > 0) or taken by hand today. Last of a transaction: see
// StaffTables::CountGiven. Fails with kConflict, "daily_limit", if one who is no admin would give
// more today than cards::Programme::given_per_day.
Status CountByHand(Transaction& transaction, const ProgrammeSite& programme, const Staff& staff,
                   std::int64_t points);

}  // namespace passmint::issuance
