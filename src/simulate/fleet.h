#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/certificate.h"
#include "json/json.h"
#include "simulate/fleet_phone.h"
#include "simulate/fleet_report.h"

namespace passmint::simulate {

// Something that goes wrong in the world, on demand.
struct Fault {
  std::string name;  // For the report: "apns 503".
  // Quick, or it holds up other faults. Called from one thread. False: not this time.
  std::function<bool()> happen;
};

struct FleetOptions {
  std::string url;  // Of the service, without a slash at the end.
  int phones = 100;
  int google_accounts = 0;             // Customers with the card in Google Wallet.
  std::int64_t orders = 1000;          // After the first one of each phone's owner.
  std::int64_t orders_per_second = 0;  // 0: as fast as the service answers.
  int threads = 4;                     // Of phones; as many for shops.
  std::uint64_t seed = 1;              // What happens to whom; timing stays the machine's.
  // The field of the pass that shows the balance, and the language of the phones.
  std::string field = "points";
  std::string language = "en";
  std::string currency = "RUB";
  bool faults = false;  // Phones go offline and get other push tokens; `fault_list` happens.
  std::vector<Fault> fault_list = {};
  // A phone has got another push token, this one is dead: APNs shall answer 410 for it. May be
  // empty.
  std::function<void(const std::string& push_token)> token_retired = {};
  std::chrono::milliseconds fault_pause{500};  // Between two, on average.
  // How long phones may take after the last order until they show the ledger's balance.
  std::chrono::seconds settle_max{120};
  // More pushes to a phone are wrong.
  PushBudget push_budget = {};
  // What Google holds of an object ("" for none): compared in the end. May be empty if there are
  // no accounts.
  std::function<Json(const std::string& object_id)> google_object = {};
};

// Many virtual iPhones and Google accounts, each with one card, whose owners keep buying: proves
// that what the ledger says reaches them. The service sends its pushes to a fake APNs, which hands
// them to Deliver, and its changes to a fake Google, which hands them to See.
class Fleet {
 public:
  // `shop_key`: of role shop. `roots`: whom the phones trust. `progress` gets one line now and then
  // from the thread that runs; may be empty.
  Fleet(FleetOptions options, Secret shop_key, std::vector<crypto::Certificate> roots,
        std::function<void(const std::string&)> progress);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  // A push for that token was accepted by APNs; `answered`: and the service is told so. Safe for
  // concurrent calls, quick; may be called before, while and after it runs. False: no phone has
  // that token (any more).
  bool Deliver(std::string_view push_token, bool answered = true);
  // Google holds that object now; `notified`: and has told the customer. Likewise.
  void See(const std::string& object_id, const Json& object, bool notified);

  // Issues the cards, installs and saves them, places the orders, lets faults happen, waits until
  // all show what the ledger says, compares. Fails with kUnavailable if not even the cards could be
  // issued; what is wrong later stands in the report. Call it once.
  Result<FleetReport> Run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace passmint::simulate
