#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

// Which level members were last seen on.

namespace passmint::store {
namespace {

using issuance::KeptTier;
using sql::Row;
using sql::Statement;

// One row, also for whom there is none.
constexpr Statement kFindTier(
    "SELECT asked.newest, member_tier.level, member_tier.since, member_tier.metric,"
    " member_tier.rule_set, member_tier.due_at, member_tier.falls_at, member_tier.falls_to"
    " FROM (SELECT coalesce(max(version), 0) AS newest FROM rule_set"
    " WHERE programme = $1 AND version > 0) AS asked"
    " LEFT JOIN member_tier ON member_tier.programme = $1 AND member_tier.member = $2");
constexpr Statement kPutTier(
    "INSERT INTO member_tier (programme, member, level, since, metric, rule_set, due_at, falls_at,"
    " falls_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    " ON CONFLICT (programme, member) DO UPDATE SET level = excluded.level,"
    " since = excluded.since, metric = excluded.metric, rule_set = excluded.rule_set,"
    " due_at = excluded.due_at, falls_at = excluded.falls_at, falls_to = excluded.falls_to");
constexpr Statement kDropTier("DELETE FROM member_tier WHERE programme = $1 AND member = $2");
constexpr Statement kTiersDue(
    "SELECT programme, member FROM member_tier WHERE due_at <= $1 ORDER BY due_at LIMIT $2");
constexpr Statement kPostponeTier(
    "UPDATE member_tier SET due_at = $3 WHERE programme = $1 AND member = $2");

constexpr Statement kFindOwnTemplate(
    "SELECT template FROM own_template WHERE programme = $1 AND card = $2");
constexpr Statement kPutOwnTemplate(
    "INSERT INTO own_template (programme, card, template) VALUES ($1, $2, $3)"
    " ON CONFLICT (programme, card) DO UPDATE SET template = excluded.template");
constexpr Statement kDropOwnTemplate("DELETE FROM own_template WHERE programme = $1 AND card = $2");

}  // namespace

Result<std::optional<KeptTier>> SqlTransaction::FindTier(const ProgrammeId& programme,
                                                         const MemberId& member) {
  std::optional<KeptTier> found;
  Status read = connection_.Query(kFindTier, {programme, member}, [&](const Row& row) -> Status {
    newest_rule_sets_.try_emplace(programme, row.Integer(0));
    found.reset();
    if (row.IsNull(1)) return {};
    found = KeptTier{.level = String(row, 1),
                     .since = Instant(row, 2),
                     .metric = row.Integer(3),
                     .rule_set = row.Integer(4),
                     .due_at = InstantOrNull(row, 5),
                     .falls_at = InstantOrNull(row, 6),
                     .falls_to = String(row, 7)};
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  return found;
}

Status SqlTransaction::PutTier(const ProgrammeId& programme, const MemberId& member,
                               const KeptTier& tier) {
  return connection_.Send(
      kPutTier, {programme, member, tier.level, ToMicros(tier.since), tier.metric, tier.rule_set,
                 MicrosOrNull(tier.due_at), MicrosOrNull(tier.falls_at), tier.falls_to});
}

Status SqlTransaction::DropTier(const ProgrammeId& programme, const MemberId& member) {
  return connection_.Send(kDropTier, {programme, member});
}

Result<std::vector<issuance::TierTables::DueTier>> SqlTransaction::TiersDue(Timestamp now,
                                                                            int limit) {
  return FindAll<issuance::TierTables::
                     DueTier>(connection_, kTiersDue, {ToMicros(now), limit}, [](const Row& row) {
    return Result(issuance::TierTables::DueTier{IdAt<ProgrammeId>(row, 0), IdAt<MemberId>(row, 1)});
  });
}

Status SqlTransaction::PostponeTier(const ProgrammeId& programme, const MemberId& member,
                                    Timestamp until) {
  return connection_.Send(kPostponeTier, {programme, member, ToMicros(until)});
}

Result<std::optional<TemplateName>> SqlTransaction::FindOwnTemplate(const ProgrammeId& programme,
                                                                    const std::string& card) {
  return FindOne<TemplateName>(connection_, kFindOwnTemplate, {programme, card},
                               [](const Row& row) { return Result(IdAt<TemplateName>(row, 0)); });
}

Status SqlTransaction::PutOwnTemplate(const ProgrammeId& programme, const std::string& card,
                                      const std::optional<TemplateName>& name) {
  if (!name) return connection_.Send(kDropOwnTemplate, {programme, card});
  return connection_.Send(kPutOwnTemplate, {programme, card, *name});
}

}  // namespace passmint::store
