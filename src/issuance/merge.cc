#include "issuance/merge.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "issuance/card_life.h"
#include "issuance/card_terms_tables.h"
#include "issuance/member_progress.h"
#include "issuance/organisations.h"
#include "issuance/owner.h"
#include "issuance/points.h"
#include "issuance/rule_sets.h"
#include "issuance/tier_review.h"
#include "programme/quote.h"

namespace passmint::issuance {
namespace {

using cards::Member;
using ledger::Change;

Error Conflict(std::string message) {
  return {.code = ErrorCode::kConflict, .message = std::move(message), .reason = "conflict"};
}

Error Erased() {
  return {.code = ErrorCode::kConflict,
          .message = "the data of one of the members was erased",
          .reason = "member_erased"};
}

// Locks both members in ascending order of their ids.
struct Found {
  std::optional<Member> winner;
  std::optional<Member> loser;
};

Result<Found> FindBoth(Transaction& transaction, const ProgrammeId& programme, const Merge& merge) {
  const bool winner_first = merge.winner < merge.loser;
  auto first = transaction.FindMember(programme, winner_first ? merge.winner : merge.loser);
  if (!first.ok()) return std::move(first).error();
  auto second = transaction.FindMember(programme, winner_first ? merge.loser : merge.winner);
  if (!second.ok()) return std::move(second).error();
  Found found{std::move(first).value(), std::move(second).value()};
  if (!winner_first) std::swap(found.winner, found.loser);
  return found;
}

struct Sides {
  Member winner;
  Member loser;
  bool done = false;  // It was merged before.
};

// Who the two are today, and whether they may be merged.
Result<Sides> FindSides(Transaction& transaction, const ProgrammeId& programme,
                        const Merge& merge) {
  auto found = FindBoth(transaction, programme, merge);
  if (!found.ok()) return std::move(found).error();
  if (!found.value().winner) {
    return Error{.code = ErrorCode::kNotFound, .message = "no such member"};
  }
  if (!found.value().loser) {
    return InvalidInput("unknown_member", "/member_id", "no member has this id");
  }
  if (merge.winner == merge.loser) {
    return InvalidInput("invalid_value", "/member_id", "a member cannot be merged with itself");
  }
  auto winner = FindLivingMember(transaction, programme, merge.winner);
  if (!winner.ok()) return std::move(winner).error();
  auto ended = FindLivingMember(transaction, programme, merge.loser);
  if (!ended.ok()) return std::move(ended).error();
  if (!winner.value() || !ended.value()) {
    return Error{.code = ErrorCode::kInternal, .message = "merged into a member that is not there"};
  }
  Sides sides{*std::move(winner).value(), *std::move(found.value().loser), false};
  if (sides.winner.erased || sides.loser.erased) return Erased();
  if (sides.loser.merged_into.empty() && sides.loser.id == sides.winner.id) {
    return Conflict("that member took this one over already");
  }
  sides.done = ended.value()->id == sides.winner.id;
  if (!sides.loser.merged_into.empty() && !sides.done) {
    return Conflict("that member was merged into " + ended.value()->id.str() + " already");
  }
  if (sides.done) return sides;
  Status may = RequireMergeable(transaction, programme, {sides.winner, sides.loser});
  if (!may.ok()) return std::move(may).error();
  return sides;
}

void FillFacts(Member& winner, const Member& loser) {
  if (winner.name.empty()) winner.name = loser.name;
  if (winner.locale.empty()) winner.locale = loser.locale;
  if (winner.time_zone.empty()) winner.time_zone = loser.time_zone;
  // The later word counts.
  if (loser.opted_in && (!winner.opted_in || winner.opted_in->at < loser.opted_in->at)) {
    winner.opted_in = loser.opted_in;
  }
  if (!winner.birthday) winner.birthday = loser.birthday;
  for (const auto& [name, value] : loser.attributes.items()) {
    if (winner.attributes.size() >= cards::kAttributesMax) break;
    if (!winner.attributes.contains(name)) winner.attributes[name] = value;
  }
}

// The winner as the merge leaves it.
Result<MemberView> Merged(Transaction& transaction, const ProgrammeId& programme,
                          const Sides& sides, const Change& change) {
  auto winner = GetMember(transaction, programme, sides.winner.id);
  if (!winner.ok()) return winner;
  auto loser = GetMember(transaction, programme, sides.loser.id);
  if (!loser.ok()) return loser;
  MemberView view = std::move(winner).value();
  FillFacts(view.member, sides.loser);
  if (!view.phone) view.phone = loser.value().phone;
  if (!view.email) view.email = loser.value().email;
  view.cards.insert(view.cards.end(), loser.value().cards.begin(), loser.value().cards.end());
  std::stable_sort(view.cards.begin(), view.cards.end(),
                   [](const cards::Card& a, const cards::Card& b) {
                     return std::tie(a.created_at, a.id) > std::tie(b.created_at, b.id);
                   });
  view.points = Balances(change.account);
  view.member.changed_at = transaction.Now();
  return view;
}

struct BothChanges {
  Change loser;
  Change winner;
  Noted noted;
};

// The winner's account must show enough to pay the loser's debt, which is known once that account
// is loaded: so it is loaded whole in what may be spent.
ledger::Need WinnerNeed(const programme::RuleSet& rules) {
  ledger::Need need;
  need.cover[ledger::AssetId(ledger::kPointsAsset)] = ledger::kAmountMax;
  for (const programme::StampCard& card : rules.stamps) {
    need.cover[programme::StampAsset(card)] = ledger::kAmountMax;
  }
  return need;
}

Result<BothChanges> Decide(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, const Sides& sides, const Merge& merge) {
  const ProgrammeId& id = programme.programme.id;
  ledger::Need all;
  all.all = true;
  const Timestamp now = transaction.Now();
  const auto rules = RulesAt(transaction, programme, now);
  if (!rules.ok()) return rules.error();
  const bool loser_first = sides.loser.account < sides.winner.account;
  const auto load = [&](bool loser) {
    return loser
               ? transaction.LoadAccount(id, sides.loser.account, all, now)
               : transaction.LoadAccount(id, sides.winner.account, WinnerNeed(*rules.value()), now);
  };
  auto first = load(loser_first);
  if (!first.ok()) return std::move(first).error();
  auto second = load(!loser_first);
  if (!second.ok()) return std::move(second).error();
  const ledger::Account& loser = loser_first ? first.value() : second.value();
  const ledger::Account& winner = loser_first ? second.value() : first.value();
  Noted noted = ContextOf(
      transaction,
      {.actor = merge.actor, .note = {{"reason", merge.reason}}, .random = site.random.get()});
  auto changes = ledger::ApplyMerge(loser, winner,
                                    {.type = ledger::DocumentType::kMerge,
                                     .source = {},
                                     .id = sides.loser.id.str(),
                                     .parent = {}},
                                    noted.context);
  if (!changes.ok()) return AtField(std::move(changes).error(), "/member_id");
  return BothChanges{std::move(changes.value().first), std::move(changes.value().second),
                     std::move(noted)};
}

Status SaveAccounts(Transaction& transaction, const ProgrammeId& programme, const Sides& sides,
                    const BothChanges& changes) {
  for (const Change* change : {&changes.loser, &changes.winner}) {
    if (Status saved = transaction.SaveChange(programme, *change); !saved.ok()) return saved;
    Status put = PutNote(transaction, programme, *change, changes.noted.note);
    if (!put.ok()) return put;
  }
  return transaction.MoveHolds(programme, sides.loser.account, sides.winner.account);
}

// Attributes that come from the loser keep whoever gave them.
Status MoveSources(Transaction& transaction, const ProgrammeId& programme, const Sides& sides) {
  const auto known = transaction.CardTerms().AttributeSources(programme, sides.loser.id);
  if (!known.ok()) return known.error();
  for (const SourcedAttribute& one : known.value()) {
    if (sides.winner.attributes.contains(one.name)) continue;
    Status put = transaction.CardTerms().PutAttributeSource(programme, sides.winner.id, one);
    if (!put.ok()) return put;
  }
  return {};
}

Status SaveMembers(Transaction& transaction, const ProgrammeId& programme, const Sides& sides,
                   const Member& winner) {
  Member loser = sides.loser;
  loser.merged_into = winner.id;
  loser.acts_for = MemberId();
  loser.name.clear();
  loser.locale.clear();
  loser.time_zone.clear();
  loser.birthday.reset();
  loser.attributes = Json::object();
  loser.changed_at = transaction.Now();
  for (const Member* member : {&std::as_const(loser), &winner}) {
    if (Status updated = transaction.UpdateMember(programme, *member); !updated.ok()) {
      return updated;
    }
  }
  Status moved = transaction.MoveBelongings(programme, loser.id, winner.id);
  if (!moved.ok()) return moved;
  moved = transaction.CardTerms().MoveMemberships(programme, loser.id, winner.id);
  if (!moved.ok()) return moved;
  if (Status kept = MoveSources(transaction, programme, sides); !kept.ok()) return kept;
  return TouchCardsOf(transaction, programme, winner.id);
}

}  // namespace

Result<MergeOutcome> MergeMembers(Transaction& transaction, const Site& site,
                                  const ProgrammeSite& programme, const Merge& merge) {
  const ProgrammeId& id = programme.programme.id;
  auto sides = FindSides(transaction, id, merge);
  if (!sides.ok()) return std::move(sides).error();
  if (sides.value().done) {
    auto view = GetMember(transaction, id, sides.value().winner.id);
    if (!view.ok()) return std::move(view).error();
    const PointsSummary points = view.value().points;
    return MergeOutcome{.member = std::move(view).value(), .points = points};
  }
  auto changes = Decide(transaction, site, programme, sides.value(), merge);
  if (!changes.ok()) return std::move(changes).error();
  PointsSummary points = Summary(changes.value().winner);
  points.earned = changes.value().winner.totals.moved;
  if (!merge.dry_run) {
    // Before anything looks at the accounts again.
    Status saved = SaveAccounts(transaction, id, sides.value(), changes.value());
    if (!saved.ok()) return std::move(saved).error();
  }
  auto view = Merged(transaction, id, sides.value(), changes.value().winner);
  if (!view.ok()) return std::move(view).error();
  if (merge.dry_run) return MergeOutcome{.member = std::move(view).value(), .points = points};
  Status summed =
      MergeProgress(transaction, programme, sides.value().loser.id, sides.value().winner.id);
  if (!summed.ok()) return std::move(summed).error();
  auto acts_for = MergeTies(transaction, id, {sides.value().winner, sides.value().loser});
  if (!acts_for.ok()) return std::move(acts_for).error();
  view.value().member.acts_for = std::move(acts_for).value();
  Status saved = SaveMembers(transaction, id, sides.value(), view.value().member);
  if (!saved.ok()) return std::move(saved).error();
  auto reviewed = ReviewCounted(transaction, site, programme, sides.value().winner.id,
                                {.document = {.type = ledger::DocumentType::kMerge,
                                              .source = {},
                                              .id = sides.value().loser.id.str(),
                                              .parent = {}},
                                 .actor = merge.actor,
                                 .cards_told = true});
  if (!reviewed.ok()) return std::move(reviewed).error();
  view = GetMember(transaction, id, sides.value().winner.id);
  if (!view.ok()) return std::move(view).error();
  return MergeOutcome{.member = std::move(view).value(), .points = points};
}

}  // namespace passmint::issuance
