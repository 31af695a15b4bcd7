#include "issuance/coupons.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "issuance/owner.h"
#include "issuance/rule_sets.h"

namespace passmint::issuance {
namespace {

// Without 0, 1, I, L and O.
constexpr std::string_view kAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
constexpr std::size_t kGroups = 3;
constexpr std::size_t kGroupSize = 4;

// The second byte of a two-byte letter and the letter in lower case, as UTF-8.
struct Folded {
  unsigned char lead = 0;
  unsigned char trail = 0;
};

Folded Fold(unsigned char lead, unsigned char trail) {
  const auto plus = [&](unsigned char to, int by) {
    return Folded{to, static_cast<unsigned char>(trail + by)};
  };
  if (lead == 0xC3 && trail >= 0x80 && trail <= 0x9E && trail != 0x97) return plus(lead, 0x20);
  if (lead != 0xD0) return {lead, trail};
  if (trail < 0x90) return plus(0xD1, 0x10);
  if (trail < 0xA0) return plus(lead, 0x20);
  if (trail < 0xB0) return plus(0xD1, -0x20);
  return {lead, trail};
}

// 31 characters, each equally likely: bytes of 248 and above are thrown again.
char RandomCharacter(Random& random) {
  constexpr unsigned kFair = 256 / kAlphabet.size() * kAlphabet.size();
  for (;;) {
    const auto byte = static_cast<unsigned char>(random.Bytes(1).front());
    if (byte < kFair) return kAlphabet[byte % kAlphabet.size()];
  }
}

Error NoSuchCoupon() {
  return {.code = ErrorCode::kNotFound, .message = "no coupon has this code"};
}

Status CheckRule(Transaction& transaction, const ProgrammeSite& programme,
                 const CouponRequest& request) {
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  const auto& coupons = rules.value()->coupons;
  const auto rule = std::find_if(coupons.begin(), coupons.end(), [&request](const auto& coupon) {
    return coupon.id == request.coupon;
  });
  if (rule == coupons.end()) {
    return InvalidInput("unknown_coupon", "/coupon", "the rules in effect have no such coupon");
  }
  if (rule->single_use && request.uses_max != 1) {
    return InvalidInput("invalid_value", "/uses_max", "each code of this coupon is for one use");
  }
  return {};
}

Status CheckTimes(const CouponRequest& request, Timestamp now) {
  if (!request.valid_until) return {};
  if (*request.valid_until <= now) {
    return InvalidInput("not_in_future", "/valid_until", "the codes would be over already");
  }
  if (request.valid_from && *request.valid_from >= *request.valid_until) {
    return InvalidInput("out_of_range", "/valid_until", "the end is not behind the beginning");
  }
  return {};
}

// The member that the request's is today.
Result<std::optional<MemberId>> MemberOf(Transaction& transaction, const ProgrammeId& programme,
                                         const CouponRequest& request) {
  if (!request.member) return std::optional<MemberId>();
  const auto member = FindLivingMember(transaction, programme, *request.member);
  if (!member.ok()) return member.error();
  if (!member.value()) {
    return InvalidInput("unknown_member", "/member_id", "no member has this id");
  }
  return std::optional<MemberId>(member.value()->id);
}

Status CheckCodes(const CouponRequest& request) {
  std::set<std::string> keys;
  for (std::size_t i = 0; i < request.codes.size(); ++i) {
    if (!keys.insert(CouponKey(request.codes[i])).second) {
      return InvalidInput("duplicate", "/codes/" + std::to_string(i), "the list has it already");
    }
  }
  return {};
}

Status Insert(Transaction& transaction, const ProgrammeId& programme, const CouponCode& code) {
  const auto inserted = transaction.InsertCoupon(programme, code);
  if (!inserted.ok()) return inserted.error();
  if (inserted.value()) return {};
  return Error{.code = ErrorCode::kConflict,
               .message = "the code " + code.code + " exists already",
               .reason = "code_taken"};
}

}  // namespace

std::string CouponKey(std::string_view code) {
  std::string key = AsciiLower(code);
  for (std::size_t i = 0; i + 1 < key.size(); ++i) {
    const Folded folded =
        Fold(static_cast<unsigned char>(key[i]), static_cast<unsigned char>(key[i + 1]));
    key[i] = static_cast<char>(folded.lead);
    key[i + 1] = static_cast<char>(folded.trail);
  }
  return key;
}

std::string MakeCouponCode(Random& random) {
  std::string code;
  for (std::size_t group = 0; group < kGroups; ++group) {
    if (group > 0) code += '-';
    for (std::size_t i = 0; i < kGroupSize; ++i) code += RandomCharacter(random);
  }
  return code;
}

Result<std::vector<CouponCode>> MakeCoupons(Transaction& transaction, const Site& site,
                                            const ProgrammeSite& programme,
                                            const CouponRequest& request) {
  const ProgrammeId& id = programme.programme.id;
  for (const Status& fine : {CheckRule(transaction, programme, request),
                             CheckTimes(request, transaction.Now()), CheckCodes(request)}) {
    if (!fine.ok()) return fine.error();
  }
  auto member = MemberOf(transaction, id, request);
  if (!member.ok()) return std::move(member).error();
  std::vector<std::string> texts = request.codes;
  for (std::int64_t i = 0; i < request.count; ++i) texts.push_back(MakeCouponCode(*site.random));
  std::vector<CouponCode> codes;
  for (std::string& text : texts) {
    CouponCode code;
    code.key = CouponKey(text);
    code.code = std::move(text);
    code.coupon = request.coupon;
    code.member = member.value();
    code.uses_max = request.uses_max;
    code.valid_from = request.valid_from;
    code.valid_until = request.valid_until;
    code.actor = request.actor;
    if (Status inserted = Insert(transaction, id, code); !inserted.ok()) {
      return std::move(inserted).error();
    }
    codes.push_back(std::move(code));
  }
  return codes;
}

Result<CouponCode> GetCoupon(Transaction& transaction, const ProgrammeId& programme,
                             std::string_view code) {
  auto found = transaction.FindCoupon(programme, CouponKey(code));
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) return NoSuchCoupon();
  return *std::move(found).value();
}

Result<CouponCode> VoidCoupon(Transaction& transaction, const ProgrammeId& programme,
                              std::string_view code, const std::string& reason) {
  const auto done = transaction.VoidCoupon(programme, CouponKey(code), reason);
  if (!done.ok()) return done.error();
  if (!done.value()) return NoSuchCoupon();
  return GetCoupon(transaction, programme, code);
}

CouponStatus StatusAt(const CouponCode& code, Timestamp now) {
  if (!code.void_reason.empty()) return CouponStatus::kVoid;
  if (code.uses_max && code.uses >= *code.uses_max) return CouponStatus::kUsed;
  if (code.valid_until && *code.valid_until <= now) return CouponStatus::kExpired;
  return CouponStatus::kActive;
}

}  // namespace passmint::issuance
