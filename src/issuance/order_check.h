#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cards/programme.h"
#include "issuance/customer.h"
#include "issuance/orders.h"

namespace passmint::issuance {

// An order whose every part is readable and adds up.
struct CheckedOrder {
  Timestamp paid_at;
  Customer customer;
  std::optional<CardNumber> card_number;
};

// An order paid more than this after `now` has a wrong clock; one paid longer before comes by
// import.
inline constexpr std::chrono::minutes kPaidAheadMax{5};
inline constexpr std::chrono::days kPaidAgoMax{30};

// Thousandths of a quantity such as "2" or "0.350"; nothing if it is no decimal of up to nine
// digits and three places.
std::optional<std::int64_t> Thousandths(std::string_view text);

// All that can be said without the store. Fails with kInvalidArgument and every problem at once.
Result<CheckedOrder> CheckOrder(const OrderRequest& request, const cards::Programme& programme,
                                Timestamp now);

}  // namespace passmint::issuance
