#include "design/internal/expander.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "design/internal/message.h"

namespace passmint::design::internal {
namespace {

std::size_t IndexOf(std::string_view name) {
  return static_cast<std::size_t>(FindVariable(name) - Variables().data());
}

constexpr std::size_t kAttributesIndex = 0;  // "attributes.*" sorts first.

}  // namespace

// One version of one text being written.
struct Expander::Run {
  const Values& values;
  const Localizer& localizer;
  Form form;
  std::string out;
  bool has_variables = false;
  bool any_known = false;
  std::int64_t count = 0;  // What '#' stands for.
};

Expander::Expander(const std::vector<std::string>& languages, std::string programme_name,
                   std::string_view currency_code, calendar::TimeZone zone)
    : programme_name_(std::move(programme_name)),
      programme_currency_(std::string(currency_code)),
      name_variable_(IndexOf("programme.name")),
      currency_variable_(IndexOf("programme.currency")),
      zone_(zone) {
  localizers_.reserve(languages.size());
  for (const std::string& language : languages) localizers_.emplace_back(language, currency_code);
}

const Value& Expander::Look(const Values& values, std::size_t variable,
                            std::string_view name) const {
  if (variable == kAttributesIndex) return values.Find(name);
  const Value& value = values.At(variable);
  if (value.index() != 0) return value;
  if (variable == name_variable_) return programme_name_;
  if (variable == currency_variable_) return programme_currency_;
  return value;
}

RenderedText Expander::Expand(const Text& text, const Values& values, Form form) const {
  RenderedText rendered;
  if (text.empty()) return rendered;
  const auto& versions = text.versions();
  const std::size_t count = DependsOnLanguage(text, values, form) ? localizers_.size() : 1;
  rendered.by_language.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    Run run{.values = values, .localizer = localizers_[i], .form = form, .out = {}};
    AppendParts(versions[versions.size() == 1 ? 0 : i], run);
    if (run.has_variables && !run.any_known) run.out.clear();
    rendered.by_language.push_back(std::move(run.out));
  }
  const bool uniform = std::all_of(
      rendered.by_language.begin(), rendered.by_language.end(),
      [&](const std::string& version) { return version == rendered.by_language.front(); });
  if (uniform) rendered.by_language.resize(1);
  return rendered;
}

std::string Expander::ExpandFirst(const Text& text, const Values& values, Form form) const {
  if (text.empty()) return {};
  Run run{.values = values, .localizer = localizers_.front(), .form = form, .out = {}};
  AppendParts(text.versions().front(), run);
  if (run.has_variables && !run.any_known) run.out.clear();
  return std::move(run.out);
}

bool Expander::DependsOnLanguage(const Text& text, const Values& values, Form form) const {
  if (localizers_.size() == 1) return false;
  if (text.localised()) return true;
  if (form != Form::kProse) return false;
  const auto& parts = text.versions().front();
  return std::any_of(parts.begin(), parts.end(), [&](const Text::Part& part) {
    if (part.type == Text::Part::Type::kLiteral) return false;
    if (part.type != Text::Part::Type::kVariable) return true;
    const Value& value = Look(values, part.variable, part.text);
    return !std::holds_alternative<std::monostate>(value) &&
           !std::holds_alternative<std::string>(value);
  });
}

void Expander::AppendParts(const std::vector<Text::Part>& parts, Run& run) const {
  for (const Text::Part& part : parts) {
    switch (part.type) {
      case Text::Part::Type::kLiteral:
        run.out += part.text;
        break;
      case Text::Part::Type::kVariable: {
        run.has_variables = true;
        AppendValue(Look(run.values, part.variable, part.text), run);
        break;
      }
      case Text::Part::Type::kMessage:
        run.has_variables = true;
        AppendMessage(part, run);
        break;
      case Text::Part::Type::kCount:
        AppendValue(run.count, run);
        break;
    }
  }
}

void Expander::AppendMessage(const Text::Part& part, Run& run) const {
  const Message& message = *part.message;
  const Value& value = Look(run.values, message.variable, message.name);
  if (std::holds_alternative<std::monostate>(value) && message.type != Message::Type::kSelect)
    return;  // Nothing to count.
  const Message::Case* chosen = &message.cases[message.other];
  if (message.type == Message::Type::kSelect) {
    if (!std::holds_alternative<std::monostate>(value)) run.any_known = true;
    const std::string text = Plain(value);
    for (const Message::Case& option : message.cases) {
      if (option.selector == text) chosen = &option;
    }
    AppendParts(chosen->parts, run);
    return;
  }
  run.any_known = true;
  const auto* const integer = std::get_if<std::int64_t>(&value);
  const std::int64_t number = integer == nullptr ? 0 : *integer;
  const std::int64_t counted = number - message.offset;
  const std::string_view category = message.type == Message::Type::kPlural
                                        ? run.localizer.Plural(counted)
                                        : run.localizer.Ordinal(counted);
  for (const Message::Case& option : message.cases) {
    if (option.exact ? option.number == number : option.selector == category) {
      chosen = &option;
      if (option.exact) break;  // "=1" wins over "one".
    }
  }
  const std::int64_t outer = std::exchange(run.count, counted);
  AppendParts(chosen->parts, run);
  run.count = outer;
}

void Expander::AppendValue(const Value& value, Run& run) const {
  if (std::holds_alternative<std::monostate>(value)) return;
  if (run.form == Form::kUrl) {
    const std::string plain = Plain(value);
    if (!plain.empty()) run.any_known = true;
    AppendPercentEncoded(plain, run.out);
    return;
  }
  if (const auto* const text = std::get_if<std::string>(&value)) {
    if (!text->empty()) run.any_known = true;
    run.out += *text;
    return;
  }
  run.any_known = true;
  const auto* const date = std::get_if<std::chrono::year_month_day>(&value);
  if (run.form == Form::kInstant && date != nullptr) {
    const Timestamp start = zone_.StartOf(*date);
    run.out += FormatRfc3339(start, zone_.OffsetAt(start));
  } else if (run.form != Form::kProse) {
    run.out += Plain(value);
  } else if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
    run.localizer.AppendInteger(*integer, run.out);
  } else if (const auto* const money = std::get_if<Money>(&value)) {
    run.localizer.AppendMoney(*money, run.out);
  } else if (const auto* const instant = std::get_if<Timestamp>(&value)) {
    run.localizer.AppendDay(zone_.DayAt(*instant), run.out);
  } else if (date != nullptr) {
    run.localizer.AppendDay(*date, run.out);
  }
}

std::string Expander::Plain(const Value& value) const {
  if (const auto* const text = std::get_if<std::string>(&value)) return *text;
  if (const auto* const integer = std::get_if<std::int64_t>(&value))
    return std::to_string(*integer);
  if (const auto* const money = std::get_if<Money>(&value))
    return FormatMajor(money->minor, money->currency.exponent());
  if (const auto* const instant = std::get_if<Timestamp>(&value)) return FormatRfc3339(*instant);
  if (const auto* const day = std::get_if<std::chrono::year_month_day>(&value))
    return FormatDate(*day);
  return {};
}

void AppendPercentEncoded(std::string_view text, std::string& out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
  }
}

}  // namespace passmint::design::internal
