#include "design/internal/report.h"

#include <algorithm>
#include <utility>

namespace passmint::design::internal {

void Report::Error(std::string_view id, Place place, std::string cause, std::string cure) {
  Add({.id = std::string(id),
       .level = Level::kError,
       .file = std::move(place.file),
       .pointer = std::move(place.pointer),
       .cause = std::move(cause),
       .cure = std::move(cure)});
}

void Report::Warn(std::string_view id, Place place, std::string cause, std::string cure) {
  Add({.id = std::string(id),
       .level = Level::kWarning,
       .file = std::move(place.file),
       .pointer = std::move(place.pointer),
       .cause = std::move(cause),
       .cure = std::move(cure)});
}

void Report::Add(Finding finding) {
  if (finding.level == Level::kError) has_errors_ = true;
  if (findings_.size() > kFindingsMax) return;
  if (findings_.size() == kFindingsMax) {
    findings_.push_back({.id = "T01",
                         .level = Level::kError,
                         .file = "template.json",
                         .pointer = "",
                         .cause = "more than " + std::to_string(kFindingsMax) + " findings",
                         .cure = "Mend those above; the rest will be listed then."});
    has_errors_ = true;
    return;
  }
  if (std::find(findings_.begin(), findings_.end(), finding) != findings_.end()) return;
  findings_.push_back(std::move(finding));
}

std::string Quote(std::string_view text) {
  constexpr std::size_t kShownMax = 80;
  std::string quoted = "\"";
  std::size_t end = std::min(text.size(), kShownMax);
  // Not within a UTF-8 sequence.
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  quoted += text.substr(0, end);
  if (end < text.size()) quoted += "...";
  return quoted + "\"";
}

}  // namespace passmint::design::internal
