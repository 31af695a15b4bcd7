#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "apns/apns_sender.h"
#include "app/settings.h"
#include "base/random.h"
#include "base/result.h"
#include "http/metrics.h"
#include "http/service.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "push/apple_pushes.h"
#include "push/rollout_jobs.h"
#include "push/wanted_queue.h"

namespace passmint::app {

struct PushJobsParts {
  issuance::Store& store;
  const issuance::Site& site;
  const Settings& settings;
  http::Metrics& metrics;
  std::shared_ptr<push::WantedQueue> apple;  // The store's listener feeds it.
};

// Tells iPhones of changes while the service runs, in a thread of its own, and logs what happens.
// Nothing it does fails the service: what cannot be told now is told later.
class PushJobs {
 public:
  // What `parts` refers to outlives the jobs. A programme without an Apple certificate has no
  // pushes. Fails as apns::ApnsSender::Create and SetIdentity.
  static Result<std::unique_ptr<PushJobs>> Start(const PushJobsParts& parts);
  // Takes up no more, waits briefly for answers that are on their way, and notes them.
  ~PushJobs();
  PushJobs(const PushJobs&) = delete;
  PushJobs& operator=(const PushJobs&) = delete;

  // One line for each programme whose pushes are stopped. Safe for concurrent calls.
  std::vector<http::ReadyCheck> Checks() const;

 private:
  explicit PushJobs(const PushJobsParts& parts) : parts_(parts) {}

  Status MakeSender();
  void Run(const std::stop_token& stop);
  void RunRollouts(const std::stop_token& stop);
  void LogFailure(const char* event, const Error& error, std::string& last);
  void PublishMetrics();

  const PushJobsParts parts_;
  std::unique_ptr<apns::ApnsSender> sender_;
  std::unique_ptr<push::ApplePushes> pushes_;
  std::string push_failure_;     // Of the pushes' thread: said already.
  std::string rollout_failure_;  // Of the rollouts' thread.
  std::jthread thread_;
  std::jthread rollout_thread_;
};

}  // namespace passmint::app
