#pragma once

#include <string>
#include <string_view>

#include "http/context.h"
#include "http/message.h"

namespace passmint::http {

inline constexpr std::string_view kGoogleCallbackPath = "/google/callback/";

// POST /google/callback/{programme}: Google says that somebody saved or deleted a card. 200 once it
// is kept, also if it was before; 400 for whatever is not proved to be Google's, without a word why
// (the log has it); 404 for a programme without Google; 503 while Google's root keys are not known
// or the store does not answer. Safe for concurrent calls.
class GoogleCallback {
 public:
  // REQUIRES: what the context refers to outlives it.
  explicit GoogleCallback(const Context& context) : context_(context) {}

  Response Handle(const Request& request) const;

 private:
  const Context context_;
};

}  // namespace passmint::http
