#pragma once

#include <memory>

#include "http/client_limits.h"
#include "http/context.h"
#include "http/message.h"

namespace passmint::http {

// Mobile networks put thousands of phones behind one IPv4 address, so the limits are far above what
// a person does; a shop's own Wi-Fi stays below them too.
struct CardPageLimits {
  ClientRate requests{.burst = 100, .interval = std::chrono::milliseconds(50)};
  // Links that lead nowhere. Guessing 131 bits is hopeless; this keeps it off the store as well.
  ClientRate unknown_links{.burst = 20, .interval = std::chrono::seconds(3)};
};

// What a customer opens (contract/api.md section 4):
//   /c/{token}              the card page
//   /c/{token}/pass.pkpass  the signed bundle for Apple Wallet
//   /c/{token}/google       302 to Google's page that saves the card
//   /c/{token}/qr.svg, /c/{token}/qr.png   the page's own address as a QR code
//
// The token of the link is the only secret, so nothing is cached, indexed or told to other sites.
// GET and HEAD only, and neither changes anything. Whatever goes wrong is a page for the customer,
// in their language: 404 unknown link or wallet not configured, 405, 410 closed or erased card, 429
// and 503 with Retry-After, 500. Safe for concurrent calls.
class CardPages {
 public:
  // REQUIRES: what the context refers to outlives the pages.
  explicit CardPages(const Context& context, const CardPageLimits& limits = {});
  ~CardPages();

  Response Handle(const Request& request) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace passmint::http
