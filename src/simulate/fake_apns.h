#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "crypto/test_authority.h"
#include "push/apple_push.h"

// Stands in for Apple's push service, where there is no Apple account: the simulated fleet, and
// tests. It speaks what APNs speaks (HTTP/2 over TLS, client certificates, POST /3/device/{token}),
// checks what APNs checks in the order of its documentation, answers with APNs' own table of
// errors, and breaks on demand in the ways that APNs and networks break.
// https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
namespace passmint::simulate {

// What can go wrong with a push that is right in itself.
enum class ApnsFault {
  kUnregistered,     // 410, gone since a minute ago; this push only.
  kTooManyRequests,  // 429.
  kInternalError,    // 500 InternalServerError.
  kUnavailable,      // 503 ServiceUnavailable.
  kShutdown,         // 503 Shutdown, and GOAWAY.
  kBadCertificate,   // 403.
  kGoaway,       // GOAWAY that leaves this push and later ones unprocessed; the rest is answered.
  kResetStream,  // RST_STREAM instead of an answer.
  kDropConnection,  // The TCP connection ends with no word.
  kLostAnswer,      // Taken, the phone is told, but never answered.
  kSlowAnswer,      // Answered after FakeApnsOptions::slow_answer.
};
inline constexpr int kApnsFaultCount = 11;

// "unregistered", "too_many_requests", ...: as the enumerator without its k, in snake_case.
std::string_view ToString(ApnsFault fault);
std::optional<ApnsFault> ParseApnsFault(std::string_view name);

struct FakeApnsOptions {
  std::string listen = "127.0.0.1:0";
  // Beside "localhost", 127.0.0.1 and ::1: names that its certificate holds.
  std::vector<std::string> dns_names = {};
  // Who issues its certificate. Nothing: a fresh authority, which takes 0.1 to 1 s.
  std::optional<crypto::TestAuthority> authority = {};
  std::uint32_t streams_max = 1000;  // SETTINGS_MAX_CONCURRENT_STREAMS.
  // Whether a token that no AddToken has named is BadDeviceToken. Else any hex token is good.
  bool knows_tokens = false;
  // Treats who shows no certificate as if it had that of this pass type: for load tools that have
  // no client certificates. Empty: 403 MissingProviderToken, as APNs.
  std::string anonymous_pass_type = {};
  // Refuses an expired certificate in the handshake rather than by 403.
  bool refuses_expired_in_handshake = false;
  // At most this many pushes to one token in token_window, then 429; 0: no limit.
  std::uint32_t token_pushes_max = 0;
  std::chrono::seconds token_window{60};
  std::chrono::milliseconds slow_answer{2'000};
  std::uint64_t seed = 1;  // Of the dice for faults.
};

// A push that was accepted (or taken and not answered, by kLostAnswer).
struct FakePush {
  PushToken push_token;
  PassTypeIdentifier topic;
  std::string apns_id;
  std::int64_t expiration = 0;  // apns-expiration, seconds since 1970.
  int priority = 10;
  bool answered = true;  // False: who sent it cannot know that it was taken.
};

struct ApnsTokenAccount {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  Timestamp last_accepted = {};
};

struct FakeApnsTotals {
  std::uint64_t accepted = 0;
  std::map<std::string, std::uint64_t> refused = {};  // By reason.
  std::uint64_t unanswered = 0;                       // By fault.
  std::uint64_t connections = 0;                      // Ever made, with HTTP/2 agreed on.
  std::uint64_t open_connections = 0;
};

// One fake APNs with a thread of its own. Safe for concurrent calls.
class FakeApns {
 public:
  // Called on the fake's thread for each push that a phone would get. Must be quick, must not throw
  // and may call anything here but the destructor.
  using OnPush = std::function<void(const FakePush&)>;

  // Makes a certificate of its own, listens, and serves at once. `clock` must outlive
  // it: certificates and limits go by it.
  // Fails with kInvalidArgument (address, names) and kUnavailable.
  static Result<std::unique_ptr<FakeApns>> Start(const FakeApnsOptions& options, const Clock& clock,
                                                 OnPush on_push = {});

  // Drops all connections.
  virtual ~FakeApns() = default;

  virtual std::uint16_t port() const = 0;
  virtual std::string url() const = 0;            // "https://localhost:PORT".
  virtual const std::string& ca_pem() const = 0;  // Whom to trust for it.

  // A token that works, for this topic only. Replaces what was known of it.
  virtual void AddToken(const PushToken& token, const PassTypeIdentifier& topic) = 0;
  // From now on 410 Unregistered with this timestamp.
  virtual void RetireToken(const PushToken& token, Timestamp since) = 0;

  // The next `count` good pushes meet this fault, after those that were asked for before.
  virtual void FailNext(ApnsFault fault, std::uint32_t count) = 0;
  // The next `count` good pushes are answered so; a `retry_after` of 0 sends no such header.
  struct CannedAnswer {
    int status = 500;
    std::string reason;
    std::chrono::seconds retry_after{0};
  };
  virtual void AnswerNext(const CannedAnswer& answer, std::uint32_t count) = 0;
  // That share of all good pushes, 0 to 1, meets this fault; shares add up to 1 at most.
  virtual void SetShare(ApnsFault fault, double share) = 0;

  // While down, connections are cut and new ones end before TLS.
  virtual void SetDown(bool down) = 0;
  // GOAWAY on every connection, after what was read: the rest is answered. `reason` goes into the
  // JSON of its debug data.
  virtual void SendGoaway(const std::string& reason) = 0;
  virtual void ChangeStreamsMax(std::uint32_t streams_max) = 0;

  virtual FakeApnsTotals Totals() const = 0;
  virtual std::map<PushToken, ApnsTokenAccount> Accounts() const = 0;
};

}  // namespace passmint::simulate
