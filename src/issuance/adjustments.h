#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "issuance/owner.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/staff.h"
#include "issuance/store.h"

// Points that staff move by hand.

namespace passmint::issuance {

// What an adjustment rests on, as the caller names it: a complaint, a ticket.
struct CallersDocument {
  std::string type;
  std::string id;
  std::string name;
};

// `POST /adjustments`.
struct Adjustment {
  std::optional<std::string> id;  // The caller's: booked once for ever.
  Who who;
  std::int64_t points = 0;  // Not 0; negative takes.
  std::string reason;
  std::optional<CallersDocument> document;
  Staff staff;
};

// One side of what was booked.
struct Booked {
  bool created = true;  // False: it was booked before; nothing has changed.
  std::string entry;    // As EntryIdText.
  MemberId member;
  PointsSummary points;
};

// Gives points that do not expire, or takes points. Works with a blocked card: staff put right what
// went wrong there. Reason and document go into the entry's erasable note.
// What staff who are no admins give is bounded: nothing to themselves, and so much a day
// (cards::Programme::given_per_day).
// Fails as FindOwner; with kConflict: "insufficient_points", "card_pending", "conflict" (the id is
// known with other content), "daily_limit"; with kPermissionDenied, "own_card" (staff would give to
// themselves); with kInvalidArgument, amount_too_large at /points.
Result<Booked> Adjust(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                      const Adjustment& adjustment);

// `POST /transfers`.
struct Transfer {
  Who from;
  Who to;
  std::int64_t points = 0;  // > 0.
  std::string reason;
  Staff staff;
};

struct BookedTransfer {
  Booked from;
  Booked to;
};

// Moves points that keep their expiry; the entries of both sides cite each other. Fails as
// FindOwner and RequireUsable for either side, with pointers into /from and /to; with kConflict,
// "insufficient_points"; with kPermissionDenied, "own_card"; kInvalidArgument: invalid_value at /to
// (both are one member), amount_too_large at /points.
Result<BookedTransfer> MoveBetween(Transaction& transaction, const Site& site,
                                   const ProgrammeSite& programme, const Transfer& transfer);

}  // namespace passmint::issuance
