#include "issuance/organisation_tables.h"

namespace passmint::issuance {

std::string_view ToText(OrganisationRole role) {
  switch (role) {
    case OrganisationRole::kManager:
      return "manager";
    case OrganisationRole::kUser:
      return "user";
    case OrganisationRole::kGuest:
      return "guest";
  }
  return "";
}

std::optional<OrganisationRole> OrganisationRoleFrom(std::string_view text) {
  using enum OrganisationRole;
  for (const OrganisationRole role : {kManager, kUser, kGuest}) {
    if (ToText(role) == text) return role;
  }
  return std::nullopt;
}

}  // namespace passmint::issuance
