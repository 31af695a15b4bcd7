#include <utility>

#include "ledger/codec.h"
#include "store/columns.h"
#include "store/sql_transaction.h"

// Who brought whom, and what for.

namespace passmint::store {
namespace {

using issuance::Promoter;
using issuance::Referral;
using issuance::ReferralReward;
using sql::Bytes;
using sql::Row;
using sql::Statement;

// We wrote it ourselves.
constexpr std::size_t kLimitsBytesMax = 64 * 1024;
// Behind every id of a promoter and of a reward.
constexpr const char* kNewestPromoter = "q";
constexpr const char* kNewestReward = "rg";

#define PASSMINT_PROMOTER_COLUMNS "id, member, code, key_id, rate_ppm, created_at"

constexpr Statement kInsertPromoter("INSERT INTO promoter (programme, " PASSMINT_PROMOTER_COLUMNS
                                    ") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING");
constexpr Statement kFindPromoter("SELECT " PASSMINT_PROMOTER_COLUMNS
                                  " FROM promoter WHERE programme = $1 AND id = $2");
constexpr Statement kFindPromoterOf("SELECT " PASSMINT_PROMOTER_COLUMNS
                                    " FROM promoter WHERE programme = $1 AND member = $2");
constexpr Statement kFindPromoterByCode("SELECT " PASSMINT_PROMOTER_COLUMNS
                                        ", programme FROM promoter WHERE code = $1");
constexpr Statement kPromoters("SELECT " PASSMINT_PROMOTER_COLUMNS
                               " FROM promoter WHERE programme = $1 AND id < $2"
                               " ORDER BY id DESC LIMIT $3");

constexpr Statement kHasOrders(
    "SELECT 1 FROM shop_order WHERE programme = $1 AND member = $2 LIMIT 1");
constexpr Statement kFindReferral(
    "SELECT friend, promoter, refusal, actor, created_at FROM referral"
    " WHERE programme = $1 AND friend = $2");
constexpr Statement kPutReferral(
    "INSERT INTO referral (programme, friend, promoter, refusal, actor, created_at)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (programme, friend) DO UPDATE"
    " SET promoter = excluded.promoter, refusal = excluded.refusal, actor = excluded.actor,"
    " created_at = excluded.created_at");

#define PASSMINT_REWARD_COLUMNS                                                                \
  "id, rule, source, order_id, side, promoter, friend, member, account, rule_set, ppm, state," \
  " refusal, paid, refunded, points, limits, period, entry, active_at, created_at, due_at, record"

constexpr Statement kInsertReward(
    "INSERT INTO referral_reward (programme, " PASSMINT_REWARD_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
    " $19, $20, $21, $22, $23, $24)"
    " ON CONFLICT (programme, source, order_id, rule, side) DO NOTHING");
constexpr Statement kFindReward("SELECT " PASSMINT_REWARD_COLUMNS
                                " FROM referral_reward WHERE programme = $1 AND id = $2"
                                " /*lock: FOR UPDATE*/");
constexpr Statement kUpdateReward(
    "UPDATE referral_reward SET member = $3, account = $4, state = $5, refusal = $6, paid = $7,"
    " refunded = $8, points = $9, limits = $10, period = $11, entry = $12, active_at = $13,"
    " due_at = $14, record = $15 WHERE programme = $1 AND id = $2");
constexpr Statement kHasReward(
    "SELECT 1 FROM referral_reward WHERE programme = $1 AND friend = $2"
    " AND state IN ('waiting', 'given') LIMIT 1");
constexpr Statement kRewards("SELECT " PASSMINT_REWARD_COLUMNS
                             " FROM referral_reward WHERE programme = $1 AND promoter = $2"
                             " AND id < $3 AND side = 'promoter' ORDER BY id DESC LIMIT $4");
constexpr Statement kRewardsDue(
    "SELECT programme, id, member FROM referral_reward WHERE due_at <= $1"
    " ORDER BY due_at LIMIT $2");
constexpr Statement kWakeRewards(
    "UPDATE referral_reward SET due_at = $4"
    " WHERE programme = $1 AND source = $2 AND order_id = $3");

Result<Promoter> ReadPromoter(const Row& row) {
  Promoter promoter{.id = String(row, 0),
                    .member = IdAt<MemberId>(row, 1),
                    .code = String(row, 2),
                    .key_id = String(row, 3),
                    .created_at = Instant(row, 5)};
  if (!row.IsNull(4)) promoter.rate_ppm = row.Integer(4);
  return promoter;
}

Result<Referral> ReadReferral(const Row& row) {
  return Referral{.friend_member = IdAt<MemberId>(row, 0),
                  .promoter = String(row, 1),
                  .refusal = String(row, 2),
                  .actor = String(row, 3),
                  .created_at = Instant(row, 4)};
}

Result<ReferralReward> ReadReward(const Row& row) {
  const auto side = issuance::ReferralSideFrom(row.Text(4));
  const auto state = issuance::RewardStateFrom(row.Text(11));
  if (!side || !state) return Damaged("referral_reward.state");
  auto limits = json::Parse(row.Text(16), kLimitsBytesMax);
  if (!limits.ok()) return Damaged("referral_reward.limits");
  ReferralReward reward{.id = String(row, 0),
                        .rule = String(row, 1),
                        .source = IdAt<OrderSource>(row, 2),
                        .order = IdAt<OrderId>(row, 3),
                        .side = *side,
                        .promoter = String(row, 5),
                        .friend_member = IdAt<MemberId>(row, 6),
                        .member = IdAt<MemberId>(row, 7),
                        .account = IdAt<AccountId>(row, 8),
                        .rule_set = row.Integer(9),
                        .ppm = row.Integer(10),
                        .state = *state,
                        .refusal = String(row, 12),
                        .paid = row.Integer(13),
                        .refunded = row.Integer(14),
                        .points = row.Integer(15),
                        .limits = std::move(limits).value(),
                        .period = String(row, 17),
                        .entry = String(row, 18),
                        .active_at = InstantOrNull(row, 19),
                        .created_at = Instant(row, 20),
                        .due_at = InstantOrNull(row, 21),
                        .record = {}};
  if (row.Bytes(22).empty()) return reward;
  auto record = ledger::DecodeOrder(row.Bytes(22));
  if (!record.ok()) return Damaged("referral_reward.record");
  reward.record = std::move(record).value();
  return reward;
}

// Nothing for a record that was not made yet.
std::string RecordBytes(const ledger::OrderRecord& record) {
  return record.key.id.empty() ? std::string() : ledger::EncodeOrder(record);
}

Result<bool> Exists(sql::Connection& connection, const Statement& statement, sql::Values values) {
  const auto found =
      FindOne<bool>(connection, statement, values, [](const Row&) { return Result(true); });
  if (!found.ok()) return found.error();
  return found.value().has_value();
}

}  // namespace

Result<bool> SqlTransaction::InsertPromoter(const ProgrammeId& programme,
                                            const Promoter& promoter) {
  return Wrote(connection_.Execute(
      kInsertPromoter, {programme, promoter.id, promoter.member, promoter.code, promoter.key_id,
                        promoter.rate_ppm, ToMicros(promoter.created_at)}));
}

Result<std::optional<Promoter>> SqlTransaction::FindPromoter(const ProgrammeId& programme,
                                                             const std::string& id) {
  return FindOne<Promoter>(connection_, kFindPromoter, {programme, id}, ReadPromoter);
}

Result<std::optional<Promoter>> SqlTransaction::FindPromoterOf(const ProgrammeId& programme,
                                                               const MemberId& member) {
  return FindOne<Promoter>(connection_, kFindPromoterOf, {programme, member}, ReadPromoter);
}

Result<std::optional<issuance::Transaction::LocatedPromoter>> SqlTransaction::FindPromoterByCode(
    const std::string& code) {
  const auto read = [](const Row& row) -> Result<LocatedPromoter> {
    auto promoter = ReadPromoter(row);
    if (!promoter.ok()) return std::move(promoter).error();
    return LocatedPromoter{IdAt<ProgrammeId>(row, 6), std::move(promoter).value()};
  };
  return FindOne<LocatedPromoter>(connection_, kFindPromoterByCode, {code}, read);
}

Result<std::vector<Promoter>> SqlTransaction::Promoters(const ProgrammeId& programme,
                                                        const std::string& before, int limit) {
  return FindAll<Promoter>(connection_, kPromoters,
                           {programme, before.empty() ? kNewestPromoter : before, limit},
                           ReadPromoter);
}

Result<bool> SqlTransaction::HasOrders(const ProgrammeId& programme, const MemberId& member) {
  return Exists(connection_, kHasOrders, {programme, member});
}

Result<std::optional<Referral>> SqlTransaction::FindReferral(const ProgrammeId& programme,
                                                             const MemberId& member) {
  return FindOne<Referral>(connection_, kFindReferral, {programme, member}, ReadReferral);
}

Status SqlTransaction::PutReferral(const ProgrammeId& programme, const Referral& referral) {
  return connection_.Send(kPutReferral,
                          {programme, referral.friend_member, referral.promoter, referral.refusal,
                           referral.actor, ToMicros(referral.created_at)});
}

Status SqlTransaction::InsertReferralReward(const ProgrammeId& programme,
                                            const ReferralReward& reward) {
  return connection_.Send(kInsertReward, {programme,
                                          reward.id,
                                          reward.rule,
                                          reward.source,
                                          reward.order,
                                          ToText(reward.side),
                                          reward.promoter,
                                          reward.friend_member,
                                          reward.member,
                                          reward.account,
                                          reward.rule_set,
                                          reward.ppm,
                                          ToText(reward.state),
                                          reward.refusal,
                                          reward.paid,
                                          reward.refunded,
                                          reward.points,
                                          json::Dump(reward.limits),
                                          reward.period,
                                          reward.entry,
                                          MicrosOrNull(reward.active_at),
                                          ToMicros(reward.created_at),
                                          MicrosOrNull(reward.due_at),
                                          Bytes{RecordBytes(reward.record)}});
}

Result<std::optional<ReferralReward>> SqlTransaction::FindReferralReward(
    const ProgrammeId& programme, const std::string& id) {
  return FindOne<ReferralReward>(connection_, kFindReward, {programme, id}, ReadReward);
}

Status SqlTransaction::UpdateReferralReward(const ProgrammeId& programme,
                                            const ReferralReward& reward) {
  return connection_.Send(
      kUpdateReward,
      {programme, reward.id, reward.member, reward.account, ToText(reward.state), reward.refusal,
       reward.paid, reward.refunded, reward.points, json::Dump(reward.limits), reward.period,
       reward.entry, MicrosOrNull(reward.active_at), MicrosOrNull(reward.due_at),
       Bytes{RecordBytes(reward.record)}});
}

Result<bool> SqlTransaction::HasReferralReward(const ProgrammeId& programme,
                                               const MemberId& friend_member) {
  return Exists(connection_, kHasReward, {programme, friend_member});
}

Result<std::vector<ReferralReward>> SqlTransaction::ReferralRewards(const ProgrammeId& programme,
                                                                    const std::string& promoter,
                                                                    const std::string& before,
                                                                    int limit) {
  return FindAll<ReferralReward>(
      connection_, kRewards, {programme, promoter, before.empty() ? kNewestReward : before, limit},
      ReadReward);
}

Result<std::vector<issuance::Transaction::DueReferral>> SqlTransaction::ReferralRewardsDue(
    Timestamp now, int limit) {
  return FindAll<DueReferral>(
      connection_, kRewardsDue, {ToMicros(now), limit}, [](const Row& row) -> Result<DueReferral> {
        return DueReferral{IdAt<ProgrammeId>(row, 0), String(row, 1), IdAt<MemberId>(row, 2)};
      });
}

Status SqlTransaction::WakeReferralRewards(const ProgrammeId& programme, const OrderSource& source,
                                           const OrderId& order, Timestamp now) {
  return connection_.Send(kWakeRewards, {programme, source, order, ToMicros(now)});
}

}  // namespace passmint::store
