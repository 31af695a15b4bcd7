#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "design/template_files.h"

namespace passmint::app {

// The templates that come with the program, inside it: name -> files. Fails with kInternal if the
// program was built wrong.
Result<std::map<std::string, design::TemplateFiles>> ShippedTemplates();

}  // namespace passmint::app
