#include "issuance/awards.h"

#include <algorithm>
#include <utility>

#include "calendar/time_zone.h"
#include "issuance/member_progress.h"
#include "issuance/memberships.h"
#include "issuance/points.h"
#include "issuance/rule_book.h"
#include "programme/moment.h"
#include "programme/occurrence.h"

namespace passmint::issuance {
namespace {

using What = AwardOutcome::What;

Error LostRace(std::string message) {
  return {.code = ErrorCode::kUnavailable, .message = std::move(message), .reason = "lost_race"};
}

// What the award knows of the member, and what it met.
struct Judged {
  What what = What::kClosed;
  programme::AwardedPoints points;
  programme::AwardLimits limits;
  std::optional<MemberProgress> progress;
  std::string period;  // Of the limit for each member.
};

class Judge {
 public:
  Judge(Transaction& transaction, const ProgrammeSite& programme, const AwardRequest& request,
        calendar::TimeZone zone)
      : transaction_(transaction), programme_(programme), request_(request), zone_(zone) {}

  Result<Judged> Run() {
    auto given =
        transaction_.FindAward(id(), request_.member.id, request_.award.id, request_.occurrence);
    if (!given.ok()) return std::move(given).error();
    Judged judged;
    if (given.value()) {
      judged.what = What::kKnown;
      return judged;
    }
    auto facts = FactsOfMember(judged);
    if (!facts.ok()) return std::move(facts).error();
    const programme::Moment moment(request_.at, zone_);
    if (!programme::IsOpen(request_.rules, request_.award, facts.value(), moment)) return judged;
    if (Status looked = LookAtBudget(judged.limits); !looked.ok()) {
      return std::move(looked).error();
    }
    judged.points =
        programme::PointsOf(request_.rules, request_.award, request_.count, judged.limits);
    judged.what = Verdict(judged);
    return judged;
  }

 private:
  const ProgrammeId& id() const { return programme_.programme.id; }

  Result<programme::Facts> FactsOfMember(Judged& judged) {
    const RuleNeeds needs = NeedsOf(request_.award);
    programme::Facts facts;
    facts.member = MemberFactsOf(request_.member);
    Status told =
        TellTies(transaction_, id(), needs, request_.member.id, request_.at, facts.member);
    if (!told.ok()) return std::move(told).error();
    if (needs.memberships) {
      auto plans = PlansOf(transaction_, id(), request_.member.id, request_.at);
      if (!plans.ok()) return std::move(plans).error();
      facts.member.memberships = std::move(plans).value();
    }
    if (!needs.progress) return facts;
    auto progress = ProgressOf(transaction_, programme_, request_.member.id);
    if (!progress.ok()) return std::move(progress).error();
    Tell(progress.value(), request_.rules, zone_, request_.at, facts);
    judged.progress = std::move(progress).value();
    if (const auto& most = request_.award.limits.member) {
      judged.period = programme::UnitKey(most->per, zone_.DayAt(request_.at));
      const auto used = judged.progress->used.find({request_.award.id, judged.period});
      const std::int64_t gone = used == judged.progress->used.end() ? 0 : used->second;
      judged.limits.member_left = std::max<std::int64_t>(0, most->most - gone);
    }
    return facts;
  }

  Status LookAtBudget(programme::AwardLimits& limits) {
    const int index = request_.award.limits.budget;
    if (index == programme::kNone) return {};
    const programme::Budget& budget = request_.rules.budgets[static_cast<std::size_t>(index)];
    if (!budget.cap) return {};
    const auto spent = transaction_.BudgetsSpent(id());
    if (!spent.ok()) return spent.error();
    const auto found = spent.value().find(budget.id);
    const std::int64_t gone = found == spent.value().end() ? 0 : found->second;
    limits.budget_left = std::max<std::int64_t>(0, *budget.cap - gone);
    return {};
  }

  static What Verdict(const Judged& judged) {
    if (judged.points.points > 0 || judged.points.before_limits == 0) return What::kGiven;
    return judged.limits.member_left == 0 ? What::kLimit : What::kBudget;
  }

  Transaction& transaction_;
  const ProgrammeSite& programme_;
  const AwardRequest& request_;
  calendar::TimeZone zone_;
};

// What the member's limits have seen of it.
Status Count(Transaction& transaction, const ProgrammeId& programme, const AwardRequest& request,
             Judged judged) {
  if (!judged.progress || !request.award.limits.member) return {};
  judged.progress->used[{request.award.id, judged.period}] += judged.points.points;
  ForgetOldPeriods(*judged.progress);
  return transaction.PutProgress(programme, request.member.id, *judged.progress);
}

// Last of all: it holds up everybody else who wants of the budget.
Status Spend(Transaction& transaction, const ProgrammeId& programme, const AwardRequest& request,
             std::int64_t points) {
  const int index = request.award.limits.budget;
  if (index == programme::kNone || points == 0) return {};
  const programme::Budget& budget = request.rules.budgets[static_cast<std::size_t>(index)];
  auto taken = transaction.SpendBudget(programme, budget.id, points,
                                       budget.cap.value_or(ledger::kAmountMax));
  if (!taken.ok()) return std::move(taken).error();
  if (taken.value()) return {};
  return LostRace("somebody else has just spent the rest of budget " + budget.id);
}

// The award as an order that can be refunded.
ledger::OrderRecord RecordOf(const AsOrder& order, const std::string& rule, std::int64_t points) {
  ledger::OrderRecord record;
  record.key = {.source = {}, .id = order.id};
  record.asset = ledger::AssetId(ledger::kPointsAsset);
  const std::int64_t fixed = std::min(order.fixed, points);
  ledger::LineRecord line;
  line.line_id = rule;
  line.paid = order.paid;
  line.earned = points - fixed;
  record.lines.push_back(std::move(line));
  if (fixed > 0) record.grants.push_back({.rule = rule, .points = fixed});
  return record;
}

Movement MovementOf(const Site& site, const AwardRequest& request) {
  return {.actor = request.actor,
          .note = request.note,
          .random = site.random.get(),
          .activity = request.activity};
}

Status MovePointsOf(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                    const AwardRequest& request, const calendar::TimeZone& zone,
                    AwardOutcome& outcome) {
  const std::vector<ledger::Earning> earnings = {
      programme::EarningOf(request.rules, request.award, outcome.points, zone, transaction.Now())};
  ledger::Command command = ledger::GrantPoints{.earnings = earnings, .document = request.document};
  if (request.as_order) {
    command =
        ledger::PayOrder{.order = RecordOf(*request.as_order, request.award.id, outcome.points),
                         .earnings = earnings,
                         .hold = {}};
  }
  const auto change = MovePoints(transaction, programme, request.member.account, nullptr, command,
                                 MovementOf(site, request));
  if (!change.ok()) return change.error();
  if (change.value().order) outcome.record = *change.value().order;
  for (const ledger::PostedEntry& posted : change.value().entries) {
    if (posted.entry.type == ledger::EntryType::kEarn) {
      outcome.entry = EntryIdText(change.value().account.id, posted.entry.sequence);
    }
  }
  outcome.summary = Summary(change.value());
  outcome.summary.explain = {
      {.entry = outcome.entry, .rule = request.award.id, .line_id = {}, .points = outcome.points}};
  return {};
}

Result<calendar::TimeZone> ZoneOf(const ProgrammeSite& programme) {
  return calendar::TimeZone::Find(programme.programme.time_zone);
}

std::optional<std::int64_t> IntegerOrNothing(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

}  // namespace

Result<AwardOutcome> JudgeAward(Transaction& transaction, const ProgrammeSite& programme,
                                const AwardRequest& request) {
  const auto zone = ZoneOf(programme);
  if (!zone.ok()) return zone.error();
  auto judged = Judge(transaction, programme, request, zone.value()).Run();
  if (!judged.ok()) return std::move(judged).error();
  return AwardOutcome{.what = judged.value().what,
                      .points = judged.value().points.points,
                      .entry = {},
                      .summary = {},
                      .limits = judged.value().limits};
}

Result<AwardOutcome> GiveAward(Transaction& transaction, const Site& site,
                               const ProgrammeSite& programme, const AwardRequest& request) {
  const ProgrammeId& id = programme.programme.id;
  const auto zone = ZoneOf(programme);
  if (!zone.ok()) return zone.error();
  auto run = Judge(transaction, programme, request, zone.value()).Run();
  if (!run.ok()) return std::move(run).error();
  Judged judged = std::move(run).value();
  AwardOutcome outcome{.what = judged.what,
                       .points = 0,
                       .entry = {},
                       .summary = {},
                       .limits = judged.limits,
                       .period = judged.period};
  if (judged.what != What::kGiven) return outcome;
  outcome.points = judged.points.points;
  if (outcome.points > 0) {
    Status moved = MovePointsOf(transaction, site, programme, request, zone.value(), outcome);
    if (!moved.ok()) return std::move(moved).error();
  } else if (request.activity) {
    const auto active = RecordActivity(transaction, programme, request.member.account,
                                       request.document, MovementOf(site, request));
    if (!active.ok()) return active.error();
  }
  const auto inserted = transaction.InsertAward(id, {.member = request.member.id,
                                                     .rule = request.award.id,
                                                     .occurrence = request.occurrence,
                                                     .given_at = transaction.Now(),
                                                     .rule_set = request.rules.version,
                                                     .count = request.count,
                                                     .points = outcome.points,
                                                     .entry = outcome.entry,
                                                     .limits = LimitsJson(judged.limits)});
  if (!inserted.ok()) return inserted.error();
  if (!inserted.value()) return LostRace("somebody else has just given the same");
  Status counted = Count(transaction, id, request, std::move(judged));
  if (!counted.ok()) return std::move(counted).error();
  Status spent = Spend(transaction, id, request, outcome.points);
  if (!spent.ok()) return std::move(spent).error();
  return outcome;
}

Json LimitsJson(const programme::AwardLimits& limits) {
  Json json = Json::object();
  if (limits.member_left) json["member_left"] = *limits.member_left;
  if (limits.budget_left) json["budget_left"] = *limits.budget_left;
  return json;
}

programme::AwardLimits ReadLimits(const Json& json) {
  return {.member_left = IntegerOrNothing(json, "member_left"),
          .budget_left = IntegerOrNothing(json, "budget_left")};
}

}  // namespace passmint::issuance
