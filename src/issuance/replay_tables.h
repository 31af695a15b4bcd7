#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "ledger/order.h"

namespace passmint::issuance {

struct ReplayRequest {
  Timestamp from;  // Orders paid at this instant or later
  Timestamp to;    // and before this one.
  int examples = 20;

  friend bool operator==(const ReplayRequest&, const ReplayRequest&) = default;
};

// How far a replay got. Until all are read nobody knows how many there are to judge.
struct ReplayProgress {
  std::int64_t read = 0;  // Orders of all times that were looked at.
  std::int64_t judged = 0;
  std::optional<std::int64_t> to_judge;

  friend bool operator==(const ReplayProgress&, const ReplayProgress&) = default;
};

enum class ReplayStatus { kWaiting, kRunning, kDone, kFailed, kCancelled };
std::string_view ToText(ReplayStatus status);
std::optional<ReplayStatus> ReplayStatusFrom(std::string_view text);

// A replay that nobody waits for on a line: any process of the store runs it and tells of it.
struct ReplayJob {
  std::string id;  // "r_" and 32 hex digits; later ones sort later.
  ReplayStatus status = ReplayStatus::kWaiting;
  ReplayRequest request;
  std::string draft;  // The rules as JSON; empty once it has ended.
  ReplayProgress progress;
  std::string result;   // Of kDone: JSON (replay_json.h).
  std::string problem;  // Of kFailed: why.
  Timestamp created_at;
  // From when on a process may take it: while one runs it the end of its lease; nothing: it has
  // ended.
  std::optional<Timestamp> due_at;
  std::string worker = {};  // Who took it last, another text each time; empty: nobody yet.
  int attempts = 0;         // How often it was taken.

  friend bool operator==(const ReplayJob&, const ReplayJob&) = default;
};

// What a replay looks at of an order.
struct OrderToReplay {
  OrderSource source;
  OrderId id;
  MemberId member;
  std::string card;  // Its id.
  Timestamp paid_at;
  std::string body;  // Order::body
  ledger::OrderRecord record;
};

// The part of a Transaction (store.h) that keeps replays and reads what they replay, with the same
// failures and life.
class ReplayTables {
 public:
  virtual Status InsertReplayJob(const ProgrammeId&, const ReplayJob&) = 0;
  // In a write it is locked until the end.
  virtual Result<std::optional<ReplayJob>> FindReplayJob(const ProgrammeId&,
                                                         const std::string& id) = 0;
  // Those that have not ended.
  virtual Result<std::int64_t> CountOpenReplayJobs(const ProgrammeId&) = 0;

  // Over all programmes: the one that is due the longest. In a write it is locked until the end.
  struct DueReplayJob {
    ProgrammeId programme;
    ReplayJob job;
  };
  virtual Result<std::optional<DueReplayJob>> FindDueReplayJob(Timestamp now) = 0;

  // Writes all but id, request, draft and created_at; without due_at also that the draft is gone.
  // False if it has ended, is forgotten, or `worker` is not who took it last; then nothing was
  // written.
  virtual Result<bool> UpdateReplayJob(const ProgrammeId&, const ReplayJob&,
                                       const std::string& worker) = 0;
  // Those that have ended and were made before that instant, or before the newest `kept`.
  virtual Status ForgetReplayJobs(const ProgrammeId&, Timestamp made_before, int kept) = 0;

  // Orders by (source, id), from the next one on. Of those outside of the time that is replayed the
  // body, which costs most to read, is left out.
  virtual Result<std::vector<OrderToReplay>> OrdersToReplay(const ProgrammeId&,
                                                            const OrderSource& after_source,
                                                            const OrderId& after,
                                                            const ReplayRequest& time,
                                                            int limit) = 0;

 protected:
  ~ReplayTables() = default;
};

}  // namespace passmint::issuance
