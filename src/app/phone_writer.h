#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "issuance/phone_activity.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::app {

inline constexpr std::chrono::seconds kPhoneWriterPause{1};

// Writes what phones did to the store about once a second, in a thread of its own, and logs what
// goes wrong with it. Nothing it does fails the service.
class PhoneWriter {
 public:
  // All outlive the writer, and so does what `on_dropped` uses: it is told how many logs were
  // dropped so far whenever that grows, on the writer's thread.
  PhoneWriter(issuance::PhoneActivity& activity, issuance::Store& store, const issuance::Site& site,
              std::function<void(std::uint64_t)> on_dropped);
  // Writes what is left.
  ~PhoneWriter() = default;
  PhoneWriter(const PhoneWriter&) = delete;
  PhoneWriter& operator=(const PhoneWriter&) = delete;

 private:
  void Run(const std::stop_token& stop);
  void Flush();

  issuance::PhoneActivity& activity_;
  issuance::Store& store_;
  const issuance::Site& site_;
  const std::function<void(std::uint64_t)> on_dropped_;
  bool had_trouble_ = false;
  std::uint64_t dropped_ = 0;  // As said last.
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  // Last: it uses everything above.
};

}  // namespace passmint::app
