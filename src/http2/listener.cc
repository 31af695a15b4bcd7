#include "http2/listener.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "http2/dial.h"

namespace passmint::http2 {
namespace {

constexpr int kBacklog = 1024;

Error Refused(const std::string& address) {
  return {
      .code = ErrorCode::kUnavailable,
      .message = fmt::format("listen on {}: {}", address, std::generic_category().message(errno))};
}

std::uint16_t PortOf(int socket) {
  sockaddr_storage bound = {};
  socklen_t size = sizeof bound;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  // The port stands at one place for both families.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
}

Result<int> Bind(const std::string& address, const SocketAddress& to) {
  const int socket = ::socket(to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return Refused(address);
  const int on = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(to.bytes.data()),
             static_cast<socklen_t>(to.bytes.size())) != 0 ||
      ::listen(socket, kBacklog) != 0) {
    const Error error = Refused(address);
    ::close(socket);
    return error;
  }
  return socket;
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::Listen(EventLoop& loop, const std::string& address,
                                                   OnAccept on_accept) {
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  const std::string port = colon == std::string::npos ? "" : address.substr(colon + 1);
  const auto parsed = ParseAddress(host, port);
  if (!parsed) {
    return InvalidInput("bad_address", "", address + " is not like 127.0.0.1:2197 or [::1]:0");
  }
  auto socket = Bind(address, *parsed);
  if (!socket.ok()) return std::move(socket).error();
  return std::unique_ptr<Listener>(
      new Listener(loop, socket.value(), PortOf(socket.value()), std::move(on_accept)));
}

Listener::Listener(EventLoop& loop, int socket, std::uint16_t port, OnAccept on_accept)
    : loop_(loop), socket_(socket), port_(port), on_accept_(std::move(on_accept)) {}

Listener::~Listener() {
  loop_.Forget(socket_);
  ::close(socket_);
}

Status Listener::Start() { return loop_.Watch(socket_, EventLoop::Interest::kRead, *this); }

void Listener::OnReady() {
  for (;;) {
    const int accepted = accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0) return;
    const int on = 1;
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    on_accept_(accepted);
  }
}

}  // namespace passmint::http2
