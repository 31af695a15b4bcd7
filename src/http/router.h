#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace passmint::http {

// The arguments of a path, percent-decoded, in the order of the placeholders.
using PathArguments = std::vector<std::string>;

// Finds the route of a request. Works on the raw target: a path is split at "/" first and decoded
// then, so that "%2F" in an id is part of the id and "%2e%2e" is no way up. The server library does
// it the other way round, which is why its own routing is not used.
template <class Endpoint>
class Router {
 public:
  struct Match {
    const Endpoint* endpoint = nullptr;  // Null: no route, see `allowed`.
    PathArguments arguments;
    // The methods that the path knows; empty: no such path. Sorted as added, joined by ", ".
    std::string allowed;
  };

  // `pattern`: segments, each literal or "{name}"; a last "{name...}" takes all that is left,
  // slashes included. GET also serves HEAD.
  void Add(std::string method, std::string_view pattern, Endpoint endpoint);

  Match Find(std::string_view method, std::string_view raw_path) const;

 private:
  struct Route {
    std::string method;
    std::vector<std::string> segments;
    Endpoint endpoint;
  };

  std::vector<Route> routes_;
};

namespace internal {

std::vector<std::string> SplitPath(std::string_view path);

// The arguments if the raw segments fit the pattern. An argument that does not decode to UTF-8
// without control characters, or that is empty, fits nothing.
std::optional<PathArguments> FitPath(const std::vector<std::string>& pattern,
                                     const std::vector<std::string>& segments);

}  // namespace internal

// Percent-decodes a path segment or a query value ("+" stays "+"). Nothing on a broken escape or
// bytes that are not UTF-8.
std::optional<std::string> PercentDecode(std::string_view text);

// The decoded value of a query parameter; nothing if it is absent or broken.
std::optional<std::string> QueryValue(std::string_view query, std::string_view name);

template <class Endpoint>
void Router<Endpoint>::Add(std::string method, std::string_view pattern, Endpoint endpoint) {
  routes_.push_back({std::move(method), internal::SplitPath(pattern), std::move(endpoint)});
}

template <class Endpoint>
typename Router<Endpoint>::Match Router<Endpoint>::Find(std::string_view method,
                                                        std::string_view raw_path) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  const std::vector<std::string> segments = internal::SplitPath(raw_path);
  Match match;
  for (const Route& route : routes_) {
    auto arguments = internal::FitPath(route.segments, segments);
    if (!arguments) continue;
    if (route.method == wanted) {
      match.endpoint = &route.endpoint;
      match.arguments = *std::move(arguments);
      return match;
    }
    if (!match.allowed.empty()) match.allowed += ", ";
    match.allowed += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  return match;
}

}  // namespace passmint::http
