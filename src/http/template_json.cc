#include "http/template_json.h"

#include <utility>

#include "http/encode.h"

namespace passmint::http {
namespace {

Json WithdrawalJson(const std::optional<issuance::Withdrawal>& withdrawal) {
  if (!withdrawal) return nullptr;
  return {{"at", InstantJson(withdrawal->at)},
          {"by", withdrawal->by.str()},
          {"reason", withdrawal->reason}};
}

Json VersionJson(const issuance::DesignVersion& version) {
  return {{"version", version.version},
          {"hash", version.hash},
          {"percent", version.ring},
          {"author", version.author.str()},
          {"published_by", version.published_by.str()},
          {"published_at", InstantJson(version.published_at)},
          {"comment", version.comment},
          {"withdrawal", WithdrawalJson(version.withdrawal)}};
}

}  // namespace

Json TemplateJson(const issuance::TemplateView& view) {
  Json versions = Json::array();
  for (const issuance::DesignVersion& version : view.versions) {
    versions.push_back(VersionJson(version));
  }
  const issuance::DesignVersion* live = view.live();
  const issuance::DesignVersion* canary = view.canary();
  return {
      {"name", view.name.str()},
      {"kind", view.kind},
      {"languages", view.languages},
      {"draft",
       {{"hash", view.draft.etag},
        {"author", view.draft.author.str()},
        {"changed_at", InstantJson(view.draft.updated_at)}}},
      {"live", live != nullptr ? Json(live->version) : Json(nullptr)},
      {"canary", canary != nullptr ? Json{{"version", canary->version}, {"percent", canary->ring}}
                                   : Json(nullptr)},
      {"versions", std::move(versions)}};
}

Json FindingsJson(const design::Findings& findings) {
  Json json = Json::array();
  for (const design::Finding& finding : findings) {
    json.push_back({{"id", finding.id},
                    {"level", design::Name(finding.level)},
                    {"file", finding.file},
                    {"pointer", finding.pointer},
                    {"cause", finding.cause},
                    {"cure", finding.cure}});
  }
  return json;
}

Result<issuance::TemplateView> ReadTemplate(const Call& call, const TemplateName& name) {
  std::optional<issuance::TemplateView> view;
  const Status read = call.context.store.Read([&](issuance::Transaction& transaction) -> Status {
    auto found = issuance::GetTemplate(transaction, call.programme_id(), name);
    if (!found.ok()) return std::move(found).error();
    view = std::move(found).value();
    return {};
  });
  if (!read.ok()) return read.error();
  return *std::move(view);
}

}  // namespace passmint::http
