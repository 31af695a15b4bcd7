#pragma once

#include "http/apple_path.h"
#include "http/context.h"
#include "http/message.h"
#include "http/personalize_endpoint.h"

namespace passmint::http {

// Apple's web service for passes, as phones call it (contract/api.md section 4). Every answer is
// Cache-Control: no-store. Safe for concurrent calls.
class AppleService {
 public:
  // REQUIRES: what the context refers to outlives the service.
  explicit AppleService(const Context& context) : context_(context), personalize_(context) {}

  Response Handle(const Request& request);

 private:
  Response Route(const Request& request);

  const Context context_;
  PersonalizeEndpoint personalize_;
};

}  // namespace passmint::http
