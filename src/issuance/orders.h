#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cards/card.h"
#include "issuance/customer.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

enum class LineType { kProduct, kDelivery, kTip, kDiscount };

// A line as sent; JSON types are checked, meanings are not.
struct OrderLine {
  std::string line_id = {};
  LineType type = LineType::kProduct;
  std::string sku = {};
  std::string category = {};
  std::string name = {};
  std::string quantity = "1";  // A decimal of up to three places, above zero.
  std::int64_t amount = 0;     // Minor units; negative with kDiscount only.
  std::int64_t points = 0;     // To burn on the line.
  std::string points_quantity = "0";
};

// `POST /orders`, contract/api.md section 2.
struct OrderRequest {
  OrderId id;
  OrderSource source;
  std::string paid_at;
  std::string currency;
  std::int64_t total = 0;
  CustomerFacts customer;
  std::optional<std::string> card_number;
  std::optional<TemplateName> template_name;
  std::vector<OrderLine> lines;
  std::optional<std::string> hold_id;
  std::vector<std::string> coupons;
  std::optional<std::string> quote;
  bool up_to = false;  // With too few points burn what there is, instead of refusing the order.
  std::string location;
  std::string actor;  // Name of the API key.
};

inline constexpr std::size_t kOrderLinesMax = 1000;

// The state of an order after the call, whoever made it.
struct OrderOutcome {
  bool created = false;  // False: the same order was known.
  Order order;
  cards::Member member;
  cards::Card card;
  bool card_created = false;
  // Whether the answer may hold the card's links: it was made by this order, or the shop vouched
  // that the buyer owns the phone or e-mail. A stranger's phone number must not hand out that
  // stranger's card.
  bool may_show_links = false;
  PointsSummary points;
  std::vector<RewardClaim> rewards;  // Of rounds of stamps that it completed; not told again.
  std::vector<Warning> warnings;
};

// Finds or makes the member and the card, and records the order. The same order again changes
// nothing and returns the current state.
//
// Fails, and stores nothing, with
//   kInvalidArgument  what is wrong with the request, each with its pointer: times, currency, sums,
//   phone,
//                     neither phone, e-mail nor card, unknown template, hold, coupon or quote;
//   kConflict         "order_conflict": this id with other content; "card_blocked": no active card;
//                     "insufficient_points": more points to burn than there are.
Result<OrderOutcome> PlaceOrder(Transaction& transaction, const Site& site,
                                const ProgrammeSite& programme, const OrderRequest& request);

// The same with an order that was prepared before the transaction (prepared_order.h): what a server
// does, so that its one writer does little else than write.
struct PreparedOrder;
Result<OrderOutcome> PlaceOrder(Transaction& transaction, const Site& site,
                                const ProgrammeSite& programme, const PreparedOrder& prepared);

// The same for an order that is probably new, with one look at the store less. Should it be known,
// fails with kUnavailable, reason "lost_race": the transaction is to be given up, and PlaceOrder to
// be run in another one.
Result<OrderOutcome> PlaceNewOrder(Transaction& transaction, const Site& site,
                                   const ProgrammeSite& programme, const PreparedOrder& prepared);

// The same without request: the order's current state. Fails with kNotFound.
Result<OrderOutcome> GetOrder(Transaction& transaction, const ProgrammeSite& programme,
                              const OrderSource& source, const OrderId& id);

}  // namespace passmint::issuance
