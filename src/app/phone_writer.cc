#include "app/phone_writer.h"

#include <string>
#include <utility>

#include "app/log.h"

namespace passmint::app {

PhoneWriter::PhoneWriter(issuance::PhoneActivity& activity, issuance::Store& store,
                         const issuance::Site& site, std::function<void(std::uint64_t)> on_dropped)
    : activity_(activity),
      store_(store),
      site_(site),
      on_dropped_(std::move(on_dropped)),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

void PhoneWriter::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      stopped_.wait_for(lock, stop, kPhoneWriterPause, [] { return false; });
    }
    if (!stop.stop_requested()) Flush();
  }
  Flush();  // Whoever adds to it has stopped by now.
}

void PhoneWriter::Flush() {
  const Status written = activity_.Flush(store_, site_);
  const bool trouble = !written.ok();
  if (trouble && !had_trouble_) {
    LogEvent(LogLevel::kError, "phones.trouble", {{"error", written.error().message}});
  }
  had_trouble_ = trouble;
  const std::uint64_t dropped = activity_.dropped();
  const std::uint64_t before = std::exchange(dropped_, dropped);
  if (dropped == before) return;
  on_dropped_(dropped);
  LogEvent(LogLevel::kWarning, "phones.logs_dropped",
           {{"messages", std::to_string(dropped - before)}});
}

}  // namespace passmint::app
