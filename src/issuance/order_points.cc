#include "issuance/order_points.h"

#include <algorithm>
#include <utility>

#include "calendar/time_zone.h"
#include "issuance/order_check.h"
#include "issuance/order_coupons.h"
#include "issuance/points.h"
#include "issuance/rule_sets.h"

namespace passmint::issuance {
namespace {

using ledger::Change;
using programme::Basket;
using programme::LineKind;
using programme::Quote;

Error UnknownHold() {
  return InvalidInput("unknown_hold", "/hold_id", "this customer has no such hold");
}

Error EndedHold(const ledger::Hold& hold) {
  const bool expired = hold.state == ledger::HoldState::kExpired;
  return {.code = ErrorCode::kConflict,
          .message = expired ? "the hold has expired" : "the hold was captured or voided already",
          .reason = expired ? "hold_expired" : "hold_ended"};
}

// The open hold that the order names.
Status CheckHold(Transaction& transaction, const ProgrammeId& programme, const AccountId& account,
                 const HoldId& id) {
  auto located = transaction.FindHold(programme, id);
  if (!located.ok()) return std::move(located).error();
  if (!located.value() || located.value()->account != account) return UnknownHold();
  if (located.value()->ended) return EndedHold(*located.value()->ended);
  return {};
}

// How many points the order may burn when it takes what there is.
Result<std::int64_t> Spendable(Transaction& transaction, const ProgrammeId& programme,
                               const AccountId& account, const std::optional<HoldId>& hold) {
  auto loaded = transaction.LoadAccount(programme, account, {}, transaction.Now());
  if (!loaded.ok()) return std::move(loaded).error();
  const ledger::Account settled = ledger::Settled(std::move(loaded).value(), transaction.Now());
  if (!hold) return Balances(settled).available;
  for (const ledger::Hold& open : settled.holds) {
    if (open.id != *hold) continue;
    std::int64_t sum = 0;
    for (const ledger::Hold::Part& part : open.parts) sum += part.amount;
    return sum;
  }
  return 0;
}

// The ledger's refusal of an order, as one of the field that it is about. A hold that is open in
// its row and not in its account has just been ended: looked at again it says how.
Error AtOrder(Error error) {
  if (error.reason == "hold_unknown") {
    return {.code = ErrorCode::kUnavailable,
            .message = "the hold is just being ended",
            .reason = "lost_race"};
  }
  if (error.code != ErrorCode::kInvalidArgument || error.problems.size() != 1) return error;
  InputProblem& problem = error.problems.front();
  const bool over = error.reason == "over_capture";
  if (!over && error.reason != "amount_too_large") return error;
  problem.code = over ? "out_of_range" : "amount_too_large";
  problem.pointer = over ? "/hold_id" : "/total";
  error.reason.clear();
  return error;
}

// One reason per rule and line that it gave points for.
std::vector<PointsReason> Reasons(const Quote& quote, const Change& change) {
  std::string entry;
  for (const ledger::PostedEntry& posted : change.entries) {
    if (posted.entry.type == ledger::EntryType::kEarn) {
      entry = EntryIdText(change.account.id, posted.entry.sequence);
    }
  }
  std::vector<PointsReason> reasons;
  for (const programme::EarnedOn& earned : quote.reasons) {
    reasons.push_back(
        {.entry = entry, .rule = earned.rule, .line_id = earned.line_id, .points = earned.points});
  }
  return reasons;
}

// What an order is judged by: the rules in effect when it was paid, or those of its quote.
struct Judge {
  RulesPtr rules;
  Timestamp instant;
};

Result<Judge> JudgeOf(Transaction& transaction, const ProgrammeSite& programme,
                      const PreparedOrder& prepared) {
  // What is wrong with paid_at was said when the order was checked.
  const auto paid_at = ParseRfc3339(prepared.request.paid_at);
  const Timestamp instant = prepared.terms ? prepared.terms->instant
                            : paid_at.ok() ? paid_at.value()
                                           : transaction.Now();
  auto rules = prepared.terms ? RulesOfVersion(transaction, programme, prepared.terms->rule_set)
                              : RulesAt(transaction, programme, instant);
  if (!rules.ok()) return std::move(rules).error();
  return Judge{std::move(rules).value(), instant};
}

// A priced order, with what it takes of limits and budgets.
struct Priced {
  Quote quote;
  Counted counted;
  KnownFacts known;
  std::optional<std::int64_t> burn_at_most;
  std::vector<std::string> coupons;
};

Result<Priced> Price(Transaction& transaction, const ProgrammeSite& programme, const Judge& judge,
                     const OrderParty& party, const OrderRequest& request,
                     const std::optional<HoldId>& hold, std::vector<Warning>& warnings) {
  const cards::Member& member = party.member;
  auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return std::move(zone).error();
  Basket basket = BasketOf(request, programme.programme);
  if (request.up_to) {
    auto most = Spendable(transaction, programme.programme.id, member.account, hold);
    if (!most.ok()) return std::move(most).error();
    basket.burn_at_most = most.value();
  }
  auto coupons = FindCoupons(transaction, programme.programme.id, *judge.rules, request.coupons,
                             &member, judge.instant);
  if (!coupons.ok()) return std::move(coupons).error();
  if (Status usable = RequireUsable(coupons.value()); !usable.ok()) {
    return std::move(usable).error();
  }
  basket.coupons = UsableCoupons(coupons.value());
  auto known = FactsOf(transaction, programme, *judge.rules, zone.value(),
                       {.member = &member, .card = party.card.id}, judge.instant);
  if (!known.ok()) return std::move(known).error();
  const auto evaluation =
      programme::Evaluate(*judge.rules, zone.value(), basket, known.value().facts, judge.instant);
  if (!evaluation.ok()) return evaluation.error();
  Counted counted = CountedBy(*judge.rules, zone.value(), evaluation.value(), judge.instant);
  TellDiscounts(*judge.rules, evaluation.value(), coupons.value());
  CountCoupons(coupons.value(), counted, warnings);
  return Priced{.quote = programme::ToLedger(*judge.rules, zone.value(), basket, evaluation.value(),
                                             transaction.Now()),
                .counted = std::move(counted),
                .known = std::move(known).value(),
                .burn_at_most = basket.burn_at_most,
                .coupons = std::move(basket.coupons)};
}

}  // namespace

Basket BasketOf(const OrderRequest& request, const cards::Programme& programme) {
  Basket basket;
  basket.currency_exponent = programme.currency.exponent();
  basket.source = request.source.str();
  basket.location = request.location;
  for (const OrderLine& line : request.lines) {
    basket.lines.push_back({.line_id = line.line_id,
                            .kind = static_cast<LineKind>(line.type),
                            .sku = line.sku,
                            .category = line.category,
                            .quantity = Thousandths(line.quantity).value_or(ledger::kUnit),
                            .amount = line.amount,
                            .points = line.points,
                            .points_quantity = Thousandths(line.points_quantity).value_or(0)});
  }
  return basket;
}

Result<OrderPoints> PostOrder(Transaction& transaction, const ProgrammeSite& programme,
                              const OrderParty& party, const PreparedOrder& prepared,
                              std::vector<Warning>& warnings) {
  const cards::Member& member = party.member;
  const ProgrammeId& id = programme.programme.id;
  const OrderRequest& request = prepared.request;
  std::optional<HoldId> hold;
  if (request.hold_id) {
    hold = HoldId(*request.hold_id);
    if (Status usable = CheckHold(transaction, id, member.account, *hold); !usable.ok()) {
      return std::move(usable).error();
    }
  }
  const auto judge = JudgeOf(transaction, programme, prepared);
  if (!judge.ok()) return judge.error();
  auto priced = Price(transaction, programme, judge.value(), party, request, hold, warnings);
  if (!priced.ok()) return std::move(priced).error();
  Quote& quote = priced.value().quote;
  quote.order.key = {.source = request.source.str(), .id = request.id.str()};
  if (request.up_to && quote.burned < quote.wanted) {
    warnings.push_back(
        {"points_reduced", "there were only " + std::to_string(quote.burned) + " points to spend"});
  }
  OrderPoints done{.record = quote.order,
                   .points = {},
                   .moved = false,
                   .touched = {},
                   .rules = judge.value().rules,
                   .counted = std::move(priced.value().counted),
                   .known = std::move(priced.value().known),
                   .judged_at = judge.value().instant,
                   .burn_at_most = priced.value().burn_at_most,
                   .coupons = std::move(priced.value().coupons)};
  const Movement movement{.actor = request.actor, .touched = &done.touched, .activity = true};
  if (quote.burned == 0 && quote.earnings.empty() && !hold) {
    auto points = RecordActivity(transaction, programme, member.account,
                                 {.type = ledger::DocumentType::kOrder,
                                  .source = quote.order.key.source,
                                  .id = quote.order.key.id,
                                  .parent = {}},
                                 movement);
    if (!points.ok()) return std::move(points).error();
    done.points = std::move(points).value();
    done.moved = !done.touched.empty();
    return done;
  }
  auto change = MovePoints(
      transaction, programme, member.account, nullptr,
      ledger::PayOrder{.order = quote.order, .earnings = quote.earnings, .hold = hold}, movement);
  if (!change.ok()) return AtOrder(std::move(change).error());
  done.moved = true;
  if (change.value().order) done.record = *change.value().order;
  done.points = Summary(change.value());
  done.points.explain = Reasons(quote, change.value());
  for (const programme::StampedOn& one : quote.stamps) {
    done.points.stamps_moved.push_back({one.card, one.rule, one.line_id, one.stamps});
  }
  return done;
}

Json MovedJson(const PointsSummary& points) {
  Json explain = Json::array();
  for (const PointsReason& reason : points.explain) {
    explain.push_back({{"entry", reason.entry},
                       {"rule", reason.rule},
                       {"line_id", reason.line_id},
                       {"points", reason.points}});
  }
  Json moved = {
      {"earned", points.earned}, {"spent", points.spent}, {"explain", std::move(explain)}};
  if (!points.stamps_moved.empty()) moved["stamps"] = StampMovesJson(points.stamps_moved);
  return moved;
}

Json StampMovesJson(const std::vector<StampMove>& moves) {
  Json json = Json::array();
  for (const StampMove& move : moves) {
    json.push_back({{"card", move.card},
                    {"rule", move.rule},
                    {"line_id", move.line_id},
                    {"stamps", move.stamps}});
  }
  return json;
}

std::vector<StampMove> ReadStampMoves(const Json& json) {
  std::vector<StampMove> moves;
  for (const Json& move : json) {
    moves.push_back({.card = move.value("card", ""),
                     .rule = move.value("rule", ""),
                     .line_id = move.value("line_id", ""),
                     .stamps = move.value("stamps", std::int64_t{0})});
  }
  return moves;
}

void ReadMoved(const Json& moved, PointsSummary& points) {
  points.earned = moved.value("earned", std::int64_t{0});
  points.spent = moved.value("spent", std::int64_t{0});
  for (const Json& reason : moved.value("explain", Json::array())) {
    points.explain.push_back({.entry = reason.value("entry", ""),
                              .rule = reason.value("rule", ""),
                              .line_id = reason.value("line_id", ""),
                              .points = reason.value("points", std::int64_t{0})});
  }
  points.stamps_moved = ReadStampMoves(moved.value("stamps", Json::array()));
}

}  // namespace passmint::issuance
