#include "http/studio_endpoints.h"

#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "design/comparison.h"
#include "google/localized.h"
#include "http/decode.h"
#include "http/decode_customer.h"
#include "http/encode.h"
#include "http/problem.h"
#include "http/template_json.h"
#include "http/template_source.h"
#include "image/qr.h"
#include "issuance/designs.h"
#include "issuance/draft_pass.h"
#include "issuance/drafts.h"

namespace passmint::http {
namespace {

using design::TemplateFiles;
using issuance::Role;

Error NoSuchVersion() {
  return {.code = ErrorCode::kNotFound, .message = "no such version of that template"};
}

Result<TemplateFiles> ReadVersion(const Call& call, const TemplateName& name, int version) {
  std::optional<issuance::DesignVersion> found;
  const Status read = call.context.store.Read([&](issuance::Transaction& transaction) -> Status {
    auto row = transaction.FindDesignVersion(call.programme_id(), name, version);
    if (!row.ok()) return std::move(row).error();
    found = std::move(row).value();
    return {};
  });
  if (!read.ok()) return read.error();
  if (!found) return NoSuchVersion();
  return std::move(found->files);
}

// What one card shows, by field key: label and value in the template's first language.
using Face = std::map<std::string, std::pair<std::string, std::string>>;

Face FaceOf(const design::Design& design, design::Sample sample, const std::string& currency) {
  const design::RenderedCard card =
      design.Render(design::SampleValues(sample, currency), design::CardState::kActive);
  Face face;
  for (std::size_t i = 0; i < design::kFieldGroups; ++i) {
    const auto group = static_cast<design::FieldGroup>(i);
    for (const design::RenderedField& field : card.Group(group)) {
      const design::Field& definition = design.source().Group(group)[field.definition];
      const design::RenderedText text =
          google::ValueText(field, definition, design.source().languages);
      face[definition.key] = {field.label.empty() ? "" : field.label.In(0),
                              text.empty() ? "" : text.In(0)};
    }
  }
  return face;
}

// What changes on the card of each sample member.
Json MembersJson(const Call& call, const design::Design* before, const design::Design* after) {
  Json members = Json::array();
  if (after == nullptr) return members;
  const std::string currency = call.programme.programme.currency.code();
  for (std::size_t i = 0; i < design::kSamples; ++i) {
    const auto sample = static_cast<design::Sample>(i);
    const Face old = before == nullptr ? Face() : FaceOf(*before, sample, currency);
    const Face fresh = FaceOf(*after, sample, currency);
    Face all = fresh;
    all.insert(old.begin(), old.end());
    Json fields = Json::array();
    for (const auto& [key, unused] : all) {
      const auto was = old.find(key);
      const auto is = fresh.find(key);
      if (was != old.end() && is != fresh.end() && was->second == is->second) continue;
      const auto shown = [](const Face& face, Face::const_iterator at) {
        return at == face.end() ? Json(nullptr)
                                : Json{{"label", at->second.first}, {"value", at->second.second}};
      };
      fields.push_back({{"key", key}, {"before", shown(old, was)}, {"after", shown(fresh, is)}});
    }
    members.push_back({{"sample", design::Name(sample)}, {"fields", std::move(fields)}});
  }
  return members;
}

Result<Work> GetChanges(const Call& call) {
  auto name = DecodeTemplateName(call.arguments[0]);
  if (!name.ok()) return std::move(name).error();
  auto view = ReadTemplate(call, name.value());
  if (!view.ok()) return std::move(view).error();
  const issuance::DesignVersion* live = view.value().live();
  TemplateFiles before;
  if (live != nullptr) {
    auto files = ReadVersion(call, name.value(), live->version);
    if (!files.ok()) return std::move(files).error();
    before = std::move(files).value();
  }
  const TemplateFiles& after = view.value().draft.files;
  Json changes = Json::array();
  for (const design::Change& change : design::Compare(before, after)) {
    changes.push_back({{"subject", design::Name(change.subject)},
                       {"name", change.name},
                       {"before", change.before},
                       {"after", change.after}});
  }
  const auto outline = [&](const TemplateFiles& files) {
    return issuance::OutlineTemplate(files, call.context.site, call.programme,
                                     call.context.clock.Now());
  };
  const auto old = live == nullptr ? nullptr : outline(before).design;
  const Json answer = {{"against", live == nullptr ? Json(nullptr) : Json(live->version)},
                       {"changes", std::move(changes)},
                       {"members", MembersJson(call, old.get(), outline(after).design.get())}};
  return Work([answer](issuance::Transaction&) -> Result<Reply> { return JsonReply(200, answer); });
}

Result<Work> GetVersion(const Call& call) {
  auto name = DecodeTemplateName(call.arguments[0]);
  if (!name.ok()) return std::move(name).error();
  const std::string& text = call.arguments[1];
  int version = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (failure != std::errc() || end != text.data() + text.size()) return NoSuchVersion();
  auto files = ReadVersion(call, name.value(), version);
  if (!files.ok()) return std::move(files).error();
  auto zip = EncodeSourceZip(files.value());
  if (!zip.ok()) return std::move(zip).error();
  return Work([body = std::move(zip).value()](issuance::Transaction&) -> Result<Reply> {
    return Reply{.status = 200, .body = body, .content_type = "application/zip"};
  });
}

Result<design::Sample> DecodeSample(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  const auto chosen =
      reader.Choice("sample", {"typical", "empty", "longest", "zero", "million", "vip"});
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return static_cast<design::Sample>(chosen.value_or(0));
}

// Builds the pass once, so that what is wrong with it is said here and not on a phone.
Result<Work> MakePhoneLink(const Call& call) {
  auto name = DecodeTemplateName(call.arguments[0]);
  if (!name.ok()) return std::move(name).error();
  const auto sample = DecodeSample(call);
  if (!sample.ok()) return sample.error();
  auto view = ReadTemplate(call, name.value());
  if (!view.ok()) return std::move(view).error();
  const issuance::Site& site = call.context.site;
  const Timestamp now = call.context.clock.Now();
  const issuance::DraftLink link{
      .programme = call.programme_id(), .name = name.value(), .sample = sample.value()};
  const auto built =
      issuance::BuildDraftPass(view.value().draft.files, site, call.programme, link, now);
  if (!built.ok()) return built.error();
  const auto token = issuance::SignDraftLink(site, link, now);
  if (!token.ok()) return token.error();
  const std::string url = site.public_url + std::string(kDraftPassRoot) +
                          token.value().RevealForSerialization() + "/draft.pkpass";
  const auto qr = image::MakeQr(url);
  if (!qr.ok()) return qr.error();
  const Json answer = {{"url", url},
                       {"qr", image::QrToSvg(qr.value(), "")},
                       {"link_ends", InstantJson(now + issuance::kDraftLinkLife)},
                       {"pass_ends", InstantJson(now + issuance::kDraftPassLife)},
                       {"for_phones", issuance::IsForPhones(call.programme)}};
  return Work([answer](issuance::Transaction&) -> Result<Reply> {
    Reply reply = JsonReply(200, answer);
    reply.headers.emplace_back("Cache-Control", "no-store");
    return reply;
  });
}

Result<std::string> BuildLinked(const Context& context, std::string_view token) {
  const auto link = issuance::ReadDraftLink(context.site, token, context.clock.Now());
  if (!link.ok()) return link.error();
  const issuance::ProgrammeSite* programme = context.site.Find(link.value().programme);
  if (programme == nullptr) {
    return Error{.code = ErrorCode::kNotFound, .message = "the programme is not served any more"};
  }
  TemplateFiles files;
  const Status read = context.store.Read([&](issuance::Transaction& transaction) -> Status {
    auto view = issuance::GetTemplate(transaction, link.value().programme, link.value().name);
    if (!view.ok()) return std::move(view).error();
    files = std::move(view).value().draft.files;
    return {};
  });
  if (!read.ok()) return read.error();
  return issuance::BuildDraftPass(files, context.site, *programme, link.value(),
                                  context.clock.Now());
}

}  // namespace

Response DraftPass(const Context& context, std::string_view path) {
  constexpr std::string_view kFile = "/draft.pkpass";
  Response response;
  if (!path.starts_with(kDraftPassRoot) || !path.ends_with(kFile) ||
      path.size() <= kDraftPassRoot.size() + kFile.size()) {
    response = ProblemResponse(404, "not_found", "nothing at this path");
  } else {
    path.remove_prefix(kDraftPassRoot.size());
    path.remove_suffix(kFile.size());
    auto bundle = BuildLinked(context, path);
    if (bundle.ok()) {
      response = {.status = 200,
                  .content_type = "application/vnd.apple.pkpass",
                  .body = std::move(bundle).value()};
      response.headers.Add("Content-Disposition", "attachment; filename=\"draft.pkpass\"");
    } else {
      response = ProblemResponse(bundle.error());
    }
  }
  response.headers.Add("Cache-Control", "no-store");
  return response;
}

void AddStudioEndpoints(EndpointRouter& router) {
  const std::vector<Role> readers = {Role::kDesigner, Role::kApprover, Role::kAdmin};
  const std::string name = "/api/v1/templates/{name}";
  router.Add("GET", name + "/changes", {Access::kRead, KeyUse::kNone, readers, GetChanges});
  router.Add("GET", name + "/versions/{version}",
             {Access::kRead, KeyUse::kNone, readers, GetVersion});
  router.Add("POST", name + "/draft/phone",
             {Access::kRead, KeyUse::kOptional, readers, MakePhoneLink});
}

}  // namespace passmint::http
