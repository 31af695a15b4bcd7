#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace passmint::google {

inline constexpr std::size_t kServiceAccountBytesMax = 64 * 1024;  // Google's file has 2.4 kB.

// The parts that we use of the JSON key file that Google's console makes for a service account.
struct ServiceAccount {
  std::string client_email;    // "passmint@project.iam.gserviceaccount.com".
  Secret private_key_pem;      // PKCS#8; for crypto::ParsePrivateKey.
  std::string private_key_id;  // 40 hex digits; may go into a JWT's "kid".
  std::string token_uri;       // "https://oauth2.googleapis.com/token".
};

// Reads such a file. A private key whose line feeds came through as the two characters \n (as they
// do through environment variables) is mended.
// Fails with kTooLarge, and with kInvalidArgument, reason "bad_service_account": not JSON, another
// kind of Google credential (the hint says which and where to get the right one), a missing or
// empty member, an e-mail or token URI that cannot be one, or no PEM. `problems` has a JSON pointer
// each. Messages never repeat the key.
Result<ServiceAccount> ParseServiceAccount(std::string_view json_text);

}  // namespace passmint::google
