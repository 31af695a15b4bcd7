#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "cards/programme.h"
#include "issuance/rule_facts.h"
#include "issuance/store.h"
#include "json/json.h"
#include "programme/basket.h"
#include "programme/facts.h"

// What is kept of an order so that the rules can be asked again: the same goods, facts and instant
// give the same points for ever.

namespace passmint::issuance {

// What judged an order beside its lines and its rule set.
struct Judged {
  programme::Facts facts;
  Timestamp instant;
  std::optional<std::int64_t> burn_at_most;  // Of an order that takes what points there are.
  std::vector<std::string> coupons = {};     // That its codes brought: Basket::coupons.
};

// An order's body (Order::body) with what it was judged by. Of facts only those that the rules need
// are kept, of plain rules none: then the body is as it was. It is erased with the member.
std::string KeepJudged(std::string body, const RuleNeeds& needs, const Judged& judged,
                       Timestamp paid_at);

struct KeptOrder {
  programme::Basket basket;
  Judged judged;
  std::int64_t rule_set = 0;
};

// The goods alone, of Order::body. Fails with kGone, reason "member_erased", if the lines were
// erased.
Result<programme::Basket> ReadKeptBasket(const std::string& body, const OrderSource& source,
                                         const cards::Programme& programme);

// Fails as ReadKeptBasket.
Result<KeptOrder> ReadKept(const Order& order, const cards::Programme& programme);

}  // namespace passmint::issuance
