#include "issuance/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "calendar/time_zone.h"
#include "issuance/awards.h"
#include "issuance/kept_order.h"
#include "issuance/owner.h"
#include "issuance/points.h"
#include "issuance/refunds.h"
#include "issuance/rule_sets.h"
#include "ledger/arithmetic.h"
#include "ledger/codec.h"
#include "ledger/entry_asset.h"
#include "programme/quote.h"
#include "programme/referral.h"

namespace passmint::issuance {
namespace {

using ledger::DocumentType;
using ledger::Entry;
using ledger::EntryType;
using programme::EarnRule;
using programme::Evaluation;
using programme::Given;
using programme::RuleSet;

Result<Entry> FindEntry(Transaction& transaction, const ProgrammeId& programme,
                        const AccountId& account, std::int64_t sequence) {
  const auto stored = transaction.FindEntry(programme, account, sequence);
  if (!stored.ok()) return stored.error();
  if (!stored.value()) return Error{.code = ErrorCode::kNotFound, .message = "no such entry"};
  return ledger::DecodeBody(sequence, stored.value()->body);
}

// An order judged again.
struct Rejudged {
  RulesPtr rules;
  Evaluation evaluation;
  programme::Quote quote;
  programme::Basket basket;
  programme::Facts facts;
};

Result<Rejudged> Rejudge(Transaction& transaction, const ProgrammeSite& programme,
                         const Order& order, Timestamp decided_at) {
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  auto kept = ReadKept(order, programme.programme);
  if (!kept.ok()) return std::move(kept).error();
  auto rules = RulesOfVersion(transaction, programme, kept.value().rule_set);
  if (!rules.ok()) return std::move(rules).error();
  auto evaluation = programme::Evaluate(*rules.value(), zone.value(), kept.value().basket,
                                        kept.value().judged.facts, kept.value().judged.instant);
  if (!evaluation.ok()) return std::move(evaluation).error();
  auto quote = programme::ToLedger(*rules.value(), zone.value(), kept.value().basket,
                                   evaluation.value(), decided_at);
  return Rejudged{.rules = std::move(rules).value(),
                  .evaluation = std::move(evaluation).value(),
                  .quote = std::move(quote),
                  .basket = std::move(kept.value().basket),
                  .facts = std::move(kept.value().judged.facts)};
}

// So many points before they were rounded, exactly: "199.9".
std::string Exact(std::int64_t base, std::int64_t ppm, const RuleSet& rules, int exponent) {
  __extension__ using Wide = __int128;
  constexpr int kDigits = 12;  // Six of a millionth, six of a point's or a coin's parts.
  constexpr Wide kOne = 1'000'000'000'000;
  const auto power = [](int digits) {
    Wide value = 1;
    for (int i = 0; i < digits; ++i) value *= 10;
    return value;
  };
  const Wide points =
      Wide{base} * ppm * power(rules.exponent) * power(kDigits - 6 - exponent);  // In kOne parts.
  std::string text = std::to_string(static_cast<std::int64_t>(points / kOne));
  std::string part = std::to_string(static_cast<std::int64_t>(kOne + points % kOne)).substr(1);
  part.erase(part.find_last_not_of('0') + 1);
  return part.empty() ? text : text + "." + part;
}

std::string RoundedText(const RuleSet& rules) {
  if (rules.rounding == ledger::Rounding::kFloor) return "rounded down";
  return rules.rounding_name == "ceil" ? "rounded up" : "rounded " + rules.rounding_name;
}

void AddRate(const RuleSet& rules, const programme::Facts& facts, const Given& given,
             ExplainedRule& explained) {
  const EarnRule& rule = rules.earn[static_cast<std::size_t>(given.rule)];
  std::string text;
  if (rule.kind == EarnRule::Kind::kPerAmount) {
    text = fmt::format("{} points for each full {} minor units", rule.points, rule.per);
  } else if (rule.rate == programme::RateFrom::kCard && facts.member.card_ppm) {
    text = fmt::format("{} ppm of the card itself, instead of {} ppm of the level", given.ppm,
                       RateOfLevel(rules, facts, &programme::Level::ppm));
  } else if (given.ppm == 0) {
    text = "each part of the order by the level that it falls on";
  } else {
    text = fmt::format("{} ppm", given.ppm);
  }
  explained.steps.push_back({.name = "rate", .detail = std::move(text)});
}

// The steps of what one rule gave.
ExplainedRule Steps(const Rejudged& again, const Given& given) {
  const RuleSet& rules = *again.rules;
  const int currency_exponent = again.basket.currency_exponent;
  const EarnRule& rule = rules.earn[static_cast<std::size_t>(given.rule)];
  ExplainedRule explained{.rule = rule.id, .points = given.points, .steps = {}};
  std::vector<ExplainedStep>& steps = explained.steps;
  std::string rounding = RoundedText(rules);
  steps.push_back({.name = "base",
                   .minor = given.base_minor,
                   .detail = "paid by money for the goods that the rule takes"});
  if (rule.kind == EarnRule::Kind::kFixed) {
    steps.push_back({.name = "fixed",
                     .points = given.before_limits,
                     .detail = rule.once ? "once for the member" : "for the order"});
  } else if (rule.kind == EarnRule::Kind::kMultiplier) {
    const EarnRule& base = rules.earn[static_cast<std::size_t>(given.multiplied)];
    steps.push_back({.name = "factor",
                     .points = given.before_limits,
                     .detail = fmt::format("what {}/{} times {} is more than {} itself, {}",
                                           rule.factor.numerator, rule.factor.denominator, base.id,
                                           base.id, rounding)});
  } else {
    AddRate(rules, again.facts, given, explained);
    if (given.ppm > 0) {
      rounding = Exact(given.base_minor, given.ppm, rules, currency_exponent) + " " + rounding;
    }
    steps.push_back(
        {.name = "rounding", .points = given.before_limits, .detail = std::move(rounding)});
  }
  if (given.points != given.before_limits) {
    steps.push_back({.name = "limits",
                     .points = given.points - given.before_limits,
                     .detail = "more than limits or the budget had left"});
  }
  return explained;
}

// The steps of what an order of somebody who was brought gave.
ExplainedRule Steps(const ReferralReward& reward, const programme::ReferralReward& gets,
                    const programme::AwardedPoints& again) {
  ExplainedRule explained{.rule = reward.rule, .points = again.points, .steps = {}};
  explained.steps.push_back(
      {.name = "base", .minor = reward.paid, .detail = "paid by money by the friend"});
  if (gets.fixed > 0) {
    explained.steps.push_back(
        {.name = "fixed", .points = gets.fixed, .detail = "for the friend's order"});
  }
  if (reward.ppm > 0) {
    explained.steps.push_back(
        {.name = "rate", .points = gets.share, .detail = fmt::format("{} ppm", reward.ppm)});
  }
  if (again.points != again.before_limits) {
    explained.steps.push_back({.name = "limits",
                               .points = again.points - again.before_limits,
                               .detail = "more than limits or the budget had left"});
  }
  return explained;
}

std::vector<ledger::Derivation> DerivationsOf(const programme::Quote& quote) {
  std::vector<ledger::Derivation> all;
  for (const ledger::Earning& earning : quote.earnings) {
    all.insert(all.end(), earning.derivations.begin(), earning.derivations.end());
  }
  return all;
}

bool Same(std::vector<ledger::Derivation> one, std::vector<ledger::Derivation> other) {
  const auto before = [](const ledger::Derivation& a, const ledger::Derivation& b) {
    return std::tie(a.rule, a.base_minor, a.points) < std::tie(b.rule, b.base_minor, b.points);
  };
  std::sort(one.begin(), one.end(), before);
  std::sort(other.begin(), other.end(), before);
  return one == other;
}

void ExplainEarned(const Rejudged& again, const Entry& entry, Explanation& explanation) {
  explanation.points = 0;
  for (const ledger::Derivation& one : entry.derivations) explanation.points += one.points;
  // Stamps stand beside the points in one entry.
  for (const programme::Evaluation::Stamped& one : again.evaluation.stamps) {
    explanation.points -= one.count;
    const auto& rule = again.rules->earn[static_cast<std::size_t>(one.rule)];
    const auto& card = again.rules->stamps[static_cast<std::size_t>(rule.stamp)];
    explanation.rules.push_back(
        {.rule = rule.id,
         .points = 0,
         .steps = {{.name = "stamps",
                    .points = 0,
                    .detail = fmt::format("{} on the card {}", one.count, card.id)}}});
  }
  explanation.agrees = Same(DerivationsOf(again.quote), entry.derivations);
  for (const Given& given : again.evaluation.given) {
    explanation.rules.push_back(Steps(again, given));
  }
}

// What points paid, line by line.
void ExplainBurned(const Rejudged& again, const Entry& entry, Explanation& explanation) {
  explanation.agrees = true;
  for (const programme::PricedLine& line : again.evaluation.lines) {
    const std::string& id = again.basket.lines[line.index].line_id;
    if (entry.order) {
      const auto& lines = entry.order->lines;
      const auto record = std::find_if(lines.begin(), lines.end(),
                                       [&id](const auto& one) { return one.line_id == id; });
      explanation.agrees =
          explanation.agrees && record != lines.end() && record->burned == line.burned;
    }
    if (line.burned == 0) continue;
    explanation.rules.push_back(
        {.rule = id,
         .points = -line.burned,
         .steps = {{.name = "value",
                    .minor = line.value,
                    .points = -line.burned,
                    .detail = fmt::format("{} points pay {} minor units", again.rules->value_points,
                                          again.rules->value_minor)}}});
  }
}

// Refunds follow what is refunded as cumulative floors (ledger/order.h).
bool FollowsFloors(const ledger::LineRecord& line) {
  const auto share = [](std::int64_t of, std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0 : ledger::MulDiv(of, part, whole);
  };
  return line.clawed == share(line.earned, line.paid_refunded, line.paid) &&
         line.restored == share(line.burned, line.value_refunded, line.value);
}

void ExplainStamps(const BookedRefund& refund, const std::string& card, Explanation& explanation) {
  for (const StampMove& move : refund.stamps) {
    if (move.card != card) continue;
    explanation.rules.push_back(
        {.rule = move.rule,
         .points = move.stamps,
         .steps = {{.name = "refunded",
                    .minor = refund.amount,
                    .points = move.stamps,
                    .detail = move.line_id.empty() ? "stamps of the order"
                                                   : "stamps of line " + move.line_id}}});
  }
}

Status ExplainRefund(Transaction& transaction, const ProgrammeId& programme, const Order& order,
                     const Entry& entry, Explanation& explanation) {
  const auto refunds = RefundsOf(transaction, programme, order.source, order.id);
  if (!refunds.ok()) return refunds.error();
  explanation.rule_set = order.answer.value("rule_set", std::int64_t{0});
  if (entry.order) {
    explanation.agrees =
        std::all_of(entry.order->lines.begin(), entry.order->lines.end(), FollowsFloors);
  }
  if (entry.type != EntryType::kClawBack) return {};
  const std::string card = programme::StampCardOf(ledger::AssetOf(entry));
  for (const BookedRefund& refund : refunds.value()) {
    if (refund.id != entry.document.id) continue;
    if (!card.empty()) {
      ExplainStamps(refund, card, explanation);
      continue;
    }
    for (const PointsReason& reason : refund.explain) {
      explanation.rules.push_back(
          {.rule = reason.rule,
           .points = reason.points,
           .steps = {{.name = "refunded",
                      .minor = refund.amount,
                      .points = reason.points,
                      .detail = reason.line_id.empty() ? "granted on the order"
                                                       : "line " + reason.line_id}}});
    }
  }
  return {};
}

// The price of a reward, or what came back of it.
Result<Explanation> ExplainClaim(Transaction& transaction, const ProgrammeId& programme,
                                 const Entry& entry, Explanation explanation) {
  const bool cancelled = entry.document.type == DocumentType::kRefund;
  const auto claim =
      transaction.FindClaim(programme, cancelled ? entry.document.parent : entry.document.id);
  if (!claim.ok()) return claim.error();
  if (!claim.value()) return Error{.code = ErrorCode::kInternal, .message = "entry without claim"};
  explanation.rules.push_back(
      {.rule = claim.value()->reward,
       .points = entry.amount,
       .steps = {{.name = cancelled ? "refunded" : "value",
                  .points = entry.amount,
                  .detail = cancelled ? "the reward was cancelled" : "the price of the reward"}}});
  const auto& paid = claim.value()->record.lines;
  const std::int64_t price = paid.empty() ? claim.value()->points : paid.front().burned;
  if (!cancelled) explanation.agrees = explanation.agrees && entry.amount == -price;
  return explanation;
}

// Points of an action or an occasion: its rule is asked again with what limits had left then.
Status ExplainAward(Transaction& transaction, const ProgrammeSite& programme,
                    const MemberId& account_of, const Entry& entry, Explanation& explanation) {
  const ProgrammeId& id = programme.programme.id;
  const auto& derivation = entry.derivations.front();
  const auto rules = RulesOfVersion(transaction, programme, derivation.rule_set_version);
  if (!rules.ok()) return rules.error();
  const auto owner = FindLivingMember(transaction, id, account_of);
  if (!owner.ok()) return owner.error();
  if (!owner.value()) return Error{.code = ErrorCode::kInternal, .message = "entry without member"};
  const auto given =
      transaction.FindAward(id, owner.value()->id, derivation.rule, entry.document.parent);
  if (!given.ok()) return given.error();
  explanation.rule_set = rules.value()->version;
  explanation.points = derivation.points;
  const programme::Award* award = entry.document.type == DocumentType::kOccasion
                                      ? programme::FindOccasion(*rules.value(), derivation.rule)
                                      : programme::FindAction(*rules.value(), derivation.rule);
  // Of two merged members who both had it one award is kept.
  const bool kept = given.value() && given.value()->entry == explanation.entry;
  if (award == nullptr || !kept) return {};
  const programme::AwardedPoints again = programme::PointsOf(
      *rules.value(), *award, given.value()->count, ReadLimits(given.value()->limits));
  explanation.agrees = again.points == derivation.points;
  ExplainedRule explained{.rule = award->id, .points = again.points, .steps = {}};
  explained.steps.push_back(
      {.name = "fixed",
       .points = again.before_limits,
       .detail = award->per_unit
                     ? fmt::format("{} for each of {}", award->points, given.value()->count)
                     : "once for " + given.value()->occurrence});
  if (again.points != again.before_limits) {
    explained.steps.push_back({.name = "limits",
                               .points = again.points - again.before_limits,
                               .detail = "more than limits or the budget had left"});
  }
  explanation.rules.push_back(std::move(explained));
  return {};
}

// What a side of somebody's order got, or what the order's refunds took of it.
Result<Explanation> ExplainReferral(Transaction& transaction, const ProgrammeSite& programme,
                                    const Entry& entry, Explanation explanation) {
  const bool refunded = entry.document.type == DocumentType::kRefund;
  const auto found = transaction.FindReferralReward(
      programme.programme.id, refunded ? entry.document.parent : entry.document.id);
  if (!found.ok()) return found.error();
  if (!found.value()) return Error{.code = ErrorCode::kInternal, .message = "entry without reward"};
  const ReferralReward& reward = *found.value();
  const auto rules = RulesOfVersion(transaction, programme, reward.rule_set);
  if (!rules.ok()) return rules.error();
  const RuleSet& judged = *rules.value();
  explanation.rule_set = judged.version;
  if (!judged.referral || entry.type == EntryType::kActivate) return explanation;
  if (refunded) {
    const auto& lines = entry.order ? entry.order->lines : reward.record.lines;
    explanation.agrees =
        explanation.agrees && std::all_of(lines.begin(), lines.end(), FollowsFloors);
    explanation.rules.push_back({.rule = reward.rule,
                                 .points = entry.amount,
                                 .steps = {{.name = "refunded",
                                            .points = entry.amount,
                                            .detail = "the friend's order was refunded"}}});
    return explanation;
  }
  const auto& side = reward.side == ReferralSide::kFriend ? judged.referral->friend_gets
                                                          : judged.referral->promoter_gets;
  const auto gets = programme::RewardFor(judged, side, reward.ppm, reward.paid,
                                         programme.programme.currency.exponent());
  const auto again = programme::PointsOf(judged, programme::AwardOf(*judged.referral, side, gets),
                                         1, ReadLimits(reward.limits));
  explanation.points = reward.points;
  explanation.agrees = again.points == reward.points;
  explanation.rules.push_back(Steps(reward, gets, again));
  return explanation;
}

// Whether the balance after the entry is the one before it, of the same asset, and what it changed.
Result<bool> AddsUp(Transaction& transaction, const ProgrammeId& programme,
                    const AccountId& account, const Entry& entry) {
  const ledger::AssetId asset = ledger::AssetOf(entry);
  if (asset.str() != ledger::kPointsAsset) return true;  // Entries of points earn stamps beside.
  std::int64_t before = 0;
  for (std::int64_t sequence = entry.sequence - 1; sequence > 0; --sequence) {
    const auto earlier = FindEntry(transaction, programme, account, sequence);
    if (!earlier.ok()) return earlier.error();
    if (ledger::AssetOf(earlier.value()) != asset) continue;
    before = earlier.value().available_after;
    break;
  }
  return entry.available_after == before + entry.amount;
}

}  // namespace

Result<Explanation> ExplainEntry(Transaction& transaction, const ProgrammeSite& programme,
                                 std::string_view text) {
  const ProgrammeId& id = programme.programme.id;
  const auto place = ParseEntryId(text);
  if (!place) return Error{.code = ErrorCode::kNotFound, .message = "no such entry"};
  const auto found = FindEntry(transaction, id, place->first, place->second);
  if (!found.ok()) return found.error();
  const Entry& entry = found.value();
  const auto adds_up = AddsUp(transaction, id, place->first, entry);
  if (!adds_up.ok()) return adds_up.error();
  Explanation explanation{.entry = std::string(text),
                          .type = entry.type,
                          .points = entry.amount,
                          .agrees = adds_up.value(),
                          .rule_set = std::nullopt,
                          .rules = {}};
  const bool is_award =
      entry.document.type == DocumentType::kOccasion || entry.document.type == DocumentType::kEvent;
  if (is_award && entry.type == EntryType::kEarn && !entry.derivations.empty()) {
    Status done = ExplainAward(transaction, programme, OwnerOf(place->first), entry, explanation);
    if (!done.ok()) return done.error();
    return explanation;
  }
  const bool is_refund = entry.document.type == DocumentType::kRefund;
  if (!is_refund && entry.document.type != DocumentType::kOrder) return explanation;
  if (entry.document.source.empty() &&
      IsReferralReward(is_refund ? entry.document.parent : entry.document.id)) {
    return ExplainReferral(transaction, programme, entry, std::move(explanation));
  }
  if (entry.document.source.empty()) return ExplainClaim(transaction, id, entry, explanation);
  const auto order =
      transaction.FindOrder(id, OrderSource(entry.document.source),
                            OrderId(is_refund ? entry.document.parent : entry.document.id));
  if (!order.ok()) return order.error();
  if (!order.value()) return Error{.code = ErrorCode::kInternal, .message = "entry without order"};
  if (is_refund) {
    Status done = ExplainRefund(transaction, id, *order.value(), entry, explanation);
    if (!done.ok()) return done.error();
    return explanation;
  }
  const bool earned = entry.type == EntryType::kEarn;
  if (!earned && entry.type != EntryType::kBurn && entry.type != EntryType::kCapture) {
    return explanation;
  }
  const auto again = Rejudge(transaction, programme, *order.value(), entry.time);
  if (!again.ok()) return again.error();
  explanation.rule_set = again.value().rules->version;
  if (earned) {
    ExplainEarned(again.value(), entry, explanation);
  } else {
    ExplainBurned(again.value(), entry, explanation);
  }
  return explanation;
}

}  // namespace passmint::issuance
