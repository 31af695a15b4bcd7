#include "app/ledger_jobs.h"

#include <algorithm>
#include <string>
#include <utility>

#include "app/checkpoints.h"
#include "app/log.h"
#include "issuance/referral_run.h"

namespace passmint::app {

LedgerJobs::LedgerJobs(LedgerJobsParts parts)
    : parts_(std::move(parts)),
      posting_(parts_.store, parts_.site),
      calendar_(parts_.store, parts_.site),
      reminders_(parts_.store, parts_.site),
      tiers_(parts_.store, parts_.site),
      posting_thread_([this](const std::stop_token& stop) { RunPosting(stop); }),
      calendar_thread_([this](const std::stop_token& stop) { RunCalendar(stop); }),
      checkpoint_thread_([this](const std::stop_token& stop) { RunCheckpoints(stop); }) {}

LedgerJobs::~LedgerJobs() {
  // All at once, then wait.
  posting_thread_.request_stop();
  calendar_thread_.request_stop();
  checkpoint_thread_.request_stop();
  posting_thread_.join();
  calendar_thread_.join();
  checkpoint_thread_.join();
}

void LedgerJobs::Pause(const std::stop_token& stop, std::chrono::milliseconds length) {
  std::unique_lock<std::mutex> lock(mutex_);
  stopped_.wait_for(lock, stop, length, [] { return false; });
}

void LedgerJobs::RunPosting(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (Status looked = parts_.guard.Refresh(); !looked.ok()) {
      LogEvent(LogLevel::kError, "ledger.trouble", {{"error", looked.error().message}});
    } else if (parts_.guard.read_only().empty()) {
      PostWhatIsDue(stop);
    }
    Pause(stop, UntilNextDue());
  }
}

std::chrono::milliseconds LedgerJobs::UntilNextDue() const {
  const auto next = posting_.NextDue();
  const Timestamp now = parts_.clock.Now();
  if (!next.ok() || next.value() >= now + kPostingPause) return kPostingPause;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next.value() - now);
  return std::max(left, kPostingPauseMin);
}

void LedgerJobs::PostWhatIsDue(const std::stop_token& stop) {
  int posted = 0;
  int blocks = 0;
  for (bool more = true; more && !stop.stop_requested() && ClockIsSteady();) {
    const auto round = posting_.RunBatch();
    if (!round.ok()) {
      LogEvent(LogLevel::kError, "ledger.posting_failed", {{"error", round.error().message}});
      break;
    }
    for (const issuance::PostingFailure& failure : round.value().failed) {
      LogEvent(LogLevel::kError, "ledger.posting_failed",
               {{"programme", failure.programme.str()},
                {"subject", failure.subject},
                {"error", failure.error.message}});
    }
    posted += round.value().posted;
    blocks += round.value().blocks_ended;
    more = round.value().more;
  }
  if (posted > 0) {
    LogEvent(LogLevel::kInfo, "ledger.posted", {{"accounts", std::to_string(posted)}});
  }
  if (blocks > 0) {
    LogEvent(LogLevel::kInfo, "cards.blocks_ended", {{"cards", std::to_string(blocks)}});
  }
}

void LedgerJobs::RunCalendar(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    // What ails the clock or the store, the posting thread says.
    const auto clock = issuance::CheckClock(parts_.store);
    if (clock.ok() && clock.value().steady && parts_.guard.read_only().empty()) {
      RunRounds(stop, "calendar", [this] { return calendar_.RunBatch(); });
      // Levels first: messages tell of them.
      RunRounds(stop, "tiers", [this] { return tiers_.RunBatch(); });
      RunRounds(stop, "reminders", [this] { return reminders_.RunBatch(); });
      RunRounds(stop, "referrals",
                [this] { return issuance::RunReferrals(parts_.store, parts_.site); });
    }
    Pause(stop, kPostingPause);
  }
}

void LedgerJobs::RunRounds(const std::stop_token& stop, const std::string& what,
                           const std::function<Result<issuance::CalendarRound>()>& run) {
  int given = 0;
  for (bool more = true; more && !stop.stop_requested();) {
    const auto round = run();
    if (!round.ok()) {
      LogEvent(LogLevel::kError, what + ".failed", {{"error", round.error().message}});
      break;
    }
    for (const issuance::PostingFailure& failure : round.value().failed) {
      LogEvent(LogLevel::kError, what + ".failed",
               {{"programme", failure.programme.str()},
                {"subject", failure.subject},
                {"error", failure.error.message}});
    }
    given += round.value().given;
    more = round.value().more;
  }
  if (given > 0) {
    LogEvent(LogLevel::kInfo, what + ".given", {{"members", std::to_string(given)}});
  }
}

bool LedgerJobs::ClockIsSteady() {
  const auto check = issuance::CheckClock(parts_.store);
  if (!check.ok()) {
    LogEvent(LogLevel::kError, "ledger.trouble", {{"error", check.error().message}});
    return false;
  }
  if (check.value().steady) {
    if (std::exchange(distrusts_clock_, false)) LogEvent(LogLevel::kInfo, "ledger.clock_trusted");
    return true;
  }
  if (!std::exchange(distrusts_clock_, true)) {
    LogEvent(LogLevel::kError, "ledger.clock_jumped",
             {{"now", FormatRfc3339(check.value().now)},
              {"heartbeat", FormatRfc3339(check.value().heartbeat.value_or(check.value().now))},
              {"hint", "nothing expires until: passmint ledger confirm-clock"}});
  }
  return false;
}

void LedgerJobs::RunCheckpoints(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    CheckpointIfDue(stop);
    TellOfParkedRefunds();
    Pause(stop, kCheckpointPause);
  }
}

void LedgerJobs::TellOfParkedRefunds() {
  std::int64_t parked = 0;
  const Status read = parts_.store.Read([&](issuance::Transaction& transaction) -> Status {
    const auto found = transaction.RefundsParkedBefore(transaction.Now() - kParkedTooLong);
    if (!found.ok()) return found.error();
    parked = found.value();
    return {};
  });
  if (!read.ok()) return;  // The posting thread says so.
  parts_.on_parked(parked);
  if (parked == parked_) return;
  parked_ = parked;
  LogEvent(parked > 0 ? LogLevel::kWarning : LogLevel::kInfo, "ledger.refunds_waiting",
           {{"refunds", std::to_string(parked)},
            {"hint", "their orders have not come for a day; see table parked_refund"}});
}

void LedgerJobs::CheckpointIfDue(const std::stop_token& stop) {
  // A store that lacks history must not become what later ones are compared with.
  if (!parts_.guard.read_only().empty()) return;
  const auto on_audit = [&stop](const ledger::JournalReport&) -> Status {
    if (!stop.stop_requested()) return {};
    return Error{.code = ErrorCode::kUnavailable, .message = "stopping", .reason = "stopping"};
  };
  const Timestamp now = parts_.clock.Now();
  if (looked_at_ && now >= *looked_at_ && now - *looked_at_ < kCheckpointEvery) return;
  const auto newest = NewestCheckpoint(parts_.checkpoint_dir, parts_.signing_key);
  if (newest.ok() && newest.value() && now - newest.value()->time < kCheckpointEvery) return;
  const auto written = newest.ok() ? WriteCheckpoint(parts_.store, parts_.checkpoint_dir,
                                                     parts_.signing_key, on_audit)
                                   : Result<WrittenCheckpoint>(newest.error());
  if (stop.stop_requested()) return;
  if (!written.ok()) {
    if (std::exchange(had_trouble_, true)) return;
    return LogEvent(LogLevel::kError, "ledger.checkpoint_failed",
                    {{"error", written.error().message}});
  }
  had_trouble_ = false;
  looked_at_ = now;
  if (written.value().file.empty()) return;
  LogEvent(LogLevel::kInfo, "ledger.checkpoint",
           {{"file", written.value().file.string()},
            {"accounts", std::to_string(written.value().checkpoint.leaves.size())}});
}

}  // namespace passmint::app
