#include "apple/internal/personalization.h"

#include <algorithm>
#include <array>
#include <utility>

#include "apple/internal/pass_rules.h"
#include "design/blocks.h"

namespace passmint::apple::internal {
namespace {

// Ours and Apple's, in the order in which forms ask for them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kFields = {
    {{"name", "PKPassPersonalizationFieldName"},
     {"phone", "PKPassPersonalizationFieldPhoneNumber"},
     {"email", "PKPassPersonalizationFieldEmailAddress"},
     {"postal_code", "PKPassPersonalizationFieldPostalCode"}}};

}  // namespace

bool HasPersonalization(const design::Template& source) {
  return source.personalization.is_object() && !source.personalization.empty();
}

std::string WritePersonalization(const BlockTexts& texts) {
  const design::RenderedText* description =
      design::FindBlockText(texts.source, texts.card, "/personalization/description");
  if (description == nullptr || description->empty()) return "";
  Json form = {{"description", texts.strings.Put(*description)}};
  Json& fields = form["requiredPersonalizationFields"] = Json::array();
  const Json wanted = texts.source.personalization.value("fields", Json::array());
  for (const auto& [ours, apples] : kFields) {
    if (std::find(wanted.begin(), wanted.end(), Json(ours)) != wanted.end()) {
      fields.push_back(apples);
    }
  }
  const design::RenderedText* terms =
      design::FindBlockText(texts.source, texts.card, "/personalization/terms");
  if (terms != nullptr && !terms->empty()) form["termsAndConditions"] = texts.strings.Put(*terms);
  return json::Dump(form);
}

bool AllowsPersonalization(const Json& pass) {
  const Json* nfc = Find(pass, "nfc");
  const Json* voided = Find(pass, "voided");
  return nfc != nullptr && nfc->is_object() && !TextOf(pass, "webServiceURL").empty() &&
         (voided == nullptr || *voided != Json(true));
}

bool IsPersonalizationField(std::string_view name) {
  return std::any_of(kFields.begin(), kFields.end(),
                     [name](const auto& field) { return field.second == name; });
}

}  // namespace passmint::apple::internal
