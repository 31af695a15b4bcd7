#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "calendar/time_zone.h"
#include "json/json.h"
#include "programme/rules.h"

namespace passmint::programme {

// One thing about a rule set that its author should know before members do.
struct Finding {
  enum class Level { kError, kWarning };
  // Stable, for programs: the code of a problem of ParseRules, or
  //   never_fires       no order can satisfy the rule, or it gives nothing when one does
  //   outranked         another rule of its group is always at least as good
  //   windows_overlap   two rules of a group act at the same time on the same lines
  //   rate_unused       levels without a rule that takes their rate, or such a rule without levels
  //   pays_over_price   a basket gets more than it costs; `example` is the smallest that was found
  std::string id;
  Level level = Level::kWarning;
  std::string pointer;  // JSON pointer into the rule set.
  std::string cause;
  std::string cure;
  // A basket that shows it: {"paid_at", "lines", "price", "discount", "points", "pays"}; null
  // without.
  Json example = nullptr;
};

struct LintReport {
  std::vector<Finding> findings;
  // The most that a line was found to get of its price, in discounts and in what its points are
  // worth, in millionths: 1,000,000 is all of it. Of baskets of one line whose price is
  // `kUsualPrice` major units or more, so that one-time grants do not hide the rates.
  std::int64_t payout_ppm_max = 0;
  Json payout_example = nullptr;

  bool publishable() const;  // No errors.
};

inline constexpr std::int64_t kUsualPriceMajor = 10'000;

// Looks for what is wrong with a rule set: first as ParseRules does (errors), then for what can be
// read and still surprises (warnings). Evaluates at most kLintQuotesMax baskets, so it takes well
// under a second.
LintReport Lint(const Json& rules, const calendar::TimeZone& zone, int currency_exponent);

inline constexpr int kLintQuotesMax = 40'000;

}  // namespace passmint::programme
