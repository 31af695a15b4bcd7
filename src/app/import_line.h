#pragma once

#include <string_view>

#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/import.h"
#include "issuance/site.h"

namespace passmint::app {

// One line of `passmint ledger import`, JSON: a member with points, or an order.
//
//   {"type": "member", "id": "17", "customer": {as in POST /orders},
//    "card_number": "9000...", "template": "coffee",               both optional
//    "points": [{"points": 120, "earned_at": "...", "expires_at": "..."}]}      instants optional
//   {"type": "order", "order_id": "1042", "source": "web", "paid_at": "...", "currency": "RUB",
//    "total": 199900, "customer": {...} or "card_number": "...", "location": "shop-7",
//    "lines": [{"line_id": "1", "sku": ..., "category": ..., "name": ..., "quantity": 2,
//               "amount": 199900,                    all tax in, all discounts off: never negative
//               "earned": 99,                        points that it earned
//               "points": 0, "points_value": 0}]}    points that paid for it, and their worth
//
// Everything that can be said without the store: unknown fields, types, times against `now`, phone
// numbers, sums. Fails with kInvalidArgument, or kInvalidSyntax for what is no JSON, with each
// problem and its pointer.
Result<issuance::ToImport> ReadImportLine(std::string_view line, const issuance::Site& site,
                                          const issuance::ProgrammeSite& programme, Timestamp now);

inline constexpr std::size_t kImportLineBytesMax = 1024 * 1024;

}  // namespace passmint::app
