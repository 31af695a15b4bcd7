#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace passmint::http::internal {

// Why a request is answered without looking at its body. The connection closes after it, since
// nobody knows where the next request would begin.
struct Refusal {
  int status = 400;
  std::string reason;  // As in Error::reason.
  std::string message;
};

// Looks at method and headers alone. `body_bytes_max` is the limit for this request.
std::optional<Refusal> Screen(std::string_view method, const Headers& headers,
                              std::size_t body_bytes_max, bool takes_multipart_mixed = false);

// The client's address: the last hop of X-Forwarded-For that is no trusted proxy, if `peer` is one;
// else the peer. An empty peer is a UNIX socket's, which is trusted.
std::string ClientAddress(const std::string& peer, const Headers& headers,
                          const std::vector<std::string>& trusted_proxies);

}  // namespace passmint::http::internal
