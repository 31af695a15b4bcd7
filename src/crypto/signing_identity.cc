#include "crypto/signing_identity.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace passmint::crypto {
namespace {

constexpr const char* kRenewHint =
    "make a request with passmint cert csr, upload it at "
    "https://developer.apple.com/account/resources/certificates for the same pass type, then "
    "passmint cert import";
constexpr const char* kIntermediatesHint =
    "download it from https://www.apple.com/certificateauthority/ (Worldwide Developer Relations) "
    "and put the .cer file into the folder of apple.wwdr";

Error Refuse(std::string reason, std::string message, std::string hint) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = std::move(message),
          .reason = std::move(reason),
          .hint = std::move(hint)};
}

Status CheckIsForPasses(const Certificate& certificate) {
  constexpr const char* kWrongKind =
      "use the certificate of a Pass Type ID, not one for apps, pushes or web sites";
  const auto& extension = certificate.pass_type_extension();
  if (certificate.uid().empty() || !extension) {
    return Refuse(
        "certificate_not_for_passes",
        "not a pass certificate: it has no " +
            std::string(certificate.uid().empty() ? "UID in its subject"
                                                  : "extension 1.2.840.113635.100.6.1.16") +
            " (subject: " + certificate.subject() + ")",
        kWrongKind);
  }
  if (certificate.uid() != *extension) {
    return Refuse("certificate_pass_type_mismatch",
                  "the certificate was issued wrongly: its UID is " + certificate.uid() +
                      " but its extension 1.2.840.113635.100.6.1.16 says " + *extension,
                  "Wallet refuses passes signed with it; revoke it at Apple and request another");
  }
  if (certificate.uid().rfind("pass.", 0) != 0) {
    return Refuse("certificate_not_for_passes",
                  "not a pass certificate: its identifier " + certificate.uid() +
                      " does not start with pass.",
                  kWrongKind);
  }
  if (certificate.organizational_unit().empty()) {
    return Refuse("certificate_without_team",
                  "the certificate has no OU in its subject, so its team is unknown (subject: " +
                      certificate.subject() + ")",
                  "certificates from Apple have the team identifier there; request another");
  }
  return {};
}

Status CheckKey(const Certificate& certificate, const PrivateKey& key) {
  const bool supported =
      key.kind() == KeyKind::kEc || (key.kind() == KeyKind::kRsa && key.bits() >= 2048);
  if (!key.Matches(certificate)) {
    return Refuse("certificate_key_mismatch",
                  "the private key does not belong to the certificate of " + certificate.uid(),
                  "use the key that was made with the request for this certificate (passmint cert "
                  "csr wrote it beside the request)");
  }
  if (!supported) {
    return Refuse("certificate_key_unsupported",
                  "the certificate's key is " + std::string(ToString(key.kind())) + " of " +
                      std::to_string(key.bits()) + " bits; passes need RSA from 2048 bits, or EC",
                  kRenewHint);
  }
  return {};
}

Status CheckTime(const Certificate& certificate, Timestamp now) {
  if (now < certificate.not_before()) {
    return Refuse("certificate_not_yet_valid",
                  "the certificate of " + certificate.uid() + " is valid only from " +
                      FormatRfc3339(certificate.not_before()) + " (now: " + FormatRfc3339(now) +
                      ")",
                  "check this machine's clock");
  }
  if (now > certificate.not_after()) {
    return Refuse("certificate_expired",
                  "the certificate of " + certificate.uid() + " expired on " +
                      FormatRfc3339(certificate.not_after()),
                  kRenewHint);
  }
  return {};
}

// "G4 (key id 5f...)".
std::string Describe(const std::string& generation, const std::string& key_id) {
  return (generation.empty() ? "no OU" : generation) + " (key id " +
         (key_id.empty() ? "none" : key_id) + ")";
}

Error NoIntermediate(const Certificate& certificate, const std::vector<Certificate>& pool) {
  std::string there;
  bool same_family = false;
  for (const Certificate& candidate : pool) {
    if (!there.empty()) there += ", ";
    there += Describe(candidate.organizational_unit(), candidate.subject_key_id());
    if (candidate.common_name() == certificate.issuer_common_name()) {
      same_family = true;
    } else {
      there += " of another family: " + candidate.common_name();
    }
  }
  std::string message =
      "the certificate of " + certificate.uid() + " was issued by " +
      certificate.issuer_common_name() + ", " +
      Describe(certificate.issuer_organizational_unit(), certificate.authority_key_id());
  message += pool.empty() ? ", and there are no intermediates at all"
                          : ", and that one is not among the intermediates: " + there;
  return Refuse(same_family ? "wwdr_wrong_generation" : "wwdr_missing", std::move(message),
                kIntermediatesHint);
}

Result<Certificate> ChooseIntermediate(const Certificate& certificate,
                                       const std::vector<Certificate>& pool, Timestamp now) {
  // Of several with the same name and key (a renewal), the one that lasts longest.
  const Certificate* chosen = nullptr;
  const Certificate* not_yet = nullptr;
  for (const Certificate& candidate : pool) {
    if (!candidate.is_ca() || !certificate.IsIssuedBy(candidate)) continue;
    if (now < candidate.not_before()) {
      not_yet = &candidate;
    } else if (chosen == nullptr || candidate.not_after() > chosen->not_after()) {
      chosen = &candidate;
    }
  }
  if (chosen == nullptr && not_yet != nullptr) {
    return Refuse("wwdr_not_yet_valid",
                  "the intermediate " +
                      Describe(not_yet->organizational_unit(), not_yet->subject_key_id()) +
                      " is valid only from " + FormatRfc3339(not_yet->not_before()),
                  "check this machine's clock");
  }
  if (chosen == nullptr) return NoIntermediate(certificate, pool);
  if (now > chosen->not_after()) {
    return Refuse("wwdr_expired",
                  "the intermediate " +
                      Describe(chosen->organizational_unit(), chosen->subject_key_id()) +
                      " that issued the certificate of " + certificate.uid() + " expired on " +
                      FormatRfc3339(chosen->not_after()),
                  std::string("a new certificate comes from a newer intermediate: ") + kRenewHint);
  }
  return *chosen;
}

}  // namespace

SigningIdentity::SigningIdentity(Certificate certificate, PrivateKey key,
                                 Certificate wwdr_certificate)
    : pass_type_(certificate.uid()),
      team_(certificate.organizational_unit()),
      certificate_(std::move(certificate)),
      key_(std::move(key)),
      wwdr_certificate_(std::move(wwdr_certificate)) {}

Result<SigningIdentity> MakeSigningIdentity(const Certificate& certificate, const PrivateKey& key,
                                            const std::vector<Certificate>& wwdr_pool,
                                            Timestamp now) {
  Status checked = CheckIsForPasses(certificate);
  if (checked.ok()) checked = CheckKey(certificate, key);
  if (checked.ok()) checked = CheckTime(certificate, now);
  if (!checked.ok()) return std::move(checked).error();
  Result<Certificate> wwdr = ChooseIntermediate(certificate, wwdr_pool, now);
  if (!wwdr.ok()) return std::move(wwdr).error();
  return SigningIdentity(certificate, key, std::move(wwdr).value());
}

}  // namespace passmint::crypto
