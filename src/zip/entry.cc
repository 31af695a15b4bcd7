#include "zip/entry.h"

#include <algorithm>

#include "base/utf8.h"
#include "zip/internal/names.h"

namespace passmint::zip {
namespace internal {

std::string Quote(std::string_view name) {
  constexpr std::size_t kShown = 80;
  const bool is_text = IsUtf8(name) && !HasControlCharacter(name);
  const std::string_view shown = is_text ? FirstCodePoints(name, kShown) : name.substr(0, kShown);
  std::string text = "\"";
  for (const char c : shown) {
    const bool is_plain = c >= ' ' && c < 0x7F;
    text += is_text || is_plain ? c : '?';
  }
  return text + (shown.size() < name.size() ? "...\"" : "\"");
}

Error DuplicateName(std::string_view name) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = "file name " + Quote(name) + " is twice in the archive",
          .reason = "zip_duplicate_name"};
}

Status CheckNames(std::vector<std::string_view>& names) {
  for (const std::string_view name : names) {
    if (Status fine = CheckName(name); !fine.ok()) return fine;
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::adjacent_find(names);
  if (repeated != names.end()) return DuplicateName(*repeated);
  return {};
}

}  // namespace internal

namespace {

Error BadName(std::string_view name, std::string_view what) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = "file name " + internal::Quote(name) + " in the archive " + std::string(what),
          .reason = "zip_bad_name"};
}

bool IsAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

Status CheckName(std::string_view name) {
  if (name.empty()) return BadName(name, "is empty");
  if (name.size() > kMaxNameBytes) return BadName(name, "is longer than 512 bytes");
  if (!IsUtf8(name)) return BadName(name, "is not UTF-8");
  if (HasControlCharacter(name)) return BadName(name, "has a control character");
  if (name.find('\\') != std::string_view::npos) return BadName(name, "has a backslash");
  if (name.front() == '/') return BadName(name, "starts with \"/\"");
  if (name.size() > 1 && name[1] == ':' && IsAsciiLetter(name[0])) {
    return BadName(name, "starts with a drive letter");
  }
  for (std::string_view rest = name;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view component = rest.substr(0, slash);
    if (component.empty()) return BadName(name, "has an empty component");
    if (component == "." || component == "..") return BadName(name, "has a component . or ..");
    if (slash == std::string_view::npos) return {};
    rest.remove_prefix(slash + 1);
  }
}

}  // namespace passmint::zip
