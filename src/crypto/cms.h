#pragma once

// Detached CMS signatures (RFC 5652), as a .pkpass carries them in the file "signature".

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "crypto/certificate.h"
#include "crypto/signing_identity.h"

namespace passmint::crypto {

// The signature of a pass has 3.2 to 3.4 kB; foreign ones carry a few certificates more.
inline constexpr std::size_t kSignatureBytesMax = 256 * 1024;

// Signs manifests with one identity. Make it once: making it signs and verifies a specimen; each
// Sign then copies the specimen's DER and replaces digest, signing time and signature, which costs
// little more than the RSA operation. Safe for concurrent calls; threads don't wait for each other.
//
// What it makes: SignedData version 1 with SHA-256, no content, the leaf and its intermediate (no
// root), one signer by issuer and serial, and exactly the signed attributes contentType,
// signingTime (UTCTime) and messageDigest. Wallet refuses a signature without signingTime.
class ManifestSigner {
 public:
  // `identity` was checked at some time; Sign checks again that it has not expired since.
  // Fails with kInternal if a specimen does not verify (a damaged key).
  static Result<ManifestSigner> Create(const SigningIdentity& identity);

  ManifestSigner(ManifestSigner&&) noexcept;
  ManifestSigner& operator=(ManifestSigner&&) noexcept;
  ManifestSigner(const ManifestSigner&) = delete;
  ManifestSigner& operator=(const ManifestSigner&) = delete;
  ~ManifestSigner();

  // The signature over exactly these bytes, as DER. `signing_time` is cut to whole seconds.
  // Fails with kUnavailable and reason "certificate_expired", "certificate_not_yet_valid" or
  // "wwdr_expired" if the identity is not valid at `signing_time`, with kInternal if OpenSSL fails.
  Result<std::string> Sign(std::string_view manifest, Timestamp signing_time) const;

  const SigningIdentity& identity() const;

  // Whether Sign takes the fast way. False for an EC key or if OpenSSL lays out its DER otherwise
  // than we know; the answers are then as right, at OpenSSL's speed.
  bool uses_template() const;

 private:
  struct Rep;
  explicit ManifestSigner(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

// The same kind of signature over any bytes, built by OpenSSL from nothing each time: for what is
// signed rarely, such as a personalisation token. Fails as ManifestSigner::Sign.
Result<std::string> SignDetached(const SigningIdentity& identity, std::string_view content,
                                 Timestamp signing_time);

struct VerifyOptions {
  // The instant at which the chain must have been valid. Nothing: the signature's own signingTime,
  // which is right for a foreign bundle of unknown age, or no check of time without one.
  std::optional<Timestamp> at = {};
};

// What a detached signature is and what is wrong with it, fact by fact, so that a caller can say
// which rule of which reader a foreign bundle breaks.
struct SignatureReport {
  int version = 0;          // 1; 3 if the signer is named by key id.
  std::size_t signers = 0;  // A pass has exactly one. The rest is about the first.
  bool names_signer_by_key_id = false;
  bool has_attached_content = false;  // A pass has none.
  std::string digest_algorithm;       // "SHA256", "SHA1", ...
  std::string signature_algorithm;    // "rsaEncryption", "sha256WithRSAEncryption", ...
  bool has_signed_attributes = false;
  std::optional<Timestamp> signing_time;  // Nothing: Wallet says "must contain a signing date".
  std::vector<Certificate> certificates;  // As embedded.
  std::optional<Certificate> signer;      // Out of `certificates`. Nothing: not embedded.
  bool digest_ok = false;     // messageDigest is the digest of the content (or there is none).
  bool signature_ok = false;  // The signer's key made this signature over these attributes.
  // "" if a chain leads from the signer through embedded certificates to an anchor; else why not.
  std::string chain_problem;

  // Signed by someone under our anchors, over this content. Says nothing about signing_time or
  // who it was.
  bool verified() const { return digest_ok && signature_ok && chain_problem.empty(); }
};

// Takes a foreign signature apart. An answer is not a verdict: read the report.
// Fails with kTooLarge over kSignatureBytesMax, and with kInvalidArgument, reason "bad_signature",
// if the bytes are no DER of CMS SignedData (the hint says if they are PEM), or without a signer.
Result<SignatureReport> VerifyDetached(std::string_view signature_der, std::string_view content,
                                       const std::vector<Certificate>& trust_anchors,
                                       const VerifyOptions& options = {});

}  // namespace passmint::crypto
