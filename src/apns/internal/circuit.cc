#include "apns/internal/circuit.h"

namespace passmint::apns::internal {

Circuit::Gate Circuit::Ask(Instant now) {
  if (!cause_) return Gate::kOpenWide;
  if (is_probing_ || now < probe_at_) return Gate::kShut;
  is_probing_ = true;
  return Gate::kProbe;
}

bool Circuit::OnRefused(const push::ApplePushOutcome& cause, bool is_probe, Instant now,
                        Random& random) {
  const bool is_news = !cause_;
  // Pushes that were on their way already say nothing new.
  if (!is_news && !is_probe) return false;
  cause_ = cause;
  cause_->sent = false;
  cause_->apns_id.clear();
  is_probing_ = false;
  probe_at_ = now + delay_.Next(random);
  return is_news;
}

void Circuit::Reset() {
  cause_.reset();
  is_probing_ = false;
  delay_.Reset();
}

}  // namespace passmint::apns::internal
