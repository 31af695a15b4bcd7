#pragma once

#include <string>
#include <string_view>

namespace passmint::http::pages {

enum class Badge { kApple, kGoogle };

// The official artwork of assets/badges as a data: URI, in `language`, else in English; "" if the
// build had none: both companies forbid drawing it anew, so a plain button stands in.
// Safe for concurrent calls.
const std::string& BadgeUri(Badge badge, std::string_view language);

}  // namespace passmint::http::pages
