#include "issuance/orders.h"

#include <utility>

#include "issuance/card_life.h"
#include "issuance/card_terms.h"
#include "issuance/fingerprint.h"
#include "issuance/kept_order.h"
#include "issuance/order_check.h"
#include "issuance/order_coupons.h"
#include "issuance/order_points.h"
#include "issuance/organisations.h"
#include "issuance/owner.h"
#include "issuance/points.h"
#include "issuance/prepared_order.h"
#include "issuance/referrals.h"
#include "issuance/refunds.h"
#include "issuance/refusal.h"
#include "issuance/stamp_rounds.h"
#include "issuance/tier_review.h"

namespace passmint::issuance {
namespace {

struct Buyer {
  cards::Member member;
  cards::Card card;
  bool card_created = false;
  bool member_changed = false;
  bool proven = false;
};

Error DifferentMembers() {
  return InvalidInput("identity_mismatch", "/card_number",
                      "the card belongs to another member than the phone or e-mail");
}

// True if phone and e-mail, as far as someone owns them, belong to `member`.
Result<bool> OwnsIdentities(Transaction& transaction, const ProgrammeId& programme,
                            const MemberId& member, const Customer& customer) {
  if (customer.phone) {
    auto owner =
        transaction.FindMemberByIdentity(programme, cards::IdentityType::kPhone, *customer.phone);
    if (!owner.ok()) return std::move(owner).error();
    return !owner.value() || *owner.value() == member;
  }
  if (customer.email) {
    auto owner =
        transaction.FindMemberByIdentity(programme, cards::IdentityType::kEmail, *customer.email);
    if (!owner.ok()) return std::move(owner).error();
    return !owner.value() || *owner.value() == member;
  }
  return true;
}

Result<Buyer> BuyerByCard(Transaction& transaction, const Site& site,
                          const ProgrammeSite& programme, const OrderRequest& request,
                          const CheckedOrder& order, std::vector<Warning>& warnings) {
  const ProgrammeId& id = programme.programme.id;
  auto card = transaction.FindCardByNumber(id, *order.card_number);
  if (!card.ok()) return std::move(card).error();
  if (!card.value()) {
    return InvalidInput("unknown_card", "/card_number", "no card has this number");
  }
  cards::Card& found = card.value()->card;
  if (found.status == cards::CardStatus::kPending) {
    auto paid = PayCardByOrder(transaction, site, programme, found, request);
    if (!paid.ok()) return std::move(paid).error();
    found = std::move(paid).value();
  }
  if (Status usable = RequireUsable(*card.value(), transaction.Now()); !usable.ok()) {
    return std::move(usable).error();
  }
  if (found.number != *order.card_number) {
    warnings.push_back({"card_replaced",
                        "this is an old number of the card; the new one is " + found.number.str()});
  }
  const MemberId& person = found.holder.empty() ? found.member : found.holder;
  auto owns = OwnsIdentities(transaction, id, person, order.customer);
  if (!owns.ok()) return std::move(owns).error();
  if (!owns.value()) return DifferentMembers();
  auto member = transaction.FindMember(id, found.member);
  if (!member.ok()) return std::move(member).error();
  if (!member.value()) return Error{.code = ErrorCode::kInternal, .message = "card without member"};
  // What is said of whoever carries a card of an organisation is not said of the organisation.
  if (!found.holder.empty()) {
    Status runs = RequireContract(transaction, id, found.member, order.paid_at);
    if (!runs.ok()) return std::move(runs).error();
    return Buyer{.member = *std::move(member).value(), .card = found};
  }
  auto updated = UpdateMemberFacts(transaction, programme.programme, *std::move(member).value(),
                                   order.customer, warnings);
  if (!updated.ok()) return std::move(updated).error();
  return Buyer{.member = std::move(updated.value().member),
               .card = found,
               .card_created = false,
               .member_changed = updated.value().changed,
               .proven = updated.value().proven};
}

Result<Buyer> BuyerByIdentity(Transaction& transaction, const Site& site,
                              const ProgrammeSite& programme, const OrderRequest& request,
                              const CheckedOrder& order, std::vector<Warning>& warnings) {
  auto member =
      FindOrMakeMember(transaction, programme.programme, order.customer, *site.random, warnings);
  if (!member.ok()) return std::move(member).error();
  const Bearer bearer = BearerOf(member.value().member);
  auto holder =
      AccountHolder(transaction, programme.programme.id, std::move(member.value().member));
  if (!holder.ok()) return std::move(holder).error();
  if (!bearer.holder.empty()) {
    Status runs =
        RequireContract(transaction, programme.programme.id, bearer.member, order.paid_at);
    if (!runs.ok()) return std::move(runs).error();
  }
  auto issued = FindOrIssueCard(transaction, site, programme,
                                {.bearer = bearer, .template_name = request.template_name});
  if (!issued.ok()) return std::move(issued).error();
  if (issued.value().card.status == cards::CardStatus::kPending) {
    auto paid = PayCardByOrder(transaction, site, programme, issued.value().card, request);
    if (!paid.ok()) return std::move(paid).error();
    issued.value().card = std::move(paid).value();
  }
  return Buyer{.member = std::move(holder).value(),
               .card = std::move(issued.value().card),
               .card_created = issued.value().created,
               .member_changed = member.value().changed && bearer.holder.empty(),
               .proven = member.value().proven};
}

Status ReadCard(Transaction& transaction, const ProgrammeId& programme, Buyer& buyer) {
  auto card = transaction.FindCard(programme, buyer.card.id);
  if (!card.ok()) return std::move(card).error();
  if (!card.value()) return Error{.code = ErrorCode::kInternal, .message = "the card vanished"};
  buyer.card = *std::move(card).value();
  return {};
}

// Every card of a member whose name or other facts have changed shows something new.
Status TouchChanged(Transaction& transaction, const ProgrammeId& programme, Buyer& buyer) {
  if (!buyer.member_changed || buyer.card_created) return {};
  if (Status touched = TouchCardsOf(transaction, programme, buyer.member.id); !touched.ok()) {
    return touched;
  }
  return ReadCard(transaction, programme, buyer);
}

// The card as it is after its points moved.
Status Refresh(Transaction& transaction, const ProgrammeId& programme, const OrderPoints& points,
               Buyer& buyer) {
  if (!points.moved) return {};
  for (const cards::Card& touched : points.touched) {
    if (touched.id != buyer.card.id) continue;
    buyer.card = touched;
    return {};
  }
  return ReadCard(transaction, programme, buyer);
}

// Stores the order and books the refunds that waited for it.
Status Keep(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
            const Order& order, OrderPoints& points, std::vector<Warning>& warnings) {
  const ProgrammeId& id = programme.programme.id;
  if (Status inserted = transaction.InsertOrder(id, order); !inserted.ok()) return inserted;
  Status planned = PlanReferralRewards(transaction, site, programme, *points.rules, order);
  if (!planned.ok()) return planned;
  Status counted = CountOrder(transaction, id, order.member, points.known, points.counted,
                              order.record, points.judged_at);
  if (!counted.ok()) return counted;
  // A refund that comes at the same time waits for the order, or is found here.
  auto booked = BookParked(transaction, programme, order.source, order.id, warnings);
  if (!booked.ok()) return std::move(booked).error();
  if (!booked.value()) return {};
  auto after = PointsOf(transaction, id, order.account);
  if (!after.ok()) return std::move(after).error();
  after.value().earned = points.points.earned;
  after.value().spent = points.points.spent;
  after.value().explain = std::move(points.points.explain);
  after.value().stamps_moved = std::move(points.points.stamps_moved);
  points.points = std::move(after).value();
  points.moved = true;
  points.touched.clear();  // Older than what the refunds made of them.
  return {};
}

Result<OrderOutcome> Outcome(Transaction& transaction, const ProgrammeSite& programme,
                             const Order& order) {
  const ProgrammeId& id = programme.programme.id;
  auto account = CurrentAccount(transaction, id, order.account);
  if (!account.ok()) return std::move(account).error();
  auto member = transaction.FindMember(id, OwnerOf(account.value()));
  if (!member.ok()) return std::move(member).error();
  auto card = transaction.FindCard(id, order.card_id);
  if (!card.ok()) return std::move(card).error();
  if (!member.value() || !card.value()) {
    return Error{.code = ErrorCode::kInternal, .message = "order without member or card"};
  }
  auto points = PointsOf(transaction, id, account.value());
  if (!points.ok()) return std::move(points).error();
  ReadMoved(order.answer.value("moved", Json::object()), points.value());
  return OrderOutcome{.created = false,
                      .order = order,
                      .member = *std::move(member).value(),
                      .card = *std::move(card).value(),
                      .card_created = order.answer.value("card_created", false),
                      .may_show_links = false,
                      .points = std::move(points).value(),
                      .rewards = {},
                      .warnings = {}};
}

// The level that the order made of its buyer, with their cards as they are then.
Status Rise(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
            const Order& order, const std::string& actor, OrderPoints& points) {
  auto told = ReviewCounted(transaction, site, programme, order.member,
                            {.document = {.type = ledger::DocumentType::kOrder,
                                          .source = order.source.str(),
                                          .id = order.id.str(),
                                          .parent = {}},
                             .actor = actor,
                             .cards_told = points.moved});
  if (!told.ok()) return std::move(told).error();
  if (!told.value()) return {};
  points.moved = true;
  points.touched.clear();  // Older than what the level made of them.
  return {};
}

// The same order again: the current state if the content is the same, else a conflict.
Result<OrderOutcome> Again(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, const PreparedOrder& prepared,
                           const Order& known) {
  const OrderRequest& request = prepared.request;
  if (!MatchesFingerprint(*site.keys, known.fingerprint, prepared.content)) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "order " + request.id.str() + " is known with other content",
                 .reason = "order_conflict",
                 .hint = "send a changed order as a refund and a new order"};
  }
  auto outcome = Outcome(transaction, programme, known);
  if (outcome.ok()) {
    // Whoever can repeat the whole order was there when it was made: a shop whose first answer got
    // lost still needs the link for its customer.
    const MemberId& holder = outcome.value().card.holder;
    auto proven =
        ProvesMember(transaction, programme.programme,
                     holder.empty() ? outcome.value().member.id : holder, request.customer);
    if (!proven.ok()) return std::move(proven).error();
    outcome.value().may_show_links = outcome.value().card_created || proven.value();
  }
  return outcome;
}

// With what the rules looked at beside the lines, so that they can be asked again.
std::string BodyOf(const PreparedOrder& prepared, const OrderPoints& points) {
  const RuleNeeds needs = NeedsOf(*points.rules);
  if (!needs.any() && !points.burn_at_most && points.coupons.empty() && !prepared.terms) {
    return prepared.body;
  }
  return KeepJudged(prepared.body, needs,
                    {.facts = points.known.facts,
                     .instant = points.judged_at,
                     .burn_at_most = points.burn_at_most,
                     .coupons = points.coupons},
                    prepared.checked.value().paid_at);
}

Order Record(const PreparedOrder& prepared, const Buyer& buyer, const OrderPoints& points,
             Timestamp now) {
  Json answer = {{"card_created", buyer.card_created},
                 {"moved", MovedJson(points.points)},
                 {"rule_set", points.rules->version}};
  if (!points.counted.empty()) answer["counted"] = CountedJson(points.counted);
  return {.id = prepared.request.id,
          .source = prepared.request.source,
          .fingerprint = prepared.fingerprint,
          .member = buyer.member.id,
          .card_id = buyer.card.id,
          .total_minor = prepared.request.total,
          .paid_at = prepared.checked.value().paid_at,
          .received_at = now,
          .body = BodyOf(prepared, points),
          .answer = std::move(answer),
          .account = buyer.member.account,
          .record = points.record};
}

// What orders of all members take from, so what is last.
Status TakeCounted(Transaction& transaction, const ProgrammeId& programme,
                   const OrderPoints& points) {
  Status spent = SpendBudgets(transaction, programme, *points.rules, points.counted);
  if (!spent.ok()) return spent;
  return UseCoupons(transaction, programme, points.counted, points.judged_at);
}

// An order whose id is new, or is found to be known when it is stored.
Result<OrderOutcome> Place(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, const PreparedOrder& prepared) {
  const ProgrammeId& id = programme.programme.id;
  const OrderRequest& request = prepared.request;
  const auto& checked = prepared.checked;
  if (!checked.ok()) return checked.error();
  std::vector<Warning> warnings;
  auto buyer =
      checked.value().card_number
          ? BuyerByCard(transaction, site, programme, request, checked.value(), warnings)
          : BuyerByIdentity(transaction, site, programme, request, checked.value(), warnings);
  if (!buyer.ok()) return std::move(buyer).error();
  if (Status touched = TouchChanged(transaction, id, buyer.value()); !touched.ok()) {
    return std::move(touched).error();
  }
  Status brought = KeepReferral(transaction, site, programme, buyer.value().member,
                                checked.value().customer, warnings);
  if (!brought.ok()) return std::move(brought).error();
  auto points = PostOrder(transaction, programme, {buyer.value().member, buyer.value().card},
                          prepared, warnings);
  if (!points.ok()) return std::move(points).error();
  Order order = Record(prepared, buyer.value(), points.value(), transaction.Now());
  Status stored = Keep(transaction, site, programme, order, points.value(), warnings);
  if (!stored.ok()) return std::move(stored).error();
  Status risen = Rise(transaction, site, programme, order, request.actor, points.value());
  if (!risen.ok()) return std::move(risen).error();
  auto rewards = CompleteRounds(transaction, site, programme, buyer.value().member, request.actor,
                                points.value().points, warnings);
  if (!rewards.ok()) return std::move(rewards).error();
  if (!rewards.value().empty()) {
    points.value().moved = true;
    points.value().touched.clear();  // Older than what the claims made of them.
  }
  if (Status fresh = Refresh(transaction, id, points.value(), buyer.value()); !fresh.ok()) {
    return std::move(fresh).error();
  }
  if (Status taken = TakeCounted(transaction, id, points.value()); !taken.ok()) {
    return std::move(taken).error();
  }
  const bool links = buyer.value().card_created || buyer.value().proven;
  return OrderOutcome{.created = true,
                      .order = std::move(order),
                      .member = std::move(buyer.value().member),
                      .card = std::move(buyer.value().card),
                      .card_created = buyer.value().card_created,
                      .may_show_links = links,
                      .points = std::move(points.value().points),
                      .rewards = std::move(rewards).value(),
                      .warnings = std::move(warnings)};
}

}  // namespace

Result<OrderOutcome> PlaceOrder(Transaction& transaction, const Site& site,
                                const ProgrammeSite& programme, const OrderRequest& request) {
  return PlaceOrder(transaction, site, programme,
                    PrepareOrder(site, programme, request, transaction.Now()));
}

Result<OrderOutcome> PlaceOrder(Transaction& transaction, const Site& site,
                                const ProgrammeSite& programme, const PreparedOrder& prepared) {
  auto known =
      transaction.FindOrder(programme.programme.id, prepared.request.source, prepared.request.id);
  if (!known.ok()) return std::move(known).error();
  if (known.value()) return Again(transaction, site, programme, prepared, *known.value());
  return Place(transaction, site, programme, prepared);
}

Result<OrderOutcome> PlaceNewOrder(Transaction& transaction, const Site& site,
                                   const ProgrammeSite& programme, const PreparedOrder& prepared) {
  auto placed = Place(transaction, site, programme, prepared);
  if (placed.ok() || !IsRefusal(placed.error())) return placed;
  // What is refused as a new order may be the answer of a known one.
  auto known =
      transaction.FindOrder(programme.programme.id, prepared.request.source, prepared.request.id);
  if (!known.ok()) return std::move(known).error();
  if (!known.value()) return placed;
  return Error{.code = ErrorCode::kUnavailable,
               .message = "the order is known already",
               .reason = "lost_race"};
}

Result<OrderOutcome> GetOrder(Transaction& transaction, const ProgrammeSite& programme,
                              const OrderSource& source, const OrderId& id) {
  auto known = transaction.FindOrder(programme.programme.id, source, id);
  if (!known.ok()) return std::move(known).error();
  if (!known.value()) {
    return Error{.code = ErrorCode::kNotFound, .message = "no order with that id and source"};
  }
  return Outcome(transaction, programme, *known.value());
}

}  // namespace passmint::issuance
