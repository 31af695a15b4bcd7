#pragma once

#include <chrono>

#include "base/result.h"
#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/order.h"

// What a member did over all orders, as rules look at it (programme_tables.h, MemberProgress).

namespace passmint::issuance {

// Whether orders are counted by now: some published rule set looks at it. Fails as the store.
Result<bool> CountsProgress(Transaction& transaction, const ProgrammeSite& programme);

// What is kept; else what all orders so far amount to. REQUIRES: the member is locked, or this is a
// read.
Result<MemberProgress> ProgressOf(Transaction& transaction, const ProgrammeSite& programme,
                                  const MemberId& member);

// Adds to the sums what is left of the order. `day`: of paid_at in the programme's zone.
void Add(const ledger::OrderRecord& record, Timestamp paid_at, std::chrono::sys_days day,
         MemberProgress& progress);
// Takes off what a refund of that day made of it.
void Subtract(const ledger::OrderRecord& before, const ledger::OrderRecord& after,
              std::chrono::sys_days day, MemberProgress& progress);
// Whether nothing is left of an order that was for something.
bool IsRefunded(const ledger::OrderRecord& record);

// Forgets all but the newest periods and occurrences of each rule, and sums up the oldest days.
void ForgetOldPeriods(MemberProgress& progress);

// After an order of another system was taken in.
Status CountImported(Transaction& transaction, const ProgrammeSite& programme,
                     const MemberId& member, const ledger::OrderRecord& record, Timestamp paid_at);

// Before a member's belongings move to another: the other did what both did, and is in the groups
// of both.
Status MergeProgress(Transaction& transaction, const ProgrammeSite& programme, const MemberId& from,
                     const MemberId& to);

}  // namespace passmint::issuance
