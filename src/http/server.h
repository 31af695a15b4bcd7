#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace passmint::http {

// Limits of one listener. All are refusals, not truncations.
struct ServerOptions {
  // "127.0.0.1:8080", "[::1]:8080" (port 0: any free one), or "unix:/run/passmint/http.sock".
  std::string listen;
  // Whose X-Forwarded-For is believed; a UNIX socket's peer always is.
  std::vector<std::string> trusted_proxies;
  // Threads that serve connections. One is busy for as long as its connection is open, so this is
  // also the number of connections served at once; a reverse proxy in front keeps idle ones away.
  int threads = 64;
  std::size_t header_bytes_max = 32 * 1024;           // Request line and all fields.
  std::chrono::milliseconds header_time_max{10'000};  // From the first byte to the empty line.
  std::chrono::milliseconds body_time_max{30'000};
  std::chrono::milliseconds write_time_max{30'000};
  std::chrono::milliseconds keep_alive_time{5'000};
  // Whether multipart/mixed bodies are handed over as they came. Other multipart bodies never are:
  // the library would take multipart/form-data apart.
  bool takes_multipart_mixed = false;
  // How large the body of a request may be, by method, raw path and headers.
  std::function<std::size_t(std::string_view method, std::string_view path, const Headers& headers)>
      body_bytes_max;
};

// An HTTP/1.1 server on loopback or a UNIX socket; production puts nginx or Caddy in front. The
// only place that knows the server library.
//
// What it refuses before a handler runs: Content-Encoding on a request (415: the library would
// inflate beyond any limit), multipart bodies (415), bodies over the limit (413), bodies on GET and
// HEAD, doubled or contradictory lengths (400: request smuggling), headers that are too large or
// too slow (the connection closes). Range and Accept-Encoding are ignored. After a refusal the
// connection closes.
class Server {
 public:
  // Answers one request; called from many threads. Must not throw; HEAD is asked as HEAD, the body
  // of the answer is not sent then.
  using Handler = std::function<Response(const Request&)>;

  // Binds and serves at once, in threads of its own.
  // Fails with kUnavailable and the address if it cannot listen there.
  static Result<std::unique_ptr<Server>> Start(ServerOptions options, Handler handler);

  // Stops accepting, lets requests in flight finish, closes idle connections, joins.
  virtual ~Server() = default;

  // The TCP port; 0 for a UNIX socket.
  virtual int port() const = 0;

  // What the destructor does, now. May be called twice.
  virtual void Stop() = 0;
};

}  // namespace passmint::http
