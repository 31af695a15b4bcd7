#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "cards/card.h"
#include "issuance/customer.h"
#include "issuance/orders.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/command.h"

namespace passmint::issuance {

// One of `quantity` and `amount` is there.
struct RefundLineRequest {
  std::string line_id = {};
  std::optional<std::string> quantity = {};  // A decimal of up to three places, above zero.
  std::optional<std::int64_t> amount = {};   // Minor units, gross, above zero.
  ledger::Group paid_by = ledger::Group::kAny;
};

// `POST /orders/{order_id}/refunds`. Types are checked, meanings are not.
struct RefundRequest {
  OrderSource source;
  OrderId order;
  std::string id;                        // The shop's, unique in the order.
  std::vector<RefundLineRequest> lines;  // Either these
  std::optional<std::int64_t> amount;    // or a gross amount, spread over what is left.
  bool await_order = false;              // Park it if the order is not known yet.
  std::string actor;                     // Name of the API key.
};

// How many refunds may wait for one order.
inline constexpr std::size_t kParkedRefundsMax = 100;

struct RefundedLine {
  std::string line_id;
  std::int64_t amount = 0;
  std::int64_t restored = 0;
  std::int64_t clawed_back = 0;
};

// A refund as an order's answer shows it.
struct BookedRefund {
  std::string id;
  Timestamp booked_at;
  std::int64_t amount = 0;
  std::vector<RefundedLine> lines;
  std::int64_t restored = 0;
  std::int64_t clawed_back = 0;
  std::vector<PointsReason> explain;   // What was clawed back, by rule: negative.
  std::vector<StampMove> stamps = {};  // Likewise.
};

struct RefundOutcome {
  bool created = false;  // False: the same refund was known.
  bool parked = false;   // It waits for its order; then nothing below is filled.
  BookedRefund refund;
  MemberId member;
  PointsSummary points;  // With what this refund moved, and today's balances.
};

// Gives back a part of an order: points that paid come back, points that it earned are taken back.
// Works on blocked and closed cards. The same refund again changes nothing and returns the current
// state; parked twice is parked once.
//
// Fails, and stores nothing, with
//   kNotFound         the order is not known, and the refund does not want to wait;
//   kConflict         "refund_conflict": this id with other content; "debt_limit"; too many wait;
//   kInvalidArgument  "over_refund": more than is left, with its pointer; what is wrong with the
//                     request: unknown_line, duplicate, invalid_quantity, out_of_range.
Result<RefundOutcome> RefundOrder(Transaction& transaction, const Site& site,
                                  const ProgrammeSite& programme, const RefundRequest& request);

// Books what waits for an order that is stored by now. A refund that cannot be booked is dropped
// and becomes a warning. Returns whether any was booked.
Result<bool> BookParked(Transaction& transaction, const ProgrammeSite& programme,
                        const OrderSource& source, const OrderId& order,
                        std::vector<Warning>& warnings);

// The refunds of an order, oldest first.
Result<std::vector<BookedRefund>> RefundsOf(Transaction& transaction, const ProgrammeId& programme,
                                            const OrderSource& source, const OrderId& order);

// Where an account's points are now, and what its lots are called there: `offset` more.
struct AccountPlace {
  AccountId account;
  ledger::LotId offset = 0;
};
Result<AccountPlace> LocateAccount(Transaction& transaction, const ProgrammeId& programme,
                                   const AccountId& account);
// The account alone: itself, or where merges took its points.
Result<AccountId> CurrentAccount(Transaction& transaction, const ProgrammeId& programme,
                                 const AccountId& account);

}  // namespace passmint::issuance
