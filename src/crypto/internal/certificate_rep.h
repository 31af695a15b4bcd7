#pragma once

#include <optional>
#include <string>

#include "crypto/certificate.h"
#include "crypto/internal/openssl.h"

namespace passmint::crypto::internal {

struct CertificateRep {
  X509Ptr x509;
  std::string subject;
  std::string issuer;
  std::string uid;
  std::string common_name;
  std::string organizational_unit;
  std::string issuer_common_name;
  std::string issuer_organizational_unit;
  std::string serial_hex;
  Timestamp not_before;
  Timestamp not_after;
  std::optional<std::string> pass_type_extension;
  bool has_pass_marker = false;
  std::string authority_key_id;
  std::string subject_key_id;
  bool is_ca = false;
  bool allows_client_auth = false;
  KeyKind key_kind = KeyKind::kOther;
  int key_bits = 0;
  std::string fingerprint_sha256;
};

// Reads everything out of `x509`, which must not be null.
// Fails with kInvalidArgument, reason "bad_certificate", if its key or an extension is broken.
Result<Certificate> MakeCertificate(X509Ptr x509);

KeyKind KindOf(const EVP_PKEY* key);

// Apple's extensions, from https://www.apple.com/certificateauthority/ and issued leaves.
inline constexpr const char* kPassTypeExtensionOid = "1.2.840.113635.100.6.1.16";
inline constexpr const char* kPassMarkerOid = "1.2.840.113635.100.6.3.2";

}  // namespace passmint::crypto::internal
