#include "google_rest/root_keys.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace passmint::google_rest {
namespace {

using std::chrono::seconds;

constexpr seconds kFreshMin{60};
constexpr seconds kFreshMax = std::chrono::hours(24);
constexpr seconds kPauseMin{5};
constexpr seconds kPauseMax{600};
constexpr std::chrono::milliseconds kFetchTime{10'000};

std::optional<std::int64_t> Seconds(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end == text.data() || value < 0) return std::nullopt;
  return std::min(value, std::int64_t{kFreshMax.count()} * 2);
}

}  // namespace

seconds FreshFor(std::string_view cache_control, std::string_view age) {
  constexpr std::string_view kMaxAge = "max-age=";
  const std::size_t at = cache_control.find(kMaxAge);
  std::int64_t fresh = 0;
  if (at != cache_control.npos) {
    fresh = Seconds(cache_control.substr(at + kMaxAge.size())).value_or(0);
  }
  return std::clamp(seconds(fresh - Seconds(age).value_or(0)), kFreshMin, kFreshMax);
}

RestRootKeys::RestRootKeys(std::string url, HttpClient& http, const Clock& clock,
                           std::function<void(const Error&)> on_trouble)
    : url_(std::move(url)),
      http_(http),
      clock_(clock),
      on_trouble_(std::move(on_trouble)),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

RestRootKeys::~RestRootKeys() = default;

std::vector<google::RootKey> RestRootKeys::Keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

void RestRootKeys::Run(const std::stop_token& stop) {
  seconds pause = kPauseMin;
  while (!stop.stop_requested()) {
    const seconds wait = FetchAndWait(pause);
    const bool failed = wait == pause;
    pause = failed ? std::min(pause * 2, kPauseMax) : kPauseMin;
    std::unique_lock lock(waiting_);
    stopped_.wait_for(lock, stop, wait, [] { return false; });
  }
}

// How long to wait until the next fetch: `pause` if this one failed.
seconds RestRootKeys::FetchAndWait(seconds pause) {
  const HttpAnswer answer = http_.Send({.method = "GET",
                                        .url = url_,
                                        .time = kFetchTime,
                                        .answer_bytes_max = google::kRootKeysBytesMax});
  const auto report = [&](std::string message) {
    if (on_trouble_) {
      on_trouble_({.code = ErrorCode::kUnavailable,
                   .message = "Google's root keys: " + std::move(message)});
    }
    return pause;
  };
  if (answer.status == 0) {
    return answer.failure == "Stopping" ? pause : report(answer.failure + ": " + answer.detail);
  }
  if (answer.status != 200) return report("status " + std::to_string(answer.status));
  auto keys = google::ParseRootKeys(answer.body, clock_.Now());
  if (!keys.ok()) return report(keys.error().message);
  const std::lock_guard lock(mutex_);
  keys_ = std::move(keys).value();
  return std::max(kFreshMin / 2, FreshFor(answer.cache_control, answer.age) / 2);
}

}  // namespace passmint::google_rest
