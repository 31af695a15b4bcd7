#include "ledger/apply.h"

#include <algorithm>
#include <utility>

#include "ledger/internal/decide.h"
#include "ledger/internal/draft.h"
#include "ledger/internal/refusals.h"

namespace passmint::ledger {
namespace internal {
namespace {

Status Dispatch(Draft& draft, const OrderRecord* order, const Command& command) {
  if (std::holds_alternative<Settle>(command)) return {};
  if (const auto* pay = std::get_if<PayOrder>(&command)) return Decide(draft, *pay);
  if (const auto* refund = std::get_if<Refund>(&command)) return Decide(draft, order, *refund);
  if (const auto* place = std::get_if<PlaceHold>(&command)) return Decide(draft, *place);
  if (const auto* capture = std::get_if<CaptureHold>(&command)) return Decide(draft, *capture);
  if (const auto* release = std::get_if<VoidHold>(&command)) return Decide(draft, *release);
  if (const auto* adjust = std::get_if<Adjust>(&command)) return Decide(draft, *adjust);
  if (const auto* import = std::get_if<Import>(&command)) return Decide(draft, *import);
  if (const auto* grant = std::get_if<GrantPoints>(&command)) return Decide(draft, *grant);
  if (const auto* operation = std::get_if<ServiceOperation>(&command)) {
    return Decide(draft, *operation);
  }
  return Decide(draft, std::get<WriteOffDebt>(command));
}

}  // namespace

Status CheckAlive(const Account& account) {
  if (account.merged_into.empty()) return {};
  return Conflict("account_merged", "the account was merged into " + account.merged_into.str());
}

Context SharedContext(const Account& one, const Account& other, Context context) {
  context.now = std::max({context.now, one.decided_at, other.decided_at});
  return context;
}

Result<std::pair<Change, Change>> FinishBoth(Draft&& first, Draft&& second) {
  Result<Change> one = std::move(first).Finish();
  if (!one.ok()) return std::move(one).error();
  Result<Change> other = std::move(second).Finish();
  if (!other.ok()) return std::move(other).error();
  return std::pair(std::move(one).value(), std::move(other).value());
}

}  // namespace internal

Result<Change> Apply(Account account, const OrderRecord* order, const Command& command,
                     const Context& context) {
  if (Status alive = internal::CheckAlive(account); !alive.ok()) return std::move(alive).error();
  internal::Draft draft(std::move(account), context);
  if (Status settled = internal::SettleDue(draft); !settled.ok()) {
    return std::move(settled).error();
  }
  if (Status decided = internal::Dispatch(draft, order, command); !decided.ok()) {
    return std::move(decided).error();
  }
  return std::move(draft).Finish();
}

}  // namespace passmint::ledger
