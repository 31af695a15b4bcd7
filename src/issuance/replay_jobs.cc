#include "issuance/replay_jobs.h"

#include <utility>

#include "crypto/token.h"
#include "issuance/replay_json.h"
#include "issuance/rule_sets.h"
#include "json/json.h"

namespace passmint::issuance {
namespace {

constexpr std::chrono::hours kForgetEvery{1};

// The progress is of the attempt that was given up.
void GiveBack(ReplayJob& job, Timestamp now) {
  job.status = ReplayStatus::kWaiting;
  job.progress = {};
  job.due_at = now;
  --job.attempts;
}

void End(ReplayJob& job, ReplayStatus status) {
  job.status = status;
  job.due_at.reset();
}

void Fail(ReplayJob& job, std::string why) {
  End(job, ReplayStatus::kFailed);
  job.problem = std::move(why);
}

Result<Replay> ReplayDraft(Store& store, const Site& site, const ProgrammeId& programme,
                           const ReplayJob& job, const OnReplayProgress& on_progress) {
  const ProgrammeSite* found = site.Find(programme);
  if (found == nullptr) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = "the settings have no such programme any more"};
  }
  const auto json = json::Parse(job.draft, kRulesBytesMax);
  if (!json.ok()) return json.error();
  const auto draft = programme::ParseRules(json.value(), 1);
  if (!draft.ok()) return draft.error();
  return ReplayRules(store, *found, draft.value(), job.request, on_progress);
}

}  // namespace

Result<ReplayJob> StartReplay(Transaction& transaction, const Site& site,
                              const ProgrammeId& programme, std::string draft,
                              const ReplayRequest& request) {
  if (Status fine = CheckReplay(request); !fine.ok()) return std::move(fine).error();
  ReplayTables& replays = transaction.Replays();
  const auto open = replays.CountOpenReplayJobs(programme);
  if (!open.ok()) return open.error();
  if (open.value() >= kReplaysOpenMax) {
    return Error{.code = ErrorCode::kTooManyRequests,
                 .message = "other replays are not done yet",
                 .reason = {},
                 .hint = "wait for one of them, or cancel it"};
  }
  const Timestamp now = transaction.Now();
  ReplayJob job{.id = "r_" + crypto::MakeUuidV7(now, *site.random),
                .request = request,
                .draft = std::move(draft),
                .progress = {},
                .result = {},
                .problem = {},
                .created_at = now,
                .due_at = now};
  if (Status put = replays.InsertReplayJob(programme, job); !put.ok()) {
    return std::move(put).error();
  }
  Status forgot = replays.ForgetReplayJobs(programme, now - kReplaysKeptFor, kReplaysKept);
  if (!forgot.ok()) return std::move(forgot).error();
  return job;
}

Result<ReplayJob> GetReplay(Transaction& transaction, const ProgrammeId& programme,
                            const std::string& id) {
  auto found = transaction.Replays().FindReplayJob(programme, id);
  if (!found.ok()) return std::move(found).error();
  if (found.value()) return *std::move(found).value();
  return Error{.code = ErrorCode::kNotFound, .message = "there is no such replay (any more)"};
}

Result<ReplayJob> CancelReplay(Transaction& transaction, const ProgrammeId& programme,
                               const std::string& id) {
  auto found = GetReplay(transaction, programme, id);
  if (!found.ok() || !found.value().due_at) return found;
  ReplayJob& job = found.value();
  End(job, ReplayStatus::kCancelled);
  const auto put = transaction.Replays().UpdateReplayJob(programme, job, job.worker);
  if (!put.ok()) return put.error();
  return found;
}

Result<bool> ReplayRun::RunNext(const std::function<bool()>& go_on) {
  if (Status forgot = Forget(); !forgot.ok()) return std::move(forgot).error();
  auto taken = Take();
  if (!taken.ok()) return std::move(taken).error();
  if (!taken.value()) return false;
  if (Status played = Play(*std::move(taken).value(), go_on); !played.ok()) {
    return std::move(played).error();
  }
  return true;
}

Result<std::optional<ReplayRun::Taken>> ReplayRun::Take() {
  std::optional<Taken> taken;
  // Most of the time there is nothing.
  Status looked = store_.Read([&](Transaction& transaction) -> Status {
    auto due = transaction.Replays().FindDueReplayJob(transaction.Now());
    if (!due.ok()) return std::move(due).error();
    taken = std::move(due).value();
    return {};
  });
  if (!looked.ok()) return std::move(looked).error();
  if (!taken) return taken;
  Status took = store_.Write([&](Transaction& transaction) { return TakeDue(transaction, taken); });
  if (!took.ok()) return std::move(took).error();
  return taken;
}

Status ReplayRun::TakeDue(Transaction& transaction, std::optional<Taken>& taken) const {
  const Timestamp now = transaction.Now();
  auto due = transaction.Replays().FindDueReplayJob(now);
  if (!due.ok()) return std::move(due).error();
  taken = std::move(due).value();
  if (!taken) return {};
  ReplayJob& job = taken->job;
  const std::string before = std::exchange(job.worker, crypto::MakeToken(*site_.random));
  if (job.attempts >= kReplayAttemptsMax) {
    Fail(job, "whoever worked on it ended or lost the store, three times");
  } else {
    job.status = ReplayStatus::kRunning;
    job.progress = {};
    job.due_at = now + kReplayLease;
    ++job.attempts;
  }
  const auto put = transaction.Replays().UpdateReplayJob(taken->programme, job, before);
  if (!put.ok()) return put.error();
  if (!put.value() || !job.due_at) taken.reset();
  return {};
}

Status ReplayRun::Play(Taken taken, const std::function<bool()>& go_on) {
  ReplayJob& job = taken.job;
  Timestamp told_at = clock_.Now();
  const auto on_progress = [&](const ReplayProgress& progress) {
    if (!go_on()) return false;
    job.progress = progress;
    const Timestamp now = clock_.Now();
    if (now >= told_at && now < told_at + kReplayTellEvery) return true;
    told_at = now;
    job.due_at = now + kReplayLease;
    const auto put = Put(taken);
    return !put.ok() || put.value();  // A store that does not answer may do so next time.
  };
  auto replay = ReplayDraft(store_, site_, taken.programme, job, on_progress);
  if (replay.ok()) {
    End(job, ReplayStatus::kDone);
    job.result = json::Dump(ReplayJson(replay.value()));
  } else if (replay.error().code == ErrorCode::kUnavailable) {
    return std::move(replay).error();
  } else if (replay.error().reason != "cancelled") {
    Fail(job, std::move(replay).error().message);
  } else if (!go_on()) {
    GiveBack(job, clock_.Now());
  } else {
    return {};  // It was cancelled, or is somebody else's by now.
  }
  const auto put = Put(taken);
  return put.ok() ? Status() : put.error();
}

Result<bool> ReplayRun::Put(const Taken& taken) {
  bool ours = false;
  Status written = store_.Write([&](Transaction& transaction) -> Status {
    const auto put =
        transaction.Replays().UpdateReplayJob(taken.programme, taken.job, taken.job.worker);
    if (!put.ok()) return put.error();
    ours = put.value();
    return {};
  });
  if (!written.ok()) return std::move(written).error();
  return ours;
}

Status ReplayRun::Forget() {
  const Timestamp now = clock_.Now();
  if (now < forget_at_ && forget_at_ <= now + kForgetEvery) return {};
  forget_at_ = now + kForgetEvery;
  return store_.Write([&](Transaction& transaction) -> Status {
    for (const auto& [programme, site] : site_.programmes) {
      Status forgot = transaction.Replays().ForgetReplayJobs(
          programme, transaction.Now() - kReplaysKeptFor, kReplaysKept);
      if (!forgot.ok()) return forgot;
    }
    return {};
  });
}

}  // namespace passmint::issuance
