#include "issuance/members.h"

#include <algorithm>
#include <utility>

#include "cards/card_number.h"
#include "cards/contact.h"
#include "issuance/attribute_sources.h"
#include "issuance/card_life.h"
#include "issuance/organisations.h"
#include "issuance/owner.h"
#include "issuance/points.h"

namespace passmint::issuance {
namespace {

using cards::Identity;
using cards::IdentityType;
using cards::Member;

Error UnknownMember() { return {.code = ErrorCode::kNotFound, .message = "no such member"}; }

Result<LookupResult> LookupByCard(Transaction& transaction, const cards::Programme& programme,
                                  const std::string& text) {
  auto number = cards::ParseCardNumber(text, programme.card_number);
  if (!number.ok())
    return InvalidInput("invalid_card_number", "/card_number", number.error().message);
  auto found = transaction.FindCardByNumber(programme.id, number.value());
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) {
    return Error{.code = ErrorCode::kNotFound, .message = "no card with that number"};
  }
  LookupResult result{.member = std::nullopt,
                      .card = std::move(found.value()->card),
                      .asked = std::move(number).value(),
                      .compromised = found.value()->compromised};
  if (result.card->member.empty()) return result;
  auto member = GetMember(transaction, programme.id, result.card->member);
  if (!member.ok()) return std::move(member).error();
  result.member = std::move(member).value();
  return result;
}

Result<LookupResult> LookupByIdentity(Transaction& transaction, const cards::Programme& programme,
                                      IdentityType type, const std::string& value) {
  auto id = transaction.FindMemberByIdentity(programme.id, type, value);
  if (!id.ok()) return std::move(id).error();
  if (!id.value()) return UnknownMember();
  auto member = GetMember(transaction, programme.id, *id.value());
  if (!member.ok()) return std::move(member).error();
  LookupResult result{.member = std::move(member).value(), .card = std::nullopt};
  for (const cards::Card& card : result.member->cards) {
    if (cards::EffectiveStatus(card, transaction.Now()) == cards::CardStatus::kActive) {
      result.card = card;
      break;
    }
  }
  return result;
}

// The patch as customer facts, so that the checks are those of an order. Removals are not in it.
CustomerFacts Facts(const MemberPatch& patch) {
  CustomerFacts facts;
  facts.phone = patch.phone.value_or(std::nullopt);
  facts.email = patch.email.value_or(std::nullopt);
  facts.name = patch.name.value_or(std::nullopt);
  facts.birthday = patch.birthday.value_or(std::nullopt);
  facts.locale = patch.locale.value_or(std::nullopt);
  facts.time_zone = patch.time_zone.value_or(std::nullopt);
  if (patch.attributes.is_object()) {
    for (const auto& [name, value] : patch.attributes.items()) {
      if (!value.is_null()) facts.attributes[name] = value;
    }
  }
  return facts;
}

void ApplyFacts(Member& member, const MemberPatch& patch, const Customer& checked, Timestamp now) {
  if (patch.name) member.name = checked.name;
  if (patch.birthday) member.birthday = checked.birthday;
  if (patch.locale) member.locale = checked.locale;
  if (patch.time_zone) member.time_zone = checked.time_zone;
  if (patch.opted_in) SetOptIn(member, *patch.opted_in, now, patch.source);
}

// Null removes every attribute that the source may remove.
Status ApplyAttributes(Transaction& transaction, const ProgrammeId& programme,
                       const MemberPatch& patch, Member& member) {
  AttributeChange change{
      .wanted = patch.attributes, .source = patch.attribute_source, .overwrite = patch.overwrite};
  if (patch.attributes.is_null()) {
    change.wanted = Json::object();
    for (const auto& [name, value] : member.attributes.items()) change.wanted[name] = nullptr;
  }
  const auto merged = MergeAttributes(transaction, programme, change, member);
  return merged.ok() ? Status() : Status(merged.error());
}

Error Taken(IdentityType type) {
  const bool email = type == IdentityType::kEmail;
  Error error{.code = ErrorCode::kConflict,
              .message = email ? "the e-mail belongs to another member"
                               : "the phone belongs to another member",
              .reason = "identity_taken"};
  error.problems.push_back({"identity_taken", email ? "/email" : "/phone", error.message});
  return error;
}

// Makes the identity free for its new holder: from whoever has it, if it was given to another
// person, and with it what their cards show of it.
Status Release(Transaction& transaction, const ProgrammeId& programme, IdentityType type,
               const std::string& value, bool reassigned) {
  auto owner = transaction.FindMemberByIdentity(programme, type, value);
  if (!owner.ok()) return std::move(owner).error();
  if (!owner.value()) return {};
  if (!reassigned) return Taken(type);
  Status detached = transaction.DetachIdentity(programme, *owner.value(), type);
  return detached.ok() ? TouchCardsOf(transaction, programme, *owner.value()) : detached;
}

// Replaces or removes one identity. Nothing happens if it is what it should be.
Status SetIdentity(Transaction& transaction, const ProgrammeId& programme, const MemberView& view,
                   IdentityType type, const std::optional<std::string>& wanted, bool reassigned) {
  const auto& present = type == IdentityType::kEmail ? view.email : view.phone;
  if (present == wanted) return {};
  if (wanted) {
    Status released = Release(transaction, programme, type, *wanted, reassigned);
    if (!released.ok()) return released;
  }
  if (present) {
    if (Status detached = transaction.DetachIdentity(programme, view.member.id, type);
        !detached.ok()) {
      return detached;
    }
  }
  if (!wanted) return {};
  auto attached = transaction.AttachIdentity(
      programme, view.member.id,
      {.type = type,
       .value = *wanted,
       .verified_at = reassigned ? std::optional(transaction.Now()) : std::nullopt});
  if (!attached.ok()) return std::move(attached).error();
  return attached.value() ? Status() : Status(Taken(type));
}

// Phone, e-mail or an open card: something must lead to a member.
bool StaysFindable(const MemberView& view, const MemberPatch& patch, const Customer& checked) {
  const auto after = [](const auto& change, const auto& present, const auto& wanted) {
    return change ? wanted.has_value() : present.has_value();
  };
  return after(patch.phone, view.phone, checked.phone) ||
         after(patch.email, view.email, checked.email) ||
         std::any_of(view.cards.begin(), view.cards.end(), [](const cards::Card& card) {
           return card.status != cards::CardStatus::kClosed;
         });
}

Status WritePatch(Transaction& transaction, const ProgrammeId& programme, const MemberView& view,
                  const MemberPatch& patch, const Customer& checked) {
  if (patch.phone) {
    if (Status phone = SetIdentity(transaction, programme, view, IdentityType::kPhone,
                                   checked.phone, patch.identity_reassigned);
        !phone.ok()) {
      return phone;
    }
  }
  if (patch.email) {
    if (Status email = SetIdentity(transaction, programme, view, IdentityType::kEmail,
                                   checked.email, patch.identity_reassigned);
        !email.ok()) {
      return email;
    }
  }
  Member member = view.member;
  ApplyFacts(member, patch, checked, transaction.Now());
  if (Status applied = ApplyAttributes(transaction, programme, patch, member); !applied.ok()) {
    return applied;
  }
  if (member.attributes.size() > cards::kAttributesMax) {
    return InvalidInput("too_many", "/attributes", "at most 50 attributes");
  }
  member.changed_at = transaction.Now();
  if (Status updated = transaction.UpdateMember(programme, member); !updated.ok()) return updated;
  return TouchCardsOf(transaction, programme, member.id);
}

}  // namespace

Result<MemberView> GetMember(Transaction& transaction, const ProgrammeId& programme,
                             const MemberId& id) {
  auto member = FindLivingMember(transaction, programme, id);
  if (!member.ok()) return std::move(member).error();
  if (!member.value()) return UnknownMember();
  auto identities = transaction.Identities(programme, member.value()->id);
  if (!identities.ok()) return std::move(identities).error();
  const Bearer bearer = BearerOf(*member.value());
  auto cards = transaction.CardsOfMember(programme, bearer.member);
  if (!cards.ok()) return std::move(cards).error();
  if (!bearer.holder.empty()) {
    std::erase_if(cards.value(),
                  [&](const cards::Card& card) { return card.holder != bearer.holder; });
  }
  auto holder = AccountHolder(transaction, programme, *member.value());
  if (!holder.ok()) return std::move(holder).error();
  auto points = PointsOf(transaction, programme, holder.value().account);
  if (!points.ok()) return std::move(points).error();
  auto sources = SourcesOf(transaction, programme, *member.value());
  if (!sources.ok()) return std::move(sources).error();
  MemberView view{.member = *std::move(member).value(),
                  .phone = std::nullopt,
                  .email = std::nullopt,
                  .cards = std::move(cards).value(),
                  .points = std::move(points).value(),
                  .sources = std::move(sources).value()};
  for (Identity& identity : identities.value()) {
    auto& shown = identity.type == IdentityType::kPhone ? view.phone : view.email;
    if (!shown) shown = std::move(identity.value);  // Those of merged members come last.
  }
  return view;
}

Result<LookupResult> LookupMember(Transaction& transaction, const cards::Programme& programme,
                                  const MemberQuery& query) {
  const int given =
      query.phone.has_value() + query.email.has_value() + query.card_number.has_value();
  if (given != 1) {
    return InvalidInput("choose_one", "", "send exactly one of phone, email and card_number");
  }
  if (query.card_number) return LookupByCard(transaction, programme, *query.card_number);
  const bool by_phone = query.phone.has_value();
  auto value = by_phone ? cards::NormalisePhone(*query.phone, programme.region)
                        : cards::NormaliseEmail(*query.email);
  if (!value.ok()) {
    return InvalidInput(by_phone ? "invalid_phone" : "invalid_email",
                        by_phone ? "/phone" : "/email", value.error().message);
  }
  return LookupByIdentity(transaction, programme,
                          by_phone ? IdentityType::kPhone : IdentityType::kEmail, value.value());
}

Result<MemberView> PatchMember(Transaction& transaction, const cards::Programme& programme,
                               const MemberId& id, const MemberPatch& patch) {
  auto view = GetMember(transaction, programme.id, id);
  if (!view.ok()) return view;
  if (view.value().member.erased) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "the member's data was erased",
                 .reason = "member_erased"};
  }
  if (patch.phone || patch.email || patch.birthday) {
    Status person = RequirePerson(transaction, programme.id, view.value().member.id);
    if (!person.ok()) return std::move(person).error();
  }
  std::vector<InputProblem> problems;
  const Customer checked = CheckCustomer(Facts(patch), programme, "", problems);
  if (problems.empty() && !StaysFindable(view.value(), patch, checked)) {
    problems.push_back({"no_identity", patch.phone ? "/phone" : "/email",
                        "without phone, e-mail and an open card nobody could find the member"});
  }
  if (!problems.empty()) {
    Error error{.code = ErrorCode::kInvalidArgument, .message = problems.front().detail};
    error.problems = std::move(problems);
    return error;
  }
  if (Status written = WritePatch(transaction, programme.id, view.value(), patch, checked);
      !written.ok()) {
    return std::move(written).error();
  }
  return GetMember(transaction, programme.id, id);
}

Status EraseMember(Transaction& transaction, const ProgrammeId& programme, const MemberId& id,
                   const std::string& actor) {
  if (Status apart = LeaveOrganisations(transaction, programme, id); !apart.ok()) return apart;
  auto view = GetMember(transaction, programme, id);
  if (!view.ok()) return std::move(view).error();
  if (view.value().member.erased) return {};
  const Deed deed{.reason = "erased", .actor = actor};  // Its note would be erased at once.
  for (const cards::Card& card : view.value().cards) {
    auto closed = CloseCard(transaction, programme, card.number, deed);
    if (!closed.ok()) return std::move(closed).error();
  }
  auto members = MergedMembers(transaction, programme, view.value().member.id);
  if (!members.ok()) return std::move(members).error();
  for (const MemberId& member : members.value()) {
    if (Status erased = transaction.EraseMember(programme, member); !erased.ok()) return erased;
    if (Status notes = transaction.EraseNotes(programme, AccountFor(member)); !notes.ok()) {
      return notes;
    }
  }
  return {};
}

}  // namespace passmint::issuance
