#pragma once

#include "base/result.h"
#include "design/finding.h"
#include "http/endpoint.h"
#include "issuance/drafts.h"
#include "json/json.h"

namespace passmint::http {

// The schemas Template and Finding of assets/openapi.yaml.
Json TemplateJson(const issuance::TemplateView& view);
Json FindingsJson(const design::Findings& findings);

// The draft as it is now, read before the transaction that acts on it. Fails as
// issuance::GetTemplate.
Result<issuance::TemplateView> ReadTemplate(const Call& call, const TemplateName& name);

}  // namespace passmint::http
