#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

// Codes of coupons.

namespace passmint::store {
namespace {

using issuance::CouponCode;
using issuance::CouponFilter;
using sql::Row;
using sql::Statement;

#define PASSMINT_COUPON_COLUMNS \
  "key, code, coupon, member, uses, uses_max, valid_from, valid_until, void_reason, actor"

constexpr Statement kInsertCoupon("INSERT INTO coupon_code (programme, " PASSMINT_COUPON_COLUMNS
                                  ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
                                  " ON CONFLICT (programme, key) DO NOTHING");
constexpr Statement kFindCoupon("SELECT " PASSMINT_COUPON_COLUMNS
                                " FROM coupon_code WHERE programme = $1 AND key = $2");
constexpr Statement kCoupons("SELECT " PASSMINT_COUPON_COLUMNS
                             " FROM coupon_code WHERE programme = $1 AND key > $2"
                             " ORDER BY key LIMIT $3");
constexpr Statement kCouponsOfRule("SELECT " PASSMINT_COUPON_COLUMNS
                                   " FROM coupon_code WHERE programme = $1 AND coupon = $2"
                                   " AND key > $3 ORDER BY key LIMIT $4");
constexpr Statement kCouponsOfMember("SELECT " PASSMINT_COUPON_COLUMNS
                                     " FROM coupon_code WHERE programme = $1 AND member = $2"
                                     " AND member <> '' AND ($3 = '' OR coupon = $3) AND key > $4"
                                     " ORDER BY key LIMIT $5");
constexpr Statement kUseCoupon(
    "UPDATE coupon_code SET uses = uses + 1 WHERE programme = $1 AND key = $2 AND void_reason = ''"
    " AND (uses_max IS NULL OR uses < uses_max)"
    " AND (valid_from IS NULL OR valid_from <= $3) AND (valid_until IS NULL OR valid_until > $3)");
constexpr Statement kReturnCoupon(
    "UPDATE coupon_code SET uses = uses - 1 WHERE programme = $1 AND key = $2 AND uses > 0"
    " AND (valid_until IS NULL OR valid_until > $3)");
constexpr Statement kVoidCoupon(
    "UPDATE coupon_code SET void_reason = CASE WHEN void_reason = '' THEN $3 ELSE void_reason END"
    " WHERE programme = $1 AND key = $2");

Result<CouponCode> ReadCoupon(const Row& row) {
  CouponCode code;
  code.key = String(row, 0);
  code.code = String(row, 1);
  code.coupon = String(row, 2);
  if (!row.Text(3).empty()) code.member = IdAt<MemberId>(row, 3);
  code.uses = row.Integer(4);
  if (!row.IsNull(5)) code.uses_max = row.Integer(5);
  code.valid_from = InstantOrNull(row, 6);
  code.valid_until = InstantOrNull(row, 7);
  code.void_reason = String(row, 8);
  code.actor = String(row, 9);
  return code;
}

}  // namespace

Result<bool> SqlTransaction::InsertCoupon(const ProgrammeId& programme, const CouponCode& code) {
  return Wrote(connection_.Execute(
      kInsertCoupon,
      {programme, code.key, code.code, code.coupon, code.member ? code.member->str() : "",
       code.uses, code.uses_max, MicrosOrNull(code.valid_from), MicrosOrNull(code.valid_until),
       code.void_reason, code.actor}));
}

Result<std::optional<CouponCode>> SqlTransaction::FindCoupon(const ProgrammeId& programme,
                                                             const std::string& key) {
  return FindOne<CouponCode>(connection_, kFindCoupon, {programme, key}, ReadCoupon);
}

Result<std::vector<CouponCode>> SqlTransaction::Coupons(const ProgrammeId& programme,
                                                        const CouponFilter& filter, int limit) {
  if (filter.member) {
    return FindAll<CouponCode>(connection_, kCouponsOfMember,
                               {programme, *filter.member, filter.coupon, filter.after, limit},
                               ReadCoupon);
  }
  if (!filter.coupon.empty()) {
    return FindAll<CouponCode>(connection_, kCouponsOfRule,
                               {programme, filter.coupon, filter.after, limit}, ReadCoupon);
  }
  return FindAll<CouponCode>(connection_, kCoupons, {programme, filter.after, limit}, ReadCoupon);
}

Result<bool> SqlTransaction::UseCoupon(const ProgrammeId& programme, const std::string& key,
                                       Timestamp now) {
  return Wrote(connection_.Execute(kUseCoupon, {programme, key, ToMicros(now)}));
}

Status SqlTransaction::ReturnCoupon(const ProgrammeId& programme, const std::string& key,
                                    Timestamp now) {
  return connection_.Send(kReturnCoupon, {programme, key, ToMicros(now)});
}

Result<bool> SqlTransaction::VoidCoupon(const ProgrammeId& programme, const std::string& key,
                                        const std::string& reason) {
  return Wrote(connection_.Execute(kVoidCoupon, {programme, key, reason}));
}

}  // namespace passmint::store
