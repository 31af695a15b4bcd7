#include "apple/internal/field_writer.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "apple/internal/json_text.h"
#include "base/timestamp.h"
#include "design/blocks.h"
#include "json/json.h"

namespace passmint::apple::internal {
namespace {

using design::RenderedText;

void AppendMember(std::string_view key, std::string_view json_value, std::string& json) {
  json += ",\"";
  json += key;
  json += "\":";
  json += json_value;
}

std::string DateStyleName(design::DateStyle style) {
  static constexpr std::array<std::string_view, 5> kNames = {"None", "Short", "Medium", "Long",
                                                             "Full"};
  return "\"PKDateStyle" + std::string(kNames[static_cast<std::size_t>(style)]) + '"';
}

std::string AlignmentName(design::Alignment alignment) {
  static constexpr std::array<std::string_view, 4> kNames = {"Natural", "Left", "Center", "Right"};
  return "\"PKTextAlignment" + std::string(kNames[static_cast<std::size_t>(alignment)]) + '"';
}

// Names of contract/templates.md to Apple's. What is neither stays, for lint to find.
std::string DetectorName(const std::string& name) {
  static constexpr std::array<std::array<std::string_view, 2>, 4> kNames = {
      {{"phone", "PKDataDetectorTypePhoneNumber"},
       {"link", "PKDataDetectorTypeLink"},
       {"address", "PKDataDetectorTypeAddress"},
       {"calendar", "PKDataDetectorTypeCalendarEvent"}}};
  for (const auto& [ours, apples] : kNames) {
    if (name == ours) return std::string(apples);
  }
  return name;
}

std::string DateStyles(const design::Field& field) {
  std::string styles;
  const bool has_time = field.type != design::FieldType::kDate;
  AppendMember("dateStyle", DateStyleName(field.date_style), styles);
  // Both, since an absent style is the system's choice, not none (Apple reference 2.10).
  AppendMember("timeStyle", DateStyleName(has_time ? field.time_style : design::DateStyle::kNone),
               styles);
  if (field.relative) AppendMember("isRelative", "true", styles);
  return styles;
}

std::string Head(const design::Field& field) {
  std::string head = "{\"key\":";
  AppendJsonString(field.key, head);
  if (field.detect.has_value()) {
    Json types = Json::array();
    for (const std::string& name : *field.detect) types.push_back(DetectorName(name));
    AppendMember("dataDetectorTypes", json::Dump(types), head);
  }
  if (field.row != 0) AppendMember("row", std::to_string(field.row), head);
  if (field.align != design::Alignment::kNatural) {
    AppendMember("textAlignment", AlignmentName(field.align), head);
  }
  return head;
}

std::optional<std::string> FixedMember(std::string_view key, const design::Text& text,
                                       FixedStrings& strings) {
  const std::optional<RenderedText> fixed = FixedText(text);
  if (!fixed.has_value()) return std::nullopt;
  std::string member;
  if (fixed->empty()) return member;
  AppendMember(key, {}, member);
  AppendJsonString(strings.Put(*fixed), member);
  return member;
}

void AppendTextMember(std::string_view key, const RenderedText& text, CardStrings& strings,
                      std::string& json) {
  if (text.empty()) return;
  AppendMember(key, {}, json);
  strings.AppendAsJson(text, json);
}

void AppendHtmlEscaped(std::string_view text, std::string& html) {
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
}

RenderedText Anchor(const RenderedText& href, const RenderedText& text) {
  RenderedText anchor;
  const std::size_t count = std::max(href.by_language.size(), text.by_language.size());
  for (std::size_t i = 0; i < count; ++i) {
    std::string& html = anchor.by_language.emplace_back("<a href=\"");
    AppendHtmlEscaped(href.In(i), html);
    html += "\">";
    AppendHtmlEscaped(text.In(i), html);
    html += "</a>";
  }
  return anchor;
}

}  // namespace

FieldWriter::FieldWriter(const design::Template& source, FieldAt at, FixedStrings& strings)
    : source_(&source) {
  const design::Field& field = source.Group(at.first)[at.second];
  head_ = Head(field);
  AddSemantics(field, at, strings);
  label_ = FixedMember("label", field.label, strings);
  change_ = FixedMember("changeMessage", field.change, strings);
  date_styles_ = DateStyles(field);
  is_percent_ = field.type == design::FieldType::kPercent;
  AppendMember("numberStyle", is_percent_ ? "\"PKNumberStylePercent\"" : "\"PKNumberStyleDecimal\"",
               number_style_);
  SetWhole(field, strings);
}

void FieldWriter::AddSemantics(const design::Field& field, FieldAt at, FixedStrings& strings) {
  if (field.semantics.is_null()) return;
  semantics_pointer_ = FieldPointer(at) + "/semantics";
  if (design::HasVariableBlockTexts(*source_, semantics_pointer_)) {
    semantics_ = &field.semantics;
    return;
  }
  const design::RenderedCard texts = FixedBlockTexts(*source_);
  const BlockTexts blocks{*source_, texts, strings};
  AppendMember("semantics",
               json::Dump(FillWithLiterals(field.semantics, semantics_pointer_, blocks)), head_);
}

// A field that shows the same on every card is written once.
void FieldWriter::SetWhole(const design::Field& field, FixedStrings& strings) {
  const std::optional<RenderedText> value = FixedText(field.value);
  const std::optional<RenderedText> href = FixedText(field.href);
  const bool is_fixed = field.type == design::FieldType::kText && semantics_ == nullptr && value &&
                        href && label_ && change_;
  if (!is_fixed) return;
  whole_ = head_ + *label_ + *change_;
  if (!href->empty() && !value->empty()) {
    AppendMember("attributedValue", {}, *whole_);
    AppendJsonString(strings.Put(Anchor(*href, *value)), *whole_);
  }
  AppendMember("value", {}, *whole_);
  AppendJsonString(strings.Put(*value), *whole_);
  *whole_ += '}';
}

void FieldWriter::Append(const design::RenderedField& rendered, const design::RenderedCard& card,
                         CardStrings& strings, std::string& json) const {
  if (whole_.has_value()) {
    json += *whole_;
    return;
  }
  json += head_;
  if (semantics_ != nullptr) {
    const BlockTexts blocks{*source_, card, strings};
    AppendMember("semantics", json::Dump(FillWithLiterals(*semantics_, semantics_pointer_, blocks)),
                 json);
  }
  if (label_.has_value()) {
    json += *label_;
  } else {
    AppendTextMember("label", rendered.label, strings, json);
  }
  if (change_.has_value()) {
    json += *change_;
  } else {
    AppendTextMember("changeMessage", rendered.change, strings, json);
  }
  AppendValue(rendered, strings, json);
  json += '}';
}

void FieldWriter::AppendValue(const design::RenderedField& rendered, CardStrings& strings,
                              std::string& json) const {
  if (const auto* text = std::get_if<RenderedText>(&rendered.value)) {
    if (!rendered.href.empty() && !text->empty()) {
      AppendTextMember("attributedValue", Anchor(rendered.href, *text), strings, json);
    }
    AppendMember("value", {}, json);
    strings.AppendAsJson(*text, json);
  } else if (const auto* date = std::get_if<design::RenderedDate>(&rendered.value)) {
    json += date_styles_;
    if (date->ignores_time_zone) AppendMember("ignoresTimeZone", "true", json);
    AppendMember("value", {}, json);
    AppendJsonString(FormatRfc3339(date->instant, date->offset), json);
  } else if (const auto* integer = std::get_if<std::int64_t>(&rendered.value)) {
    AppendNumber(rendered, {*integer, 0}, json);
  } else {
    AppendNumber(rendered, std::get<design::Decimal>(rendered.value), json);
  }
}

void FieldWriter::AppendNumber(const design::RenderedField& rendered, design::Decimal number,
                               std::string& json) const {
  if (rendered.currency.has_value()) {
    AppendMember("currencyCode", '"' + rendered.currency->code() + '"', json);
  } else {
    json += number_style_;
  }
  // 5 % is 0.05 to a number formatter.
  if (is_percent_) number.exponent += 2;
  AppendMember("value", {}, json);
  AppendDecimal(number, json);
}

void AppendLinkField(std::size_t number, const design::RenderedLink& link, CardStrings& strings,
                     std::string& json) {
  const RenderedText url{{link.url}};
  json += "{\"key\":\"passmint-link-" + std::to_string(number) + '"';
  AppendTextMember("label", link.label, strings, json);
  AppendTextMember("attributedValue", Anchor(url, url), strings, json);
  AppendTextMember("value", url, strings, json);
  json += '}';
}

}  // namespace passmint::apple::internal
