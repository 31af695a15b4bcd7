#include "simulate/internal/apns_state.h"

#include <utility>

namespace passmint::simulate::internal {
namespace {

using Way = ApnsVerdict::Way;

ApnsVerdict Refuse(int status, std::string_view reason) {
  return {.status = status, .reason = std::string(reason)};
}

}  // namespace

void ApnsState::AddToken(const PushToken& token, const PassTypeIdentifier& topic) {
  Token& known = tokens_[token.str()];
  known.topic = topic;
  known.gone_since.reset();
}

void ApnsState::RetireToken(const PushToken& token, Timestamp since) {
  tokens_[token.str()].gone_since = since;
}

void ApnsState::FailNext(ApnsFault fault, std::uint32_t count) {
  if (count > 0) planned_.push_back({fault, {}, count});
}

void ApnsState::AnswerNext(const FakeApns::CannedAnswer& answer, std::uint32_t count) {
  if (count > 0) planned_.push_back({std::nullopt, answer, count});
}

void ApnsState::SetShare(ApnsFault fault, double share) { shares_[fault] = share; }

ApnsVerdict ApnsState::Judge(const ApnsRequest& request, const ApnsClient& client, Timestamp now,
                             FakePush& push) {
  if (const auto refusal = Check(request, client, push)) {
    ApnsVerdict verdict = Refuse(refusal->status, refusal->reason);
    Count(verdict, nullptr, now);
    return verdict;
  }
  const auto found = tokens_.find(push.push_token.str());
  if (found == tokens_.end() && options_.knows_tokens) {
    ApnsVerdict verdict = Refuse(400, "BadDeviceToken");
    Count(verdict, nullptr, now);
    return verdict;
  }
  Token& token = found == tokens_.end() ? tokens_[push.push_token.str()] : found->second;
  ApnsVerdict verdict = JudgeToken(token, push, now);
  Count(verdict, &token, now);
  return verdict;
}

ApnsVerdict ApnsState::JudgeToken(Token& token, const FakePush& push, Timestamp now) {
  if (token.gone_since) {
    ApnsVerdict gone = Refuse(410, "Unregistered");
    gone.timestamp = token.gone_since;
    return gone;
  }
  if (options_.knows_tokens && !token.topic) return Refuse(400, "BadDeviceToken");
  if (token.topic && *token.topic != push.topic) return Refuse(400, "DeviceTokenNotForTopic");
  if (IsOverLimit(token, now)) return Refuse(429, "TooManyRequests");
  if (auto planned = NextPlanned(now)) return *std::move(planned);
  if (const auto fault = Roll()) return VerdictOf(*fault, now);
  return {.reaches_phone = true};
}

std::optional<ApnsVerdict> ApnsState::NextPlanned(Timestamp now) {
  if (planned_.empty()) return std::nullopt;
  Planned& next = planned_.front();
  ApnsVerdict verdict;
  if (next.fault) {
    verdict = VerdictOf(*next.fault, now);
  } else {
    verdict = Refuse(next.answer.status, next.answer.reason);
    verdict.retry_after = next.answer.retry_after;
  }
  if (--next.count == 0) planned_.pop_front();
  return verdict;
}

std::optional<ApnsFault> ApnsState::Roll() {
  if (shares_.empty()) return std::nullopt;
  double rolled = std::uniform_real_distribution<double>(0, 1)(dice_);
  for (const auto& [fault, share] : shares_) {
    if (rolled < share) return fault;
    rolled -= share;
  }
  return std::nullopt;
}

bool ApnsState::IsOverLimit(Token& token, Timestamp now) const {
  if (options_.token_pushes_max == 0) return false;
  // The clock may be set back.
  if (now >= token.window_start + options_.token_window || now < token.window_start) {
    token.window_start = now;
    token.in_window = 0;
  }
  return ++token.in_window > options_.token_pushes_max;
}

ApnsVerdict ApnsState::VerdictOf(ApnsFault fault, Timestamp now) const {
  switch (fault) {
    case ApnsFault::kUnregistered: {
      ApnsVerdict gone = Refuse(410, "Unregistered");
      gone.timestamp = now - std::chrono::minutes(1);
      return gone;
    }
    case ApnsFault::kTooManyRequests:
      return Refuse(429, "TooManyRequests");
    case ApnsFault::kInternalError:
      return Refuse(500, "InternalServerError");
    case ApnsFault::kUnavailable:
      return Refuse(503, "ServiceUnavailable");
    case ApnsFault::kShutdown: {
      ApnsVerdict shutdown = Refuse(503, "Shutdown");
      shutdown.ends_connection = true;
      return shutdown;
    }
    case ApnsFault::kBadCertificate:
      return Refuse(403, "BadCertificate");
    case ApnsFault::kGoaway:
      return {.way = Way::kGoaway};
    case ApnsFault::kResetStream:
      return {.way = Way::kResetStream};
    case ApnsFault::kDropConnection:
      return {.way = Way::kDropConnection};
    case ApnsFault::kLostAnswer:
      return {.way = Way::kNoAnswer, .reaches_phone = true};
    case ApnsFault::kSlowAnswer:
      return {.delay = options_.slow_answer, .reaches_phone = true};
  }
  return {};
}

void ApnsState::Count(const ApnsVerdict& verdict, Token* token, Timestamp now) {
  if (verdict.way != Way::kAnswer) {
    ++totals_.unanswered;
  } else if (verdict.status == 200) {
    ++totals_.accepted;
  } else {
    ++totals_.refused[verdict.reason];
  }
  if (token == nullptr) return;
  if (verdict.reaches_phone) {
    ++token->account.accepted;
    token->account.last_accepted = now;
  } else {
    ++token->account.refused;
  }
}

std::map<PushToken, ApnsTokenAccount> ApnsState::Accounts() const {
  std::map<PushToken, ApnsTokenAccount> accounts;
  for (const auto& [token, known] : tokens_) accounts.emplace(PushToken(token), known.account);
  return accounts;
}

}  // namespace passmint::simulate::internal
