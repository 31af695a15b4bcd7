#include "issuance/design_choice.h"

#include <algorithm>

namespace passmint::issuance {

std::optional<DesignChoice> ChooseDesign(const std::vector<DesignVersion>& versions,
                                         const cards::Card& card) {
  const int ring = cards::RingOf(card);
  std::optional<DesignChoice> choice;
  Timestamp changed_at;
  for (const DesignVersion& version : versions) {
    if (ring < version.reach) changed_at = std::max(changed_at, version.changed_at);
    if (ring < version.ring && (!choice || version.version > choice->version)) {
      choice = DesignChoice{.version = version.version, .changed_at = {}};
    }
  }
  if (choice) choice->changed_at = changed_at;
  return choice;
}

Result<DesignChoice> ChooseDesign(Transaction& transaction, const ProgrammeId& programme,
                                  const cards::Card& card) {
  auto versions = transaction.DesignVersions(programme, card.template_name);
  if (!versions.ok()) return std::move(versions).error();
  const auto choice = ChooseDesign(versions.value(), card);
  if (choice) return *choice;
  return NoDesign(card);
}

Error NoDesign(const cards::Card& card) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = "no published version of template \"" + card.template_name.str() + "\"",
          .reason = "unknown_template",
          .hint = "publish it: passmint template publish"};
}

Timestamp EffectiveTime(const cards::Card& card, const DesignChoice& design) {
  return std::max(card.changed_at, design.changed_at);
}

}  // namespace passmint::issuance
