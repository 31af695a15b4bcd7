// The signature of a bundle and the certificates in it.

#include <algorithm>
#include <chrono>

#include "apple/internal/bundle_check.h"
#include "crypto/cms.h"

namespace passmint::apple::internal {
namespace {

constexpr std::string_view kNotTrusted =
    "log: \"The passTypeIdentifier or teamIdentifier provided may not match your certificate, or "
    "the certificate trust chain could not be verified\"";
constexpr std::string_view kFailed = "log: \"Signature validation: *** FAILED ***\"";

using crypto::Certificate;
using crypto::SignatureReport;

std::string Generation(const std::string& unit) {
  return unit.empty() ? "without generation" : unit;
}

void CheckForm(BundleCheck& check, const SignatureReport& signature) {
  const auto error = [&check](std::string cause, std::string_view wallet, std::string cure) {
    check.Error("signature", std::move(cause), std::string(wallet), std::move(cure));
  };
  if (signature.signers != 1) {
    error("it has " + std::to_string(signature.signers) + " signers", kFailed,
          "sign once, with the pass certificate");
  }
  if (signature.has_attached_content) {
    error("the content is inside the signature", kFailed, "make a detached signature");
  }
  if (!signature.signing_time.has_value()) {
    error("it has no signing time", "log: \"Signature must contain a signing date\"",
          "sign with signed attributes (with openssl: without -noattr)");
  }
  if (!signature.digest_ok) {
    error("it was made over other bytes than manifest.json has now", kFailed,
          "sign the very bytes that go into the archive");
  }
  if (!signature.signature_ok) {
    error("it was not made by the key of its certificate", kFailed,
          "sign with the private key of the pass certificate");
  }
  if (signature.digest_algorithm == "SHA1") {
    check.Warn("K01", "signature", "its digest is SHA-1", "", "sign with SHA-256");
  }
}

void CheckIntermediate(BundleCheck& check, const SignatureReport& signature) {
  const Certificate& leaf = *signature.signer;
  const auto issuer =
      std::find_if(signature.certificates.begin(), signature.certificates.end(),
                   [&leaf](const Certificate& candidate) { return leaf.IsIssuedBy(candidate); });
  if (issuer != signature.certificates.end()) return;
  std::string others;
  for (const Certificate& candidate : signature.certificates) {
    if (candidate == leaf) continue;
    others += (others.empty() ? "" : ", ") + Generation(candidate.organizational_unit());
  }
  check.Error("signature",
              "the certificate was issued by " + leaf.issuer_common_name() + " (" +
                  Generation(leaf.issuer_organizational_unit()) + "), which is not embedded; " +
                  (others.empty() ? "no intermediate is" : "embedded are: " + others),
              std::string(kNotTrusted),
              "embed the WWDR intermediate of generation " +
                  Generation(leaf.issuer_organizational_unit()) +
                  " from https://www.apple.com/certificateauthority/");
}

void CheckLeaf(BundleCheck& check, const Certificate& leaf) {
  const auto& extension = leaf.pass_type_extension();
  if (leaf.uid().empty()) {
    check.Error("signature", "the certificate names no pass type (UID)", std::string(kNotTrusted),
                "sign with a Pass Type ID certificate");
  } else if (!extension.has_value()) {
    check.Error("signature", "the certificate lacks Apple's extension 1.2.840.113635.100.6.1.16",
                std::string(kNotTrusted), "sign with a Pass Type ID certificate");
  } else if (*extension != leaf.uid()) {
    check.Error("signature",
                "the certificate's extension 1.2.840.113635.100.6.1.16 says \"" + *extension +
                    "\", its UID \"" + leaf.uid() + '"',
                std::string(kNotTrusted),
                "ask Apple for a new certificate: this one was mis-issued");
  }
  if (!leaf.has_pass_marker()) {
    check.Warn("K01", "signature", "the certificate lacks Apple's marker 1.2.840.113635.100.6.3.2",
               "", "sign with a Pass Type ID certificate");
  }
}

void CheckValidity(BundleCheck& check, const SignatureReport& signature) {
  const auto at = check.options.now.has_value() ? check.options.now : signature.signing_time;
  if (!at.has_value()) return;
  for (const Certificate& certificate : signature.certificates) {
    const std::string name = '"' + certificate.common_name() + '"';
    if (*at < certificate.not_before()) {
      check.report.findings.push_back(
          {"P04", design::Level::kError, "signature", "",
           "the certificate " + name + " is valid from " + FormatRfc3339(certificate.not_before()) +
               " on, and the time is " + FormatRfc3339(*at),
           std::string(kNotTrusted), "set the clock of the signing machine"});
    } else if (*at > certificate.not_after()) {
      check.report.findings.push_back(
          {"P04", design::Level::kError, "signature", "",
           "the certificate " + name + " expired at " + FormatRfc3339(certificate.not_after()),
           std::string(kNotTrusted), "renew it for the same pass type, and sign again"});
    }
  }
}

void CheckChain(BundleCheck& check, const SignatureReport& signature) {
  if (check.options.trust_anchors.empty()) {
    check.report.findings.push_back({"K01", design::Level::kInfo, "signature", "",
                                     "no root was given, so nobody vouches for the last issuer", "",
                                     "give Apple Root CA (or the test root) to follow the chain"});
  } else if (!signature.chain_problem.empty()) {
    check.Error("signature", "the chain does not end at a given root: " + signature.chain_problem,
                std::string(kNotTrusted), "sign with a certificate of Apple, embed its WWDR");
  }
}

void NoteFacts(BundleFacts& facts, const SignatureReport& signature) {
  facts.signing_time = signature.signing_time;
  if (!signature.signer.has_value()) return;
  facts.signer = signature.signer->common_name();
  facts.certificate_not_after = signature.signer->not_after();
  facts.issuer = signature.signer->issuer_common_name() + " (" +
                 Generation(signature.signer->issuer_organizational_unit()) + ')';
}

}  // namespace

SignerFacts CheckSignature(BundleCheck& check) {
  const std::string* signature = check.Find("signature");
  if (signature == nullptr) {
    check.Error("signature", "the bundle is not signed",
                "log: \"Signature is missing\" (PKPassKitErrorDomain 1)",
                "sign manifest.json, detached CMS in DER");
    return {};
  }
  const std::string* manifest = check.Find("manifest.json");
  if (manifest == nullptr) return {};
  const auto read = crypto::VerifyDetached(*signature, *manifest, check.options.trust_anchors,
                                           {.at = check.options.now});
  if (!read.ok()) {
    const std::string& hint = read.error().hint;
    check.Error("signature", read.error().message, std::string(kFailed),
                hint.empty() ? "write a detached CMS signature in DER" : hint);
    return {};
  }
  const SignatureReport& found = read.value();
  NoteFacts(check.report.facts, found);
  CheckForm(check, found);
  if (!found.signer.has_value()) {
    check.Error("signature", "the signer's certificate is not embedded", std::string(kNotTrusted),
                "embed the pass certificate and its WWDR intermediate");
    return {};
  }
  CheckIntermediate(check, found);
  CheckLeaf(check, *found.signer);
  CheckValidity(check, found);
  CheckChain(check, found);
  return {.pass_type = found.signer->uid(),
          .team = found.signer->organizational_unit(),
          .nfc = found.signer->is_nfc()};
}

}  // namespace passmint::apple::internal
