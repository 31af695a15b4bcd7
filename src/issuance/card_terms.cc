#include "issuance/card_terms.h"

#include <utility>

#include "issuance/card_life.h"
#include "issuance/rule_sets.h"

namespace passmint::issuance {
namespace {

using cards::Card;
using cards::CardStatus;

Json RateJson(const std::optional<std::int64_t>& ppm) { return ppm ? Json(*ppm) : Json(nullptr); }

Error Paid(const CardTerms& terms) {
  if (terms.price_minor == 0) {
    return {.code = ErrorCode::kConflict,
            .message = "the card has no price",
            .reason = "card_paid",
            .hint = "nothing is to be paid for it"};
  }
  return {.code = ErrorCode::kConflict,
          .message = "another payment paid for the card: " + terms.payment,
          .reason = "card_paid",
          .hint = "give this payment back"};
}

}  // namespace

Result<CardTerms> TermsOf(Transaction& transaction, const ProgrammeId& programme,
                          const Card& card) {
  auto terms = transaction.CardTerms().FindCardTerms(programme, card.id);
  if (!terms.ok()) return std::move(terms).error();
  return terms.value().value_or(CardTerms{.card = card.id, .rate_ppm = std::nullopt});
}

Result<Card> SetCardRate(Transaction& transaction, const ProgrammeId& programme,
                         const CardNumber& number, std::optional<std::int64_t> rate_ppm,
                         const Deed& deed) {
  auto card = GetCard(transaction, programme, number);
  if (!card.ok()) return card;
  if (card.value().status == CardStatus::kClosed) {
    return Error{
        .code = ErrorCode::kConflict, .message = "the card is closed", .reason = "card_closed"};
  }
  auto terms = TermsOf(transaction, programme, card.value());
  if (!terms.ok()) return std::move(terms).error();
  const std::optional<std::int64_t> before = terms.value().rate_ppm;
  if (before == rate_ppm) return card;
  terms.value().rate_ppm = rate_ppm;
  if (Status put = transaction.CardTerms().PutCardTerms(programme, terms.value()); !put.ok()) {
    return std::move(put).error();
  }
  CardEvent event{.type = ledger::EntryType::kRateChange};
  event.facts = {{"rate_ppm", RateJson(rate_ppm)}, {"rate_ppm_before", RateJson(before)}};
  return RecordEvent(transaction, programme, std::move(card).value(), event, deed);
}

Result<Card> PayCard(Transaction& transaction, const ProgrammeId& programme,
                     const CardNumber& number, const std::string& payment, const Deed& deed) {
  auto card = GetCard(transaction, programme, number);
  if (!card.ok()) return card;
  auto terms = TermsOf(transaction, programme, card.value());
  if (!terms.ok()) return std::move(terms).error();
  const bool again = terms.value().paid_at && terms.value().payment == payment;
  if (again) return card;
  if (card.value().status != CardStatus::kPending && card.value().status != CardStatus::kClosed) {
    return Paid(terms.value());
  }
  auto active = ActivateCard(transaction, programme, number, deed, payment);
  if (!active.ok()) return active;
  terms.value().paid_at = transaction.Now();
  terms.value().payment = payment;
  if (Status put = transaction.CardTerms().PutCardTerms(programme, terms.value()); !put.ok()) {
    return std::move(put).error();
  }
  return active;
}

Result<Card> PayCardByOrder(Transaction& transaction, const Site& site,
                            const ProgrammeSite& programme, const Card& card,
                            const OrderRequest& order) {
  const ProgrammeId& id = programme.programme.id;
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  const auto terms = TermsOf(transaction, id, card);
  if (!terms.ok()) return terms.error();
  const std::string& sku = rules.value()->card.sku;
  std::int64_t paid = 0;
  for (const OrderLine& line : order.lines) {
    if (!sku.empty() && line.sku == sku) paid += line.amount;
  }
  if (sku.empty() || paid < terms.value().price_minor) return CardPending();
  const std::string payment = "order " + order.source.str() + "/" + order.id.str();
  return PayCard(transaction, id, card.number, payment,
                 {.reason = payment, .actor = order.actor, .random = site.random.get()});
}

}  // namespace passmint::issuance
