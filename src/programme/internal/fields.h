#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "json/json.h"
#include "programme/period.h"

namespace passmint::programme::internal {

using Problems = std::vector<InputProblem>;

inline constexpr std::size_t kIdBytesMax = 64;

// "not one of: a, b; did you mean b?"
std::string NotOneOf(std::string_view found, const std::vector<std::string_view>& known);

// Reads the fields of one object of a rule set and refuses those that nobody asked for. A getter
// answers with its fallback for what is absent, null or wrong; what is wrong becomes a problem.
class Fields {
 public:
  // `object` and `problems` outlive the reader.
  Fields(const Json& object, std::string pointer, Problems& problems);

  // Null if it is missing or null.
  const Json* Find(std::string_view name);

  std::int64_t Integer(std::string_view name, std::int64_t fallback, std::int64_t least,
                       std::int64_t most);
  std::optional<std::int64_t> OptionalInteger(std::string_view name, std::int64_t least,
                                              std::int64_t most);
  std::string Text(std::string_view name, std::string fallback);
  bool Flag(std::string_view name, bool fallback);
  Period PeriodAt(std::string_view name, Period fallback);
  // An id of 1 to 64 bytes; "" and a problem otherwise.
  std::string Id(std::string_view name);
  std::vector<std::string> Texts(std::string_view name);

  template <class Choice>
  Choice ChoiceAt(std::string_view name, Choice fallback,
                  std::initializer_list<std::pair<const char*, Choice>> choices) {
    const Json* value = Find(name);
    if (value == nullptr) return fallback;
    std::vector<std::string_view> known;
    for (const auto& [word, choice] : choices) {
      if (value->is_string() && value->get_ref<const std::string&>() == word) return choice;
      known.push_back(word);
    }
    Problem(name, "unknown_value",
            NotOneOf(value->is_string() ? value->get<std::string>() : "", known));
    return fallback;
  }

  // Elements of an array of objects, or nothing (and a problem) if there are too many.
  const Json* List(std::string_view name, std::size_t most);

  void Problem(std::string_view name, std::string code, std::string detail);

  // Call last: whatever else stands in the object is a problem.
  void RefuseUnknown();

  std::string At(std::string_view name) const { return json::Child(pointer_, name); }
  const std::string& pointer() const { return pointer_; }
  Problems& problems() { return problems_; }

 private:
  const Json& object_;
  std::string pointer_;
  Problems& problems_;
  std::vector<std::string_view> known_;
};

}  // namespace passmint::programme::internal
