#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "http/client_limits.h"
#include "http/context.h"
#include "http/message.h"

namespace passmint::http {

// Google fetches each picture a few times and then serves its own copy; whoever comes through the
// same address (Google's fetchers, an office) may ask more often than a person would.
inline constexpr ClientRate kImageRate{.burst = 300, .interval = std::chrono::milliseconds(20)};

// Pictures kept in memory. A template has two or three for Google, of 50 to 500 kB.
inline constexpr std::size_t kImageCacheBytesMax = 32 * 1024 * 1024;

// /i/{sha256}.png: the pictures of published templates, for Google. They never change, so they are
// kept in memory, and by everyone else for ever. Safe for concurrent calls.
class ImageEndpoint {
 public:
  // REQUIRES: what the context refers to outlives the endpoint.
  explicit ImageEndpoint(const Context& context, std::size_t cache_bytes_max = kImageCacheBytesMax)
      : context_(context), cache_bytes_max_(cache_bytes_max), limits_(kImageRate, context.clock) {}

  // 200 with the picture, 404 (no such picture, no such path), 405 (neither GET nor HEAD), 429,
  // 503 (the store did not answer).
  Response Handle(const Request& request);

 private:
  struct Kept {
    std::string sha256;
    std::shared_ptr<const std::string> png;
  };

  std::shared_ptr<const std::string> FindKept(const std::string& sha256);
  void Keep(const std::string& sha256, std::shared_ptr<const std::string> png);

  const Context context_;
  const std::size_t cache_bytes_max_;
  ClientLimits limits_;
  std::mutex mutex_;      // Guards what follows.
  std::list<Kept> kept_;  // Most recently used first.
  std::unordered_map<std::string, std::list<Kept>::iterator> by_hash_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace passmint::http
