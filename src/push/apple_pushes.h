#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "issuance/store.h"
#include "push/apple_push.h"
#include "push/device_limit.h"
#include "push/device_state.h"
#include "push/wanted_queue.h"

// Keeps the promises to iPhones: finds the devices of a card that has changed, decides when each
// may be pushed, pushes, and notes what became of it. Everything that is promised stands in the
// store, so that it may be stopped at any time, also by force: pushes may be repeated then, none is
// lost.
namespace passmint::push {

// A process that claimed work and was not heard of for so long is taken for dead. Longer than a
// sender keeps a push.
inline constexpr std::chrono::seconds kLease{30};
// How often we look for what nobody woke us for: what waited, failed, or was left by others.
inline constexpr std::chrono::seconds kLookEvery{2};
inline constexpr int kCardsPerRound = 200;
inline constexpr int kInFlightMax = 1'000;  // Pushes of one programme.
inline constexpr int kBacklogCounted = 100'000;
inline constexpr BackOffPolicy kLanePause{std::chrono::seconds(1), std::chrono::minutes(1)};

struct AppleProgramme {
  PassTypeIdentifier pass_type;
  std::optional<QuietHours> quiet = {};
};

struct ApplePushesParts {
  issuance::Store& store;
  ApplePushSender& sender;
  Random& random;
  std::map<ProgrammeId, AppleProgramme> programmes;  // Those with a certificate.
  std::shared_ptr<WantedQueue> queue;
  int time_lapse = 1;  // Pace::time_lapse.
};

// What is told to logs.
struct PushEvent {
  ProgrammeId programme;
  ApplePushOutcome::Kind kind;
  std::string reason;
  std::string detail;
  std::int64_t count = 0;
};

// What operators see of one programme.
struct PushReport {
  ProgrammeId programme;
  std::map<std::string, std::int64_t> outcomes;  // "accepted", else APNs' reason: how many so far.
  std::int64_t removed = 0;                      // Devices that are gone.
  std::int64_t backlog = 0;                      // Due, not told; at most kBacklogCounted.
  std::chrono::seconds oldest{0};                // How long the first of these has been due.
  std::string stopped;                           // Why nothing is pushed, with the cure; else "".
};

// For one thread but for Reports. Several processes may each have one over the same store.
class ApplePushes {
 public:
  // What `parts` refers to outlives it, and so does the sender's last Done.
  explicit ApplePushes(ApplePushesParts parts);

  struct Round {
    bool more = false;  // There is more to do at once.
    // If not: how long until something that waits becomes due, at most kLookEvery.
    std::chrono::microseconds wait = kLookEvery;
    std::vector<PushEvent> events;
  };
  // Does what there is to do. Fails as Store::Write; what was to be noted is kept for the next
  // time.
  Result<Round> Run();

  // Notes what the sender still answers while it stops. After the sender is gone, before this is.
  Status Finish();

  // Safe for concurrent calls.
  std::vector<PushReport> Reports() const;

 private:
  struct Sent {
    ProgrammeId programme;
    DeviceLibraryIdentifier device;
    PushToken token;
    Attempt attempt;

    friend bool operator<(const Sent& a, const Sent& b) {
      return std::tie(a.programme, a.device) < std::tie(b.programme, b.device);
    }
  };
  struct Answered {
    Sent sent;
    std::optional<ApplePushOutcome> outcome;  // Nothing: it was not taken.
  };
  // Outlives the sender's calls.
  struct Answers {
    std::mutex mutex;
    std::vector<Answered> list;
  };
  // Of one programme; of the engine's thread.
  struct Lane {
    int in_flight = 0;
    bool more_due = false;
    std::int64_t troubles = 0;  // In a row.
    std::optional<Timestamp> paused_until;
    std::string stopped;
  };
  using Claimed = std::map<std::pair<ProgrammeId, DeviceLibraryIdentifier>, Sent>;
  // What one transaction decides; made anew each time it runs.
  struct Plan {
    Timestamp now;
    Claimed claimed;
    std::map<ProgrammeId, int> room;
    std::map<ProgrammeId, bool> more_due;
    std::map<ProgrammeId, std::int64_t> removed;
    bool more_deliveries = false;
    std::optional<Timestamp> next_due = {};  // Of what was saved.
  };
  struct Todo {
    std::vector<Answered> answers;
    WantedQueue::Taken wanted;
    bool look = false;
    bool pull = false;  // The clock went back.
  };

  Todo TakeTodo();
  std::chrono::microseconds UntilNext(Timestamp now) const;
  Result<Timestamp> Look();
  Status Decide(issuance::Transaction& transaction, const Todo& todo, Plan& plan);
  Status SettleAll(issuance::Transaction& transaction, const std::vector<Answered>& answers,
                   Plan& plan);
  Status SettleOne(issuance::Transaction& transaction, const Answered& answered, Plan& plan);
  static Status Save(issuance::Transaction& transaction, const issuance::DevicePush& push,
                     Plan& plan);
  Status FanOut(issuance::Transaction& transaction, const issuance::Delivery& delivery, Plan& plan);
  static void Claim(const issuance::DuePush& due, Plan& plan);
  Status ScheduleOne(issuance::Transaction& transaction, issuance::DuePush due, Plan& plan);
  Status ClaimDue(issuance::Transaction& transaction, const ProgrammeId& programme, Plan& plan);
  int Room(const ProgrammeId& programme, Timestamp now) const;
  void Commit(const Todo& todo, const Plan& plan, Round& round);
  void NoteLane(const Answered& answered, Timestamp now);
  void Send(Claimed&& claimed);
  void Publish(const std::vector<Answered>& answers, const Plan& plan, Round& round);
  Pace PaceOf(const ProgrammeId& programme) const;
  std::uint32_t Dice();

  const ApplePushesParts parts_;
  const std::shared_ptr<Answers> answers_;
  std::map<ProgrammeId, Lane> lanes_;
  std::vector<Answered> unsettled_;  // Of a transaction that failed.
  std::optional<Timestamp> looked_at_;
  std::optional<Timestamp> next_due_;  // As of then.
  Timestamp last_now_;
  bool look_again_ = true;

  mutable std::mutex report_mutex_;
  std::map<ProgrammeId, PushReport> reports_;
};

}  // namespace passmint::push
