#include "http/pages/badges.h"

#include <array>

#include "base/bytes.h"
#include "http/embedded_badges.h"

namespace passmint::http::pages {
namespace {

std::string AsUri(std::string_view svg) {
  return svg.empty() ? std::string() : "data:image/svg+xml;base64," + ToBase64(svg);
}

struct Uris {
  std::string english;
  std::string russian;

  const std::string& In(std::string_view language) const {
    return language == "ru" && !russian.empty() ? russian : english;
  }
};

}  // namespace

const std::string& BadgeUri(Badge badge, std::string_view language) {
  static const Uris apple{AsUri(AppleEnSvg()), AsUri(AppleRuSvg())};
  static const Uris google{AsUri(GoogleEnSvg()), AsUri(GoogleRuSvg())};
  return (badge == Badge::kApple ? apple : google).In(language);
}

}  // namespace passmint::http::pages
