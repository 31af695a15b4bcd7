#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "http/decode_customer.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "http/entity_tag.h"
#include "http/template_json.h"
#include "http/template_source.h"
#include "issuance/designs.h"
#include "issuance/drafts.h"

namespace passmint::http {
namespace {

using issuance::Role;
using issuance::TemplateView;
using issuance::Transaction;

// By name; the cursor is the last name of the page before.
Result<Work> ListTemplates(const Call& call) {
  std::vector<InputProblem> problems;
  const auto limit = static_cast<std::size_t>(DecodeLimit(call.request.query(), problems));
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  const std::string after = QueryValue(call.request.query(), "cursor").value_or("");
  return Work([call, after, limit](Transaction& transaction) -> Result<Reply> {
    auto names = transaction.Templates(call.programme_id());
    if (!names.ok()) return std::move(names).error();
    std::sort(names.value().begin(), names.value().end());  // A database may sort as people do.
    Json items = Json::array();
    Json next = nullptr;
    for (const TemplateName& name : names.value()) {
      if (name.str() <= after) continue;
      if (items.size() == limit) {
        next = items.back()["name"];
        break;
      }
      auto view = issuance::GetTemplate(transaction, call.programme_id(), name);
      if (!view.ok()) return std::move(view).error();
      items.push_back(TemplateJson(view.value()));
    }
    return JsonReply(200, {{"items", std::move(items)}, {"next", std::move(next)}});
  });
}

Result<Work> GetTemplate(const Call& call) {
  auto name = DecodeTemplateName(call.arguments[0]);
  if (!name.ok()) return std::move(name).error();
  return Work([call, name = std::move(name).value()](Transaction& transaction) -> Result<Reply> {
    auto view = issuance::GetTemplate(transaction, call.programme_id(), name);
    if (!view.ok()) return std::move(view).error();
    return WithTag(JsonReply(200, TemplateJson(view.value())), view.value().draft.etag);
  });
}

Result<Work> GetDraft(const Call& call) {
  auto name = DecodeTemplateName(call.arguments[0]);
  if (!name.ok()) return std::move(name).error();
  const bool as_zip =
      call.request.headers.Find("Accept").find("application/zip") != std::string_view::npos;
  return Work(
      [call, as_zip, name = std::move(name).value()](Transaction& transaction) -> Result<Reply> {
        const auto tag = issuance::FindTag(transaction, call.programme_id(), name);
        if (!tag.ok()) return tag.error();
        if (HasTag(call.request, tag.value())) {
          return WithTag({.status = 304, .body = ""}, tag.value());
        }
        auto view = issuance::GetTemplate(transaction, call.programme_id(), name);
        if (!view.ok()) return std::move(view).error();
        auto body = as_zip ? EncodeSourceZip(view.value().draft.files)
                           : EncodeSourceJson(view.value().draft.files);
        if (!body.ok()) return std::move(body).error();
        Reply reply{.status = 200, .body = std::move(body).value()};
        if (as_zip) reply.content_type = "application/zip";
        return WithTag(std::move(reply), view.value().draft.etag);
      });
}

// A draft as it was sent, with what its form leaves out taken from the draft that it replaces.
Result<design::TemplateFiles> ReadSource(const Call& call, const TemplateName& name) {
  const std::string_view type = call.request.headers.Find("Content-Type");
  auto files = DecodeSource(call.request.body, type);
  const auto tag = MatchTag(call.request);
  if (!files.ok() || !tag || type.starts_with("application/zip")) return files;
  const auto present = ReadTemplate(call, name);
  if (present.ok() && present.value().draft.etag == *tag) {
    KeepWhatJsonCannotSay(present.value().draft.files, files.value());
  }
  return files;
}

Result<Work> PutDraft(const Call& call) {
  auto name = DecodeTemplateName(call.arguments[0]);
  if (!name.ok()) return std::move(name).error();
  auto files = ReadSource(call, name.value());
  if (!files.ok()) return std::move(files).error();
  const Json findings = FindingsJson(issuance::LintTemplate(
      files.value(), call.context.site, call.programme, call.context.clock.Now()));
  const issuance::Precondition precondition{
      .match = MatchTag(call.request), .none = call.request.headers.Find("If-None-Match") == "*"};
  return Work([call, findings, precondition, files = std::move(files).value(),
               name = std::move(name).value()](Transaction& transaction) -> Result<Reply> {
    auto put = issuance::PutDraft(transaction, call.programme_id(), name, files, precondition,
                                  call.key.name);
    if (!put.ok()) return std::move(put).error();
    return WithTag(
        JsonReply(put.value().created ? 201 : 200,
                  {{"template", TemplateJson(put.value().view)}, {"findings", findings}}),
        put.value().view.draft.etag);
  });
}

Result<Work> LintTemplate(const Call& call) {
  auto name = DecodeTemplateName(call.arguments[0]);
  if (!name.ok()) return std::move(name).error();
  auto view = ReadTemplate(call, name.value());
  if (!view.ok()) return std::move(view).error();
  const design::Findings findings = issuance::LintTemplate(
      view.value().draft.files, call.context.site, call.programme, call.context.clock.Now());
  return Work([findings](Transaction&) -> Result<Reply> {
    return JsonReply(
        200, {{"publishable", !design::HasErrors(findings)}, {"findings", FindingsJson(findings)}});
  });
}

// Of a publish or a roll-back.
constexpr TextBounds kReason{1, 500};

// What a publish says: the share of cards it is for, how fast their phones are told, and why.
struct Reach {
  int percent = 100;
  int per_second = issuance::kRolloutCardsPerSecond;
  std::string comment;
};

Result<Reach> DecodeReach(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  Reach reach;
  reach.percent = static_cast<int>(reader.Integer("percent", 1, 100).value_or(reach.percent));
  reach.per_second =
      static_cast<int>(reader.Integer("per_second", 1, issuance::kRolloutCardsPerSecondMax)
                           .value_or(reach.per_second));
  reach.comment = reader.Text("comment", kReason).value_or("");
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return reach;
}

// Whether the draft is still the one that was reviewed, and who publishes it may.
Status CheckPublish(const Call& call, const TemplateView& view,
                    const std::optional<std::string>& tag) {
  if (Status fresh = issuance::RequireTag(view, tag); !fresh.ok()) return fresh;
  return issuance::CheckApprover(call.programme.approval, view.draft.author, call.key.name);
}

Result<Work> PublishTemplate(const Call& call) {
  auto name = DecodeTemplateName(call.arguments[0]);
  if (!name.ok()) return std::move(name).error();
  const auto reach = DecodeReach(call);
  if (!reach.ok()) return reach.error();
  auto view = ReadTemplate(call, name.value());
  if (!view.ok()) return std::move(view).error();
  const auto tag = MatchTag(call.request);
  if (Status may = CheckPublish(call, view.value(), tag); !may.ok()) return std::move(may).error();
  auto publishable = issuance::PreparePublish(view.value().draft.files, call.context.site,
                                              call.programme, call.context.clock.Now());
  if (!publishable.ok()) return std::move(publishable).error();
  issuance::Publication publication{.name = name.value(),
                                    .files = view.value().draft.files,
                                    .ring = reach.value().percent,
                                    .per_second = reach.value().per_second,
                                    .author = view.value().draft.author,
                                    .published_by = call.key.name,
                                    .comment = reach.value().comment};
  return Work([call, tag, publication = std::move(publication),
               publishable =
                   std::move(publishable).value()](Transaction& transaction) -> Result<Reply> {
    auto current = issuance::GetTemplate(transaction, call.programme_id(), publication.name);
    if (!current.ok()) return std::move(current).error();
    if (Status may = CheckPublish(call, current.value(), tag); !may.ok()) {
      return std::move(may).error();
    }
    auto version = issuance::Publish(transaction, call.programme_id(), publishable, publication);
    if (!version.ok()) return std::move(version).error();
    auto after = issuance::GetTemplate(transaction, call.programme_id(), publication.name);
    if (!after.ok()) return std::move(after).error();
    return WithTag(JsonReply(200, TemplateJson(after.value())), after.value().draft.etag);
  });
}

Result<Work> RollBackTemplate(const Call& call) {
  auto name = DecodeTemplateName(call.arguments[0]);
  if (!name.ok()) return std::move(name).error();
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  const auto version = reader.Integer("version", 1, 1'000'000);
  std::string reason = reader.RequiredText("reason", kReason);
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  issuance::RollBackOrder order{
      .version = version ? std::optional<int>(static_cast<int>(*version)) : std::nullopt,
      .by = call.key.name,
      .reason = std::move(reason)};
  return Work([call, order = std::move(order), tag = MatchTag(call.request),
               name = std::move(name).value()](Transaction& transaction) -> Result<Reply> {
    auto view = issuance::GetTemplate(transaction, call.programme_id(), name);
    if (!view.ok()) return std::move(view).error();
    if (Status fresh = issuance::RequireTag(view.value(), tag); !fresh.ok()) {
      return std::move(fresh).error();
    }
    auto back = issuance::RollBack(transaction, call.programme_id(), name, order);
    if (!back.ok()) return std::move(back).error();
    auto after = issuance::GetTemplate(transaction, call.programme_id(), name);
    if (!after.ok()) return std::move(after).error();
    return WithTag(JsonReply(200, TemplateJson(after.value())), after.value().draft.etag);
  });
}

}  // namespace

void AddTemplateEndpoints(EndpointRouter& router) {
  const std::vector<Role> readers = {Role::kDesigner, Role::kApprover, Role::kAdmin};
  const std::vector<Role> designers = {Role::kDesigner, Role::kAdmin};
  const std::vector<Role> approvers = {Role::kApprover, Role::kAdmin};
  const std::string name = "/api/v1/templates/{name}";
  router.Add("GET", "/api/v1/templates", {Access::kRead, KeyUse::kNone, readers, ListTemplates});
  router.Add("GET", name, {Access::kRead, KeyUse::kNone, readers, GetTemplate});
  router.Add("GET", name + "/draft", {Access::kRead, KeyUse::kNone, readers, GetDraft});
  router.Add("PUT", name + "/draft", {Access::kWrite, KeyUse::kNone, designers, PutDraft});
  router.Add("POST", name + "/lint", {Access::kRead, KeyUse::kOptional, readers, LintTemplate});
  router.Add("POST", name + "/publish",
             {Access::kWrite, KeyUse::kOptional, approvers, PublishTemplate});
  router.Add("POST", name + "/rollback",
             {Access::kWrite, KeyUse::kOptional, approvers, RollBackTemplate});
}

}  // namespace passmint::http
