#include "simulate/fake_google.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/bytes.h"
#include "crypto/jws.h"
#include "http/server.h"
#include "simulate/callback_signer.h"
#include "simulate/fake_batch.h"
#include "simulate/fake_wallet.h"
#include "simulate/service_client.h"

namespace passmint::simulate {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kApi = "/walletobjects/v1/";
constexpr std::string_view kSave = "/gp/v/save/";
constexpr std::string_view kPeek = "/fake/objects/";
constexpr std::size_t kBodyBytesMax = 4 * 1024 * 1024;
constexpr std::size_t kClaimsBytesMax = 64 * 1024;
constexpr std::size_t kLinkLengthMax = 1800;
constexpr int kThreads = 16;
constexpr std::int64_t kTokenSeconds = 3599;
constexpr std::int64_t kAssertionSecondsMax = 3600;
constexpr std::int64_t kSkewSecondsMax = 60;

Response JsonResponse(int status, const Json& body) {
  return {.status = status,
          .content_type = "application/json; charset=UTF-8",
          .body = json::Dump(body)};
}
Response FromAnswer(const FakeAnswer& answer) { return JsonResponse(answer.status, answer.body); }

std::string Text(const Json& object, std::string_view key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}

std::int64_t Number(const Json& object, std::string_view key, std::int64_t otherwise) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() || !found->is_number_integer() ? otherwise
                                                              : found->get<std::int64_t>();
}

// The value of a field of a form. Percent-escapes are left alone: a JWT has none.
std::string FormValue(std::string_view form, std::string_view name) {
  const std::string key = std::string(name) + "=";
  std::size_t at = form.find(key);
  while (at != form.npos && at != 0 && form[at - 1] != '&') at = form.find(key, at + 1);
  if (at == form.npos) return "";
  const std::string_view rest = form.substr(at + key.size());
  return std::string(rest.substr(0, rest.find('&')));
}

class Server final : public FakeGoogle {
 public:
  Server(const FakeGoogleOptions& options, const Clock& clock, Random& random,
         CallbackSigner signer)
      : options_(options),
        clock_(clock),
        random_(random),
        signer_(std::move(signer)),
        wallet_(options.on_object) {}
  ~Server() override {
    if (server_ != nullptr) server_->Stop();
  }

  Status Listen() {
    http::ServerOptions options;
    options.listen = options_.listen;
    options.threads = kThreads;
    options.takes_multipart_mixed = true;
    options.body_bytes_max = [](std::string_view, std::string_view, const http::Headers&) {
      return kBodyBytesMax;
    };
    auto server = http::Server::Start(std::move(options),
                                      [this](const Request& request) { return Handle(request); });
    if (!server.ok()) return std::move(server).error();
    server_ = std::move(server).value();
    return {};
  }

  int port() const override { return server_->port(); }

  void Break(const FakeGoogleTrouble& trouble) override {
    const std::lock_guard lock(mutex_);
    trouble_ = trouble;
    trouble_until_ = clock_.Now() + trouble.length;
  }

  Json Peek(const std::string& object_id) const override {
    const std::lock_guard lock(mutex_);
    return wallet_.Peek(object_id);
  }

 private:
  Response Handle(const Request& request) {
    const std::string_view path = request.path();
    if (path == "/token") return Token(request);
    if (path == "/gp/m/issuer/keys") {
      Response response = JsonResponse(200, signer_.RootKeys());
      response.headers.Add("Cache-Control", "public, max-age=3600");
      return response;
    }
    if (path.starts_with(kSave)) return SaveLink(path.substr(kSave.size()));
    if (path.starts_with("/fake/")) return Steer(request);
    if (path == "/batch" && request.method == "POST") return Batch(request);
    if (!path.starts_with(kApi)) return FromAnswer(FakeRefusal(404, "notFound", "Not Found"));
    return Api(request);
  }

  // --- Access tokens.

  // The claims of a JWS, if it is signed by whom we know.
  std::optional<Json> ClaimsOf(std::string_view jws) const {
    std::string text;
    if (!options_.public_key_pem.empty()) {
      auto verified = crypto::VerifyRs256(jws, options_.public_key_pem);
      if (!verified.ok()) return std::nullopt;
      text = std::move(verified).value();
    } else {
      const std::size_t first = jws.find('.');
      const std::size_t second = jws.find('.', first == jws.npos ? first : first + 1);
      if (second == jws.npos) return std::nullopt;
      auto decoded = FromBase64Url(jws.substr(first + 1, second - first - 1));
      if (!decoded.ok()) return std::nullopt;
      text = std::move(decoded).value();
    }
    auto claims = json::Parse(text, kClaimsBytesMax);
    if (!claims.ok() || !claims.value().is_object()) return std::nullopt;
    return std::move(claims).value();
  }

  Response Token(const Request& request) {
    const auto refuse = [](const char* why) {
      return JsonResponse(400, {{"error", "invalid_grant"}, {"error_description", why}});
    };
    if (request.method != "POST") return refuse("POST only");
    if (FormValue(request.body, "grant_type").find("jwt-bearer") == std::string::npos) {
      return refuse("grant_type is not jwt-bearer");
    }
    const auto claims = ClaimsOf(FormValue(request.body, "assertion"));
    if (!claims) return refuse("Invalid JWT Signature.");
    const std::int64_t now = ToUnixSeconds(clock_.Now());
    const std::int64_t issued = Number(*claims, "iat", now + kAssertionSecondsMax);
    const std::int64_t ends = Number(*claims, "exp", 0);
    if (issued > now + kSkewSecondsMax || ends <= now || ends - issued > kAssertionSecondsMax) {
      return refuse("Invalid JWT: Token must be a short-lived token (60 minutes)");
    }
    if (Text(*claims, "scope").find("wallet_object.issuer") == std::string::npos ||
        !Text(*claims, "aud").ends_with("/token") || Text(*claims, "iss").empty()) {
      return refuse("Invalid JWT: iss, scope or aud");
    }
    const std::string token = "ya29.fake-" + ToHex(random_.Bytes(16));
    const std::lock_guard lock(mutex_);
    ++tokens_given_;
    tokens_.push_back({token, clock_.Now() + std::chrono::seconds(kTokenSeconds)});
    if (tokens_.size() > 1000) tokens_.pop_front();
    return JsonResponse(
        200, {{"access_token", token}, {"expires_in", kTokenSeconds}, {"token_type", "Bearer"}});
  }

  bool KnowsToken(const Request& request) {
    constexpr std::string_view kBearer = "Bearer ";
    const std::string_view header = request.headers.Find("Authorization");
    if (!header.starts_with(kBearer)) return false;
    return std::any_of(tokens_.begin(), tokens_.end(), [&](const auto& known) {
      return known.first == header.substr(kBearer.size()) && known.second > clock_.Now();
    });
  }

  // --- Calls.

  // Why a call is not even looked at.
  std::optional<Response> Refuse(const Request& request) {
    const std::lock_guard lock(mutex_);
    if (!KnowsToken(request)) {
      return FromAnswer(FakeRefusal(401, "authError", "Invalid Credentials"));
    }
    if (trouble_.status != 0 && clock_.Now() < trouble_until_) {
      return FromAnswer(FakeRefusal(trouble_.status, "backendError", "Backend Error"));
    }
    return std::nullopt;
  }

  // Over the limit: 429.
  bool TakeRequest() {
    const Timestamp now = clock_.Now();
    while (!recent_.empty() && recent_.front() <= now - std::chrono::seconds(1)) {
      recent_.pop_front();
    }
    ++requests_;
    if (recent_.size() >= static_cast<std::size_t>(options_.requests_per_second)) {
      ++throttled_;
      return false;
    }
    recent_.push_back(now);
    return true;
  }

  FakeAnswer OneCall(std::string_view method, std::string_view target, std::string_view body) {
    const std::lock_guard lock(mutex_);
    if (!TakeRequest()) {
      return FakeRefusal(429, "rateLimitExceeded", "Quota exceeded for quota metric 'Queries'");
    }
    const std::string_view path = target.substr(0, target.find('?'));
    const std::string_view query =
        path.size() == target.size() ? "" : target.substr(path.size() + 1);
    if (!path.starts_with(kApi)) return FakeRefusal(404, "notFound", "Not Found");
    if (!IsGranted(path, body)) return FakeRefusal(403, "forbidden", "Permission Denied");
    if (path == "/walletobjects/v1/jwt" && method == "POST") return InsertJwt(body);
    return wallet_.Handle(method, path.substr(kApi.size()), query, body, clock_.Now());
  }

  // Whether the resource is our issuer's.
  bool IsGranted(std::string_view path, std::string_view body) const {
    if (options_.issuer_id.empty()) return true;
    const std::string prefix = options_.issuer_id + ".";
    const std::size_t slash = path.find('/', kApi.size());
    if (slash != path.npos) return path.substr(slash + 1).starts_with(prefix);
    const auto parsed = json::Parse(body, kBodyBytesMax);
    const std::string id = parsed.ok() ? Text(parsed.value(), "id") : "";
    return id.empty() || id.starts_with(prefix);
  }

  Response Api(const Request& request) {
    if (auto refused = Refuse(request)) return *std::move(refused);
    const FakeAnswer answer = OneCall(request.method, request.target, request.body);
    return Finish(FromAnswer(answer));
  }

  Response Batch(const Request& request) {
    if (auto refused = Refuse(request)) return *std::move(refused);
    const auto parts = ReadFakeBatch(request.headers.Find("Content-Type"), request.body);
    if (!parts) return FromAnswer(FakeRefusal(400, "badRequest", "not a batch"));
    std::vector<FakeBatchAnswer> answers;
    for (const FakeBatchPart& part : *parts) {
      const FakeAnswer answer = OneCall(part.method, part.target, part.body);
      answers.push_back({part.content_id, answer.status, json::Dump(answer.body)});
    }
    {
      const std::lock_guard lock(mutex_);
      ++batches_;
    }
    const std::string boundary = "batch_" + ToHex(random_.Bytes(8));
    return Finish({.status = 200,
                   .content_type = "multipart/mixed; boundary=" + boundary,
                   .body = WriteFakeBatch(answers, boundary)});
  }

  // The answer, if it is not delayed or lost.
  Response Finish(Response response) {
    FakeGoogleTrouble trouble;
    {
      const std::lock_guard lock(mutex_);
      if (clock_.Now() < trouble_until_) trouble = trouble_;
    }
    if (trouble.delay > std::chrono::milliseconds(0)) std::this_thread::sleep_for(trouble.delay);
    if (trouble.lost) return JsonResponse(502, {{"error", "lost"}});
    if (response.status == 429) response.headers.Add("Retry-After", "1");
    return response;
  }

  // --- Links.

  // Puts what a link carries; the ids of its objects, or nothing if it is no good link.
  std::optional<std::vector<std::string>> TakeLink(std::string_view jws) {
    const auto claims = ClaimsOf(jws);
    if (!claims || Text(*claims, "typ") != "savetowallet" || Text(*claims, "aud") != "google") {
      return std::nullopt;
    }
    const auto payload = claims->find("payload");
    if (payload == claims->end() || !payload->is_object()) return std::nullopt;
    std::vector<std::string> ids;
    for (const google::Vertical vertical : google::kVerticals) {
      const auto objects = payload->find(google::ObjectsKey(vertical));
      if (objects == payload->end() || !objects->is_array()) continue;
      for (const Json& object : *objects) {
        const bool carries = object.is_object() && object.size() > 2;
        if (carries && !wallet_.Adopt(vertical, object)) return std::nullopt;
        ids.push_back(Text(object, "id"));
        if (wallet_.Peek(ids.back()).is_null()) return std::nullopt;
      }
    }
    if (ids.empty()) return std::nullopt;
    return ids;
  }

  FakeAnswer InsertJwt(std::string_view body) {
    const auto parsed = json::Parse(body, kBodyBytesMax);
    const std::string jws = parsed.ok() ? Text(parsed.value(), "jwt") : "";
    if (!TakeLink(jws)) return FakeRefusal(400, "badRequest", "Invalid JWT");
    return {
        200,
        {{"saveUri", "https://pay.google.com/gp/v/save/" + jws}, {"resources", Json::object()}}};
  }

  Response SaveLink(std::string_view jws) {
    const auto sorry = [](const char* why) {
      return JsonResponse(400, {{"error", "Something went wrong"}, {"for_developers", why}});
    };
    if (jws.size() > kLinkLengthMax) return sorry("the link is longer than 1800 characters");
    std::optional<std::vector<std::string>> ids;
    {
      const std::lock_guard lock(mutex_);
      ids = TakeLink(jws);
    }
    if (!ids) return sorry("the token, its class or its object is not known");
    Json saved = Json::array();
    for (const std::string& id : *ids) {
      saved.push_back({{"id", id}, {"callback", Tell(id, "save", "", CallbackFlaw::kNone)}});
    }
    return JsonResponse(200, {{"saved", std::move(saved)}});
  }

  // The customer saves or deletes a card; the status that the callback was answered with, 0 if the
  // class wants none or nobody answered.
  int Tell(const std::string& id, const std::string& event, std::string nonce, CallbackFlaw flaw) {
    std::string url, class_id;
    {
      const std::lock_guard lock(mutex_);
      if (wallet_.Save(id, event == "save") == nullptr) return 0;
      const Json* const of_class = wallet_.ClassOf(id);
      if (of_class == nullptr) return 0;
      class_id = Text(*of_class, "id");
      url = Text(of_class->value("callbackOptions", Json::object()), "url");
    }
    if (url.empty()) return 0;
    if (nonce.empty()) nonce = ToHex(random_.Bytes(16));
    const std::string issuer = id.substr(0, id.find('.'));
    const auto body = signer_.Sign(issuer, class_id, id, event, nonce, clock_.Now(), flaw);
    if (!body.ok()) return 0;
    ServiceClient client;
    const auto answer =
        client.Send("POST", url, {{"Content-Type", "application/json"}}, body.value());
    return answer.ok() ? answer.value().status : 0;
  }

  // --- For tests.

  Response Steer(const Request& request) {
    const std::string_view path = request.path();
    if (path.starts_with(kPeek)) {
      const Json found = Peek(std::string(path.substr(kPeek.size())));
      return JsonResponse(found.is_null() ? 404 : 200, found);
    }
    if (path == "/fake/stats") {
      const std::lock_guard lock(mutex_);
      return JsonResponse(200, {{"requests", requests_},
                                {"throttled", throttled_},
                                {"tokens", tokens_given_},
                                {"batches", batches_}});
    }
    const auto body = json::Parse(request.body, kBodyBytesMax);
    if (!body.ok() || !body.value().is_object()) return JsonResponse(400, {{"error", "no JSON"}});
    if (path == "/fake/faults") return SetFaults(body.value());
    if (path == "/fake/callback") return SendCallback(body.value());
    return JsonResponse(404, {{"error", "nothing at this path"}});
  }

  Response SetFaults(const Json& body) {
    Break({.status = static_cast<int>(Number(body, "status", 0)),
           .delay = std::chrono::milliseconds(Number(body, "delay_ms", 0)),
           .lost = body.value("lost", Json(false)) == Json(true),
           .length = std::chrono::milliseconds(Number(body, "for_ms", 0))});
    return JsonResponse(200, Json::object());
  }

  Response SendCallback(const Json& body) {
    const std::string wanted = Text(body, "flaw");
    CallbackFlaw flaw = CallbackFlaw::kNone;
    if (wanted == "expired") flaw = CallbackFlaw::kExpired;
    if (wanted == "wrong_recipient") flaw = CallbackFlaw::kWrongRecipient;
    if (wanted == "unknown_root") flaw = CallbackFlaw::kUnknownRoot;
    return JsonResponse(
        200, {{"status", Tell(Text(body, "id"), Text(body, "event"), Text(body, "nonce"), flaw)}});
  }

  const FakeGoogleOptions options_;
  const Clock& clock_;
  Random& random_;
  const CallbackSigner signer_;
  mutable std::mutex mutex_;  // Guards what follows.
  FakeWallet wallet_;
  FakeGoogleTrouble trouble_;
  Timestamp trouble_until_ = {};
  std::deque<std::pair<std::string, Timestamp>> tokens_;
  std::deque<Timestamp> recent_;
  int requests_ = 0, throttled_ = 0, tokens_given_ = 0, batches_ = 0;
  std::unique_ptr<http::Server> server_;  // Last: it uses everything above.
};

}  // namespace

Result<std::unique_ptr<FakeGoogle>> FakeGoogle::Start(const FakeGoogleOptions& options,
                                                      const Clock& clock, Random& random) {
  auto signer = CallbackSigner::Create(clock.Now());
  if (!signer.ok()) return std::move(signer).error();
  auto server = std::make_unique<Server>(options, clock, random, std::move(signer).value());
  if (Status listening = server->Listen(); !listening.ok()) return std::move(listening).error();
  return std::unique_ptr<FakeGoogle>(std::move(server));
}

}  // namespace passmint::simulate
