#include "push/apple_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "json/json.h"

namespace passmint::push {
namespace {

using Kind = ApplePushOutcome::Kind;

constexpr std::size_t kReasonBytesMax = 64;  // "UnrelatedKeyIdInToken" has 21.
constexpr std::size_t kApnsIdBytesMax = 36;  // A UUID in canonical form.
constexpr std::chrono::seconds kRetryAfterMax = std::chrono::hours(24);
// The year 3000 in milliseconds: a timestamp beyond it is nonsense, and would overflow in ours.
constexpr std::int64_t kTimestampMillisMax = 32'503'680'000'000;

struct Row {
  int status;
  std::string_view reason;
  Kind kind;
  std::string_view cure;
};

constexpr std::string_view kOurRequest = "the request is wrong: report it as a bug of Passmint";
constexpr std::string_view kCertificate =
    "the pass certificate is expired, revoked or not for this: renew it, then put it in place";
constexpr std::string_view kTopic =
    "the certificate is not for this pass type: compare passTypeIdentifier with the certificate";
constexpr std::string_view kProviderToken =
    "APNs saw no client certificate on the way: look for a proxy between here and APNs";
constexpr std::string_view kLater = "APNs has trouble: sent again later";

// In Apple's order.
constexpr std::array kTable = {
    Row{400, "BadCollapseId", Kind::kBug, kOurRequest},
    Row{400, "BadDeviceToken", Kind::kBadToken, "the token is malformed or not a production one"},
    Row{400, "BadExpirationDate", Kind::kBug, kOurRequest},
    Row{400, "BadMessageId", Kind::kBug, kOurRequest},
    Row{400, "BadPriority", Kind::kBug, kOurRequest},
    Row{400, "BadTopic", Kind::kLaneStopped, kTopic},
    // The certificate is chosen by the pass type and the topic is the pass type, so what is wrong
    // is the token.
    Row{400, "DeviceTokenNotForTopic", Kind::kBadToken, "the token is of another pass type"},
    Row{400, "DuplicateHeaders", Kind::kBug, kOurRequest},
    Row{400, "IdleTimeout", Kind::kRetry, "the connection was idle too long: sent again"},
    Row{400, "InvalidPushType", Kind::kBug, kOurRequest},
    Row{400, "MissingDeviceToken", Kind::kBug, kOurRequest},
    Row{400, "MissingTopic", Kind::kLaneStopped, kTopic},
    Row{400, "PayloadEmpty", Kind::kBug, kOurRequest},
    Row{400, "TopicDisallowed", Kind::kLaneStopped, kTopic},
    Row{403, "BadCertificate", Kind::kLaneStopped, kCertificate},
    Row{403, "BadCertificateEnvironment", Kind::kLaneStopped,
        "the certificate is not for this environment: passes are pushed through production only"},
    Row{403, "ExpiredProviderToken", Kind::kLaneStopped, kProviderToken},
    Row{403, "Forbidden", Kind::kLaneStopped, kCertificate},
    Row{403, "InvalidProviderToken", Kind::kLaneStopped, kProviderToken},
    Row{403, "MissingProviderToken", Kind::kLaneStopped, kProviderToken},
    Row{403, "UnrelatedKeyIdInToken", Kind::kLaneStopped, kProviderToken},
    Row{403, "BadEnvironmentKeyIdInToken", Kind::kLaneStopped, kProviderToken},
    Row{404, "BadPath", Kind::kBug, kOurRequest},
    Row{405, "MethodNotAllowed", Kind::kBug, kOurRequest},
    Row{410, "ExpiredToken", Kind::kGone, "the device has no such pass any more"},
    Row{410, "Unregistered", Kind::kGone, "the device has no such pass any more"},
    Row{413, "PayloadTooLarge", Kind::kBug, kOurRequest},
    // Only who authenticates with tokens changes them; we do not.
    Row{429, "TooManyProviderTokenUpdates", Kind::kBug, kOurRequest},
    Row{429, "TooManyRequests", Kind::kThrottled, "too many pushes to this phone: a pause"},
    Row{500, "InternalServerError", Kind::kRetry, kLater},
    Row{503, "ServiceUnavailable", Kind::kRetry, kLater},
    Row{503, "Shutdown", Kind::kRetry, "the server shuts down: sent again on a new connection"},
};

// Reasons that the table lacks: the status alone decides.
constexpr Row RowOfStatus(int status) {
  switch (status) {
    case 200:
      return {200, "", Kind::kAccepted, ""};
    case 403:
      return {403, "", Kind::kLaneStopped, kCertificate};
    case 410:
      return {410, "", Kind::kGone, "the device has no such pass any more"};
    case 429:
      return {429, "", Kind::kThrottled, "too many pushes to this phone: a pause"};
    default:
      if (status >= 400 && status < 500) return {status, "", Kind::kBug, kOurRequest};
      return {status, "", Kind::kRetry, kLater};
  }
}

Row FindRow(int status, std::string_view reason) {
  const auto* const row = std::find_if(kTable.begin(), kTable.end(), [&](const Row& candidate) {
    return candidate.status == status && candidate.reason == reason;
  });
  return row == kTable.end() ? RowOfStatus(status) : *row;
}

bool IsAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool IsReason(std::string_view text) {
  return text.size() <= kReasonBytesMax && std::all_of(text.begin(), text.end(), IsAlphanumeric);
}

Json BodyOf(std::string_view body) {
  auto parsed = json::Parse(body, kAppleAnswerBytesMax);
  if (!parsed.ok() || !parsed.value().is_object()) return Json::object();
  return std::move(parsed).value();
}

std::string ReasonOf(const Json& body) {
  const auto found = body.find("reason");
  if (found == body.end() || !found->is_string()) return {};
  const auto& reason = found->get_ref<const std::string&>();
  return IsReason(reason) ? reason : std::string();
}

std::optional<Timestamp> TimestampOf(const Json& body) {
  const auto found = body.find("timestamp");
  if (found == body.end() || !found->is_number_integer()) return std::nullopt;
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > kTimestampMillisMax) {
    return std::nullopt;
  }
  const auto millis = found->get<std::int64_t>();
  if (millis < 0) return std::nullopt;
  return Timestamp(std::chrono::milliseconds(millis));
}

std::optional<std::chrono::seconds> RetryAfterOf(std::string_view header) {
  std::uint32_t seconds = 0;
  const auto [end, failure] =
      std::from_chars(header.data(), header.data() + header.size(), seconds);
  if (failure != std::errc() || end != header.data() + header.size()) return std::nullopt;
  return std::min<std::chrono::seconds>(std::chrono::seconds(seconds), kRetryAfterMax);
}

std::string ApnsIdOf(std::string_view header) {
  const bool printable = header.size() <= kApnsIdBytesMax &&
                         std::all_of(header.begin(), header.end(),
                                     [](char c) { return IsAlphanumeric(c) || c == '-'; });
  return printable ? std::string(header) : std::string();
}

}  // namespace

Kind KindOf(int status, std::string_view reason) { return FindRow(status, reason).kind; }

bool EndsConnection(int status, std::string_view reason) {
  return (status == 400 && reason == "IdleTimeout") || (status == 503 && reason == "Shutdown");
}

bool StopsLane(std::string_view reason) {
  return std::any_of(kTable.begin(), kTable.end(), [&](const Row& row) {
    return row.reason == reason && row.kind == Kind::kLaneStopped;
  });
}

std::string ReasonIn(std::string_view body) { return ReasonOf(BodyOf(body)); }

ApplePushOutcome OutcomeOf(const AppleAnswer& answer) {
  ApplePushOutcome outcome{.status = answer.status, .sent = true};
  outcome.apns_id = ApnsIdOf(answer.apns_id);
  if (answer.status == 200) {
    outcome.kind = Kind::kAccepted;
    return outcome;
  }
  const Json body = BodyOf(answer.body);
  outcome.reason = ReasonOf(body);
  const Row row = FindRow(answer.status, outcome.reason);
  outcome.kind = row.kind;
  outcome.detail = fmt::format("APNs answered {}{}{}: {}", answer.status,
                               outcome.reason.empty() ? "" : " ", outcome.reason, row.cure);
  if (outcome.kind == Kind::kGone) outcome.gone_since = TimestampOf(body);
  outcome.retry_after = RetryAfterOf(answer.retry_after);
  return outcome;
}

bool IsSendable(const PushToken& token) {
  const std::string& text = token.str();
  return !text.empty() && text.size() <= kApplePushTokenBytesMax &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAlphanumeric(c) || c == '-' || c == '_'; });
}

std::string_view ToString(Kind kind) {
  switch (kind) {
    case Kind::kAccepted:
      return "accepted";
    case Kind::kGone:
      return "gone";
    case Kind::kBadToken:
      return "bad_token";
    case Kind::kThrottled:
      return "throttled";
    case Kind::kRetry:
      return "retry";
    case Kind::kLaneStopped:
      return "lane_stopped";
    case Kind::kBug:
      return "bug";
  }
  return "bug";
}

}  // namespace passmint::push
