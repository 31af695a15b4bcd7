#include "issuance/due_points.h"

#include <utility>
#include <vector>

#include "issuance/owner.h"
#include "issuance/points.h"
#include "issuance/refusal.h"
#include "issuance/rule_sets.h"
#include "issuance/stamp_rounds.h"

namespace passmint::issuance {

Status PostDueAndRounds(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                        const AccountId& account) {
  const ProgrammeId& id = programme.programme.id;
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  if (rules.value()->stamps.empty()) return PostDue(transaction, programme, account);
  // Members are locked before accounts.
  auto member = transaction.FindMember(id, OwnerOf(account));
  if (!member.ok()) return std::move(member).error();
  if (Status posted = PostDue(transaction, programme, account); !posted.ok()) return posted;
  if (!member.value() || member.value()->erased || !member.value()->merged_into.empty()) return {};
  const Owner owner{.member = *std::move(member).value(), .card = std::nullopt};
  if (Status usable = RequireUsable(transaction, id, owner); !usable.ok()) {
    return IsRefusal(usable.error()) ? Status() : usable;
  }
  auto points = PointsOf(transaction, id, account);
  if (!points.ok()) return std::move(points).error();
  std::vector<Warning> warnings;  // What waits is told with the next stamps.
  const auto rounds = CompleteRounds(transaction, site, programme, owner.member, kSystemActor,
                                     points.value(), warnings);
  return rounds.ok() ? Status() : Status(rounds.error());
}

}  // namespace passmint::issuance
