#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "json/json.h"

namespace passmint::simulate {

struct FakeGoogleOptions {
  std::string listen = "127.0.0.1:0";  // Port 0: any free one.
  // The public key (PEM) that assertions and links have to be signed with; "": anybody's will do.
  std::string public_key_pem = {};
  std::string issuer_id = {};  // Others are refused with 403; "": all are served.
  int requests_per_second = 20;
  // An object is there or has changed; `notified`: and its customer was told. Called from any
  // thread, one at a time; quick. May be empty.
  std::function<void(const std::string& id, const Json& object, bool notified)> on_object = {};
};

// What goes wrong, as {"status": 500, "for_ms": 60000, "delay_ms": 0, "lost": false}: for so long,
// API calls are answered with `status`, or each after `delay_ms`; `lost`: the work is done and
// the answer is 502.
struct FakeGoogleTrouble {
  int status = 0;
  std::chrono::milliseconds delay{0};
  bool lost = false;
  std::chrono::milliseconds length{0};
};

// Stands in for Google where nothing real is told: tests, the fleet, an operator without an
// account. One HTTP/1.1 server without TLS on loopback has everything that Google spreads over
// three hosts:
//
//   POST /token                      access tokens for assertions (RFC 7523)
//   /walletobjects/v1/...            classes and objects: fake_wallet.h; POST .../jwt
//   POST /batch                      multipart/mixed of these
//   GET  /gp/m/issuer/keys           the root keys of its callbacks
//   GET  /gp/v/save/{jwt}            what tapping a link does: the customer has the card, and the
//                                    service hears of it by a signed callback
//   POST /fake/faults                the JSON above; {} ends them
//   POST /fake/callback              {"id", "event": "save" or "del", "nonce"?, "flaw"?: "expired",
//                                    "wrong_recipient" or "unknown_root"}: the customer saves or
//                                    deletes; answers {"status"} of the service
//   GET  /fake/objects/{id}          the object and how often its phone would have notified
//   GET  /fake/stats                 {"requests", "throttled", "tokens", "batches"}
//
// Callbacks go to callbackOptions.url of the object's class.
class FakeGoogle {
 public:
  // REQUIRES: clock and random outlive it. Fails as http::Server::Start, with kInternal.
  static Result<std::unique_ptr<FakeGoogle>> Start(const FakeGoogleOptions& options,
                                                   const Clock& clock, Random& random);
  virtual ~FakeGoogle() = default;

  virtual int port() const = 0;

  // Takes the place of trouble that there is. Safe for concurrent calls.
  virtual void Break(const FakeGoogleTrouble& trouble) = 0;
  // {"object": ..., "notifications": n, "writes": n} or null. Safe for concurrent calls.
  virtual Json Peek(const std::string& object_id) const = 0;
};

}  // namespace passmint::simulate
