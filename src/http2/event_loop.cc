#include "http2/event_loop.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace passmint::http2 {
namespace {

constexpr int kEventsMax = 64;           // At once; the rest is told by the next call.
constexpr std::uint64_t kWakeupKey = 0;  // Generations of descriptors begin with 1.

Error SystemFailure(std::string_view doing) {
  return {.code = ErrorCode::kUnavailable,
          .message = fmt::format("{}: {}", doing, std::generic_category().message(errno))};
}

std::uint32_t EventsOf(EventLoop::Interest interest) {
  switch (interest) {
    case EventLoop::Interest::kRead:
      return EPOLLIN;
    case EventLoop::Interest::kWrite:
      return EPOLLOUT;
    case EventLoop::Interest::kReadAndWrite:
      return EPOLLIN | EPOLLOUT;
  }
  return EPOLLIN;
}

std::uint64_t KeyOf(int descriptor, std::uint32_t generation) {
  return (static_cast<std::uint64_t>(generation) << 32) | static_cast<std::uint32_t>(descriptor);
}

// The mask is inherited by a thread that is started under it.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

Result<std::unique_ptr<EventLoop>> EventLoop::Start() {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) return SystemFailure("wait for sockets");
  const int wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wakeup < 0) {
    const Error error = SystemFailure("wait for sockets");
    ::close(epoll);
    return error;
  }
  std::unique_ptr<EventLoop> loop(new EventLoop(epoll, wakeup));
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.u64 = kWakeupKey;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, wakeup, &event) != 0) {
    return SystemFailure("wait for sockets");
  }
  const BlockedSignals blocked;
  try {
    loop->thread_ = std::thread([raw = loop.get()] { raw->Run(); });
  } catch (const std::system_error& failure) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = fmt::format("start a thread: {}", failure.what())};
  }
  return loop;
}

EventLoop::EventLoop(int epoll, int wakeup) : epoll_(epoll), wakeup_(wakeup) {}

EventLoop::~EventLoop() {
  Stop();
  ::close(wakeup_);
  ::close(epoll_);
}

void EventLoop::Post(Task task) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    is_first = tasks_.empty();
    tasks_.push_back(std::move(task));
  }
  if (is_first) Wake();
}

void EventLoop::Stop() {
  stopping_ = true;
  Wake();
  if (thread_.joinable()) thread_.join();
}

Status EventLoop::Watch(int descriptor, Interest interest, Watcher& watcher) {
  const std::uint32_t generation = ++generation_ == 0 ? ++generation_ : generation_;
  epoll_event event = {};
  event.events = EventsOf(interest);
  event.data.u64 = KeyOf(descriptor, generation);
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    return SystemFailure("wait for a socket");
  }
  watched_[descriptor] = {&watcher, generation};
  return {};
}

void EventLoop::SetInterest(int descriptor, Interest interest) {
  const auto found = watched_.find(descriptor);
  if (found == watched_.end()) return;
  epoll_event event = {};
  event.events = EventsOf(interest);
  event.data.u64 = KeyOf(descriptor, found->second.generation);
  // Cannot fail for a descriptor that is watched.
  (void)epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event);
}

void EventLoop::Forget(int descriptor) {
  if (watched_.erase(descriptor) == 0) return;
  (void)epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

EventLoop::TimerId EventLoop::At(Clock::time_point when, Task task) {
  const TimerId id(when, ++timer_number_);
  timers_.emplace(id, std::move(task));
  return id;
}

void EventLoop::Cancel(const TimerId& timer) { timers_.erase(timer); }

void EventLoop::Run() {
  std::array<epoll_event, kEventsMax> events = {};
  while (!stopping_) {
    const int count = epoll_wait(epoll_, events.data(), kEventsMax, WaitMillis());
    for (int i = 0; i < count && !stopping_; ++i) {
      Dispatch(events[static_cast<std::size_t>(i)].data.u64);
    }
    RunTimers();
    RunTasks();
  }
}

void EventLoop::Wake() const {
  const std::uint64_t one = 1;
  // Fails only if the counter is full, and then the thread is woken already.
  (void)!::write(wakeup_, &one, sizeof one);
}

void EventLoop::Dispatch(std::uint64_t key) {
  if (key == kWakeupKey) {
    std::uint64_t count = 0;
    (void)!::read(wakeup_, &count, sizeof count);
    return;
  }
  const auto found = watched_.find(static_cast<int>(key & 0xffff'ffffU));
  if (found == watched_.end() || found->second.generation != key >> 32) return;
  found->second.watcher->OnReady();
}

void EventLoop::RunTasks() {
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  for (Task& task : tasks) {
    if (stopping_) return;
    task();
    task = nullptr;  // What it holds goes now, not after all the others.
  }
}

void EventLoop::RunTimers() {
  const Clock::time_point now = Clock::now();
  while (!stopping_ && !timers_.empty() && timers_.begin()->first.first <= now) {
    const Task task = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    task();
  }
}

// Rounded up: a timer must not be found not yet due, again and again.
int EventLoop::WaitMillis() const {
  if (timers_.empty()) return -1;
  const auto left = timers_.begin()->first.first - Clock::now();
  const auto millis = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return static_cast<int>(std::clamp<std::int64_t>(millis, 0, 60'000));
}

}  // namespace passmint::http2
