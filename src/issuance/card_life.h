#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cards/card.h"
#include "cards/programme.h"
#include "issuance/card_journal.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// A card and whether this call made it.
struct IssuedCard {
  cards::Card card;
  bool created = false;
};

// Whose points a card shows and who carries it.
struct Bearer {
  MemberId member;
  MemberId holder = {};  // As cards::Card::holder.
};

// Of the cards of somebody who may act for an organisation.
Bearer BearerOf(const cards::Member& person);

// What card is wanted.
struct CardWish {
  std::optional<Bearer> bearer = {};  // Nothing: printed stock, to be assigned later.
  std::optional<TemplateName> template_name = {};
  std::optional<CardNumber> number = {};  // That is printed on it.
  bool sold = true;                       // Pending if the rules have a price for cards.
};

// The bearer's newest active card, else the newest that awaits its payment; a new one if the bearer
// has none at all.
// The rest of the wish matters only when a card is made; no template means the programme's first.
// REQUIRES: a bearer.
// Fails with kConflict, reason "card_blocked", if the member has cards and all are blocked or
// closed: no new card is minted around a block. Fails with kInvalidArgument, reason
// "unknown_template", if no version of the template is published.
Result<IssuedCard> FindOrIssueCard(Transaction& transaction, const Site& site,
                                   const ProgrammeSite& programme, const CardWish& wish);

// A further card. Fails as FindOrIssueCard, and with kConflict, reason "number_taken".
Result<cards::Card> IssueCard(Transaction& transaction, const Site& site,
                              const ProgrammeSite& programme, const CardWish& wish);

// Gives an unassigned card to a bearer. The same one again changes nothing.
// Fails as GetCard; with kConflict, reason "card_assigned", if it is somebody else's; as
// cards/card.h.
Result<cards::Card> AssignCard(Transaction& transaction, const ProgrammeId& programme,
                               const CardNumber& number, const Bearer& bearer);

// The card that `number` is or was the number of. Fails with kNotFound.
Result<cards::Card> GetCard(Transaction& transaction, const ProgrammeId& programme,
                            const CardNumber& number);

// The refusal of points on a card that was not paid for yet: kConflict, "card_pending".
Error CardPending();

// Whether points may move on a card that was named by a number. Fails with kConflict, reason
// "card_pending", "card_blocked", "card_closed", "card_replaced" (the number was given up as
// compromised) or "card_unassigned".
Status RequireUsable(const Transaction::Numbered& found, Timestamp now);

// The card after something that it shows has changed elsewhere (its member's name): the next
// revision and changed_at, written.
Result<cards::Card> TouchCard(Transaction& transaction, const ProgrammeId& programme,
                              const cards::Card& card);

// The same for every open card of a member. They are added to `touched` if it is not null.
Status TouchCardsOf(Transaction& transaction, const ProgrammeId& programme, const MemberId& member,
                    std::vector<cards::Card>* touched = nullptr);

// The card in another published design of its kind, with its next revision. False, and nothing
// happened, if the design was not published or is of another kind.
Result<bool> ShowTemplate(Transaction& transaction, const ProgrammeId& programme,
                          const cards::Card& card, const TemplateName& name);

// Posts the end of a temporary block: if the card stands as blocked by one that is over, it is
// active from now on, with its next revision. True if it was so. No failure if there is no such
// card.
Result<bool> EndBlockIfOver(Transaction& transaction, const ProgrammeId& programme,
                            const std::string& card_id);

// Each of the following stands in the journal as well, if it changed anything.
//
// A pending card is active from now on. `payment`: what the caller calls it. Fails as GetCard and
// as cards::Activate.
Result<cards::Card> ActivateCard(Transaction& transaction, const ProgrammeId& programme,
                                 const CardNumber& number, const Deed& deed,
                                 const std::string& payment);

// Fails as GetCard and as the function of the same name in cards/card.h.
Result<cards::Card> BlockCard(Transaction& transaction, const ProgrammeId& programme,
                              const CardNumber& number, const Deed& deed,
                              std::optional<Timestamp> until);
Result<cards::Card> UnblockCard(Transaction& transaction, const ProgrammeId& programme,
                                const CardNumber& number, const Deed& deed);
// Closing a closed card changes nothing and is no failure.
Result<cards::Card> CloseCard(Transaction& transaction, const ProgrammeId& programme,
                              const CardNumber& number, const Deed& deed);

struct Replacement {
  Deed deed;
  bool compromised = false;
  std::optional<TemplateName> template_name = {};
};

// A new number on the same pass and Google object; the old one resolves to the card from now on.
// With a `template_name` the card also changes its design, within its kind (kInvalidArgument,
// "other_kind"). `compromised`: the old pass is voided for good and the member gets another card,
// with new secrets, link, serial and Google object; the old number still resolves, to the new card.
Result<cards::Card> ReplaceCard(Transaction& transaction, const Site& site,
                                const ProgrammeSite& programme, const CardNumber& number,
                                const Replacement& replacement);

}  // namespace passmint::issuance
