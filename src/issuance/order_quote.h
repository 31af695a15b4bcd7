#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "crypto/master_key.h"
#include "issuance/member_tier.h"
#include "issuance/order_coupons.h"
#include "issuance/orders.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "programme/evaluation.h"

namespace passmint::issuance {

// What a quote fixes: the rules and the instant that windows and conditions look at.
struct QuoteTerms {
  std::int64_t rule_set = 0;
  Timestamp instant;
};

// How long an order may bring a quote.
inline constexpr std::chrono::minutes kQuoteLifetime{15};

// "q1.", base64url of a JSON object, ".", and a MAC under a key of the master key: of programme,
// rule set version, instant, a hash of the goods, and the end of its validity.
std::string MakeQuoteToken(const crypto::KeyRing& keys, const ProgrammeId& programme,
                           const OrderRequest& request, const QuoteTerms& terms,
                           Timestamp valid_until);

// The terms of the quote that an order brings. Points on the lines may differ from the quote's: the
// goods, their quantities and amounts may not. Fails with kInvalidArgument at /quote:
// "invalid_quote" (not ours, or of another basket), "expired_quote".
Result<QuoteTerms> ReadQuote(const crypto::KeyRing& keys, const ProgrammeId& programme,
                             const OrderRequest& request, Timestamp now);

struct OrderQuote {
  std::shared_ptr<const programme::RuleSet> rules;
  programme::Evaluation evaluation;
  std::optional<MemberTier> tier;      // Before the order.
  programme::Facts facts;              // That it was judged by.
  std::vector<BroughtCoupon> coupons;  // As the order names them.
  std::vector<std::string> advised;    // SKUs.
  PointsSummary points;                // Today's balances; all 0 for somebody unknown.
  std::string locale;                  // The member's; empty: unknown.
  std::string token;
  Timestamp valid_until;
};

struct PreparedOrder;

// What the order would earn and could burn now. Changes nothing: an unknown customer stays so.
// Fails as PlaceOrder with what is wrong with the request and points that the lines do not take;
// too few points and codes that do not hold are no failure.
Result<OrderQuote> QuoteOrder(Transaction& transaction, const Site& site,
                              const ProgrammeSite& programme, const PreparedOrder& prepared);

}  // namespace passmint::issuance
