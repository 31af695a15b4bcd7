#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "cards/card.h"
#include "issuance/card_journal.h"
#include "issuance/card_terms_tables.h"
#include "issuance/orders.h"
#include "issuance/site.h"
#include "issuance/store.h"

// What a card has for itself: a rate of its own, and a price that somebody has to pay.

namespace passmint::issuance {

// The terms of a card; those of one without any are empty.
Result<CardTerms> TermsOf(Transaction& transaction, const ProgrammeId& programme,
                          const cards::Card& card);

// Sets or removes the card's rate: what rules with "rate": "card" earn and take off, whatever the
// member's level says. Stands in the journal with its reason, if it changed anything. Fails as
// GetCard, and with kConflict, "card_closed".
Result<cards::Card> SetCardRate(Transaction& transaction, const ProgrammeId& programme,
                                const CardNumber& number, std::optional<std::int64_t> rate_ppm,
                                const Deed& deed);

// A card that awaits its payment is active from now on. The same payment again changes nothing.
// Fails as GetCard, and with kConflict: "card_paid" (another payment paid for it, or it has no
// price), "card_closed".
Result<cards::Card> PayCard(Transaction& transaction, const ProgrammeId& programme,
                            const CardNumber& number, const std::string& payment, const Deed& deed);

// The card, which awaits its payment, after an order that may pay for it: lines with the SKU that
// the rules name ("card": {"sku"}) cost its price at least. Fails with kConflict, "card_pending",
// if the order does not.
Result<cards::Card> PayCardByOrder(Transaction& transaction, const Site& site,
                                   const ProgrammeSite& programme, const cards::Card& card,
                                   const OrderRequest& order);

}  // namespace passmint::issuance
