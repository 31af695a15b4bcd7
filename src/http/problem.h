#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace passmint::http {

// The whole mapping of failures to HTTP; nothing else chooses an error status.
int StatusFor(ErrorCode code);

// An application/problem+json answer (RFC 9457): type urn:passmint:<reason>, title, status, detail,
// errors. 429 and 503 carry Retry-After. Of kInternal the client learns nothing but that.
Response ProblemResponse(const Error& error);

// The same where there is no Error: what the server itself refuses.
Response ProblemResponse(int status, std::string_view reason, std::string_view detail);

}  // namespace passmint::http
