#include "design/internal/localizer.h"

#include <unicode/calendar.h>
#include <unicode/datefmt.h>
#include <unicode/dtfmtsym.h>
#include <unicode/locid.h>
#include <unicode/numberformatter.h>
#include <unicode/plurrule.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "design/internal/day_pattern.h"

namespace passmint::design::internal {
namespace {

using icu::number::LocalizedNumberFormatter;
using icu::number::NumberFormatter;
using icu::number::Precision;

constexpr std::array<std::string_view, 6> kCategories = {"zero", "one",  "two",
                                                         "few",  "many", "other"};

icu::Locale MakeLocale(std::string_view tag) {
  UErrorCode status = U_ZERO_ERROR;
  icu::Locale locale = icu::Locale::forLanguageTag(
      icu::StringPiece(tag.data(), static_cast<int>(tag.size())), status);
  return U_FAILURE(status) != 0 ? icu::Locale::getRoot() : locale;
}

LocalizedNumberFormatter MakeMoneyFormatter(const icu::Locale& locale, Currency currency) {
  UErrorCode status = U_ZERO_ERROR;
  const std::string code = currency.code();
  const icu::CurrencyUnit unit(icu::StringPiece(code), status);
  return NumberFormatter::withLocale(locale)
      .unit(unit)
      .unitWidth(UNUM_UNIT_WIDTH_NARROW)
      .precision(Precision::fixedFraction(currency.exponent())
                     .trailingZeroDisplay(UNUM_TRAILING_ZERO_HIDE_IF_WHOLE));
}

std::string_view CategoryOf(const icu::PluralRules* rules, std::int64_t number) {
  if (rules == nullptr) return "other";
  const icu::UnicodeString keyword = rules->select(static_cast<double>(number));
  std::array<char, 8> text{};  // The longest category has 5 letters.
  const int32_t length =
      keyword.extract(0, keyword.length(), text.data(), static_cast<uint32_t>(text.size()), "");
  const std::string_view found(text.data(), static_cast<std::size_t>(std::clamp(length, 0, 7)));
  const auto* const known = std::find(kCategories.begin(), kCategories.end(), found);
  return known == kCategories.end() ? "other" : *known;
}

void Append(const icu::UnicodeString& text, std::string& out) { text.toUTF8String(out); }

std::array<std::string, 12> Months(const icu::DateFormatSymbols& symbols,
                                   icu::DateFormatSymbols::DtContextType context,
                                   icu::DateFormatSymbols::DtWidthType width) {
  std::array<std::string, 12> months;
  int32_t count = 0;
  const icu::UnicodeString* const names = symbols.getMonths(count, context, width);
  for (int32_t i = 0; i < std::min(count, 12); ++i)
    names[i].toUTF8String(months[static_cast<std::size_t>(i)]);
  return months;
}

// Nothing if ICU's formatter does more than a DayPattern can.
std::optional<DayPattern> TakeApart(const icu::DateFormat* format) {
  using Symbols = icu::DateFormatSymbols;
  const auto* const simple = dynamic_cast<const icu::SimpleDateFormat*>(format);
  if (simple == nullptr || simple->getCalendar() == nullptr ||
      std::string_view(simple->getCalendar()->getType()) != "gregorian")
    return std::nullopt;
  icu::UnicodeString pattern;
  simple->toPattern(pattern);
  const Symbols& symbols = *simple->getDateFormatSymbols();
  return DayPattern::Parse(
      std::u16string_view(pattern.getBuffer(), static_cast<std::size_t>(pattern.length())),
      {.wide = Months(symbols, Symbols::FORMAT, Symbols::WIDE),
       .abbreviated = Months(symbols, Symbols::FORMAT, Symbols::ABBREVIATED),
       .wide_alone = Months(symbols, Symbols::STANDALONE, Symbols::WIDE),
       .abbreviated_alone = Months(symbols, Symbols::STANDALONE, Symbols::ABBREVIATED)});
}

}  // namespace

struct Localizer::Rep {
  icu::Locale locale;
  LocalizedNumberFormatter integer;
  LocalizedNumberFormatter money;
  std::string currency_code;
  std::unique_ptr<icu::DateFormat> day;
  std::optional<DayPattern> day_pattern;  // Instead of `day` where it can.
  std::unique_ptr<icu::PluralRules> plural;
  std::unique_ptr<icu::PluralRules> ordinal;
  bool ascii_digits = false;
};

Localizer::Localizer(std::string_view language, std::string_view currency_code) {
  auto rep = std::make_unique<Rep>();
  rep->locale = MakeLocale(language);
  rep->integer = NumberFormatter::withLocale(rep->locale);
  if (const auto currency = Currency::Find(currency_code)) {
    rep->money = MakeMoneyFormatter(rep->locale, *currency);
    rep->currency_code = currency->code();
  }
  UErrorCode status = U_ZERO_ERROR;
  rep->plural.reset(icu::PluralRules::forLocale(rep->locale, UPLURAL_TYPE_CARDINAL, status));
  status = U_ZERO_ERROR;
  rep->ordinal.reset(icu::PluralRules::forLocale(rep->locale, UPLURAL_TYPE_ORDINAL, status));
  rep->day.reset(icu::DateFormat::createDateInstance(icu::DateFormat::kMedium, rep->locale));
  // Days come as their midnight in UTC, so that no zone moves them.
  if (rep->day) rep->day->setTimeZone(*icu::TimeZone::getGMT());
  status = U_ZERO_ERROR;
  rep->ascii_digits =
      rep->integer.formatInt(907, status).toString(status) == icu::UnicodeString(u"907");
  if (rep->ascii_digits) rep->day_pattern = TakeApart(rep->day.get());
  rep_ = std::move(rep);
}

Localizer::~Localizer() = default;
Localizer::Localizer(Localizer&&) noexcept = default;

void Localizer::AppendInteger(std::int64_t number, std::string& out) const {
  // Below the first group no language differs but in its digits, and most numbers are small.
  if (number >= 0 && number < 1000 && rep_->ascii_digits) {
    std::array<char, 4> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), end.ptr);
    return;
  }
  UErrorCode status = U_ZERO_ERROR;
  Append(rep_->integer.formatInt(number, status).toString(status), out);
}

void Localizer::AppendMoney(const Money& money, std::string& out) const {
  // Through decimal text: exact for every amount.
  const std::string amount = FormatMajor(money.minor, money.currency.exponent());
  UErrorCode status = U_ZERO_ERROR;
  if (money.currency.code() == rep_->currency_code) {
    Append(rep_->money.formatDecimal(amount, status).toString(status), out);
  } else {
    const LocalizedNumberFormatter formatter = MakeMoneyFormatter(rep_->locale, money.currency);
    Append(formatter.formatDecimal(amount, status).toString(status), out);
  }
}

void Localizer::AppendDay(std::chrono::year_month_day day, std::string& out) const {
  const int year = static_cast<int>(day.year());
  if (rep_->day_pattern && day.ok() && year > 0) {
    rep_->day_pattern->Append(day, out);
    return;
  }
  if (!rep_->day) {
    out += FormatDate(day);
    return;
  }
  const auto midnight = std::chrono::sys_days(day).time_since_epoch();
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(midnight).count();
  icu::UnicodeString text;
  Append(rep_->day->format(static_cast<UDate>(millis), text), out);
}

std::string_view Localizer::Plural(std::int64_t number) const {
  return CategoryOf(rep_->plural.get(), number);
}

std::string_view Localizer::Ordinal(std::int64_t number) const {
  return CategoryOf(rep_->ordinal.get(), number);
}

std::vector<std::string_view> Localizer::WholeNumberCategories() const {
  std::vector<std::string_view> found;
  // Every category of CLDR for whole numbers is met by 0 to 200, but for "many" of a million in
  // some languages, which falls back on "other" well enough.
  for (std::int64_t number = 0; number <= 200; ++number) {
    const std::string_view category = Plural(number);
    if (std::find(found.begin(), found.end(), category) == found.end()) found.push_back(category);
  }
  return found;
}

}  // namespace passmint::design::internal
