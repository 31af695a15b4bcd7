#include "http/card_terms_json.h"

#include "http/encode.h"
#include "issuance/card_terms.h"

namespace passmint::http {

Status AddTerms(const Call& call, issuance::Transaction& transaction, const cards::Card& card,
                Json& shown) {
  const auto found = issuance::TermsOf(transaction, call.programme_id(), card);
  if (!found.ok()) return found.error();
  const issuance::CardTerms& terms = found.value();
  if (terms.rate_ppm) shown["rate_ppm"] = *terms.rate_ppm;
  if (terms.price_minor == 0) return {};
  shown["sale"] = {{"price", terms.price_minor},
                   {"paid_at", terms.paid_at ? InstantJson(*terms.paid_at) : Json(nullptr)},
                   {"payment", terms.payment.empty() ? Json(nullptr) : Json(terms.payment)}};
  return {};
}

}  // namespace passmint::http
