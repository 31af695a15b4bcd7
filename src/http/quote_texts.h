#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/currency.h"
#include "issuance/order_coupons.h"
#include "programme/evaluation.h"
#include "programme/facts.h"
#include "programme/rules.h"

namespace passmint::http {

enum class QuoteLanguage { kEnglish, kRussian };

// The language of a customer's locale ("ru", "ru-RU") if we have it, else the first of the
// programme's that we have, else English.
QuoteLanguage QuoteLanguageOf(std::string_view locale, const std::vector<std::string>& languages);

// Why a line or an order has what it has, as a till shows it: "5 % of what is paid".
// `facts`: that the order was judged by.
std::string QuoteReasonText(const programme::RuleSet& rules, const programme::Facts& facts,
                            const programme::Reason& reason, const Currency& currency,
                            QuoteLanguage language);

// What a coupon's code does, or why it does nothing.
std::string QuoteCouponText(const issuance::BroughtCoupon& coupon, const Currency& currency,
                            QuoteLanguage language);

}  // namespace passmint::http
