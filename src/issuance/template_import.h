#pragma once

#include <map>
#include <string>

#include "apple/pass_import.h"
#include "base/result.h"

namespace passmint::issuance {

// A template from the unpacked files of a zip that somebody brings: a template folder as it is, or
// a pass (apple::ImportPass). A folder around all of it ("Card.pkpasstemplate/") and what macOS
// adds to archives are passed over.
// Fails with kInvalidArgument, reason "not_a_pass", if it is neither.
Result<apple::ImportedPass> ImportTemplate(const std::map<std::string, std::string>& archive);

}  // namespace passmint::issuance
