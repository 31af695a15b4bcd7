#include "issuance/order_coupons.h"

#include <algorithm>
#include <utility>

#include "issuance/coupons.h"

namespace passmint::issuance {
namespace {

using programme::RuleSet;

bool HasCoupon(const RuleSet& rules, const std::string& id) {
  return std::any_of(rules.coupons.begin(), rules.coupons.end(),
                     [&id](const programme::Discount& coupon) { return coupon.id == id; });
}

CouponObstacle ObstacleOf(const CouponCode& code, const RuleSet& rules, Timestamp instant) {
  if (!code.void_reason.empty()) return CouponObstacle::kVoid;
  if (code.uses_max && code.uses >= *code.uses_max) return CouponObstacle::kUsed;
  const bool too_early = code.valid_from && *code.valid_from > instant;
  const bool too_late = code.valid_until && *code.valid_until <= instant;
  if (too_early || too_late) return CouponObstacle::kNotInTime;
  return HasCoupon(rules, code.coupon) ? CouponObstacle::kNone : CouponObstacle::kNoRule;
}

Error NotValid(std::size_t index, std::string why) {
  return InvalidInput("coupon_not_valid", "/coupons/" + std::to_string(index), std::move(why));
}

Status Refusal(const BroughtCoupon& coupon, std::size_t index) {
  switch (coupon.obstacle) {
    case CouponObstacle::kNone:
      return {};
    case CouponObstacle::kUnknown:
      return InvalidInput("unknown_coupon", "/coupons/" + std::to_string(index),
                          "no coupon of this customer has this code");
    case CouponObstacle::kUsed:
      return Error{.code = ErrorCode::kConflict,
                   .message = "the coupon code " + coupon.code + " is used up",
                   .reason = "coupon_used",
                   .hint = "send the order without it, at the price without it"};
    case CouponObstacle::kVoid:
      return NotValid(index, "the code was made void");
    case CouponObstacle::kNotInTime:
      return NotValid(index, "the code did not hold when the order was paid");
    case CouponObstacle::kNoRule:
      return NotValid(index, "the rules of this order have no coupon " + coupon.coupon);
    case CouponObstacle::kTwice:
      return NotValid(index, "another code of the order brings the same coupon");
  }
  return {};
}

}  // namespace

Result<std::vector<BroughtCoupon>> FindCoupons(Transaction& transaction,
                                               const ProgrammeId& programme, const RuleSet& rules,
                                               const std::vector<std::string>& codes,
                                               const cards::Member* member, Timestamp instant) {
  std::vector<BroughtCoupon> coupons;
  for (const std::string& code : codes) {
    BroughtCoupon coupon{
        .code = code, .key = CouponKey(code), .coupon = {}, .obstacle = CouponObstacle::kUnknown};
    const auto found = transaction.FindCoupon(programme, coupon.key);
    if (!found.ok()) return found.error();
    const bool theirs = found.value() && (!found.value()->member ||
                                          (member && *found.value()->member == member->id));
    if (theirs) {
      coupon.coupon = found.value()->coupon;
      coupon.obstacle = ObstacleOf(*found.value(), rules, instant);
      const bool twice = std::any_of(
          coupons.begin(), coupons.end(),
          [&coupon](const BroughtCoupon& other) { return other.coupon == coupon.coupon; });
      if (coupon.obstacle == CouponObstacle::kNone && twice) {
        coupon.obstacle = CouponObstacle::kTwice;
      }
    }
    coupons.push_back(std::move(coupon));
  }
  return coupons;
}

std::vector<std::string> UsableCoupons(const std::vector<BroughtCoupon>& coupons) {
  std::vector<std::string> usable;
  for (const BroughtCoupon& coupon : coupons) {
    if (coupon.obstacle == CouponObstacle::kNone) usable.push_back(coupon.coupon);
  }
  return usable;
}

Status RequireUsable(const std::vector<BroughtCoupon>& coupons) {
  for (std::size_t i = 0; i < coupons.size(); ++i) {
    if (Status fine = Refusal(coupons[i], i); !fine.ok()) return fine;
  }
  return {};
}

void TellDiscounts(const RuleSet& rules, const programme::Evaluation& evaluation,
                   std::vector<BroughtCoupon>& coupons) {
  for (const programme::Reason& reason : evaluation.reasons) {
    if (reason.rule.section != programme::RuleRef::Section::kCoupons ||
        reason.code != programme::ReasonCode::kDiscounted) {
      continue;
    }
    const std::string& id = rules.coupons[static_cast<std::size_t>(reason.rule.index)].id;
    for (BroughtCoupon& coupon : coupons) {
      if (coupon.obstacle == CouponObstacle::kNone && coupon.coupon == id) {
        coupon.discount += reason.minor;
      }
    }
  }
}

void CountCoupons(const std::vector<BroughtCoupon>& coupons, Counted& counted,
                  std::vector<Warning>& warnings) {
  for (const BroughtCoupon& coupon : coupons) {
    if (coupon.discount > 0) {
      counted.codes.push_back(coupon.key);
    } else {
      warnings.push_back(
          {"coupon_unfit", "the coupon " + coupon.code + " takes nothing off and was not used"});
    }
  }
  std::sort(counted.codes.begin(), counted.codes.end());
}

Status UseCoupons(Transaction& transaction, const ProgrammeId& programme, const Counted& counted,
                  Timestamp instant) {
  for (const std::string& key : counted.codes) {
    const auto used = transaction.UseCoupon(programme, key, instant);
    if (!used.ok()) return used.error();
    if (used.value()) continue;
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "another order used the coupon first",
                 .reason = "lost_race"};
  }
  return {};
}

}  // namespace passmint::issuance
