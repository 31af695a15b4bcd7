#include "issuance/rewards.h"

#include <algorithm>
#include <utility>

#include "calendar/time_zone.h"
#include "issuance/member_progress.h"
#include "issuance/memberships.h"
#include "issuance/rule_facts.h"
#include "issuance/rule_sets.h"
#include "programme/gate.h"

namespace passmint::issuance {
namespace {

using programme::Reward;
using programme::RuleSet;

std::string_view TierName(const RuleSet& rules, int level) {
  if (level < 0 || static_cast<std::size_t>(level) >= rules.tiers.levels.size()) return "";
  return rules.tiers.levels[static_cast<std::size_t>(level)].name;
}

std::int64_t PriceOf(const Reward& reward, std::string_view tier) {
  for (const auto& [name, price] : reward.tier_prices) {
    if (name == tier) return price;
  }
  return reward.price;
}

// All that rewards may look at: they are asked for seldom.
Result<programme::Facts> FactsFor(Transaction& transaction, const ProgrammeSite& programme,
                                  const RuleSet& rules, const calendar::TimeZone& zone,
                                  const cards::Member* member) {
  programme::Facts facts;
  if (member == nullptr) return facts;
  facts.member = MemberFactsOf(*member);
  RuleNeeds needs;
  needs.groups = needs.ties = true;
  Status told = TellTies(transaction, programme.programme.id, needs, member->id, transaction.Now(),
                         facts.member);
  if (!told.ok()) return std::move(told).error();
  auto plans = PlansOf(transaction, programme.programme.id, member->id, transaction.Now());
  if (!plans.ok()) return std::move(plans).error();
  facts.member.memberships = std::move(plans).value();
  const auto progress = ProgressOf(transaction, programme, member->id);
  if (!progress.ok()) return progress.error();
  Tell(progress.value(), rules, zone, transaction.Now(), facts);
  return facts;
}

RewardStock StockOf(const std::vector<RewardStock>& stocks, const std::string& reward) {
  for (const RewardStock& stock : stocks) {
    if (stock.reward == reward) return stock;
  }
  return {.reward = reward, .stock = std::nullopt, .claimed = 0};
}

}  // namespace

const RewardOffer* RewardCatalogue::Find(const std::string& reward) const {
  const auto found = std::find_if(offers.begin(), offers.end(), [&reward](const auto& offer) {
    return offer.reward->id == reward;
  });
  return found == offers.end() ? nullptr : &*found;
}

const programme::StampCard* StampCardFor(const RuleSet& rules, const Reward& reward,
                                         std::int64_t price) {
  if (price > 0) return nullptr;
  const auto card = std::find_if(rules.stamps.begin(), rules.stamps.end(),
                                 [&reward](const auto& one) { return one.reward == reward.id; });
  return card == rules.stamps.end() ? nullptr : &*card;
}

Result<RewardCatalogue> GetRewards(Transaction& transaction, const ProgrammeSite& programme,
                                   const cards::Member* member, std::int64_t spendable) {
  auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return std::move(rules).error();
  RewardCatalogue catalogue{.rules = std::move(rules).value(), .offers = {}};
  if (catalogue.rules->rewards.empty()) return catalogue;
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  const auto stocks = transaction.RewardStocks(programme.programme.id);
  if (!stocks.ok()) return stocks.error();
  const auto facts = FactsFor(transaction, programme, *catalogue.rules, zone.value(), member);
  if (!facts.ok()) return facts.error();
  const programme::Basket nothing;
  const programme::Moment moment(transaction.Now(), zone.value());
  const std::string_view tier = TierName(*catalogue.rules, facts.value().tier.level);
  const programme::OrderView view{
      .basket = nothing, .facts = facts.value(), .moment = moment, .tier = tier};
  for (const Reward& reward : catalogue.rules->rewards) {
    const std::int64_t price = PriceOf(reward, tier);
    catalogue.offers.push_back({.reward = &reward,
                                .stock = StockOf(stocks.value(), reward.id),
                                .price = price,
                                .open = programme::IsOpen(reward.gate, view),
                                .missing = std::max<std::int64_t>(0, price - spendable)});
  }
  std::sort(catalogue.offers.begin(), catalogue.offers.end(),
            [](const RewardOffer& a, const RewardOffer& b) { return a.reward->id < b.reward->id; });
  return catalogue;
}

void TellStamps(const PointsSummary& points, RewardCatalogue& catalogue) {
  for (RewardOffer& offer : catalogue.offers) {
    const auto* card = StampCardFor(*catalogue.rules, *offer.reward, offer.price);
    if (card == nullptr) continue;
    offer.missing_stamps = card->goal;
    for (const StampBalance& stamps : points.stamps) {
      if (stamps.card == card->id) {
        offer.missing_stamps = std::max<std::int64_t>(0, card->goal - stamps.count);
      }
    }
  }
}

}  // namespace passmint::issuance
