#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace passmint::issuance {

// A code that brings a coupon of the rules (programme::RuleSet::coupons) to an order.
struct CouponCode {
  std::string key;     // What codes are compared by (coupons.h: CouponKey); unique in a programme.
  std::string code;    // As it was made.
  std::string coupon;  // Id in the rule set.
  std::optional<MemberId> member;  // Only this one may use it.
  std::int64_t uses = 0;
  std::optional<std::int64_t> uses_max;  // Nothing: without limit.
  std::optional<Timestamp> valid_from;
  std::optional<Timestamp> valid_until;  // Not included.
  std::string void_reason;               // Why it was made void; empty: it was not.
  std::string actor;                     // Name of the API key that made it.

  friend bool operator==(const CouponCode&, const CouponCode&) = default;
};

// Which codes to list.
struct CouponFilter {
  std::string coupon = {};              // Empty: of all.
  std::optional<MemberId> member = {};  // Nothing: of everybody and nobody.
  std::string after = {};               // Keys behind this one.
};

// The codes' part of a Transaction (store.h), with the same failures and the same life.
class CouponTables {
 public:
  // False if the key is taken; then nothing was written.
  virtual Result<bool> InsertCoupon(const ProgrammeId&, const CouponCode&) = 0;
  virtual Result<std::optional<CouponCode>> FindCoupon(const ProgrammeId&,
                                                       const std::string& key) = 0;
  // By key.
  virtual Result<std::vector<CouponCode>> Coupons(const ProgrammeId&, const CouponFilter&,
                                                  int limit) = 0;
  // Counts a use unless the code is void, used up or out of its time: false, and nothing was
  // written. Holds up every other order with the code until the end, so it comes last, behind
  // budgets, and codes by rising key.
  virtual Result<bool> UseCoupon(const ProgrammeId&, const std::string& key, Timestamp now) = 0;
  // Takes a use back, unless the code has ended.
  virtual Status ReturnCoupon(const ProgrammeId&, const std::string& key, Timestamp now) = 0;
  // Harmless again: the first reason stays. False if there is no such code.
  virtual Result<bool> VoidCoupon(const ProgrammeId&, const std::string& key,
                                  const std::string& reason) = 0;

 protected:
  ~CouponTables() = default;
};

}  // namespace passmint::issuance
