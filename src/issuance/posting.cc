#include "issuance/posting.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "issuance/points.h"

namespace passmint::issuance {
namespace {

constexpr char kHeartbeatSetting[] = "clock.heartbeat";  // Microseconds since 1970, decimal.

std::optional<Timestamp> ParseMicros(const std::string& text) {
  std::int64_t micros = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), micros);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return FromMicros(micros);
}

// A heartbeat that cannot be read counts as none.
Result<ClockCheck> Look(Transaction& transaction) {
  auto found = transaction.FindSetting(kHeartbeatSetting);
  if (!found.ok()) return std::move(found).error();
  const Timestamp now = transaction.Now();
  const auto beat = found.value() ? ParseMicros(*found.value()) : std::nullopt;
  ClockCheck check{.steady = true, .now = now, .heartbeat = beat};
  if (beat) check.steady = std::max(now, *beat) - std::min(now, *beat) <= kClockJumpMax;
  return check;
}

Status Beat(Transaction& transaction) {
  return transaction.PutSetting(kHeartbeatSetting, std::to_string(ToMicros(transaction.Now())));
}

}  // namespace

Status Posting::Post(const DueAccount& due) {
  const ProgrammeSite* programme = site_.Find(due.programme);
  if (programme == nullptr) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = "the settings have no programme \"" + due.programme.str() + "\""};
  }
  return store_.Write(
      [&](Transaction& transaction) { return PostDue(transaction, *programme, due.account); });
}

Result<PostingRound> Posting::RunBatch() {
  std::vector<DueAccount> due;
  Timestamp now;
  const int limit = kPostingBatch + static_cast<int>(set_aside_.size());
  Status read = store_.Read([&](Transaction& transaction) -> Status {
    now = transaction.Now();
    auto found = transaction.DueAccounts(now, limit);
    if (!found.ok()) return std::move(found).error();
    due = std::move(found).value();
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  std::erase_if(set_aside_, [now](const auto& aside) { return now - aside.second > kSetAsideFor; });
  PostingRound round{
      .posted = 0, .more = due.size() >= static_cast<std::size_t>(limit), .failed = {}};
  for (DueAccount& account : due) {
    const Key key(account.programme, account.account);
    if (set_aside_.count(key) > 0) continue;
    Status posted = Post(account);
    if (posted.ok()) {
      ++round.posted;
      continue;
    }
    if (posted.error().code == ErrorCode::kUnavailable) return std::move(posted).error();
    set_aside_.emplace(key, now);
    round.failed.push_back({std::move(account), std::move(posted).error()});
  }
  return round;
}

Result<Timestamp> Posting::NextDue() const {
  Timestamp next = ledger::kNever;
  Status read = store_.Read([&next](Transaction& transaction) -> Status {
    auto found = transaction.NextDueAfter(transaction.Now());
    if (!found.ok()) return std::move(found).error();
    next = found.value();
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  return next;
}

Result<ClockCheck> CheckClock(Store& store) {
  Result<ClockCheck> check(Error{});
  Status read = store.Read([&check](Transaction& transaction) -> Status {
    check = Look(transaction);
    return check.ok() ? Status() : Status(check.error());
  });
  if (!read.ok()) return std::move(read).error();
  const ClockCheck& seen = check.value();
  const bool fresh = seen.heartbeat && seen.now - *seen.heartbeat < kHeartbeatEvery;
  if (!seen.steady || fresh) return check;
  Status written = store.Write([&check](Transaction& transaction) -> Status {
    check = Look(transaction);  // Another process may have found a jump meanwhile.
    if (!check.ok()) return check.error();
    return check.value().steady ? Beat(transaction) : Status();
  });
  if (!written.ok()) return std::move(written).error();
  return check;
}

Result<ClockCheck> ConfirmClock(Store& store) {
  Result<ClockCheck> check(Error{});
  Status written = store.Write([&check](Transaction& transaction) -> Status {
    check = Look(transaction);
    return check.ok() ? Beat(transaction) : Status(check.error());
  });
  if (!written.ok()) return std::move(written).error();
  return check;
}

}  // namespace passmint::issuance
