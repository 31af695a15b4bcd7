#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/certificate.h"

namespace passmint::simulate {

// A field of a pass in the phone's language.
struct ShownField {
  std::string label;
  std::string value;           // As it stands in pass.json: a number is not formatted.
  std::string change_message;  // With %@; "" if a change of it says nothing.
};

// What a phone keeps of a pass that it took.
struct InstalledPass {
  std::string pass_type;
  std::string serial;
  std::string organization;
  std::string authentication_token;  // A secret: for the Authorization header only.
  std::string web_service_url;       // Without a slash at the end; "" if the pass has none.
  std::string last_modified;         // As the service sent it; "" if it did not.
  std::string manifest;              // Equal manifests: an unchanged pass.
  bool voided = false;
  std::map<std::string, ShownField> fields;  // By key.
};

// Reads a bundle as Wallet does: it must hold a valid signature by a chain that ends at one of
// `roots`, every digest must match, and iOS' rules must hold (apple/verify.h). `language` chooses
// the strings. Fails with kInvalidArgument and what is wrong first, as a phone would log it:
// "Received invalid pass data: ...".
Result<InstalledPass> ReadPass(std::string_view bundle,
                               const std::vector<crypto::Certificate>& roots,
                               std::string_view language);

// What the lock screen says when `after` replaces `before`: one line for each changed field that
// has a change message, in the order of keys.
std::vector<std::string> LockScreenLines(const InstalledPass& before, const InstalledPass& after);

}  // namespace passmint::simulate
