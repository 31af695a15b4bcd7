#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace passmint {

// Bytes that must not be printed: no operator<<, no operator==, no str(), and copies only by name,
// so that a search for Clone and RevealForSerialization lists every place where a secret multiplies
// or leaves its type. The bytes are overwritten on destruction (best effort: moved-from small
// strings too).
class Secret {
 public:
  explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.Wipe(); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      Wipe();
      bytes_ = std::move(other.bytes_);
      other.Wipe();
    }
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { Wipe(); }

  // Takes the same time wherever the first difference is, so that a caller over the network can't
  // guess the secret one byte at a time. The length is not hidden; our tokens all have one length.
  bool Matches(std::string_view candidate) const {
    if (candidate.size() != bytes_.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      difference |= static_cast<unsigned>(static_cast<unsigned char>(bytes_[i]) ^
                                          static_cast<unsigned char>(candidate[i]));
    }
    return difference == 0;
  }

  bool empty() const { return bytes_.empty(); }
  Secret Clone() const { return Secret(bytes_); }

  const std::string& RevealForSerialization() const { return bytes_; }

 private:
  void Wipe() noexcept {
    volatile char* byte = bytes_.data();
    for (std::size_t i = 0; i < bytes_.size(); ++i) byte[i] = 0;
    bytes_.clear();
  }

  std::string bytes_;
};

}  // namespace passmint
