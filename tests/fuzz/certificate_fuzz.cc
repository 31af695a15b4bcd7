#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "crypto/certificate.h"
#include "crypto/cms.h"
#include "crypto/master_key.h"
#include "crypto/private_key.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)passmint::crypto::ParseCertificate(bytes).ok();
  (void)passmint::crypto::ParseCertificates(bytes).ok();
  (void)passmint::crypto::ParsePrivateKey(bytes, passmint::Secret("phrase")).ok();
  (void)passmint::crypto::VerifyDetached(bytes, "content", {}).ok();
  (void)passmint::crypto::KeyRing::Parse(passmint::Secret(std::string(bytes))).ok();
  return 0;
}
