#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cards/card.h"
#include "cards/member.h"
#include "issuance/card_terms_tables.h"
#include "issuance/customer.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// A member with all that the API shows of one.
struct MemberView {
  cards::Member member;
  std::optional<std::string> phone;
  std::optional<std::string> email;
  std::vector<cards::Card> cards;  // Newest first, closed ones too.
  PointsSummary points;
  std::map<std::string, AttributeSource> sources = {};  // Of the attributes; the shop if absent.
};

// Of merged members the one that took them over. Somebody who acts for an organisation is shown
// with the cards of it that they carry and its points. Fails with kNotFound.
Result<MemberView> GetMember(Transaction& transaction, const ProgrammeId& programme,
                             const MemberId& id);

// Exactly one of the three, as the caller sent it.
struct MemberQuery {
  std::optional<std::string> phone;
  std::optional<std::string> email;
  std::optional<std::string> card_number;
};

struct LookupResult {
  std::optional<MemberView> member;      // Nothing for an unassigned card.
  std::optional<cards::Card> card;       // The one asked for, else the newest active one.
  std::optional<CardNumber> asked = {};  // The number that the card was asked for by.
  bool compromised = false;              // That number was given up as compromised.
};

// Fails with kInvalidArgument on anything but exactly one readable field, with kNotFound.
Result<LookupResult> LookupMember(Transaction& transaction, const cards::Programme& programme,
                                  const MemberQuery& query);

// RFC 7396 on the member: a null removes, a missing key leaves as it is.
struct MemberPatch {
  // Outer nothing: leave; inner nothing: remove.
  std::optional<std::optional<std::string>> phone, email, name, birthday, locale, time_zone;
  // A phone or e-mail that another member has is taken from there: its provider gave it to another
  // person, who has shown to hold it now. Nothing else moves.
  bool identity_reassigned = false;
  std::optional<bool> opted_in = {};
  std::string source = {};           // Who says so: the name of the API key.
  Json attributes = Json::object();  // To be merged; null removes all.
  // Who gives the attributes; with `overwrite` also over what somebody stronger gave.
  AttributeSource attribute_source = AttributeSource::kShop;
  bool overwrite = false;
};

// Every card of the member gets its next revision if something that cards may show has changed.
// Fails with kNotFound; kInvalidArgument ("no_identity": the last way to find the member
// would go); kConflict ("identity_taken", "member_erased"; "conflict": phone, e-mail or birthday of
// an organisation).
Result<MemberView> PatchMember(Transaction& transaction, const cards::Programme& programme,
                               const MemberId& id, const MemberPatch& patch);

// Removes personal data, what was written beside journal entries included, and closes the cards.
// Orders and the journal stay, without a name; points stay and expire in their time. Also of every
// member that was merged into this one. Again changes nothing. Who acts for an organisation leaves
// it first; its points stay with it. Fails with kNotFound; kConflict, "conflict".
Status EraseMember(Transaction& transaction, const ProgrammeId& programme, const MemberId& id,
                   const std::string& actor);

}  // namespace passmint::issuance
