#include "http/decode.h"

#include <algorithm>
#include <charconv>

#include "base/nearest.h"
#include "base/utf8.h"
#include "http/router.h"

namespace passmint::http {
namespace {

std::string Suggestion(std::string_view name, const std::vector<std::string>& known) {
  const std::string_view nearest = Nearest(name, known);
  if (nearest.empty() || Edits(name, nearest) > name.size() / 2 + 1) return "no such field";
  return "no such field; did you mean " + std::string(nearest) + "?";
}

std::string_view TypeName(const Json& value) {
  if (value.is_string()) return "a string";
  if (value.is_boolean()) return "a boolean";
  if (value.is_number_float()) return "a number with a decimal point";
  if (value.is_number()) return "an integer";
  if (value.is_array()) return "an array";
  return "an object";
}

std::string Wanted(std::string_view wanted, const Json& found) {
  return std::string(wanted) + " is wanted, not " + std::string(TypeName(found));
}

}  // namespace

ObjectReader::ObjectReader(const Json& object, std::string pointer,
                           std::vector<InputProblem>& problems)
    : object_(object.is_object() ? &object : nullptr),
      pointer_(std::move(pointer)),
      problems_(problems) {
  if (object_ == nullptr) {
    problems_.push_back({"invalid_type", pointer_, Wanted("an object", object)});
  }
}

std::string ObjectReader::PointerTo(std::string_view name) const {
  return json::Child(pointer_, name);
}

void ObjectReader::Report(std::string_view name, std::string code, std::string detail) {
  problems_.push_back({std::move(code), PointerTo(name), std::move(detail)});
}

bool ObjectReader::Has(std::string_view name) {
  known_.emplace_back(name);
  return object_ != nullptr && object_->contains(name);
}

const Json* ObjectReader::Find(std::string_view name) {
  if (!Has(name)) return nullptr;
  const Json& value = *object_->find(name);
  return value.is_null() ? nullptr : &value;
}

const Json* ObjectReader::Any(std::string_view name) { return Find(name); }

const Json* ObjectReader::Object(std::string_view name) {
  const Json* value = Find(name);
  if (value == nullptr || value->is_object()) return value;
  Report(name, "invalid_type", Wanted("an object", *value));
  return nullptr;
}

const Json* ObjectReader::Array(std::string_view name, std::size_t size_max) {
  const Json* value = Find(name);
  if (value == nullptr) return nullptr;
  if (!value->is_array()) {
    Report(name, "invalid_type", Wanted("an array", *value));
  } else if (value->size() > size_max) {
    Report(name, "too_many", "at most " + std::to_string(size_max) + " items");
  } else {
    return value;
  }
  return nullptr;
}

std::optional<std::string> ObjectReader::Text(std::string_view name, TextBounds bounds) {
  const Json* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    Report(name, "invalid_type", Wanted("a string", *value));
    return std::nullopt;
  }
  const auto& text = value->get_ref<const std::string&>();
  const std::size_t count = CodePointCount(text);
  if (count < bounds.min) {
    Report(name, "too_short", "at least " + std::to_string(bounds.min) + " characters");
  } else if (count > bounds.max) {
    Report(name, "too_long", "at most " + std::to_string(bounds.max) + " characters");
  } else if (HasControlCharacter(text)) {
    Report(name, "invalid_value", "control characters are not allowed");
  } else {
    return text;
  }
  return std::nullopt;
}

std::string ObjectReader::RequiredText(std::string_view name, TextBounds bounds) {
  const std::size_t before = problems_.size();
  auto text = Text(name, bounds);
  if (!text && problems_.size() == before && is_object()) Report(name, "required", "is missing");
  return text.value_or("");
}

std::optional<std::int64_t> ObjectReader::Integer(std::string_view name, std::int64_t min,
                                                  std::int64_t max) {
  const Json* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_integer()) {
    Report(name, "invalid_type", Wanted("an integer", *value));
    return std::nullopt;
  }
  const bool huge = value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX;
  const std::int64_t number = huge ? INT64_MAX : value->get<std::int64_t>();
  if (number >= min && number <= max) return number;
  Report(name, "out_of_range", "between " + std::to_string(min) + " and " + std::to_string(max));
  return std::nullopt;
}

std::int64_t ObjectReader::RequiredInteger(std::string_view name, std::int64_t min,
                                           std::int64_t max) {
  const std::size_t before = problems_.size();
  const auto number = Integer(name, min, max);
  if (!number && problems_.size() == before && is_object()) Report(name, "required", "is missing");
  return number.value_or(min > 0 ? min : 0);
}

std::optional<bool> ObjectReader::Boolean(std::string_view name) {
  const Json* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  Report(name, "invalid_type", Wanted("a boolean", *value));
  return std::nullopt;
}

std::optional<std::size_t> ObjectReader::Choice(std::string_view name,
                                                std::initializer_list<std::string_view> values) {
  const auto text = Text(name);
  if (!text) return std::nullopt;
  const auto found = std::find(values.begin(), values.end(), *text);
  if (found != values.end()) return static_cast<std::size_t>(found - values.begin());
  std::string list;
  for (const std::string_view value : values) {
    if (!list.empty()) list += ", ";
    list += value;
  }
  Report(name, "invalid_value", "one of " + list);
  return std::nullopt;
}

void ObjectReader::Finish() {
  if (object_ == nullptr) return;
  for (const auto& [name, value] : object_->items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const std::string shown(FirstCodePoints(name, 64));
    Report(shown, "unknown_field", Suggestion(shown, known_));
  }
}

Result<Json> ParseBody(std::string_view body, std::string_view content_type,
                       std::initializer_list<std::string_view> also) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  if (type != "application/json" && std::find(also.begin(), also.end(), type) == also.end()) {
    return Error{.code = ErrorCode::kUnsupported,
                 .message = "the body has to be JSON",
                 .hint = "send Content-Type: application/json"};
  }
  auto parsed = json::Parse(body, kJsonBytesMax);
  if (!parsed.ok() && parsed.error().code == ErrorCode::kInvalidSyntax) {
    Error error = std::move(parsed).error();
    error.reason = "invalid_json";
    return error;
  }
  return parsed;
}

Status RequireNoMembers(std::string_view body, std::string_view content_type) {
  if (body.empty()) return {};
  auto parsed = ParseBody(body, content_type);
  if (!parsed.ok()) return std::move(parsed).error();
  std::vector<InputProblem> problems;
  ObjectReader(parsed.value(), "", problems).Finish();
  return Verdict(std::move(problems));
}

Status Verdict(std::vector<InputProblem> problems) {
  if (problems.empty()) return {};
  Error error{.code = ErrorCode::kInvalidArgument,
              .message = problems.front().pointer.empty()
                             ? problems.front().detail
                             : problems.front().pointer + ": " + problems.front().detail};
  error.problems = std::move(problems);
  return error;
}

int DecodeLimit(std::string_view query, std::vector<InputProblem>& problems) {
  constexpr int kLimitDefault = 50;
  constexpr int kLimitMax = 200;
  const auto text = QueryValue(query, "limit");
  if (!text) return kLimitDefault;
  int limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  const bool number = error == std::errc() && end == text->data() + text->size();
  if (number && limit >= 1 && limit <= kLimitMax) return limit;
  problems.push_back({"out_of_range", "#query/limit", "1 to 200"});
  return kLimitDefault;
}

}  // namespace passmint::http
