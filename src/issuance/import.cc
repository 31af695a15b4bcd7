#include "issuance/import.h"

#include <span>
#include <utility>

#include "issuance/card_life.h"
#include "issuance/fingerprint.h"
#include "issuance/member_progress.h"
#include "issuance/order_check.h"
#include "issuance/order_points.h"
#include "issuance/owner.h"
#include "issuance/points.h"
#include "issuance/refunds.h"
#include "issuance/refusal.h"
#include "issuance/tier_review.h"

namespace passmint::issuance {
namespace {

const ledger::AssetId& Points() {
  static const ledger::AssetId asset(ledger::kPointsAsset);
  return asset;
}

// What was imported stands beside the answers of idempotency keys, and for ever; without anything
// personal.
std::string ScopeOf(const ProgrammeId& programme) { return programme.str() + " import"; }

// Whether this id was imported. Fails if it was, with other content.
Result<bool> IsKnown(Transaction& transaction, const Site& site, const ProgrammeId& programme,
                     const MemberToImport& member) {
  auto stored = transaction.FindAnswer(ScopeOf(programme), IdempotencyKey(member.id));
  if (!stored.ok()) return std::move(stored).error();
  if (!stored.value()) return false;
  if (MatchesFingerprint(*site.keys, stored.value()->fingerprint, member.content)) return true;
  return Error{.code = ErrorCode::kConflict,
               .message = "member " + member.id + " was imported before with other content",
               .reason = "import_conflict",
               .hint = "what has changed since comes by orders and adjustments"};
}

std::vector<ledger::Earning> LotsOf(const MemberToImport& member, Timestamp now) {
  std::vector<ledger::Earning> lots;
  for (const PointsToImport& points : member.points) {
    lots.push_back({.asset = Points(),
                    .amount = points.points,
                    .activates_at = points.earned_at.value_or(now),
                    .expires_at = points.expires_at.value_or(ledger::kNever),
                    .funder = {},
                    .derivations = {}});
  }
  return lots;
}

Status GivePoints(Transaction& transaction, const ProgrammeSite& programme,
                  const AccountId& account, const MemberToImport& member) {
  if (member.points.empty()) return {};
  const ledger::Import import{
      .lots = LotsOf(member, transaction.Now()),
      .order = std::nullopt,
      .document = {
          .type = ledger::DocumentType::kImport, .source = {}, .id = member.id, .parent = {}}};
  auto moved = MovePoints(transaction, programme, account, nullptr, import,
                          {.actor = kImportActor, .note = nullptr, .random = nullptr});
  return moved.ok() ? Status() : Status(AtField(std::move(moved).error(), "/points"));
}

// The card that was carried before, or one for a member who has none.
Status GiveCard(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                const Bearer& owner, const MemberToImport& member) {
  if (!member.card_number) {
    auto issued =
        FindOrIssueCard(transaction, site, programme,
                        {.bearer = owner, .template_name = member.template_name, .sold = false});
    return issued.ok() ? Status() : Status(std::move(issued).error());
  }
  auto card = IssueCard(transaction, site, programme,
                        {.bearer = owner,
                         .template_name = member.template_name,
                         .number = member.card_number,
                         .sold = false});
  return card.ok() ? Status() : Status(std::move(card).error());
}

Error UnknownMember() {
  return {.code = ErrorCode::kNotFound,
          .message = "nobody has this phone, e-mail or card",
          .reason = "unknown_member",
          .hint = "the line of a member stands before those of their orders"};
}

Result<MemberId> BuyerOf(Transaction& transaction, const ProgrammeId& programme,
                         const CheckedOrder& order) {
  if (order.card_number) {
    auto card = transaction.FindCardByNumber(programme, *order.card_number);
    if (!card.ok()) return std::move(card).error();
    if (!card.value() || card.value()->card.member.empty()) return UnknownMember();
    return card.value()->card.member;
  }
  const bool by_phone = order.customer.phone.has_value();
  auto member = transaction.FindMemberByIdentity(
      programme, by_phone ? cards::IdentityType::kPhone : cards::IdentityType::kEmail,
      by_phone ? *order.customer.phone : *order.customer.email);
  if (!member.ok()) return std::move(member).error();
  if (!member.value()) return UnknownMember();
  return *std::move(member).value();
}

// An order belongs to a card, be it a closed one.
Result<std::string> CardOf(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, const Bearer& bearer) {
  auto cards = transaction.CardsOfMember(programme.programme.id, bearer.member);
  if (!cards.ok()) return std::move(cards).error();
  for (const cards::Card& card : cards.value()) {
    if (bearer.holder.empty() || card.holder == bearer.holder) return card.id;
  }
  auto issued = FindOrIssueCard(transaction, site, programme, {.bearer = bearer, .sold = false});
  if (!issued.ok()) return std::move(issued).error();
  return issued.value().card.id;
}

ledger::OrderRecord RecordOf(const OrderToImport& order) {
  const OrderRequest& request = order.order.request;
  ledger::OrderRecord record{.key = {.source = request.source.str(), .id = request.id.str()},
                             .asset = Points(),
                             .lines = {},
                             .grants = {},
                             .lots = {}};
  for (std::size_t i = 0; i < request.lines.size(); ++i) {
    const OrderLine& from = request.lines[i];
    ledger::LineRecord line;
    line.line_id = from.line_id;
    line.quantity = Thousandths(from.quantity).value_or(ledger::kUnit);
    line.value = order.lines[i].points_value;
    line.paid = from.amount - line.value;
    line.earned = order.lines[i].earned;
    line.burned = from.points;
    record.lines.push_back(std::move(line));
  }
  return record;
}

// What an order earned and burned there; here it moved nothing.
PointsSummary MovedBy(const ledger::OrderRecord& record) {
  PointsSummary moved;
  for (const ledger::LineRecord& line : record.lines) {
    moved.earned += line.earned;
    moved.spent += line.burned;
  }
  return moved;
}

Result<Imported> Known(const Site& site, const OrderToImport& order, const Order& known) {
  if (MatchesFingerprint(*site.keys, known.fingerprint, order.order.content)) {
    return Imported::kKnown;
  }
  return Error{.code = ErrorCode::kConflict,
               .message = "order " + known.id.str() + " is known with other content",
               .reason = "order_conflict"};
}

Status Keep(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
            const OrderToImport& order, const cards::Member& member, std::string card,
            const ledger::OrderRecord& record) {
  const PreparedOrder& prepared = order.order;
  const Json moved = MovedJson(MovedBy(record));
  Status inserted = transaction.InsertOrder(programme.programme.id,
                                            {.id = prepared.request.id,
                                             .source = prepared.request.source,
                                             .fingerprint = prepared.fingerprint,
                                             .member = member.id,
                                             .card_id = std::move(card),
                                             .total_minor = prepared.request.total,
                                             .paid_at = prepared.checked.value().paid_at,
                                             .received_at = transaction.Now(),
                                             .body = prepared.body,
                                             .answer = {{"card_created", false}, {"moved", moved}},
                                             .account = member.account,
                                             .record = record});
  if (!inserted.ok()) return inserted;
  Status counted =
      CountImported(transaction, programme, member.id, record, prepared.checked.value().paid_at);
  if (!counted.ok()) return counted;
  std::vector<Warning> warnings;  // A refund that waited and does not fit stays undone.
  auto booked =
      BookParked(transaction, programme, prepared.request.source, prepared.request.id, warnings);
  if (!booked.ok()) return std::move(booked).error();
  auto reviewed = ReviewCounted(transaction, site, programme, member.id,
                                {.document = {.type = ledger::DocumentType::kOrder,
                                              .source = prepared.request.source.str(),
                                              .id = prepared.request.id.str(),
                                              .parent = {}},
                                 .actor = kImportActor});
  return reviewed.ok() ? Status() : Status(std::move(reviewed).error());
}

Result<Imported> ImportOne(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, const ToImport& what) {
  if (const auto* member = std::get_if<MemberToImport>(&what)) {
    return ImportMember(transaction, site, programme, *member);
  }
  return ImportOrder(transaction, site, programme, std::get<OrderToImport>(what));
}

}  // namespace

Result<Imported> ImportMember(Transaction& transaction, const Site& site,
                              const ProgrammeSite& programme, const MemberToImport& member) {
  const ProgrammeId& id = programme.programme.id;
  auto known = IsKnown(transaction, site, id, member);
  if (!known.ok()) return std::move(known).error();
  if (known.value()) return Imported::kKnown;
  std::vector<Warning> warnings;  // What is known of a member stays; a file is no proof.
  auto found =
      FindOrMakeMember(transaction, programme.programme, member.customer, *site.random, warnings);
  if (!found.ok()) return std::move(found).error();
  const cards::Member& owner = found.value().member;
  // Before the card, which then shows them from its first revision on.
  if (Status given = GivePoints(transaction, programme, owner.account, member); !given.ok()) {
    return std::move(given).error();
  }
  if (Status card = GiveCard(transaction, site, programme, BearerOf(owner), member); !card.ok()) {
    return std::move(card).error();
  }
  Status put = transaction.PutAnswer(
      ScopeOf(id), IdempotencyKey(member.id),
      {.fingerprint = member.fingerprint, .status = 201, .body = owner.id.str()}, std::nullopt,
      Timestamp::max());
  if (!put.ok()) return std::move(put).error();
  return Imported::kNew;
}

Result<Imported> ImportOrder(Transaction& transaction, const Site& site,
                             const ProgrammeSite& programme, const OrderToImport& order) {
  const ProgrammeId& id = programme.programme.id;
  const OrderRequest& request = order.order.request;
  auto known = transaction.FindOrder(id, request.source, request.id);
  if (!known.ok()) return std::move(known).error();
  if (known.value()) return Known(site, order, *known.value());
  auto buyer = BuyerOf(transaction, id, order.order.checked.value());
  if (!buyer.ok()) return std::move(buyer).error();
  auto person = FindLivingMember(transaction, id, buyer.value());
  if (!person.ok()) return std::move(person).error();
  if (!person.value()) return UnknownMember();
  auto card = CardOf(transaction, site, programme, BearerOf(*person.value()));
  if (!card.ok()) return std::move(card).error();
  auto member = AccountHolder(transaction, id, *std::move(person).value());
  if (!member.ok()) return std::move(member).error();
  auto change = MovePoints(transaction, programme, member.value().account, nullptr,
                           ledger::Import{.lots = {},
                                          .order = RecordOf(order),
                                          .document = {.type = ledger::DocumentType::kOrder,
                                                       .source = request.source.str(),
                                                       .id = request.id.str(),
                                                       .parent = {}}},
                           {.actor = kImportActor, .note = nullptr, .random = nullptr});
  if (!change.ok()) return AtField(std::move(change).error(), "/lines");
  Status kept = Keep(transaction, site, programme, order, member.value(), std::move(card).value(),
                     *change.value().order);
  if (!kept.ok()) return std::move(kept).error();
  return Imported::kNew;
}

namespace {

struct Batches {
  Store& store;
  const Site& site;
  const ProgrammeSite& programme;
  const std::function<void(std::int64_t, const Error&)>& on_refusal;
  ImportTally& tally;

  Status Run(std::span<const ImportItem> items) {
    ImportTally done;
    Status written = store.Write([&](Transaction& transaction) -> Status {
      done = {};
      for (const ImportItem& item : items) {
        auto imported = ImportOne(transaction, site, programme, item.what);
        if (!imported.ok()) return std::move(imported).error();
        ++(imported.value() == Imported::kNew ? done.imported : done.known);
      }
      return {};
    });
    if (written.ok()) {
      tally.imported += done.imported;
      tally.known += done.known;
      return {};
    }
    if (!IsRefusal(written.error())) return written;
    if (items.size() == 1) {
      ++tally.refused;
      on_refusal(items.front().line, written.error());
      return {};
    }
    const std::size_t half = items.size() / 2;
    if (Status first = Run(items.first(half)); !first.ok()) return first;
    return Run(items.subspan(half));
  }
};

}  // namespace

Status ImportBatch(Store& store, const Site& site, const ProgrammeSite& programme,
                   const std::vector<ImportItem>& batch,
                   const std::function<void(std::int64_t line, const Error&)>& on_refusal,
                   ImportTally& tally) {
  if (batch.empty()) return {};
  return Batches{store, site, programme, on_refusal, tally}.Run(batch);
}

}  // namespace passmint::issuance
