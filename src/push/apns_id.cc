#include "push/apns_id.h"

#include "base/bytes.h"

namespace passmint::push {

std::string MakeApnsId(Random& random) {
  std::string bytes = random.Bytes(16);
  // RFC 9562 section 5.4: the version in byte 6, the variant in byte 8.
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string id = ToHex(bytes);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) id.insert(dash, 1, '-');
  return id;
}

}  // namespace passmint::push
