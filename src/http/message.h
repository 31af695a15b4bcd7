#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace passmint::http {

// Names compare without regard to case (RFC 9110 section 5.1). At most some dozens, so a list.
class Headers {
 public:
  void Add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }
  // The value of the first field of that name, "" if there is none.
  std::string_view Find(std::string_view name) const;
  bool Has(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// A request as it came, decoded by nobody yet.
struct Request {
  std::string method;          // "GET", "HEAD", "POST", ...
  std::string target;          // Raw: percent-encoding as sent, query included.
  std::string client_address;  // The phone's or shop's, behind trusted proxies.
  Headers headers;
  std::string body;

  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  std::string_view query() const {
    const std::size_t mark = target.find('?');
    return mark == std::string::npos ? std::string_view()
                                     : std::string_view(target).substr(mark + 1);
  }
};

struct Response {
  int status = 200;
  std::string content_type;  // "" if there is no body.
  std::string body;
  Headers headers = {};
  // Why, where the client is not told (500, 503). For the log; never sent.
  std::string cause = {};
};

}  // namespace passmint::http
