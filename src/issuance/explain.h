#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/entry.h"

// `GET /entries/{id}/explain`: why these points, worked out again from what was kept.

namespace passmint::issuance {

struct ExplainedStep {
  std::string name;  // base, rate, factor, fixed, rounding, limits, value, refunded.
  std::int64_t minor = 0;
  std::int64_t points = 0;
  std::string detail;
};

struct ExplainedRule {
  std::string rule;
  std::int64_t points = 0;
  std::vector<ExplainedStep> steps;
};

struct Explanation {
  std::string entry;  // As EntryIdText.
  ledger::EntryType type = ledger::EntryType::kEarn;
  std::int64_t points = 0;  // Earned, also those that are not active yet; else what it changed.
  // Whether the rules of then, asked again about the order of then, give what the entry says. Of an
  // entry that no rule made: whether it changed the balance by what it says.
  bool agrees = false;
  std::optional<std::int64_t> rule_set;  // Version; nothing if no rule made the entry.
  std::vector<ExplainedRule> rules;      // Of points that pay: one for each line, by its id.
};

// Fails with kNotFound, and kGone, "member_erased", if the order that it rests on was erased.
Result<Explanation> ExplainEntry(Transaction& transaction, const ProgrammeSite& programme,
                                 std::string_view entry);

}  // namespace passmint::issuance
