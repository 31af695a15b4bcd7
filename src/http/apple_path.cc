#include "http/apple_path.h"

#include <optional>
#include <string>
#include <utility>

#include "base/utf8.h"
#include "http/router.h"

namespace passmint::http {
namespace {

using Kind = ApplePath::Kind;

// A byte of a name may take nine of a path: "%25E2" and so on.
constexpr std::size_t kEncodedBytesMax = 9 * kAppleNameBytesMax;

// The text before the next "/", which `rest` loses together with it.
std::string_view TakeSegment(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view segment = rest.substr(0, slash);
  rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
  return segment;
}

// A component as the phone meant it; nothing if it is empty, too long or no text.
std::optional<std::string> DecodeTwice(std::string_view raw) {
  if (raw.empty() || raw.size() > kEncodedBytesMax) return std::nullopt;
  auto once = PercentDecode(raw);
  if (!once) return std::nullopt;
  // Sent by something that encodes once: a lone "%" is a "%".
  auto text = PercentDecode(*once);
  if (!text) text = std::move(once);
  if (text->size() > kAppleNameBytesMax || HasControlCharacter(*text)) return std::nullopt;
  return text;
}

// False if the component is malformed.
template <class Name>
bool Read(std::string_view raw, Name& name) {
  auto text = DecodeTwice(raw);
  if (!text) return false;
  name = Name(*std::move(text));
  return true;
}

ApplePath ParseDevices(std::string_view rest) {
  ApplePath path;
  const std::string_view device = TakeSegment(rest);
  if (TakeSegment(rest) != "registrations") return path;
  const std::string_view type = TakeSegment(rest);
  if (device.empty() || type.empty()) return path;
  path.kind = rest.empty() ? Kind::kRegistrations : Kind::kRegistration;
  const bool fine = Read(device, path.device) && Read(type, path.pass_type) &&
                    (rest.empty() || Read(rest, path.serial));
  if (!fine) path.kind = Kind::kMalformed;
  return path;
}

ApplePath ParsePasses(std::string_view method, std::string_view rest) {
  constexpr std::string_view kPersonalize = "/personalize";
  ApplePath path;
  const std::string_view type = TakeSegment(rest);
  if (type.empty() || rest.empty()) return path;
  path.kind = Kind::kPass;
  if (method == "POST" && rest.size() > kPersonalize.size() && rest.ends_with(kPersonalize)) {
    path.kind = Kind::kPersonalize;
    rest.remove_suffix(kPersonalize.size());
  }
  if (!Read(type, path.pass_type) || !Read(rest, path.serial)) path.kind = Kind::kMalformed;
  return path;
}

}  // namespace

ApplePath ParseApplePath(std::string_view method, std::string_view raw_path) {
  ApplePath path;
  if (!raw_path.starts_with(kAppleRoot)) return path;
  std::string_view rest = raw_path.substr(kAppleRoot.size());
  if (rest == "log") {
    path.kind = Kind::kLog;
    return path;
  }
  const std::string_view collection = TakeSegment(rest);
  if (collection == "devices") return ParseDevices(rest);
  if (collection == "passes") return ParsePasses(method, rest);
  return path;
}

}  // namespace passmint::http
