#include "issuance/memberships.h"

#include <algorithm>
#include <utility>

#include "issuance/at_once.h"
#include "issuance/card_life.h"
#include "issuance/points.h"
#include "issuance/rule_sets.h"
#include "programme/period.h"

namespace passmint::issuance {
namespace {

using ledger::EntryType;
using programme::MembershipPlan;

// The same time of the day, so much later, as the clocks there show it.
Timestamp LaterThere(const calendar::TimeZone& zone, Timestamp from,
                     const programme::Period& period) {
  const auto day = zone.DayAt(from);
  const auto days = programme::Later(day, period) - std::chrono::sys_days(day);
  const auto part = from - std::chrono::floor<std::chrono::seconds>(from);
  return zone.InstantOf(zone.LocalAt(from) + days) + part;
}

Result<MembershipPlan> FindPlan(Transaction& transaction, const ProgrammeSite& programme,
                                const std::string& id) {
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  for (const MembershipPlan& plan : rules.value()->memberships) {
    if (plan.id == id) return plan;
  }
  return InvalidInput("unknown_plan", "/plan",
                      "the rules have no such plan; they are under \"memberships\"");
}

// The account's journal says what was bought or ended, and so do the cards.
Status Record(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
              const Membership& membership, const std::string& actor, const std::string& reason) {
  const auto member = FindLivingMember(transaction, programme.programme.id, membership.member);
  if (!member.ok()) return member.error();
  if (!member.value()) return Error{.message = "a membership without its member"};
  const Json note = {{"reason", reason},
                     {"document",
                      {{"type", "membership"},
                       {"id", membership.id},
                       {"name", "Membership " + membership.plan + " until " +
                                    FormatRfc3339(membership.ends_at)}}}};
  Status recorded = RecordService(transaction, programme.programme.id, member.value()->account,
                                  {.type = EntryType::kMembership,
                                   .document = {.type = ledger::DocumentType::kAdjustment,
                                                .source = {},
                                                .id = membership.id,
                                                .parent = {}},
                                   .due = std::nullopt},
                                  {.actor = actor, .note = note, .random = site.random.get()});
  if (!recorded.ok()) return recorded;
  // Cards say until when it is paid for.
  return TouchCardsOf(transaction, programme.programme.id, membership.member);
}

// Where the next period of the plan begins.
Result<Timestamp> NextStart(Transaction& transaction, const ProgrammeId& programme,
                            const MemberId& member, const std::string& plan) {
  const Timestamp now = transaction.Now();
  auto known = transaction.CardTerms().MembershipsOf(programme, member, now, kMembershipsMax);
  if (!known.ok()) return std::move(known).error();
  std::optional<Timestamp> end;
  for (const Membership& one : known.value()) {
    if (one.plan == plan && !one.cancelled_at)
      end = std::max(end.value_or(one.ends_at), one.ends_at);
  }
  return end.value_or(AtOnce(now));
}

// The same report once more.
Result<MembershipOutcome> Again(Membership known, const MemberId& member,
                                const MembershipRequest& request) {
  if (known.member == member && known.plan == request.plan) {
    return MembershipOutcome{.created = false, .membership = std::move(known)};
  }
  return Error{.code = ErrorCode::kConflict,
               .message = "membership " + known.id + " is known with another member or plan",
               .reason = "membership_conflict",
               .hint = "each paid period has an id of its own"};
}

// What the request says instead of the plan.
Status Apply(const MembershipRequest& request, Membership& membership) {
  if (request.ends_at) {
    const auto grace = membership.lapses_at - membership.ends_at;
    membership.ends_at = *request.ends_at;
    membership.lapses_at = membership.ends_at + grace;
  }
  if (request.lapses_at) membership.lapses_at = *request.lapses_at;
  if (request.price_minor) membership.price_minor = *request.price_minor;
  if (membership.ends_at <= membership.starts_at) {
    return InvalidInput("out_of_range", "/ends_at", "it ends before it begins");
  }
  if (membership.lapses_at < membership.ends_at) {
    return InvalidInput("out_of_range", "/grace_until", "a grace is behind the end");
  }
  return {};
}

Result<Membership> NewPeriod(Transaction& transaction, const ProgrammeSite& programme,
                             const MemberId& member, const MembershipRequest& request) {
  const auto plan = FindPlan(transaction, programme, request.plan);
  if (!plan.ok()) return plan.error();
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  auto start = request.starts_at
                   ? Result<Timestamp>(*request.starts_at)
                   : NextStart(transaction, programme.programme.id, member, request.plan);
  if (!start.ok()) return start.error();
  Membership membership = PeriodFrom(plan.value(), zone.value(), start.value());
  if (Status fine = Apply(request, membership); !fine.ok()) return std::move(fine).error();
  membership.id = request.id;
  membership.member = member;
  membership.source = request.source;
  membership.order = request.order;
  membership.actor = request.actor;
  membership.created_at = transaction.Now();
  return membership;
}

}  // namespace

Membership PeriodFrom(const MembershipPlan& plan, const calendar::TimeZone& zone, Timestamp start) {
  Membership membership;
  membership.plan = plan.id;
  membership.price_minor = plan.price_minor;
  membership.starts_at = start;
  membership.ends_at = LaterThere(zone, start, plan.period);
  membership.lapses_at = LaterThere(zone, membership.ends_at, plan.grace);
  return membership;
}

Result<MembershipOutcome> BuyMembership(Transaction& transaction, const Site& site,
                                        const ProgrammeSite& programme,
                                        const MembershipRequest& request) {
  const ProgrammeId& id = programme.programme.id;
  auto owner = FindOwner(transaction, programme.programme, request.who, "");
  if (!owner.ok()) return std::move(owner).error();
  const MemberId& member = owner.value().member.id;
  auto known = transaction.CardTerms().FindMembership(id, request.id);
  if (!known.ok()) return std::move(known).error();
  if (known.value()) return Again(*std::move(known).value(), member, request);
  auto made = NewPeriod(transaction, programme, member, request);
  if (!made.ok()) return std::move(made).error();
  Membership membership = std::move(made).value();
  const auto inserted = transaction.CardTerms().InsertMembership(id, membership);
  if (!inserted.ok()) return inserted.error();
  if (!inserted.value()) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "the membership is just being reported",
                 .reason = "lost_race"};
  }
  Status recorded = Record(transaction, site, programme, membership, request.actor, "paid");
  if (!recorded.ok()) return std::move(recorded).error();
  return MembershipOutcome{.created = true, .membership = std::move(membership)};
}

Result<Membership> CancelMembership(Transaction& transaction, const Site& site,
                                    const ProgrammeSite& programme, const Cancellation& cancel) {
  const ProgrammeId& id = programme.programme.id;
  auto known = transaction.CardTerms().FindMembership(id, cancel.id);
  if (!known.ok()) return std::move(known).error();
  if (!known.value()) {
    return Error{.code = ErrorCode::kNotFound, .message = "there is no such membership"};
  }
  // The member is locked; then it is read again.
  if (auto member = FindLivingMember(transaction, id, known.value()->member); !member.ok()) {
    return std::move(member).error();
  }
  known = transaction.CardTerms().FindMembership(id, cancel.id);
  if (!known.ok()) return std::move(known).error();
  Membership membership = *std::move(known).value();
  const Timestamp now = transaction.Now();
  if (membership.cancelled_at || membership.lapses_at <= now) return membership;
  membership.cancelled_at = now;
  membership.ends_at = std::max(membership.starts_at, std::min(membership.ends_at, AtOnce(now)));
  membership.lapses_at = membership.ends_at;
  if (Status ended = transaction.CardTerms().UpdateMembership(id, membership); !ended.ok()) {
    return std::move(ended).error();
  }
  Status recorded = Record(transaction, site, programme, membership, cancel.actor, cancel.reason);
  if (!recorded.ok()) return std::move(recorded).error();
  return membership;
}

std::vector<std::string> PlansAt(const std::vector<Membership>& memberships, Timestamp at) {
  std::vector<std::string> plans;
  for (const Membership& one : memberships) {
    const bool runs = one.starts_at <= at && at < one.lapses_at;
    const bool told = std::find(plans.begin(), plans.end(), one.plan) != plans.end();
    if (runs && !told) plans.push_back(one.plan);
  }
  return plans;
}

Result<std::vector<std::string>> PlansOf(Transaction& transaction, const ProgrammeId& programme,
                                         const MemberId& member, Timestamp at) {
  const auto known = transaction.CardTerms().MembershipsOf(programme, member, at, kMembershipsMax);
  if (!known.ok()) return known.error();
  return PlansAt(known.value(), at);
}

}  // namespace passmint::issuance
