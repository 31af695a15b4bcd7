#include <optional>
#include <utility>

#include "http/decode.h"
#include "http/endpoint.h"
#include "issuance/replay.h"
#include "issuance/replay_jobs.h"
#include "issuance/replay_json.h"
#include "issuance/rule_sets.h"

namespace passmint::http {
namespace {

using issuance::ReplayJob;
using issuance::ReplayRequest;
using issuance::ReplayStatus;
using issuance::Role;

// We wrote it ourselves.
constexpr std::size_t kResultBytesMax = 1024 * 1024;

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
struct Draft {
  std::string text;
  programme::RuleSet rules;
};

Result<Draft> ReadDraft(const Call& call) {
  std::optional<issuance::RuleDraft> draft;
  const Status read = call.context.store.Read([&](issuance::Transaction& transaction) -> Status {
    auto view = issuance::GetRules(transaction, call.programme_id());
    if (!view.ok()) return std::move(view).error();
    draft = std::move(view.value().draft);
    return {};
  });
  if (!read.ok()) return read.error();
  if (!draft) return Error{.code = ErrorCode::kNotFound, .message = "there are no rules yet"};
  const auto json = json::Parse(draft->content, issuance::kRulesBytesMax);
  if (!json.ok()) return json.error();
  const auto report = issuance::LintRules(json.value(), call.programme);
  if (!report.publishable()) return issuance::RulesDoNotLint(report);
  auto rules = programme::ParseRules(json.value(), 1);
  if (!rules.ok()) return std::move(rules).error();
  return Draft{.text = std::move(draft->content), .rules = std::move(rules).value()};
}

Result<Reply> JobReply(int status, const Result<ReplayJob>& replay) {
  if (!replay.ok()) return replay.error();
  const ReplayJob& job = replay.value();
  Json result;
  if (job.status == ReplayStatus::kDone) {
    auto kept = json::Parse(job.result, kResultBytesMax);
    if (!kept.ok()) return std::move(kept).error();
    result = std::move(kept).value();
  }
  const auto& to_judge = job.progress.to_judge;
  const bool failed = job.status == ReplayStatus::kFailed;
  return JsonReply(status, {{"replay_id", job.id},
                            {"status", issuance::ToText(job.status)},
                            {"progress",
                             {{"read", job.progress.read},
                              {"done", job.progress.judged},
                              {"total", to_judge ? Json(*to_judge) : Json(nullptr)}}},
                            {"result", std::move(result)},
                            {"problem", failed ? Json(job.problem) : Json(nullptr)}});
}

// In a write of its own: an endpoint is one that writes or one that does not, and a replay that is
// waited for must not.
Result<Work> StartInBackground(const Call& call, const Draft& draft, const ReplayRequest& request) {
  ReplayJob job;
  const Status started =
      call.context.store.Write([&](issuance::Transaction& transaction) -> Status {
        auto taken = issuance::StartReplay(transaction, call.context.site, call.programme_id(),
                                           draft.text, request);
        if (!taken.ok()) return std::move(taken).error();
        job = std::move(taken).value();
        return {};
      });
  if (!started.ok()) return started.error();
  return Work([job = std::move(job)](issuance::Transaction&) { return JobReply(202, job); });
}

Result<Work> ReplayProgramme(const Call& call) {
  const auto wanted = DecodeReplay(call);
  if (!wanted.ok()) return wanted.error();
  const ReplayRequest& request = wanted.value().request;
  const auto draft = ReadDraft(call);
  if (!draft.ok()) return draft.error();
  if (wanted.value().background) return StartInBackground(call, draft.value(), request);
  auto replay = issuance::ReplayRules(call.context.store, call.programme, draft.value().rules,
                                      request, nullptr);
  if (!replay.ok()) return std::move(replay).error();
  return Work([answer = issuance::ReplayJson(replay.value())](
                  issuance::Transaction&) -> Result<Reply> { return JsonReply(200, answer); });
}

Result<Work> GetReplay(const Call& call) {
  return Work([programme = call.programme_id(),
               id = call.arguments[0]](issuance::Transaction& transaction) {
    return JobReply(200, issuance::GetReplay(transaction, programme, id));
  });
}

Result<Work> CancelReplay(const Call& call) {
  return Work([programme = call.programme_id(),
               id = call.arguments[0]](issuance::Transaction& transaction) {
    return JobReply(200, issuance::CancelReplay(transaction, programme, id));
  });
}

}  // namespace

void AddReplayEndpoints(EndpointRouter& router) {
  const std::vector<Role> roles = {Role::kDesigner, Role::kApprover, Role::kAdmin};
  router.Add("POST", "/api/v1/programme/replay",
             {Access::kRead, KeyUse::kOptional, roles, ReplayProgramme});
  const std::string one = "/api/v1/programme/replays/{id}";
  router.Add("GET", one, {Access::kRead, KeyUse::kNone, roles, GetReplay});
  router.Add("DELETE", one, {Access::kWrite, KeyUse::kNone, roles, CancelReplay});
}

}  // namespace passmint::http
