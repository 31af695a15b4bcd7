#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "design/design.h"
#include "design/internal/image_plan.h"
#include "design/internal/report.h"

namespace passmint::design::internal {

// Reads, scales and draws what the plan says. Files that are there are passed on byte for byte.
// The same plan gives the same bytes. A picture that cannot be read is reported (P23) and its slot
// left out.
std::vector<ImageSlot> MakeImages(const ImagePlan& plan, const Template& source, Report& report);

// The same slots, variants, languages, scales and sizes, but every picture is "": nothing is
// decoded, so nothing is slow and a damaged picture is not noticed.
std::vector<ImageSlot> OutlineImages(const ImagePlan& plan, const Template& source);

// One variant of one slot in one language ("" or a language without a picture of its own: the
// root's), at its largest scale. Fails with kNotFound if the plan has no such slot or variant, with
// kInvalidArgument if the picture cannot be read.
Result<std::string> MakeImage(const ImagePlan& plan, const Template& source, std::string_view slot,
                              std::size_t variant, std::string_view language);

}  // namespace passmint::design::internal
