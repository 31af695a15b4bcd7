#pragma once

#include <cstdint>
#include <string_view>

namespace passmint::programme {

// How far a member has come as a customer, by the orders of which something is left. Nobody sets
// it: a refund of a whole order takes a member back.
enum class Lifecycle {
  kFirstVisit,  // Has a card and bought nothing yet.
  kSingle,      // Bought once.
  kRepeat,      // Twice.
  kRegular,     // More often.
};

inline constexpr std::int64_t kRegularOrders = 3;

Lifecycle LifecycleOf(std::int64_t orders);
std::string_view ToText(Lifecycle lifecycle);

}  // namespace passmint::programme
