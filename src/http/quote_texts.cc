#include "http/quote_texts.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/money.h"
#include "issuance/rule_facts.h"

namespace passmint::http {
namespace {

using programme::EarnRule;
using programme::Reason;
using programme::ReasonCode;
using programme::RuleSet;

struct Text {
  const char* english;
  const char* russian;
};

std::string Say(const Text& text, QuoteLanguage language) {
  return language == QuoteLanguage::kRussian ? text.russian : text.english;
}

// 50,000 millionths are "5", 75,500 are "7.55", or "7,55".
std::string Percent(std::int64_t ppm, QuoteLanguage language) {
  constexpr std::int64_t kPpmPerPercent = 10'000;
  std::string text = std::to_string(ppm / kPpmPerPercent);
  std::string part = std::to_string(kPpmPerPercent + ppm % kPpmPerPercent).substr(1);
  part.erase(part.find_last_not_of('0') + 1);
  if (part.empty()) return text;
  return text + (language == QuoteLanguage::kRussian ? "," : ".") + part;
}

// "10 % of the card, instead of 5 % of the level".
std::string CardRateText(std::int64_t card, std::int64_t level, QuoteLanguage language) {
  return Percent(card, language) +
         Say({" % of the card, instead of ", " % по карте вместо "}, language) +
         Percent(level, language) + Say({" % of the level", " % по уровню"}, language);
}

bool IsOfCard(programme::RateFrom rate, const programme::Facts& facts) {
  return rate == programme::RateFrom::kCard && facts.member.card_ppm.has_value();
}

std::string DiscountText(const RuleSet& rules, const programme::Facts& facts, const Reason& reason,
                         const Currency& currency, QuoteLanguage language) {
  std::string text =
      Say({"discount ", "скидка "}, language) + FormatMajor(reason.minor, currency.exponent());
  const auto& list = reason.rule.section == programme::RuleRef::Section::kCoupons ? rules.coupons
                                                                                  : rules.discounts;
  if (!IsOfCard(list[static_cast<std::size_t>(reason.rule.index)].rate, facts)) return text;
  const std::int64_t level = issuance::RateOfLevel(rules, facts, &programme::Level::discount_ppm);
  return text + ": " + CardRateText(*facts.member.card_ppm, level, language);
}

std::string RateText(const RuleSet& rules, const programme::Facts& facts, const Reason& reason,
                     const Currency& currency, QuoteLanguage language) {
  const EarnRule& rule = rules.earn[static_cast<std::size_t>(reason.rule.index)];
  if (IsOfCard(rule.rate, facts)) {
    return CardRateText(*facts.member.card_ppm,
                        issuance::RateOfLevel(rules, facts, &programme::Level::ppm), language);
  }
  if (rule.kind == EarnRule::Kind::kPerAmount) {
    return std::to_string(rule.points) + Say({" for each ", " за каждые "}, language) +
           FormatMajor(rule.per, currency.exponent());
  }
  if (rule.rate != programme::RateFrom::kRule) {
    return Say({"the member's rate", "по уровню участника"}, language);
  }
  return Percent(rule.ppm, language) + Say({" % of what is paid", " % от оплаты"}, language);
}

std::string FactorText(const EarnRule& rule, QuoteLanguage language) {
  constexpr std::int64_t kHundred = 100;
  const std::int64_t hundredths = rule.factor.numerator * kHundred / rule.factor.denominator;
  return Say({"times ", "в размере ×"}, language) + FormatMajor(hundredths, 2);
}

}  // namespace

QuoteLanguage QuoteLanguageOf(std::string_view locale, const std::vector<std::string>& languages) {
  const auto known = [](std::string_view tag) -> std::optional<QuoteLanguage> {
    const std::string_view primary = tag.substr(0, tag.find('-'));
    if (primary == "ru") return QuoteLanguage::kRussian;
    if (primary == "en") return QuoteLanguage::kEnglish;
    return std::nullopt;
  };
  if (const auto own = known(locale)) return *own;
  for (const std::string& language : languages) {
    if (const auto one = known(language)) return *one;
  }
  return QuoteLanguage::kEnglish;
}

std::string QuoteReasonText(const RuleSet& rules, const programme::Facts& facts,
                            const Reason& reason, const Currency& currency,
                            QuoteLanguage language) {
  const auto index = static_cast<std::size_t>(reason.rule.index);
  switch (reason.code) {
    case ReasonCode::kRate:
      return RateText(rules, facts, reason, currency, language);
    case ReasonCode::kMultiplied:
      return FactorText(rules.earn[index], language);
    case ReasonCode::kGranted:
      return Say({"a bonus for the order", "бонус за заказ"}, language);
    case ReasonCode::kDiscounted:
      return DiscountText(rules, facts, reason, currency, language);
    case ReasonCode::kExcludedGoods:
      return Say({"these goods do not take part", "товар не участвует"}, language);
    case ReasonCode::kOnceOnly:
      return Say({"was given before", "уже начислялось"}, language);
    case ReasonCode::kLineLimit:
      return Say({"as much as a line may get", "больше за позицию не начисляется"}, language);
    case ReasonCode::kOrderLimit:
      return Say({"as much as an order may get", "больше за заказ не начисляется"}, language);
    case ReasonCode::kMemberLimit:
      return Say({"as much as a member may get now", "лимит участника исчерпан"}, language);
    case ReasonCode::kBudgetSpent:
      return Say({"the budget is spent", "бюджет акции исчерпан"}, language);
    case ReasonCode::kCouponUnfit:
      return Say({"the coupon does not fit this order", "купон не подходит к заказу"}, language);
  }
  return {};
}

std::string QuoteCouponText(const issuance::BroughtCoupon& coupon, const Currency& currency,
                            QuoteLanguage language) {
  using issuance::CouponObstacle;
  switch (coupon.obstacle) {
    case CouponObstacle::kNone:
      return coupon.discount > 0
                 ? Say({"discount ", "скидка "}, language) +
                       FormatMajor(coupon.discount, currency.exponent())
                 : Say({"takes nothing off this order", "к этому заказу не подходит"}, language);
    case CouponObstacle::kUnknown:
      return Say({"there is no such code", "нет такого кода"}, language);
    case CouponObstacle::kUsed:
      return Say({"the code was used already", "код уже использован"}, language);
    case CouponObstacle::kVoid:
      return Say({"the code is void", "код аннулирован"}, language);
    case CouponObstacle::kNotInTime:
      return Say({"the code does not hold now", "код сейчас не действует"}, language);
    case CouponObstacle::kNoRule:
      return Say({"this campaign is over", "акция завершена"}, language);
    case CouponObstacle::kTwice:
      return Say({"only one code of this campaign counts", "действует один код этой акции"},
                 language);
  }
  return {};
}

}  // namespace passmint::http
