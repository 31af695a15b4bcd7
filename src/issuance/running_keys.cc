#include "issuance/running_keys.h"

namespace passmint::issuance {

RunningKeys::Turn::~Turn() {
  if (keys_ == nullptr) return;
  {
    const std::lock_guard<std::mutex> lock(keys_->mutex_);
    keys_->running_.erase(key_);
  }
  // All of them: they may wait for different keys.
  keys_->left_.notify_all();
}

Result<RunningKeys::Turn> RunningKeys::Enter(const KeyedRequest& request,
                                             std::chrono::milliseconds wait_max) {
  const std::pair<std::string, std::string> key(request.scope, request.key.str());
  std::unique_lock<std::mutex> lock(mutex_);
  if (!left_.wait_for(lock, wait_max, [&] { return running_.count(key) == 0; })) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "the first request with this Idempotency-Key is still running",
                 .reason = "idempotency_in_progress",
                 .hint = "send the same again in a moment"};
  }
  return Turn(*this, running_.insert(key).first);
}

}  // namespace passmint::issuance
