#include "design/values.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/nearest.h"

namespace passmint::design {
namespace {

constexpr std::string_view kAttributes = "attributes.";
constexpr std::size_t kAttributeNameMax = 64;

bool IsAttribute(std::string_view name) {
  if (!name.starts_with(kAttributes)) return false;
  name.remove_prefix(kAttributes.size());
  return !name.empty() && name.size() <= kAttributeNameMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

const Value kNothing;

}  // namespace

std::string_view Name(ValueType type) {
  switch (type) {
    case ValueType::kText:
      return "text";
    case ValueType::kInteger:
      return "integer";
    case ValueType::kMoney:
      return "money";
    case ValueType::kInstant:
      return "instant";
    case ValueType::kDate:
      return "date";
  }
  return "";
}

const std::vector<Variable>& Variables() {
  using enum ValueType;
  static const std::vector<Variable> variables = {
      {"attributes.*", kText, "What the shop keeps about the member, by name.", "M"},
      {"card.created_at", kInstant, "When the card was made.", "2026-11-21T10:00:00Z"},
      {"card.expires_at", kInstant,
       "When the paid membership lapses, with its grace; nothing without one.",
       "2027-12-31T21:00:00Z"},
      {"card.number", kText, "The card's number, as scanners read it.", "9000123412341238"},
      {"card.number_spaced", kText, "The card's number in groups of four, for people.",
       "9000 1234 1234 1238"},
      {"card.status", kText, "active, blocked, closed, replaced or expired.", "active"},
      {"member.birthday", kDate, "The member's birthday, if known.", "1990-02-28"},
      {"member.first_name", kText, "The first word of the name, if known.", "Anna"},
      {"member.name", kText, "The member's name, if known.", "Anna Petrova"},
      {"member.since", kDate, "The day the member joined.", "2026-11-21"},
      {"order.last_at", kInstant, "When the last order was paid.", "2026-11-21T10:00:00Z"},
      {"order.last_id", kText, "The shop's number of the last order.", "1042"},
      {"order.last_total", kMoney, "What the last order came to.", "1999.00"},
      {"points.available", kInteger, "Points that can be spent now.", "499"},
      {"points.debt", kInteger, "Points owed after refunds.", "0"},
      {"points.held", kInteger, "Points reserved for orders that are not paid yet.", "0"},
      {"points.next_expiry_at", kInstant, "When the next points expire; nothing if none do.",
       "2027-01-31T21:00:00Z"},
      {"points.next_expiry_points", kInteger, "How many points expire then.", "120"},
      {"points.pending", kInteger, "Points earned but not active yet.", "40"},
      {"points.value", kMoney, "What the available points are worth; a gift card's balance.",
       "499.00"},
      {"programme.currency", kText, "The programme's currency code.", "RUB"},
      {"programme.name", kText, "The programme's name.", "Bean & Leaf"},
      {"stamps.count", kInteger, "Stamps collected on the current strip.", "7"},
      {"stamps.left", kInteger, "Stamps still missing.", "3"},
      {"stamps.of", kInteger, "Stamps on a full strip.", "10"},
      {"tier.missing", kMoney, "What to spend until the next tier; nothing on the highest.",
       "3001.00"},
      {"tier.missing_count", kInteger,
       "How many orders or points are missing until the next tier, where levels go by those.", "4"},
      {"tier.name", kText, "The member's tier.", "silver"},
      {"tier.next_name", kText, "The tier above; nothing on the highest.", "gold"},
      {"tier.percent", kInteger, "The tier's discount, or else what it earns, in whole percent.",
       "5"},
      {"tier.since", kDate, "The day the member reached the tier.", "2026-03-01"},
  };
  return variables;
}

const Variable* FindVariable(std::string_view name) {
  const std::vector<Variable>& all = Variables();
  if (IsAttribute(name)) return &all[0];
  const auto found =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const Variable& row, std::string_view key) { return row.name < key; });
  const bool known = found != all.begin() && found != all.end() && found->name == name;
  return known ? &*found : nullptr;
}

std::string_view NearestVariable(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Variable& row : Variables()) names.push_back(row.name);
  return passmint::Nearest(name, names);
}

void Values::Set(std::string_view name, Value value) {
  const Variable* row = FindVariable(name);
  if (row == nullptr) return;
  const auto index = static_cast<std::size_t>(row - Variables().data());
  if (index == 0) {
    attributes_.insert_or_assign(std::string(name), std::move(value));
    return;
  }
  if (known_.empty()) known_.resize(Variables().size());
  known_[index] = std::move(value);
}

const Value& Values::Find(std::string_view name) const {
  if (name.starts_with(kAttributes)) {
    const auto found = attributes_.find(name);
    return found == attributes_.end() ? kNothing : found->second;
  }
  const Variable* row = FindVariable(name);
  return row == nullptr ? kNothing : At(static_cast<std::size_t>(row - Variables().data()));
}

const Value& Values::At(std::size_t variable) const {
  return variable < known_.size() ? known_[variable] : kNothing;
}

}  // namespace passmint::design
