#include "issuance/referral_tables.h"

namespace passmint::issuance {

std::string_view ToText(ReferralSide side) {
  return side == ReferralSide::kFriend ? "friend" : "promoter";
}

std::optional<ReferralSide> ReferralSideFrom(std::string_view text) {
  for (const ReferralSide side : {ReferralSide::kFriend, ReferralSide::kPromoter}) {
    if (ToText(side) == text) return side;
  }
  return std::nullopt;
}

std::string_view ToText(RewardState state) {
  switch (state) {
    case RewardState::kWaiting:
      return "waiting";
    case RewardState::kGiven:
      return "given";
    case RewardState::kRefused:
      return "refused";
    case RewardState::kReversed:
      return "reversed";
  }
  return "";
}

std::optional<RewardState> RewardStateFrom(std::string_view text) {
  for (const RewardState state : {RewardState::kWaiting, RewardState::kGiven, RewardState::kRefused,
                                  RewardState::kReversed}) {
    if (ToText(state) == text) return state;
  }
  return std::nullopt;
}

}  // namespace passmint::issuance
