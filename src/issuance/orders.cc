#include "issuance/orders.h"

#include <utility>

#include "issuance/card_life.h"
#include "issuance/fingerprint.h"
#include "issuance/order_check.h"
#include "issuance/order_points.h"
#include "issuance/points.h"
#include "issuance/refunds.h"

namespace passmint::issuance {
namespace {

std::string_view Name(LineType type) {
  switch (type) {
    case LineType::kProduct:
      return "product";
    case LineType::kDelivery:
      return "delivery";
    case LineType::kTip:
      return "tip";
    case LineType::kDiscount:
      return "discount";
  }
  return "";
}

Json LinesJson(const OrderRequest& request) {
  Json lines = Json::array();
  for (const OrderLine& line : request.lines) {
    lines.push_back({{"line_id", line.line_id},
                     {"type", Name(line.type)},
                     {"sku", line.sku},
                     {"category", line.category},
                     {"name", line.name},
                     {"quantity", line.quantity},
                     {"amount", line.amount},
                     {"points", line.points},
                     {"points_quantity", line.points_quantity}});
  }
  return lines;
}

// What makes two reports the same order: source, currency, total, lines, identity as sent.
std::string ComparedContent(const OrderRequest& request) {
  const auto text = [](const std::optional<std::string>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  return json::Dump({{"source", request.source.str()},
                     {"currency", request.currency},
                     {"total", request.total},
                     {"lines", LinesJson(request)},
                     {"phone", text(request.customer.phone)},
                     {"email", text(request.customer.email)},
                     {"card_number", text(request.card_number)}});
}

// What is kept of the request: nothing that names a person.
Json StoredBody(const OrderRequest& request) {
  return {{"currency", request.currency},
          {"total", request.total},
          {"lines", LinesJson(request)},
          {"location", request.location}};
}

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

Result<Buyer> BuyerByCard(Transaction& transaction, const ProgrammeSite& programme,
                          const CheckedOrder& order, std::vector<Warning>& warnings) {
  const ProgrammeId& id = programme.programme.id;
  auto card = transaction.FindCardByNumber(id, *order.card_number);
  if (!card.ok()) return std::move(card).error();
  if (!card.value()) {
    return InvalidInput("unknown_card", "/card_number", "no card has this number");
  }
  const cards::Card& found = card.value()->card;
  if (Status usable = RequireUsable(*card.value(), transaction.Now()); !usable.ok()) {
    return std::move(usable).error();
  }
  if (found.number != *order.card_number) {
    warnings.push_back({"card_replaced",
                        "this is an old number of the card; the new one is " + found.number.str()});
  }
  auto owns = OwnsIdentities(transaction, id, found.member, order.customer);
  if (!owns.ok()) return std::move(owns).error();
  if (!owns.value()) return DifferentMembers();
  auto member = transaction.FindMember(id, found.member);
  if (!member.ok()) return std::move(member).error();
  if (!member.value()) return Error{.code = ErrorCode::kInternal, .message = "card without member"};
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
  auto issued = FindOrIssueCard(transaction, site, programme, member.value().member.id,
                                request.template_name);
  if (!issued.ok()) return std::move(issued).error();
  return Buyer{.member = std::move(member.value().member),
               .card = std::move(issued.value().card),
               .card_created = issued.value().created,
               .member_changed = member.value().changed,
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
  return points.moved ? ReadCard(transaction, programme, buyer) : Status();
}

// Stores the order and books the refunds that waited for it.
Status Keep(Transaction& transaction, const ProgrammeSite& programme, const Order& order,
            OrderPoints& points, std::vector<Warning>& warnings) {
  const ProgrammeId& id = programme.programme.id;
  auto inserted = transaction.InsertOrder(id, order);
  if (!inserted.ok()) return std::move(inserted).error();
  if (!inserted.value()) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "the same order is being stored by another request",
                 .reason = "lost_race"};
  }
  // A refund that comes at the same time waits for the order, or is found here.
  auto booked = BookParked(transaction, programme, order.source, order.id, warnings);
  if (!booked.ok()) return std::move(booked).error();
  if (!booked.value()) return {};
  auto after = PointsOf(transaction, id, order.account);
  if (!after.ok()) return std::move(after).error();
  after.value().earned = points.points.earned;
  after.value().spent = points.points.spent;
  after.value().explain = std::move(points.points.explain);
  points.points = std::move(after).value();
  points.moved = true;
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
                      .warnings = {}};
}

// The same order again: the current state if the content is the same, else a conflict.
Result<OrderOutcome> Again(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, const OrderRequest& request,
                           const Order& known) {
  if (!MatchesFingerprint(*site.keys, known.fingerprint, ComparedContent(request))) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "order " + request.id.str() + " is known with other content",
                 .reason = "order_conflict",
                 .hint = "send a changed order as a refund and a new order"};
  }
  auto outcome = Outcome(transaction, programme, known);
  if (outcome.ok()) {
    // Whoever can repeat the whole order was there when it was made: a shop whose first answer got
    // lost still needs the link for its customer.
    auto proven =
        ProvesMember(transaction, programme.programme, outcome.value().member.id, request.customer);
    if (!proven.ok()) return std::move(proven).error();
    outcome.value().may_show_links = outcome.value().card_created || proven.value();
  }
  return outcome;
}

Order Record(const Site& site, const OrderRequest& request, const CheckedOrder& checked,
             const Buyer& buyer, const OrderPoints& points, Timestamp now) {
  return {.id = request.id,
          .source = request.source,
          .fingerprint = Fingerprint(*site.keys, ComparedContent(request)),
          .member = buyer.member.id,
          .card_id = buyer.card.id,
          .total_minor = request.total,
          .paid_at = checked.paid_at,
          .received_at = now,
          .body = StoredBody(request),
          .answer = {{"card_created", buyer.card_created}, {"moved", MovedJson(points.points)}},
          .account = buyer.member.account,
          .record = points.record};
}

}  // namespace

Result<OrderOutcome> PlaceOrder(Transaction& transaction, const Site& site,
                                const ProgrammeSite& programme, const OrderRequest& request) {
  const ProgrammeId& id = programme.programme.id;
  auto known = transaction.FindOrder(id, request.source, request.id);
  if (!known.ok()) return std::move(known).error();
  if (known.value()) return Again(transaction, site, programme, request, *known.value());

  auto checked = CheckOrder(request, programme.programme, transaction.Now());
  if (!checked.ok()) return std::move(checked).error();
  std::vector<Warning> warnings;
  auto buyer =
      checked.value().card_number
          ? BuyerByCard(transaction, programme, checked.value(), warnings)
          : BuyerByIdentity(transaction, site, programme, request, checked.value(), warnings);
  if (!buyer.ok()) return std::move(buyer).error();
  if (Status touched = TouchChanged(transaction, id, buyer.value()); !touched.ok()) {
    return std::move(touched).error();
  }
  auto points = PostOrder(transaction, programme, buyer.value().member, request, warnings);
  if (!points.ok()) return std::move(points).error();
  Order order =
      Record(site, request, checked.value(), buyer.value(), points.value(), transaction.Now());
  Status stored = Keep(transaction, programme, order, points.value(), warnings);
  if (!stored.ok()) return std::move(stored).error();
  if (Status fresh = Refresh(transaction, id, points.value(), buyer.value()); !fresh.ok()) {
    return std::move(fresh).error();
  }
  const bool links = buyer.value().card_created || buyer.value().proven;
  return OrderOutcome{.created = true,
                      .order = std::move(order),
                      .member = std::move(buyer.value().member),
                      .card = std::move(buyer.value().card),
                      .card_created = buyer.value().card_created,
                      .may_show_links = links,
                      .points = std::move(points.value().points),
                      .warnings = std::move(warnings)};
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
