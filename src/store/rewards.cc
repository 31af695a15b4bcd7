#include <utility>

#include "ledger/codec.h"
#include "store/columns.h"
#include "store/sql_transaction.h"

// What points were exchanged for.

namespace passmint::store {
namespace {

using issuance::ClaimStatus;
using issuance::RewardClaim;
using issuance::RewardStock;
using sql::Bytes;
using sql::Row;
using sql::Statement;

constexpr Statement kRewardStocks(
    "SELECT reward, stock, claimed FROM reward_stock WHERE programme = $1 ORDER BY reward");
constexpr Statement kSetRewardStock(
    "INSERT INTO reward_stock (programme, reward, stock, claimed) VALUES ($1, $2, $3, 0)"
    " ON CONFLICT (programme, reward) DO UPDATE SET stock = excluded.stock");
constexpr Statement kTakeReward(
    "INSERT INTO reward_stock (programme, reward, stock, claimed) VALUES ($1, $2, NULL, 1)"
    " ON CONFLICT (programme, reward) DO UPDATE SET stock = reward_stock.stock - 1,"
    " claimed = reward_stock.claimed + 1"
    " WHERE reward_stock.stock IS NULL OR reward_stock.stock > 0");
constexpr Statement kReturnReward(
    "UPDATE reward_stock SET stock = stock + 1, claimed = claimed - 1"
    " WHERE programme = $1 AND reward = $2");

#define PASSMINT_CLAIM_COLUMNS \
  "id, caller_id, reward, member, account, points, coupon, status, claimed_at, ended_at, record"

constexpr Statement kInsertClaim(
    "INSERT INTO reward_claim (programme, " PASSMINT_CLAIM_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING");
constexpr Statement kFindClaim("SELECT " PASSMINT_CLAIM_COLUMNS
                               " FROM reward_claim WHERE programme = $1 AND id = $2");
constexpr Statement kFindClaimOfCaller("SELECT " PASSMINT_CLAIM_COLUMNS
                                       " FROM reward_claim WHERE programme = $1"
                                       " AND caller_id = $2 AND caller_id <> ''");
constexpr Statement kUpdateClaim(
    "UPDATE reward_claim SET status = $3, ended_at = $4, account = $5, record = $6"
    " WHERE programme = $1 AND id = $2");
constexpr Statement kClaims("SELECT " PASSMINT_CLAIM_COLUMNS
                            " FROM reward_claim WHERE programme = $1 AND reward = $2"
                            " AND id < $3 ORDER BY id DESC LIMIT $4");

// Behind every id of a claim.
constexpr const char* kNewest = "cm";

const char* NameOf(ClaimStatus status) {
  switch (status) {
    case ClaimStatus::kOpen:
      return "open";
    case ClaimStatus::kFulfilled:
      return "fulfilled";
    case ClaimStatus::kCancelled:
      return "cancelled";
  }
  return "";
}

Result<ClaimStatus> StatusOf(std::string_view name) {
  for (const ClaimStatus status :
       {ClaimStatus::kOpen, ClaimStatus::kFulfilled, ClaimStatus::kCancelled}) {
    if (name == NameOf(status)) return status;
  }
  return Damaged("reward_claim.status");
}

Result<RewardClaim> ReadClaim(const Row& row) {
  const auto status = StatusOf(row.Text(7));
  if (!status.ok()) return status.error();
  auto record = ledger::DecodeOrder(row.Bytes(10));
  if (!record.ok()) return Damaged("reward_claim.record");
  return RewardClaim{.id = String(row, 0),
                     .caller_id = String(row, 1),
                     .reward = String(row, 2),
                     .member = IdAt<MemberId>(row, 3),
                     .account = IdAt<AccountId>(row, 4),
                     .points = row.Integer(5),
                     .coupon = String(row, 6),
                     .status = status.value(),
                     .claimed_at = Instant(row, 8),
                     .ended_at = InstantOrNull(row, 9),
                     .record = std::move(record).value()};
}

Result<RewardStock> ReadStock(const Row& row) {
  RewardStock stock{.reward = String(row, 0), .stock = std::nullopt, .claimed = row.Integer(2)};
  if (!row.IsNull(1)) stock.stock = row.Integer(1);
  return stock;
}

}  // namespace

Result<std::vector<RewardStock>> SqlTransaction::RewardStocks(const ProgrammeId& programme) {
  return FindAll<RewardStock>(connection_, kRewardStocks, {programme}, ReadStock);
}

Status SqlTransaction::SetRewardStock(const ProgrammeId& programme, const std::string& reward,
                                      std::optional<std::int64_t> stock) {
  return connection_.Send(kSetRewardStock, {programme, reward, stock});
}

Result<bool> SqlTransaction::TakeReward(const ProgrammeId& programme, const std::string& reward) {
  return Wrote(connection_.Execute(kTakeReward, {programme, reward}));
}

Status SqlTransaction::ReturnReward(const ProgrammeId& programme, const std::string& reward) {
  return connection_.Send(kReturnReward, {programme, reward});
}

Result<bool> SqlTransaction::InsertClaim(const ProgrammeId& programme, const RewardClaim& claim) {
  return Wrote(connection_.Execute(
      kInsertClaim,
      {programme, claim.id, claim.caller_id, claim.reward, claim.member, claim.account,
       claim.points, claim.coupon, NameOf(claim.status), ToMicros(claim.claimed_at),
       MicrosOrNull(claim.ended_at), Bytes{ledger::EncodeOrder(claim.record)}}));
}

Result<std::optional<RewardClaim>> SqlTransaction::FindClaim(const ProgrammeId& programme,
                                                             const std::string& id) {
  return FindOne<RewardClaim>(connection_, kFindClaim, {programme, id}, ReadClaim);
}

Result<std::optional<RewardClaim>> SqlTransaction::FindClaimOfCaller(const ProgrammeId& programme,
                                                                     const std::string& caller_id) {
  return FindOne<RewardClaim>(connection_, kFindClaimOfCaller, {programme, caller_id}, ReadClaim);
}

Status SqlTransaction::UpdateClaim(const ProgrammeId& programme, const RewardClaim& claim) {
  return connection_.Send(kUpdateClaim,
                          {programme, claim.id, NameOf(claim.status), MicrosOrNull(claim.ended_at),
                           claim.account, Bytes{ledger::EncodeOrder(claim.record)}});
}

Result<std::vector<RewardClaim>> SqlTransaction::Claims(const ProgrammeId& programme,
                                                        const std::string& reward,
                                                        const std::string& before, int limit) {
  return FindAll<RewardClaim>(connection_, kClaims,
                              {programme, reward, before.empty() ? kNewest : before, limit},
                              ReadClaim);
}

}  // namespace passmint::store
