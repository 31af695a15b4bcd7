#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "cards/member.h"
#include "issuance/customer.h"
#include "issuance/rule_counts.h"
#include "issuance/store.h"
#include "programme/evaluation.h"
#include "programme/rules.h"

// The codes that an order brings.

namespace passmint::issuance {

// What speaks against a code, whatever the goods are.
enum class CouponObstacle {
  kNone,
  kUnknown,  // No such code, or somebody else's.
  kUsed,     // As often as it may be.
  kVoid,
  kNotInTime,
  kNoRule,  // The rules that judge the order have no such coupon.
  kTwice,   // Another code of the order brings the same coupon.
};

struct BroughtCoupon {
  std::string code;    // As the order has it.
  std::string key;     // CouponKey of it.
  std::string coupon;  // Id in the rules; empty if the code is unknown.
  CouponObstacle obstacle = CouponObstacle::kNone;
  std::int64_t discount = 0;  // Minor units, once the order was judged.
};

// Looks the codes up. `member`: null for somebody whom nobody knows yet. `instant`: of the rules.
Result<std::vector<BroughtCoupon>> FindCoupons(Transaction& transaction,
                                               const ProgrammeId& programme,
                                               const programme::RuleSet& rules,
                                               const std::vector<std::string>& codes,
                                               const cards::Member* member, Timestamp instant);

// The coupons that nothing speaks against: what Basket::coupons wants.
std::vector<std::string> UsableCoupons(const std::vector<BroughtCoupon>& coupons);

// A till has taken the coupon off already, so an order with one that does not hold is refused:
// kInvalidArgument "unknown_coupon" or "coupon_not_valid" with its pointer, kConflict
// "coupon_used".
Status RequireUsable(const std::vector<BroughtCoupon>& coupons);

// Fills in what each took off.
void TellDiscounts(const programme::RuleSet& rules, const programme::Evaluation& evaluation,
                   std::vector<BroughtCoupon>& coupons);

// Those that took something off are used by the order, the others stay and are a warning each.
void CountCoupons(const std::vector<BroughtCoupon>& coupons, Counted& counted,
                  std::vector<Warning>& warnings);

// Uses up an order's codes: behind everything but the answer. Fails with kUnavailable, reason
// "lost_race", if another order was first: run again, it is refused or has fewer.
Status UseCoupons(Transaction& transaction, const ProgrammeId& programme, const Counted& counted,
                  Timestamp instant);

}  // namespace passmint::issuance
