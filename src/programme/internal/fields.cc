#include "programme/internal/fields.h"

#include <algorithm>
#include <limits>

#include "base/nearest.h"

namespace passmint::programme::internal {
namespace {

constexpr std::size_t kTextsMax = 1000;
constexpr std::size_t kTextBytesMax = 256;

bool InRange(const Json& value, std::int64_t least, std::int64_t most) {
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() >
          static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return false;
  }
  const auto number = value.get<std::int64_t>();
  return number >= least && number <= most;
}

// More edits than this are another word, not a slip.
constexpr std::size_t kSlipEditsMax = 3;

std::string DidYouMean(std::string_view found, const std::vector<std::string_view>& known) {
  const std::string_view nearest = Nearest(found, known);
  if (nearest.empty() || Edits(found, nearest) > kSlipEditsMax) return "";
  return "; did you mean \"" + std::string(nearest) + "\"?";
}

}  // namespace

std::string NotOneOf(std::string_view found, const std::vector<std::string_view>& known) {
  std::string words;
  for (const std::string_view word : known) {
    if (!words.empty()) words += ", ";
    words += word;
  }
  return "not one of: " + words + DidYouMean(found, known);
}

Fields::Fields(const Json& object, std::string pointer, Problems& problems)
    : object_(object), pointer_(std::move(pointer)), problems_(problems) {
  if (!object_.is_object()) Problem("", "wrong_type", "not an object");
}

const Json* Fields::Find(std::string_view name) {
  known_.push_back(name);
  if (!object_.is_object()) return nullptr;
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

std::int64_t Fields::Integer(std::string_view name, std::int64_t fallback, std::int64_t least,
                             std::int64_t most) {
  return OptionalInteger(name, least, most).value_or(fallback);
}

std::optional<std::int64_t> Fields::OptionalInteger(std::string_view name, std::int64_t least,
                                                    std::int64_t most) {
  const Json* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_integer() || !InRange(*value, least, most)) {
    Problem(name, "out_of_range",
            "not an integer from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  return value->get<std::int64_t>();
}

std::string Fields::Text(std::string_view name, std::string fallback) {
  const Json* value = Find(name);
  if (value == nullptr) return fallback;
  if (!value->is_string() || value->get_ref<const std::string&>().size() > kTextBytesMax) {
    Problem(name, "wrong_type", "not a text of at most 256 bytes");
    return fallback;
  }
  return value->get<std::string>();
}

bool Fields::Flag(std::string_view name, bool fallback) {
  const Json* value = Find(name);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) {
    Problem(name, "wrong_type", "neither true nor false");
    return fallback;
  }
  return value->get<bool>();
}

Period Fields::PeriodAt(std::string_view name, Period fallback) {
  const Json* value = Find(name);
  if (value == nullptr) return fallback;
  const auto period =
      value->is_string() ? ReadPeriod(value->get_ref<const std::string&>()) : std::nullopt;
  if (!period) {
    Problem(name, "invalid_period", "not a period such as \"P12M\" or \"P14D\"");
    return fallback;
  }
  return *period;
}

std::string Fields::Id(std::string_view name) {
  std::string id = Text(name, "");
  if (id.empty() || id.size() > kIdBytesMax) {
    Problem(name, "invalid_id", "an id of 1 to 64 characters is needed here");
  }
  return id;
}

std::vector<std::string> Fields::Texts(std::string_view name) {
  const Json* value = Find(name);
  std::vector<std::string> texts;
  if (value == nullptr) return texts;
  if (!value->is_array() || value->size() > kTextsMax) {
    Problem(name, "wrong_type", "not a list of at most 1000 texts");
    return texts;
  }
  for (const Json& text : *value) {
    if (!text.is_string() || text.get_ref<const std::string&>().size() > kTextBytesMax) {
      problems_.push_back(
          {"wrong_type", json::Child(At(name), texts.size()), "not a text of at most 256 bytes"});
      return texts;
    }
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

const Json* Fields::List(std::string_view name, std::size_t most) {
  const Json* list = Find(name);
  if (list == nullptr) return nullptr;
  if (!list->is_array() || list->size() > most) {
    Problem(name, "wrong_type", "not a list of at most " + std::to_string(most));
    return nullptr;
  }
  return list;
}

void Fields::Problem(std::string_view name, std::string code, std::string detail) {
  problems_.push_back({std::move(code), name.empty() ? pointer_ : At(name), std::move(detail)});
}

void Fields::RefuseUnknown() {
  if (!object_.is_object()) return;
  for (const auto& [name, value] : object_.items()) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
      Problem(name, "unknown_field", "no such field here" + DidYouMean(name, known_));
    }
  }
}

}  // namespace passmint::programme::internal
