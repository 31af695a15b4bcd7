#pragma once

#include <chrono>
#include <cstddef>

#include "http/apple_path.h"
#include "http/client_limits.h"
#include "http/context.h"
#include "http/message.h"
#include "http/personalize_endpoint.h"
#include "issuance/phones.h"

namespace passmint::http {

// The largest body that any endpoint reads; a log or a sign-up with room to spare.
inline constexpr std::size_t kAppleBodyBytesMax = 64 * 1024;

// A mobile network puts all its phones of a city behind one address, and after a mass update each
// comes with a list and a fetch. So what succeeds and is cheap is not counted.
struct AppleLimits {
  // Refusals: of wrong tokens, paths and bodies. Beyond it the client is told to come later before
  // the store is asked.
  ClientRate failures{.burst = 2000, .interval = std::chrono::milliseconds(10)};
  // Bundles that are made: each costs an RSA signature.
  ClientRate bundles{.burst = 20'000, .interval = std::chrono::milliseconds(1)};
  // Beyond it log messages are dropped, never refused: a phone would only come again.
  ClientRate logs{.burst = 100, .interval = std::chrono::milliseconds(200)};
};

// Apple's web service for passes, as phones call it (contract/api.md section 4; statuses that
// phones understand: reference, Apple Wallet section 4.2). Below /apple/v1/:
//
//   POST   devices/{device}/registrations/{type}/{serial}   201, 200 if known already
//   DELETE devices/{device}/registrations/{type}/{serial}   200
//   GET    devices/{device}/registrations/{type}            200, 204: nothing has changed
//   GET    passes/{type}/{serial}                           200 with the bundle, 304
//   POST   passes/{type}/{serial}/personalize               see personalize_endpoint.h
//   POST   log                                              200, whatever it says
//
// The first, second and fourth need "Authorization: ApplePass <token>", else 401; an unknown pass
// is 401 too. Also 400 (a body or path that cannot be read), 404, 405, 413, 429, 500, 503. Every
// answer is Cache-Control: no-store, none is encoded. Safe for concurrent calls.
class AppleService {
 public:
  // REQUIRES: what the context refers to outlives the service.
  explicit AppleService(const Context& context, const AppleLimits& limits = {})
      : context_(context),
        personalize_(context),
        failures_(limits.failures, context.clock),
        bundles_(limits.bundles, context.clock),
        logs_(limits.logs, context.clock) {}

  Response Handle(const Request& request);

 private:
  Response Route(const Request& request);
  Response Register(const Request& request, const ApplePath& path);
  Response Unregister(const Request& request, const ApplePath& path);
  Response List(const Request& request, const ApplePath& path);
  Response Fetch(const Request& request, const ApplePath& path);
  Response Log(const Request& request);
  void NoteFetch(const issuance::PassVersion& pass, int status);

  const Context context_;
  PersonalizeEndpoint personalize_;
  ClientLimits failures_;
  ClientLimits bundles_;
  ClientLimits logs_;
};

}  // namespace passmint::http
