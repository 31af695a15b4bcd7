#include "http/internal/screening.h"

#include <algorithm>
#include <charconv>

namespace passmint::http::internal {
namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

std::size_t Count(const Headers& headers, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(headers.fields().begin(), headers.fields().end(),
                    [&](const auto& field) { return Lower(field.first) == name; }));
}

// Nothing if the text is no number or does not fit.
std::optional<std::size_t> Length(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Refusal Malformed(std::string message) { return {400, "malformed_request", std::move(message)}; }

}  // namespace

std::optional<Refusal> Screen(std::string_view method, const Headers& headers,
                              std::size_t body_bytes_max, bool takes_multipart_mixed) {
  const bool chunked = headers.Has("Transfer-Encoding");
  const bool sized = headers.Has("Content-Length");
  // RFC 9112 section 6.3: each of these lets two servers disagree on where a request ends.
  if (chunked && sized) return Malformed("both Content-Length and Transfer-Encoding");
  if (Count(headers, "content-length") > 1 || Count(headers, "transfer-encoding") > 1) {
    return Malformed("a length header stands twice");
  }
  if (Count(headers, "host") > 1) return Malformed("Host stands twice");
  if (chunked && Lower(Trim(headers.Find("Transfer-Encoding"))) != "chunked") {
    return Malformed("a Transfer-Encoding other than chunked");
  }
  const auto length = sized ? Length(headers.Find("Content-Length")) : 0;
  if (!length) return Malformed("Content-Length is no number");
  const bool has_body = chunked || *length > 0;
  if (has_body && (method == "GET" || method == "HEAD" || method == "OPTIONS")) {
    return Malformed("a body on " + std::string(method));
  }
  if (headers.Has("Content-Encoding")) {
    return Refusal{415, "unsupported_media_type", "send the body without Content-Encoding"};
  }
  const std::string type = Lower(headers.Find("Content-Type"));
  const bool is_mixed = takes_multipart_mixed && type.starts_with("multipart/mixed");
  if (type.starts_with("multipart/") && !is_mixed) {
    return Refusal{415, "unsupported_media_type", "multipart bodies are not accepted"};
  }
  if (*length > body_bytes_max) {
    return Refusal{413, "payload_too_large",
                   "the body is larger than " + std::to_string(body_bytes_max) + " bytes"};
  }
  return std::nullopt;
}

std::string ClientAddress(const std::string& peer, const Headers& headers,
                          const std::vector<std::string>& trusted_proxies) {
  const auto trusted = [&](std::string_view address) {
    return address.empty() || std::find(trusted_proxies.begin(), trusted_proxies.end(), address) !=
                                  trusted_proxies.end();
  };
  if (!trusted(peer)) return peer;
  std::string_view hops = headers.Find("X-Forwarded-For");
  std::string_view client = peer;
  while (!hops.empty()) {
    const std::size_t comma = hops.rfind(',');
    client = Trim(comma == std::string_view::npos ? hops : hops.substr(comma + 1));
    if (!trusted(client)) break;
    hops = comma == std::string_view::npos ? std::string_view() : hops.substr(0, comma);
  }
  constexpr std::size_t kAddressMax = 45;  // INET6_ADDRSTRLEN - 1.
  return std::string(client.substr(0, kAddressMax));
}

}  // namespace passmint::http::internal
