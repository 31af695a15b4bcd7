#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "design/template_files.h"
#include "issuance/store.h"

namespace passmint::issuance {

// What the API shows of a template beside its files.
struct TemplateView {
  TemplateName name;
  std::string kind;
  std::vector<std::string> languages;
  TemplateDraft draft;
  std::vector<DesignVersion> versions;  // Newest first, without files.

  // The version that all cards show which no canary reaches; nothing before the first publish.
  const DesignVersion* live() const;
  // A newer version that some cards show; null if there is none.
  const DesignVersion* canary() const;
};

// SHA-256 in hex over names and bytes: equal folders have equal tags.
std::string DraftTag(const design::TemplateFiles& files);

// Kind and languages of a folder that may be broken otherwise. Fails with kInvalidArgument if
// template.json is missing, no JSON object, or has no kind or languages.
struct Outline {
  std::string kind;
  std::vector<std::string> languages;
};
Result<Outline> ReadOutline(const design::TemplateFiles& files);

// Fails with kNotFound. A template that was imported with the settings has a draft too: its newest
// version.
Result<TemplateView> GetTemplate(Transaction& transaction, const ProgrammeId& programme,
                                 const TemplateName& name);

// The tag of GetTemplate's draft, without reading its files. Fails with kNotFound.
Result<std::string> FindTag(Transaction& transaction, const ProgrammeId& programme,
                            const TemplateName& name);

// Of If-Match and If-None-Match: which draft the caller has seen.
struct Precondition {
  std::optional<std::string> match;  // The tag.
  bool none = false;                 // "If-None-Match: *": there must be none yet.
};

// Fails with kInvalidSyntax, reason "missing_header", without a precondition; with
// kPreconditionFailed, reason "stale_version", if it does not hold; as ReadOutline.
struct PutDraftResult {
  TemplateView view;
  bool created = false;
};
Result<PutDraftResult> PutDraft(Transaction& transaction, const ProgrammeId& programme,
                                const TemplateName& name, design::TemplateFiles files,
                                const Precondition& precondition, const ApiKeyName& author);

// Whether `tag` is the draft's present one; for publish and roll-back.
Status RequireTag(const TemplateView& view, const std::optional<std::string>& tag);

}  // namespace passmint::issuance
