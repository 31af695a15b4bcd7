#include "issuance/studio_session.h"

#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "issuance/api_keys.h"

namespace passmint::issuance {
namespace {

constexpr std::string_view kPurpose = "studio-session/1";
constexpr std::size_t kSessionBytesMax = 256;

Result<std::string> Mac(const Site& site, std::string_view claims) {
  auto key = site.keys->Derive(site.keys->current_key_id(), kPurpose);
  if (!key.ok()) return std::move(key).error();
  return ToHex(crypto::HmacSha256(key.value(), claims));
}

Error NoSession() {
  return {.code = ErrorCode::kUnauthenticated,
          .message = "the session is over: sign in again",
          .reason = "no_session"};
}

struct Claims {
  std::string key_id;
  std::int64_t ends = 0;  // Unix seconds.
};

std::optional<Claims> ParseClaims(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  Claims claims{.key_id = std::string(text.substr(0, dot)), .ends = 0};
  const std::string_view ends = text.substr(dot + 1);
  const auto [stop, error] = std::from_chars(ends.data(), ends.data() + ends.size(), claims.ends);
  if (error != std::errc() || stop != ends.data() + ends.size()) return std::nullopt;
  return claims;
}

}  // namespace

Result<Secret> OpenStudioSession(const Site& site, const ApiKey& key, Timestamp now) {
  if (!Allows(key, kStudioRoles)) {
    return Error{.code = ErrorCode::kPermissionDenied,
                 .message = "the studio takes a key of role designer, approver or admin",
                 .hint = "passmint key create --name NAME --role designer"};
  }
  const std::string claims = key.id + "." + std::to_string(ToUnixSeconds(now + kStudioSessionLife));
  auto mac = Mac(site, claims);
  if (!mac.ok()) return std::move(mac).error();
  return Secret(claims + "." + mac.value());
}

Result<ApiKey> ResumeStudioSession(Transaction& transaction, const Site& site,
                                   std::string_view session, Timestamp now) {
  const auto dot = session.rfind('.');
  if (session.size() > kSessionBytesMax || dot == std::string_view::npos) return NoSession();
  const std::string_view text = session.substr(0, dot);
  auto mac = Mac(site, text);
  if (!mac.ok()) return std::move(mac).error();
  if (!crypto::ConstantTimeEquals(mac.value(), session.substr(dot + 1))) return NoSession();
  const auto claims = ParseClaims(text);
  if (!claims || claims->ends <= ToUnixSeconds(now)) return NoSession();
  auto key = transaction.FindApiKey(claims->key_id);
  if (!key.ok()) return std::move(key).error();
  if (!key.value() || key.value()->revoked_at || !Allows(*key.value(), kStudioRoles)) {
    return NoSession();
  }
  return *std::move(key).value();
}

}  // namespace passmint::issuance
