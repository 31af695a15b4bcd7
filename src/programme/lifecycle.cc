#include "programme/lifecycle.h"

namespace passmint::programme {

Lifecycle LifecycleOf(std::int64_t orders) {
  if (orders <= 0) return Lifecycle::kFirstVisit;
  if (orders == 1) return Lifecycle::kSingle;
  return orders < kRegularOrders ? Lifecycle::kRepeat : Lifecycle::kRegular;
}

std::string_view ToText(Lifecycle lifecycle) {
  switch (lifecycle) {
    case Lifecycle::kFirstVisit:
      return "first_visit";
    case Lifecycle::kSingle:
      return "single";
    case Lifecycle::kRepeat:
      return "repeat";
    case Lifecycle::kRegular:
      return "regular";
  }
  return "";
}

}  // namespace passmint::programme
