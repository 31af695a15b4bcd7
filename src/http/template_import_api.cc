#include <utility>

#include "http/decode_customer.h"
#include "http/endpoint.h"
#include "http/template_json.h"
#include "http/template_source.h"
#include "issuance/designs.h"
#include "issuance/drafts.h"
#include "issuance/template_import.h"

namespace passmint::http {
namespace {

using issuance::Role;

Json NotesJson(const std::vector<apple::ImportNote>& notes) {
  Json list = Json::array();
  for (const apple::ImportNote& note : notes) {
    list.push_back({{"file", note.file}, {"text", note.text}});
  }
  return list;
}

// Always a new template: what is there already is not for an archive to replace.
Result<Work> ImportTemplate(const Call& call) {
  auto name = DecodeTemplateName(call.arguments[0]);
  if (!name.ok()) return std::move(name).error();
  auto archive = UnpackTemplate(call.request.body);
  if (!archive.ok()) return std::move(archive).error();
  auto imported = issuance::ImportTemplate(archive.value());
  if (!imported.ok()) return std::move(imported).error();
  const Json notes = NotesJson(imported.value().notes);
  const Json findings = FindingsJson(issuance::LintTemplate(
      imported.value().files, call.context.site, call.programme, call.context.clock.Now()));
  return Work([call, findings, notes, files = std::move(imported).value().files,
               name =
                   std::move(name).value()](issuance::Transaction& transaction) -> Result<Reply> {
    auto put = issuance::PutDraft(transaction, call.programme_id(), name, files,
                                  {.match = std::nullopt, .none = true}, call.key.name);
    if (!put.ok()) return std::move(put).error();
    Reply reply = JsonReply(
        201,
        {{"template", TemplateJson(put.value().view)}, {"findings", findings}, {"notes", notes}});
    reply.headers.emplace_back("ETag", "\"" + put.value().view.draft.etag + "\"");
    return reply;
  });
}

}  // namespace

void AddTemplateImportEndpoints(EndpointRouter& router) {
  router.Add("POST", "/api/v1/templates/{name}/import",
             {Access::kWrite, KeyUse::kOptional, {Role::kDesigner, Role::kAdmin}, ImportTemplate});
}

}  // namespace passmint::http
