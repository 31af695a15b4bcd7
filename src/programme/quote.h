#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "calendar/time_zone.h"
#include "ledger/command.h"
#include "ledger/order.h"
#include "programme/basket.h"
#include "programme/evaluation.h"
#include "programme/facts.h"
#include "programme/rules.h"

namespace passmint::programme {

// Points that one rule gave for one line, or ("") for the order.
struct EarnedOn {
  std::string rule;
  std::string line_id;
  std::int64_t points = 0;
};

// Stamps that one rule gave for one line, or ("") for the order.
struct StampedOn {
  std::string rule;
  std::string card;  // StampCard::id.
  std::string line_id;
  std::int64_t stamps = 0;
};

// What an order earns and burns, ready for ledger::PayOrder.
struct Quote {
  ledger::OrderRecord order;  // Lines without discounts, which are spread over the others.
  std::vector<ledger::Earning> earnings;
  std::vector<EarnedOn> reasons;
  std::vector<StampedOn> stamps;
  std::int64_t wanted = 0;  // Points that the basket asked to burn; more than `burned` if capped.
  std::int64_t burned = 0;
  std::int64_t earned = 0;
};

// Evaluates an order (evaluation.h says how it fails) and makes ledger commands of it: one lot for
// each activation, expiry and funder. Windows and conditions look at `paid_at`, activation and
// expiry count from `now`, the ledger's clock.
Result<Quote> MakeQuote(const RuleSet& rules, const calendar::TimeZone& zone, const Basket& basket,
                        const Facts& facts, Timestamp paid_at, Timestamp now);

// What an evaluation of that basket means to the ledger.
Quote ToLedger(const RuleSet& rules, const calendar::TimeZone& zone, const Basket& basket,
               const Evaluation& evaluation, Timestamp now);

// The asset that stamps of that card are counted in.
ledger::AssetId StampAsset(const StampCard& card);
// The id of the card whose stamps the asset counts; empty of others.
std::string StampCardOf(const ledger::AssetId& asset);

// Splits what a line earned or burned over its units by largest remainder, earlier units first: 7
// over 3 units are 3, 2 and 2. A part of a unit counts as one. REQUIRES: quantity > 0.
std::vector<std::int64_t> PerUnit(std::int64_t points, ledger::Quantity quantity);

}  // namespace passmint::programme
