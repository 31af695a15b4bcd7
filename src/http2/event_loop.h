#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"

namespace passmint::http2 {

// One thread that waits for sockets, timers and tasks (epoll), and runs what they call. All signals
// are blocked on it, so a peer that hangs up cannot end the process with SIGPIPE.
class EventLoop {
 public:
  using Clock = std::chrono::steady_clock;
  using Task = std::function<void()>;

  // Told when its descriptor is ready; on the loop's thread.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    virtual void OnReady() = 0;
  };

  enum class Interest { kRead, kWrite, kReadAndWrite };

  // An instant and a number that tells equal instants apart.
  using TimerId = std::pair<Clock::time_point, std::uint64_t>;

  // Fails with kUnavailable when the process has no descriptors or threads left.
  static Result<std::unique_ptr<EventLoop>> Start();

  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop();

  // Runs `task` on the loop's thread, soon, in the order of the calls. From any thread. A task that
  // has not begun when the loop stops is dropped.
  void Post(Task task);

  // Ends the thread after what it is doing now. From any other thread; may be called twice. From
  // then on the calling thread counts as the loop's, so that what lives on it can be taken down.
  void Stop();

  // All below: on the loop's thread only, or after Stop.

  // Level-triggered. `watcher` must live until Forget. Fails with kUnavailable.
  Status Watch(int descriptor, Interest interest, Watcher& watcher);
  void SetInterest(int descriptor, Interest interest);
  // Nothing is told to the watcher any more, not even what has happened already. Before the
  // descriptor is closed.
  void Forget(int descriptor);

  TimerId At(Clock::time_point when, Task task);
  void Cancel(const TimerId& timer);

 private:
  struct Watched {
    Watcher* watcher;
    std::uint32_t generation;  // Tells a descriptor from an earlier one of the same number.
  };

  EventLoop(int epoll, int wakeup);

  void Run();
  void Wake() const;
  void RunTasks();
  void RunTimers();
  int WaitMillis() const;
  void Dispatch(std::uint64_t key);

  const int epoll_;
  const int wakeup_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::vector<Task> tasks_;  // Guarded by mutex_.
  std::unordered_map<int, Watched> watched_;
  std::uint32_t generation_ = 0;
  std::map<TimerId, Task> timers_;
  std::uint64_t timer_number_ = 0;
  std::thread thread_;
};

}  // namespace passmint::http2
