#include "issuance/events.h"

#include <utility>

#include "calendar/time_zone.h"
#include "crypto/token.h"
#include "issuance/awards.h"
#include "issuance/fingerprint.h"
#include "issuance/order_check.h"
#include "issuance/points.h"
#include "issuance/referrals.h"
#include "issuance/rule_sets.h"
#include "programme/award.h"
#include "programme/occurrence.h"

namespace passmint::issuance {
namespace {

using What = AwardOutcome::What;

Error UnknownAction(const std::string& type) {
  return {.code = ErrorCode::kNotFound,
          .message = "the rules have no action \"" + type + "\"",
          .reason = {}};
}

// What makes two reports of one event the same. Who it is about is in it as it was sent.
std::string ComparedContent(const EventReport& report) {
  Json who = {{"card_number", report.who.card_number.value_or("")},
              {"member_id", report.who.member ? report.who.member->str() : ""}};
  if (report.customer) {
    who["phone"] = report.customer->phone.value_or("");
    who["email"] = report.customer->email.value_or("");
  }
  return json::Dump({{"type", report.type},
                     {"who", std::move(who)},
                     {"subject", report.subject},
                     {"quantity", report.quantity}});
}

Result<Timestamp> InstantOf(const EventReport& report, Timestamp now) {
  if (!report.occurred_at) return now;
  auto at = ParseRfc3339(*report.occurred_at);
  if (!at.ok()) return InvalidInput("invalid_time", "/occurred_at", at.error().message);
  if (at.value() > now + kPaidAheadMax) {
    return InvalidInput("time_in_future", "/occurred_at", "more than 5 minutes ahead");
  }
  if (at.value() < now - kPaidAgoMax) {
    return InvalidInput("time_too_old", "/occurred_at", "more than 30 days ago");
  }
  return at;
}

// The member, with what the event tells of them.
Result<cards::Member> MemberOf(Transaction& transaction, const Site& site,
                               const ProgrammeSite& programme, const EventReport& report,
                               std::vector<Warning>& warnings) {
  if (report.customer) {
    Customer customer = *report.customer;
    customer.attributes.update(report.attributes);
    auto found =
        FindOrMakeMember(transaction, programme.programme, customer, *site.random, warnings);
    if (!found.ok()) return std::move(found).error();
    Status brought =
        KeepReferral(transaction, site, programme, found.value().member, customer, warnings);
    if (!brought.ok()) return std::move(brought).error();
    auto member =
        AccountHolder(transaction, programme.programme.id, std::move(found.value().member));
    if (!member.ok()) return member;
    Status usable = RequireUsable(transaction, programme.programme.id,
                                  {.member = member.value(), .card = std::nullopt});
    if (!usable.ok()) return std::move(usable).error();
    return member;
  }
  auto owner = FindOwner(transaction, programme.programme, report.who, "");
  if (!owner.ok()) return std::move(owner).error();
  Status usable = RequireUsable(transaction, programme.programme.id, owner.value());
  if (!usable.ok()) return std::move(usable).error();
  if (report.attributes.empty()) return std::move(owner).value().member;
  Customer told;
  told.attributes = report.attributes;
  auto known = UpdateMemberFacts(transaction, programme.programme, std::move(owner).value().member,
                                 told, warnings);
  if (!known.ok()) return std::move(known).error();
  return std::move(known).value().member;
}

// What the action grants once. Texts in the journal: no personal data.
Result<std::string> OccurrenceOf(const ProgrammeSite& programme, const programme::Award& action,
                                 const ReportedEvent& event) {
  if (action.once_per_subject) return "subject " + event.subject;
  if (!action.once) return "event " + event.source.str() + " " + event.id;
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  return programme::UnitKey(*action.once, zone.value().DayAt(event.occurred_at));
}

Result<AwardRequest> RequestOf(const ProgrammeSite& programme, const programme::RuleSet& rules,
                               const programme::Award& action, const cards::Member& member,
                               const ReportedEvent& event) {
  auto occurrence = OccurrenceOf(programme, action, event);
  if (!occurrence.ok()) return std::move(occurrence).error();
  return AwardRequest{.rules = rules,
                      .award = action,
                      .member = member,
                      .occurrence = occurrence.value(),
                      .count = event.quantity,
                      .at = event.occurred_at,
                      .document = {.type = ledger::DocumentType::kEvent,
                                   .source = event.source.str(),
                                   .id = event.id,
                                   .parent = std::move(occurrence).value()},
                      .actor = {},
                      .activity = true};
}

std::string RefusalOf(What what) {
  switch (what) {
    case What::kGiven:
      break;
    case What::kKnown:
      return "already_granted";
    case What::kClosed:
      return "not_eligible";
    case What::kLimit:
      return "limit_reached";
    case What::kBudget:
      return "budget_spent";
  }
  return {};
}

std::optional<Warning> WarningOf(const std::string& refusal) {
  if (refusal == "already_granted") return Warning{refusal, "the member has had these points"};
  if (refusal == "not_eligible") {
    return Warning{refusal, "the action is not for this member, or not now"};
  }
  if (refusal == "limit_reached") return Warning{refusal, "the action's limit is reached"};
  if (refusal == "budget_spent") return Warning{refusal, "the action's budget is spent"};
  return std::nullopt;
}

Result<EventOutcome> AsKnown(Transaction& transaction, const Site& site,
                             const ProgrammeSite& programme, const EventReport& report,
                             ReportedEvent event) {
  if (!MatchesFingerprint(*site.keys, event.fingerprint, ComparedContent(report))) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "event " + report.id + " is known with other content",
                 .reason = "event_conflict"};
  }
  const ProgrammeId& id = programme.programme.id;
  auto member = FindLivingMember(transaction, id, event.member);
  if (!member.ok()) return std::move(member).error();
  if (!member.value()) return Error{.code = ErrorCode::kInternal, .message = "no such member"};
  auto points = PointsOf(transaction, id, member.value()->account);
  if (!points.ok()) return std::move(points).error();
  EventOutcome outcome{.created = false,
                       .event = std::move(event),
                       .member = member.value()->id,
                       .points = std::move(points).value(),
                       .warnings = {}};
  if (auto warning = WarningOf(outcome.event.refusal)) outcome.warnings.push_back(*warning);
  return outcome;
}

// Gives it, or lets it wait; what became of it goes into the event.
Status Settle(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
              const AwardRequest& request, EventOutcome& outcome) {
  const bool waits = request.award.moderated;
  auto given = waits ? JudgeAward(transaction, programme, request)
                     : GiveAward(transaction, site, programme, request);
  if (!given.ok()) return std::move(given).error();
  ReportedEvent& event = outcome.event;
  event.points = given.value().points;
  event.entry = given.value().entry;
  event.refusal = RefusalOf(given.value().what);
  if (waits && event.refusal.empty()) {
    event.state = EventState::kWaiting;
    event.case_id = "mo_" + crypto::MakeUuidV7(transaction.Now(), *site.random);
  }
  if (!event.entry.empty()) {
    outcome.points = std::move(given).value().summary;
    return {};
  }
  auto points = PointsOf(transaction, programme.programme.id, request.member.account);
  if (!points.ok()) return std::move(points).error();
  outcome.points = std::move(points).value();
  if (auto warning = WarningOf(event.refusal)) outcome.warnings.push_back(*warning);
  return {};
}

// Why a case cannot be decided so; nothing to do if it was decided so before.
Status CheckOpen(const ReportedEvent& event, EventState wanted) {
  if (event.state == EventState::kWaiting || event.state == wanted) return {};
  return Error{.code = ErrorCode::kConflict,
               .message = "the case was decided otherwise by " + event.decided_by,
               .reason = "case_decided"};
}

Status Approve(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
               const CaseDecision& decision, const cards::Member& member, CaseOutcome& outcome) {
  if (member.erased) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "the member's data was erased",
                 .reason = "member_erased"};
  }
  ReportedEvent& event = outcome.event;
  const auto rules = RulesOfVersion(transaction, programme, event.rule_set);
  if (!rules.ok()) return rules.error();
  const programme::Award* action = programme::FindAction(*rules.value(), event.type);
  if (action == nullptr) return UnknownAction(event.type);
  auto request = RequestOf(programme, *rules.value(), *action, member, event);
  if (!request.ok()) return std::move(request).error();
  request.value().actor = decision.actor;
  request.value().note = {{"reason", decision.reason}};
  auto given = GiveAward(transaction, site, programme, request.value());
  if (!given.ok()) return std::move(given).error();
  event.points = given.value().points;
  event.entry = given.value().entry;
  event.refusal = RefusalOf(given.value().what);
  if (!event.entry.empty()) outcome.points = std::move(given).value().summary;
  return {};
}

}  // namespace

Result<EventOutcome> ReportEvent(Transaction& transaction, const Site& site,
                                 const ProgrammeSite& programme, const EventReport& report) {
  const ProgrammeId& id = programme.programme.id;
  auto known = transaction.FindEvent(id, report.source, report.id);
  if (!known.ok()) return std::move(known).error();
  if (known.value()) {
    return AsKnown(transaction, site, programme, report, *std::move(known).value());
  }
  const auto at = InstantOf(report, transaction.Now());
  if (!at.ok()) return at.error();
  const auto rules = RulesAt(transaction, programme, at.value());
  if (!rules.ok()) return rules.error();
  const programme::Award* action = programme::FindAction(*rules.value(), report.type);
  if (action == nullptr) return UnknownAction(report.type);
  if (action->once_per_subject && report.subject.empty()) {
    return InvalidInput("required", "/subject", "this action is granted once for each subject");
  }
  EventOutcome outcome;
  auto member = MemberOf(transaction, site, programme, report, outcome.warnings);
  if (!member.ok()) return std::move(member).error();
  outcome.member = member.value().id;
  outcome.event = {.source = report.source,
                   .id = report.id,
                   .case_id = {},
                   .fingerprint = Fingerprint(*site.keys, ComparedContent(report)),
                   .type = report.type,
                   .member = member.value().id,
                   .subject = report.subject,
                   .quantity = report.quantity,
                   .occurred_at = at.value(),
                   .received_at = transaction.Now(),
                   .rule_set = rules.value()->version,
                   .state = EventState::kDone,
                   .proof = report.proof,
                   .points = 0,
                   .entry = {},
                   .refusal = {},
                   .reason = {},
                   .decided_by = {}};
  auto request = RequestOf(programme, *rules.value(), *action, member.value(), outcome.event);
  if (!request.ok()) return std::move(request).error();
  request.value().actor = report.actor;
  Status settled = Settle(transaction, site, programme, request.value(), outcome);
  if (!settled.ok()) return std::move(settled).error();
  Status inserted = transaction.InsertEvent(id, outcome.event);
  if (!inserted.ok()) return std::move(inserted).error();
  return outcome;
}

Result<CaseOutcome> DecideCase(Transaction& transaction, const Site& site,
                               const ProgrammeSite& programme, const CaseDecision& decision) {
  const ProgrammeId& id = programme.programme.id;
  auto found = transaction.FindCase(id, decision.case_id);
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) return Error{.code = ErrorCode::kNotFound, .message = "no such case"};
  const bool approves = decision.decision == Decision::kApprove;
  const EventState wanted = approves ? EventState::kApproved : EventState::kRejected;
  CaseOutcome outcome{.event = *std::move(found).value(), .member = {}, .points = {}};
  if (Status open = CheckOpen(outcome.event, wanted); !open.ok()) return std::move(open).error();
  const auto member = FindLivingMember(transaction, id, outcome.event.member);
  if (!member.ok()) return member.error();
  if (!member.value()) return Error{.code = ErrorCode::kInternal, .message = "no such member"};
  outcome.member = member.value()->id;
  const bool waits = outcome.event.state == EventState::kWaiting;
  outcome.event.state = wanted;
  if (waits) {
    outcome.event.reason = decision.reason;
    outcome.event.decided_by = decision.actor;
    if (approves) {
      Status given = Approve(transaction, site, programme, decision, *member.value(), outcome);
      if (!given.ok()) return std::move(given).error();
    }
    Status updated = transaction.UpdateEvent(id, outcome.event);
    if (!updated.ok()) return std::move(updated).error();
  }
  if (outcome.points.explain.empty()) {
    auto points = PointsOf(transaction, id, member.value()->account);
    if (!points.ok()) return std::move(points).error();
    outcome.points = std::move(points).value();
  }
  return outcome;
}

}  // namespace passmint::issuance
