#include <utility>

#include "http/decode.h"
#include "http/decode_customer.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "http/preview_json.h"
#include "http/template_json.h"
#include "http/template_source.h"
#include "issuance/designs.h"
#include "issuance/draft_pictures.h"

namespace passmint::http {
namespace {

using design::TemplateFiles;
using issuance::DraftPictures;
using issuance::Role;

// What is being edited: the texts as the editor has them now ("source" of the body), the pictures
// as the stored draft has them.
Result<TemplateFiles> EditedFiles(const Call& call, DraftPictures& pictures,
                                  const TemplateName& name, const Json& source) {
  auto files = DecodeSourceDocument(source);
  if (!files.ok()) return files;
  const auto drawn = pictures.Get(call.programme_id(), name);
  if (!drawn.ok()) return drawn.error();
  files.value().insert(drawn.value()->begin(), drawn.value()->end());
  return files;
}

// Null if it is missing or no object, which is reported.
const Json* RequiredSource(ObjectReader& reader) {
  const Json* source = reader.Object("source");
  if (source == nullptr && !reader.Has("source")) reader.Report("source", "required", "is missing");
  return source;
}

struct PreviewRequest {
  TemplateFiles files;
  design::Values values;
};

constexpr std::int64_t kStampsMax = 30;

// The sample member, with stamps and tier as the designer turned them.
design::Values DecodeValues(const Call& call, ObjectReader& reader) {
  const std::string wanted = reader.Text("sample", {1, 32}).value_or("typical");
  auto sample = design::Sample::kTypical;
  bool known = false;
  for (std::size_t i = 0; i < design::kSamples; ++i) {
    if (design::Name(static_cast<design::Sample>(i)) != wanted) continue;
    sample = static_cast<design::Sample>(i);
    known = true;
  }
  if (!known) {
    reader.Report("sample", "invalid_value", "typical, empty, longest, zero, million or vip");
  }
  design::Values values = design::SampleValues(sample, call.programme.programme.currency.code());
  if (const auto stamps = reader.Integer("stamps", 0, kStampsMax)) {
    values.Set("stamps.count", *stamps);
  }
  if (auto tier = reader.Text("tier", {0, 64})) values.Set("tier.name", *std::move(tier));
  return values;
}

Result<PreviewRequest> DecodePreview(const Call& call, DraftPictures& pictures,
                                     const TemplateName& name) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  const Json* source = RequiredSource(reader);
  PreviewRequest request{.files = {}, .values = DecodeValues(call, reader)};
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  auto files = EditedFiles(call, pictures, name, *source);
  if (!files.ok()) return std::move(files).error();
  request.files = std::move(files).value();
  return request;
}

Result<Work> Preview(const Call& call, DraftPictures& pictures) {
  auto name = DecodeTemplateName(call.arguments[0]);
  if (!name.ok()) return std::move(name).error();
  auto request = DecodePreview(call, pictures, name.value());
  if (!request.ok()) return std::move(request).error();
  const issuance::TemplateOutline outline = issuance::OutlineTemplate(
      request.value().files, call.context.site, call.programme, call.context.clock.Now());
  Json preview = nullptr;
  if (outline.design != nullptr) {
    preview = PreviewJson(
        *outline.design, outline.design->Render(request.value().values, design::CardState::kActive),
        outline.google.get());
  }
  const Json answer = {{"publishable", !design::HasErrors(outline.findings)},
                       {"findings", FindingsJson(outline.findings)},
                       {"preview", std::move(preview)}};
  return Work([answer](issuance::Transaction&) -> Result<Reply> { return JsonReply(200, answer); });
}

Result<Work> DrawPicture(const Call& call, DraftPictures& pictures) {
  auto name = DecodeTemplateName(call.arguments[0]);
  if (!name.ok()) return std::move(name).error();
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  const Json* source = RequiredSource(reader);
  const std::string slot = reader.RequiredText("slot", {1, 64});
  const std::int64_t variant = reader.RequiredInteger("variant", 0, 100'000);
  const std::string language = reader.Text("language", {1, 35}).value_or("");
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  const auto files = EditedFiles(call, pictures, name.value(), *source);
  if (!files.ok()) return files.error();
  auto png = design::DrawPicture(files.value(), issuance::Facts(call.programme.programme), slot,
                                 static_cast<std::size_t>(variant), language);
  if (!png.ok()) return std::move(png).error();
  return Work([picture = std::move(png).value()](issuance::Transaction&) -> Result<Reply> {
    return Reply{.status = 200, .body = picture, .content_type = "image/png"};
  });
}

}  // namespace

void AddPreviewEndpoints(EndpointRouter& router, DraftPictures& pictures) {
  const std::vector<Role> readers = {Role::kDesigner, Role::kApprover, Role::kAdmin};
  const std::string preview = "/api/v1/templates/{name}/preview";
  router.Add("POST", preview,
             {Access::kRead, KeyUse::kNone, readers,
              [&pictures](const Call& call) { return Preview(call, pictures); }});
  router.Add("POST", preview + "/picture",
             {Access::kRead, KeyUse::kNone, readers,
              [&pictures](const Call& call) { return DrawPicture(call, pictures); }});
}

}  // namespace passmint::http
