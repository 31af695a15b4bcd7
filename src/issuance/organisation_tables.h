#pragma once

namespace passmint::issuance {

// Organisations and the members that act for them.
class OrganisationTables {
 protected:
  ~OrganisationTables() = default;
};

}  // namespace passmint::issuance
