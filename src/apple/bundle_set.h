#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace passmint::apple {

// Apple, "Distributing and updating a pass": at most ten passes, at most 150 MB.
inline constexpr std::size_t kBundleSetPassesMax = 10;
inline constexpr std::size_t kBundleSetBytesMax = 150'000'000;

// Several .pkpass bundles in one .pkpasses (application/vnd.apple.pkpasses): a zip of whole bundles
// at its root, "pass-01.pkpass" and on, no manifest, no signature. The same bundles give the same
// bytes.
//
// Fails with kInvalidArgument ("bundle_set_empty"; "bundle_set_same_pass" if two have equal bytes)
// and kTooLarge ("bundle_set_too_large") over either limit.
Result<std::string> MakeBundleSet(std::span<const std::string> bundles);

}  // namespace passmint::apple
