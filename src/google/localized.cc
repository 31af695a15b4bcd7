#include "google/localized.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "base/money.h"
#include "design/money_text.h"

namespace passmint::google {
namespace {

// How a language writes numbers and days. Source: Unicode CLDR 42, decimal and group symbols and
// the medium date pattern, the latter with numerals for the month.
struct Habits {
  std::string_view language;
  std::string_view group;
  std::string_view decimal;
  // {0} year, {1} month, {2} day.
  std::string_view date;
};

constexpr std::string_view kNoBreakSpace = "\u00A0";
constexpr std::string_view kNarrowSpace = "\u202F";
constexpr std::string_view kDayDots = "{2:02}.{1:02}.{0}";
constexpr std::string_view kDaySlashes = "{2:02}/{1:02}/{0}";
constexpr std::string_view kIsoDay = "{0}-{1:02}-{2:02}";

constexpr auto kHabits = std::to_array<Habits>({
    {"ru", kNoBreakSpace, ",", kDayDots},
    {"uk", kNoBreakSpace, ",", kDayDots},
    {"be", kNoBreakSpace, ",", kDayDots},
    {"kk", kNoBreakSpace, ",", kDayDots},
    {"bg", kNoBreakSpace, ",", kDayDots},
    {"cs", kNoBreakSpace, ",", kDayDots},
    {"sk", kNoBreakSpace, ",", kDayDots},
    {"pl", kNoBreakSpace, ",", kDayDots},
    {"fi", kNoBreakSpace, ",", kDayDots},
    {"nb", kNoBreakSpace, ",", kDayDots},
    {"sv", kNoBreakSpace, ",", kIsoDay},
    {"fr", kNarrowSpace, ",", kDaySlashes},
    {"de", ".", ",", kDayDots},
    {"tr", ".", ",", kDayDots},
    {"it", ".", ",", kDaySlashes},
    {"es", ".", ",", kDaySlashes},
    {"pt", ".", ",", kDaySlashes},
    {"nl", ".", ",", "{2:02}-{1:02}-{0}"},
    {"en", ",", ".", "{3} {2}, {0}"},
    {"zh", ",", ".", "{0}/{1:02}/{2:02}"},
    {"ja", ",", ".", "{0}/{1:02}/{2:02}"},
    {"ko", ",", ".", "{0}. {1}. {2}."},
    {"he", ",", ".", "{2}.{1}.{0}"},
    {"hy", kNoBreakSpace, ",", kDayDots},
    {"ka", kNoBreakSpace, ",", kDayDots},
    {"az", ".", ",", kDayDots},
    {"uz", kNoBreakSpace, ",", kDaySlashes},
});
constexpr Habits kOther = {"", kNoBreakSpace, ".", kIsoDay};

const Habits& HabitsOf(std::string_view language) {
  const std::string_view primary = language.substr(0, language.find('-'));
  for (const Habits& habits : kHabits) {
    if (habits.language == primary) return habits;
  }
  return kOther;
}

// From "-1234.50" with a point.
std::string Grouped(std::string_view plain, const Habits& habits) {
  std::string text;
  if (!plain.empty() && plain.front() == '-') {
    text += '-';
    plain.remove_prefix(1);
  }
  const std::size_t point = plain.find('.');
  const std::string_view whole = plain.substr(0, point);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i > 0 && (whole.size() - i) % 3 == 0) text += habits.group;
    text += whole[i];
  }
  if (point != std::string_view::npos) {
    text += habits.decimal;
    text += plain.substr(point + 1);
  }
  return text;
}

std::string DayAndTime(const design::RenderedDate& date, const design::Field& definition,
                       const Habits& habits) {
  constexpr std::array<std::string_view, 12> kEnglishMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Timestamp local = date.instant + date.offset;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day calendar(day);
  const auto month = static_cast<unsigned>(calendar.month());
  std::string text;
  if (definition.date_style != design::DateStyle::kNone) {
    text = fmt::format(fmt::runtime(habits.date), static_cast<int>(calendar.year()), month,
                       static_cast<unsigned>(calendar.day()), kEnglishMonths[month - 1]);
  }
  const bool with_time = definition.type == design::FieldType::kDateTime &&
                         definition.time_style != design::DateStyle::kNone;
  if (with_time) {
    const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
    if (!text.empty()) text += ' ';
    text += fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
  }
  return text;
}

// Digits and decimals of a number. Nothing for texts and dates.
std::optional<std::string> PlainNumber(const design::RenderedValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* decimal = std::get_if<design::Decimal>(&value)) {
    return FormatMajor(decimal->digits, decimal->exponent);
  }
  return std::nullopt;
}

}  // namespace

Json Localized(const design::RenderedText& text, const std::vector<std::string>& languages) {
  Json localized = Json::object();
  if (text.empty()) return localized;
  Json& value = localized["defaultValue"];
  value["language"] = languages.front();
  value["value"] = text.In(0);
  if (text.uniform()) return localized;
  Json& translations = localized["translatedValues"];
  translations = Json::array();
  for (std::size_t i = 1; i < languages.size(); ++i) {
    Json translation = Json::object();
    translation["language"] = languages[i];
    translation["value"] = text.In(i);
    translations.push_back(std::move(translation));
  }
  return localized;
}

void SetTwins(Json& target, const char* plain, const char* localized,
              const design::RenderedText& text, const std::vector<std::string>& languages) {
  if (text.empty()) return;
  target[plain] = text.In(0);
  if (!text.uniform()) target[localized] = Localized(text, languages);
}

design::RenderedText ValueText(const design::RenderedField& field, const design::Field& definition,
                               const std::vector<std::string>& languages) {
  if (const auto* text = std::get_if<design::RenderedText>(&field.value)) return *text;
  design::RenderedText result;
  const auto number = PlainNumber(field.value);
  for (const std::string& language : languages) {
    const Habits& habits = HabitsOf(language);
    std::string text;
    const auto* const decimal = std::get_if<design::Decimal>(&field.value);
    if (decimal != nullptr && field.currency) {
      text = design::MoneyText(*decimal, *field.currency, language);
    } else if (number) {
      text = Grouped(*number, habits);
      if (definition.type == design::FieldType::kPercent) text += "%";
    } else if (const auto* date = std::get_if<design::RenderedDate>(&field.value)) {
      text = DayAndTime(*date, definition, habits);
    }
    result.by_language.push_back(std::move(text));
  }
  for (const std::string& text : result.by_language) {
    if (text != result.by_language.front()) return result;
  }
  result.by_language.resize(1);
  return result;
}

}  // namespace passmint::google
