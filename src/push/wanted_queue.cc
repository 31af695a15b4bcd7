#include "push/wanted_queue.h"

#include <utility>

namespace passmint::push {

void WantedQueue::OnWanted(const std::vector<issuance::WantedDelivery>& wanted) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const issuance::WantedDelivery& card : wanted) {
      if (cards_.size() >= kCardsMax) {
        overflowed_ = true;
        break;
      }
      cards_.insert(card);
    }
  }
  changed_.notify_one();
}

void WantedQueue::Ring() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    rung_ = true;
  }
  changed_.notify_one();
}

WantedQueue::Taken WantedQueue::Take(std::size_t limit) {
  Taken taken;
  const std::lock_guard<std::mutex> lock(mutex_);
  while (!cards_.empty() && taken.cards.size() < limit) {
    taken.cards.push_back(std::move(cards_.extract(cards_.begin()).value()));
  }
  taken.overflowed = std::exchange(overflowed_, false);
  taken.more = !cards_.empty();
  rung_ = false;
  return taken;
}

void WantedQueue::Wait(const std::stop_token& stop, std::chrono::microseconds longest) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, stop, longest,
                    [this] { return rung_ || overflowed_ || !cards_.empty(); });
}

}  // namespace passmint::push
