#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/endpoint.h"
#include "http/message.h"

// Entity tags (RFC 9110 section 8.8.3) of what people edit: the answer bears the tag, and whoever
// writes says which one they saw.

namespace passmint::http {

// The tag in If-Match, without its quotation marks; nothing without that header. A weak tag or a
// list matches nothing.
std::optional<std::string> MatchTag(const Request& request);

// Whether If-None-Match says that the caller has what bears this tag; compared weakly (section
// 13.1.2).
bool HasTag(const Request& request, std::string_view tag);

// The reply with `tag` as its ETag; as it is if the tag is empty.
Reply WithTag(Reply reply, const std::string& tag);

}  // namespace passmint::http
