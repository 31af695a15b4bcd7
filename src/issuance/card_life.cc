#include "issuance/card_life.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "cards/card_number.h"
#include "crypto/token.h"
#include "issuance/card_terms_tables.h"
#include "issuance/design_choice.h"
#include "issuance/rule_sets.h"
#include "issuance/tier_tables.h"

namespace passmint::issuance {
namespace {

using cards::Card;
using cards::CardStatus;

// How often a number is drawn before a programme counts as full. With half of all numbers in use
// twenty draws fail once in a million; a programme fuller than that needs a longer format.
constexpr int kNumberDraws = 20;

Error NumbersExhausted() {
  return {.code = ErrorCode::kUnavailable,
          .message = "found no free card number",
          .reason = "card_numbers_exhausted",
          .hint = "give the programme longer card numbers: card_number.length"};
}

Error UnknownTemplate(const TemplateName& name) {
  return InvalidInput("unknown_template", "/template",
                      "no published template \"" + name.str() + "\" in this programme");
}

Status RequirePublished(Transaction& transaction, const ProgrammeId& programme,
                        const TemplateName& name) {
  auto newest = transaction.NewestDesignChange(programme, name);
  if (!newest.ok()) return std::move(newest).error();
  return newest.value() ? Status() : Status(UnknownTemplate(name));
}

// The kind of a published template.
Result<std::string> PublishedKind(Transaction& transaction, const ProgrammeId& programme,
                                  const TemplateName& name) {
  auto versions = transaction.DesignVersions(programme, name);
  if (!versions.ok()) return std::move(versions).error();
  if (!versions.value().empty()) return versions.value().front().kind;
  return UnknownTemplate(name);
}

Error Conflict(std::string reason, std::string message, std::string hint = {}) {
  return {.code = ErrorCode::kConflict,
          .message = std::move(message),
          .reason = std::move(reason),
          .hint = std::move(hint)};
}

// A card with fresh secrets and id, without a number.
Card MakeCard(const Site& site, const Bearer& bearer, const TemplateName& name, Timestamp now) {
  Random& random = *site.random;
  return {.id = crypto::MakeUuidV7(now, random),
          .member = bearer.member,
          .holder = bearer.holder,
          .number = {},
          .template_name = name,
          .status = CardStatus::kActive,
          .status_reason = {},
          .blocked_until = std::nullopt,
          .link_token = LinkToken(crypto::MakeToken(random)),
          .serial = SerialNumber(crypto::MakeToken(random)),
          .google_suffix = crypto::MakeToken(random),
          .key_id = site.keys->current_key_id(),
          .revision = 1,
          .changed_at = std::chrono::floor<std::chrono::seconds>(now),
          .created_at = now};
}

Result<Card> InsertWithFreeNumber(Transaction& transaction, const Site& site,
                                  const ProgrammeSite& programme, Card card) {
  for (int draw = 0; draw < kNumberDraws; ++draw) {
    card.number = cards::MakeCardNumber(programme.programme.card_number, *site.random);
    auto inserted = transaction.InsertCard(programme.programme.id, card);
    if (!inserted.ok()) return std::move(inserted).error();
    if (inserted.value()) return card;
  }
  return NumbersExhausted();
}

Result<Card> InsertWithNumber(Transaction& transaction, const ProgrammeId& programme, Card card,
                              const CardNumber& number) {
  card.number = number;
  auto inserted = transaction.InsertCard(programme, card);
  if (!inserted.ok()) return std::move(inserted).error();
  if (inserted.value()) return card;
  Error taken = Conflict("number_taken", "card " + number.str() + " is or was in use");
  taken.problems.push_back({"number_taken", "/number", taken.message});
  return taken;
}

// What the rules of now sell cards for; 0: nothing.
Result<std::int64_t> PriceOfCards(Transaction& transaction, const ProgrammeSite& programme) {
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  return rules.value()->card.price_minor;
}

// The card that comes in another's place has its terms.
Status CopyTerms(Transaction& transaction, const ProgrammeId& programme, const std::string& from,
                 const std::string& to) {
  auto terms = transaction.CardTerms().FindCardTerms(programme, from);
  if (!terms.ok()) return std::move(terms).error();
  if (!terms.value()) return {};
  terms.value()->card = to;
  return transaction.CardTerms().PutCardTerms(programme, *terms.value());
}

// The card as of the time that its phones last saw, so that the next change is later than that even
// if a design was published in between.
Result<Card> WithEffectiveTime(Transaction& transaction, const ProgrammeId& programme, Card card) {
  auto newest = transaction.NewestDesignChange(programme, card.template_name);
  if (!newest.ok()) return std::move(newest).error();
  // Nearly always: whatever version reaches the card, it is not later.
  if (newest.value() && *newest.value() <= card.changed_at) return card;
  auto design = ChooseDesign(transaction, programme, card);
  if (!design.ok()) return std::move(design).error();
  card.changed_at = EffectiveTime(card, design.value());
  return card;
}

// After a change of what the card shows was written: whoever has it in a wallet shall learn of it.
Status Tell(Transaction& transaction, const ProgrammeId& programme, const Card& card) {
  return transaction.WantDelivery(programme, card.id, card.revision);
}

// Writes a change of what the card shows. False if its number is or was another card's.
Result<bool> WriteShown(Transaction& transaction, const ProgrammeId& programme, const Card& card) {
  auto updated = transaction.UpdateCard(programme, card);
  if (!updated.ok() || !updated.value()) return updated;
  if (Status told = Tell(transaction, programme, card); !told.ok()) return std::move(told).error();
  return true;
}

// Loads the card, lets `change` decide, writes what it returned.
template <class Decide>
Result<Card> ChangeCard(Transaction& transaction, const ProgrammeId& programme,
                        const CardNumber& number, Decide change) {
  auto found = GetCard(transaction, programme, number);
  if (!found.ok()) return found;
  auto current = WithEffectiveTime(transaction, programme, std::move(found).value());
  if (!current.ok()) return current;
  const std::int64_t revision = current.value().revision;
  Result<Card> changed = change(std::move(current).value());
  if (!changed.ok() || changed.value().revision == revision) return changed;
  auto updated = WriteShown(transaction, programme, changed.value());
  if (!updated.ok()) return std::move(updated).error();
  return changed;
}

// The same, and the journal says so.
template <class Decide>
Result<Card> ChangeAndRecord(Transaction& transaction, const ProgrammeId& programme,
                             const CardNumber& number, const CardEvent& event, const Deed& deed,
                             Decide decide) {
  bool changes = false;
  auto changed = ChangeCard(transaction, programme, number, [&](Card card) {
    const std::int64_t revision = card.revision;
    Result<Card> decided = decide(std::move(card));
    changes = decided.ok() && decided.value().revision != revision;
    return decided;
  });
  if (!changed.ok() || !changes) return changed;
  return RecordEvent(transaction, programme, std::move(changed).value(), event, deed);
}

// The card in another design of the same kind.
Result<Card> WithTemplate(Transaction& transaction, const ProgrammeId& programme, Card card,
                          const std::optional<TemplateName>& name) {
  if (!name || *name == card.template_name) return card;
  auto wanted = PublishedKind(transaction, programme, *name);
  if (!wanted.ok()) return std::move(wanted).error();
  auto present = PublishedKind(transaction, programme, card.template_name);
  if (!present.ok()) return std::move(present).error();
  if (wanted.value() != present.value()) {
    return InvalidInput(
        "other_kind", "/template",
        "the card is of kind " + present.value() + ", this template of kind " + wanted.value());
  }
  card.template_name = *name;
  return card;
}

Result<Card> ReplaceNumber(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, Card card, const Deed& deed) {
  const ProgrammeId& id = programme.programme.id;
  const CardEvent event{.type = ledger::EntryType::kReplace, .replaced = card.number};
  Result<Card> found(std::move(card));
  auto current = WithEffectiveTime(transaction, id, std::move(found).value());
  if (!current.ok()) return current;
  for (int draw = 0; draw < kNumberDraws; ++draw) {
    auto replaced = cards::Replace(
        current.value(), cards::MakeCardNumber(programme.programme.card_number, *site.random),
        transaction.Now());
    if (!replaced.ok()) return replaced;
    auto updated = WriteShown(transaction, id, replaced.value());
    if (!updated.ok()) return std::move(updated).error();
    if (updated.value()) {
      return RecordEvent(transaction, id, std::move(replaced).value(), event, deed);
    }
  }
  return NumbersExhausted();
}

Result<Card> ReplaceCompromised(Transaction& transaction, const Site& site,
                                const ProgrammeSite& programme, const Card& card,
                                const Deed& deed) {
  const ProgrammeId& id = programme.programme.id;
  auto closed = CloseCard(transaction, id, card.number, deed);
  if (!closed.ok()) return closed;
  const Card& old = closed.value();
  Card next = MakeCard(site, {card.member, card.holder}, card.template_name, transaction.Now());
  next.status = card.status;  // A blocked card stays blocked.
  next.status_reason = card.status_reason;
  next.blocked_until = card.blocked_until;
  auto fresh = InsertWithFreeNumber(transaction, site, programme, std::move(next));
  if (!fresh.ok()) return fresh;
  if (Status moved = transaction.MoveCardNumbers(id, old.id, fresh.value().id); !moved.ok()) {
    return std::move(moved).error();
  }
  // One that shows the design of its member's level goes back to the same when the level falls.
  const auto own = transaction.Tiers().FindOwnTemplate(id, old.id);
  if (!own.ok()) return own.error();
  if (own.value()) {
    Status kept = transaction.Tiers().PutOwnTemplate(id, fresh.value().id, own.value());
    if (!kept.ok()) return std::move(kept).error();
  }
  if (Status copied = CopyTerms(transaction, id, old.id, fresh.value().id); !copied.ok()) {
    return std::move(copied).error();
  }
  return RecordEvent(
      transaction, id, std::move(fresh).value(),
      {.type = ledger::EntryType::kReplace, .replaced = card.number, .replaced_card = old.id},
      deed);
}

}  // namespace

Bearer BearerOf(const cards::Member& person) {
  if (person.acts_for.empty()) return {.member = person.id};
  return {.member = person.acts_for, .holder = person.id};
}

Result<IssuedCard> FindOrIssueCard(Transaction& transaction, const Site& site,
                                   const ProgrammeSite& programme, const CardWish& wish) {
  auto known = transaction.CardsOfMember(programme.programme.id, wish.bearer->member);
  if (!known.ok()) return std::move(known).error();
  const Timestamp now = transaction.Now();
  bool has_some = false;
  for (const CardStatus status : {CardStatus::kActive, CardStatus::kPending}) {
    for (const Card& card : known.value()) {
      if (card.holder != wish.bearer->holder) continue;
      if (cards::EffectiveStatus(card, now) == status) return IssuedCard{card, false};
      has_some = true;
    }
  }
  if (has_some) {
    return Conflict("card_blocked", "every card of this customer is blocked or closed",
                    "unblock one, or replace it: POST /api/v1/cards/{number}/replace");
  }
  auto card = IssueCard(transaction, site, programme, wish);
  if (!card.ok()) return std::move(card).error();
  return IssuedCard{std::move(card).value(), true};
}

Result<Card> IssueCard(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                       const CardWish& wish) {
  const ProgrammeId& id = programme.programme.id;
  const TemplateName name = wish.template_name.value_or(programme.programme.templates.front());
  if (Status known = RequirePublished(transaction, id, name); !known.ok()) {
    return std::move(known).error();
  }
  const auto price = wish.sold ? PriceOfCards(transaction, programme) : Result<std::int64_t>(0);
  if (!price.ok()) return price.error();
  Card card = MakeCard(site, wish.bearer.value_or(Bearer()), name, transaction.Now());
  if (price.value() > 0) card.status = CardStatus::kPending;
  auto inserted = wish.number ? InsertWithNumber(transaction, id, std::move(card), *wish.number)
                              : InsertWithFreeNumber(transaction, site, programme, std::move(card));
  if (!inserted.ok() || price.value() == 0) return inserted;
  Status kept = transaction.CardTerms().PutCardTerms(
      id, {.card = inserted.value().id, .rate_ppm = {}, .price_minor = price.value()});
  if (!kept.ok()) return std::move(kept).error();
  return inserted;
}

Result<Card> AssignCard(Transaction& transaction, const ProgrammeId& programme,
                        const CardNumber& number, const Bearer& bearer) {
  return ChangeCard(transaction, programme, number, [&](Card card) -> Result<Card> {
    if (card.member == bearer.member && card.holder == bearer.holder) return card;
    if (!card.member.empty()) {
      return Conflict("card_assigned", "the card belongs to another member");
    }
    if (card.status == CardStatus::kClosed) return Conflict("card_closed", "the card is closed");
    card.member = bearer.member;
    card.holder = bearer.holder;
    return cards::Touch(std::move(card), transaction.Now());
  });
}

Error CardPending() {
  return Conflict("card_pending", "the card was not paid for yet",
                  "report its payment: POST /api/v1/cards/{number}/paid");
}

Status RequireUsable(const Transaction::Numbered& found, Timestamp now) {
  if (found.compromised) {
    return Conflict("card_replaced", "the card number was given up as compromised",
                    "ask for the new card");
  }
  switch (cards::EffectiveStatus(found.card, now)) {
    case CardStatus::kActive:
      break;
    case CardStatus::kPending:
      return CardPending();
    case CardStatus::kBlocked:
      return Conflict("card_blocked", "the card is blocked",
                      "unblock it: POST /api/v1/cards/{number}/unblock");
    case CardStatus::kClosed:
      return Conflict("card_closed", "the card is closed");
  }
  if (!found.card.member.empty()) return {};
  return Conflict("card_unassigned", "the card belongs to nobody yet",
                  "give it to a member: POST /api/v1/cards/{number}/assign");
}

Result<Card> GetCard(Transaction& transaction, const ProgrammeId& programme,
                     const CardNumber& number) {
  auto found = transaction.FindCardByNumber(programme, number);
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) {
    return Error{.code = ErrorCode::kNotFound, .message = "no card with that number"};
  }
  return std::move(found.value()->card);
}

Status TouchCardsOf(Transaction& transaction, const ProgrammeId& programme, const MemberId& member,
                    std::vector<Card>* touched) {
  auto cards = transaction.CardsOfMember(programme, member);
  if (!cards.ok()) return std::move(cards).error();
  for (const Card& card : cards.value()) {
    if (card.status == CardStatus::kClosed) continue;
    auto next = TouchCard(transaction, programme, card);
    if (!next.ok()) return std::move(next).error();
    if (touched != nullptr) touched->push_back(std::move(next).value());
  }
  return {};
}

Result<bool> EndBlockIfOver(Transaction& transaction, const ProgrammeId& programme,
                            const std::string& card_id) {
  auto found = transaction.FindCard(programme, card_id);
  if (!found.ok()) return std::move(found).error();
  if (!found.value() || !cards::BlockIsOver(*found.value(), transaction.Now())) return false;
  auto current = WithEffectiveTime(transaction, programme, *std::move(found).value());
  if (!current.ok()) return std::move(current).error();
  const CardEvent event{.type = ledger::EntryType::kUnblock, .due = current.value().blocked_until};
  current.value().status = CardStatus::kActive;
  current.value().status_reason.clear();
  current.value().blocked_until.reset();
  Card active = cards::Touch(std::move(current).value(), transaction.Now());
  auto written = WriteShown(transaction, programme, active);
  if (!written.ok() || !written.value()) return written;
  auto recorded = RecordEvent(transaction, programme, std::move(active), event, {});
  if (!recorded.ok()) return std::move(recorded).error();
  return true;
}

Result<Card> TouchCard(Transaction& transaction, const ProgrammeId& programme, const Card& card) {
  auto current = WithEffectiveTime(transaction, programme, card);
  if (!current.ok()) return current;
  Card touched = cards::Touch(std::move(current).value(), transaction.Now());
  Status updated = transaction.UpdateCardRevision(programme, touched);
  if (!updated.ok()) return std::move(updated).error();
  if (Status told = Tell(transaction, programme, touched); !told.ok()) {
    return std::move(told).error();
  }
  return touched;
}

Result<bool> ShowTemplate(Transaction& transaction, const ProgrammeId& programme, const Card& card,
                          const TemplateName& name) {
  // As late as its phones have seen it, before another design brings its own time.
  auto current = WithEffectiveTime(transaction, programme, card);
  if (!current.ok()) return std::move(current).error();
  auto designed = WithTemplate(transaction, programme, std::move(current).value(), name);
  if (!designed.ok() && designed.error().code == ErrorCode::kInvalidArgument) return false;
  if (!designed.ok()) return std::move(designed).error();
  return WriteShown(transaction, programme,
                    cards::Touch(std::move(designed).value(), transaction.Now()));
}

Result<Card> ActivateCard(Transaction& transaction, const ProgrammeId& programme,
                          const CardNumber& number, const Deed& deed, const std::string& payment) {
  CardEvent event{.type = ledger::EntryType::kCardPaid};
  event.facts = {{"payment", payment}};
  return ChangeAndRecord(transaction, programme, number, event, deed, [&](Card card) {
    return cards::Activate(std::move(card), transaction.Now());
  });
}

Result<Card> BlockCard(Transaction& transaction, const ProgrammeId& programme,
                       const CardNumber& number, const Deed& deed, std::optional<Timestamp> until) {
  const CardEvent event{.type = ledger::EntryType::kBlock, .until = until};
  return ChangeAndRecord(transaction, programme, number, event, deed, [&](Card card) {
    return cards::Block(std::move(card), deed.reason, until, transaction.Now());
  });
}

Result<Card> UnblockCard(Transaction& transaction, const ProgrammeId& programme,
                         const CardNumber& number, const Deed& deed) {
  const CardEvent event{.type = ledger::EntryType::kUnblock};
  return ChangeAndRecord(transaction, programme, number, event, deed, [&](Card card) {
    return cards::Unblock(std::move(card), deed.reason, transaction.Now());
  });
}

Result<Card> CloseCard(Transaction& transaction, const ProgrammeId& programme,
                       const CardNumber& number, const Deed& deed) {
  const CardEvent event{.type = ledger::EntryType::kClose};
  return ChangeAndRecord(transaction, programme, number, event, deed,
                         [&](Card card) -> Result<Card> {
                           if (card.status == CardStatus::kClosed) return card;
                           return cards::Close(std::move(card), deed.reason, transaction.Now());
                         });
}

Result<Card> ReplaceCard(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                         const CardNumber& number, const Replacement& replacement) {
  if (replacement.deed.reason.empty()) {
    return InvalidInput("required", "/reason", "say why the card is replaced");
  }
  const ProgrammeId& id = programme.programme.id;
  auto found = GetCard(transaction, id, number);
  if (!found.ok()) return found;
  if (found.value().status == CardStatus::kClosed) {
    return Conflict("card_closed", "the card is closed");
  }
  if (found.value().status == CardStatus::kPending) return CardPending();
  // As late as its phones have seen it, before another design brings its own time.
  auto seen = WithEffectiveTime(transaction, id, std::move(found).value());
  if (!seen.ok()) return seen;
  auto designed = WithTemplate(transaction, id, std::move(seen).value(), replacement.template_name);
  if (!designed.ok()) return designed;
  if (replacement.template_name) {
    Status own = transaction.Tiers().PutOwnTemplate(id, designed.value().id, std::nullopt);
    if (!own.ok()) return std::move(own).error();
  }
  return replacement.compromised
             ? ReplaceCompromised(transaction, site, programme, designed.value(), replacement.deed)
             : ReplaceNumber(transaction, site, programme, std::move(designed).value(),
                             replacement.deed);
}

}  // namespace passmint::issuance
