#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "ledger/arithmetic.h"
#include "ledger/command.h"
#include "programme/gate.h"
#include "programme/occurrence.h"
#include "programme/period.h"
#include "programme/tiers.h"

// What a programme's points are earned and spent by: a rule set, as assets/ruleset.schema.json
// states it. Pure. README.md of this folder says in which order its parts are evaluated.

namespace passmint::programme {

// A positive rational number; reduced.
struct Ratio {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
};

// Stands for "no stack group of its own", "no budget" and the like in the indexes below.
inline constexpr int kNone = -1;

// Rules of one group compete: kBest, each line takes the best of them; kSum, all of them count. A
// rule that names no group is alone in one.
struct StackGroup {
  enum class Mode { kBest, kSum };
  std::string name;  // Empty: of a rule that names none.
  Mode mode = Mode::kSum;
};

// At most so much for a member in each day, week, month ... of the programme's calendar.
struct MemberLimit {
  std::int64_t most = 0;
  Unit per = Unit::kEver;
};

// Points, or minor units for discounts.
struct Limits {
  std::optional<std::int64_t> line = {};
  std::optional<std::int64_t> order = {};
  std::optional<MemberLimit> member = {};
  int budget = kNone;  // Index into RuleSet::budgets.
};

enum class RateFrom {
  kRule,  // `ppm`.
  kTier,  // The member's level.
  kCard,  // The card's own rate if it has one, else the level's.
};

// How much of what a rule gave a refund takes back.
enum class OnRefund {
  kProportional,     // In proportion to what is refunded.
  kWhileQualifying,  // All of it, once what is left no longer qualifies.
  kOnFull,           // All of it, once everything is refunded.
};

struct EarnRule {
  enum class Kind {
    kPercent,     // ppm of what money paid.
    kPerAmount,   // `points` for each full `per` minor units of it.
    kFixed,       // `points` once for the order.
    kMultiplier,  // Times `factor` what rates give on its lines.
    kStamp,       // `points` stamps for the order, each line or each unit.
  };
  enum class StampPer { kOrder, kLine, kUnit };

  std::string id;        // Stable for ever: limits, reports and refunds are keyed by it.
  std::int64_t ppm = 0;  // Millionths of what money paid: 50,000 is 5 %.
  Period activate_after = {};
  Expiry expires = {};
  std::string funder = {};  // Empty: the programme itself.

  Kind kind = Kind::kPercent;
  RateFrom rate = RateFrom::kRule;
  std::int64_t points = 0;
  std::int64_t per = 1;
  Ratio factor = {1, 1};
  int stamp = kNone;  // Index into RuleSet::stamps.
  StampPer stamp_per = StampPer::kOrder;
  Gate gate = {};
  int group = kNone;  // Index into RuleSet::earn_groups.
  int priority = 100;
  Limits limits = {};
  std::optional<Unit> once = {};  // Granted to a member once in each such unit.
  OnRefund on_refund = OnRefund::kProportional;
  // A multiplier that says nothing about activation and expiry: its points live as those that it
  // multiplies. (One that names no funder is paid for by theirs.)
  bool lives_as_multiplied = false;
};

// Makes goods cheaper. Used for discounts, which act by themselves, and for coupons, which an order
// brings.
struct Discount {
  enum class Kind {
    kPercent,  // ppm of what the lines cost.
    kAmount,   // `amount` off, spread over the lines.
    kPrice,    // Each unit costs `amount` at most.
    kFree,     // Of each `buy` units `free` are free, the cheapest.
  };
  enum class Stage { kStanding, kPromotion, kItemCoupon, kOrderCoupon };

  std::string id;
  Kind kind = Kind::kPercent;
  Stage stage = Stage::kPromotion;
  RateFrom rate = RateFrom::kRule;  // Of kPercent.
  std::int64_t ppm = 0;
  std::int64_t amount = 0;
  std::int64_t buy = 2;
  std::int64_t free = 1;
  Gate gate = {};
  int group = kNone;  // Index into RuleSet::discount_groups.
  int priority = 100;
  Limits limits = {};
  std::string funder = {};
  bool single_use = false;  // Of coupons: each code once.
};

// What the order of SKUs reminds of: goods that a rule recommends.
struct Advice {
  std::string id;
  Gate gate = {};
  std::vector<std::string> skus = {};
};

struct Burn {
  std::int64_t max_ppm_of_order = 1'000'000;  // Of what the order costs once discounts are off.
  Selector exclude = {};                      // Goods that points do not pay.
  bool up_to = false;  // What an order that does not say gets with too few points: what there is.
};

struct Budget {
  std::string id;
  std::optional<std::int64_t> cap = {};
  bool partial = false;  // The last grant may be cut; else it is whole or not at all.
  std::string funder = {};
};

// Points for something else than an order: a review, a visit, a birthday, a holiday.
struct Award {
  std::string id;
  std::int64_t points = 0;
  Gate gate = {};
  Period activate_after = {};
  Expiry expires = {};
  std::string funder = {};
  Limits limits = {};
  bool moderated = false;  // Of actions: waits for approval.
  // Of actions: granted to a member once in each such unit, or for each thing that events name.
  std::optional<Unit> once = {};
  bool once_per_subject = false;
  bool per_unit = false;      // Of actions: times the event's quantity.
  std::string occasion = {};  // Of the calendar: "birthday" or a holiday's id.
  int days_before = 0;        // Of the calendar: due so many days before the occasion.
};

struct StampCard {
  std::string id;
  std::int64_t goal = 10;
  std::string reward = {};  // A reward's id.
};

struct Referral {
  struct Side {
    std::int64_t points = 0;
    std::int64_t ppm = 0;  // Of what the friend paid.
    Limits limits = {};    // Of one reward, of the member who gets it, of a budget.
  };
  std::string id;
  Side friend_gets = {};
  Side promoter_gets = {};
  bool every_purchase = false;  // Else the first only.
  std::int64_t least = 1;       // What the friend has to pay by money, minor units.
  Period pending = {.months = 0, .days = 14};
  Expiry expires = {};
  std::string funder = {};
  std::string link = {};  // Where the promoter's link leads: "{token}" stands for the token.
};

struct Reward {
  enum class Kind { kGift, kProduct, kService, kEvent, kDonation, kCoupon };
  std::string id;
  Kind kind = Kind::kGift;
  std::string title = {};
  std::int64_t price = 0;  // Points.
  std::vector<std::pair<std::string, std::int64_t>> tier_prices = {};
  std::vector<std::string> skus = {};
  std::string coupon = {};
  Gate gate = {};
};

// What new cards are sold for.
struct CardSale {
  std::int64_t price_minor = 0;  // 0: they are given away.
  std::string sku = {};          // An order's line with it pays for a card; empty: none does.
};

// What members pay for period by period. Rules ask for it with member.membership.
struct MembershipPlan {
  std::string id;
  std::string title = {};
  std::int64_t price_minor = 0;
  Period period = {.months = 1, .days = 0};
  Period grace = {};  // Behind the end, with all benefits.
};

struct Message {
  enum class About { kExpiring, kUnspent, kNextPurchase, kTierFalling, kBirthday };
  std::string id;
  About about = About::kExpiring;
  Period time = {};                                             // Before it happens, or of silence.
  std::vector<std::pair<std::string, std::string>> texts = {};  // By language.
};

struct RuleSet {
  std::int64_t version = 0;  // 0: the programme has no rules, nothing is earned.
  int exponent = 0;          // Decimal places of a point: 0 to 6.
  // What points are worth when they pay: `value_points` smallest units are `value_minor`.
  std::int64_t value_points = 1;
  std::int64_t value_minor = 100;
  ledger::Rounding rounding = ledger::Rounding::kFloor;
  std::string rounding_name = "floor";
  // Nothing is granted for what was paid before.
  std::optional<Timestamp> effective_from = {};
  std::vector<EarnRule> earn = {};
  std::vector<StackGroup> earn_groups = {};
  std::vector<Discount> discounts = {};
  std::vector<Discount> coupons = {};
  std::vector<StackGroup> discount_groups = {};  // Of discounts and of coupons.
  Burn burn = {};
  Limits limits = {};  // Of all earning rules together.
  Tiers tiers = {};
  std::vector<Award> actions = {};
  std::vector<Holiday> holidays = {};
  std::vector<Award> occasions = {};
  LeapBirthday leap_birthday = LeapBirthday::kFeb28;
  int calendar_hour = 9;
  std::vector<StampCard> stamps = {};
  std::optional<Referral> referral = {};
  std::vector<Reward> rewards = {};
  CardSale card = {};
  std::vector<MembershipPlan> memberships = {};
  std::vector<Budget> budgets = {};
  std::vector<Message> messages = {};
  std::vector<Advice> advice = {};
  ledger::Policy refunds = {};
};

// Fails with kInvalidArgument and every problem with its pointer: an unknown field (with the one
// that was meant, perhaps), a rate over 100 %, a period that cannot be read.
Result<RuleSet> ParseRules(const Json& rules, std::int64_t version);

// What so many points pay at most, in minor units, at most ledger::kAmountMax. REQUIRES: points >=
// 0.
std::int64_t WorthOf(const RuleSet& rules, std::int64_t points);

}  // namespace passmint::programme
