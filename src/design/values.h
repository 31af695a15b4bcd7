#pragma once

#include <chrono>
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

// One row of the closed list of contract/templates.md.
struct Variable {
  std::string_view
      name;  // "points.available"; "member.attributes.*" stands for any name behind it.
  ValueType type;
  std::string_view meaning;  // One sentence for designers.
  std::string_view example;
};

// All variables that a template may use, sorted by name.
const std::vector<Variable>& Variables();

// The row that `name` falls under, or null.
const Variable* FindVariable(std::string_view name);

// The name of the list that is nearest to `name` by edits, for "did you mean".
std::string_view NearestVariable(std::string_view name);

// The data of one card. Values are data: they are expanded once, never looked up as keys.
class Values {
 public:
  // REQUIRES: FindVariable(name) knows the name.
  void Set(std::string_view name, Value value);

  // monostate if it was never set.
  const Value& Find(std::string_view name) const;

 private:
  std::map<std::string, Value, std::less<>> values_;
};

// Sample members for lint, previews and the studio, in this order.
enum class Sample { kTypical, kEmpty, kLongest, kZero, kMillion, kVip };
Values SampleValues(Sample sample, std::string_view currency_code);

}  // namespace passmint::design
