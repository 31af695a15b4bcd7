#pragma once

#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "crypto/certificate.h"
#include "crypto/private_key.h"

namespace passmint::crypto {

// What signs passes of one pass type: the leaf from Apple, its private key, and the WWDR
// intermediate that issued the leaf. Everything about the pass type is read from the leaf. Holding
// one means that all checks of MakeSigningIdentity passed at its time. Cheap to copy, safe for
// concurrent use.
class SigningIdentity {
 public:
  const PassTypeIdentifier& pass_type() const { return pass_type_; }
  const TeamIdentifier& team() const { return team_; }
  bool supports_nfc() const { return certificate_.is_nfc(); }
  Timestamp not_before() const { return certificate_.not_before(); }
  Timestamp not_after() const { return certificate_.not_after(); }
  Timestamp intermediate_not_after() const { return wwdr_certificate_.not_after(); }

  const Certificate& certificate() const { return certificate_; }
  const Certificate& wwdr_certificate() const { return wwdr_certificate_; }
  const PrivateKey& key() const { return key_; }

 private:
  friend Result<SigningIdentity> MakeSigningIdentity(const Certificate& certificate,
                                                     const PrivateKey& key,
                                                     const std::vector<Certificate>& wwdr_pool,
                                                     Timestamp now);

  SigningIdentity(Certificate certificate, PrivateKey key, Certificate wwdr_certificate);

  PassTypeIdentifier pass_type_;
  TeamIdentifier team_;
  Certificate certificate_;
  PrivateKey key_;
  Certificate wwdr_certificate_;
};

// Checks that the three belong together and are valid at `now`, and picks the intermediate out of
// the pool by issuer name, key id and signature (Certificate::IsIssuedBy).
//
// Fails with kInvalidArgument; message and hint are for the operator. In this order, by reason:
//   "certificate_not_for_passes"       no UID, no extension 1.2.840.113635.100.6.1.16, or a UID
//                                      that does not start with "pass.",
//   "certificate_pass_type_mismatch"   UID and extension differ: Wallet refuses such passes,
//   "certificate_without_team"         no OU,
//   "certificate_key_mismatch"         the private key belongs to another certificate,
//   "certificate_key_unsupported"      neither RSA from 2048 bits nor EC,
//   "certificate_not_yet_valid", "certificate_expired",
//   "wwdr_wrong_generation"            the pool has Apple intermediates, but of other generations,
//   "wwdr_missing"                     the pool has none that could be it,
//   "wwdr_not_yet_valid", "wwdr_expired".
// The two about the pool name the generation (OU) and key id that are wanted and list what is
// there.
Result<SigningIdentity> MakeSigningIdentity(const Certificate& certificate, const PrivateKey& key,
                                            const std::vector<Certificate>& wwdr_pool,
                                            Timestamp now);

}  // namespace passmint::crypto
