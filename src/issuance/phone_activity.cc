#include "issuance/phone_activity.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "crypto/token.h"
#include "issuance/phone_log.h"

namespace passmint::issuance {
namespace {

// Facts of one write: it shall not hold the store's only writer for long.
constexpr std::size_t kBatch = 500;
constexpr std::chrono::minutes kSweepEvery{10};

std::string Key(const ProgrammeId& programme, std::string_view id) {
  std::string key = programme.str();
  key += '\0';
  key += id;
  return key;
}

// The facts in the order of their keys, so that processes which write the same rows cannot wait for
// each other in a circle.
template <class Fact>
std::vector<Fact> Sorted(std::unordered_map<std::string, Fact> facts) {
  std::map<std::string, Fact> by_key;
  for (auto& [key, fact] : facts) by_key.emplace(key, std::move(fact));
  std::vector<Fact> sorted;
  sorted.reserve(by_key.size());
  for (auto& [key, fact] : by_key) sorted.push_back(std::move(fact));
  return sorted;
}

// Runs `put` on every fact, some hundred a transaction.
template <class Fact, class Put>
Status WriteAll(Store& store, const std::vector<Fact>& facts, const Put& put) {
  std::span<const Fact> left(facts);
  while (!left.empty()) {
    const std::span<const Fact> batch = left.first(std::min(kBatch, left.size()));
    left = left.subspan(batch.size());
    Status written = store.Write([&](Transaction& transaction) -> Status {
      for (const Fact& fact : batch) {
        if (Status done = put(transaction, fact); !done.ok()) return done;
      }
      return {};
    });
    if (!written.ok()) return written;
  }
  return {};
}

// The programme of a pass type; empty if there is none.
ProgrammeId ProgrammeOf(const Site& site, const PassTypeIdentifier& pass_type) {
  for (const auto& [id, programme] : site.programmes) {
    const bool same =
        programme.apple != nullptr && programme.apple->identity().pass_type() == pass_type;
    if (same) return id;
  }
  return {};
}

}  // namespace

void PhoneActivity::Listed(const ProgrammeId& programme, const DeviceLibraryIdentifier& device,
                           Timestamp at) {
  std::string key = Key(programme, device.str());
  const std::lock_guard lock(mutex_);
  if (listings_.size() >= kPhoneFactsMax) return;
  listings_.insert_or_assign(std::move(key), Listing{programme, device, at});
}

void PhoneActivity::Fetched(const ProgrammeId& programme, const std::string& card,
                            const PassFetch& fetch) {
  std::string key = Key(programme, card);
  const std::lock_guard lock(mutex_);
  if (fetches_.size() >= kPhoneFactsMax) return;
  fetches_.insert_or_assign(std::move(key), Fetch{programme, card, fetch});
}

void PhoneActivity::Logged(std::string body, Timestamp at) {
  const std::lock_guard lock(mutex_);
  if (log_bytes_ + body.size() > kPhoneLogBytesMax) {
    ++dropped_;
    return;
  }
  log_bytes_ += body.size();
  logs_.push_back({std::move(body), at});
}

void PhoneActivity::CountDropped() { CountDropped(1); }

void PhoneActivity::CountDropped(std::size_t count) {
  const std::lock_guard lock(mutex_);
  dropped_ += count;
}

std::uint64_t PhoneActivity::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

Status PhoneActivity::Flush(Store& store, const Site& site) {
  Listings listings;
  Fetches fetches;
  std::vector<LogBody> logs;
  {
    const std::lock_guard lock(mutex_);
    listings.swap(listings_);
    fetches.swap(fetches_);
    logs.swap(logs_);
    log_bytes_ = 0;
  }
  Status listed = WriteListings(store, std::move(listings));
  Status fetched = WriteFetches(store, std::move(fetches));
  Status logged = WriteLogs(store, site, logs);
  if (!listed.ok()) return listed;
  return fetched.ok() ? logged : fetched;
}

Status PhoneActivity::WriteListings(Store& store, Listings listings) {
  const std::vector<Listing> sorted = Sorted(std::move(listings));
  Status written = WriteAll(store, sorted, [](Transaction& transaction, const Listing& listing) {
    return transaction.PutListing(listing.programme, listing.device, listing.at);
  });
  if (written.ok()) return written;
  const std::lock_guard lock(mutex_);
  for (const Listing& listing : sorted) {
    if (listings_.size() >= kPhoneFactsMax) break;
    listings_.try_emplace(Key(listing.programme, listing.device.str()), listing);
  }
  return written;
}

Status PhoneActivity::WriteFetches(Store& store, Fetches fetches) {
  const std::vector<Fetch> sorted = Sorted(std::move(fetches));
  Status written = WriteAll(store, sorted, [](Transaction& transaction, const Fetch& fetch) {
    return transaction.PutFetch(fetch.programme, fetch.card, fetch.fetch);
  });
  if (written.ok()) return written;
  const std::lock_guard lock(mutex_);
  for (const Fetch& fetch : sorted) {
    if (fetches_.size() >= kPhoneFactsMax) break;
    fetches_.try_emplace(Key(fetch.programme, fetch.card), fetch);
  }
  return written;
}

std::vector<PhoneActivity::PlacedLog> PhoneActivity::Place(const Site& site,
                                                           const std::vector<LogBody>& bodies) {
  std::vector<PlacedLog> placed;
  std::size_t dropped = 0;
  for (const LogBody& body : bodies) {
    const Timestamp minute = std::chrono::floor<std::chrono::minutes>(body.at);
    if (minute != minute_) logs_of_minute_ = 0;
    minute_ = minute;
    for (ReadLog& read : ReadLogs(body.body)) {
      if (++logs_of_minute_ > kPhoneLogsPerMinute) {
        ++dropped;
        continue;
      }
      placed.push_back({.programme = ProgrammeOf(site, read.pass_type),
                        .log = {.id = crypto::MakeUuidV7(body.at, *site.random),
                                .logged_at = body.at,
                                .serial = std::move(read.serial),
                                .kind = std::string(Name(read.kind)),
                                .message = std::move(read.message)}});
    }
  }
  CountDropped(dropped);
  return placed;
}

Status PhoneActivity::WriteLogs(Store& store, const Site& site,
                                const std::vector<LogBody>& bodies) {
  if (bodies.empty()) return {};
  const std::vector<PlacedLog> placed = Place(site, bodies);
  Status written = WriteAll(store, placed, [](Transaction& transaction, const PlacedLog& log) {
    return transaction.PutPhoneLog(log.programme, log.log);
  });
  if (!written.ok()) {
    CountDropped(placed.size());
    return written;
  }
  const Timestamp now = bodies.back().at;
  if (now >= swept_at_ && now - swept_at_ < kSweepEvery) return {};
  swept_at_ = now;
  // Ids begin with their milliseconds in hex: RFC 9562 section 5.7.
  constexpr std::size_t kTimeDigits = 12;
  const std::string before =
      crypto::MakeUuidV7(now - kPhoneLogsKeptFor, *site.random).substr(0, kTimeDigits);
  return store.Write([&](Transaction& transaction) -> Status {
    Status swept = transaction.SweepPhoneLogs(ProgrammeId(), before, kPhoneLogsKept);
    for (const auto& [id, programme] : site.programmes) {
      if (!swept.ok()) return swept;
      swept = transaction.SweepPhoneLogs(id, before, kPhoneLogsKept);
    }
    return swept;
  });
}

}  // namespace passmint::issuance
