#include "support/ledger_model.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <variant>

namespace passmint::testing {
namespace {

using ledger::Allocation;
using ledger::Book;
using ledger::Hold;
using ledger::HoldState;
using ledger::LineRecord;
using ledger::Lot;
using ledger::LotId;
using ledger::OrderRecord;
using ledger::Policy;

__extension__ using Wide = __int128;

std::int64_t Floor(std::int64_t value, std::int64_t numerator, std::int64_t denominator) {
  return static_cast<std::int64_t>(Wide{value} * numerator / denominator);
}

// Largest remainder; ties go to the lower index. One unit at a time, as one would with coins.
std::vector<std::int64_t> Spread(std::int64_t total, const std::vector<std::int64_t>& weights) {
  Wide sum = 0;
  for (const std::int64_t weight : weights) sum += weight;
  std::vector<std::int64_t> shares;
  std::vector<Wide> remainders;
  std::int64_t left = total;
  for (const std::int64_t weight : weights) {
    shares.push_back(static_cast<std::int64_t>(Wide{total} * weight / sum));
    remainders.push_back(Wide{total} * weight % sum);
    left -= shares.back();
  }
  for (; left > 0; --left) {
    const auto largest = std::max_element(remainders.begin(), remainders.end());
    ++shares[static_cast<std::size_t>(largest - remainders.begin())];
    *largest = -1;
  }
  return shares;
}

}  // namespace

struct LedgerModel::Doing {
  State& state;
  Timestamp now;
  const ledger::Context& context;
  OrderRecord* order;  // Of PayOrder: to be made; of Refund: as it is.
  Answer answer;

  void operator()(const ledger::Settle&) {}
  void operator()(const ledger::ServiceOperation&) {}
  void operator()(const ledger::Activity&) {}  // What slides has slid before every command.

  void operator()(const ledger::Import& import) {
    for (const ledger::Earning& earning : import.lots) {
      Lot lot;
      lot.asset = earning.asset;
      lot.original = earning.amount;
      lot.activates_at = earning.activates_at;
      lot.expires_at = earning.expires_at;
      lot.funder = earning.funder;
      lot.document = import.document;
      state.MakeLot(lot, now, Book::kIssuer);
    }
    for (const ledger::Earning& earning : import.lots) state.OffsetDebt(earning.asset);
    if (!import.order) return;
    *order = *import.order;
    std::int64_t burned = 0;
    for (const LineRecord& line : order->lines) burned += line.burned;
    if (burned == 0) return;
    Lot gone;
    gone.asset = order->asset;
    gone.original = burned;
    gone.activates_at = now;
    gone.expires_at = ledger::kNever;
    gone.document = import.document;
    const LotId id = state.MakeLot(gone, now, Book::kIssuer);
    state.At(id).available -= burned;
    state.At(id).spent += burned;
    state.Post(order->asset, Book::kActive, Book::kBurned, burned);
    AllocateToLines({{id, burned, 0}});
  }

  void operator()(const ledger::GrantPoints& grant) {
    std::set<std::pair<Timestamp, Timestamp>> lives;
    for (const ledger::Earning& earning : grant.earnings) {
      answer.totals.earned += earning.amount;
      // What lives and dies together is one lot.
      if (!lives.emplace(earning.activates_at, earning.expires_at).second) continue;
      Lot lot;
      lot.asset = earning.asset;
      for (const ledger::Earning& other : grant.earnings) {
        const bool same =
            other.activates_at == earning.activates_at && other.expires_at == earning.expires_at;
        if (same) lot.original += other.amount;
      }
      lot.activates_at = earning.activates_at;
      lot.expires_at = earning.expires_at;
      lot.slides = earning.slides;
      lot.funder = earning.funder;
      lot.document = grant.document;
      state.MakeLot(lot, now, Book::kIssuer);
    }
    state.OffsetDebt(grant.earnings.front().asset);
  }

  void operator()(const ledger::PlaceHold& place) {
    Hold hold{.id = place.id,
              .asset = place.asset,
              .parts = {},
              .created_at = now,
              .expires_at = now + place.lifetime,
              .state = HoldState::kOpen,
              .captured = 0,
              .order_source = place.order_source,
              .order_id = place.order_id};
    for (const Allocation& part : state.Spend(place.asset, place.amount)) {
      state.At(part.lot).held += part.taken;
      hold.parts.push_back({part.lot, part.taken});
    }
    state.holds[place.id] = hold;
  }

  void operator()(const ledger::CaptureHold& capture) {
    state.Capture(capture.id, capture.amount, now);
    answer.totals.spent = capture.amount;
  }

  void operator()(const ledger::VoidHold& voided) {
    const auto found = state.holds.find(voided.id);
    if (found == state.holds.end()) throw Refused{"hold_unknown"};
    Hold& hold = found->second;
    if (hold.state == HoldState::kCaptured) throw Refused{"hold_ended"};
    if (hold.state != HoldState::kOpen) return;
    hold.state = HoldState::kVoided;
    state.Release(hold.asset, hold.parts, now);
  }

  void operator()(const ledger::Adjust& adjust) {
    if (adjust.amount < 0) {
      for (const Allocation& part : state.Spend(adjust.asset, -adjust.amount)) {
        state.At(part.lot).spent += part.taken;
      }
      state.Post(adjust.asset, Book::kActive, Book::kBurned, -adjust.amount);
      return;
    }
    Lot lot;
    lot.asset = adjust.asset;
    lot.original = adjust.amount;
    lot.activates_at = now;
    lot.expires_at = adjust.expires_at;
    lot.funder = adjust.funder;
    lot.document = adjust.document;
    state.MakeLot(lot, now, Book::kIssuer);
    state.OffsetDebt(adjust.asset);
  }

  void operator()(const ledger::WriteOffDebt& write_off) {
    if (state.Debt(write_off.asset) < write_off.amount) throw Refused{"insufficient_debt"};
    state.Post(write_off.asset, Book::kWrittenOff, Book::kDebt, write_off.amount);
  }

  void operator()(const ledger::PayOrder& pay) {
    *order = pay.order;
    std::int64_t burn = 0;
    for (const LineRecord& line : order->lines) burn += line.burned;
    std::vector<Allocation> taken;
    if (pay.hold) {
      taken = state.Capture(*pay.hold, burn, now);
      if (state.holds[*pay.hold].asset != order->asset) throw Refused{"invalid_command"};
    } else {
      taken = state.Spend(order->asset, burn);
      for (const Allocation& part : taken) state.At(part.lot).spent += part.taken;
      state.Post(order->asset, Book::kActive, Book::kBurned, burn);
    }
    AllocateToLines(taken);
    answer.totals.spent = burn;
    Earn(pay.earnings);
  }

  // What was burned goes to the lines from the first to the last.
  void AllocateToLines(std::vector<Allocation> taken) {
    std::size_t next = 0;
    for (LineRecord& line : order->lines) {
      for (std::int64_t needed = line.burned; needed > 0;) {
        if (taken[next].taken == 0) ++next;
        const std::int64_t part = std::min(needed, taken[next].taken);
        taken[next].taken -= part;
        needed -= part;
        line.allocations.push_back({taken[next].lot, part, 0});
      }
    }
  }

  void Earn(const std::vector<ledger::Earning>& earnings) {
    for (const ledger::Earning& earning : earnings) {
      Lot lot;
      lot.asset = earning.asset;
      lot.original = earning.amount;
      lot.activates_at = earning.activates_at;
      lot.expires_at = earning.expires_at;
      lot.slides = earning.slides;
      lot.funder = earning.funder;
      lot.document = {ledger::DocumentType::kOrder, order->key.source, order->key.id, ""};
      const LotId id = state.MakeLot(lot, now, Book::kIssuer);
      if (order->lots.empty() || order->lots.back() != id) order->lots.push_back(id);
      if (earning.asset == order->asset) answer.totals.earned += earning.amount;
    }
    for (const ledger::Earning& earning : earnings) state.OffsetDebt(earning.asset);
  }

  void operator()(const ledger::Refund& refund) {
    const OrderRecord before = *order;
    if (refund.amount > 0) {
      RefundSpread(refund.amount);
    } else {
      for (const ledger::RefundLine& line : refund.lines) RefundOneLine(line);
    }
    std::int64_t claw = 0;
    bool all_money_back = true;
    for (std::size_t i = 0; i < order->lines.size(); ++i) {
      LineRecord& line = order->lines[i];
      if (line.paid_refunded < line.paid) all_money_back = false;
      const std::int64_t amount = before.lines[i].gross_left() - line.gross_left();
      const std::int64_t restored =
          line.value == 0 ? 0 : Floor(line.burned, line.value_refunded, line.value);
      const std::int64_t clawed =
          line.paid == 0 ? 0 : Floor(line.earned, line.paid_refunded, line.paid);
      const ledger::LineRefund done{i, amount, restored - line.restored, clawed - line.clawed};
      Restore(line, done.restored, refund.refund_id);
      line.restored = restored;
      line.clawed = clawed;
      claw += done.clawed_back;
      if (amount > 0) answer.refunded[i] = done;
    }
    for (ledger::Grant& grant : order->grants) {
      if (!all_money_back) continue;
      claw += grant.points - grant.clawed;
      grant.clawed = grant.points;
    }
    answer.totals.clawed_back = claw - ClawBack(claw);
    state.OffsetDebt(order->asset);
  }

  void RefundSpread(std::int64_t amount) {
    std::vector<std::int64_t> left;
    std::int64_t sum = 0;
    for (const LineRecord& line : order->lines) {
      left.push_back(line.gross_left());
      sum += left.back();
    }
    if (amount > sum) throw Refused{"over_refund"};
    const std::vector<std::int64_t> shares = Spread(amount, left);
    for (std::size_t i = 0; i < shares.size(); ++i) {
      TakeGross(order->lines[i], ledger::Group::kAny, shares[i]);
    }
  }

  void RefundOneLine(const ledger::RefundLine& wanted) {
    LineRecord& line = order->lines[wanted.line];
    std::int64_t amount = wanted.amount;
    if (wanted.quantity > 0) {
      const ledger::Quantity after = line.quantity_refunded + wanted.quantity;
      if (after > line.quantity) throw Refused{"over_refund"};
      amount = Floor(line.gross(), after, line.quantity) -
               Floor(line.gross(), line.quantity_refunded, line.quantity);
      line.quantity_refunded = after;
    }
    TakeGross(line, wanted.group, amount);
  }

  // Money first, unless a group is named.
  static void TakeGross(LineRecord& line, ledger::Group group, std::int64_t amount) {
    if (group != ledger::Group::kPoints) {
      const std::int64_t part = std::min(amount, line.paid - line.paid_refunded);
      line.paid_refunded += part;
      amount -= part;
    }
    if (group != ledger::Group::kMoney) {
      const std::int64_t part = std::min(amount, line.value - line.value_refunded);
      line.value_refunded += part;
      amount -= part;
    }
    if (amount > 0) throw Refused{"over_refund"};
  }

  // What was taken last comes back first.
  void Restore(LineRecord& line, std::int64_t amount, const std::string& refund_id) {
    for (std::size_t i = line.allocations.size(); i-- > 0 && amount > 0;) {
      Allocation& from = line.allocations[i];
      const std::int64_t part = std::min(amount, from.taken - from.returned);
      if (part == 0) continue;
      from.returned += part;
      amount -= part;
      RestoreToLot(from.lot, part, refund_id);
    }
  }

  void RestoreToLot(LotId id, std::int64_t amount, const std::string& refund_id) {
    Lot& lot = state.At(id);
    if (lot.expires_at > now) {
      lot.spent -= amount;
      lot.available += amount;
      state.Post(order->asset, Book::kBurned, Book::kActive, amount);
      answer.totals.restored += amount;
    } else if (context.policy.restore == Policy::Restore::kGrace &&
               context.policy.grace.count() > 0) {
      answer.totals.restored += amount;
      Lot grace;
      grace.asset = order->asset;
      grace.original = amount;
      grace.activates_at = now;
      grace.expires_at = now + context.policy.grace;
      grace.funder = lot.funder;
      grace.document = {ledger::DocumentType::kRefund, order->key.source, refund_id, order->key.id};
      grace.restored_from = id;
      state.MakeLot(grace, now, Book::kBurned);
    } else if (context.policy.restore != Policy::Restore::kForbid) {
      lot.spent -= amount;
      lot.expired += amount;
      state.Post(order->asset, Book::kBurned, Book::kExpired, amount);
    }
  }

  // Own pending, own available, own expired, other lots in spend order, debt. Returns what is let
  // go.
  std::int64_t ClawBack(std::int64_t amount) {
    const Policy::Debt policy = context.policy.debt;
    const std::vector<std::size_t> lots = state.SpendOrder(order->asset);
    const auto own = [this](const Lot& lot) {
      return std::find(order->lots.begin(), order->lots.end(), lot.id) != order->lots.end();
    };
    const auto take = [&](bool only_own, std::int64_t Lot::*counter, Book book) {
      for (const std::size_t i : lots) {
        Lot& lot = state.lots[i];
        if (only_own && !own(lot)) continue;
        const std::int64_t part = std::min(amount, lot.*counter);
        lot.*counter -= part;
        lot.clawed += part;
        amount -= part;
        state.Post(order->asset, book, Book::kIssuer, part);
      }
    };
    take(true, &Lot::pending, Book::kPending);
    if (policy != Policy::Debt::kOnlyPending) take(true, &Lot::available, Book::kActive);
    take(true, &Lot::expired, Book::kExpired);
    if (policy != Policy::Debt::kOnlyPending) take(false, &Lot::available, Book::kActive);
    if (amount == 0) return 0;
    const bool to_debt = policy == Policy::Debt::kUnlimited;
    state.Post(order->asset, to_debt ? Book::kDebt : Book::kWrittenOff, Book::kIssuer, amount);
    if (to_debt && state.Debt(order->asset) > context.policy.debt_limit) {
      throw Refused{"debt_limit"};
    }
    return to_debt ? 0 : amount;
  }
};

LedgerModel::Answer LedgerModel::Apply(const AccountId& account, const ledger::OrderKey* order,
                                       const ledger::Command& command,
                                       const ledger::Context& context) {
  State state = Of(account);
  OrderRecord record;
  if (order != nullptr) record = orders_.at(*order).record;
  Doing doing{state, std::max(context.now, state.last), context, &record, {}};
  try {
    if (!state.merged_into.empty()) throw Refused{"account_merged"};
    state.Settle(doing.now);
    state.LiveOn(context.slides, doing.now);
    std::visit(doing, command);
    state.RefuseTooLarge();
  } catch (const Refused& refused) {
    return {refused.reason, {}, {}};
  }
  state.last = doing.now;
  Of(account) = state;
  if (!record.lines.empty()) orders_[record.key] = {account, record};
  return doing.answer;
}

LedgerModel::Answer LedgerModel::Apply(const AccountId& from_id, const AccountId& to_id,
                                       const ledger::Move& move, const ledger::Context& context) {
  State from = Of(from_id);
  State to = Of(to_id);
  const Timestamp now = std::max({context.now, from.last, to.last});
  try {
    if (!from.merged_into.empty() || !to.merged_into.empty()) throw Refused{"account_merged"};
    from.Settle(now);
    to.Settle(now);
    for (const Allocation& part : from.Spend(move.asset, move.amount)) {
      Lot lot = from.At(part.lot);
      from.At(part.lot).spent += part.taken;
      lot.original = part.taken;
      lot.available = lot.held = lot.spent = lot.expired = lot.clawed = 0;
      lot.document = move.document;
      lot.restored_from = 0;
      to.MakeLot(lot, now, Book::kTransit);
    }
    from.Post(move.asset, Book::kActive, Book::kTransit, move.amount);
    to.OffsetDebt(move.asset);
    to.RefuseTooLarge();
  } catch (const Refused& refused) {
    return {refused.reason, {}, {}};
  }
  from.last = to.last = now;
  Of(from_id) = from;
  Of(to_id) = to;
  Answer answer;
  answer.totals.moved = move.amount;
  return answer;
}

LedgerModel::Answer LedgerModel::Merge(const AccountId& loser_id, const AccountId& winner_id,
                                       const ledger::Document&, const ledger::Context& context) {
  State loser = Of(loser_id);
  State winner = Of(winner_id);
  const Timestamp now = std::max({context.now, loser.last, winner.last});
  if (!loser.merged_into.empty() || !winner.merged_into.empty()) {
    return {"account_merged", {}, {}};
  }
  loser.Settle(now);
  winner.Settle(now);
  const LotId offset = winner.next_lot - 1;
  for (Lot lot : loser.lots) {
    lot.id += offset;
    if (lot.restored_from != 0) lot.restored_from += offset;
    winner.lots.push_back(lot);
  }
  winner.next_lot = offset + loser.next_lot;
  for (auto& [id, hold] : loser.holds) {
    if (hold.state != HoldState::kOpen) continue;
    winner.holds[id] = hold;
    for (Hold::Part& part : winner.holds[id].parts) part.lot += offset;
  }
  const Books moved = loser.books;
  for (const auto& [key, balance] : moved) {
    const auto& [asset, book] = key;
    if (book != Book::kPending && book != Book::kActive && book != Book::kDebt) continue;
    loser.Post(asset, book, Book::kTransit, balance);
    winner.Post(asset, Book::kTransit, book, balance);
    winner.OffsetDebt(asset);
  }
  try {
    winner.RefuseTooLarge();
  } catch (const Refused& refused) {
    return {refused.reason, {}, {}};
  }
  for (auto& [key, order] : orders_) {
    if (order.account != loser_id) continue;
    order.account = winner_id;
    for (LotId& lot : order.record.lots) lot += offset;
    for (LineRecord& line : order.record.lines) {
      for (Allocation& allocation : line.allocations) allocation.lot += offset;
    }
  }
  std::erase_if(loser.holds, [](const auto& h) { return h.second.state == HoldState::kOpen; });
  for (Lot& lot : loser.lots) {
    lot.spent += lot.pending + lot.available + lot.held;
    lot.pending = lot.available = lot.held = 0;
  }
  loser.merged_into = winner_id;
  loser.merged_offset = offset;
  loser.last = winner.last = now;
  Of(loser_id) = loser;
  Of(winner_id) = winner;
  return {};
}

}  // namespace passmint::testing
