#include "http/client_limits.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>

namespace passmint::http {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr std::uint64_t kIpv4Prefix = 0xFFFF'FFFF'0000'0000;
constexpr std::uint64_t kNoAddress = 0xFFFF'FFFE'0000'0000;

std::uint64_t BigEndian(const unsigned char* bytes, std::size_t count) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < count; ++i) number = (number << 8) | bytes[i];
  return number;
}

bool IsIpv4InIpv6(const std::array<unsigned char, 16>& bytes) {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](unsigned char b) { return b == 0; }) &&
         bytes[10] == 0xFF && bytes[11] == 0xFF;
}

}  // namespace

ClientLimits::Client ClientLimits::ClientOf(std::string_view address) {
  if (address.size() >= INET6_ADDRSTRLEN) return kNoAddress;
  const std::string text(address);
  std::array<unsigned char, 16> bytes{};
  if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
    return kIpv4Prefix | BigEndian(bytes.data(), 4);
  }
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return kNoAddress;
  if (IsIpv4InIpv6(bytes)) return kIpv4Prefix | BigEndian(bytes.data() + 12, 4);
  return BigEndian(bytes.data(), 8);
}

// How far the bucket is from full. Never more than a whole bucket, so that a clock which was set
// back locks nobody out.
microseconds ClientLimits::Missing(Timestamp full_at, Timestamp now) const {
  return std::clamp(full_at - now, microseconds(0), rate_.interval * rate_.burst);
}

seconds ClientLimits::Wait(microseconds missing) const {
  const microseconds excess = missing - rate_.interval * (rate_.burst - 1);
  if (excess <= microseconds(0)) return seconds(0);
  return std::chrono::ceil<seconds>(excess);
}

ClientLimits::Bucket& ClientLimits::Touch(Client client, Timestamp now) {
  const auto known = by_client_.find(client);
  if (known != by_client_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, known->second);
    return buckets_.front();
  }
  if (buckets_.size() >= clients_max_) {
    by_client_.erase(buckets_.back().client);
    buckets_.pop_back();
  }
  buckets_.push_front({client, now});
  by_client_.emplace(client, buckets_.begin());
  return buckets_.front();
}

seconds ClientLimits::Take(std::string_view address) {
  const Client client = ClientOf(address);
  const Timestamp now = clock_.Now();
  const std::lock_guard lock(mutex_);
  Bucket& bucket = Touch(client, now);
  const microseconds missing = Missing(bucket.full_at, now);
  const seconds wait = Wait(missing);
  bucket.full_at = now + missing + (wait == seconds(0) ? rate_.interval : microseconds(0));
  return wait;
}

seconds ClientLimits::WaitFor(std::string_view address) const {
  const Client client = ClientOf(address);
  const Timestamp now = clock_.Now();
  const std::lock_guard lock(mutex_);
  const auto known = by_client_.find(client);
  if (known == by_client_.end()) return seconds(0);
  return Wait(Missing(known->second->full_at, now));
}

std::size_t ClientLimits::clients() const {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

}  // namespace passmint::http
