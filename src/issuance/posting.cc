#include "issuance/posting.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "issuance/card_life.h"
#include "issuance/due_points.h"

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

Error UnknownProgramme(const ProgrammeId& id) {
  return {.code = ErrorCode::kNotFound,
          .message = "the settings have no programme \"" + id.str() + "\""};
}

}  // namespace

Result<bool> Posting::Post(const DueAccount& due) {
  const ProgrammeSite* programme = site_.Find(due.programme);
  if (programme == nullptr) return UnknownProgramme(due.programme);
  const Status posted = store_.Write([&](Transaction& transaction) {
    return PostDueAndRounds(transaction, site_, *programme, due.account);
  });
  if (!posted.ok()) return posted.error();
  return true;
}

Result<bool> Posting::EndBlock(const Transaction::CardOfProgramme& card) {
  if (site_.Find(card.programme) == nullptr) return UnknownProgramme(card.programme);
  bool ended = false;
  const Status written = store_.Write([&](Transaction& transaction) -> Status {
    auto done = EndBlockIfOver(transaction, card.programme, card.card);
    if (!done.ok()) return std::move(done).error();
    ended = done.value();
    return {};
  });
  if (!written.ok()) return written.error();
  return ended;
}

Result<Posting::Due> Posting::Look(int limit) const {
  Due due;
  Status read = store_.Read([&](Transaction& transaction) -> Status {
    due.now = transaction.Now();
    auto accounts = transaction.DueAccounts(due.now, limit);
    if (!accounts.ok()) return std::move(accounts).error();
    auto cards = transaction.BlocksEnded(due.now, limit);
    if (!cards.ok()) return std::move(cards).error();
    due.accounts = std::move(accounts).value();
    due.cards = std::move(cards).value();
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  return due;
}

Result<bool> Posting::Try(Key key, Timestamp now, PostingRound& round,
                          const std::function<Result<bool>()>& post) {
  if (set_aside_.count(key) > 0) return false;
  auto done = post();
  if (done.ok() || done.error().code == ErrorCode::kUnavailable) return done;
  round.failed.push_back({key.first, key.second, std::move(done).error()});
  set_aside_.emplace(std::move(key), now);
  return false;
}

Result<PostingRound> Posting::RunBatch() {
  const std::size_t limit = kPostingBatch + set_aside_.size();
  auto looked = Look(static_cast<int>(limit));
  if (!looked.ok()) return std::move(looked).error();
  const Due& due = looked.value();
  const Timestamp now = due.now;
  std::erase_if(set_aside_, [now](const auto& aside) { return now - aside.second > kSetAsideFor; });
  PostingRound round;
  round.more = due.accounts.size() >= limit || due.cards.size() >= limit;
  for (const DueAccount& account : due.accounts) {
    auto done = Try({account.programme, "account " + account.account.str()}, now, round,
                    [&] { return Post(account); });
    if (!done.ok()) return std::move(done).error();
    round.posted += done.value() ? 1 : 0;
  }
  for (const Transaction::CardOfProgramme& card : due.cards) {
    auto done =
        Try({card.programme, "card " + card.card}, now, round, [&] { return EndBlock(card); });
    if (!done.ok()) return std::move(done).error();
    round.blocks_ended += done.value() ? 1 : 0;
  }
  return round;
}

Result<Timestamp> Posting::NextDue() const {
  Timestamp next = ledger::kNever;
  Status read = store_.Read([&next](Transaction& transaction) -> Status {
    auto points = transaction.NextDueAfter(transaction.Now());
    if (!points.ok()) return std::move(points).error();
    auto block = transaction.NextBlockEndAfter(transaction.Now());
    if (!block.ok()) return std::move(block).error();
    next = std::min(points.value(), block.value().value_or(ledger::kNever));
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
