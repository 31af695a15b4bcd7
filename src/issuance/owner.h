#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cards/card.h"
#include "cards/member.h"
#include "cards/programme.h"
#include "issuance/store.h"

namespace passmint::issuance {

// Whose points a call is about, as the caller said it: exactly one of the two.
struct Who {
  std::optional<std::string> card_number;
  std::optional<MemberId> member;
};

// Whose account it is and, if it was named by one, the card. For somebody who acts for an
// organisation that is the organisation's member, and the card is one that they carry.
struct Owner {
  cards::Member member;
  std::optional<Transaction::Numbered> card;
};

// The member that `id` is today: of merged members the one that took them over. Nothing if there
// is none. Locks it.
Result<std::optional<cards::Member>> FindLivingMember(Transaction& transaction,
                                                      const ProgrammeId& programme,
                                                      const MemberId& id);

// Whose account the member earns and spends on: that of the organisation it acts for, else its own.
// Locks it.
Result<cards::Member> AccountHolder(Transaction& transaction, const ProgrammeId& programme,
                                    cards::Member member);

// The member and all that were merged into it, it first.
Result<std::vector<MemberId>> MergedMembers(Transaction& transaction, const ProgrammeId& programme,
                                            const MemberId& member);

// `pointer`: of the object that holds card_number and member_id; "" for the body itself.
// Fails with kInvalidArgument (choose_one, invalid_card_number, unknown_card, unknown_member) and
// kConflict (card_unassigned, member_erased).
Result<Owner> FindOwner(Transaction& transaction, const cards::Programme& programme, const Who& who,
                        std::string_view pointer);

// Whether points may move from or to the owner: by the card if it was named by one, else by any of
// the member's cards; a member without cards may. Nobody's from or to an organisation whose
// contract has ended. Fails with kConflict (card_blocked, card_closed, card_replaced,
// organisation_ended).
Status RequireUsable(Transaction& transaction, const ProgrammeId& programme, const Owner& owner);

// Whether the owner's card, or one of theirs, was paid for: staff may give to a blocked card, to a
// pending one nobody. Fails with kConflict, "card_pending".
Status RequirePaid(Transaction& transaction, const ProgrammeId& programme, const Owner& owner);

// An error of the ledger about an amount, as one about the field at `pointer`; others as they are.
Error AtField(Error error, std::string_view pointer);

}  // namespace passmint::issuance
