#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace passmint {

// A string with a meaning. Two strings of different meaning neither convert nor compare.
template <class Tag>
class StrongString {
 public:
  StrongString() = default;
  explicit StrongString(std::string value) : value_(std::move(value)) {}

  const std::string& str() const { return value_; }
  bool empty() const { return value_.empty(); }

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads the defaulted operator.
  friend auto operator<=>(const StrongString&, const StrongString&) = default;

 private:
  std::string value_;
};

}  // namespace passmint

template <class Tag>
struct std::hash<passmint::StrongString<Tag>> {
  std::size_t operator()(const passmint::StrongString<Tag>& id) const noexcept {
    return std::hash<std::string>()(id.str());
  }
};
