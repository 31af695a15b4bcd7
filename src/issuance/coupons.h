#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/coupon_tables.h"
#include "issuance/site.h"
#include "issuance/store.h"

// Codes of coupons: how shops make, look up and void them. What they do to an order:
// order_coupons.h.

namespace passmint::issuance {

inline constexpr std::size_t kCouponCodesMax = 1000;  // In one call.
inline constexpr std::size_t kCouponCodeMax = 64;     // Characters.

// What codes are compared by: their letters in lower case, of ASCII, Latin-1 and Cyrillic.
std::string CouponKey(std::string_view code);

// A code that nobody guesses, "7K2M-XQ4D-9RTV": 12 of 31 characters that are told apart in print
// (59 bits).
std::string MakeCouponCode(Random& random);

struct CouponRequest {
  std::string coupon = {};              // Id in the rule set that is in effect now.
  std::vector<std::string> codes = {};  // Either these
  std::int64_t count = 0;               // or so many random ones.
  std::optional<MemberId> member = {};  // Only this one may use them.
  std::optional<std::int64_t> uses_max = 1;
  std::optional<Timestamp> valid_from = {};
  std::optional<Timestamp> valid_until = {};
  std::string actor = {};
};

// All of them or none. Fails with kInvalidArgument, each with its pointer ("unknown_coupon",
// "unknown_member", "duplicate", "not_in_future", "invalid_value": more than one use of a coupon
// whose codes are for one), and with kConflict, "code_taken".
Result<std::vector<CouponCode>> MakeCoupons(Transaction& transaction, const Site& site,
                                            const ProgrammeSite& programme,
                                            const CouponRequest& request);

// Fails with kNotFound.
Result<CouponCode> GetCoupon(Transaction& transaction, const ProgrammeId& programme,
                             std::string_view code);

// From now on no order uses it; what it was used for stays. Harmless again. Fails with kNotFound.
Result<CouponCode> VoidCoupon(Transaction& transaction, const ProgrammeId& programme,
                              std::string_view code, const std::string& reason);

// What has become of a code at an instant; the first that holds.
enum class CouponStatus { kVoid, kUsed, kExpired, kActive };
CouponStatus StatusAt(const CouponCode& code, Timestamp now);

}  // namespace passmint::issuance
