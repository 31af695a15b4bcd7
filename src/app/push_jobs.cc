#include "app/push_jobs.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "app/log.h"

namespace passmint::app {
namespace {

using Millis = std::chrono::milliseconds;

constexpr Millis kAfterFailure{1'000};
constexpr Millis kLookPause{500};
constexpr Millis kRolloutPause{500};

void LogApns(const apns::ApnsEvent& event) {
  const bool stopped = event.kind == apns::ApnsEvent::Kind::kStopped;
  LogEvent(stopped ? LogLevel::kError : LogLevel::kInfo, "apns.lane",
           {{"pass_type", event.pass_type.str()},
            {"event", std::string(ToString(event.kind))},
            {"detail", event.detail}});
}

void LogPush(const push::PushEvent& event) {
  using Kind = push::ApplePushOutcome::Kind;
  if (event.kind == Kind::kAccepted || event.kind == Kind::kGone) return;
  LogEvent(event.kind == Kind::kBug ? LogLevel::kError : LogLevel::kWarning, "push.failed",
           {{"programme", event.programme.str()},
            {"reason", event.reason},
            {"count", std::to_string(event.count)},
            {"detail", event.detail}});
}

// Waits unless the stop comes first.
void Pause(const std::stop_token& stop, std::chrono::milliseconds length) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock<std::mutex> lock(mutex);
  never.wait_for(lock, stop, length, [] { return false; });
}

std::map<ProgrammeId, push::AppleProgramme> AppleProgrammes(const PushJobsParts& parts) {
  std::map<ProgrammeId, push::AppleProgramme> programmes;
  for (const auto& [id, site] : parts.site.programmes) {
    if (site.apple == nullptr) continue;
    push::AppleProgramme programme{.pass_type = site.apple->identity().pass_type(),
                                   .quiet = site.quiet};
    programmes.emplace(id, std::move(programme));
  }
  return programmes;
}

}  // namespace

Result<std::unique_ptr<PushJobs>> PushJobs::Start(const PushJobsParts& parts) {
  std::unique_ptr<PushJobs> jobs(new PushJobs(parts));
  if (Status made = jobs->MakeSender(); !made.ok()) return std::move(made).error();
  jobs->pushes_ = std::make_unique<push::ApplePushes>(
      push::ApplePushesParts{.store = parts.store,
                             .sender = *jobs->sender_,
                             .random = *parts.site.random,
                             .programmes = AppleProgrammes(parts),
                             .queue = parts.apple,
                             .time_lapse = parts.settings.apns.time_lapse});
  PushJobs* const running = jobs.get();
  jobs->thread_ = std::jthread([running](const std::stop_token& stop) { running->Run(stop); });
  jobs->rollout_thread_ =
      std::jthread([running](const std::stop_token& stop) { running->RunRollouts(stop); });
  return jobs;
}

Status PushJobs::MakeSender() {
  if (parts_.settings.apns.time_lapse > 1 &&
      parts_.settings.apns.url.find("push.apple.com") != std::string::npos) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "apns.time_lapse is for simulations, and apns.url is Apple's",
                 .hint = "remove time_lapse: real phones stop updating when pushed too often"};
  }
  apns::ApnsOptions options;
  options.url = parts_.settings.apns.url;
  options.ca_file = parts_.settings.apns.ca_file.string();
  options.on_event = LogApns;
  auto sender = apns::ApnsSender::Create(std::move(options), *parts_.site.random);
  if (!sender.ok()) return Annotate(std::move(sender).error(), "apns");
  sender_ = std::move(sender).value();
  for (const auto& programme : parts_.site.programmes) {
    if (programme.second.apple == nullptr) continue;
    Status set = sender_->SetIdentity(programme.second.apple->identity());
    if (!set.ok()) return Annotate(std::move(set).error(), "apns of " + programme.first.str());
  }
  return {};
}

PushJobs::~PushJobs() {
  rollout_thread_.request_stop();
  thread_.request_stop();
  if (rollout_thread_.joinable()) rollout_thread_.join();
  if (thread_.joinable()) thread_.join();
  sender_.reset();
  if (pushes_ == nullptr) return;
  if (Status noted = pushes_->Finish(); !noted.ok()) {
    LogFailure("push.not_noted", noted.error(), push_failure_);
  }
}

void PushJobs::LogFailure(const char* event, const Error& error, std::string& last) {
  if (std::exchange(last, error.message) == error.message) return;
  LogEvent(LogLevel::kError, event, {{"error", error.message}});
}

void PushJobs::Run(const std::stop_token& stop) {
  auto shown_at = std::chrono::steady_clock::time_point();
  while (!stop.stop_requested()) {
    auto round = pushes_->Run();
    if (!round.ok()) {
      LogFailure("push.trouble", round.error(), push_failure_);
      Pause(stop, kAfterFailure);
      continue;
    }
    push_failure_.clear();
    for (const push::PushEvent& event : round.value().events) LogPush(event);
    if (const auto now = std::chrono::steady_clock::now(); now - shown_at > kLookPause) {
      shown_at = now;
      PublishMetrics();
    }
    if (!round.value().more) {
      parts_.apple->Wait(stop, std::min<std::chrono::microseconds>(round.value().wait, kLookPause));
    }
  }
}

void PushJobs::RunRollouts(const std::stop_token& stop) {
  std::vector<ProgrammeId> programmes;
  for (const auto& programme : parts_.site.programmes) programmes.push_back(programme.first);
  push::RolloutJobs rollouts(parts_.store, std::move(programmes));
  while (!stop.stop_requested()) {
    auto ran = rollouts.Run();
    auto pause = kRolloutPause;
    if (!ran.ok()) {
      LogFailure("rollout.trouble", ran.error(), rollout_failure_);
    } else {
      rollout_failure_.clear();
      if (ran.value().ended) {
        LogEvent(LogLevel::kInfo, "rollout.done",
                 {{"programme", ran.value().ended->programme.str()},
                  {"template", ran.value().ended->name.str()},
                  {"version", std::to_string(ran.value().ended->version)},
                  {"cards", std::to_string(ran.value().ended->told)}});
      }
      // Others are started, paused and resumed meanwhile.
      if (ran.value().wait) pause = std::min(pause, std::chrono::ceil<Millis>(*ran.value().wait));
    }
    if (pause > Millis(0)) Pause(stop, pause);
  }
}

void PushJobs::PublishMetrics() {
  for (const push::PushReport& report : pushes_->Reports()) {
    parts_.metrics.SetPushes({.programme = report.programme.str(),
                              .wallet = "apple",
                              .outcomes = report.outcomes,
                              .removed = report.removed,
                              .backlog = report.backlog,
                              .oldest = report.oldest,
                              .stopped = !report.stopped.empty()});
  }
}

std::vector<http::ReadyCheck> PushJobs::Checks() const {
  std::vector<http::ReadyCheck> checks;
  for (const push::PushReport& report : pushes_->Reports()) {
    // Cards are made and shown without pushes: the service is ready all the same.
    checks.push_back({.name = "apns:" + report.programme.str(),
                      .ok = report.stopped.empty(),
                      .detail = report.stopped,
                      .required = false});
  }
  return checks;
}

}  // namespace passmint::app
