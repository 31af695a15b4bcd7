#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace passmint::apns::internal {

// Where APNs is.
struct Endpoint {
  std::string host;       // A DNS name or an IP address, without brackets.
  std::string port;       // Digits.
  std::string authority;  // As HTTP names it: without the port if that is 443.
};

// "https://api.push.apple.com", "https://[::1]:2197/". Nothing for any other shape: user names,
// paths and queries have no place in it.
std::optional<Endpoint> ParseEndpoint(std::string_view url);

}  // namespace passmint::apns::internal
