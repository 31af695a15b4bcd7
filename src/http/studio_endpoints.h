#pragma once

#include "http/endpoint.h"
#include "http/message.h"

namespace passmint::http {

// What the studio needs beside the template's own calls: what publishing changes, a version as it
// was, and a link that puts the draft onto a phone.
void AddStudioEndpoints(EndpointRouter& router);

// GET /studio/phone/<token>/draft.pkpass, for whoever has the link: no session.
inline constexpr std::string_view kDraftPassRoot = "/studio/phone/";
Response DraftPass(const Context& context, std::string_view path);

}  // namespace passmint::http
