#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "crypto/signing_identity.h"
#include "push/apple_push.h"

// Apple's push service over HTTP/2, as passes use it: the pass certificate is the client
// certificate, the pass type is the topic, the payload is "{}".
// https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
// https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
namespace passmint::apns {

// Times are upper bounds unless they say otherwise; back-off and probe delays double from the first
// to the last and are multiplied by a random 0.5 to 1.
struct ApnsTimes {
  using Millis = std::chrono::milliseconds;
  Millis address_answers{5'000};  // TCP, for each address of the host.
  Millis handshake{10'000};       // TLS and the first SETTINGS.
  Millis waiting{10'000};         // From TrySend until it is sent, else kRetry.
  Millis answer{10'000};          // From sending to the answer, else kRetry "RequestTimeout".
  Millis silence{2'000};      // With pushes unanswered: then a PING asks whether anybody is there.
  Millis idle_ping{60'000};   // Without: the same, so that a dead connection is found early.
  Millis ping_answer{5'000};  // Else the connection is given up.
  Millis backoff_first{200};  // Between attempts to connect.
  Millis backoff_last{60'000};
  Millis probe_first{60'000};  // Of an open circuit.
  Millis probe_last{3'600'000};
  Millis stopping{2'000};  // How long the destructor waits for answers.
};

// What happened to a lane, for the log and for alarms.
struct ApnsEvent {
  enum class Kind { kConnected, kDisconnected, kConnectFailed, kStopped, kResumed };
  Kind kind;
  PassTypeIdentifier pass_type;
  std::string detail;  // One phrase; without tokens.
};

// "connected", "disconnected", "connect_failed", "stopped", "resumed".
std::string_view ToString(ApnsEvent::Kind kind);

struct ApnsOptions {
  // https, a host and perhaps a port (443 otherwise; Apple also listens at 2197). No path.
  std::string url = "https://api.push.apple.com";
  std::string ca_file = {};  // Trusted beside the system's roots; PEM. "": only those.
  // How many pushes of one pass type may be unanswered: APNs allows about 1,000 streams, so this
  // keeps the connection busy while the caller fetches more.
  std::size_t pushes_max = 4'096;
  ApnsTimes times = {};
  // Called on a lane's thread; must be quick. May be empty.
  std::function<void(const ApnsEvent&)> on_event = {};
};

// One lane for each pass type: a thread, a queue and one warm connection, which is opened by the
// first push and kept. While an old connection still has answers to come (GOAWAY, a new
// certificate) a lane has two.
//
// What it does about each trouble:
//   GOAWAY, REFUSED_STREAM     streams that were not processed go out again on a new connection,
//                              at most 5 times; the rest is awaited on the old one.
//   400 IdleTimeout, 503 Shutdown   once more, on a new connection.
//   lost answers, silence      PING; without an answer the connection is given up: kRetry for what
//                              was sent (it may have arrived), the queue stays for the next one.
//   no connection              back-off with jitter; the queue waits, each push for times.waiting.
//   403, topic errors, or TLS alerts about our certificate   the circuit opens: the queue and all
//                              further pushes get kLaneStopped, the connection is closed. After
//                              times.probe_first one push is let through; an answer of any other
//                              kind closes the circuit, and so does SetIdentity.
// Every push taken is answered within times.waiting + times.answer, and a little.
class ApnsSender final : public push::ApplePushSender {
 public:
  // Connects to nothing yet. `random` must outlive it.
  // Fails with kInvalidArgument if the URL is not https://HOST[:PORT] or the CA file has no
  // certificate.
  static Result<std::unique_ptr<ApnsSender>> Create(ApnsOptions options, Random& random);

  ApnsSender(const ApnsSender&) = delete;
  ApnsSender& operator=(const ApnsSender&) = delete;
  // Takes no more, waits up to times.stopping for answers, answers the rest kRetry "Stopping".
  ~ApnsSender() override;

  // Certificate and key of a pass type, at first or anew. A new one takes effect at once: pushes
  // from now on go over a new connection, the old one is drained, an open circuit closes. The same
  // one again changes nothing. From any thread.
  // Fails with kInvalidArgument if TLS cannot use them, with kUnavailable without threads.
  Status SetIdentity(const crypto::SigningIdentity& identity);

  bool TrySend(const push::ApplePush& push, Done done) override;
  std::size_t pushes_max() const override;
  std::vector<push::AppleLane> Lanes() const override;

 private:
  struct Rep;
  explicit ApnsSender(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace passmint::apns
