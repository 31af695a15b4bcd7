#include "http/router.h"

#include "base/utf8.h"

namespace passmint::http {
namespace {

// Longest path that is looked at; the server cuts headers off far above.
constexpr std::size_t kSegmentsMax = 32;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsPlaceholder(std::string_view segment) { return segment.starts_with('{'); }
bool TakesRest(std::string_view segment) { return segment.ends_with("...}"); }

std::optional<std::string> Argument(std::string_view raw) {
  auto decoded = PercentDecode(raw);
  if (!decoded || decoded->empty() || HasControlCharacter(*decoded)) return std::nullopt;
  return decoded;
}

}  // namespace

namespace internal {

std::vector<std::string> SplitPath(std::string_view path) {
  std::vector<std::string> segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  while (segments.size() < kSegmentsMax) {
    const std::size_t slash = path.find('/');
    segments.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return segments;
}

std::optional<PathArguments> FitPath(const std::vector<std::string>& pattern,
                                     const std::vector<std::string>& segments) {
  const bool rest = !pattern.empty() && TakesRest(pattern.back());
  if (rest ? segments.size() < pattern.size() : segments.size() != pattern.size()) {
    return std::nullopt;
  }
  PathArguments arguments;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!IsPlaceholder(pattern[i])) {
      if (pattern[i] != segments[i]) return std::nullopt;
      continue;
    }
    std::string raw = segments[i];
    if (TakesRest(pattern[i])) {
      for (std::size_t k = i + 1; k < segments.size(); ++k) raw += "/" + segments[k];
    }
    auto argument = Argument(raw);
    if (!argument) return std::nullopt;
    arguments.push_back(*std::move(argument));
  }
  return arguments;
}

}  // namespace internal

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = HexDigit(text[i + 1]);
    const int low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!IsUtf8(decoded)) return std::nullopt;
  return decoded;
}

std::optional<std::string> QueryValue(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (pair.substr(0, equals) == name && equals != std::string_view::npos) {
      return PercentDecode(pair.substr(equals + 1));
    }
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  return std::nullopt;
}

}  // namespace passmint::http
