#include "app/card_data.h"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <utility>

#include "base/timestamp.h"
#include "json/json.h"

namespace passmint::app {
namespace {

using design::Value;
using design::ValueType;

// The JSON value as a variable of that type wants it; nothing if it does not fit.
std::optional<Value> ValueOf(const Json& json, ValueType type, const Currency& currency) {
  if (json.is_null()) return Value();
  if (type == ValueType::kInteger || type == ValueType::kMoney) {
    if (!json.is_number_integer()) return std::nullopt;
    const auto number = json.get<std::int64_t>();
    return type == ValueType::kInteger ? Value(number) : Value(Money{number, currency});
  }
  if (!json.is_string()) return std::nullopt;
  const auto& text = json.get_ref<const std::string&>();
  if (type == ValueType::kText) return Value(text);
  if (type == ValueType::kInstant) {
    const auto instant = ParseRfc3339(text);
    return instant.ok() ? std::optional<Value>(instant.value()) : std::nullopt;
  }
  const auto day = ParseDate(text);
  return day.ok() ? std::optional<Value>(day.value()) : std::nullopt;
}

std::string_view Form(ValueType type) {
  switch (type) {
    case ValueType::kText:
      return "a string";
    case ValueType::kInteger:
      return "an integer";
    case ValueType::kMoney:
      return "an integer of minor units, such as 199900 for 1999.00";
    case ValueType::kInstant:
      return "a string such as \"2026-11-21T10:00:00+03:00\"";
    case ValueType::kDate:
      return "a string such as \"2026-11-21\"";
  }
  return "";
}

class Reader {
 public:
  explicit Reader(const Currency& currency) : currency_(currency) {}

  void Read(const Json& object, const std::string& prefix, const std::string& pointer) {
    for (const auto& [key, value] : object.items()) {
      const std::string name = prefix + key;
      const std::string here = json::Child(pointer, key);
      if (value.is_object()) {
        Read(value, name + ".", here);
      } else {
        Take(name, value, here);
      }
    }
  }

  Result<design::Values> Finish() && {
    if (problems_.empty()) return std::move(values_);
    Error error{.code = ErrorCode::kInvalidArgument, .message = problems_.front().detail};
    if (problems_.size() > 1) error.message = fmt::format("{} values are wrong", problems_.size());
    error.hint = "passmint template variables lists names and types";
    error.problems = std::move(problems_);
    return error;
  }

 private:
  void Take(const std::string& name, const Json& json, const std::string& pointer) {
    const design::Variable* variable = design::FindVariable(name);
    if (variable == nullptr) {
      return Complain("unknown_variable", pointer,
                      fmt::format("{}: there is no such variable; the nearest is {}", name,
                                  design::NearestVariable(name)));
    }
    if (!seen_.insert(name).second) {
      return Complain("duplicate_variable", pointer, name + ": is given twice");
    }
    auto value = ValueOf(json, variable->type, currency_);
    if (!value) {
      return Complain("wrong_type", pointer,
                      fmt::format("{}: must be {}", name, Form(variable->type)));
    }
    values_.Set(name, *std::move(value));
  }

  void Complain(const char* code, const std::string& pointer, std::string detail) {
    problems_.push_back({code, pointer, std::move(detail)});
  }

  const Currency& currency_;
  design::Values values_;
  std::set<std::string> seen_;
  std::vector<InputProblem> problems_;
};

}  // namespace

Result<design::Values> ParseCardData(std::string_view json_text, const Currency& currency) {
  const auto parsed = json::Parse(json_text, kCardDataBytesMax);
  if (!parsed.ok()) return parsed.error();
  if (!parsed.value().is_object()) {
    return InvalidInput("wrong_type", "", "the data of a card must be a JSON object");
  }
  Reader reader(currency);
  reader.Read(parsed.value(), "", "");
  return std::move(reader).Finish();
}

Result<design::Values> FindSample(std::string_view name, const Currency& currency) {
  std::string names;
  for (std::size_t i = 0; i < design::kSamples; ++i) {
    const auto sample = static_cast<design::Sample>(i);
    if (name == design::Name(sample)) return design::SampleValues(sample, currency.code());
    names += (names.empty() ? "" : ", ") + std::string(design::Name(sample));
  }
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = fmt::format("there is no sample \"{}\"", name),
               .hint = "samples are " + names};
}

design::CardState StateOf(const design::Values& values) {
  const auto* status = std::get_if<std::string>(&values.Find("card.status"));
  if (status == nullptr || *status == "active") return design::CardState::kActive;
  if (*status == "blocked") return design::CardState::kBlocked;
  if (*status == "expired") return design::CardState::kExpired;
  return design::CardState::kClosed;
}

}  // namespace passmint::app
