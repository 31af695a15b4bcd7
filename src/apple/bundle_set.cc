#include "apple/bundle_set.h"

#include <algorithm>
#include <vector>

#include "zip/entry.h"
#include "zip/writer.h"

namespace passmint::apple {
namespace {

Error Invalid(ErrorCode code, std::string message, std::string reason) {
  return {.code = code, .message = std::move(message), .reason = std::move(reason)};
}

// Two digits, so that every reader lists ten of them in order.
std::string EntryName(std::size_t number) {
  return std::string("pass-") + (number < 10 ? "0" : "") + std::to_string(number) + ".pkpass";
}

Status CheckSet(std::span<const std::string> bundles) {
  if (bundles.empty()) {
    return Invalid(ErrorCode::kInvalidArgument, "a set of passes needs at least one pass",
                   "bundle_set_empty");
  }
  std::size_t bytes = 0;
  for (const std::string& bundle : bundles) bytes += bundle.size();
  if (bundles.size() > kBundleSetPassesMax || bytes > kBundleSetBytesMax) {
    return Invalid(ErrorCode::kTooLarge,
                   "a set may have 10 passes and 150 MB, this one has " +
                       std::to_string(bundles.size()) + " passes and " + std::to_string(bytes) +
                       " bytes",
                   "bundle_set_too_large");
  }
  for (std::size_t i = 0; i < bundles.size(); ++i) {
    const auto rest = bundles.subspan(i + 1);
    if (std::find(rest.begin(), rest.end(), bundles[i]) != rest.end()) {
      return Invalid(ErrorCode::kInvalidArgument, "the same pass stands in the set twice",
                     "bundle_set_same_pass");
    }
  }
  return {};
}

}  // namespace

Result<std::string> MakeBundleSet(std::span<const std::string> bundles) {
  if (const Status checked = CheckSet(bundles); !checked.ok()) return checked.error();
  std::vector<zip::Entry> entries;
  entries.reserve(bundles.size());
  for (const std::string& bundle : bundles) {
    entries.push_back({.name = EntryName(entries.size() + 1), .bytes = bundle});
  }
  return zip::WriteArchive(entries);
}

}  // namespace passmint::apple
