#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cards/member.h"
#include "crypto/master_key.h"
#include "issuance/customer.h"
#include "issuance/owner.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "programme/rules.h"

// Members who bring others. Each has a link of their own; who comes by it is theirs from the first
// order on, and what both get for an order is booked by ReferralRun (referral_run.h).

namespace passmint::issuance {

// A code's characters: none of them is mistaken for another.
inline constexpr std::string_view kPromoterCodeAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
inline constexpr std::size_t kPromoterCodeLength = 8;

// "<code>.<16 characters of base64url>": the code and a MAC over it and the programme, under a key
// of the master key that signed it first, so that the link of a promoter stays the same for ever.
// Fails with kNotFound, "unknown_key_id".
Result<std::string> ReferralToken(const crypto::KeyRing& keys, const ProgrammeId& programme,
                                  const Promoter& promoter);

struct PromoterRequest {
  Who who;
  std::optional<std::int64_t> rate_ppm = {};
};

struct PromoterView {
  bool created = false;
  Promoter promoter;
  std::string token;
  std::string link;           // Where the promoter sends others.
  std::string page;           // Of the service: it leads there, and has the QR code.
  std::int64_t rate_ppm = 0;  // Theirs, or today's rule's.
};

// Makes the member a promoter; one who is stays so, with everything as it was. Fails as FindOwner,
// and with kUnavailable, "lost_race".
Result<PromoterView> MakePromoter(Transaction& transaction, const Site& site,
                                  const ProgrammeSite& programme, const PromoterRequest& request);
// Fails with kNotFound.
Result<PromoterView> GetPromoter(Transaction& transaction, const Site& site,
                                 const ProgrammeSite& programme, const std::string& id);
Result<PromoterView> ViewOf(Transaction& transaction, const Site& site,
                            const ProgrammeSite& programme, Promoter promoter);
// By the token of a link. Fails with kNotFound also if the token was changed.
Result<PromoterView> FindByReferralToken(const Store& store, const Site& site,
                                         std::string_view token);

// Keeps by whom a customer was brought, if they told. Only the first counts, and only before the
// first order. A token that does not hold is kept as such, and is a warning: "referral_not_valid",
// "referral_to_oneself" (the same member, or the phone or e-mail sent is the promoter's),
// "referral_in_circle" (the promoter was brought by this customer), "referral_too_late",
// "referral_known".
Status KeepReferral(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                    const cards::Member& member, const Customer& customer,
                    std::vector<Warning>& warnings);

// Plans what both sides get for an order that has just been stored, by the rules that judged it.
Status PlanReferralRewards(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, const programme::RuleSet& rules,
                           const Order& order);

}  // namespace passmint::issuance
