#pragma once

#include <memory>
#include <string>

#include "app/erasures.h"
#include "app/google_link.h"
#include "app/guarded_store.h"
#include "app/ledger_jobs.h"
#include "app/phone_writer.h"
#include "app/push_jobs.h"
#include "app/replay_jobs.h"
#include "app/settings.h"
#include "app/site_loader.h"
#include "app/system_clock.h"
#include "base/result.h"
#include "http/server.h"
#include "http/service.h"
#include "issuance/current_card.h"
#include "issuance/phone_activity.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "push/wanted_queue.h"

namespace passmint::app {

// A whole running site: the one place that knows every adapter and every use case. Made by one
// thread; serves from its own.
class RunningSite {
 public:
  // Opens what the settings name, brings the store up to date, imports templates that the store has
  // none of, and begins to serve. Fails with what `passmint check` would print, as store::Open, as
  // CheckMasterKeys, as issuance::PreparePublish, as http::Server::Start.
  static Result<std::unique_ptr<RunningSite>> Start(const Settings& settings);

  // Stops accepting, lets requests in flight and the ledger's jobs finish, then closes the store.
  ~RunningSite();
  RunningSite(const RunningSite&) = delete;
  RunningSite& operator=(const RunningSite&) = delete;

  // Sets the gauge of days left and logs each certificate that is to be renewed. Call it daily.
  void WatchCertificates();

 private:
  RunningSite() = default;

  Status OpenStore(const Settings& settings);
  Status ImportTemplates(const Settings& settings);
  Status MakeService(const Settings& settings);
  Status Listen(const Settings& settings);
  Status StartJobs(const Settings& settings);

  // In the order of construction; destroyed from the last to the first.
  SystemClock clock_;
  std::unique_ptr<issuance::Site> site_;
  std::shared_ptr<push::WantedQueue> apple_queue_ = std::make_shared<push::WantedQueue>();
  std::shared_ptr<push::WantedQueue> google_queue_ = std::make_shared<push::WantedQueue>();
  std::unique_ptr<issuance::Store> store_;
  std::unique_ptr<GuardedStore> guard_;  // What requests see of it.
  std::unique_ptr<ErasureFile> erasures_;
  std::unique_ptr<issuance::CardMaker> maker_;
  issuance::PhoneActivity phones_;
  std::unique_ptr<GoogleLink> google_;  // Null: nothing is sent to Google.
  std::unique_ptr<http::Service> service_;
  std::unique_ptr<PhoneWriter> phone_writer_;
  std::unique_ptr<PushJobs> pushes_;
  std::unique_ptr<http::Server> metrics_server_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<LedgerJobs> jobs_;
  std::unique_ptr<ReplayJobs> replays_;
};

}  // namespace passmint::app
