#pragma once

#include <memory>

#include "http/context.h"
#include "http/message.h"

namespace passmint::http {

// What a promoter's link opens, for whoever was invited:
//   /p/{token}          302 to the address that the rules name, with the token; without one a page
//                       that says the token
//   /p/{token}/qr.svg, /p/{token}/qr.png   the promoter's address as a QR code
//
// The token says who invites and nothing about them. GET and HEAD only. 404 also for a token that
// was changed; 405; 429 and 503 with Retry-After. Safe for concurrent calls.
class PromoterPages {
 public:
  // REQUIRES: what the context refers to outlives the pages.
  explicit PromoterPages(const Context& context);
  ~PromoterPages();

  Response Handle(const Request& request) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace passmint::http
