#include "issuance/site.h"

namespace passmint::issuance {

const ProgrammeSite* Site::Find(const ProgrammeId& id) const {
  const auto found = programmes.find(id);
  return found == programmes.end() ? nullptr : &found->second;
}

}  // namespace passmint::issuance
