#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/money.h"
#include "base/timestamp.h"

namespace passmint::design {

// What a variable may hold. monostate: nothing is known (a member without a name); the field is
// left out.
using Value = std::variant<std::monostate, std::string, std::int64_t, Money, Timestamp,
                           std::chrono::year_month_day>;

enum class ValueType { kText, kInteger, kMoney, kInstant, kDate };

// "text", "integer", "money", "instant", "date".
std::string_view Name(ValueType type);

// One row of the closed list of contract/templates.md.
struct Variable {
  std::string_view name;  // "points.available"; "attributes.*" stands for any name behind it.
  ValueType type;
  std::string_view meaning;  // One sentence for designers.
  std::string_view example;
};

// All variables that a template may use, sorted by name.
const std::vector<Variable>& Variables();

// The row that `name` falls under, or null. Behind "attributes." stand 1 to 64 of [A-Za-z0-9_-].
const Variable* FindVariable(std::string_view name);

// The name of the list that is nearest to `name` by edits, for "did you mean".
std::string_view NearestVariable(std::string_view name);

// The data of one card. Values are data: they are expanded once, never looked up as keys.
class Values {
 public:
  // Texts are UTF-8. A value of another type than the variable's is kept and printed as what it is.
  // REQUIRES: FindVariable(name) knows the name; another one is ignored.
  void Set(std::string_view name, Value value);

  // monostate if it was never set.
  const Value& Find(std::string_view name) const;

  // The same for a row of Variables() other than "attributes.*", without a search.
  const Value& At(std::size_t variable) const;

 private:
  std::vector<Value> known_;  // Parallel to Variables(); empty until the first Set.
  std::map<std::string, Value, std::less<>> attributes_;  // By full name.
};

// Sample members for lint, previews and the studio, in this order.
enum class Sample { kTypical, kEmpty, kLongest, kZero, kMillion, kVip };
inline constexpr std::size_t kSamples = 6;

// "typical", "empty", "longest", "zero", "million", "vip".
std::string_view Name(Sample sample);

// An unknown currency counts as RUB.
Values SampleValues(Sample sample, std::string_view currency_code);

}  // namespace passmint::design
