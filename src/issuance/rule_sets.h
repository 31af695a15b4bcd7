#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cards/programme.h"
#include "issuance/drafts.h"
#include "issuance/rule_book.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "programme/lint.h"

namespace passmint::issuance {

inline constexpr std::size_t kRulesBytesMax = 1024 * 1024;

// The rules that judge what was paid at `instant`: the published ones, or those of the settings if
// the store has none. Never null: before the first version is in effect nothing is earned.
Result<RulesPtr> RulesAt(Transaction& transaction, const ProgrammeSite& programme,
                         Timestamp instant);
// The rules by which something was judged earlier. Likewise.
Result<RulesPtr> RulesOfVersion(Transaction& transaction, const ProgrammeSite& programme,
                                std::int64_t version);

// What there is of a programme's rules.
struct RulesView {
  std::vector<RuleSetVersion> versions;  // Newest first, without their content.
  std::optional<RuleDraft> draft;  // Of a programme that was never edited: its newest version.
  Timestamp now;

  const RuleSetVersion* live() const;  // In effect now; null if none is.
  const RuleSetVersion* next() const;  // The next to take effect; null if none waits.
  const RuleSetVersion* Find(std::int64_t version) const;
};
Result<RulesView> GetRules(Transaction& transaction, const ProgrammeId& programme);
// What a version says, as JSON. Fails with kNotFound.
Result<std::string> RulesContent(Transaction& transaction, const ProgrammeId& programme,
                                 std::int64_t version);

// Lints a rule set as the programme would run it.
programme::LintReport LintRules(const Json& rules, const ProgrammeSite& programme);
// Adds an error for each level whose design no card can show: "unknown_template" if it was not
// published, "other_kind" if it is of another kind than the template that the programme's cards
// begin with. Nothing for what is no rule set. Fails as the store.
Status LintDesigns(Transaction& transaction, const cards::Programme& programme, const Json& rules,
                   programme::LintReport& report);
// The report as a refusal: kInvalidArgument, reason "does_not_lint", and every error. REQUIRES: the
// report is not publishable.
Error RulesDoNotLint(const programme::LintReport& report);

// Keeps a draft, linted or not. Fails as drafts.h (missing_header, stale_version), and with
// kInvalidArgument if it cannot be read as a rule set.
Result<RuleDraft> PutRules(Transaction& transaction, const ProgrammeId& programme,
                           const Json& rules, const Precondition& precondition,
                           const ApiKeyName& author);
Status RequireTag(const RulesView& view, const std::optional<std::string>& tag);

struct RulesPublication {
  std::string content;  // JSON with sorted keys. REQUIRES: LintRules finds no error.
  // Nothing: at once (from the begin of the second), or when the rule set itself says; the first of
  // a programme then judges every order that is still accepted.
  std::optional<Timestamp> effective_from;
  ApiKeyName author;
  ApiKeyName published_by;
  std::string comment;
};
// Makes it the next version. Fails with kInvalidArgument: "out_of_range" at /effective_from, if
// that is over, "unknown_template" at a level whose template was not published, and
// "exponent_changed" at /points/exponent if the programme has accounts.
Result<RuleSetVersion> PublishRules(Transaction& transaction, const ProgrammeId& programme,
                                    const RulesPublication& publication);

// Publishes again, at once, what was published before: the version named, or the one before the
// live one. Fails with kConflict, "no_earlier_version", and kNotFound.
Result<RuleSetVersion> RollBackRules(Transaction& transaction, const ProgrammeId& programme,
                                     std::optional<std::int64_t> version, const ApiKeyName& by,
                                     const std::string& reason);

}  // namespace passmint::issuance
