#include "issuance/award_tables.h"

namespace passmint::issuance {

std::string_view ToText(EventState state) {
  switch (state) {
    case EventState::kDone:
      return "done";
    case EventState::kWaiting:
      return "waiting";
    case EventState::kApproved:
      return "approved";
    case EventState::kRejected:
      return "rejected";
  }
  return "done";
}

std::optional<EventState> EventStateFrom(std::string_view text) {
  for (const EventState state :
       {EventState::kDone, EventState::kWaiting, EventState::kApproved, EventState::kRejected}) {
    if (ToText(state) == text) return state;
  }
  return std::nullopt;
}

}  // namespace passmint::issuance
