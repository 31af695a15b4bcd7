#pragma once

#include "http/client_limits.h"
#include "http/context.h"
#include "http/message.h"

namespace passmint::http {

// What designers open (assets/web/):
//   GET    /studio                 the page; everything else is done by its script
//   GET    /studio/studio.js, /studio/studio.css
//   POST   /studio/session {key}   signs in with an API key; answers as GET, with the cookie
//   GET    /studio/session         who is signed in: {name, roles, programme: {...}}
//   DELETE /studio/session         signs out
//
// The cookie stands for the key at /api/v1/templates as well (studio_cookie.h). A client that
// tries wrong keys is slowed down (429). Safe for concurrent calls.
class Studio {
 public:
  // REQUIRES: what the context refers to outlives the studio.
  explicit Studio(const Context& context);

  Response Handle(const Request& request) const;

 private:
  Response Session(const Request& request) const;
  Response SignIn(const Request& request) const;

  const Context context_;
  mutable ClientLimits wrong_keys_;
};

}  // namespace passmint::http
