#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "crypto/internal/openssl.h"

namespace passmint::crypto::internal {

struct PemBlock {
  std::string name;        // "CERTIFICATE".
  bool encrypted = false;  // By the old "Proc-Type: 4,ENCRYPTED".
  Secret der;              // May be a key.
};

bool LooksLikePem(std::string_view bytes);

// The blocks of a PEM text in order, `blocks_max` at most; what is broken ends the list.
std::vector<PemBlock> ReadPemBlocks(std::string_view text, std::size_t blocks_max);

// What the bytes seem to be, for a hint: "a PKCS#12 file", "a private key", "an HTML page"; "" if
// unknown.
std::string GuessContent(std::string_view bytes);

}  // namespace passmint::crypto::internal
