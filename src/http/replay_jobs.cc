#include "http/replay_jobs.h"

#include <algorithm>
#include <utility>

#include "crypto/token.h"

namespace passmint::http {
namespace {

bool IsOpen(ReplayStatus status) {
  return status == ReplayStatus::kWaiting || status == ReplayStatus::kRunning;
}

}  // namespace

std::string_view ToText(ReplayStatus status) {
  switch (status) {
    case ReplayStatus::kWaiting:
      return "waiting";
    case ReplayStatus::kRunning:
      return "running";
    case ReplayStatus::kDone:
      return "done";
    case ReplayStatus::kFailed:
      return "failed";
    case ReplayStatus::kCancelled:
      return "cancelled";
  }
  return "";
}

ReplayJobs::ReplayJobs(issuance::Store& store, const issuance::Site& site)
    : store_(store), site_(site), thread_([this](const std::stop_token& stop) { Run(stop); }) {}

ReplayJobs::~ReplayJobs() = default;

Result<ReplayJob> ReplayJobs::Start(const issuance::ProgrammeSite& programme,
                                    programme::RuleSet draft,
                                    const issuance::ReplayRequest& request, Timestamp now) {
  if (Status fine = issuance::CheckReplay(request); !fine.ok()) return std::move(fine).error();
  const std::lock_guard lock(mutex_);
  const auto open = std::count_if(entries_.begin(), entries_.end(), [](const auto& entry) {
    return IsOpen(entry.second->job.status);
  });
  if (open >= static_cast<std::ptrdiff_t>(kOpenMax)) {
    return Error{.code = ErrorCode::kTooManyRequests,
                 .message = "other replays are not done yet",
                 .reason = {},
                 .hint = "wait for one of them, or cancel it"};
  }
  auto entry = std::make_shared<Entry>(
      Entry{.job = {}, .programme = programme, .draft = std::move(draft), .request = request});
  entry->job.id = "r_" + crypto::MakeUuidV7(now, *site_.random);
  entries_[entry->job.id] = entry;
  waiting_.push_back(entry);
  Forget();
  wake_.notify_one();
  return entry->job;
}

ReplayJobs::EntryPtr ReplayJobs::FindEntry(const ProgrammeId& programme,
                                           const std::string& id) const {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return nullptr;
  return found->second->programme.programme.id == programme ? found->second : nullptr;
}

Result<ReplayJob> ReplayJobs::Find(const ProgrammeId& programme, const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const EntryPtr entry = FindEntry(programme, id);
  if (entry != nullptr) return entry->job;
  return Error{.code = ErrorCode::kNotFound, .message = "there is no such replay (any more)"};
}

Result<ReplayJob> ReplayJobs::Cancel(const ProgrammeId& programme, const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    const EntryPtr entry = FindEntry(programme, id);
    if (entry != nullptr && IsOpen(entry->job.status)) {
      entry->cancelled = true;
      entry->job.status = ReplayStatus::kCancelled;
      std::erase(waiting_, entry);
    }
  }
  return Find(programme, id);
}

void ReplayJobs::Forget() {
  for (auto at = entries_.begin(); entries_.size() > kKeptMax && at != entries_.end();) {
    at = IsOpen(at->second->job.status) ? std::next(at) : entries_.erase(at);
  }
}

ReplayJobs::EntryPtr ReplayJobs::Next(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, stop, [this] { return !waiting_.empty(); });
  if (waiting_.empty() || stop.stop_requested()) return nullptr;
  EntryPtr entry = std::move(waiting_.front());
  waiting_.pop_front();
  entry->job.status = ReplayStatus::kRunning;
  return entry;
}

void ReplayJobs::Run(const std::stop_token& stop) {
  while (const EntryPtr entry = Next(stop)) Play(stop, *entry);
}

void ReplayJobs::Play(const std::stop_token& stop, Entry& entry) {
  auto replay =
      issuance::ReplayRules(store_, entry.programme, entry.draft, entry.request,
                            [this, &stop, &entry](const issuance::ReplayProgress& progress) {
                              const std::lock_guard lock(mutex_);
                              entry.job.progress = progress;
                              return !entry.cancelled && !stop.stop_requested();
                            });
  const std::lock_guard lock(mutex_);
  if (entry.cancelled) return;
  if (replay.ok()) {
    entry.job.status = ReplayStatus::kDone;
    entry.job.result = std::move(replay).value();
  } else {
    entry.job.status = ReplayStatus::kFailed;
    entry.job.problem = std::move(replay).error();
  }
}

}  // namespace passmint::http
