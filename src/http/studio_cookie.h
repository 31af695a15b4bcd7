#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"
#include "http/message.h"

namespace passmint::http {

// A request that carries the studio's cookie is believed only with this header as well: a page of
// another site cannot set it without asking first, and nobody allows it to.
inline constexpr std::string_view kStudioHeader = "X-Passmint-Studio";

// The session in the request's cookies if the request came from the studio's own page; "" if not.
std::string_view StudioSession(const Headers& headers);

// Set-Cookie. HttpOnly, SameSite=Strict; Secure unless `public_url` is http (on loopback).
std::string SessionCookie(const Secret& session, std::string_view public_url);
std::string EndedSessionCookie(std::string_view public_url);

}  // namespace passmint::http
