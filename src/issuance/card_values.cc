#include "issuance/card_values.h"

#include <string>

#include "base/money.h"
#include "calendar/time_zone.h"
#include "cards/card.h"
#include "json/json.h"
#include "programme/rules.h"

namespace passmint::issuance {
namespace {

// "9000123412341238" -> "9000 1234 1234 1238".
std::string Spaced(const std::string& number) {
  std::string spaced;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (i > 0 && i % 4 == 0) spaced += ' ';
    spaced += number[i];
  }
  return spaced;
}

std::string FirstWord(const std::string& name) { return name.substr(0, name.find(' ')); }

void SetMember(const CurrentCard& current, design::Values& values) {
  const cards::Member& member = current.member;
  if (member.id.empty() || member.erased) return;
  if (!member.name.empty()) {
    values.Set("member.name", member.name);
    values.Set("member.first_name", FirstWord(member.name));
  }
  if (member.birthday) values.Set("member.birthday", *member.birthday);
  const auto zone = calendar::TimeZone::Find(current.programme->programme.time_zone);
  if (zone.ok()) values.Set("member.since", zone.value().DayAt(member.created_at));
  for (const auto& [name, value] : member.attributes.items()) {
    values.Set("attributes." + name,
               value.is_string() ? value.get<std::string>() : json::Dump(value));
  }
}

void SetPoints(const CurrentCard& current, design::Values& values) {
  const programme::RuleSet& rules = *current.rules;
  const auto set = [&](std::string_view name, std::int64_t points) {
    if (rules.exponent == 0) return values.Set(name, points);
    values.Set(name, FormatMajor(points, rules.exponent));
  };
  set("points.available", current.points.available);
  set("points.pending", current.points.pending);
  set("points.held", current.points.held);
  set("points.debt", current.points.debt);
  values.Set("points.value", Money{programme::WorthOf(rules, current.points.available),
                                   current.programme->programme.currency});
  if (current.next_expiry) {
    set("points.next_expiry_points", current.next_expiry->points);
    values.Set("points.next_expiry_at", current.next_expiry->at);
  }
  values.Set("stamps.count", current.stamps);
}

// Rates as whole percent, rounded down.
constexpr std::int64_t kPpmOfPercent = 10'000;

void SetTier(const CurrentCard& current, design::Values& values) {
  if (!current.tier.tier) return;
  const MemberTier& tier = *current.tier.tier;
  values.Set("tier.name", tier.name);
  values.Set("tier.percent",
             (tier.discount_ppm > 0 ? tier.discount_ppm : tier.ppm) / kPpmOfPercent);
  const auto zone = calendar::TimeZone::Find(current.programme->programme.time_zone);
  if (zone.ok() && tier.since) values.Set("tier.since", zone.value().DayAt(*tier.since));
  if (!tier.next) return;
  values.Set("tier.next_name", tier.next->name);
  if (tier.metric == programme::Tiers::Metric::kNetSpend) {
    values.Set("tier.missing", Money{tier.next->missing, current.programme->programme.currency});
  } else {
    values.Set("tier.missing_count", tier.next->missing);
  }
}

}  // namespace

design::Values CardValues(const CurrentCard& current) {
  design::Values values;
  values.Set("card.number", current.card.number.str());
  values.Set("card.number_spaced", Spaced(current.card.number.str()));
  values.Set("card.status",
             std::string(cards::ToText(cards::EffectiveStatus(current.card, current.now))));
  values.Set("card.created_at", current.card.created_at);
  if (current.expires_at) values.Set("card.expires_at", *current.expires_at);
  values.Set("programme.name", current.programme->programme.name);
  values.Set("programme.currency", current.programme->programme.currency.code());
  SetMember(current, values);
  SetPoints(current, values);
  SetTier(current, values);
  return values;
}

void SetLastOrder(const Order& order, const Currency& currency, design::Values& values) {
  values.Set("order.last_id", order.id.str());
  values.Set("order.last_at", order.paid_at);
  values.Set("order.last_total", Money{order.total_minor, currency});
}

}  // namespace passmint::issuance
