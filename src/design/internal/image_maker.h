#pragma once

#include <vector>

#include "design/design.h"
#include "design/internal/image_plan.h"
#include "design/internal/report.h"

namespace passmint::design::internal {

// Reads, scales and draws what the plan says. Files that are there are passed on byte for byte.
// The same plan gives the same bytes. A picture that cannot be read is reported (P23) and its slot
// left out.
std::vector<ImageSlot> MakeImages(const ImagePlan& plan, const Template& source, Report& report);

}  // namespace passmint::design::internal
