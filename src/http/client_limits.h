#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/timestamp.h"

namespace passmint::http {

// How often one client may do something: `burst` times at once, then once every `interval`.
struct ClientRate {
  int burst = 1;
  std::chrono::microseconds interval{std::chrono::seconds(1)};
};

// Clients that are remembered, about 100 bytes each. More at once is a flood, not customers.
inline constexpr std::size_t kClientsMax = 100'000;

// A token bucket for each client address. An IPv6 client is its /64, since it can choose the rest
// at will (RFC 6177); an IPv4 address inside IPv6 (::ffff:192.0.2.1) is the IPv4 address. Whatever
// is no address at all shares one bucket. The client that was quiet for longest is forgotten when
// there are too many. Safe for concurrent calls.
class ClientLimits {
 public:
  // REQUIRES: `clock` outlives the limits; rate.burst >= 1, rate.interval > 0, clients_max >= 1.
  ClientLimits(ClientRate rate, const Clock& clock, std::size_t clients_max = kClientsMax)
      : rate_(rate), clock_(clock), clients_max_(clients_max) {}

  // Takes one token. Zero if there was one; else how long until there is, whole seconds, at least
  // one: the Retry-After of the refusal. Being refused costs nothing.
  std::chrono::seconds Take(std::string_view address);

  // The same answer without taking.
  std::chrono::seconds WaitFor(std::string_view address) const;

  std::size_t clients() const;

 private:
  // One 64-bit number is all of a client: an IPv6 prefix, or an IPv4 address below a prefix that no
  // client can have (ff00::/8 is multicast).
  using Client = std::uint64_t;
  struct Bucket {
    Client client;
    Timestamp full_at;  // When all tokens will be back. The generic cell rate algorithm.
  };
  using Buckets = std::list<Bucket>;  // Most recently seen first.

  static Client ClientOf(std::string_view address);
  std::chrono::microseconds Missing(Timestamp full_at, Timestamp now) const;
  std::chrono::seconds Wait(std::chrono::microseconds missing) const;
  Bucket& Touch(Client client, Timestamp now);

  const ClientRate rate_;
  const Clock& clock_;
  const std::size_t clients_max_;
  mutable std::mutex mutex_;  // Guards what follows.
  Buckets buckets_;
  std::unordered_map<Client, Buckets::iterator> by_client_;
};

}  // namespace passmint::http
