#include "issuance/referral_run.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "issuance/awards.h"
#include "issuance/owner.h"
#include "issuance/points.h"
#include "issuance/refunds.h"
#include "issuance/rule_sets.h"
#include "programme/referral.h"

namespace passmint::issuance {
namespace {

using What = AwardOutcome::What;

struct Paid {
  std::int64_t all = 0;
  std::int64_t refunded = 0;
};

Paid PaidOf(const ledger::OrderRecord& record) {
  Paid paid;
  for (const ledger::LineRecord& line : record.lines) {
    paid.all += line.paid;
    paid.refunded += line.paid_refunded;
  }
  return paid;
}

std::string RefusalOf(What what) {
  if (what == What::kLimit) return "limit";
  if (what == What::kBudget) return "budget";
  return what == What::kKnown ? "known" : "closed";
}

// One reward, within one transaction.
class Booking {
 public:
  Booking(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
          ReferralReward reward)
      : transaction_(transaction), site_(site), programme_(programme), reward_(std::move(reward)) {}

  // Whether points moved.
  Result<bool> Run() {
    reward_.due_at.reset();
    const auto order = transaction_.FindOrder(id(), reward_.source, reward_.order);
    if (!order.ok()) return order.error();
    if (!order.value()) return Error{.code = ErrorCode::kInternal, .message = "no such order"};
    auto rules = RulesOfVersion(transaction_, programme_, reward_.rule_set);
    if (!rules.ok()) return std::move(rules).error();
    rules_ = std::move(rules).value();
    if (!rules_->referral) return Error{.code = ErrorCode::kInternal, .message = "no such rule"};
    const Paid paid = PaidOf(order.value()->record);
    bool moved = false;
    if (reward_.state == RewardState::kWaiting) {
      auto given = Give(*order.value(), paid);
      if (!given.ok()) return given;
      moved = given.value();
    } else if (reward_.state == RewardState::kGiven && paid.refunded > reward_.refunded) {
      Status taken = TakeBack(paid);
      if (!taken.ok()) return std::move(taken).error();
      moved = true;
    }
    reward_.refunded = paid.refunded;
    Status updated = transaction_.UpdateReferralReward(id(), reward_);
    if (!updated.ok()) return std::move(updated).error();
    if (Status back = BudgetBack(); !back.ok()) return std::move(back).error();
    return moved;
  }

 private:
  const ProgrammeId& id() const { return programme_.programme.id; }
  const programme::Referral::Side& side() const {
    return reward_.side == ReferralSide::kFriend ? rules_->referral->friend_gets
                                                 : rules_->referral->promoter_gets;
  }

  Result<bool> Refuse(std::string why) {
    reward_.state = RewardState::kRefused;
    reward_.refusal = std::move(why);
    return false;
  }

  // Who gets it, locked; nothing, and the reward refused, if nobody can.
  Result<std::optional<cards::Member>> Receiver() {
    auto member = FindLivingMember(transaction_, id(), reward_.member);
    if (!member.ok()) return member;
    if (!member.value() || member.value()->erased) {
      (void)Refuse("erased");
      return std::optional<cards::Member>();
    }
    const MemberId& other =
        reward_.side == ReferralSide::kFriend ? PromoterMember() : reward_.friend_member;
    // They may have been merged since.
    const auto living = FindLivingMember(transaction_, id(), other);
    if (!living.ok()) return living.error();
    if (living.value() && living.value()->id == member.value()->id) {
      (void)Refuse("self");
      return std::optional<cards::Member>();
    }
    return member;
  }

  const MemberId& PromoterMember() {
    const auto promoter = transaction_.FindPromoter(id(), reward_.promoter);
    promoter_member_ = promoter.ok() && promoter.value() ? promoter.value()->member : MemberId("");
    return promoter_member_;
  }

  Result<bool> Give(const Order& order, const Paid& paid) {
    reward_.paid = paid.all - paid.refunded;
    if (reward_.paid < rules_->referral->least) {
      reward_.state = RewardState::kReversed;
      return false;
    }
    const auto member = Receiver();
    if (!member.ok()) return member.error();
    if (!member.value()) return false;
    const programme::ReferralReward gets = programme::RewardFor(
        *rules_, side(), reward_.ppm, reward_.paid, programme_.programme.currency.exponent());
    const programme::Award award = programme::AwardOf(*rules_->referral, side(), gets);
    const auto outcome = GiveAward(
        transaction_, site_, programme_,
        {.rules = *rules_,
         .award = award,
         .member = *member.value(),
         .occurrence = "order " + reward_.source.str() + " " + reward_.order.str(),
         .count = 1,
         .at = order.paid_at,
         .document = {},
         .actor = kSystemActor,
         .as_order = AsOrder{.id = reward_.id, .paid = reward_.paid, .fixed = gets.fixed}});
    if (!outcome.ok()) return outcome.error();
    if (outcome.value().what != What::kGiven) return Refuse(RefusalOf(outcome.value().what));
    return Keep(outcome.value(), *member.value(), award);
  }

  Result<bool> Keep(const AwardOutcome& given, const cards::Member& member,
                    const programme::Award& award) {
    const auto zone = calendar::TimeZone::Find(programme_.programme.time_zone);
    if (!zone.ok()) return zone.error();
    reward_.state = RewardState::kGiven;
    reward_.member = member.id;
    reward_.account = member.account;
    reward_.points = given.points;
    reward_.limits = LimitsJson(given.limits);
    reward_.period = given.period;
    reward_.entry = given.entry;
    reward_.record = given.record;
    if (given.points == 0) return false;
    reward_.active_at =
        programme::ActivatesAt(award.activate_after, zone.value(), transaction_.Now());
    return true;
  }

  // As much as was refunded since it was looked at.
  Status TakeBack(const Paid& paid) {
    const std::int64_t refunded = paid.refunded - reward_.refunded;
    if (paid.refunded == paid.all) reward_.state = RewardState::kReversed;
    if (reward_.points == 0) return {};
    auto place = LocateAccount(transaction_, id(), reward_.account);
    if (!place.ok()) return std::move(place).error();
    const ledger::OrderRecord record = ledger::Follow(reward_.record, place.value().offset);
    const ledger::LineRecord& line = record.lines.front();
    const ledger::Refund refund{
        .refund_id = "refund " + std::to_string(paid.refunded),
        .lines = {{.line = 0,
                   .group = ledger::Group::kMoney,
                   .amount = std::min(refunded, line.paid - line.paid_refunded)}}};
    const auto change = MovePoints(transaction_, programme_, place.value().account, &record, refund,
                                   {.actor = kSystemActor, .refunds = rules_->refunds});
    if (!change.ok()) return change.error();
    reward_.account = place.value().account;
    if (change.value().order) reward_.record = *change.value().order;
    taken_ = change.value().totals.clawed_back;
    return Uncount();
  }

  // What was taken back, the member's limit has not seen.
  Status Uncount() {
    if (reward_.period.empty() || taken_ == 0) return {};
    const MemberId member = OwnerOf(reward_.account);
    auto kept = transaction_.FindProgress(id(), member);
    if (!kept.ok()) return std::move(kept).error();
    if (!kept.value()) return {};
    MemberProgress progress = *std::move(kept).value();
    const auto used = progress.used.find({reward_.rule, reward_.period});
    if (used == progress.used.end()) return {};
    used->second -= taken_;
    if (used->second <= 0) progress.used.erase(used);
    return transaction_.PutProgress(id(), member, progress);
  }

  // Last of all, as everything of budgets.
  Status BudgetBack() {
    const int index = side().limits.budget;
    if (taken_ == 0 || index == programme::kNone) return {};
    const auto given = transaction_.SpendBudget(
        id(), rules_->budgets[static_cast<std::size_t>(index)].id, -taken_, ledger::kAmountMax);
    return given.ok() ? Status() : Status(given.error());
  }

  Transaction& transaction_;
  const Site& site_;
  const ProgrammeSite& programme_;
  ReferralReward reward_;
  RulesPtr rules_;
  MemberId promoter_member_{""};
  std::int64_t taken_ = 0;
};

Result<bool> Book(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                  const ReferralTables::DueReferral& due) {
  // Whoever gets it is locked before the reward, as a refund locks them.
  const auto locked = FindLivingMember(transaction, due.programme, due.member);
  if (!locked.ok()) return locked.error();
  auto reward = transaction.FindReferralReward(due.programme, due.id);
  if (!reward.ok()) return std::move(reward).error();
  const bool still =
      reward.value() && reward.value()->due_at && *reward.value()->due_at <= transaction.Now();
  if (!still) return false;  // Another process was faster.
  return Booking(transaction, site, programme, *std::move(reward).value()).Run();
}

Status SetAside(Store& store, const ReferralTables::DueReferral& due) {
  return store.Write([&due](Transaction& transaction) -> Status {
    auto reward = transaction.FindReferralReward(due.programme, due.id);
    if (!reward.ok()) return std::move(reward).error();
    if (!reward.value()) return {};
    reward.value()->due_at = transaction.Now() + kReferralSetAside;
    return transaction.UpdateReferralReward(due.programme, *reward.value());
  });
}

// Again if somebody else took the rest of a budget meanwhile.
Result<bool> BookOne(Store& store, const Site& site, const ProgrammeSite& programme,
                     const ReferralTables::DueReferral& due) {
  constexpr int kRacesMax = 5;
  Status done;
  bool moved = false;
  for (int tried = 0; tried < kRacesMax; ++tried) {
    done = store.Write([&](Transaction& transaction) -> Status {
      const auto booked = Book(transaction, site, programme, due);
      if (!booked.ok()) return booked.error();
      moved = booked.value();
      return {};
    });
    if (done.ok() || done.error().reason != "lost_race") break;
  }
  if (!done.ok()) return std::move(done).error();
  return moved;
}

}  // namespace

Result<CalendarRound> RunReferrals(Store& store, const Site& site) {
  std::vector<ReferralTables::DueReferral> due;
  Status read = store.Read([&due](Transaction& transaction) -> Status {
    auto found = transaction.ReferralRewardsDue(transaction.Now(), kReferralBatch);
    if (!found.ok()) return std::move(found).error();
    due = std::move(found).value();
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  CalendarRound round;
  for (const ReferralTables::DueReferral& one : due) {
    const ProgrammeSite* programme = site.Find(one.programme);
    const Error unknown{.code = ErrorCode::kNotFound, .message = "the settings have no such one"};
    auto booked =
        programme == nullptr ? Result<bool>(unknown) : BookOne(store, site, *programme, one);
    ++round.members;
    if (booked.ok()) {
      round.given += booked.value() ? 1 : 0;
      continue;
    }
    if (booked.error().code == ErrorCode::kUnavailable) return std::move(booked).error();
    round.failed.push_back({one.programme, "referral " + one.id, std::move(booked).error()});
    if (Status aside = SetAside(store, one); !aside.ok()) return std::move(aside).error();
  }
  round.more = due.size() == static_cast<std::size_t>(kReferralBatch);
  return round;
}

}  // namespace passmint::issuance
