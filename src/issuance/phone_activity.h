#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/phone_tables.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// Facts of one kind that are kept until they are written; more at once are a flood.
inline constexpr std::size_t kPhoneFactsMax = 100'000;
inline constexpr std::size_t kPhoneLogBytesMax = 1024 * 1024;
inline constexpr int kPhoneLogsPerMinute = 600;  // Of all phones.
inline constexpr int kPhoneLogsKept = 100'000;   // Of one programme.
inline constexpr std::chrono::hours kPhoneLogsKeptFor{30 * 24};

// What phones did, for the trace: kept in memory and written in batches, so that no request waits
// for the disk. What happened in the last second before a crash is lost, which nobody relies on.
// Of several facts about the same thing the newest stays. Safe for concurrent calls.
class PhoneActivity {
 public:
  // A device asked what has changed.
  void Listed(const ProgrammeId& programme, const DeviceLibraryIdentifier& device, Timestamp at);
  // A pass was fetched.
  void Fetched(const ProgrammeId& programme, const std::string& card, const PassFetch& fetch);
  // A phone sent the body of a log request, unread. Dropped while too much waits.
  void Logged(std::string body, Timestamp at);
  // A log request was refused for its rate or size.
  void CountDropped();

  // Writes what was collected. For one thread at a time. What could not be written because the
  // store does not answer waits for the next time. Fails as Store::Write.
  Status Flush(Store& store, const Site& site);

  // Log requests and messages that were dropped so far.
  std::uint64_t dropped() const;

 private:
  struct Listing {
    ProgrammeId programme;
    DeviceLibraryIdentifier device;
    Timestamp at;
  };
  struct Fetch {
    ProgrammeId programme;
    std::string card;
    PassFetch fetch;
  };
  struct LogBody {
    std::string body;
    Timestamp at;
  };
  struct PlacedLog {
    ProgrammeId programme;
    PhoneLog log;
  };
  using Listings = std::unordered_map<std::string, Listing>;
  using Fetches = std::unordered_map<std::string, Fetch>;

  Status WriteListings(Store& store, Listings listings);
  Status WriteFetches(Store& store, Fetches fetches);
  Status WriteLogs(Store& store, const Site& site, const std::vector<LogBody>& bodies);
  std::vector<PlacedLog> Place(const Site& site, const std::vector<LogBody>& bodies);
  void CountDropped(std::size_t count);

  // Of the flushing thread.
  Timestamp minute_{};  // That `logs_of_minute_` counts.
  int logs_of_minute_ = 0;
  Timestamp swept_at_{};

  mutable std::mutex mutex_;  // Guards what follows.
  Listings listings_;
  Fetches fetches_;
  std::vector<LogBody> logs_;
  std::size_t log_bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace passmint::issuance
