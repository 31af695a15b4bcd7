#include "issuance/drafts.h"

#include <algorithm>
#include <utility>

#include "crypto/digest.h"
#include "json/json.h"

namespace passmint::issuance {
namespace {

constexpr const char* kMainFile = "template.json";

Error NotATemplate(std::string detail) {
  return InvalidInput("invalid_value", "/template", std::move(detail));
}

Error NoSuchTemplate() {
  return {.code = ErrorCode::kNotFound, .message = "no template of that name"};
}

Error Stale() {
  return {.code = ErrorCode::kPreconditionFailed,
          .message = "the draft was changed meanwhile",
          .reason = "stale_version",
          .hint = "read it again, and send its ETag in If-Match"};
}

// The draft; for a template that came with the settings and was never edited, its newest version.
Result<std::optional<TemplateDraft>> FindDraftOrVersion(
    Transaction& transaction, const ProgrammeId& programme, const TemplateName& name,
    const std::vector<DesignVersion>& versions) {
  auto draft = transaction.FindDraft(programme, name);
  if (!draft.ok() || draft.value() || versions.empty()) return draft;
  auto version = transaction.FindDesignVersion(programme, name, versions.front().version);
  if (!version.ok()) return std::move(version).error();
  if (!version.value()) return std::optional<TemplateDraft>();
  TemplateDraft made{.name = name,
                     .etag = DraftTag(version.value()->files),
                     .files = std::move(version.value()->files),
                     .author = version.value()->author,
                     .updated_at = version.value()->published_at};
  return std::optional<TemplateDraft>(std::move(made));
}

Status Check(const Precondition& precondition, const std::optional<TemplateDraft>& present) {
  if (!precondition.match && !precondition.none) {
    Error error{
        .code = ErrorCode::kInvalidSyntax,
        .message = "send If-Match with the draft's ETag, or If-None-Match: * for a new template",
        .reason = "missing_header"};
    error.problems.push_back({"required", "#header/If-Match", error.message});
    return error;
  }
  if (precondition.none) return present ? Status(Stale()) : Status();
  return present && present->etag == *precondition.match ? Status() : Status(Stale());
}

}  // namespace

const DesignVersion* TemplateView::live() const {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [](const DesignVersion& version) { return version.ring == 100; });
  return found == versions.end() ? nullptr : &*found;
}

const DesignVersion* TemplateView::canary() const {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [](const DesignVersion& version) { return version.ring > 0; });
  return found == versions.end() || found->ring == 100 ? nullptr : &*found;
}

std::string DraftTag(const design::TemplateFiles& files) {
  std::string all;
  for (const auto& [name, bytes] : files) {
    all += name;
    all += '\0';
    all += crypto::Sha256(bytes);
  }
  return crypto::Sha256Hex(all);
}

Result<Outline> ReadOutline(const design::TemplateFiles& files) {
  const auto file = files.find(kMainFile);
  if (file == files.end()) return NotATemplate("template.json is missing");
  auto parsed = json::Parse(file->second, design::kTemplateJsonBytesMax);
  if (!parsed.ok()) return NotATemplate("template.json: " + parsed.error().message);
  const Json& json = parsed.value();
  if (!json.is_object() || !json.contains("kind") || !json["kind"].is_string()) {
    return NotATemplate("template.json has no kind");
  }
  Outline outline{.kind = json["kind"].get<std::string>(), .languages = {}};
  if (!json.contains("languages") || !json["languages"].is_array()) {
    return NotATemplate("template.json has no languages");
  }
  for (const Json& language : json["languages"]) {
    if (language.is_string()) outline.languages.push_back(language.get<std::string>());
  }
  return outline;
}

Result<std::string> FindTag(Transaction& transaction, const ProgrammeId& programme,
                            const TemplateName& name) {
  auto tag = transaction.FindDraftTag(programme, name);
  if (!tag.ok()) return std::move(tag).error();
  if (tag.value()) return *std::move(tag).value();
  const auto versions = transaction.DesignVersions(programme, name);
  if (!versions.ok()) return versions.error();
  if (versions.value().empty()) return NoSuchTemplate();
  return versions.value().front().hash;
}

Result<TemplateView> GetTemplate(Transaction& transaction, const ProgrammeId& programme,
                                 const TemplateName& name) {
  auto versions = transaction.DesignVersions(programme, name);
  if (!versions.ok()) return std::move(versions).error();
  auto draft = FindDraftOrVersion(transaction, programme, name, versions.value());
  if (!draft.ok()) return std::move(draft).error();
  if (!draft.value()) return NoSuchTemplate();
  auto outline = ReadOutline(draft.value()->files);
  if (!outline.ok()) return std::move(outline).error();
  return TemplateView{.name = name,
                      .kind = std::move(outline.value().kind),
                      .languages = std::move(outline.value().languages),
                      .draft = *std::move(draft).value(),
                      .versions = std::move(versions).value()};
}

Result<PutDraftResult> PutDraft(Transaction& transaction, const ProgrammeId& programme,
                                const TemplateName& name, design::TemplateFiles files,
                                const Precondition& precondition, const ApiKeyName& author) {
  if (auto outline = ReadOutline(files); !outline.ok()) return std::move(outline).error();
  auto versions = transaction.DesignVersions(programme, name);
  if (!versions.ok()) return std::move(versions).error();
  auto present = FindDraftOrVersion(transaction, programme, name, versions.value());
  if (!present.ok()) return std::move(present).error();
  if (Status holds = Check(precondition, present.value()); !holds.ok()) {
    return std::move(holds).error();
  }
  const std::string tag = DraftTag(files);
  TemplateDraft draft{.name = name,
                      .etag = tag,
                      .files = std::move(files),
                      .author = author,
                      .updated_at = transaction.Now()};
  if (Status put = transaction.PutDraft(programme, draft); !put.ok()) return std::move(put).error();
  auto view = GetTemplate(transaction, programme, name);
  if (!view.ok()) return std::move(view).error();
  return PutDraftResult{std::move(view).value(), !present.value()};
}

Status RequireTag(const TemplateView& view, const std::optional<std::string>& tag) {
  return Check({.match = tag, .none = false}, view.draft);
}

}  // namespace passmint::issuance
