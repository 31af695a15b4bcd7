#include "design/internal/object_reader.h"

#include <algorithm>

#include "base/nearest.h"

namespace passmint::design::internal {
namespace {

std::string_view TypeName(const Json& value) {
  if (value.is_number_integer()) return "an integer";
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return "true or false";
    case Json::value_t::string:
      return "a text";
    case Json::value_t::array:
      return "an array";
    case Json::value_t::object:
      return "an object";
    default:
      return "a number";
  }
}

std::string Join(const std::vector<std::string_view>& words) {
  std::string joined;
  for (const std::string_view word : words) {
    if (!joined.empty()) joined += ", ";
    joined += word;
  }
  return joined;
}

}  // namespace

ObjectReader::ObjectReader(const Json& object, std::string pointer, Report& report, Keys known)
    : object_(object), pointer_(std::move(pointer)), report_(report) {
  if (!object_.is_object()) {
    report_.Error("T03", {pointer_}, "this is " + std::string(TypeName(object_)),
                  "Write an object: {...}.");
    return;
  }
  const std::vector<std::string_view> names(known);
  for (const auto& [key, value] : object_.items()) {
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    report_.Error(
        "T02", {Pointer(key)}, "unknown key " + Quote(key),
        "Did you mean " + Quote(Nearest(key, names)) + "? Known here: " + Join(names) + ".");
  }
}

const Json* ObjectReader::Find(std::string_view key) const {
  if (!object_.is_object()) return nullptr;
  const auto found = object_.find(key);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

void ObjectReader::Require(Keys keys) const {
  if (!object_.is_object()) return;
  for (const std::string_view key : keys) {
    if (Has(key)) continue;
    report_.Error("T05", {pointer_}, Quote(key) + " is missing",
                  "Add it; assets/template.schema.json says what it means.");
  }
}

std::optional<std::string> ObjectReader::String(std::string_view key, std::size_t bytes_max) const {
  const Json* value = Find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    ReportType(key, "a text");
    return std::nullopt;
  }
  const auto& text = value->get_ref<const std::string&>();
  if (text.size() > bytes_max) {
    report_.Error("T04", {Pointer(key)},
                  "longer than " + std::to_string(bytes_max) + " bytes: " + Quote(text),
                  "Shorten it.");
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> ObjectReader::Word(std::string_view key, std::size_t bytes_max) const {
  auto text = String(key, bytes_max);
  if (text && text->find("{{") != std::string::npos) {
    report_.Error("P30", {Pointer(key)}, "variables are not expanded here: " + Quote(*text),
                  "Write the value itself.");
    return std::nullopt;
  }
  return text;
}

bool ObjectReader::Bool(std::string_view key, bool otherwise) const {
  const Json* value = Find(key);
  if (value == nullptr) return otherwise;
  if (value->is_boolean()) return value->get<bool>();
  ReportType(key, "true or false");
  return otherwise;
}

std::optional<std::int64_t> ObjectReader::Integer(std::string_view key, std::int64_t min,
                                                  std::int64_t max) const {
  const Json* value = Find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_integer()) {
    ReportType(key, "an integer");
    return std::nullopt;
  }
  // An unsigned value above the signed range reads as negative, so it is looked at by itself.
  const bool huge = value->is_number_unsigned() &&
                    value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
  const std::int64_t number = huge ? max : value->get<std::int64_t>();
  if (huge || number < min || number > max) {
    report_.Error(
        "T04", {Pointer(key)}, value->dump() + " is out of range",
        "Write an integer from " + std::to_string(min) + " to " + std::to_string(max) + ".");
    return std::nullopt;
  }
  return number;
}

std::optional<double> ObjectReader::Number(std::string_view key, double min, double max,
                                           std::string_view id) const {
  const Json* value = Find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) {
    ReportType(key, "a number");
    return std::nullopt;
  }
  const double number = value->get<double>();
  if (!(number >= min && number <= max)) {
    report_.Error(id, {Pointer(key)}, value->dump() + " is out of range",
                  "Write a number from " + Json(min).dump() + " to " + Json(max).dump() + ".");
    return std::nullopt;
  }
  return number;
}

const Json* ObjectReader::Object(std::string_view key) const {
  const Json* value = Find(key);
  if (value == nullptr || value->is_object()) return value;
  ReportType(key, "an object");
  return nullptr;
}

const Json* ObjectReader::Array(std::string_view key, std::size_t elements_max,
                                std::string_view id) const {
  const Json* value = Find(key);
  if (value == nullptr) return nullptr;
  if (!value->is_array()) {
    ReportType(key, "an array");
    return nullptr;
  }
  if (value->size() > elements_max) {
    report_.Error(id, {Pointer(key)}, std::to_string(value->size()) + " elements are too many",
                  "At most " + std::to_string(elements_max) + " are allowed.");
    return nullptr;
  }
  return value;
}

void ObjectReader::ReportUnknown(const std::string& pointer, std::string_view found,
                                 const std::vector<std::string_view>& known) const {
  report_.Error("T04", {pointer}, Quote(found) + " is not known here",
                "Did you mean " + Quote(Nearest(found, known)) + "? Allowed: " + Join(known) + ".");
}

void ObjectReader::ReportType(std::string_view key, std::string_view wanted) const {
  report_.Error("T03", {Pointer(key)}, "this is " + std::string(TypeName(*Find(key))),
                "Write " + std::string(wanted) + ".");
}

}  // namespace passmint::design::internal
