#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "google/callback.h"
#include "google_rest/http_client.h"

namespace passmint::google_rest {

// How long an answer may be kept: max-age less Age, or nothing if there is no max-age; at least a
// minute, at most a day.
std::chrono::seconds FreshFor(std::string_view cache_control, std::string_view age);

// Google's root keys, fetched at the start and again at half of their life, whatever messages come:
// who sends forged ones makes us ask for nothing.
class RestRootKeys final : public google::RootKeySource {
 public:
  // `on_trouble` hears of each fetch that failed, on a thread of ours; it may be empty.
  // REQUIRES: `http` and `clock` outlive it.
  RestRootKeys(std::string url, HttpClient& http, const Clock& clock,
               std::function<void(const Error&)> on_trouble);
  // Gives up a fetch that runs if HttpClient::Stop was called, else waits for it.
  ~RestRootKeys() override;

  std::vector<google::RootKey> Keys() const override;

 private:
  void Run(const std::stop_token& stop);
  std::chrono::seconds FetchAndWait(std::chrono::seconds pause);

  const std::string url_;
  HttpClient& http_;
  const Clock& clock_;
  const std::function<void(const Error&)> on_trouble_;
  mutable std::mutex mutex_;  // Guards keys_.
  std::vector<google::RootKey> keys_;
  std::mutex waiting_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  // Last: it uses everything above.
};

}  // namespace passmint::google_rest
