#include "push/rollout_jobs.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "cards/card.h"

namespace passmint::push {
namespace {

using issuance::Rollout;
using issuance::RolloutCard;
using issuance::RolloutState;
using issuance::Transaction;

// So long a transaction others do not wait for.
constexpr int kCardsPerStep = 500;

bool IsInRing(const RolloutCard& card, int ring) {
  cards::Card named;
  named.id = card.id;
  return cards::RingOf(named) < ring;
}

}  // namespace

Result<RolloutJobs::Step> RolloutJobs::Run() {
  bool is_due = false;
  Status looked = store_.Read([&](Transaction& transaction) -> Status {
    for (const ProgrammeId& programme : programmes_) {
      auto rollouts = transaction.Rollouts(programme);
      if (!rollouts.ok()) return std::move(rollouts).error();
      for (const Rollout& rollout : rollouts.value()) {
        is_due = is_due || (rollout.due_at && *rollout.due_at <= transaction.Now());
      }
    }
    return {};
  });
  if (!looked.ok()) return std::move(looked).error();
  Step step;
  if (!is_due) return step;
  Status written = store_.Write([&](Transaction& transaction) -> Status {
    step = {};
    const Timestamp now = transaction.Now();
    auto claimed = transaction.ClaimRollout(now, now + std::chrono::seconds(1));
    if (!claimed.ok()) return std::move(claimed).error();
    if (!claimed.value()) return {};
    step.more = true;
    Rollout& rollout = *claimed.value();
    if (Status done = Advance(transaction, rollout); !done.ok()) return done;
    if (rollout.state == RolloutState::kDone) step.ended = rollout;
    return {};
  });
  if (!written.ok()) return std::move(written).error();
  return step;
}

Status RolloutJobs::Advance(Transaction& transaction, Rollout& rollout) {
  const Timestamp now = transaction.Now();
  const int limit = std::clamp(rollout.per_second, 1, kCardsPerStep);
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
    // As long as so many may take.
    rollout.due_at = now + std::chrono::microseconds(std::chrono::seconds(1)) * limit /
                               std::max(rollout.per_second, 1);
  }
  return transaction.PutRollout(rollout);
}

}  // namespace passmint::push
