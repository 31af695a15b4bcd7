#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "json/json.h"
#include "ledger/order.h"

namespace passmint::issuance {

// A member who brings others, for ever with the same code.
struct Promoter {
  std::string id;  // "p_" and 32 hex digits.
  MemberId member;
  std::string code;                           // [A-Z2-9], in the link.
  std::string key_id;                         // Of the master key that signs the link.
  std::optional<std::int64_t> rate_ppm = {};  // Instead of the rule's.
  Timestamp created_at;
};

// By whom a member was brought; the first counts.
struct Referral {
  MemberId friend_member;
  std::string promoter;  // Id; empty: nobody, the token was refused.
  std::string refusal;   // A warning's code; empty: none.
  std::string actor;     // Name of the API key that told.
  Timestamp created_at;
};

enum class ReferralSide { kFriend, kPromoter };
std::string_view ToText(ReferralSide side);
std::optional<ReferralSide> ReferralSideFrom(std::string_view text);

// kReversed: the friend's refunds took all of it back, or came first.
enum class RewardState { kWaiting, kGiven, kRefused, kReversed };
std::string_view ToText(RewardState state);
std::optional<RewardState> RewardStateFrom(std::string_view text);

// What one side of a friend's order gets: unique by (rule, order, side).
struct ReferralReward {
  std::string id;  // "rf_" and 32 hex digits.
  std::string rule;
  OrderSource source;
  OrderId order;
  ReferralSide side = ReferralSide::kPromoter;
  std::string promoter;  // Id.
  MemberId friend_member;
  MemberId member;            // Who gets it.
  AccountId account;          // That has the points now; empty: none has yet.
  std::int64_t rule_set = 0;  // Version that judged the order.
  std::int64_t ppm = 0;
  RewardState state = RewardState::kWaiting;
  std::string refusal;           // Why nothing was given: "self", "limit" and the like.
  std::int64_t paid = 0;         // Of the order, refunds off, as it was given. Minor units.
  std::int64_t refunded = 0;     // Of what money paid of the order, as far as it was looked at.
  std::int64_t points = 0;       // Given.
  Json limits = Json::object();  // What was left of limits then (awards.h).
  std::string period;            // Of the limit for each member that counted it.
  std::string entry;             // As EntryIdText.
  std::optional<Timestamp> active_at = {};  // Of the points.
  Timestamp created_at;
  std::optional<Timestamp> due_at = {};  // When it is to be looked at.
  ledger::OrderRecord record;            // The points as an order: its key has no source, and id.
};

// Whether an order's key without a source is that of a reward for bringing somebody.
inline bool IsReferralReward(std::string_view id) { return id.starts_with("rf_"); }

// The part of a Transaction (store.h) that knows of referrals, with the same failures and life.
class ReferralTables {
 public:
  // False if the member is one already or the code is taken: then nothing was written.
  virtual Result<bool> InsertPromoter(const ProgrammeId&, const Promoter&) = 0;
  virtual Result<std::optional<Promoter>> FindPromoter(const ProgrammeId&,
                                                       const std::string& id) = 0;
  virtual Result<std::optional<Promoter>> FindPromoterOf(const ProgrammeId&, const MemberId&) = 0;
  struct LocatedPromoter {
    ProgrammeId programme;
    Promoter promoter;
  };
  virtual Result<std::optional<LocatedPromoter>> FindPromoterByCode(const std::string& code) = 0;
  // Newest first, before `before` ("": from the newest).
  virtual Result<std::vector<Promoter>> Promoters(const ProgrammeId&, const std::string& before,
                                                  int limit) = 0;

  // Whether the member has bought something.
  virtual Result<bool> HasOrders(const ProgrammeId&, const MemberId&) = 0;
  virtual Result<std::optional<Referral>> FindReferral(const ProgrammeId&, const MemberId&) = 0;
  // Makes or replaces it.
  virtual Status PutReferral(const ProgrammeId&, const Referral&) = 0;

  // Nothing if the order has one of the rule for that side already.
  virtual Status InsertReferralReward(const ProgrammeId&, const ReferralReward&) = 0;
  // In a write it is locked until the end; whoever gets it is locked before.
  virtual Result<std::optional<ReferralReward>> FindReferralReward(const ProgrammeId&,
                                                                   const std::string& id) = 0;
  // All but what the order and the rule said.
  virtual Status UpdateReferralReward(const ProgrammeId&, const ReferralReward&) = 0;
  // Whether some reward for an order of that friend waits or was given and kept.
  virtual Result<bool> HasReferralReward(const ProgrammeId&, const MemberId& friend_member) = 0;
  // Those of the promoter's side, newest first, before `before` ("": from the newest).
  virtual Result<std::vector<ReferralReward>> ReferralRewards(const ProgrammeId&,
                                                              const std::string& promoter,
                                                              const std::string& before,
                                                              int limit) = 0;
  // Those that are due at `now`, the longest due first.
  struct DueReferral {
    ProgrammeId programme;
    std::string id;
    MemberId member;
  };
  virtual Result<std::vector<DueReferral>> ReferralRewardsDue(Timestamp now, int limit) = 0;
  // Those of the order are due at `now`: something of it was refunded.
  virtual Status WakeReferralRewards(const ProgrammeId&, const OrderSource&, const OrderId&,
                                     Timestamp now) = 0;

 protected:
  ~ReferralTables() = default;
};

}  // namespace passmint::issuance
