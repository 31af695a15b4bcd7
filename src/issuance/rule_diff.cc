#include "issuance/rule_diff.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace passmint::issuance {
namespace {

using Members = std::map<std::string, Json>;

// The members of a list by id or name; nothing if some have neither or share one.
std::optional<Members> ByName(const Json& list) {
  Members members;
  for (const Json& member : list) {
    if (!member.is_object()) return std::nullopt;
    const auto id = member.contains("id") ? member.find("id") : member.find("name");
    if (id == member.end() || !id->is_string()) return std::nullopt;
    if (!members.emplace(id->get<std::string>(), member).second) return std::nullopt;
  }
  return members;
}

// The parts of a value that may be compared one by one; nothing if it is compared whole.
std::optional<Members> PartsOf(const Json& value) {
  if (value.is_array()) return ByName(value);
  if (!value.is_object()) return std::nullopt;
  Members members;
  for (const auto& [key, member] : value.items()) members.emplace(key, member);
  return members;
}

void Compare(const std::string& pointer, const Json& before, const Json& after,
             std::vector<RuleChange>& changes) {
  if (before == after) return;
  const auto old_parts = before.type() == after.type() ? PartsOf(before) : std::nullopt;
  const auto new_parts = before.type() == after.type() ? PartsOf(after) : std::nullopt;
  if (!old_parts || !new_parts) {
    changes.push_back({pointer, before, after});
    return;
  }
  std::set<std::string> keys;
  for (const auto& [key, member] : *old_parts) keys.insert(key);
  for (const auto& [key, member] : *new_parts) keys.insert(key);
  for (const std::string& key : keys) {
    const auto old_part = old_parts->find(key);
    const auto new_part = new_parts->find(key);
    Compare(json::Child(pointer, key), old_part == old_parts->end() ? Json() : old_part->second,
            new_part == new_parts->end() ? Json() : new_part->second, changes);
  }
}

}  // namespace

std::vector<RuleChange> DiffRules(const Json& before, const Json& after) {
  std::vector<RuleChange> changes;
  Compare("", before, after, changes);
  return changes;
}

}  // namespace passmint::issuance
