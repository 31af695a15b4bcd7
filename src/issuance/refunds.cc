#include "issuance/refunds.h"

#include <algorithm>
#include <map>
#include <utility>

#include "issuance/fingerprint.h"
#include "issuance/lost_grants.h"
#include "issuance/order_points.h"
#include "issuance/points.h"
#include "issuance/refund_command.h"
#include "issuance/refund_json.h"
#include "issuance/refusal.h"
#include "issuance/rule_counts.h"
#include "issuance/rule_sets.h"
#include "issuance/stamp_refunds.h"
#include "issuance/tier_review.h"
#include "ledger/arithmetic.h"

namespace passmint::issuance {
namespace {

// A member who was merged more often is in a ring.
constexpr int kMergesMax = 100;

Error Conflicting(const std::string& id) {
  return {.code = ErrorCode::kConflict,
          .message = "refund " + id + " is known with other content",
          .reason = "refund_conflict",
          .hint = "a further refund has an id of its own"};
}

// Points by rule that the order's line still has, after what earlier refunds took.
using LeftByRule = std::vector<std::pair<std::string, std::int64_t>>;

LeftByRule LeftOn(const std::string& line_id, const PointsSummary& moved,
                  const std::vector<BookedRefund>& earlier) {
  LeftByRule left;
  for (const PointsReason& reason : moved.explain) {
    if (reason.line_id == line_id) left.emplace_back(reason.rule, reason.points);
  }
  for (const BookedRefund& refund : earlier) {
    for (const PointsReason& taken : refund.explain) {
      if (taken.line_id != line_id) continue;
      for (auto& [rule, points] : left) {
        if (rule == taken.rule) points = std::max<std::int64_t>(0, points + taken.points);
      }
    }
  }
  return left;
}

// What was clawed back, by the rules that had given it.
std::vector<PointsReason> Reversals(const Order& order, const ledger::OrderRecord& before,
                                    const ledger::Change& change,
                                    const std::vector<BookedRefund>& earlier) {
  std::string entry;
  for (const ledger::PostedEntry& posted : change.entries) {
    if (posted.entry.type == ledger::EntryType::kClawBack) {
      entry = EntryIdText(change.account.id, posted.entry.sequence);
    }
  }
  PointsSummary moved;
  ReadMoved(order.answer.value("moved", Json::object()), moved);
  std::vector<PointsReason> reasons;
  std::int64_t of_grants = change.totals.clawed_back;
  for (const ledger::LineRefund& line : change.refunded) {
    of_grants -= line.clawed_back;
    const std::string& line_id = before.lines[line.line].line_id;
    const LeftByRule left = LeftOn(line_id, moved, earlier);
    if (line.clawed_back == 0 || left.empty()) continue;
    std::vector<std::int64_t> weights;
    for (const auto& [rule, points] : left) weights.push_back(points);
    const std::vector<std::int64_t> shares = ledger::Split(line.clawed_back, weights);
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (shares[i] > 0) reasons.push_back({entry, left[i].first, line_id, -shares[i]});
    }
  }
  for (std::size_t i = 0; i < before.grants.size() && of_grants > 0; ++i) {
    const ledger::Grant& after = change.order->grants[i];
    const std::int64_t taken = std::min(of_grants, after.clawed - before.grants[i].clawed);
    if (taken > 0) reasons.push_back({entry, after.rule, {}, -taken});
    of_grants -= taken;
  }
  return reasons;
}

BookedRefund Describe(const RefundRequest& request, const Order& order,
                      const ledger::OrderRecord& before, const ledger::Change& change,
                      const std::vector<BookedRefund>& earlier, Timestamp now) {
  BookedRefund booked{.id = request.id,
                      .booked_at = now,
                      .amount = 0,
                      .lines = {},
                      .restored = change.totals.restored,
                      .clawed_back = change.totals.clawed_back,
                      .explain = Reversals(order, before, change, earlier),
                      .stamps = {}};
  for (const ledger::LineRefund& line : change.refunded) {
    booked.amount += line.amount;
    booked.lines.push_back({.line_id = before.lines[line.line].line_id,
                            .amount = line.amount,
                            .restored = line.restored,
                            .clawed_back = line.clawed_back});
  }
  return booked;
}

// The order, and the rules that judged it.
struct Judging {
  const Order& order;
  const programme::RuleSet& rules;
};

// Posts the refund on the account that has the order's points now.
Result<ledger::Change> Post(Transaction& transaction, const ProgrammeSite& programme,
                            const AccountId& account, const ledger::OrderRecord& record,
                            const RefundRequest& request, const Judging& judging) {
  auto command = RefundCommand(request, record);
  if (!command.ok()) return std::move(command).error();
  auto lost = LostGrants(programme, judging.order, record, judging.rules, command.value());
  if (!lost.ok()) return std::move(lost).error();
  command.value().lost_grants = std::move(lost).value();
  const Movement movement{.actor = request.actor,
                          .note = nullptr,
                          .random = nullptr,
                          .touched = nullptr,
                          .refunds = judging.rules.refunds};
  auto change = MovePoints(transaction, programme, account, &record, command.value(), movement);
  if (change.ok() || change.error().reason != "over_refund") return change;
  auto loaded = transaction.LoadAccount(
      programme.programme.id, account, ledger::NeedOf(&record, command.value()), transaction.Now());
  if (!loaded.ok()) return std::move(loaded).error();
  return OverRefundOf(request, command.value(), record, loaded.value(),
                      ContextOf(transaction, movement).context);
}

// Those that judged the order; those of now for one that was judged by none, or elsewhere.
Result<RulesPtr> RulesOf(Transaction& transaction, const ProgrammeSite& programme,
                         const Order& order) {
  const std::int64_t version = order.answer.value("rule_set", std::int64_t{0});
  return version > 0 ? RulesOfVersion(transaction, programme, version)
                     : RulesAt(transaction, programme, transaction.Now());
}

struct Booked {
  BookedRefund refund;
  AccountId account;
  PointsSummary points;
};

Result<Booked> Book(Transaction& transaction, const ProgrammeSite& programme, const Order& order,
                    const RefundRequest& request, std::string fingerprint) {
  const ProgrammeId& id = programme.programme.id;
  auto place = LocateAccount(transaction, id, order.account);
  if (!place.ok()) return std::move(place).error();
  const ledger::OrderRecord record = ledger::Follow(order.record, place.value().offset);
  auto earlier = RefundsOf(transaction, id, order.source, order.id);
  if (!earlier.ok()) return std::move(earlier).error();
  const auto rules = RulesOf(transaction, programme, order);
  if (!rules.ok()) return rules.error();
  auto change =
      Post(transaction, programme, place.value().account, record, request, {order, *rules.value()});
  if (!change.ok()) return std::move(change).error();
  const Status updated = transaction.UpdateRecord(id, order.source, order.id, place.value().account,
                                                  change.value().order.value_or(record));
  if (!updated.ok()) return updated.error();
  if (rules.value()->referral) {
    Status woken = transaction.WakeReferralRewards(id, order.source, order.id, transaction.Now());
    if (!woken.ok()) return woken.error();
  }
  Booked booked{.refund = Describe(request, order, record, change.value(), earlier.value(),
                                   transaction.Now()),
                .account = place.value().account,
                .points = Summary(change.value())};
  auto stamps = TakeStampsBack(transaction, programme,
                               {.order = order,
                                .rules = *rules.value(),
                                .account = booked.account,
                                .before = record,
                                .after = change.value().order.value_or(record),
                                .refund = request,
                                .earlier = earlier.value()},
                               booked.points);
  if (!stamps.ok()) return std::move(stamps).error();
  booked.refund.stamps = std::move(stamps).value();
  Status uncounted = UncountRefund(transaction, programme,
                                   ReadCounted(order.answer.value("counted", Json::object())),
                                   {.member = OwnerOf(booked.account),
                                    .before = record,
                                    .after = change.value().order.value_or(record),
                                    .reversals = booked.refund.explain});
  if (!uncounted.ok()) return std::move(uncounted).error();
  auto inserted = transaction.InsertRefund(id, order.source, order.id,
                                           {.id = request.id,
                                            .fingerprint = std::move(fingerprint),
                                            .received_at = transaction.Now(),
                                            .answer = BookedJson(booked.refund)});
  if (!inserted.ok()) return std::move(inserted).error();
  if (inserted.value()) return booked;
  return Error{.code = ErrorCode::kUnavailable,
               .message = "the same refund is being stored by another request",
               .reason = "lost_race"};
}

RefundOutcome Outcome(bool created, Booked booked) {
  RefundOutcome outcome{.created = created,
                        .parked = false,
                        .refund = std::move(booked.refund),
                        .member = OwnerOf(booked.account),
                        .points = std::move(booked.points)};
  outcome.points.restored = outcome.refund.restored;
  outcome.points.clawed_back = outcome.refund.clawed_back;
  outcome.points.explain = outcome.refund.explain;
  outcome.points.stamps_moved = outcome.refund.stamps;
  return outcome;
}

// The same refund again: the current state if the content is the same, else a conflict.
Result<RefundOutcome> Again(Transaction& transaction, const Site& site,
                            const ProgrammeId& programme, const Order& order,
                            const RefundRequest& request, const StoredRefund& known) {
  if (!MatchesFingerprint(*site.keys, known.fingerprint, ComparedContent(request))) {
    return Conflicting(request.id);
  }
  auto account = CurrentAccount(transaction, programme, order.account);
  if (!account.ok()) return std::move(account).error();
  auto points = PointsOf(transaction, programme, account.value());
  if (!points.ok()) return std::move(points).error();
  return Outcome(false, {.refund = ReadBooked(known),
                         .account = account.value(),
                         .points = std::move(points).value()});
}

Result<RefundOutcome> Park(Transaction& transaction, const Site& site, const ProgrammeId& programme,
                           const RefundRequest& request) {
  // They are taken and put back, so that there is one way to read them.
  auto waiting = transaction.TakeParkedRefunds(programme, request.source, request.order);
  if (!waiting.ok()) return std::move(waiting).error();
  std::vector<ParkedRefund>& refunds = waiting.value();
  const auto known =
      std::find_if(refunds.begin(), refunds.end(),
                   [&request](const ParkedRefund& one) { return one.id == request.id; });
  const bool fresh = known == refunds.end();
  if (!fresh && !MatchesFingerprint(*site.keys, known->fingerprint, ComparedContent(request))) {
    return Conflicting(request.id);
  }
  if (fresh && refunds.size() >= kParkedRefundsMax) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "too many refunds wait for this order already",
                 .hint = "send the order"};
  }
  if (fresh) {
    refunds.push_back({.id = request.id,
                       .fingerprint = Fingerprint(*site.keys, ComparedContent(request)),
                       .received_at = transaction.Now(),
                       .request = ParkedJson(request),
                       .actor = request.actor});
  }
  for (const ParkedRefund& refund : refunds) {
    auto parked = transaction.ParkRefund(programme, request.source, request.order, refund);
    if (!parked.ok()) return std::move(parked).error();
  }
  RefundOutcome outcome;
  outcome.created = fresh;
  outcome.parked = true;
  outcome.refund.id = request.id;
  return outcome;
}

}  // namespace

Result<AccountPlace> LocateAccount(Transaction& transaction, const ProgrammeId& programme,
                                   const AccountId& account) {
  AccountPlace place{.account = account, .offset = 0};
  for (int merges = 0; merges < kMergesMax; ++merges) {
    auto member = transaction.FindMember(programme, OwnerOf(place.account));
    if (!member.ok()) return std::move(member).error();
    if (!member.value() || member.value()->merged_into.empty()) return place;
    auto merged = transaction.LoadAccount(programme, place.account, {}, transaction.Now());
    if (!merged.ok()) return std::move(merged).error();
    if (merged.value().merged_into.empty()) return place;
    place.account = merged.value().merged_into;
    place.offset += merged.value().merged_offset;
  }
  return Error{.code = ErrorCode::kInternal,
               .message = "account " + account.str() + " is merged into itself"};
}

Result<AccountId> CurrentAccount(Transaction& transaction, const ProgrammeId& programme,
                                 const AccountId& account) {
  auto place = LocateAccount(transaction, programme, account);
  if (!place.ok()) return std::move(place).error();
  return place.value().account;
}

Result<RefundOutcome> RefundOrder(Transaction& transaction, const Site& site,
                                  const ProgrammeSite& programme, const RefundRequest& request) {
  const ProgrammeId& id = programme.programme.id;
  if (Status fine = CheckRefund(request); !fine.ok()) return std::move(fine).error();
  Status locked = transaction.LockOrder(id, request.source, request.order);
  if (!locked.ok()) return std::move(locked).error();
  auto order = transaction.FindOrder(id, request.source, request.order);
  if (!order.ok()) return std::move(order).error();
  if (!order.value()) {
    if (request.await_order) return Park(transaction, site, id, request);
    return Error{.code = ErrorCode::kNotFound,
                 .message = "no order with that id and source",
                 .hint = "with await_order the refund waits for its order"};
  }
  auto known = transaction.FindRefund(id, request.source, request.order, request.id);
  if (!known.ok()) return std::move(known).error();
  if (known.value()) {
    return Again(transaction, site, id, *order.value(), request, *known.value());
  }
  auto booked = Book(transaction, programme, *order.value(), request,
                     Fingerprint(*site.keys, ComparedContent(request)));
  if (!booked.ok()) return std::move(booked).error();
  auto reviewed = ReviewCounted(transaction, site, programme, OwnerOf(booked.value().account),
                                {.document = {.type = ledger::DocumentType::kRefund,
                                              .source = request.source.str(),
                                              .id = request.id,
                                              .parent = request.order.str()},
                                 .actor = request.actor});
  if (!reviewed.ok()) return std::move(reviewed).error();
  return Outcome(true, std::move(booked).value());
}

Result<bool> BookParked(Transaction& transaction, const ProgrammeSite& programme,
                        const OrderSource& source, const OrderId& order_id,
                        std::vector<Warning>& warnings) {
  const ProgrammeId& id = programme.programme.id;
  auto waiting = transaction.TakeParkedRefunds(id, source, order_id);
  if (!waiting.ok()) return std::move(waiting).error();
  bool booked_any = false;
  for (const ParkedRefund& parked : waiting.value()) {
    auto order = transaction.FindOrder(id, source, order_id);
    if (!order.ok()) return std::move(order).error();
    if (!order.value()) return Error{.code = ErrorCode::kInternal, .message = "order not stored"};
    RefundRequest request = ReadParked(parked.request);
    request.source = source;
    request.order = order_id;
    request.id = parked.id;
    request.actor = parked.actor;
    auto booked = Book(transaction, programme, *order.value(), request, parked.fingerprint);
    if (!booked.ok() && !IsRefusal(booked.error())) return std::move(booked).error();
    if (booked.ok()) {
      booked_any = true;
    } else {
      warnings.push_back({"refund_refused", "refund " + parked.id +
                                                " waited for this order and was not booked: " +
                                                booked.error().message});
    }
  }
  return booked_any;
}

Result<std::vector<BookedRefund>> RefundsOf(Transaction& transaction, const ProgrammeId& programme,
                                            const OrderSource& source, const OrderId& order) {
  auto stored = transaction.Refunds(programme, source, order);
  if (!stored.ok()) return std::move(stored).error();
  std::vector<BookedRefund> refunds;
  for (const StoredRefund& refund : stored.value()) refunds.push_back(ReadBooked(refund));
  return refunds;
}

}  // namespace passmint::issuance
