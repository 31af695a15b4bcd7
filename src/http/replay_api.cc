#include <optional>
#include <utility>

#include "http/decode.h"
#include "http/endpoint.h"
#include "http/replay_jobs.h"
#include "issuance/replay.h"
#include "issuance/rule_sets.h"

namespace passmint::http {
namespace {

using issuance::NowAndDraft;
using issuance::Replay;
using issuance::ReplayRequest;
using issuance::Role;

std::optional<Timestamp> InstantIn(ObjectReader& reader, const char* name) {
  const std::string text = reader.RequiredText(name, {1, 64});
  if (text.empty()) return std::nullopt;
  const auto read = ParseRfc3339(text);
  if (read.ok()) return read.value();
  reader.Report(name, "invalid_time", read.error().message);
  return std::nullopt;
}

struct Wanted {
  ReplayRequest request;
  bool background = false;
};

Result<Wanted> DecodeReplay(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  const auto from = InstantIn(reader, "from");
  const auto to = InstantIn(reader, "to");
  Wanted wanted;
  ReplayRequest& request = wanted.request;
  request.examples = static_cast<int>(
      reader.Integer("examples_max", 0, issuance::kReplayExamplesMax).value_or(request.examples));
  wanted.background = reader.Boolean("background").value_or(false);
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  request.from = *from;
  request.to = *to;
  return wanted;
}

// The draft, if it could be published.
Result<programme::RuleSet> ReadDraft(const Call& call) {
  std::optional<issuance::RuleDraft> draft;
  const Status read = call.context.store.Read([&](issuance::Transaction& transaction) -> Status {
    auto view = issuance::GetRules(transaction, call.programme_id());
    if (!view.ok()) return std::move(view).error();
    draft = std::move(view.value().draft);
    return {};
  });
  if (!read.ok()) return read.error();
  if (!draft) return Error{.code = ErrorCode::kNotFound, .message = "there are no rules yet"};
  const auto rules = json::Parse(draft->content, issuance::kRulesBytesMax);
  if (!rules.ok()) return rules.error();
  const auto report = issuance::LintRules(rules.value(), call.programme);
  if (!report.publishable()) return issuance::RulesDoNotLint(report);
  return programme::ParseRules(rules.value(), 1);
}

Json NowAndDraftJson(const NowAndDraft& both) { return {{"now", both.now}, {"draft", both.draft}}; }

Json ReplayJson(const Replay& replay) {
  Json examples = Json::array();
  for (const issuance::ReplayedOrder& order : replay.examples) {
    examples.push_back({{"order_id", order.id.str()},
                        {"source", order.source.str()},
                        {"now", order.earned.now},
                        {"draft", order.earned.draft}});
  }
  Json members = Json::array();
  for (const issuance::ReplayedMember& member : replay.members) {
    members.push_back({{"member_id", member.member.str()},
                       {"now", member.earned.now},
                       {"draft", member.earned.draft}});
  }
  Json budgets = Json::array();
  for (const issuance::ReplayedBudget& budget : replay.budgets) {
    budgets.push_back({{"id", budget.id},
                       {"spent", budget.spent},
                       {"cap", budget.cap ? Json(*budget.cap) : Json(nullptr)}});
  }
  return {{"orders", replay.orders},
          {"changed", replay.changed},
          {"refused", replay.refused},
          {"erased", replay.erased},
          {"earned", NowAndDraftJson(replay.earned)},
          {"spent", NowAndDraftJson(replay.spent)},
          {"members", {{"gain", replay.gain}, {"lose", replay.lose}, {"largest", members}}},
          {"budgets", std::move(budgets)},
          {"examples", std::move(examples)}};
}

Json JobJson(const ReplayJob& job) {
  const auto& to_judge = job.progress.to_judge;
  const bool failed = job.status == ReplayStatus::kFailed;
  return {{"replay_id", job.id},
          {"status", ToText(job.status)},
          {"progress",
           {{"read", job.progress.read},
            {"done", job.progress.judged},
            {"total", to_judge ? Json(*to_judge) : Json(nullptr)}}},
          {"result", job.status == ReplayStatus::kDone ? ReplayJson(job.result) : Json(nullptr)},
          {"problem", failed ? Json(job.problem.message) : Json(nullptr)}};
}

Result<Work> JobReply(Result<ReplayJob> job, int status) {
  if (!job.ok()) return std::move(job).error();
  return Work([status, answer = JobJson(job.value())](issuance::Transaction&) -> Result<Reply> {
    return JsonReply(status, answer);
  });
}

Result<Work> ReplayProgramme(const Call& call, ReplayJobs& jobs) {
  const auto wanted = DecodeReplay(call);
  if (!wanted.ok()) return wanted.error();
  const ReplayRequest& request = wanted.value().request;
  auto draft = ReadDraft(call);
  if (!draft.ok()) return std::move(draft).error();
  if (wanted.value().background) {
    return JobReply(
        jobs.Start(call.programme, std::move(draft).value(), request, call.context.clock.Now()),
        202);
  }
  auto replay =
      issuance::ReplayRules(call.context.store, call.programme, draft.value(), request, nullptr);
  if (!replay.ok()) return std::move(replay).error();
  return Work([answer = ReplayJson(replay.value())](issuance::Transaction&) -> Result<Reply> {
    return JsonReply(200, answer);
  });
}

}  // namespace

void AddReplayEndpoints(EndpointRouter& router, ReplayJobs& jobs) {
  const std::vector<Role> roles = {Role::kDesigner, Role::kApprover, Role::kAdmin};
  router.Add("POST", "/api/v1/programme/replay",
             {Access::kRead, KeyUse::kOptional, roles,
              [&jobs](const Call& call) { return ReplayProgramme(call, jobs); }});
  const std::string one = "/api/v1/programme/replays/{id}";
  router.Add("GET", one, {Access::kRead, KeyUse::kNone, roles, [&jobs](const Call& call) {
                            return JobReply(jobs.Find(call.programme_id(), call.arguments[0]), 200);
                          }});
  router.Add("DELETE", one, {Access::kRead, KeyUse::kNone, roles, [&jobs](const Call& call) {
                               return JobReply(jobs.Cancel(call.programme_id(), call.arguments[0]),
                                               200);
                             }});
}

}  // namespace passmint::http
