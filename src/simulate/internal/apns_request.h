#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/timestamp.h"
#include "crypto/certificate.h"
#include "simulate/fake_apns.h"

namespace passmint::simulate::internal {

// A request as far as APNs looks at it.
struct ApnsRequest {
  std::string method;
  std::string path;
  std::optional<std::string> topic;
  std::optional<std::string> apns_id;
  std::optional<std::string> expiration;
  std::optional<std::string> priority;
  std::optional<std::string> push_type;
  std::optional<std::string> collapse_id;
  bool has_authorization = false;
  bool has_duplicate = false;  // An apns header stood there twice.
  std::size_t body_bytes = 0;

  void AddHeader(std::string_view name, std::string_view value);
};

// Who is at the other end of a connection.
struct ApnsClient {
  bool has_certificate = false;
  bool is_valid = false;  // A pass certificate within its dates.
  PassTypeIdentifier pass_type = PassTypeIdentifier("");
};

ApnsClient ClientOf(const std::optional<crypto::Certificate>& certificate, Timestamp now,
                    const std::string& anonymous_pass_type);

struct ApnsRefusal {
  int status = 400;
  std::string_view reason;
};

// What APNs would refuse whatever the token is; nothing if all is right, and then `push` is filled.
std::optional<ApnsRefusal> Check(const ApnsRequest& request, const ApnsClient& client,
                                 FakePush& push);

}  // namespace passmint::simulate::internal
