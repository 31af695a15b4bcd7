#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace passmint::crypto {

namespace internal {
struct DigestContext;
}

// SHA-256 (FIPS 180-4) of what does not fit into memory. For one thread; never fails (digest.h).
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;

  void Add(std::string_view bytes);
  // 32 raw bytes, over everything so far. Call it once, at the end.
  std::string Finish();

 private:
  std::unique_ptr<internal::DigestContext> context_;
};

}  // namespace passmint::crypto
