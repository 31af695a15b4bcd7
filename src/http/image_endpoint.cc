#include "http/image_endpoint.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "http/problem.h"

namespace passmint::http {
namespace {

// The 64 hex digits of "/i/<sha256>.png"; "" if the path is not such. Raw: an escape is no digit.
std::string_view HashIn(std::string_view path) {
  constexpr std::string_view kBefore = "/i/";
  constexpr std::string_view kAfter = ".png";
  constexpr std::size_t kDigits = 64;
  if (path.size() != kBefore.size() + kDigits + kAfter.size()) return {};
  if (!path.starts_with(kBefore) || !path.ends_with(kAfter)) return {};
  const std::string_view hash = path.substr(kBefore.size(), kDigits);
  const bool is_hash = std::all_of(hash.begin(), hash.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  return is_hash ? hash : std::string_view();
}

Response NoSuchImage() { return ProblemResponse(404, "not_found", "no such picture"); }

Response Picture(const std::string& png) {
  Response response{.status = 200, .content_type = "image/png", .body = png};
  response.headers.Add("Cache-Control", "public, max-age=31536000, immutable");
  response.headers.Add("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace

Response ImageEndpoint::Handle(const Request& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    Response response = ProblemResponse(405, "method_not_allowed", "GET and HEAD only");
    response.headers.Add("Allow", "GET, HEAD");
    return response;
  }
  if (const auto wait = limits_.Take(request.client_address); wait > std::chrono::seconds(0)) {
    return ProblemResponse({.code = ErrorCode::kTooManyRequests, .message = "too many requests"});
  }
  const std::string sha256(HashIn(request.path()));
  if (sha256.empty()) return NoSuchImage();
  if (const auto png = FindKept(sha256)) return Picture(*png);

  std::optional<std::string> found;
  const Status read = context_.store.Read([&](issuance::Transaction& transaction) -> Status {
    auto image = transaction.FindImage(sha256);
    if (!image.ok()) return std::move(image).error();
    found = std::move(image).value();
    return {};
  });
  if (!read.ok()) return ProblemResponse(read.error());
  if (!found) return NoSuchImage();
  const auto png = std::make_shared<const std::string>(*std::move(found));
  Keep(sha256, png);
  return Picture(*png);
}

std::shared_ptr<const std::string> ImageEndpoint::FindKept(const std::string& sha256) {
  const std::lock_guard lock(mutex_);
  const auto known = by_hash_.find(sha256);
  if (known == by_hash_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, known->second);
  return kept_.front().png;
}

void ImageEndpoint::Keep(const std::string& sha256, std::shared_ptr<const std::string> png) {
  const std::lock_guard lock(mutex_);
  if (png->size() > cache_bytes_max_ || by_hash_.contains(sha256)) return;
  kept_bytes_ += png->size();
  kept_.push_front({sha256, std::move(png)});
  by_hash_.emplace(sha256, kept_.begin());
  while (kept_bytes_ > cache_bytes_max_) {
    kept_bytes_ -= kept_.back().png->size();
    by_hash_.erase(kept_.back().sha256);
    kept_.pop_back();
  }
}

}  // namespace passmint::http
