#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "cards/member.h"
#include "issuance/orders.h"
#include "issuance/points_summary.h"
#include "issuance/prepared_order.h"
#include "issuance/rule_book.h"
#include "issuance/rule_counts.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/order.h"
#include "programme/quote.h"

namespace passmint::issuance {

// The lines of an order as the rules see them. REQUIRES: the request was checked (order_check.h).
programme::Basket BasketOf(const OrderRequest& request, const cards::Programme& programme);

struct OrderPoints {
  ledger::OrderRecord record;
  PointsSummary points;
  bool moved = false;  // The account changed; its cards have a new revision:
  std::vector<cards::Card> touched = {};
  RulesPtr rules = {};                            // That judged it.
  Counted counted = {};                           // What it took of limits and budgets.
  KnownFacts known = {};                          // Of the member, before it.
  Timestamp judged_at = {};                       // When it was paid, or as its quote says.
  std::optional<std::int64_t> burn_at_most = {};  // Of an order that took what points there were.
  std::vector<std::string> coupons = {};          // That its codes brought.
};

// Who buys, and the card that the order goes by.
struct OrderParty {
  const cards::Member& member;
  const cards::Card& card;
};

// What the order earns and burns, by the programme's rules, posted on the member's account. With
// `up_to` the order burns what there is, and a warning says so.
// Fails with kInvalidArgument (unknown_hold, unknown_coupon, coupon_not_valid, points_over_line,
// points_over_order, amount_too_large, out_of_range of the hold; with pointers into the order) and
// kConflict (insufficient_points, coupon_used, hold_ended, hold_expired).
Result<OrderPoints> PostOrder(Transaction& transaction, const ProgrammeSite& programme,
                              const OrderParty& party, const PreparedOrder& prepared,
                              std::vector<Warning>& warnings);

// What an order's answer keeps of the points that it moved, and back. Balances are not kept: they
// are today's.
Json MovedJson(const PointsSummary& points);
void ReadMoved(const Json& answer, PointsSummary& points);
// The stamps among them.
Json StampMovesJson(const std::vector<StampMove>& moves);
std::vector<StampMove> ReadStampMoves(const Json& json);

}  // namespace passmint::issuance
