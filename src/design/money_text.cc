#include "design/money_text.h"

#include <unicode/currunit.h>
#include <unicode/locid.h>
#include <unicode/numberformatter.h>

#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "base/money.h"

namespace passmint::design {
namespace {

using icu::number::LocalizedNumberFormatter;

// Languages times currencies; more than all templates of a site have together.
constexpr std::size_t kKeptMax = 256;

LocalizedNumberFormatter MakeFormatter(std::string_view language, const std::string& code,
                                       int exponent) {
  UErrorCode status = U_ZERO_ERROR;
  icu::Locale locale = icu::Locale::forLanguageTag(
      icu::StringPiece(language.data(), static_cast<int>(language.size())), status);
  if (U_FAILURE(status) != 0) locale = icu::Locale::getRoot();
  status = U_ZERO_ERROR;
  return icu::number::NumberFormatter::withLocale(locale)
      .unit(icu::CurrencyUnit(icu::StringPiece(code), status))
      .unitWidth(UNUM_UNIT_WIDTH_NARROW)
      .precision(icu::number::Precision::fixedFraction(exponent));
}

// Making one takes as long as formatting a hundred amounts.
std::shared_ptr<const LocalizedNumberFormatter> FindFormatter(std::string_view language,
                                                              Currency currency) {
  static std::mutex mutex;
  static std::map<std::pair<std::string, std::string>,
                  std::shared_ptr<const LocalizedNumberFormatter>>
      kept;
  const std::lock_guard<std::mutex> lock(mutex);
  auto key = std::make_pair(std::string(language), std::string(currency.code()));
  if (const auto found = kept.find(key); found != kept.end()) return found->second;
  if (kept.size() >= kKeptMax) kept.clear();
  auto made = std::make_shared<const LocalizedNumberFormatter>(
      MakeFormatter(language, key.second, currency.exponent()));
  kept.emplace(std::move(key), made);
  return made;
}

}  // namespace

std::string MoneyText(const Decimal& amount, Currency currency, std::string_view language) {
  std::string text;
  UErrorCode status = U_ZERO_ERROR;
  // Through decimal text: exact for every amount.
  FindFormatter(language, currency)
      ->formatDecimal(FormatMajor(amount.digits, amount.exponent), status)
      .toString(status)
      .toUTF8String(text);
  return text;
}

}  // namespace passmint::design
