#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace passmint::simulate {

// Who has something to do, and from when on. Safe for concurrent calls.
class WakeQueue {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void Add(std::size_t who, Time when) {
    {
      const std::lock_guard lock(mutex_);
      queue_.emplace(when, who);
    }
    changed_.notify_one();
  }

  // Waits for the next one whose time has come. Nothing once closed.
  std::optional<std::size_t> Next() {
    std::unique_lock lock(mutex_);
    while (!closed_) {
      if (queue_.empty()) {
        changed_.wait(lock);
      } else if (const Time due = queue_.top().first; due <= std::chrono::steady_clock::now()) {
        const std::size_t who = queue_.top().second;
        queue_.pop();
        return who;
      } else {
        changed_.wait_until(lock, due);
      }
    }
    return std::nullopt;
  }

  void Close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

 private:
  using Item = std::pair<Time, std::size_t>;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::priority_queue<Item, std::vector<Item>, std::greater<>> queue_;
  bool closed_ = false;
};

}  // namespace passmint::simulate
