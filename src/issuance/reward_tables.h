#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "ledger/order.h"

namespace passmint::issuance {

// How many of a reward of the rules (programme::RuleSet::rewards) are left.
struct RewardStock {
  std::string reward;                 // Id in the rule set.
  std::optional<std::int64_t> stock;  // Nothing: without limit.
  std::int64_t claimed = 0;           // Without those that were cancelled.

  friend bool operator==(const RewardStock&, const RewardStock&) = default;
};

// Points that became a reward. Stored by name.
enum class ClaimStatus { kOpen, kFulfilled, kCancelled };

struct RewardClaim {
  std::string id;         // "cl_" and 32 hex digits; later ones sort later.
  std::string caller_id;  // The shop's own; empty: none. Unique in a programme.
  std::string reward;
  MemberId member;
  AccountId account;        // That paid it, or whose points it has since a merge.
  std::int64_t points = 0;  // The price.
  std::string coupon = {};  // The code that came with it; empty: none.
  ClaimStatus status = ClaimStatus::kOpen;
  Timestamp claimed_at;
  std::optional<Timestamp> ended_at = {};  // When it was handed over or cancelled.
  ledger::OrderRecord record = {};         // What it burned, and whether that came back.
};

// The rewards' part of a Transaction (store.h), with the same failures and the same life.
class RewardTables {
 public:
  // Of the rewards that ever had a stock or a claim, by id.
  virtual Result<std::vector<RewardStock>> RewardStocks(const ProgrammeId&) = 0;
  virtual Status SetRewardStock(const ProgrammeId&, const std::string& reward,
                                std::optional<std::int64_t> stock) = 0;
  // Takes one and counts a claim; false if none is left: then nothing was written. Holds up every
  // other claim of the reward until the end, so it comes last.
  virtual Result<bool> TakeReward(const ProgrammeId&, const std::string& reward) = 0;
  virtual Status ReturnReward(const ProgrammeId&, const std::string& reward) = 0;

  // False if the id or the caller's id is taken; then nothing was written.
  virtual Result<bool> InsertClaim(const ProgrammeId&, const RewardClaim&) = 0;
  // To change a claim: lock its account (LoadAccount), and read the claim then.
  virtual Result<std::optional<RewardClaim>> FindClaim(const ProgrammeId&,
                                                       const std::string& id) = 0;
  virtual Result<std::optional<RewardClaim>> FindClaimOfCaller(const ProgrammeId&,
                                                               const std::string& caller_id) = 0;
  // Writes status, ended_at, account and record.
  virtual Status UpdateClaim(const ProgrammeId&, const RewardClaim&) = 0;
  // Newest first: claims with an id below `before` ("": all).
  virtual Result<std::vector<RewardClaim>> Claims(const ProgrammeId&, const std::string& reward,
                                                  const std::string& before, int limit) = 0;

 protected:
  ~RewardTables() = default;
};

}  // namespace passmint::issuance
