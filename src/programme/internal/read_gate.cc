#include <algorithm>
#include <array>

#include "programme/internal/rule_reader.h"

namespace passmint::programme::internal {
namespace {

// Deeper conditions are nobody's rule.
constexpr int kDepthMax = 8;
constexpr std::size_t kPartsMax = 50;
constexpr std::size_t kValuesMax = 1000;
constexpr std::int64_t kNumberMax = ledger::kAmountMax;
constexpr std::string_view kAttributePrefix = "member.attribute.";

const FieldInfo* FindField(std::string_view name) {
  for (const FieldInfo& info : AllFields()) {
    const bool found = info.field == Field::kMemberAttribute
                           ? name.starts_with(kAttributePrefix) && name.size() > info.name.size()
                           : name == info.name;
    if (found) return &info;
  }
  return nullptr;
}

// "HH:MM" as minutes of the day.
std::optional<std::int64_t> ReadClock(std::string_view text) {
  constexpr std::size_t kLength = 5;
  if (text.size() != kLength || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 24 || minute > 59 || (hour == 24 && minute > 0)) return std::nullopt;
  return hour * 60 + minute;
}

// One value of a test, by the field's type; false if it has another type.
bool AddValue(const Json& value, FieldType type, Test& test) {
  if (type == FieldType::kText) {
    if (!value.is_string()) return false;
    test.texts.push_back(value.get<std::string>());
    return true;
  }
  if (type == FieldType::kClock) {
    const auto clock =
        value.is_string() ? ReadClock(value.get_ref<const std::string&>()) : std::nullopt;
    if (clock) test.numbers.push_back(*clock);
    return clock.has_value();
  }
  if (value.is_boolean()) {
    test.numbers.push_back(value.get<bool>() ? 1 : 0);
    return true;
  }
  if (!value.is_number_integer()) return false;
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() > static_cast<std::uint64_t>(kNumberMax)) {
    return false;
  }
  const auto number = value.get<std::int64_t>();
  if (number < -kNumberMax || number > kNumberMax) return false;
  test.numbers.push_back(number);
  return true;
}

std::string_view Wanted(FieldType type) {
  switch (type) {
    case FieldType::kText:
      return "a text";
    case FieldType::kClock:
      return "a time such as \"09:30\"";
    case FieldType::kNumber:
      break;
  }
  return "an integer";
}

void ReadValue(Fields& fields, FieldType type, Test& test) {
  const bool many = test.operation == Operation::kIn || test.operation == Operation::kNotIn;
  const Json* value = fields.Find("value");
  if (value == nullptr) return fields.Problem("value", "required", "what to compare with");
  if (!many) {
    if (!AddValue(*value, type, test)) {
      fields.Problem("value", "wrong_type", "not " + std::string(Wanted(type)));
    }
    return;
  }
  if (!value->is_array() || value->empty() || value->size() > kValuesMax) {
    return fields.Problem("value", "wrong_type", "not a list of 1 to 1000 values");
  }
  for (const Json& one : *value) {
    if (!AddValue(one, type, test)) {
      return fields.Problem("value", "wrong_type",
                            "not a list of which each is " + std::string(Wanted(type)));
    }
  }
}

Operation ReadOperation(Fields& fields, FieldType type) {
  const Operation operation = fields.ChoiceAt("op", Operation::kEqual,
                                              {{"eq", Operation::kEqual},
                                               {"ne", Operation::kNotEqual},
                                               {"lt", Operation::kLess},
                                               {"le", Operation::kAtMost},
                                               {"gt", Operation::kGreater},
                                               {"ge", Operation::kAtLeast},
                                               {"in", Operation::kIn},
                                               {"not_in", Operation::kNotIn}});
  const bool orders = operation == Operation::kLess || operation == Operation::kAtMost ||
                      operation == Operation::kGreater || operation == Operation::kAtLeast;
  if (type == FieldType::kText && orders) {
    fields.Problem("op", "unknown_value", "texts are compared by eq, ne, in and not_in only");
    return Operation::kEqual;
  }
  return operation;
}

Condition ReadTest(Fields& fields, KnownThen known) {
  Condition condition{.kind = Condition::Kind::kTest};
  const std::string name = fields.Text("field", "");
  const FieldInfo* info = FindField(name);
  if (info == nullptr) {
    std::vector<std::string_view> names;
    for (const FieldInfo& each : AllFields()) names.push_back(each.name);
    fields.Problem("field", "unknown_value", NotOneOf(name, names));
    fields.Find("op");
    fields.Find("value");
    return condition;
  }
  Test& test = condition.test;
  test.field = info->field;
  if (info->field == Field::kMemberAttribute) test.attribute = name.substr(kAttributePrefix.size());
  if (IsOfEarning(info->field) && known == KnownThen::kBeforeDiscounts) {
    fields.Problem("field", "unknown_value", name + " is not known before the discounts are done");
  }
  condition.of_lines = IsOfLine(info->field);
  test.operation = ReadOperation(fields, info->type);
  ReadValue(fields, info->type, test);
  return condition;
}

void ReadParts(Fields& fields, std::string_view name, KnownThen known, int depth,
               Condition& condition) {
  const Json* parts = fields.List(name, kPartsMax);
  if (parts == nullptr) return;
  if (parts->empty()) fields.Problem(name, "wrong_type", "an empty list says nothing");
  for (std::size_t i = 0; i < parts->size(); ++i) {
    condition.parts.push_back(ReadCondition((*parts)[i], json::Child(fields.At(name), i),
                                            fields.problems(), known, depth + 1));
    condition.of_lines = condition.of_lines || condition.parts.back().of_lines;
  }
}

LocalTime AtEndOfTime() { return LocalTime::max(); }

std::optional<LocalTime> ReadInstant(Fields& fields, std::string_view name) {
  const Json* value = fields.Find(name);
  if (value == nullptr) return std::nullopt;
  const auto time =
      value->is_string() ? ReadLocalTime(value->get_ref<const std::string&>()) : std::nullopt;
  if (!time) {
    fields.Problem(name, "invalid_time", "neither \"2026-12-01\" nor \"2026-12-01T10:00\"");
  }
  return time;
}

Window ReadWindow(const Json& json, const std::string& pointer, Problems& problems) {
  Fields fields(json, pointer, problems);
  const Window window{.begins = ReadInstant(fields, "from"), .ends = ReadInstant(fields, "until")};
  if (window.begins && window.begins >= window.ends.value_or(AtEndOfTime())) {
    fields.Problem("until", "window_ends_before_it_begins",
                   "\"until\" is the first moment that is out: it lies behind \"from\"");
  }
  fields.RefuseUnknown();
  return window;
}

}  // namespace

Condition ReadCondition(const Json& json, const std::string& pointer, Problems& problems,
                        KnownThen known, int depth) {
  Condition condition;
  Fields fields(json, pointer, problems);
  if (!json.is_object()) return condition;
  if (depth > kDepthMax) {
    fields.Problem("", "too_deep", "conditions nest at most 8 deep");
    return condition;
  }
  if (json.contains("field")) {
    condition = ReadTest(fields, known);
  } else if (json.contains("any")) {
    condition.kind = Condition::Kind::kAny;
    ReadParts(fields, "any", known, depth, condition);
  } else if (json.contains("not")) {
    condition.kind = Condition::Kind::kNot;
    condition.parts.push_back(
        ReadCondition(*fields.Find("not"), fields.At("not"), problems, known, depth + 1));
    condition.of_lines = condition.parts.front().of_lines;
  } else {
    ReadParts(fields, "all", known, depth, condition);
  }
  fields.RefuseUnknown();
  return condition;
}

Selector ReadSelector(const Json& json, const std::string& pointer, Problems& problems) {
  Fields fields(json, pointer, problems);
  Selector selector{.skus = fields.Texts("sku"), .categories = fields.Texts("category")};
  const std::vector<std::string> kinds = fields.Texts("type");
  const std::vector<std::string_view> known{"product", "delivery", "tip"};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto found = std::find(known.begin(), known.end(), kinds[i]);
    if (found == known.end()) {
      problems.push_back(
          {"unknown_value", json::Child(fields.At("type"), i), NotOneOf(kinds[i], known)});
    } else {
      selector.kinds.push_back(static_cast<LineKind>(found - known.begin()));
    }
  }
  fields.RefuseUnknown();
  std::sort(selector.skus.begin(), selector.skus.end());
  std::sort(selector.categories.begin(), selector.categories.end());
  return selector;
}

Gate ReadGate(Fields& rule, RuleReader& reader, KnownThen known) {
  Gate gate;
  Problems& problems = reader.problems;
  if (const Json* window = rule.Find("window")) {
    gate.window = ReadWindow(*window, rule.At("window"), problems);
  }
  if (const Json* when = rule.Find("when")) {
    gate.when = ReadCondition(*when, rule.At("when"), problems, known);
  }
  if (const Json* include = rule.Find("include")) {
    gate.include = ReadSelector(*include, rule.At("include"), problems);
  }
  if (const Json* exclude = rule.Find("exclude")) {
    gate.exclude = ReadSelector(*exclude, rule.At("exclude"), problems);
  }
  return gate;
}

}  // namespace passmint::programme::internal
