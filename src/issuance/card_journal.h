#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "cards/card.h"
#include "issuance/points.h"
#include "issuance/store.h"
#include "json/json.h"
#include "ledger/entry.h"

// What happens to a card stands in the journal of its account, beside the points: who did it, when
// and why.

namespace passmint::issuance {

// Who changes a card, and why.
struct Deed {
  std::string reason;
  std::string actor = kSystemActor;  // Name of the API key.
  // For the salt of the erasable note that keeps the reason; null: no note, the entry alone.
  Random* random = nullptr;
};

struct CardEvent {
  ledger::EntryType type = ledger::EntryType::kBlock;  // A service operation.
  std::optional<Timestamp> until = {};                 // Of a temporary block.
  // Of a replacement: the number that the card had before and, if another card came in its place,
  // the id of that one.
  std::optional<CardNumber> replaced = {};
  std::string replaced_card = {};
  std::optional<Timestamp> due = {};  // When time did it, if time did it.
  Json facts = Json::object();        // More for the note, such as a rate and the one before it.
};

// The journal that a card's events stand in: its member's. A card that is nobody's yet has one of
// its own.
AccountId JournalOf(const cards::Card& card);

// Adds the event to the journal of `card`, which was written already. Returns the card as it is
// then: what was due on the account is posted first, and that may give it a further revision.
// Fails as ledger::Apply and LedgerTables.
Result<cards::Card> RecordEvent(Transaction& transaction, const ProgrammeId& programme,
                                cards::Card card, const CardEvent& event, const Deed& deed);

}  // namespace passmint::issuance
