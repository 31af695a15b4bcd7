#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "base/secret.h"

namespace passmint::apple {

// What every pass of one certificate shares and no template may set.
struct PassEnvironment {
  PassTypeIdentifier pass_type;  // UID of the certificate.
  TeamIdentifier team;           // OU of the certificate.
  // "{public_url}/apple": the same for every pass, since a phone keeps one registration per service
  // URL (Apple reference, "Ten facts" 7). Nothing: passes are made without a web service.
  std::optional<std::string> web_service_url = {};
  bool supports_nfc = false;  // "Pass Type ID with NFC".
};

// What makes a card's pass this pass and no other. Serial and token are fixed for the life of the
// pass.
struct PassIdentity {
  SerialNumber serial;
  // Null: this pass has no web service, whatever the environment says. Borrowed for the call.
  const Secret* authentication_token = nullptr;
  // Printed stock, nobody's yet: the pass brings the design's sign-up form, if it has one.
  bool unassigned = false;
};

}  // namespace passmint::apple
