#include "issuance/stamp_rounds.h"

#include <algorithm>
#include <utility>

#include "issuance/owner.h"
#include "issuance/rewards.h"
#include "issuance/rule_sets.h"

namespace passmint::issuance {
namespace {

using programme::RuleSet;
using programme::StampCard;

std::int64_t CountOf(const StampCard& card, const PointsSummary& points) {
  const auto found = std::find_if(points.stamps.begin(), points.stamps.end(),
                                  [&card](const auto& one) { return one.card == card.id; });
  return found == points.stamps.end() ? 0 : found->count;
}

void Replace(PointsSummary after, PointsSummary& points) {
  after.earned = points.earned;
  after.spent = points.spent;
  after.explain = std::move(points.explain);
  after.stamps_moved = std::move(points.stamps_moved);
  points = std::move(after);
}

// Cards with a complete round, by the id of their reward: stocks are taken in that order.
std::vector<const StampCard*> Complete(const RuleSet& rules, const PointsSummary& points) {
  std::vector<const StampCard*> complete;
  for (const StampCard& card : rules.stamps) {
    if (!card.reward.empty() && CountOf(card, points) >= card.goal) complete.push_back(&card);
  }
  std::sort(complete.begin(), complete.end(),
            [](const StampCard* a, const StampCard* b) { return a->reward < b->reward; });
  return complete;
}

}  // namespace

Result<std::vector<RewardClaim>> CompleteRounds(Transaction& transaction, const Site& site,
                                                const ProgrammeSite& programme,
                                                const cards::Member& member,
                                                const std::string& actor, PointsSummary& points,
                                                std::vector<Warning>& warnings) {
  std::vector<RewardClaim> claims;
  if (points.stamps.empty()) return claims;
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  for (const StampCard* card : Complete(*rules.value(), points)) {
    while (CountOf(*card, points) >= card->goal) {
      const auto catalogue = GetRewards(transaction, programme, &member, points.available);
      if (!catalogue.ok()) return catalogue.error();
      const RewardOffer* offer = catalogue.value().Find(card->reward);
      if (offer == nullptr || !offer->open || !offer->in_stock() ||
          StampCardFor(*rules.value(), *offer->reward, offer->price) != card) {
        warnings.push_back({"reward_waits", "the round of stamps \"" + card->id +
                                                "\" is complete, but its reward cannot be given"});
        break;
      }
      auto claimed =
          MakeClaim(transaction, site, programme, Owner{.member = member, .card = std::nullopt},
                    {.rules = *rules.value(), .offer = *offer, .caller_id = {}, .actor = actor});
      if (!claimed.ok()) return std::move(claimed).error();
      Replace(std::move(claimed.value().points), points);
      claims.push_back(std::move(claimed.value().claim));
    }
  }
  return claims;
}

std::int64_t StampsShown(const RuleSet& rules, const PointsSummary& points) {
  if (rules.stamps.empty()) return 0;
  const StampCard& card = rules.stamps.front();
  return std::min(CountOf(card, points), card.goal);
}

}  // namespace passmint::issuance
