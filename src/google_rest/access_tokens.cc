#include "google_rest/access_tokens.h"

#include <algorithm>
#include <utility>

#include "google/wallet_errors.h"
#include "json/json.h"

namespace passmint::google_rest {
namespace {

using google::WalletOutcome;
using std::chrono::seconds;

constexpr std::string_view kScope = "https://www.googleapis.com/auth/wallet_object.issuer";
constexpr std::size_t kAnswerBytesMax = 64 * 1024;
constexpr std::size_t kTokenBytesMax = 8 * 1024;
constexpr seconds kAssertionLife{3600};  // Google's limit.
constexpr seconds kSkew{30};             // Our clock may be ahead of Google's.
constexpr seconds kLifeMax{3600};
// A token is not used in its last minute, and renewed beside its use in the four before.
constexpr seconds kUnusedAtEnd{60};
constexpr seconds kRenewedBeforeEnd{300};
constexpr std::chrono::milliseconds kFetchTimeMax{10'000};

std::string Form(const std::string& assertion) {
  // The assertion is base64url and dots: nothing to escape.
  return "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + assertion;
}

bool IsToken(const std::string& text) {
  return !text.empty() && text.size() <= kTokenBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

WalletOutcome Refused(const HttpAnswer& answer) {
  WalletOutcome outcome = google::OutcomeOf(
      google::WalletCall::kGetObject,
      {.status = answer.status, .body = answer.body, .retry_after = answer.retry_after});
  const bool temporary = outcome.kind == WalletOutcome::Kind::kRetry ||
                         outcome.kind == WalletOutcome::Kind::kThrottled;
  if (temporary) return outcome;
  outcome.kind = WalletOutcome::Kind::kStopped;
  outcome.detail =
      "Google gives no access token: look whether the key of the service account was revoked and "
      "whether the clock of this machine is right";
  return outcome;
}

struct Granted {
  std::string token;
  seconds lifetime{0};
};

std::optional<Granted> ReadGrant(const std::string& body) {
  const auto parsed = json::Parse(body, kAnswerBytesMax);
  if (!parsed.ok() || !parsed.value().is_object()) return std::nullopt;
  const auto token = parsed.value().find("access_token");
  const auto lifetime = parsed.value().find("expires_in");
  if (token == parsed.value().end() || !token->is_string() || lifetime == parsed.value().end() ||
      !lifetime->is_number_unsigned() || !IsToken(token->get_ref<const std::string&>())) {
    return std::nullopt;
  }
  const auto given = std::min<std::uint64_t>(lifetime->get<std::uint64_t>(),
                                             static_cast<std::uint64_t>(kLifeMax.count()));
  return Granted{token->get<std::string>(), seconds(static_cast<std::int64_t>(given))};
}

std::chrono::milliseconds Left(AccessToken::Time deadline) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(deadline -
                                                               std::chrono::steady_clock::now());
}

}  // namespace

AccessToken::AccessToken(Account account, std::string token_url, HttpClient& http,
                         const Clock& clock)
    : account_(std::move(account)), token_url_(std::move(token_url)), http_(http), clock_(clock) {}

AccessToken::Got AccessToken::Get(Time deadline) {
  std::unique_lock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (IsUsable(now) && (fetching_ || now < renew_)) return {token_, std::nullopt};
  if (fetching_) {
    const std::uint64_t before = fetches_;
    if (!fetched_.wait_until(lock, deadline, [&] { return fetches_ != before; })) {
      return {"", google::NoAnswer("Timeout", "the access token did not come in time")};
    }
    return IsUsable(std::chrono::steady_clock::now()) ? Got{token_, std::nullopt}
                                                      : Got{"", failure_};
  }
  fetching_ = true;
  lock.unlock();
  Got got = Fetch(deadline);
  lock.lock();
  fetching_ = false;
  ++fetches_;
  failure_ = got.failure;
  fetched_.notify_all();
  // An old token that still works is better than none.
  if (got.failure && IsUsable(std::chrono::steady_clock::now())) return {token_, std::nullopt};
  return got;
}

void AccessToken::Forget(const std::string& token) {
  const std::lock_guard lock(mutex_);
  if (token == token_) token_.clear();
}

AccessToken::Got AccessToken::Fetch(Time deadline) {
  const std::int64_t now = ToUnixSeconds(clock_.Now() - kSkew);
  const auto assertion = account_.signer->Sign(json::Dump({{"iss", account_.email},
                                                           {"scope", kScope},
                                                           {"aud", token_url_},
                                                           {"iat", now},
                                                           {"exp", now + kAssertionLife.count()}}));
  if (!assertion.ok()) {
    return {"", google::NoAnswer("BadKey", assertion.error().message)};
  }
  const HttpAnswer answer =
      http_.Send({.method = "POST",
                  .url = token_url_,
                  .headers = {"Content-Type: application/x-www-form-urlencoded"},
                  .body = Form(assertion.value()),
                  .time = std::min(Left(deadline), kFetchTimeMax),
                  .answer_bytes_max = kAnswerBytesMax});
  if (answer.status == 0) return {"", google::NoAnswer(answer.failure, answer.detail)};
  if (answer.status != 200) return {"", Refused(answer)};
  auto granted = ReadGrant(answer.body);
  if (!granted) return {"", google::NoAnswer("BadAnswer", "the token's answer cannot be read")};
  Got got{std::move(granted->token), std::nullopt};
  Keep(got, granted->lifetime);
  return got;
}

void AccessToken::Keep(const Got& got, seconds lifetime) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  token_ = got.token;
  expires_ = now + lifetime - kUnusedAtEnd;
  renew_ = now + lifetime - std::min(kRenewedBeforeEnd, lifetime / 2);
}

}  // namespace passmint::google_rest
