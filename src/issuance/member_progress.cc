#include "issuance/member_progress.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "issuance/rule_book.h"
#include "issuance/rule_facts.h"
#include "issuance/rule_sets.h"

namespace passmint::issuance {
namespace {

using std::chrono::sys_days;

// So many periods and occurrences of one rule are remembered, the newest: an order is accepted up
// to 30 days after it was paid, and a day is the shortest period.
constexpr std::size_t kPeriodsKept = 40;

// So many days of a member are told apart: one who comes every day is followed for four years.
constexpr std::size_t kDaysKept = 1500;

// What an order adds to the sums, refunds taken off.
MemberDay ContributionOf(const ledger::OrderRecord& record) {
  MemberDay sum;
  for (const ledger::LineRecord& line : record.lines) {
    sum.spend += line.paid - line.paid_refunded;
    sum.points += line.earned - line.clawed;
  }
  for (const ledger::Grant& grant : record.grants) sum.points += grant.points - grant.clawed;
  sum.orders = IsRefunded(record) ? 0 : 1;
  return sum;
}

void Add(const MemberDay& add, MemberDay& sum) {
  sum.orders += add.orders;
  sum.spend += add.spend;
  sum.points += add.points;
}

// Adds to the sums and to the day.
void AddOn(std::chrono::sys_days day, const MemberDay& add, MemberProgress& progress) {
  progress.orders += add.orders;
  progress.spend += add.spend;
  progress.points_earned += add.points;
  if (add != MemberDay()) Add(add, progress.days[day]);
}

// Keys of one rule and unit sort by time.
template <class Kept, class RuleOf>
void Trim(Kept& kept, RuleOf rule_of) {
  std::map<std::string, std::size_t> seen;
  for (auto at = kept.end(); at != kept.begin();) {
    --at;
    if (++seen[rule_of(*at)] > kPeriodsKept) at = kept.erase(at);
  }
}

Status MoveGroups(Transaction& transaction, const ProgrammeId& programme, const MemberId& from,
                  const MemberId& to) {
  const auto groups = transaction.GroupsOf(programme, from);
  if (!groups.ok()) return groups.error();
  for (const std::string& group : groups.value()) {
    Status added = transaction.AddToGroup(programme, group, to);
    if (!added.ok()) return added;
    Status removed = transaction.RemoveFromGroup(programme, group, from);
    if (!removed.ok()) return removed;
  }
  return {};
}

}  // namespace

Result<bool> CountsProgress(Transaction& transaction, const ProgrammeSite& programme) {
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  return NeedsOf(*rules.value()).progress || programme.book->Counts();
}

Result<MemberProgress> ProgressOf(Transaction& transaction, const ProgrammeSite& programme,
                                  const MemberId& member) {
  const ProgrammeId& id = programme.programme.id;
  auto kept = transaction.FindProgress(id, member);
  if (!kept.ok()) return std::move(kept).error();
  if (kept.value()) return *std::move(kept).value();
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  const auto orders = transaction.PastOrders(id, member);
  if (!orders.ok()) return orders.error();
  MemberProgress progress;
  for (const PastOrder& order : orders.value()) {
    Add(order.record, order.paid_at, sys_days(zone.value().DayAt(order.paid_at)), progress);
  }
  return progress;
}

void Add(const ledger::OrderRecord& record, Timestamp paid_at, sys_days day,
         MemberProgress& progress) {
  AddOn(day, ContributionOf(record), progress);
  progress.last_order_at = std::max(progress.last_order_at.value_or(paid_at), paid_at);
}

void Subtract(const ledger::OrderRecord& before, const ledger::OrderRecord& after, sys_days day,
              MemberProgress& progress) {
  const MemberDay had = ContributionOf(before);
  const MemberDay has = ContributionOf(after);
  AddOn(day,
        {.orders = has.orders - had.orders,
         .spend = has.spend - had.spend,
         .points = has.points - had.points},
        progress);
}

bool IsRefunded(const ledger::OrderRecord& record) {
  std::int64_t gross = 0;
  std::int64_t left = 0;
  for (const ledger::LineRecord& line : record.lines) {
    gross += line.gross();
    left += line.gross_left();
  }
  return gross > 0 && left == 0;
}

void ForgetOldPeriods(MemberProgress& progress) {
  Trim(progress.used, [](const auto& use) { return use.first.first; });
  Trim(progress.granted, [](const auto& grant) { return grant.first; });
  while (progress.days.size() > kDaysKept) {
    const MemberDay oldest = progress.days.begin()->second;
    progress.days.erase(progress.days.begin());
    Add(oldest, progress.days.begin()->second);
  }
}

Status CountImported(Transaction& transaction, const ProgrammeSite& programme,
                     const MemberId& member, const ledger::OrderRecord& record, Timestamp paid_at) {
  const auto counts = CountsProgress(transaction, programme);
  if (!counts.ok()) return counts.error();
  if (!counts.value()) return {};
  const ProgrammeId& id = programme.programme.id;
  auto kept = transaction.FindProgress(id, member);
  if (!kept.ok()) return std::move(kept).error();
  if (!kept.value()) return {};  // It will begin with the order.
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  Add(record, paid_at, sys_days(zone.value().DayAt(paid_at)), *kept.value());
  return transaction.PutProgress(id, member, *kept.value());
}

Status MergeProgress(Transaction& transaction, const ProgrammeSite& programme, const MemberId& from,
                     const MemberId& to) {
  const ProgrammeId& id = programme.programme.id;
  if (Status moved = MoveGroups(transaction, id, from, to); !moved.ok()) return moved;
  const auto counts = CountsProgress(transaction, programme);
  if (!counts.ok()) return counts.error();
  if (!counts.value()) return {};
  const auto gone = ProgressOf(transaction, programme, from);
  if (!gone.ok()) return gone.error();
  auto both = ProgressOf(transaction, programme, to);
  if (!both.ok()) return std::move(both).error();
  MemberProgress& sum = both.value();
  const MemberProgress& add = gone.value();
  sum.orders += add.orders;
  sum.spend += add.spend;
  sum.points_earned += add.points_earned;
  if (add.last_order_at) {
    sum.last_order_at =
        std::max(sum.last_order_at.value_or(*add.last_order_at), *add.last_order_at);
  }
  for (const auto& [key, amount] : add.used) sum.used[key] += amount;
  sum.granted.insert(add.granted.begin(), add.granted.end());
  for (const auto& [day, sums] : add.days) Add(sums, sum.days[day]);
  return transaction.PutProgress(id, to, sum);
}

}  // namespace passmint::issuance
