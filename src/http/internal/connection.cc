#include "http/internal/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace passmint::http::internal {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kReadSize = 16 * 1024;
// A response larger than this is sent in pieces of it.
constexpr std::size_t kWriteBuffer = 256 * 1024;
constexpr milliseconds kSlice{200};
// How much of a refused request is swallowed before the socket is closed over it.
constexpr int kLingerReads = 64;

}  // namespace

Connection::End Connection::Describe(int socket, GetName* get_name) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (get_name(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  int port = 0;
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    port = ntohs(v4.sin_port);
  } else if (address.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    port = ntohs(v6.sin6_port);
  }
  return {.ip = text.data(), .port = port};
}

Connection::Connection(int socket, const std::atomic<bool>& stopping)
    : socket_(socket),
      remote_(Describe(socket, ::getpeername)),
      local_(Describe(socket, ::getsockname)),
      stopping_(stopping) {}

bool Connection::Wait(short events, Clock::time_point deadline) const {
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (left <= milliseconds(0)) return false;
    pollfd entry{.fd = socket_, .events = events, .revents = 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::min(left, kSlice).count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool Connection::AwaitRequest(milliseconds idle_time) {
  if (in_position_ < in_.size()) return true;
  const auto deadline = Clock::now() + idle_time;
  while (!stopping_ && Clock::now() < deadline) {
    if (!Wait(POLLIN, std::min(deadline, Clock::now() + kSlice))) continue;
    deadline_ = deadline;
    return Fill();
  }
  return false;
}

void Connection::Allow(std::size_t bytes, Clock::time_point deadline) {
  budget_ = bytes;
  read_failed_ = false;
  deadline_ = deadline;
}

bool Connection::Fill() {
  in_.resize(kReadSize);
  in_position_ = 0;
  // "100 Continue" may wait here for a peer that waits for it.
  if (!out_.empty() && !Flush()) return false;
  // The deadline counts for peers that always have a byte ready, too.
  while (Clock::now() < deadline_) {
    const ssize_t count = ::recv(socket_, in_.data(), in_.size(), MSG_DONTWAIT);
    if (count > 0) {
      in_.resize(static_cast<std::size_t>(count));
      return true;
    }
    const bool again = count < 0 && (errno == EAGAIN || errno == EINTR);
    if (!again || !Wait(POLLIN, deadline_)) break;
  }
  in_.clear();
  return false;
}

ssize_t Connection::read(char* bytes, std::size_t size) {
  if (size == 0) return 0;
  if (budget_ == 0 || (in_position_ == in_.size() && !Fill())) {
    read_failed_ = true;
    return -1;
  }
  const std::size_t count = std::min({size, in_.size() - in_position_, budget_});
  std::memcpy(bytes, in_.data() + in_position_, count);
  in_position_ += count;
  budget_ -= count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* bytes, std::size_t size) {
  out_.append(bytes, size);
  if (out_.size() >= kWriteBuffer && !Flush()) return -1;
  return static_cast<ssize_t>(size);
}

bool Connection::Flush() {
  const auto deadline = Clock::now() + write_time_;
  std::size_t sent = 0;
  while (sent < out_.size()) {
    const ssize_t count =
        ::send(socket_, out_.data() + sent, out_.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) {
      sent += static_cast<std::size_t>(count);
      continue;
    }
    const bool again = count < 0 && (errno == EAGAIN || errno == EINTR);
    if (!again || !Wait(POLLOUT, deadline)) return false;
  }
  out_.clear();
  return true;
}

void Connection::Linger() {
  ::shutdown(socket_, SHUT_WR);
  std::array<char, kReadSize> rest;
  const auto deadline = Clock::now() + milliseconds(500);
  for (int i = 0; i < kLingerReads && Wait(POLLIN, deadline); ++i) {
    if (::recv(socket_, rest.data(), rest.size(), MSG_DONTWAIT) <= 0) return;
  }
}

bool Connection::is_readable() const {
  return in_position_ < in_.size() || Wait(POLLIN, deadline_);
}

bool Connection::is_writable() const { return Wait(POLLOUT, Clock::now() + write_time_); }

}  // namespace passmint::http::internal
