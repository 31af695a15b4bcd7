#include "issuance/owner.h"

#include <algorithm>
#include <utility>

#include "cards/card_number.h"
#include "issuance/card_life.h"
#include "issuance/organisations.h"
#include "json/json.h"

namespace passmint::issuance {
namespace {

using cards::CardStatus;

// Each merge makes a chain longer by one at most; nobody merges a thousand members in a row.
constexpr int kMergesMax = 1000;

Error Erased() {
  return {.code = ErrorCode::kConflict,
          .message = "the member's data was erased",
          .reason = "member_erased"};
}

Result<Transaction::Numbered> FindCard(Transaction& transaction, const cards::Programme& programme,
                                       const std::string& text, const std::string& pointer) {
  auto number = cards::ParseCardNumber(text, programme.card_number);
  if (!number.ok()) return InvalidInput("invalid_card_number", pointer, number.error().message);
  auto found = transaction.FindCardByNumber(programme.id, number.value());
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) return InvalidInput("unknown_card", pointer, "no card has this number");
  if (!found.value()->card.member.empty()) return *std::move(found).value();
  return Error{.code = ErrorCode::kConflict,
               .message = "the card belongs to nobody yet",
               .reason = "card_unassigned",
               .hint = "give it to a member: POST /api/v1/cards/{number}/assign"};
}

// Of a member who acts for an organisation, with the card of it that they would show.
Result<Owner> OwnerThrough(Transaction& transaction, const ProgrammeId& programme,
                           cards::Member person) {
  const MemberId holder = person.id;
  auto member = AccountHolder(transaction, programme, std::move(person));
  if (!member.ok()) return std::move(member).error();
  Owner owner{.member = std::move(member).value(), .card = std::nullopt};
  auto cards = transaction.CardsOfMember(programme, owner.member.id);
  if (!cards.ok()) return std::move(cards).error();
  for (const cards::Card& card : cards.value()) {
    if (card.holder != holder) continue;
    const bool active = cards::EffectiveStatus(card, transaction.Now()) == CardStatus::kActive;
    if (active || !owner.card) owner.card = Transaction::Numbered{.card = card};
    if (active) break;
  }
  return owner;
}

}  // namespace

Result<std::optional<cards::Member>> FindLivingMember(Transaction& transaction,
                                                      const ProgrammeId& programme,
                                                      const MemberId& id) {
  MemberId at = id;
  for (int i = 0; i < kMergesMax; ++i) {
    auto member = transaction.FindMember(programme, at);
    if (!member.ok() || !member.value() || member.value()->merged_into.empty()) return member;
    at = member.value()->merged_into;
  }
  return Error{.code = ErrorCode::kInternal, .message = "merged members form a circle"};
}

Result<cards::Member> AccountHolder(Transaction& transaction, const ProgrammeId& programme,
                                    cards::Member member) {
  if (member.acts_for.empty()) return member;
  auto holder = transaction.FindMember(programme, member.acts_for);
  if (!holder.ok()) return std::move(holder).error();
  if (!holder.value()) {
    return Error{.code = ErrorCode::kInternal, .message = "acts for a member that is not there"};
  }
  return *std::move(holder).value();
}

Result<std::vector<MemberId>> MergedMembers(Transaction& transaction, const ProgrammeId& programme,
                                            const MemberId& member) {
  std::vector<MemberId> members = {member};
  for (std::size_t i = 0; i < members.size(); ++i) {
    auto merged = transaction.MergedInto(programme, members[i]);
    if (!merged.ok()) return merged;
    members.insert(members.end(), merged.value().begin(), merged.value().end());
  }
  return members;
}

Result<Owner> FindOwner(Transaction& transaction, const cards::Programme& programme, const Who& who,
                        std::string_view pointer) {
  if (who.card_number.has_value() == who.member.has_value()) {
    return InvalidInput("choose_one", std::string(pointer),
                        "send exactly one of card_number and member_id");
  }
  Owner owner;
  if (who.card_number) {
    auto card =
        FindCard(transaction, programme, *who.card_number, json::Child(pointer, "card_number"));
    if (!card.ok()) return std::move(card).error();
    owner.card = std::move(card).value();
  }
  auto member = FindLivingMember(transaction, programme.id,
                                 owner.card ? owner.card->card.member : *who.member);
  if (!member.ok()) return std::move(member).error();
  if (!member.value()) {
    return InvalidInput("unknown_member", json::Child(pointer, "member_id"),
                        "no member has this id");
  }
  if (member.value()->erased) return Erased();
  if (!member.value()->acts_for.empty()) {
    return OwnerThrough(transaction, programme.id, *std::move(member).value());
  }
  owner.member = *std::move(member).value();
  return owner;
}

Status RequireUsable(Transaction& transaction, const ProgrammeId& programme, const Owner& owner) {
  if (owner.card) {
    Status usable = RequireUsable(*owner.card, transaction.Now());
    if (!usable.ok() || owner.card->card.holder.empty()) return usable;
    return RequireContract(transaction, programme, owner.member.id, transaction.Now());
  }
  const Timestamp now = transaction.Now();
  if (Status runs = RequireContract(transaction, programme, owner.member.id, now); !runs.ok()) {
    return runs;
  }
  auto cards = transaction.CardsOfMember(programme, owner.member.id);
  if (!cards.ok()) return std::move(cards).error();
  const auto active = [now](const cards::Card& card) {
    return cards::EffectiveStatus(card, now) == CardStatus::kActive;
  };
  if (cards.value().empty() || std::any_of(cards.value().begin(), cards.value().end(), active)) {
    return {};
  }
  const auto pending = [](const cards::Card& card) { return card.status == CardStatus::kPending; };
  if (std::any_of(cards.value().begin(), cards.value().end(), pending)) return CardPending();
  return Error{.code = ErrorCode::kConflict,
               .message = "every card of this customer is blocked or closed",
               .reason = "card_blocked",
               .hint = "unblock one, or replace it: POST /api/v1/cards/{number}/replace"};
}

Status RequirePaid(Transaction& transaction, const ProgrammeId& programme, const Owner& owner) {
  if (owner.card) {
    const bool pending = owner.card->card.status == CardStatus::kPending;
    return pending ? Status(CardPending()) : Status();
  }
  const auto cards = transaction.CardsOfMember(programme, owner.member.id);
  if (!cards.ok()) return cards.error();
  bool pending = false;
  for (const cards::Card& card : cards.value()) {
    if (card.status == CardStatus::kActive || card.status == CardStatus::kBlocked) return {};
    pending = pending || card.status == CardStatus::kPending;
  }
  return pending ? Status(CardPending()) : Status();
}

Error AtField(Error error, std::string_view pointer) {
  if (error.code != ErrorCode::kInvalidArgument || error.problems.size() != 1) return error;
  InputProblem& problem = error.problems.front();
  // The API has a code for amounts beyond the largest; every other bound is a range.
  if (problem.code != "amount_too_large") problem.code = "out_of_range";
  problem.pointer = pointer;
  error.reason.clear();
  return error;
}

}  // namespace passmint::issuance
