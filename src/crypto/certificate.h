#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"

namespace passmint::crypto {

namespace internal {
struct CertificateRep;
}

// A certificate has 1 to 2 kB; a folder of Apple's intermediates has under ten of them.
inline constexpr std::size_t kCertificateFileBytesMax = 256 * 1024;
inline constexpr std::size_t kCertificatesMax = 64;

enum class KeyKind { kRsa, kEc, kEd25519, kOther };

// "RSA", "EC", "Ed25519", "other".
std::string_view ToString(KeyKind kind);

// One X.509 certificate, with what the wallets put in it already read. Immutable, cheap to copy,
// safe for concurrent use. Being a Certificate says that the bytes are well formed, not that anyone
// should trust them.
//
// Texts come from outside. An attribute that is not UTF-8 or holds control characters reads as
// absent, so every text here can be printed.
class Certificate {
 public:
  // On one line, in the order of the certificate: "UID = pass.x, CN = Pass Type ID: pass.x, ...".
  const std::string& subject() const;
  const std::string& issuer() const;

  // Of the subject; "" if absent. Apple puts the pass type identifier into UID and the team
  // identifier into OU; on its intermediates OU is the generation, "G4".
  const std::string& uid() const;
  const std::string& common_name() const;
  const std::string& organizational_unit() const;
  const std::string& issuer_common_name() const;
  const std::string& issuer_organizational_unit() const;

  const std::string& serial_hex() const;  // Lower case, without leading zeros; "0" at least.
  Timestamp not_before() const;
  Timestamp not_after() const;  // The last valid second.

  // Apple's extension 1.2.840.113635.100.6.1.16: the pass type identifier again, and what Wallet
  // compares. Nothing if it is absent or no text.
  const std::optional<std::string>& pass_type_extension() const;
  // Apple's marker 1.2.840.113635.100.6.3.2.
  bool has_pass_marker() const;
  // "Pass Type ID with NFC: ..." as common name: the only place that tells.
  bool is_nfc() const;

  const std::string& authority_key_id() const;  // Lower-case hex; "" if absent.
  const std::string& subject_key_id() const;    // Lower-case hex; "" if absent.
  bool is_ca() const;                           // Basic constraints say CA.
  bool allows_client_auth() const;              // Extended key usage lists clientAuth (for APNs).

  KeyKind key_kind() const;
  int key_bits() const;

  const std::string& fingerprint_sha256() const;  // 64 lower-case hex digits.

  // Whether `issuer` issued this certificate: issuer name equals its subject name, authority key id
  // equals its subject key id (both must be there), and its key verifies our signature. The name
  // alone means nothing: all of Apple's intermediates share one common name.
  bool IsIssuedBy(const Certificate& issuer) const;

  std::string ToPem() const;
  std::string ToDer() const;

  // Same bytes.
  friend bool operator==(const Certificate& a, const Certificate& b) {
    return a.fingerprint_sha256() == b.fingerprint_sha256();
  }

  // For this module's own sources.
  explicit Certificate(std::shared_ptr<const internal::CertificateRep> rep);
  const internal::CertificateRep& rep() const { return *rep_; }

 private:
  std::shared_ptr<const internal::CertificateRep> rep_;  // Never null.
};

// Reads exactly one certificate, PEM (text around it and blocks of other kinds are skipped) or DER.
// Fails with kTooLarge over kCertificateFileBytesMax and with kInvalidArgument, reason
// "bad_certificate", when there is none, more than one, or it is broken; the hint says what the
// file seems to be instead (a private key, a request, a PKCS#12 file).
Result<Certificate> ParseCertificate(std::string_view pem_or_der);

// Reads one or more, up to kCertificatesMax: PEM in the order of the file, or a single DER.
// Otherwise as ParseCertificate.
Result<std::vector<Certificate>> ParseCertificates(std::string_view pem_or_der);

}  // namespace passmint::crypto
