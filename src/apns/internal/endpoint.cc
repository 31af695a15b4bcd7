#include "apns/internal/endpoint.h"

#include <charconv>

namespace passmint::apns::internal {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::string_view kDefaultPort = "443";
constexpr int kPortMax = 65'535;
constexpr std::size_t kHostBytesMax = 253;  // RFC 1035 section 2.3.4, as text.

bool IsPort(std::string_view text) {
  int port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc() && end == text.data() + text.size() && port > 0 && port <= kPortMax;
}

bool IsHost(std::string_view text, bool in_brackets) {
  if (text.empty() || text.size() > kHostBytesMax) return false;
  const std::string_view allowed =
      in_brackets ? "0123456789abcdefABCDEF:."
                  : "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-";
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

std::optional<Endpoint> ParseEndpoint(std::string_view url) {
  if (!url.starts_with(kScheme)) return std::nullopt;
  url.remove_prefix(kScheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  const bool in_brackets = url.starts_with('[');
  const std::size_t closing = in_brackets ? url.find(']') : 0;
  if (closing == std::string_view::npos) return std::nullopt;
  const std::size_t colon = url.find(':', closing);
  const std::string_view named = url.substr(0, colon);
  const std::string_view port =
      colon == std::string_view::npos ? kDefaultPort : url.substr(colon + 1);
  const std::string_view host =
      in_brackets && named.ends_with(']') ? named.substr(1, named.size() - 2) : named;
  if (!IsPort(port) || !IsHost(host, in_brackets)) return std::nullopt;
  Endpoint endpoint{std::string(host), std::string(port), std::string(named)};
  if (port != kDefaultPort) endpoint.authority.append(":").append(port);
  return endpoint;
}

}  // namespace passmint::apns::internal
