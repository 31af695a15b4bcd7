#pragma once

#include <string_view>

#include "http/context.h"
#include "http/endpoint.h"
#include "http/message.h"
#include "issuance/draft_pictures.h"
#include "issuance/running_keys.h"

namespace passmint::http {

// /api/v1: finds the endpoint, the key and its role, runs the work in a transaction, once per
// Idempotency-Key, and encodes answer or problem. Safe for concurrent calls.
class MerchantApi {
 public:
  // REQUIRES: what the context refers to outlives the API.
  explicit MerchantApi(const Context& context);

  Response Handle(const Request& request) const;

  // Whether the headers carry a key that is valid for this path: asked before a large body is read.
  bool KnowsKey(const Headers& headers, std::string_view path) const;

 private:
  Response Run(const Call& call, const Endpoint& endpoint) const;
  Response RunKeyed(const Call& call, const Endpoint& endpoint,
                    issuance::KeyedRequest request) const;

  const Context context_;
  issuance::DraftPictures pictures_;  // Locks itself.
  EndpointRouter router_;
  mutable issuance::RunningKeys running_;  // Locks itself.
};

}  // namespace passmint::http
