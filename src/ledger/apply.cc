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
  if (std::holds_alternative<Activity>(command)) return {};  // Its lots have slid: SlideLots.
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

// Those that the account's owner may be active by; all but Activity always make an entry.
bool MayBeActivity(const Command& command) {
  return std::holds_alternative<PayOrder>(command) || std::holds_alternative<Activity>(command) ||
         std::holds_alternative<CaptureHold>(command) ||
         std::holds_alternative<GrantPoints>(command);
}

// What slides lives on before the command spends any of it.
Status SlideLots(Draft& draft, const Command& command, const Context& context) {
  if (context.slides.empty()) return {};
  if (!MayBeActivity(command)) {
    return Invalid("invalid_command", "this command is no activity of the account's owner");
  }
  if (!draft.LiveOn()) return {};
  if (const auto* activity = std::get_if<Activity>(&command)) {
    draft.Begin(EntryType::kActivity, AssetId(kPointsAsset), activity->document);
    draft.End();
  }
  return {};
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
  if (Status slid = internal::SlideLots(draft, command, context); !slid.ok()) {
    return std::move(slid).error();
  }
  if (Status decided = internal::Dispatch(draft, order, command); !decided.ok()) {
    return std::move(decided).error();
  }
  return std::move(draft).Finish();
}

}  // namespace passmint::ledger
