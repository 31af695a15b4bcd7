#include "issuance/rule_sets.h"

#include <algorithm>
#include <utility>

#include "calendar/time_zone.h"
#include "crypto/digest.h"
#include "issuance/at_once.h"
#include "issuance/order_check.h"
#include "json/json.h"

namespace passmint::issuance {
namespace {

constexpr int kVersionsMax = 10'000;

// The settings' rules, which live as long as the site.
RulesPtr OfSettings(const ProgrammeSite& programme) {
  return RulesPtr(std::shared_ptr<const void>(), &programme.rules);
}

RulesPtr NoRules() {
  static const RulesPtr none = std::make_shared<programme::RuleSet>();
  return none;
}

Result<bool> WasPublished(Transaction& transaction, const ProgrammeSite& programme) {
  const auto newest = transaction.NewestRuleSet(programme.programme.id);
  if (!newest.ok()) return newest.error();
  return newest.value() > 0;
}

Error Stale() {
  return {.code = ErrorCode::kPreconditionFailed,
          .message = "the draft was changed meanwhile",
          .reason = "stale_version",
          .hint = "read it again, and send its ETag in If-Match"};
}

Status Check(const Precondition& precondition, const std::optional<RuleDraft>& present) {
  if (!precondition.match && !precondition.none) {
    Error error{.code = ErrorCode::kInvalidSyntax,
                .message = "send If-Match with the draft's ETag, or If-None-Match: * for the first",
                .reason = "missing_header"};
    error.problems.push_back({"required", "#header/If-Match", error.message});
    return error;
  }
  if (precondition.none) return present ? Status(Stale()) : Status();
  return present && present->etag == *precondition.match ? Status() : Status(Stale());
}

// When a publication that does not say takes effect.
Timestamp DefaultStart(const Json& rules, bool is_first, Timestamp now) {
  const auto read = programme::ParseRules(rules, 1);
  if (read.ok() && read.value().effective_from && *read.value().effective_from > now) {
    return *read.value().effective_from;
  }
  return is_first ? now - kPaidAgoMax : AtOnce(now);
}

// The kind of a template; empty if it was not published.
Result<std::string> KindOf(Transaction& transaction, const ProgrammeId& programme,
                           const TemplateName& name) {
  const auto versions = transaction.DesignVersions(programme, name);
  if (!versions.ok()) return versions.error();
  return versions.value().empty() ? std::string() : versions.value().front().kind;
}

std::string PointerToDesign(std::size_t level) {
  return json::Child("/tiers/levels", level) + "/template";
}

programme::Finding Unpublished(const std::string& name) {
  return {.id = "unknown_template",
          .level = programme::Finding::Level::kError,
          .pointer = {},
          .cause = "no published template \"" + name + "\" in this programme",
          .cure = "publish it first"};
}

programme::Finding OtherKind(const std::string& name, const std::string& kind,
                             const std::string& of_cards) {
  return {.id = "other_kind",
          .level = programme::Finding::Level::kError,
          .pointer = {},
          .cause = "template \"" + name + "\" is of kind " + kind +
                   ", the programme's cards are of kind " + of_cards,
          .cure = "name a template of kind " + of_cards};
}

// The designs that levels name have to be there: cards will show them.
Status RequireTemplates(Transaction& transaction, const ProgrammeId& programme, const Json& rules,
                        std::int64_t version) {
  const auto read = programme::ParseRules(rules, version);
  if (!read.ok()) return read.error();
  const auto& levels = read.value().tiers.levels;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i].template_name.empty()) continue;
    const auto known =
        transaction.NewestDesignChange(programme, TemplateName(levels[i].template_name));
    if (!known.ok()) return known.error();
    if (known.value()) continue;
    return InvalidInput("unknown_template", PointerToDesign(i),
                        "publish template \"" + levels[i].template_name + "\" first");
  }
  return {};
}

// What was earned would be worth something else with another number of decimal places.
Status KeepExponent(Transaction& transaction, const ProgrammeId& programme, const Json& rules,
                    std::int64_t newest) {
  if (newest == 0) return {};
  const auto content = RulesContent(transaction, programme, newest);
  if (!content.ok()) return content.error();
  const auto before = json::Parse(content.value(), kRulesBytesMax);
  if (!before.ok()) return before.error();
  const auto old = programme::ParseRules(before.value(), newest);
  if (!old.ok()) return old.error();
  const auto read = programme::ParseRules(rules, newest + 1);
  if (!read.ok()) return read.error();
  if (read.value().exponent == old.value().exponent) return {};
  const auto owners = transaction.AccountsAfter(programme, AccountId(), 1);
  if (!owners.ok()) return owners.error();
  if (owners.value().empty()) return {};
  return InvalidInput("exponent_changed", "/points/exponent",
                      "points were earned with so many decimal places: put back \"exponent\": " +
                          std::to_string(old.value().exponent));
}

}  // namespace

Result<RulesPtr> RulesAt(Transaction& transaction, const ProgrammeSite& programme,
                         Timestamp instant) {
  const auto published = WasPublished(transaction, programme);
  if (!published.ok()) return published.error();
  if (!published.value()) return OfSettings(programme);
  auto rules = programme.book->At(transaction, programme.programme.id, instant);
  if (rules.ok() && rules.value() == nullptr) return NoRules();
  return rules;
}

Result<RulesPtr> RulesOfVersion(Transaction& transaction, const ProgrammeSite& programme,
                                std::int64_t version) {
  const auto published = WasPublished(transaction, programme);
  if (!published.ok()) return published.error();
  if (!published.value()) return OfSettings(programme);
  auto rules = programme.book->Version(transaction, programme.programme.id, version);
  if (rules.ok() && rules.value() == nullptr) return NoRules();
  return rules;
}

const RuleSetVersion* RulesView::live() const {
  const auto found =
      std::find_if(versions.begin(), versions.end(),
                   [this](const RuleSetVersion& version) { return version.effective_from <= now; });
  return found == versions.end() ? nullptr : &*found;
}

const RuleSetVersion* RulesView::next() const {
  // Newest first: what a later version overtakes never takes effect.
  const RuleSetVersion* next = nullptr;
  for (const RuleSetVersion& version : versions) {
    if (version.effective_from <= now) break;
    if (next == nullptr || version.effective_from < next->effective_from) next = &version;
  }
  return next;
}

const RuleSetVersion* RulesView::Find(std::int64_t version) const {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [version](const auto& one) { return one.version == version; });
  return found == versions.end() ? nullptr : &*found;
}

Result<RulesView> GetRules(Transaction& transaction, const ProgrammeId& programme) {
  auto versions = transaction.RuleSetHistory(programme, kVersionsMax);
  if (!versions.ok()) return std::move(versions).error();
  auto draft = transaction.FindRuleDraft(programme);
  if (!draft.ok()) return std::move(draft).error();
  if (!draft.value() && !versions.value().empty()) {
    const RuleSetVersion& newest = versions.value().front();
    auto content = RulesContent(transaction, programme, newest.version);
    if (!content.ok()) return std::move(content).error();
    draft.value() = RuleDraft{.etag = newest.hash,
                              .content = std::move(content).value(),
                              .author = newest.author,
                              .updated_at = newest.published_at};
  }
  return RulesView{.versions = std::move(versions).value(),
                   .draft = std::move(draft).value(),
                   .now = transaction.Now()};
}

Result<std::string> RulesContent(Transaction& transaction, const ProgrammeId& programme,
                                 std::int64_t version) {
  auto found = transaction.RuleSetsAfter(programme, version - 1, 1);
  if (!found.ok()) return std::move(found).error();
  if (found.value().empty() || found.value().front().version != version) {
    return Error{.code = ErrorCode::kNotFound, .message = "there is no such rule set"};
  }
  return std::move(found.value().front().content);
}

programme::LintReport LintRules(const Json& rules, const ProgrammeSite& programme) {
  auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) zone = calendar::TimeZone::Find("UTC");
  return programme::Lint(rules, zone.value(), programme.programme.currency.exponent());
}

Status LintDesigns(Transaction& transaction, const cards::Programme& programme, const Json& rules,
                   programme::LintReport& report) {
  const auto read = programme::ParseRules(rules, 1);
  if (!read.ok()) return {};
  const auto& levels = read.value().tiers.levels;
  std::string of_cards;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::string& name = levels[i].template_name;
    if (name.empty()) continue;
    if (of_cards.empty()) {
      auto first = KindOf(transaction, programme.id, programme.templates.front());
      if (!first.ok()) return std::move(first).error();
      of_cards = std::move(first).value();
    }
    const auto kind = KindOf(transaction, programme.id, TemplateName(name));
    if (!kind.ok()) return kind.error();
    const bool is_published = !kind.value().empty();
    // Of a programme whose first template is not there yet nobody has a card.
    if (is_published && (of_cards.empty() || kind.value() == of_cards)) continue;
    report.findings.push_back(is_published ? OtherKind(name, kind.value(), of_cards)
                                           : Unpublished(name));
    report.findings.back().pointer = PointerToDesign(i);
  }
  return {};
}

Error RulesDoNotLint(const programme::LintReport& report) {
  Error error{.code = ErrorCode::kInvalidArgument, .message = {}, .reason = "does_not_lint"};
  for (const programme::Finding& finding : report.findings) {
    if (finding.level != programme::Finding::Level::kError) continue;
    error.problems.push_back({finding.id, finding.pointer, finding.cause + "; " + finding.cure});
  }
  error.message = error.problems.size() == 1
                      ? error.problems.front().pointer + ": " + error.problems.front().detail
                      : "the rules have " + std::to_string(error.problems.size()) + " errors";
  return error;
}

Result<RuleDraft> PutRules(Transaction& transaction, const ProgrammeId& programme,
                           const Json& rules, const Precondition& precondition,
                           const ApiKeyName& author) {
  if (auto read = programme::ParseRules(rules, 1); !read.ok()) return std::move(read).error();
  auto stored = transaction.FindRuleDraft(programme);
  if (!stored.ok()) return std::move(stored).error();
  auto view = GetRules(transaction, programme);
  if (!view.ok()) return std::move(view).error();
  if (Status holds = Check(precondition, view.value().draft); !holds.ok()) {
    return std::move(holds).error();
  }
  std::string content = json::Dump(rules);
  RuleDraft draft{.etag = crypto::Sha256Hex(content),
                  .content = content,
                  .author = author,
                  .updated_at = transaction.Now()};
  Status put = transaction.PutRuleDraft(programme, draft,
                                        stored.value() ? stored.value()->etag : std::string());
  if (!put.ok()) return std::move(put).error();
  return draft;
}

Status RequireTag(const RulesView& view, const std::optional<std::string>& tag) {
  return Check({.match = tag, .none = false}, view.draft);
}

Result<RuleSetVersion> PublishRules(Transaction& transaction, const ProgrammeId& programme,
                                    const RulesPublication& publication) {
  const auto rules = json::Parse(publication.content, kRulesBytesMax);
  if (!rules.ok()) return rules.error();
  const auto newest = transaction.NewestRuleSet(programme);
  if (!newest.ok()) return newest.error();
  Status designed = RequireTemplates(transaction, programme, rules.value(), newest.value() + 1);
  if (!designed.ok()) return std::move(designed).error();
  Status kept = KeepExponent(transaction, programme, rules.value(), newest.value());
  if (!kept.ok()) return std::move(kept).error();
  const Timestamp now = transaction.Now();
  if (publication.effective_from && *publication.effective_from < AtOnce(now)) {
    return InvalidInput("out_of_range", "/effective_from",
                        "what was paid by then has been judged already");
  }
  RuleSetVersion version{.version = newest.value() + 1,
                         .hash = crypto::Sha256Hex(publication.content),
                         .effective_from = publication.effective_from.value_or(
                             DefaultStart(rules.value(), newest.value() == 0, now)),
                         .author = publication.author,
                         .published_by = publication.published_by,
                         .published_at = now,
                         .comment = publication.comment,
                         .content = publication.content};
  if (Status inserted = transaction.InsertRuleSet(programme, version); !inserted.ok()) {
    return std::move(inserted).error();
  }
  return version;
}

Result<RuleSetVersion> RollBackRules(Transaction& transaction, const ProgrammeId& programme,
                                     std::optional<std::int64_t> version, const ApiKeyName& by,
                                     const std::string& reason) {
  auto view = GetRules(transaction, programme);
  if (!view.ok()) return std::move(view).error();
  const RuleSetVersion* live = view.value().live();
  if (!version && (live == nullptr || live->version == 1)) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "there is no earlier rule set",
                 .reason = "no_earlier_version"};
  }
  const RuleSetVersion* target = view.value().Find(version ? *version : live->version - 1);
  if (target == nullptr) {
    return Error{.code = ErrorCode::kNotFound, .message = "there is no such rule set"};
  }
  auto content = RulesContent(transaction, programme, target->version);
  if (!content.ok()) return std::move(content).error();
  return PublishRules(transaction, programme,
                      {.content = std::move(content).value(),
                       .effective_from = AtOnce(transaction.Now()),
                       .author = target->author,
                       .published_by = by,
                       .comment = reason});
}

}  // namespace passmint::issuance
