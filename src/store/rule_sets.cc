#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using issuance::RuleDraft;
using issuance::RuleSetVersion;
using sql::Row;
using sql::Statement;

constexpr Statement kNewestRuleSet(
    "SELECT max(version) FROM rule_set WHERE programme = $1 AND version > 0");
constexpr Statement kRuleSetsAfter(
    "SELECT version, hash, effective_from, author, published_by, published_at, comment, content"
    " FROM rule_set WHERE programme = $1 AND version > $2 ORDER BY version LIMIT $3");
constexpr Statement kRuleSetHistory(
    "SELECT version, hash, effective_from, author, published_by, published_at, comment, ''"
    " FROM rule_set WHERE programme = $1 AND version > 0 ORDER BY version DESC LIMIT $2");
constexpr Statement kInsertRuleSet(
    "INSERT INTO rule_set (programme, version, hash, effective_from, author, published_by,"
    " published_at, comment, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    " ON CONFLICT (programme, version) DO NOTHING");
constexpr Statement kFindRuleDraft(
    "SELECT etag, content, author, updated_at FROM rule_draft WHERE programme = $1"
    " /*lock: FOR UPDATE*/");
constexpr Statement kInsertRuleDraft(
    "INSERT INTO rule_draft (programme, etag, content, author, updated_at)"
    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (programme) DO NOTHING");
constexpr Statement kReplaceRuleDraft(
    "UPDATE rule_draft SET etag = $2, content = $3, author = $4, updated_at = $5"
    " WHERE programme = $1 AND etag = $6");

Result<RuleSetVersion> ReadVersion(const Row& row) {
  return RuleSetVersion{.version = row.Integer(0),
                        .hash = String(row, 1),
                        .effective_from = Instant(row, 2),
                        .author = IdAt<ApiKeyName>(row, 3),
                        .published_by = IdAt<ApiKeyName>(row, 4),
                        .published_at = Instant(row, 5),
                        .comment = String(row, 6),
                        .content = String(row, 7)};
}

Result<RuleDraft> ReadDraft(const Row& row) {
  return RuleDraft{.etag = String(row, 0),
                   .content = String(row, 1),
                   .author = IdAt<ApiKeyName>(row, 2),
                   .updated_at = Instant(row, 3)};
}

Status OrLostRace(const Result<bool>& wrote, const char* what) {
  if (!wrote.ok()) return wrote.error();
  if (wrote.value()) return {};
  return Error{.code = ErrorCode::kUnavailable, .message = what, .reason = "lost_race"};
}

}  // namespace

Result<std::int64_t> SqlTransaction::NewestRuleSet(const ProgrammeId& programme) {
  const auto seen = newest_rule_sets_.find(programme);
  if (seen != newest_rule_sets_.end()) return seen->second;
  auto newest = FindOne<std::int64_t>(connection_, kNewestRuleSet, {programme}, [](const Row& row) {
    return Result(row.IsNull(0) ? 0 : row.Integer(0));
  });
  if (!newest.ok()) return std::move(newest).error();
  return newest_rule_sets_[programme] = newest.value().value_or(0);
}

Result<std::vector<RuleSetVersion>> SqlTransaction::RuleSetsAfter(const ProgrammeId& programme,
                                                                  std::int64_t after, int limit) {
  return FindAll<RuleSetVersion>(connection_, kRuleSetsAfter, {programme, after, limit},
                                 ReadVersion);
}

Result<std::vector<RuleSetVersion>> SqlTransaction::RuleSetHistory(const ProgrammeId& programme,
                                                                   int limit) {
  return FindAll<RuleSetVersion>(connection_, kRuleSetHistory, {programme, limit}, ReadVersion);
}

Status SqlTransaction::InsertRuleSet(const ProgrammeId& programme, const RuleSetVersion& rules) {
  newest_rule_sets_.erase(programme);
  return OrLostRace(
      Wrote(connection_.Execute(
          kInsertRuleSet,
          {programme, rules.version, rules.hash, ToMicros(rules.effective_from), rules.author,
           rules.published_by, ToMicros(rules.published_at), rules.comment, rules.content})),
      "another request published the same version first");
}

Result<std::optional<RuleDraft>> SqlTransaction::FindRuleDraft(const ProgrammeId& programme) {
  return FindOne<RuleDraft>(connection_, kFindRuleDraft, {programme}, ReadDraft);
}

Status SqlTransaction::PutRuleDraft(const ProgrammeId& programme, const RuleDraft& draft,
                                    const std::string& replaces) {
  const std::int64_t updated_at = ToMicros(draft.updated_at);
  return OrLostRace(
      Wrote(replaces.empty()
                ? connection_.Execute(kInsertRuleDraft, {programme, draft.etag, draft.content,
                                                         draft.author, updated_at})
                : connection_.Execute(kReplaceRuleDraft, {programme, draft.etag, draft.content,
                                                          draft.author, updated_at, replaces})),
      "another request changed the draft first");
}

}  // namespace passmint::store
