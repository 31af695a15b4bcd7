#include "design/internal/renderer.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace passmint::design::internal {
namespace {

std::optional<RenderedValue> DayValue(std::chrono::year_month_day day,
                                      const calendar::TimeZone& zone) {
  const Timestamp start = zone.StartOf(day);
  return RenderedDate{.instant = start, .offset = zone.OffsetAt(start), .ignores_time_zone = true};
}

std::optional<RenderedValue> DateValue(FieldType type, const Value& value,
                                       const calendar::TimeZone& zone) {
  const auto at = [&](Timestamp instant) -> std::optional<RenderedValue> {
    if (type == FieldType::kDate) return DayValue(zone.DayAt(instant), zone);
    return RenderedDate{
        .instant = instant, .offset = zone.OffsetAt(instant), .ignores_time_zone = false};
  };
  if (const auto* const instant = std::get_if<Timestamp>(&value)) return at(*instant);
  if (const auto* const day = std::get_if<std::chrono::year_month_day>(&value))
    return DayValue(*day, zone);
  if (const auto* const text = std::get_if<std::string>(&value)) {
    if (const auto instant = ParseRfc3339(*text); instant.ok()) return at(instant.value());
    if (const auto day = ParseDate(*text); day.ok()) return DayValue(day.value(), zone);
  }
  return std::nullopt;
}

std::optional<RenderedValue> NumberValue(FieldType type, const Value& value) {
  if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
    if (type == FieldType::kCurrency) return Decimal{.digits = *integer, .exponent = 0};
    return *integer;
  }
  if (const auto* const money = std::get_if<Money>(&value)) {
    if (type == FieldType::kPercent) return std::nullopt;
    return Decimal{.digits = money->minor, .exponent = money->currency.exponent()};
  }
  if (const auto* const text = std::get_if<std::string>(&value)) {
    const auto decimal = ParseDecimal(*text);
    if (!decimal) return std::nullopt;
    if (decimal->exponent == 0 && type != FieldType::kCurrency) return decimal->digits;
    return *decimal;
  }
  return std::nullopt;
}

}  // namespace

std::optional<RenderedValue> TypedValue(FieldType type, const Value& value,
                                        const std::optional<Currency>& currency,
                                        const calendar::TimeZone& zone) {
  switch (type) {
    case FieldType::kText:
      return std::nullopt;
    case FieldType::kCurrency:
      return currency ? NumberValue(type, value) : std::nullopt;
    case FieldType::kNumber:
    case FieldType::kPercent:
      return NumberValue(type, value);
    case FieldType::kDate:
    case FieldType::kDateTime:
      return DateValue(type, value, zone);
  }
  return std::nullopt;
}

calendar::TimeZone FindZoneOrUtc(const std::string& name) {
  auto zone = calendar::TimeZone::Find(name);
  return zone.ok() ? std::move(zone).value() : calendar::TimeZone::Find("UTC").value();
}

Renderer::Renderer(ParsedTemplate parsed, const ProgrammeFacts& programme,
                   std::vector<VariantChooser> choosers)
    : source_(std::move(parsed.source)),
      block_forms_(std::move(parsed.block_forms)),
      expander_(source_.languages, programme.name, programme.currency,
                FindZoneOrUtc(programme.time_zone)),
      choosers_(std::move(choosers)) {
  for (std::size_t group = 0; group < kFieldGroups; ++group) {
    for (const Field& field : source_.fields[group])
      plans_[group].push_back(PlanField(field, programme));
  }
}

Renderer::FieldPlan Renderer::PlanField(const Field& field, const ProgrammeFacts& programme) const {
  FieldPlan plan{.name = std::string(field.value.SoleVariable()),
                 .constant = std::nullopt,
                 .currency = std::nullopt,
                 .zone = field.zone.empty() ? expander_.zone() : FindZoneOrUtc(field.zone)};
  if (field.type == FieldType::kCurrency)
    plan.currency = field.currency ? field.currency : Currency::Find(programme.currency);
  if (!plan.name.empty()) {
    plan.has_variable = true;
    plan.variable = field.value.versions()[0][0].variable;
  } else if (!field.value.HasVariables()) {
    // As an attribute: its text is read as the type.
    plan.constant = TypedValue(field.type, Value(field.value.Literal(0)), plan.currency, plan.zone);
  }
  return plan;
}

RenderedCard Renderer::Render(const Values& values, CardState state) const {
  if (!source_.stamps || !std::holds_alternative<std::monostate>(values.Find("stamps.of"))) {
    return RenderKnown(values, state);
  }
  // Whoever has the data of the card need not know how many stamps the template draws.
  Values completed = values;
  const std::int64_t of = source_.stamps->of;
  completed.Set("stamps.of", of);
  const auto* const count = std::get_if<std::int64_t>(&values.Find("stamps.count"));
  if (count != nullptr && std::holds_alternative<std::monostate>(values.Find("stamps.left"))) {
    completed.Set("stamps.left", std::clamp<std::int64_t>(of - *count, 0, of));
  }
  return RenderKnown(completed, state);
}

RenderedCard Renderer::RenderKnown(const Values& values, CardState state) const {
  RenderedCard card;
  card.state = state;
  RenderFields(values, card);
  card.organization = expander_.Expand(source_.organization, values, Form::kProse);
  card.description = expander_.Expand(source_.description, values, Form::kProse);
  card.logo_text = expander_.Expand(source_.logo_text, values, Form::kProse);
  RenderLists(values, card);
  card.block_texts.reserve(source_.block_texts.size());
  for (std::size_t i = 0; i < source_.block_texts.size(); ++i) {
    const Text& text = source_.block_texts[i].text;
    card.block_texts.push_back(block_forms_[i] == Form::kUrl
                                   ? RenderUrl(text, values)
                                   : expander_.Expand(text, values, block_forms_[i]));
  }
  card.expires = RenderExpiry(values);
  card.image_variants.reserve(choosers_.size());
  for (const VariantChooser& chooser : choosers_)
    card.image_variants.push_back(Choose(chooser, values));
  return card;
}

void Renderer::RenderFields(const Values& values, RenderedCard& card) const {
  for (std::size_t group = 0; group < kFieldGroups; ++group) {
    const std::vector<Field>& fields = source_.fields[group];
    card.fields[group].reserve(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      RenderedField rendered;
      rendered.definition = i;
      if (RenderField(fields[i], plans_[group][i], values, rendered))
        card.fields[group].push_back(std::move(rendered));
    }
  }
}

void Renderer::RenderLists(const Values& values, RenderedCard& card) const {
  for (std::size_t i = 0; i < source_.barcodes.size(); ++i) {
    const Barcode& barcode = source_.barcodes[i];
    std::string message = expander_.ExpandFirst(barcode.message, values, Form::kPlain);
    if (message.empty()) continue;
    card.barcodes.push_back({.definition = i,
                             .message = std::move(message),
                             .text = expander_.ExpandFirst(barcode.text, values, Form::kPlain)});
  }
  for (const Link& link : source_.links) {
    RenderedText url = RenderUrl(link.url, values);
    RenderedText label = expander_.Expand(link.label, values, Form::kProse);
    if (url.empty() || label.empty()) continue;
    card.links.push_back({.label = std::move(label), .url = url.by_language.front()});
  }
  for (const Location& location : source_.locations) {
    card.locations.push_back({.latitude = location.latitude,
                              .longitude = location.longitude,
                              .text = expander_.Expand(location.text, values, Form::kProse)});
  }
}

bool Renderer::RenderField(const Field& field, const FieldPlan& plan, const Values& values,
                           RenderedField& out) const {
  if (field.type == FieldType::kText) {
    RenderedText text = expander_.Expand(field.value, values, Form::kProse);
    if (text.empty()) return false;
    out.value = std::move(text);
  } else {
    std::optional<RenderedValue> value = plan.constant;
    out.currency = plan.currency;
    if (plan.has_variable) {
      const Value& found = expander_.Look(values, plan.variable, plan.name);
      value = TypedValue(field.type, found, plan.currency, plan.zone);
      const auto* const money = std::get_if<Money>(&found);
      if (money != nullptr && out.currency) out.currency = money->currency;
    }
    if (!value) return false;
    out.value = std::move(*value);
  }
  out.label = expander_.Expand(field.label, values, Form::kProse);
  out.change = expander_.Expand(field.change, values, Form::kProse);
  if (!field.href.empty()) out.href = RenderUrl(field.href, values);
  return true;
}

RenderedText Renderer::RenderUrl(const Text& text, const Values& values) const {
  // A value that is a whole link is not encoded, but it has to be one: it comes from outside.
  const bool whole = !text.SoleVariable().empty();
  RenderedText url = expander_.Expand(text, values, whole ? Form::kPlain : Form::kUrl);
  if (whole && !url.empty() && !IsOpenableUrl(url.by_language.front())) return {};
  return url;
}

std::optional<Timestamp> Renderer::RenderExpiry(const Values& values) const {
  if (source_.expires.empty()) return std::nullopt;
  const std::string_view name = source_.expires.SoleVariable();
  const Value value = name.empty()
                          ? Value(source_.expires.Literal(0))
                          : expander_.Look(values, source_.expires.versions()[0][0].variable, name);
  if (const auto* const instant = std::get_if<Timestamp>(&value)) return *instant;
  std::optional<std::chrono::year_month_day> last_day;
  if (const auto* const day = std::get_if<std::chrono::year_month_day>(&value)) {
    last_day = *day;
  } else if (const auto* const text = std::get_if<std::string>(&value)) {
    if (const auto instant = ParseRfc3339(*text); instant.ok()) return instant.value();
    if (const auto date = ParseDate(*text); date.ok()) last_day = date.value();
  }
  if (!last_day) return std::nullopt;
  const std::chrono::year_month_day next = std::chrono::sys_days(*last_day) + std::chrono::days(1);
  return expander_.zone().StartOf(next) - std::chrono::seconds(1);
}

std::size_t Renderer::Choose(const VariantChooser& chooser, const Values& values) const {
  const std::size_t row = ChooseRow(chooser, values);
  if (!chooser.by_count) return row;
  const Value& value = expander_.Look(values, chooser.variable, chooser.name);
  std::int64_t count = 0;
  if (const auto* const integer = std::get_if<std::int64_t>(&value)) count = *integer;
  if (const auto* const text = std::get_if<std::string>(&value)) {
    const auto decimal = ParseDecimal(*text);
    if (decimal && decimal->exponent == 0) count = decimal->digits;
  }
  const auto filled = static_cast<std::size_t>(std::clamp<std::int64_t>(count, 0, chooser.of));
  return row * (static_cast<std::size_t>(chooser.of) + 1) + filled;
}

std::size_t Renderer::ChooseRow(const VariantChooser& chooser, const Values& values) const {
  for (std::size_t row = 0; row < chooser.rows.size(); ++row) {
    const auto& conditions = chooser.rows[row];
    const bool holds = std::all_of(
        conditions.begin(), conditions.end(), [&](const VariantChooser::Condition& condition) {
          const Value& value = expander_.Look(values, condition.variable, condition.name);
          return expander_.Plain(value) == condition.text;
        });
    if (holds) return row;
  }
  // Lint made sure that the last row has no condition.
  return chooser.rows.empty() ? 0 : chooser.rows.size() - 1;
}

}  // namespace passmint::design::internal
