#include "http2/dial.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace passmint::http2 {
namespace {

using Addresses = std::vector<SocketAddress>;

constexpr std::size_t kAddressesMax = 16;

Error Unavailable(std::string message) {
  return {.code = ErrorCode::kUnavailable, .message = std::move(message)};
}

Result<Addresses> LookUp(const std::string& host, const std::string& port, int flags) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (failed != 0) return Unavailable(fmt::format("look up {}: {}", host, gai_strerror(failed)));
  Addresses addresses;
  for (const addrinfo* entry = found; entry != nullptr && addresses.size() < kAddressesMax;
       entry = entry->ai_next) {
    addresses.push_back({std::string(reinterpret_cast<const char*>(entry->ai_addr),
                                     static_cast<std::size_t>(entry->ai_addrlen))});
  }
  freeaddrinfo(found);
  return addresses;
}

Error ConnectFailure(int error) {
  return Unavailable("connect: " + std::generic_category().message(error));
}

}  // namespace

int SocketAddress::family() const {
  return reinterpret_cast<const sockaddr*>(bytes.data())->sa_family;
}

std::optional<SocketAddress> ParseAddress(const std::string& host, const std::string& port) {
  if (host.empty() || port.empty()) return std::nullopt;
  auto addresses = LookUp(host, port, AI_NUMERICHOST | AI_NUMERICSERV);
  if (!addresses.ok() || addresses.value().empty()) return std::nullopt;
  return addresses.value().front();
}

// One address: connects, or fails, or is too slow.
class Dial::Attempt final : private EventLoop::Watcher {
 public:
  Attempt(Dial& dial, int socket) : dial_(dial), socket_(socket) {
    timer_ = dial_.loop_.At(EventLoop::Clock::now() + dial_.target_.address_time_max,
                            [this] { Report(ETIMEDOUT); });
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  ~Attempt() override {
    dial_.loop_.Cancel(timer_);
    if (socket_ < 0) return;
    dial_.loop_.Forget(socket_);
    ::close(socket_);
  }

  Status Start() { return dial_.loop_.Watch(socket_, EventLoop::Interest::kWrite, *this); }

 private:
  void OnReady() override {
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    Report(error);
  }

  // Ends this object.
  void Report(int error) {
    if (error != 0) return dial_.OnAttempt(ConnectFailure(error));
    dial_.loop_.Forget(socket_);
    dial_.OnAttempt(std::exchange(socket_, -1));
  }

  Dial& dial_;
  int socket_;
  EventLoop::TimerId timer_;
};

// How the look-up's thread finds its way back, if there is still somebody.
struct Dial::Mailbox {
  std::mutex mutex;
  Dial* dial = nullptr;  // Null when it has gone. Guarded by mutex.
};

Dial::Dial(EventLoop& loop, Target target, Done done)
    : loop_(loop),
      target_(std::move(target)),
      done_(std::move(done)),
      mailbox_(std::make_shared<Mailbox>()) {
  mailbox_->dial = this;
  const auto deliver = [mailbox = mailbox_](Result<Addresses> found) {
    const std::lock_guard lock(mailbox->mutex);
    if (mailbox->dial == nullptr) return;
    mailbox->dial->loop_.Post([mailbox, found = std::move(found)]() mutable {
      // No lock: the object goes on this thread only.
      if (mailbox->dial != nullptr) mailbox->dial->OnResolved(std::move(found));
    });
  };
  if (auto address = ParseAddress(target_.host, target_.port)) {
    deliver(Addresses{*std::move(address)});
    return;
  }
  try {
    std::thread([deliver, host = target_.host, port = target_.port] {
      sigset_t all;
      sigfillset(&all);
      pthread_sigmask(SIG_SETMASK, &all, nullptr);
      deliver(LookUp(host, port, AI_ADDRCONFIG | AI_NUMERICSERV));
    }).detach();
  } catch (const std::system_error& failure) {
    deliver(Unavailable(fmt::format("start a thread: {}", failure.what())));
  }
}

Dial::~Dial() {
  const std::lock_guard lock(mailbox_->mutex);
  mailbox_->dial = nullptr;
}

void Dial::OnResolved(Result<Addresses> addresses) {
  if (!addresses.ok()) return Finish(std::move(addresses).error());
  addresses_ = std::move(addresses).value();
  TryNext();
}

void Dial::TryNext() {
  attempt_.reset();
  if (next_ == addresses_.size()) return Finish(Unavailable(last_failure_));
  const SocketAddress& address = addresses_[next_++];
  const int socket = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return OnAttempt(ConnectFailure(errno));
  const int on = 1;
  // Pushes are small and wait for nothing.
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  attempt_ = std::make_unique<Attempt>(*this, socket);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(address.bytes.data()),
                static_cast<socklen_t>(address.bytes.size())) != 0 &&
      errno != EINPROGRESS) {
    return OnAttempt(ConnectFailure(errno));
  }
  if (Status started = attempt_->Start(); !started.ok()) OnAttempt(std::move(started).error());
}

void Dial::OnAttempt(Result<int> socket) {
  attempt_.reset();
  if (socket.ok()) return Finish(std::move(socket));
  last_failure_ = socket.error().message;
  TryNext();
}

void Dial::Finish(Result<int> socket) {
  const Done done = std::move(done_);
  done(std::move(socket));
}

}  // namespace passmint::http2
