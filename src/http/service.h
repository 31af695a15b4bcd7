#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/apple_service.h"
#include "http/card_pages.h"
#include "http/client_limits.h"
#include "http/context.h"
#include "http/google_callback.h"
#include "http/image_endpoint.h"
#include "http/merchant_api.h"
#include "http/message.h"
#include "http/metrics.h"
#include "http/promoter_pages.h"
#include "http/studio.h"

namespace passmint::http {

// What happened to one request, for the log. Holds no token, key, query or body.
struct AccessRecord {
  std::string method;
  std::string path;  // Masked: "/c/***/pass.pkpass".
  int status = 0;
  std::size_t bytes = 0;  // Of the answer's body.
  std::chrono::microseconds time{0};
  std::string client_address;
  std::string cause;  // Of a 500 or 503; else empty.
};

// One line of /readyz.
struct ReadyCheck {
  std::string name;  // "store"
  bool ok = true;
  std::string detail;    // For the operator; holds no secret.
  bool required = true;  // False: the service is ready without it.
};

struct ServiceOptions {
  std::function<void(const AccessRecord&)> log;     // May be empty. Called from many threads.
  std::function<std::vector<ReadyCheck>()> checks;  // Beside the store's. May be empty.
  AppleLimits apple = {};
};

// The whole HTTP surface: finds who answers a path, limits clients, counts, logs. Safe for
// concurrent calls.
class Service {
 public:
  // REQUIRES: what the context refers to outlives the service.
  Service(const Context& context, ServiceOptions options);

  Response Handle(const Request& request);

  // The listener of /metrics, which is never public.
  Response HandleMetrics(const Request& request);

  Metrics& metrics() { return metrics_; }

  // For ServerOptions::body_bytes_max.
  // Only who has a key may send as much as a template.
  std::size_t BodyBytesMax(std::string_view method, std::string_view path,
                           const Headers& headers) const;

 private:
  Response Route(const Request& request);
  Response Ready();

  const Context context_;
  const ServiceOptions options_;
  Metrics metrics_;
  MerchantApi api_;
  AppleService apple_;
  CardPages pages_;
  PromoterPages promoters_;
  ImageEndpoint images_;
  Studio studio_;
  GoogleCallback google_callback_;
};

// The path with what is secret in it replaced: link tokens, Apple serials and device ids.
std::string MaskPath(std::string_view raw_path);

}  // namespace passmint::http
