#include "push/rollout_jobs.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "cards/card.h"
#include "issuance/rollout_pace.h"

namespace passmint::push {
namespace {

using issuance::Rollout;
using issuance::RolloutCard;
using issuance::RolloutState;
using issuance::Transaction;

bool IsInRing(const RolloutCard& card, int ring) {
  cards::Card named;
  named.id = card.id;
  return cards::RingOf(named) < ring;
}

}  // namespace

Result<RolloutJobs::Step> RolloutJobs::Run() {
  auto wait = NextDue();
  if (!wait.ok()) return std::move(wait).error();
  Step step;
  if (!wait.value() || *wait.value() > std::chrono::microseconds(0)) {
    step.wait = wait.value();
    return step;
  }
  Status written = store_.Write([&](Transaction& transaction) -> Status {
    step = {};
    const Timestamp now = transaction.Now();
    auto claimed = transaction.ClaimRollout(now, now + std::chrono::seconds(1));
    if (!claimed.ok()) return std::move(claimed).error();
    step.wait = std::chrono::microseconds(0);
    if (!claimed.value()) return {};
    Rollout& rollout = *claimed.value();
    if (Status done = Advance(transaction, rollout); !done.ok()) return done;
    if (rollout.state == RolloutState::kDone) step.ended = rollout;
    return {};
  });
  if (!written.ok()) return std::move(written).error();
  return step;
}

Result<std::optional<std::chrono::microseconds>> RolloutJobs::NextDue() {
  std::optional<std::chrono::microseconds> wait;
  Status looked = store_.Read([&](Transaction& transaction) -> Status {
    wait.reset();
    for (const ProgrammeId& programme : programmes_) {
      auto rollouts = transaction.Rollouts(programme);
      if (!rollouts.ok()) return std::move(rollouts).error();
      for (const Rollout& rollout : rollouts.value()) {
        if (!rollout.due_at) continue;
        const auto left = std::max(*rollout.due_at - transaction.Now(), Timestamp::duration(0));
        wait = wait ? std::min(*wait, left) : left;
      }
    }
    return {};
  });
  if (!looked.ok()) return std::move(looked).error();
  return wait;
}

Status RolloutJobs::Advance(Transaction& transaction, Rollout& rollout) {
  const Timestamp now = transaction.Now();
  // A second's worth: so long a transaction others do not wait for.
  const int limit = std::clamp(rollout.per_second, 1, issuance::kRolloutCardsPerSecondMax);
  auto cards =
      transaction.CardsOfTemplate(rollout.programme, rollout.name, rollout.after_card, limit);
  if (!cards.ok()) return std::move(cards).error();
  for (const RolloutCard& card : cards.value()) {
    rollout.after_card = card.id;
    ++rollout.seen;
    if (!IsInRing(card, rollout.ring)) continue;
    ++rollout.told;
    Status wanted = transaction.WantDeliveryAgain(rollout.programme, card.id, card.revision);
    if (!wanted.ok()) return wanted;
  }
  rollout.changed_at = now;
  if (cards.value().size() < static_cast<std::size_t>(limit)) {
    rollout.state = RolloutState::kDone;
    rollout.due_at.reset();
  } else {
    rollout.due_at = now + std::chrono::seconds(1);
  }
  return transaction.PutRollout(rollout);
}

}  // namespace passmint::push
