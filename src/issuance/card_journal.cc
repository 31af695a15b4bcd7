#include "issuance/card_journal.h"

#include <utility>
#include <vector>

#include "issuance/points.h"
#include "json/json.h"

namespace passmint::issuance {
namespace {

// Numbers and reasons are the member's data: they lie beside the entry, where they can be erased.
Json NoteOf(const cards::Card& card, const CardEvent& event, const Deed& deed) {
  if (deed.random == nullptr) return nullptr;
  Json note = {{"reason", deed.reason}, {"card", card.id}};
  if (event.until) note["until"] = FormatRfc3339(*event.until);
  if (event.replaced) {
    note["number"] = card.number.str();
    note["replaced"] = event.replaced->str();
  }
  note.update(event.facts);
  return note;
}

}  // namespace

AccountId JournalOf(const cards::Card& card) {
  return card.member.empty() ? AccountId("a_" + card.id) : AccountFor(card.member);
}

Result<cards::Card> RecordEvent(Transaction& transaction, const ProgrammeId& programme,
                                cards::Card card, const CardEvent& event, const Deed& deed) {
  std::vector<cards::Card> touched;
  Status recorded = RecordService(transaction, programme, JournalOf(card),
                                  {.type = event.type,
                                   .document = {.type = ledger::DocumentType::kCard,
                                                .source = {},
                                                .id = card.id,
                                                .parent = event.replaced_card},
                                   .due = event.due},
                                  {.actor = deed.actor,
                                   .note = NoteOf(card, event, deed),
                                   .random = deed.random,
                                   .touched = &touched});
  if (!recorded.ok()) return std::move(recorded).error();
  for (cards::Card& other : touched) {
    if (other.id == card.id) return std::move(other);
  }
  return card;
}

}  // namespace passmint::issuance
