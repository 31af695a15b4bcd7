#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace passmint::simulate {

// What a service answered.
struct ServiceAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // Names in lower case, in order.
  std::string body;

  // The first header of that name (lower case); "" if there is none.
  std::string_view Header(std::string_view name) const;
};

using RequestHeaders = std::vector<std::pair<std::string, std::string>>;

// One keep-alive connection to a service, as a phone or a shop's backend has one. HTTP/1.1, no
// redirects, no cookies, no proxy. For one thread.
class ServiceClient {
 public:
  // Longest wait for a whole answer, and the largest one that is read.
  static constexpr int kAnswerSecondsMax = 30;
  static constexpr std::size_t kAnswerBytesMax = std::size_t{8} << 20;

  ServiceClient();
  ~ServiceClient();
  ServiceClient(const ServiceClient&) = delete;
  ServiceClient& operator=(const ServiceClient&) = delete;

  // `url` is absolute and goes out byte for byte. Fails with kUnavailable if there is no whole
  // answer (refused, broken, too slow, too large); whether the service did the work is unknown
  // then.
  Result<ServiceAnswer> Send(std::string_view method, const std::string& url,
                             const RequestHeaders& headers = {}, std::string_view body = {});

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace passmint::simulate
