#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "http2/event_loop.h"

namespace passmint::http2 {

// Accepts TCP connections. Lives on one loop's thread, but for Listen itself, which any thread may
// call before the loop has anything of it to do.
class Listener final : private EventLoop::Watcher {
 public:
  // Gets each accepted socket, non-blocking, and owns it.
  using OnAccept = std::function<void(int socket)>;

  // `address`: "127.0.0.1:2197", "[::1]:0"; port 0 takes any free one. `loop` must outlive it.
  // Fails with kInvalidArgument if that is no address, with kUnavailable if it cannot be had.
  static Result<std::unique_ptr<Listener>> Listen(EventLoop& loop, const std::string& address,
                                                  OnAccept on_accept);

  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() override;

  std::uint16_t port() const { return port_; }

  // On the loop's thread: begins to accept. Fails with kUnavailable.
  Status Start();

 private:
  Listener(EventLoop& loop, int socket, std::uint16_t port, OnAccept on_accept);

  void OnReady() override;

  EventLoop& loop_;
  const int socket_;
  const std::uint16_t port_;
  const OnAccept on_accept_;
};

}  // namespace passmint::http2
