#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "http2/event_loop.h"

namespace passmint::http2 {

// An IP address with a port, as the kernel wants it.
struct SocketAddress {
  std::string bytes;  // A sockaddr_in or sockaddr_in6.
  int family() const;
};

// "127.0.0.1" and "2197", "::1" and "0": numbers only, nothing is looked up.
std::optional<SocketAddress> ParseAddress(const std::string& host, const std::string& port);

// Looks a name up and connects to the first of its addresses that answers. Lives on one loop's
// thread.
class Dial {
 public:
  struct Target {
    std::string host;  // A DNS name or an IP address without brackets.
    std::string port;
    std::chrono::milliseconds address_time_max{5'000};  // For each address to answer.
  };
  // A non-blocking connected socket that the callee owns, or kUnavailable with what went wrong.
  // Called once, never from within the constructor.
  using Done = std::function<void(Result<int>)>;

  // `loop` must outlive it. Names are looked up on a thread of their own, because the system has no
  // other way that obeys its settings; it may live on after this object, and then tells nobody.
  Dial(EventLoop& loop, Target target, Done done);

  Dial(const Dial&) = delete;
  Dial& operator=(const Dial&) = delete;
  // Gives up, with no callback. May happen within Done.
  ~Dial();

 private:
  class Attempt;
  struct Mailbox;

  void OnResolved(Result<std::vector<SocketAddress>> addresses);
  void TryNext();
  void OnAttempt(Result<int> socket);
  void Finish(Result<int> socket);

  EventLoop& loop_;
  const Target target_;
  Done done_;
  std::shared_ptr<Mailbox> mailbox_;
  std::vector<SocketAddress> addresses_;
  std::size_t next_ = 0;
  std::string last_failure_;
  std::unique_ptr<Attempt> attempt_;
};

}  // namespace passmint::http2
