#include "cards/member.h"

#include <algorithm>
#include <utility>

namespace passmint::cards {
namespace {

bool IsAttributeName(std::string_view name) {
  if (name.empty() || name.size() > kAttributeNameBytesMax) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool IsAttributeValue(const Json& value) {
  if (value.is_string()) {
    return value.get_ref<const std::string&>().size() <= kAttributeTextBytesMax;
  }
  return value.is_number() || value.is_boolean();
}

}  // namespace

std::string_view ToText(IdentityType type) {
  return type == IdentityType::kPhone ? "phone" : "email";
}

std::optional<IdentityType> IdentityTypeFrom(std::string_view text) {
  if (text == "phone") return IdentityType::kPhone;
  if (text == "email") return IdentityType::kEmail;
  return std::nullopt;
}

Status CheckAttributes(const Json& attributes) {
  Error error{.code = ErrorCode::kInvalidArgument, .message = "attributes are not as they can be"};
  if (!attributes.is_object()) {
    error.problems.push_back({"attribute_value", "", "attributes are an object"});
    return error;
  }
  if (attributes.size() > kAttributesMax) {
    error.problems.push_back({"attributes_count", "", "a member has at most 50 attributes"});
    return error;
  }
  for (auto attribute = attributes.begin(); attribute != attributes.end(); ++attribute) {
    const std::string pointer = json::Child("", attribute.key());
    if (!IsAttributeName(attribute.key())) {
      error.problems.push_back(
          {"attribute_name", pointer, "a name is 1 to 64 of a-z, 0-9 and underscore"});
    }
    if (!IsAttributeValue(attribute.value())) {
      error.problems.push_back({"attribute_value", pointer,
                                "a value is a number, true, false, or text of at most 500 bytes"});
    }
  }
  if (!error.problems.empty()) return error;
  return {};
}

}  // namespace passmint::cards
