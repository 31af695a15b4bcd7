#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "base/timestamp.h"
#include "design/template_files.h"
#include "design/values.h"
#include "issuance/site.h"

namespace passmint::issuance {

// A draft on the designer's own phone: a signed Apple pass with a sample member's data that says
// DRAFT on its face, has a serial number of its own, no web service, and ends by itself.
inline constexpr std::chrono::hours kDraftPassLife{24};
inline constexpr std::chrono::hours kDraftLinkLife{1};

// What a link to such a pass stands for.
struct DraftLink {
  ProgrammeId programme;
  TemplateName name;
  design::Sample sample = design::Sample::kTypical;
};

// The last part of the link: the claims and an end in kDraftLinkLife, under a MAC of the site's
// current master key. Nothing is stored for it. A secret: who has it sees the draft.
Result<Secret> SignDraftLink(const Site& site, const DraftLink& link, Timestamp now);

// Fails with kNotFound, reason "no_such_link", if it is none of ours or is over: the caller learns
// no more than that.
Result<DraftLink> ReadDraftLink(const Site& site, std::string_view token, Timestamp now);

// The .pkpass of a draft, ending at `now` + kDraftPassLife. Fails with kInvalidArgument, reason
// "does_not_lint", as PreparePublish; with kConflict, reason "no_certificate", if the programme has
// no Apple certificate; as apple::PassFactory.
Result<std::string> BuildDraftPass(const design::TemplateFiles& files, const Site& site,
                                   const ProgrammeSite& programme, const DraftLink& link,
                                   Timestamp now);

// False: with this certificate (none, or a test one) no iPhone takes a pass. Judged by names alone,
// for advice and not for trust.
bool IsForPhones(const ProgrammeSite& programme);

}  // namespace passmint::issuance
