#include <array>

#include "base/currency.h"
#include "design/values.h"

namespace passmint::design {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

constexpr std::array<std::string_view, kSamples> kNames = {"typical", "empty",   "longest",
                                                           "zero",    "million", "vip"};

struct Counts {
  std::int64_t points = 0;
  std::int64_t minor = 0;
  std::int64_t stamps = 0;
};

void SetCard(Values& values, std::string_view number, std::string_view spaced) {
  values.Set("card.number", std::string(number));
  values.Set("card.number_spaced", std::string(spaced));
  values.Set("card.status", std::string("active"));
  values.Set("card.created_at", FromMicros(1'795'255'200'000'000));  // 2026-11-21T10:00:00Z
  values.Set("member.since", year(2026) / month(11) / day(21));
}

void SetCounts(Values& values, const Counts& counts, Currency currency) {
  values.Set("points.available", counts.points);
  values.Set("points.pending", counts.points / 10);
  values.Set("points.held", std::int64_t{0});
  values.Set("points.debt", std::int64_t{0});
  values.Set("points.value", Money{counts.minor, currency});
  values.Set("stamps.count", counts.stamps);
  values.Set("stamps.of", std::int64_t{10});
  values.Set("stamps.left", 10 - counts.stamps);
}

void SetMember(Values& values, std::string_view first_name, std::string_view name) {
  values.Set("member.first_name", std::string(first_name));
  values.Set("member.name", std::string(name));
  values.Set("member.birthday", year(1990) / month(2) / day(28));
}

void SetTier(Values& values, std::string_view name, std::int64_t percent) {
  values.Set("tier.name", std::string(name));
  values.Set("tier.percent", percent);
  values.Set("tier.since", year(2026) / month(3) / day(1));
}

void SetNextTier(Values& values, std::string_view name, const Money& missing) {
  values.Set("tier.next_name", std::string(name));
  values.Set("tier.missing", missing);
}

void SetOrder(Values& values, std::string_view id, const Money& total) {
  values.Set("order.last_id", std::string(id));
  values.Set("order.last_total", total);
  values.Set("order.last_at", FromMicros(1'795'255'200'000'000));
}

void SetExpiry(Values& values, std::int64_t points) {
  values.Set("points.next_expiry_points", points);
  values.Set("points.next_expiry_at", FromMicros(1'801'429'200'000'000));  // 2027-01-31T21:00:00Z
  values.Set("card.expires_at", FromMicros(1'830'286'800'000'000));        // 2027-12-31T21:00:00Z
}

void SetLongest(Values& values, Currency currency) {
  constexpr std::string_view kFirst = "Константин-Вольфганг";
  constexpr std::string_view kFull =
      "Константин-Вольфганг Александрович Рождественский-Преображенский";
  SetCard(values, "9999999999999999", "9999 9999 9999 9999");
  SetCounts(values, {.points = 999'999'999, .minor = 99'999'999'999, .stamps = 10}, currency);
  SetMember(values, kFirst, kFull);
  SetTier(values, "platinum ambassador", 100);
  SetNextTier(values, "diamond ambassador", {99'999'999'999, currency});
  SetOrder(values, "WEB-2026-000000999999999", {99'999'999'999, currency});
  SetExpiry(values, 999'999'999);
}

}  // namespace

std::string_view Name(Sample sample) { return kNames[static_cast<std::size_t>(sample)]; }

Values SampleValues(Sample sample, std::string_view currency_code) {
  const auto known = Currency::Find(currency_code);
  const Currency currency = known ? *known : *Currency::Find("RUB");
  Values values;
  if (sample == Sample::kLongest) {
    SetLongest(values, currency);
    return values;
  }
  SetCard(values, "9000123412341238", "9000 1234 1234 1238");
  if (sample == Sample::kEmpty) {
    SetCounts(values, {}, currency);
    return values;
  }
  SetMember(values, "Anna", "Anna Petrova");
  switch (sample) {
    case Sample::kZero:
      SetCounts(values, {}, currency);
      SetTier(values, "start", 0);
      SetNextTier(values, "silver", {500'000, currency});
      break;
    case Sample::kMillion:
      SetCounts(values, {.points = 1'000'000, .minor = 100'000'000, .stamps = 9}, currency);
      SetTier(values, "gold", 10);
      SetNextTier(values, "vip", {100'000'000, currency});
      SetOrder(values, "1042", {100'000'000, currency});
      SetExpiry(values, 1'000'000);
      break;
    case Sample::kVip:
      SetCounts(values, {.points = 12'345, .minor = 1'234'500, .stamps = 10}, currency);
      SetTier(values, "vip", 15);  // The highest: nothing is missing.
      SetOrder(values, "1042", {1'999'00, currency});
      SetExpiry(values, 120);
      break;
    case Sample::kTypical:
    case Sample::kEmpty:
    case Sample::kLongest:
      SetCounts(values, {.points = 499, .minor = 49'900, .stamps = 7}, currency);
      SetTier(values, "silver", 5);
      SetNextTier(values, "gold", {300'100, currency});
      SetOrder(values, "1042", {1'999'00, currency});
      SetExpiry(values, 120);
      break;
  }
  return values;
}

}  // namespace passmint::design
