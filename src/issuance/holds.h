#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "issuance/owner.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/lot.h"

namespace passmint::issuance {

// `POST /holds`.
struct HoldRequest {
  Who who;
  std::int64_t points = 0;           // 1 to Points::kMax.
  std::chrono::seconds lifetime{0};  // 1 s to ledger::kHoldLifetimeMax.
  std::string order_id;              // The order it is for; empty: none was named.
  std::string source;                // Of that order.
  std::string actor;                 // Name of the API key.
};

// A hold as it is at the transaction's time, ended or not.
struct HoldView {
  ledger::Hold hold;
  MemberId member;  // Who has it now.

  std::int64_t points() const;  // That were held at first.
};

struct HoldOutcome {
  HoldView hold;
  PointsSummary points;
};

// Sets points aside. Fails as FindOwner and RequireUsable; with kConflict, "insufficient_points".
Result<HoldOutcome> CreateHold(Transaction& transaction, const Site& site,
                               const ProgrammeSite& programme, const HoldRequest& request);

// Fails with kNotFound. A hold whose time is over is expired, whether that was posted or not.
Result<HoldView> GetHold(Transaction& transaction, const ProgrammeId& programme, const HoldId& id);

struct Capture {
  HoldId id;
  std::int64_t points = 0;              // The rest of the hold is released.
  std::optional<std::string> order_id;  // Must be the hold's, if that has one.
  std::string actor;
};

// Spends held points. Fails with kNotFound; kInvalidArgument, "out_of_range" at /points: more than
// are held; kConflict: "hold_expired", "hold_ended"; "conflict" if the hold is for another order;
// "card_blocked" or "card_closed" if the card that was shown for the hold is so, or every card of
// the member; of an organisation's points as RequireActing (organisations.h).
Result<HoldOutcome> CaptureHold(Transaction& transaction, const Site& site,
                                const ProgrammeSite& programme, const Capture& capture);

// Releases held points, with a blocked card too. A hold that was voided or has expired stays as it
// is, and that is no failure. Fails with kNotFound; kConflict, "hold_ended", after a capture.
Result<HoldOutcome> VoidHold(Transaction& transaction, const ProgrammeSite& programme,
                             const HoldId& id, const std::string& actor);

}  // namespace passmint::issuance
