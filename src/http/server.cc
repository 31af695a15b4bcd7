#include "http/server.h"

#include <httplib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "http/internal/connection.h"
#include "http/internal/screening.h"
#include "http/problem.h"

namespace passmint::http {
namespace {

using internal::Connection;
using internal::Refusal;

// The library's own backlog of 5 makes a busy proxy wait a second for each lost SYN.
constexpr int kBacklog = 1024;
// Requests on one connection; each proxy connection is used for as long as both sides like.
constexpr int kRequestsPerConnection = 100'000;

struct Address {
  bool is_unix = false;
  std::string host;  // Or the socket's path.
  int port = 0;
};

Error BadAddress(const std::string& text) {
  return {
      .code = ErrorCode::kInvalidArgument,
      .message = "cannot listen on \"" + text + "\"",
      .hint =
          "write an address such as 127.0.0.1:8080, [::1]:8080 or unix:/run/passmint/http.sock"};
}

Result<Address> ParseAddress(const std::string& text) {
  if (text.starts_with("unix:")) return Address{true, text.substr(5), 0};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return BadAddress(text);
  Address address{false, text.substr(0, colon), 0};
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  const char* begin = text.data() + colon + 1;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(begin, end, address.port);
  if (error != std::errc() || rest != end || address.port < 0 || address.port > 65535) {
    return BadAddress(text);
  }
  return address;
}

Headers CopyHeaders(const httplib::Headers& from) {
  Headers to;
  for (const auto& [name, value] : from) to.Add(name, value);
  return to;
}

// What the thread that serves a connection knows about its request beside the library's own
// objects.
struct Serving {
  std::optional<Refusal> refusal;
  Headers headers;
  bool answered = false;  // By the handler, whose answer is final even if it has no body.
};
thread_local Serving* serving = nullptr;

// The library's server with our loop around its request parser.
class Engine final : public httplib::Server {
 public:
  Engine(const ServerOptions& options, const passmint::http::Server::Handler& handler)
      : options_(options), handler_(handler) {
    new_task_queue = [this] {
      return new httplib::ThreadPool(static_cast<std::size_t>(options_.threads));
    };
    set_tcp_nodelay(true);
    // What the library says in its Keep-Alive header; the loop below is what counts.
    set_keep_alive_max_count(kRequestsPerConnection);
    set_keep_alive_timeout(
        std::chrono::ceil<std::chrono::seconds>(options_.keep_alive_time).count());
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      if (serving == nullptr) return HandlerResponse::Unhandled;
      if (serving->refusal) {
        Fill(ProblemResponse(serving->refusal->status, serving->refusal->reason,
                             serving->refusal->message),
             response);
        return HandlerResponse::Handled;
      }
      // These have no body to read first, and std::regex takes longer for a path of 90 characters
      // than all the rest.
      if (request.method != "GET" && request.method != "HEAD") return HandlerResponse::Unhandled;
      Answer(request, response);
      return HandlerResponse::Handled;
    });
    const auto answer = [this](const httplib::Request& request, httplib::Response& response) {
      Answer(request, response);
    };
    Post(".*", answer).Put(".*", answer).Patch(".*", answer);
    Delete(".*", answer).Options(".*", answer);
    set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (!response.body.empty() || (serving != nullptr && serving->answered)) return;
      const bool large = response.status == 413;
      Fill(ProblemResponse(response.status, large ? "payload_too_large" : "malformed_request",
                           large ? "the body is too large" : "the request cannot be read"),
           response);
    });
  }

  void StopServing() {
    stopping_ = true;
    stop();
  }

 private:
  static void Fill(Response from, httplib::Response& to) {
    to.status = from.status;
    for (const auto& [name, value] : from.headers.fields()) to.set_header(name.c_str(), value);
    if (from.content_type.empty()) return;
    to.body = std::move(from.body);  // A pass is large, and set_content would copy it.
    to.set_header("Content-Type", from.content_type);
  }

  void Answer(const httplib::Request& from, httplib::Response& to) const {
    Request request{.method = from.method,
                    .target = from.target,
                    .client_address = {},
                    .headers = std::move(serving->headers),
                    .body = from.body};
    request.client_address =
        internal::ClientAddress(from.remote_addr, request.headers, options_.trusted_proxies);
    Fill(handler_(request), to);
    serving->answered = true;
    if (from.method == "HEAD") to.set_header("Accept-Ranges", "none");  // Else it says "bytes".
  }

  // Between the headers and the body of a request.
  void Prepare(httplib::Request& request, Connection& connection, Serving& state) const {
    state.headers = CopyHeaders(request.headers);
    const std::string_view target = request.target;
    const std::size_t body_max =
        options_.body_bytes_max
            ? options_.body_bytes_max(request.method, target.substr(0, target.find('?')),
                                      state.headers)
            : 0;
    state.refusal =
        internal::Screen(request.method, state.headers, body_max, options_.takes_multipart_mixed);
    // Without a length the library would read until the peer closes: there is no body (RFC 9112
    // section 6.3, item 7).
    if (!state.headers.Has("Content-Length") && !state.headers.Has("Transfer-Encoding")) {
      request.headers.emplace("Content-Length", "0");
    }
    request.ranges.clear();
    request.headers.erase("Range");
    request.headers.erase("Accept-Encoding");
    // A chunked body has a few bytes of framing a chunk; twice the limit is enough for honest
    // chunks.
    const std::size_t framing = state.headers.Has("Transfer-Encoding") ? body_max + 4096 : 0;
    connection.Allow(body_max + framing, Connection::Clock::now() + options_.body_time_max);
  }

  // One request. True if the connection can take another.
  bool ServeOne(Connection& connection, bool last) {
    Serving state;
    serving = &state;
    connection.Allow(options_.header_bytes_max,
                     Connection::Clock::now() + options_.header_time_max);
    bool closed = false;
    const bool served =
        process_request(connection, last || stopping_, closed,
                        [&](httplib::Request& request) { Prepare(request, connection, state); });
    serving = nullptr;
    const bool flushed = connection.Flush();
    const bool reusable =
        served && flushed && !closed && !last && !state.refusal && !connection.read_failed();
    if (!reusable && flushed) connection.Linger();
    return reusable;
  }

  bool process_and_close_socket(socket_t socket) override {
    Connection connection(socket, stopping_);
    connection.SetWriteTime(options_.write_time_max);
    for (int i = 1; connection.AwaitRequest(options_.keep_alive_time); ++i) {
      if (!ServeOne(connection, i == kRequestsPerConnection)) break;
    }
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
    return true;
  }

  const ServerOptions& options_;
  const passmint::http::Server::Handler& handler_;
  std::atomic<bool> stopping_ = false;
};

class LibraryServer final : public Server {
 public:
  LibraryServer(ServerOptions options, Handler handler)
      : options_(std::move(options)), handler_(std::move(handler)), engine_(options_, handler_) {}

  ~LibraryServer() override { LibraryServer::Stop(); }

  Status Listen() {
    auto parsed = ParseAddress(options_.listen);
    if (!parsed.ok()) return std::move(parsed).error();
    address_ = std::move(parsed).value();
    int descriptor = -1;
    engine_.set_socket_options([&](socket_t socket) {
      descriptor = socket;
      const int on = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    });
    if (!Bind()) return CannotListen();
    if (::listen(descriptor, kBacklog) != 0) return CannotListen();
    thread_ = std::thread([this] { engine_.listen_after_bind(); });
    while (!engine_.is_running()) std::this_thread::yield();
    return {};
  }

  int port() const override { return address_.port; }

  void Stop() override {
    engine_.StopServing();
    if (thread_.joinable()) thread_.join();
    if (address_.is_unix && !address_.host.empty()) ::unlink(address_.host.c_str());
    address_.host.clear();
  }

 private:
  bool Bind() {
    if (address_.is_unix) {
      // A socket that a killed process left behind; anything else there is not ours to remove.
      struct stat left {};
      if (::stat(address_.host.c_str(), &left) == 0) {
        if (!S_ISSOCK(left.st_mode)) {
          errno = EEXIST;
          return false;
        }
        ::unlink(address_.host.c_str());
      }
      engine_.set_address_family(AF_UNIX);
      if (!engine_.bind_to_port(address_.host, 1)) return false;
      // The proxy's group may connect, nobody else.
      return ::chmod(address_.host.c_str(), 0660) == 0;
    }
    if (address_.port != 0) return engine_.bind_to_port(address_.host, address_.port);
    address_.port = engine_.bind_to_any_port(address_.host);
    return address_.port > 0;
  }

  Error CannotListen() {
    const int reason = errno;
    address_.host.clear();
    return {.code = ErrorCode::kUnavailable,
            .message = "cannot listen on " + options_.listen + ": " +
                       std::generic_category().message(reason),
            .hint = "is another process listening there? (ss -ltnp)"};
  }

  const ServerOptions options_;
  const Handler handler_;
  Engine engine_;
  Address address_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, Handler handler) {
  auto server = std::make_unique<LibraryServer>(std::move(options), std::move(handler));
  if (Status listening = server->Listen(); !listening.ok()) return std::move(listening).error();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace passmint::http
