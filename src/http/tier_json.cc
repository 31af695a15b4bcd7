#include "http/tier_json.h"

#include <utility>

#include "http/encode.h"
#include "issuance/member_progress.h"
#include "programme/lifecycle.h"

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
  return {{"name", tier->name},
          {"rate_ppm", tier->ppm},
          {"discount_ppm", tier->discount_ppm},
          {"since", tier->since ? InstantJson(*tier->since) : Json(nullptr)},
          {"next", std::move(next)}};
}

Json TierJson(const Call& call, issuance::Transaction& transaction, const MemberId& member) {
  if (member.str().empty()) return nullptr;
  const auto tier = issuance::TierOf(transaction, call.programme, member);
  return tier.ok() ? TierJson(tier.value()) : Json(nullptr);
}

Json LifecycleJson(const Call& call, issuance::Transaction& transaction, const MemberId& member) {
  const auto progress = issuance::ProgressOf(transaction, call.programme, member);
  if (!progress.ok()) return nullptr;
  return programme::ToText(programme::LifecycleOf(progress.value().orders));
}

}  // namespace passmint::http
