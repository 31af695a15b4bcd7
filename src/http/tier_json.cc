#include "http/tier_json.h"

#include <utility>

namespace passmint::http {
namespace {

using programme::Tiers;

const char* MissingName(Tiers::Metric metric) {
  switch (metric) {
    case Tiers::Metric::kNetSpend:
      return "missing_minor";
    case Tiers::Metric::kPoints:
      return "missing_points";
    case Tiers::Metric::kOrders:
      return "missing_orders";
  }
  return "";
}

}  // namespace

Json TierJson(const std::optional<issuance::MemberTier>& tier) {
  if (!tier) return nullptr;
  Json next;
  if (tier->next) {
    next = {{"name", tier->next->name}, {MissingName(tier->metric), tier->next->missing}};
  }
  return {{"name", tier->name}, {"next", std::move(next)}};
}

Json TierJson(const Call& call, issuance::Transaction& transaction, const MemberId& member) {
  if (member.str().empty()) return nullptr;
  const auto tier = issuance::TierOf(transaction, call.programme, member);
  return tier.ok() ? TierJson(tier.value()) : Json(nullptr);
}

}  // namespace passmint::http
