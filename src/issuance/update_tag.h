#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/timestamp.h"

namespace passmint::issuance {

// What phones call lastUpdated: the store's clock in milliseconds when a query began, never below
// what the phone was told before. Where the clock was behind that (somebody set it back), both
// stand there, "1795300000000.1795296400000": the first number only grows, the second says since
// when the phone does not know of changes. Only [0-9.], since phones do not escape it.
class UpdateTag {
 public:
  // Nothing if it is none of ours.
  static std::optional<UpdateTag> Parse(std::string_view text);

  // The tag of an answer at `now` to a phone that was told `earlier`.
  static UpdateTag At(Timestamp now, const std::optional<UpdateTag>& earlier);

  // What the clock said.
  Timestamp clock() const;

  std::string ToText() const;

 private:
  UpdateTag(std::int64_t shown, std::int64_t clock) : shown_(shown), clock_(clock) {}

  std::int64_t shown_;  // Milliseconds since 1970.
  std::int64_t clock_;
};

}  // namespace passmint::issuance
