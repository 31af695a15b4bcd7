#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "app/guarded_store.h"
#include "base/clock.h"
#include "base/timestamp.h"
#include "crypto/private_key.h"
#include "issuance/calendar_run.h"
#include "issuance/posting.h"
#include "issuance/reminder_run.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "issuance/tier_run.h"

namespace passmint::app {

// How often we look at least for what has become due, and whether the store may be written to: by
// so much is late what was written meanwhile and is due sooner. We look at the instant when the
// next change is due, if that is sooner.
inline constexpr std::chrono::seconds kPostingPause{1};
// And how often at most.
inline constexpr std::chrono::milliseconds kPostingPauseMin{100};
// Refunds that came before their order and still wait for it after so long are told of: the shop
// has lost the order, or names it differently.
inline constexpr std::chrono::hours kParkedTooLong{24};
inline constexpr std::chrono::hours kCheckpointEvery{1};
inline constexpr std::chrono::minutes kCheckpointPause{1};

struct LedgerJobsParts {
  issuance::Store& store;
  GuardedStore& guard;
  const issuance::Site& site;
  const Clock& clock;
  std::filesystem::path checkpoint_dir;
  crypto::PrivateKey signing_key;
  std::function<void(std::int64_t)> on_parked;  // How many refunds wait too long.
};

// What the running service does with the ledger by itself: posts what is due, gives what the rules'
// calendar grants and signs checkpoints, each in a thread of its own, and logs it. Nothing it does
// fails the service.
class LedgerJobs {
 public:
  // What `parts` refers to outlives the jobs.
  explicit LedgerJobs(LedgerJobsParts parts);
  // Finishes the account that is being posted, gives up a checkpoint that is being taken.
  ~LedgerJobs();
  LedgerJobs(const LedgerJobs&) = delete;
  LedgerJobs& operator=(const LedgerJobs&) = delete;

 private:
  void RunPosting(const std::stop_token& stop);
  void RunCalendar(const std::stop_token& stop);
  // Rounds of work of the calendar's thread until nothing is left; `what` names it in the log.
  void RunRounds(const std::stop_token& stop, const std::string& what,
                 const std::function<Result<issuance::CalendarRound>()>& run);
  void RunCheckpoints(const std::stop_token& stop);
  void PostWhatIsDue(const std::stop_token& stop);
  std::chrono::milliseconds UntilNextDue() const;
  void TellOfParkedRefunds();
  bool ClockIsSteady();
  void CheckpointIfDue(const std::stop_token& stop);
  void Pause(const std::stop_token& stop, std::chrono::milliseconds length);

  const LedgerJobsParts parts_;
  issuance::Posting posting_;
  issuance::CalendarRun calendar_;
  issuance::ReminderRun reminders_;
  issuance::TierRun tiers_;
  bool distrusts_clock_ = false;  // Of the posting thread: said so already.
  // Of the checkpoint thread.
  std::int64_t parked_ = 0;  // How many we told of.
  bool had_trouble_ = false;
  std::optional<Timestamp> looked_at_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  // Last: they use everything above.
  std::jthread posting_thread_;
  std::jthread calendar_thread_;
  std::jthread checkpoint_thread_;
};

}  // namespace passmint::app
