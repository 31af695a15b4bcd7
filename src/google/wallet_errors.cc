#include "google/wallet_errors.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <utility>

namespace passmint::google {
namespace {

using Kind = WalletOutcome::Kind;

constexpr std::size_t kReasonBytesMax = 64;
constexpr std::size_t kMessageBytesMax = 200;
constexpr std::chrono::seconds kRetryAfterMax = std::chrono::hours(24);

bool IsInsert(WalletCall call) {
  return call == WalletCall::kInsertClass || call == WalletCall::kInsertObject;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool Has(std::string_view text, std::string_view word) { return text.find(word) != text.npos; }

// Google's APIs have one vocabulary for rates:
// https://developers.google.com/drive/api/guides/handle-errors#resolve_a_403_error_rate_limit_exceeded
bool IsAboutRate(const std::string& reason, const std::string& message) {
  constexpr std::array<std::string_view, 3> kReasons = {
      "ratelimitexceeded", "userratelimitexceeded", "dailylimitexceeded"};
  return std::find(kReasons.begin(), kReasons.end(), reason) != kReasons.end() ||
         Has(message, "quota metric") || Has(message, "per minute") || Has(message, "rate limit");
}

Kind KindOf404(WalletCall call, const std::string& reason, const std::string& message) {
  if (reason == "classnotfound" || Has(message, "issuerclass")) return Kind::kNoClass;
  if (call == WalletCall::kPatchClass) return Kind::kNoClass;
  // An insert looks for nothing but the class that its object names.
  return call == WalletCall::kInsertObject ? Kind::kNoClass : Kind::kNoObject;
}

std::string_view Cure(Kind kind) {
  switch (kind) {
    case Kind::kDone:
      return "";
    case Kind::kExists:
      return "it is there already: patched instead";
    case Kind::kNoObject:
      return "Google does not know the object: inserted";
    case Kind::kNoClass:
      return "Google does not know the class: inserted";
    case Kind::kNotificationLimit:
      return "Google notifies no more about this card today: sent silently";
    case Kind::kThrottled:
      return "too many requests: sent again later";
    case Kind::kRetry:
      return "Google has trouble: sent again later";
    case Kind::kStopped:
      return "invite the service account as a Developer in the Google Pay & Wallet console, enable "
             "the Wallet API in its project, and compare google.issuer_id";
    case Kind::kRefused:
      return "Google calls the request wrong: `passmint template lint` the template, look whether "
             "its pictures can be fetched from outside";
  }
  return "";
}

// {"error": {"message", "errors": [{"reason"}]}}; older and newer ones lack one or the other.
struct Refusal {
  std::string reason, message;
};

std::string Text(const Json& object, std::string_view key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}

Refusal ReadRefusal(std::string_view body) {
  const auto parsed = json::Parse(body, kWalletAnswerBytesMax);
  if (!parsed.ok() || !parsed.value().is_object()) return {};
  const auto found = parsed.value().find("error");
  // The token endpoint: {"error": "invalid_grant", "error_description": "..."}.
  if (found != parsed.value().end() && found->is_string()) {
    return {found->get<std::string>(), Text(parsed.value(), "error_description")};
  }
  if (found == parsed.value().end() || !found->is_object()) return {};
  Refusal refusal{Text(*found, "status"), Text(*found, "message")};
  const auto errors = found->find("errors");
  if (errors != found->end() && errors->is_array() && !errors->empty()) {
    if (std::string reason = Text(errors->front(), "reason"); !reason.empty()) {
      refusal.reason = std::move(reason);
    }
  }
  return refusal;
}

std::string CleanReason(const std::string& text) {
  std::string clean;
  for (const char c : text.substr(0, kReasonBytesMax)) {
    if ((std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '_') clean += c;
  }
  return clean;
}

std::string CleanMessage(const std::string& text) {
  std::string clean;
  for (const char c : text.substr(0, kMessageBytesMax)) clean += c >= ' ' && c <= '~' ? c : '?';
  return clean;
}

std::optional<std::chrono::seconds> RetryAfter(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure != std::errc() || end != text.data() + text.size() || seconds < 0) {
    return std::nullopt;
  }
  return std::min(kRetryAfterMax, std::chrono::seconds(seconds));
}

}  // namespace

WalletOutcome::Kind KindOf(WalletCall call, int status, std::string_view reason_as_sent,
                           std::string_view message_as_sent) {
  const std::string reason = Lower(reason_as_sent);
  const std::string message = Lower(message_as_sent);
  if (status >= 200 && status < 300) return Kind::kDone;
  switch (status) {
    case 401:
      return Kind::kStopped;
    case 403:
      if (IsAboutRate(reason, message)) return Kind::kThrottled;
      return Has(reason, "quota") || Has(message, "quota") ? Kind::kNotificationLimit
                                                           : Kind::kStopped;
    case 404:
      return KindOf404(call, reason, message);
    case 408:
      return Kind::kRetry;
    case 409:
      return IsInsert(call) ? Kind::kExists : Kind::kRetry;
    case 429:
      return Kind::kThrottled;
    default:
      return status >= 400 && status < 500 ? Kind::kRefused : Kind::kRetry;
  }
}

WalletOutcome OutcomeOf(WalletCall call, const WalletAnswer& answer) {
  WalletOutcome outcome{.status = answer.status};
  if (answer.status >= 200 && answer.status < 300) {
    auto body = json::Parse(answer.body, kWalletAnswerBytesMax);
    if (!body.ok() || !body.value().is_object()) {
      outcome.reason = "BadAnswer";
      outcome.detail = "the answer is no JSON: look for a proxy between here and Google";
      return outcome;
    }
    outcome.kind = Kind::kDone;
    outcome.body = std::move(body).value();
    return outcome;
  }
  const Refusal refusal = ReadRefusal(answer.body);
  outcome.kind = KindOf(call, answer.status, refusal.reason, refusal.message);
  outcome.reason = CleanReason(refusal.reason);
  outcome.retry_after = RetryAfter(answer.retry_after);
  outcome.detail = Cure(outcome.kind);
  if (!refusal.message.empty()) outcome.detail += " (" + CleanMessage(refusal.message) + ")";
  return outcome;
}

bool IsTrouble(Kind kind) {
  return kind == Kind::kRetry || kind == Kind::kThrottled || kind == Kind::kStopped;
}

WalletOutcome NoAnswer(std::string_view reason, std::string_view detail) {
  return {.kind = Kind::kRetry, .reason = std::string(reason), .detail = std::string(detail)};
}

std::string_view ToString(WalletOutcome::Kind kind) {
  switch (kind) {
    case Kind::kDone:
      return "done";
    case Kind::kExists:
      return "exists";
    case Kind::kNoObject:
      return "no_object";
    case Kind::kNoClass:
      return "no_class";
    case Kind::kNotificationLimit:
      return "notification_limit";
    case Kind::kThrottled:
      return "throttled";
    case Kind::kRetry:
      return "retry";
    case Kind::kStopped:
      return "stopped";
    case Kind::kRefused:
      return "refused";
  }
  return "";
}

}  // namespace passmint::google
