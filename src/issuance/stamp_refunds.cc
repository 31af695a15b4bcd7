#include "issuance/stamp_refunds.h"

#include <algorithm>
#include <map>

#include "issuance/lost_grants.h"
#include "issuance/order_points.h"
#include "issuance/points.h"
#include "ledger/arithmetic.h"
#include "ledger/claw_back.h"
#include "programme/quote.h"

namespace passmint::issuance {
namespace {

using programme::EarnRule;
using programme::OnRefund;

// What money paid for the line ("": for the order), and how much of it went back; of a line also
// its units.
struct Paid {
  std::int64_t paid = 0;
  std::int64_t refunded = 0;
  ledger::Quantity units = 0;
  ledger::Quantity units_refunded = 0;
};

Paid PaidFor(const ledger::OrderRecord& record, const std::string& line_id) {
  Paid sum;
  for (const ledger::LineRecord& line : record.lines) {
    if (!line_id.empty() && line.line_id != line_id) continue;
    sum.paid += line.paid;
    sum.refunded += line.paid_refunded;
    if (line_id.empty()) continue;
    sum.units = line.quantity;
    sum.units_refunded = line.quantity_refunded;
  }
  return sum;
}

std::int64_t TakenBefore(const StampMove& given, const std::vector<BookedRefund>& earlier) {
  std::int64_t taken = 0;
  for (const BookedRefund& refund : earlier) {
    for (const StampMove& move : refund.stamps) {
      const bool same = move.rule == given.rule && move.line_id == given.line_id;
      if (same && move.card == given.card) taken -= move.stamps;
    }
  }
  return taken;
}

const EarnRule* FindRule(const programme::RuleSet& rules, const std::string& id) {
  const auto rule = std::find_if(rules.earn.begin(), rules.earn.end(),
                                 [&id](const EarnRule& one) { return one.id == id; });
  return rule == rules.earn.end() ? nullptr : &*rule;
}

// How many of the stamps are to be gone once the order is as `after` says.
Result<std::int64_t> GoneAfter(const ProgrammeSite& programme, const Order& order,
                               const ledger::OrderRecord& after, const programme::RuleSet& rules,
                               const StampMove& given) {
  const Paid paid = PaidFor(after, given.line_id);
  if (paid.refunded >= paid.paid) return given.stamps;
  const EarnRule* rule = FindRule(rules, given.rule);
  if (rule == nullptr || rule->on_refund == OnRefund::kProportional) {
    // One of three units that cost 1000 is worth 333, and yet a third.
    const std::int64_t of_money = ledger::MulDiv(given.stamps, paid.refunded, paid.paid);
    if (paid.units == 0) return of_money;
    return std::max(of_money, ledger::MulDiv(given.stamps, paid.units_refunded, paid.units));
  }
  if (rule->on_refund == OnRefund::kOnFull) return 0;
  const auto earns = StillEarns(programme, order, after, rules, *rule);
  if (!earns.ok()) return earns.error();
  return earns.value() ? 0 : given.stamps;
}

// What the refund takes of them: negative.
Result<std::vector<StampMove>> Taken(const ProgrammeSite& programme, const StampRefund& refund) {
  std::vector<StampMove> taken;
  PointsSummary moved;
  ReadMoved(refund.order.answer.value("moved", Json::object()), moved);
  for (StampMove& given : moved.stamps_moved) {
    const auto gone = GoneAfter(programme, refund.order, refund.after, refund.rules, given);
    if (!gone.ok()) return gone.error();
    const std::int64_t now = gone.value() - TakenBefore(given, refund.earlier);
    if (now <= 0) continue;
    given.stamps = -now;
    taken.push_back(std::move(given));
  }
  return taken;
}

Status Post(Transaction& transaction, const ProgrammeSite& programme, const StampRefund& refund,
            const ledger::ClawBack& claw_back, PointsSummary& points) {
  const ProgrammeId& id = programme.programme.id;
  auto account =
      transaction.LoadAccount(id, refund.account, ledger::NeedOf(claw_back), transaction.Now());
  if (!account.ok()) return std::move(account).error();
  const Movement movement{.actor = refund.refund.actor,
                          .note = nullptr,
                          .random = nullptr,
                          .touched = nullptr,
                          .refunds = refund.rules.refunds};
  const auto change = ledger::ApplyClawBack(std::move(account).value(), claw_back,
                                            ContextOf(transaction, movement).context);
  if (!change.ok()) return change.error();
  points.stamps = Balances(change.value().account).stamps;
  return SaveMoved(transaction, programme, change.value(), movement);
}

}  // namespace

Result<std::vector<StampMove>> TakeStampsBack(Transaction& transaction,
                                              const ProgrammeSite& programme,
                                              const StampRefund& refund, PointsSummary& points) {
  auto taken = Taken(programme, refund);
  if (!taken.ok()) return taken;
  std::map<std::string, std::int64_t> by_card;
  for (const StampMove& move : taken.value()) by_card[move.card] -= move.stamps;
  for (const auto& [card, stamps] : by_card) {
    const ledger::ClawBack claw_back{.asset = programme::StampAsset({.id = card}),
                                     .amount = stamps,
                                     .lots = refund.before.lots,
                                     .document = {.type = ledger::DocumentType::kRefund,
                                                  .source = refund.order.source.str(),
                                                  .id = refund.refund.id,
                                                  .parent = refund.order.id.str()}};
    if (Status done = Post(transaction, programme, refund, claw_back, points); !done.ok()) {
      return std::move(done).error();
    }
  }
  return taken;
}

}  // namespace passmint::issuance
