#include <utility>

#include "http/decode.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "http/entity_tag.h"
#include "issuance/approval.h"
#include "issuance/rule_diff.h"
#include "issuance/rule_sets.h"

namespace passmint::http {
namespace {

using issuance::Role;
using issuance::RuleSetVersion;
using issuance::RulesView;
using issuance::Transaction;

constexpr std::int64_t kVersionMax = 1'000'000;

Json VersionJson(const RuleSetVersion& version) {
  return {{"version", version.version},
          {"hash", version.hash},
          {"effective_from", InstantJson(version.effective_from)},
          {"author", version.author.str()},
          {"published_at", InstantJson(version.published_at)}};
}

Json VersionOrNull(const RuleSetVersion* version) {
  return version == nullptr ? Json(nullptr) : VersionJson(*version);
}

// A line of the history.
Json HistoryJson(const RuleSetVersion& version) {
  Json json = VersionJson(version);
  json["published_by"] = version.published_by.str();
  json["comment"] = version.comment;
  return json;
}

Json ProgrammeJson(const issuance::ProgrammeSite& site, const RulesView& view) {
  Json draft = nullptr;
  if (view.draft) {
    draft = {{"hash", view.draft->etag},
             {"author", view.draft->author.str()},
             {"changed_at", InstantJson(view.draft->updated_at)}};
  }
  return {{"id", site.programme.id.str()},
          {"name", site.programme.name},
          {"currency", site.programme.currency.code()},
          {"time_zone", site.programme.time_zone},
          {"region", site.programme.region},
          {"languages", site.programme.languages},
          {"live", VersionOrNull(view.live())},
          {"next", VersionOrNull(view.next())},
          {"draft", std::move(draft)}};
}

Json FindingsJson(const programme::LintReport& report) {
  Json findings = Json::array();
  for (const programme::Finding& finding : report.findings) {
    const bool is_error = finding.level == programme::Finding::Level::kError;
    Json json = {{"id", finding.id},       {"level", is_error ? "error" : "warning"},
                 {"file", "rules.json"},   {"pointer", finding.pointer},
                 {"cause", finding.cause}, {"cure", finding.cure}};
    if (!finding.example.is_null()) json["example"] = finding.example;
    findings.push_back(std::move(json));
  }
  return findings;
}

// The smallest basket that was found to get more than it costs, as an order's lines.
Json WorstBasket(const programme::LintReport& report, const std::string& currency) {
  for (const programme::Finding& finding : report.findings) {
    if (finding.id != "pays_over_price" || !finding.example.is_object()) continue;
    return {{"currency", currency},
            {"total", finding.example.value("price", std::int64_t{0})},
            {"lines", finding.example.value("lines", Json::array())}};
  }
  return nullptr;
}

Result<Reply> ProgrammeReply(const Call& call, Transaction& transaction) {
  auto view = issuance::GetRules(transaction, call.programme_id());
  if (!view.ok()) return std::move(view).error();
  return WithTag(JsonReply(200, ProgrammeJson(call.programme, view.value())),
                 view.value().draft ? view.value().draft->etag : "");
}

Result<RulesView> ReadView(const Call& call) {
  std::optional<RulesView> view;
  const Status read = call.context.store.Read([&](Transaction& transaction) -> Status {
    auto found = issuance::GetRules(transaction, call.programme_id());
    if (!found.ok()) return std::move(found).error();
    view = std::move(found).value();
    return {};
  });
  if (!read.ok()) return read.error();
  return *std::move(view);
}

Error NoDraft() { return {.code = ErrorCode::kNotFound, .message = "there are no rules yet"}; }

Result<Work> GetProgramme(const Call& call) {
  return Work([call](Transaction& transaction) { return ProgrammeReply(call, transaction); });
}

Result<Work> GetDraft(const Call& call) {
  return Work([call](Transaction& transaction) -> Result<Reply> {
    auto view = issuance::GetRules(transaction, call.programme_id());
    if (!view.ok()) return std::move(view).error();
    if (!view.value().draft) return NoDraft();
    return WithTag({.status = 200, .body = view.value().draft->content}, view.value().draft->etag);
  });
}

Result<Work> PutDraft(const Call& call) {
  auto rules = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!rules.ok()) return std::move(rules).error();
  auto linted = issuance::LintRules(rules.value(), call.programme);
  issuance::Precondition precondition{.match = MatchTag(call.request),
                                      .none = call.request.headers.Find("If-None-Match") == "*"};
  return Work([call, linted = std::move(linted), precondition = std::move(precondition),
               rules = std::move(rules).value()](Transaction& transaction) -> Result<Reply> {
    auto draft =
        issuance::PutRules(transaction, call.programme_id(), rules, precondition, call.key.name);
    if (!draft.ok()) return std::move(draft).error();
    auto report = linted;
    Status designs = issuance::LintDesigns(transaction, call.programme.programme, rules, report);
    if (!designs.ok()) return std::move(designs).error();
    const Json answer = {{"publishable", report.publishable()}, {"findings", FindingsJson(report)}};
    return WithTag(JsonReply(200, answer), draft.value().etag);
  });
}

Result<programme::LintReport> LintDraft(const Call& call, const RulesView& view) {
  if (!view.draft) return NoDraft();
  const auto rules = json::Parse(view.draft->content, issuance::kRulesBytesMax);
  if (!rules.ok()) return rules.error();
  const auto linted = issuance::LintRules(rules.value(), call.programme);
  auto report = linted;
  Status designs = call.context.store.Read([&](Transaction& transaction) {
    report = linted;
    return issuance::LintDesigns(transaction, call.programme.programme, rules.value(), report);
  });
  if (!designs.ok()) return std::move(designs).error();
  return report;
}

Result<Work> LintProgramme(const Call& call) {
  const auto view = ReadView(call);
  if (!view.ok()) return view.error();
  const auto report = LintDraft(call, view.value());
  if (!report.ok()) return report.error();
  Json answer = {
      {"publishable", report.value().publishable()},
      {"findings", FindingsJson(report.value())},
      {"payout_bound_ppm", report.value().payout_ppm_max},
      {"worst_basket", WorstBasket(report.value(), call.programme.programme.currency.code())}};
  return Work([answer = std::move(answer)](Transaction&) -> Result<Reply> {
    return JsonReply(200, answer);
  });
}

// "effective_from" of a publication; absent: at once.
Result<std::optional<Timestamp>> DecodeStart(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  std::optional<Timestamp> start;
  if (const auto text = reader.Text("effective_from", {1, 64})) {
    const auto read = ParseRfc3339(*text);
    if (read.ok()) {
      start = read.value();
    } else {
      reader.Report("effective_from", "invalid_time", read.error().message);
    }
  }
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return start;
}

Result<Work> PublishProgramme(const Call& call) {
  const auto start = DecodeStart(call);
  if (!start.ok()) return start.error();
  auto view = ReadView(call);
  if (!view.ok()) return std::move(view).error();
  const auto tag = MatchTag(call.request);
  if (Status fresh = issuance::RequireTag(view.value(), tag); !fresh.ok()) {
    return std::move(fresh).error();
  }
  const auto report = LintDraft(call, view.value());
  if (!report.ok()) return report.error();
  if (!report.value().publishable()) return issuance::RulesDoNotLint(report.value());
  issuance::RulesPublication publication{.content = view.value().draft->content,
                                         .effective_from = start.value(),
                                         .author = view.value().draft->author,
                                         .published_by = call.key.name,
                                         .comment = {}};
  return Work(
      [call, tag, publication = std::move(publication)](Transaction& transaction) -> Result<Reply> {
        auto current = issuance::GetRules(transaction, call.programme_id());
        if (!current.ok()) return std::move(current).error();
        if (Status fresh = issuance::RequireTag(current.value(), tag); !fresh.ok()) {
          return std::move(fresh).error();
        }
        Status may = issuance::CheckApprover(call.programme.approval, current.value().draft->author,
                                             call.key.name);
        if (!may.ok()) return std::move(may).error();
        auto version = issuance::PublishRules(transaction, call.programme_id(), publication);
        if (!version.ok()) return std::move(version).error();
        return ProgrammeReply(call, transaction);
      });
}

Result<Work> RollBackProgramme(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  const auto version = reader.Integer("version", 1, kVersionMax);
  const std::string reason = reader.RequiredText("reason", {1, 500});
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, version, reason](Transaction& transaction) -> Result<Reply> {
    auto back =
        issuance::RollBackRules(transaction, call.programme_id(), version, call.key.name, reason);
    if (!back.ok()) return std::move(back).error();
    return ProgrammeReply(call, transaction);
  });
}

Result<Work> ListVersions(const Call& call) {
  return Work([call](Transaction& transaction) -> Result<Reply> {
    auto view = issuance::GetRules(transaction, call.programme_id());
    if (!view.ok()) return std::move(view).error();
    Json items = Json::array();
    for (const RuleSetVersion& version : view.value().versions) {
      items.push_back(HistoryJson(version));
    }
    return JsonReply(200, {{"items", std::move(items)}, {"next", nullptr}});
  });
}

std::optional<std::int64_t> VersionIn(std::string_view text) {
  if (text.empty() || text.size() > 7) return std::nullopt;
  std::int64_t version = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    version = version * 10 + (c - '0');
  }
  return version;
}

Result<Json> ContentOf(Transaction& transaction, const ProgrammeId& programme,
                       std::optional<std::int64_t> version) {
  const auto content = issuance::RulesContent(transaction, programme, version.value_or(0));
  if (!content.ok()) return content.error();
  return json::Parse(content.value(), issuance::kRulesBytesMax);
}

Result<Json> DraftContent(Transaction& transaction, const ProgrammeId& programme) {
  const auto view = issuance::GetRules(transaction, programme);
  if (!view.ok()) return view.error();
  if (!view.value().draft) return NoDraft();
  return json::Parse(view.value().draft->content, issuance::kRulesBytesMax);
}

Result<Work> GetVersion(const Call& call) {
  return Work(
      [call, version = VersionIn(call.arguments[0])](Transaction& transaction) -> Result<Reply> {
        auto rules = ContentOf(transaction, call.programme_id(), version);
        if (!rules.ok()) return std::move(rules).error();
        return JsonReply(200, rules.value());
      });
}

// From a version to the draft, or to the version in "to".
Result<Work> DiffProgramme(const Call& call) {
  const auto to = QueryValue(call.request.query(), "to");
  return Work([call, version = VersionIn(call.arguments[0]),
               to](Transaction& transaction) -> Result<Reply> {
    const auto before = ContentOf(transaction, call.programme_id(), version);
    if (!before.ok()) return before.error();
    const auto after = to ? ContentOf(transaction, call.programme_id(), VersionIn(*to))
                          : DraftContent(transaction, call.programme_id());
    if (!after.ok()) return after.error();
    Json changes = Json::array();
    for (const issuance::RuleChange& change : issuance::DiffRules(before.value(), after.value())) {
      changes.push_back(
          {{"pointer", change.pointer}, {"before", change.before}, {"after", change.after}});
    }
    return JsonReply(200, {{"changes", std::move(changes)}});
  });
}

}  // namespace

void AddProgrammeEndpoints(EndpointRouter& router) {
  const std::vector<Role> everybody = {Role::kShop, Role::kDesigner, Role::kApprover,
                                       Role::kOperator, Role::kAdmin};
  const std::vector<Role> readers = {Role::kDesigner, Role::kApprover, Role::kAdmin};
  const std::vector<Role> designers = {Role::kDesigner, Role::kAdmin};
  const std::vector<Role> approvers = {Role::kApprover, Role::kAdmin};
  const std::string programme = "/api/v1/programme";
  router.Add("GET", programme, {Access::kRead, KeyUse::kNone, everybody, GetProgramme});
  router.Add("GET", programme + "/draft", {Access::kRead, KeyUse::kNone, readers, GetDraft});
  router.Add("PUT", programme + "/draft", {Access::kWrite, KeyUse::kNone, designers, PutDraft});
  router.Add("POST", programme + "/lint",
             {Access::kRead, KeyUse::kOptional, readers, LintProgramme});
  router.Add("POST", programme + "/publish",
             {Access::kWrite, KeyUse::kOptional, approvers, PublishProgramme});
  router.Add("POST", programme + "/rollback",
             {Access::kWrite, KeyUse::kOptional, approvers, RollBackProgramme});
  router.Add("GET", programme + "/versions", {Access::kRead, KeyUse::kNone, readers, ListVersions});
  router.Add("GET", programme + "/versions/{version}",
             {Access::kRead, KeyUse::kNone, readers, GetVersion});
  router.Add("GET", programme + "/versions/{version}/diff",
             {Access::kRead, KeyUse::kNone, readers, DiffProgramme});
}

}  // namespace passmint::http
