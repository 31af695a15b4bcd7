#pragma once

#include <cstddef>

#include "http/apple_path.h"
#include "http/client_limits.h"
#include "http/context.h"
#include "http/message.h"

namespace passmint::http {

struct PersonalizeLimits {
  // A queue at a till behind one address signs up slower than this; each costs an RSA signature.
  ClientRate requests{.burst = 60, .interval = std::chrono::seconds(1)};
  // Passes that are not there. Guessing 131 bits is hopeless; this keeps it off the store as well.
  ClientRate unknown_passes{.burst = 20, .interval = std::chrono::seconds(3)};
};

// Seven short fields and a token of 4 kB.
inline constexpr std::size_t kPersonalizeBytesMax = 16 * 1024;

// POST /apple/v1/passes/{passTypeIdentifier}/{serialNumber}/personalize
// https://developer.apple.com/documentation/walletpasses/return-a-personalized-pass
//
// Wallet sends what a customer typed into the sign-up form; the answer is the detached signature of
// its token (issuance/personalize.h). Errors have no body: 400 no JSON, 401 no such pass or a wrong
// token of the pass, 409 a card that cannot be signed up for (any more), 413, 422 wrong facts,
// 429 and 503 with Retry-After, 500. Fields that Apple may add are ignored. Safe for concurrent
// calls.
class PersonalizeEndpoint {
 public:
  // REQUIRES: what the context refers to outlives the endpoint.
  explicit PersonalizeEndpoint(const Context& context, const PersonalizeLimits& limits = {});

  // `path` is that of the request, of kind kPersonalize.
  Response Handle(const Request& request, const ApplePath& path);

 private:
  Response Answer(const Request& request, const ApplePath& path);

  const Context context_;
  ClientLimits requests_;
  ClientLimits unknown_passes_;
};

}  // namespace passmint::http
