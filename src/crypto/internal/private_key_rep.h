#pragma once

#include "crypto/internal/openssl.h"
#include "crypto/private_key.h"

namespace passmint::crypto::internal {

struct PrivateKeyRep {
  EvpPkeyPtr key;
};

// `key` must not be null.
PrivateKey MakePrivateKey(EvpPkeyPtr key);

// OpenSSL takes keys that it only reads without const.
inline EVP_PKEY* Handle(const PrivateKey& key) { return key.rep().key.get(); }

}  // namespace passmint::crypto::internal
