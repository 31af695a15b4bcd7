#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "design/finding.h"

namespace passmint::design::internal {

// After this many a template is beyond reading; the rest is cut off with a note.
inline constexpr std::size_t kFindingsMax = 200;

// Where a finding points to.
struct Place {
  std::string pointer;
  std::string file = "template.json";
};

// Collects findings, each once.
class Report {
 public:
  void Error(std::string_view id, Place place, std::string cause, std::string cure);
  void Warn(std::string_view id, Place place, std::string cause, std::string cure);
  void Add(Finding finding);

  bool has_errors() const { return has_errors_; }
  const Findings& findings() const { return findings_; }

 private:
  Findings findings_;
  bool has_errors_ = false;
};

// At most 80 bytes of `text` in double quotes, cut between characters, for messages.
std::string Quote(std::string_view text);

}  // namespace passmint::design::internal
