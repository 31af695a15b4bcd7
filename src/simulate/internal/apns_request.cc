#include "simulate/internal/apns_request.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace passmint::simulate::internal {
namespace {

constexpr std::string_view kPathPrefix = "/3/device/";
constexpr std::size_t kPayloadBytesMax = 4096;
constexpr std::size_t kCollapseIdBytesMax = 64;
constexpr std::size_t kTopicBytesMax = 256;
constexpr std::size_t kHeaderBytesMax = 512;  // What is kept of a value: enough to be refused.
// "As received, do not assume a length": but hex, and of whole bytes.
constexpr std::size_t kTokenDigitsMin = 8;
constexpr std::size_t kTokenDigitsMax = 200;
constexpr std::array<std::string_view, 9> kPushTypes = {"alert",    "background",   "complication",
                                                        "controls", "fileprovider", "liveactivity",
                                                        "location", "mdm",          "voip"};

bool IsHex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// "8-4-4-4-12".
bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash != (text[i] == '-') || (!is_dash && !IsHex(text.substr(i, 1)))) return false;
  }
  return true;
}

bool IsTopic(std::string_view text) {
  return !text.empty() && text.size() <= kTopicBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

template <class Number>
bool ReadNumber(std::string_view text, Number& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size();
}

std::optional<ApnsRefusal> CheckClient(const ApnsRequest& request, const ApnsClient& client) {
  if (client.has_certificate) {
    if (client.is_valid) return std::nullopt;
    return ApnsRefusal{403, "BadCertificate"};
  }
  // Tokens of providers are for other kinds of pushes; none is good here.
  return ApnsRefusal{403,
                     request.has_authorization ? "InvalidProviderToken" : "MissingProviderToken"};
}

std::optional<ApnsRefusal> CheckHeaders(const ApnsRequest& request, FakePush& push) {
  const auto refuse = [](std::string_view reason) { return ApnsRefusal{400, reason}; };
  if (request.has_duplicate) return refuse("DuplicateHeaders");
  if (request.apns_id && !IsUuid(*request.apns_id)) return refuse("BadMessageId");
  if (request.expiration && !ReadNumber(*request.expiration, push.expiration)) {
    return refuse("BadExpirationDate");
  }
  if (request.priority && (!ReadNumber(*request.priority, push.priority) ||
                           (push.priority != 1 && push.priority != 5 && push.priority != 10))) {
    return refuse("BadPriority");
  }
  if (request.collapse_id && request.collapse_id->size() > kCollapseIdBytesMax) {
    return refuse("BadCollapseId");
  }
  if (request.push_type &&
      std::find(kPushTypes.begin(), kPushTypes.end(), *request.push_type) == kPushTypes.end()) {
    return refuse("InvalidPushType");
  }
  if (request.apns_id) push.apns_id = *request.apns_id;
  return std::nullopt;
}

// A pass certificate has one topic, so it may be left out.
std::optional<ApnsRefusal> CheckTopic(const ApnsRequest& request, const ApnsClient& client) {
  if (!request.topic) return std::nullopt;
  if (!IsTopic(*request.topic)) return ApnsRefusal{400, "BadTopic"};
  if (*request.topic != client.pass_type.str()) return ApnsRefusal{400, "TopicDisallowed"};
  return std::nullopt;
}

std::optional<ApnsRefusal> CheckPayload(const ApnsRequest& request) {
  if (request.body_bytes == 0) return ApnsRefusal{400, "PayloadEmpty"};
  if (request.body_bytes > kPayloadBytesMax) return ApnsRefusal{413, "PayloadTooLarge"};
  return std::nullopt;
}

}  // namespace

void ApnsRequest::AddHeader(std::string_view name, std::string_view value) {
  const std::string_view kept = value.substr(0, kHeaderBytesMax);
  if (name == ":method") method = kept;
  if (name == ":path") path = kept;
  if (name == "authorization") has_authorization = true;
  const auto take = [&](std::string_view wanted, std::optional<std::string>& into) {
    if (name != wanted) return;
    if (into) has_duplicate = true;
    into = std::string(kept);
  };
  take("apns-topic", topic);
  take("apns-id", apns_id);
  take("apns-expiration", expiration);
  take("apns-priority", priority);
  take("apns-push-type", push_type);
  take("apns-collapse-id", collapse_id);
}

ApnsClient ClientOf(const std::optional<crypto::Certificate>& certificate, Timestamp now,
                    const std::string& anonymous_pass_type) {
  if (!certificate) {
    const bool is_served = !anonymous_pass_type.empty();
    return {.has_certificate = is_served,
            .is_valid = is_served,
            .pass_type = PassTypeIdentifier(anonymous_pass_type)};
  }
  const bool is_pass = certificate->has_pass_marker() && !certificate->uid().empty();
  return {
      .has_certificate = true,
      .is_valid = is_pass && certificate->not_before() <= now && now <= certificate->not_after(),
      .pass_type = PassTypeIdentifier(certificate->uid())};
}

std::optional<ApnsRefusal> Check(const ApnsRequest& request, const ApnsClient& client,
                                 FakePush& push) {
  if (request.method != "POST") return ApnsRefusal{405, "MethodNotAllowed"};
  const std::string_view path = request.path;
  if (path.substr(0, kPathPrefix.size()) != kPathPrefix) return ApnsRefusal{404, "BadPath"};
  const std::string_view token = path.substr(kPathPrefix.size());
  if (token.empty()) return ApnsRefusal{400, "MissingDeviceToken"};
  if (auto refusal = CheckClient(request, client)) return refusal;
  if (auto refusal = CheckHeaders(request, push)) return refusal;
  if (auto refusal = CheckTopic(request, client)) return refusal;
  if (auto refusal = CheckPayload(request)) return refusal;
  if (!IsHex(token) || token.size() % 2 != 0 || token.size() < kTokenDigitsMin ||
      token.size() > kTokenDigitsMax) {
    return ApnsRefusal{400, "BadDeviceToken"};
  }
  push.push_token = PushToken(std::string(token));
  push.topic = client.pass_type;
  return std::nullopt;
}

}  // namespace passmint::simulate::internal
