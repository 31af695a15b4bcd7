#pragma once

#include "design/design.h"
#include "design/internal/renderer.h"
#include "design/internal/report.h"
#include "design/template.h"

namespace passmint::design::internal {

// Rules about the template as a whole. REQUIRES: it was read without errors.
void CheckKind(const Template& source, bool has_logo, Report& report);  // T17
void CheckContrast(const Colors& colors, Report& report);               // P06
void CheckContact(const Template& source, Report& report);              // P26

// Renders all sample members and says what none of them, or not each of them, would see (T21).
void CheckSamples(const Renderer& renderer, const ProgrammeFacts& programme, Report& report);

}  // namespace passmint::design::internal
