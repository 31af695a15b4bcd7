#pragma once

#include "base/result.h"
#include "cards/card.h"
#include "http/endpoint.h"
#include "json/json.h"

namespace passmint::http {

// Puts what the card has for itself into its JSON: its rate, and what it was sold for. Fails as the
// store.
Status AddTerms(const Call& call, issuance::Transaction& transaction, const cards::Card& card,
                Json& shown);

}  // namespace passmint::http
