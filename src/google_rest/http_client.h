#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace passmint::google_rest {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers = {};  // "Name: value".
  std::string body = {};                  // Empty: none is sent.
  std::chrono::milliseconds time{0};      // For all of it, from the name to the last byte.
  std::size_t answer_bytes_max = 0;       // After decompression.
};

struct HttpAnswer {
  int status = 0;                                             // 0: there was none, see `failure`.
  std::string content_type, retry_after, cache_control, age;  // Headers; may be empty.
  std::string body;
  // "Timeout", "ConnectFailed", "ConnectionLost", "AnswerTooLarge", "Stopping", and for the
  // operator what the library says of it.
  std::string failure = {}, detail = {};
};

// HTTP/1.1 requests over TLS with connections that stay open between them; each call blocks its
// caller. HTTP/1.1, because libcurl 7.88 resets most completed HTTP/2 POSTs, which servers take for
// an attack. Redirects are not followed. Safe for concurrent calls.
class HttpClient {
 public:
  // `ca_file`: PEM, trusted beside the system's; empty for none.
  explicit HttpClient(std::string ca_file);
  // Makes calls that still run fail within a second and waits for nobody: REQUIRES that none runs
  // after Stop's callers have returned.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  HttpAnswer Send(const HttpRequest& request);

  // From now on calls fail with "Stopping", those that run too.
  void Stop() { stopping_ = true; }

 private:
  class Handle;

  std::unique_ptr<Handle> Take();
  void GiveBack(std::unique_ptr<Handle> handle);

  const std::string ca_file_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // Guards idle_.
  std::vector<std::unique_ptr<Handle>> idle_;
};

}  // namespace passmint::google_rest
