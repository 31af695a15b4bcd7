#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/timestamp.h"
#include "simulate/fake_apns.h"
#include "simulate/internal/apns_request.h"

namespace passmint::simulate::internal {

// What the fake does with one request.
struct ApnsVerdict {
  enum class Way { kAnswer, kGoaway, kResetStream, kDropConnection, kNoAnswer };
  Way way = Way::kAnswer;
  int status = 200;
  std::string reason = {};
  std::optional<Timestamp> timestamp = {};
  std::chrono::seconds retry_after{0};
  std::chrono::milliseconds delay{0};
  bool ends_connection = false;  // GOAWAY after the answer.
  bool reaches_phone = false;
};

// All that the fake remembers: tokens, limits, faults to come, totals. For one thread at a time.
class ApnsState {
 public:
  explicit ApnsState(const FakeApnsOptions& options) : options_(options), dice_(options.seed) {}

  void AddToken(const PushToken& token, const PassTypeIdentifier& topic);
  void RetireToken(const PushToken& token, Timestamp since);
  void FailNext(ApnsFault fault, std::uint32_t count);
  void AnswerNext(const FakeApns::CannedAnswer& answer, std::uint32_t count);
  void SetShare(ApnsFault fault, double share);

  // Decides, and counts.
  ApnsVerdict Judge(const ApnsRequest& request, const ApnsClient& client, Timestamp now,
                    FakePush& push);

  void CountConnection() { ++totals_.connections; }
  const FakeApnsTotals& totals() const { return totals_; }
  std::map<PushToken, ApnsTokenAccount> Accounts() const;

 private:
  struct Token {
    std::optional<PassTypeIdentifier> topic = {};
    std::optional<Timestamp> gone_since = {};
    Timestamp window_start = {};
    std::uint32_t in_window = 0;
    ApnsTokenAccount account = {};
  };
  struct Planned {
    std::optional<ApnsFault> fault;
    FakeApns::CannedAnswer answer;  // If there is no fault.
    std::uint32_t count;
  };

  ApnsVerdict JudgeToken(Token& token, const FakePush& push, Timestamp now);
  std::optional<ApnsVerdict> NextPlanned(Timestamp now);
  std::optional<ApnsFault> Roll();
  bool IsOverLimit(Token& token, Timestamp now) const;
  ApnsVerdict VerdictOf(ApnsFault fault, Timestamp now) const;
  void Count(const ApnsVerdict& verdict, Token* token, Timestamp now);

  const FakeApnsOptions options_;
  std::unordered_map<std::string, Token> tokens_;
  std::deque<Planned> planned_;
  std::map<ApnsFault, double> shares_;
  std::mt19937_64 dice_;
  FakeApnsTotals totals_;
};

}  // namespace passmint::simulate::internal
