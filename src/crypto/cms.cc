#include "crypto/cms.h"

#include <openssl/cms.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <utility>

#include "crypto/digest.h"
#include "crypto/internal/certificate_rep.h"
#include "crypto/internal/cms_layout.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/private_key_rep.h"
#include "crypto/internal/rsa_signer.h"

namespace passmint::crypto {
namespace {

using internal::Bytes;
using internal::CmsLayout;
using internal::OpenSslFailure;

// Each flag, because the defaults are for mail: the bytes are not text whose line ends change; the
// content stays outside; no list of mail ciphers; and the signer is added apart.
constexpr unsigned kFlags = CMS_BINARY | CMS_DETACHED | CMS_NOSMIMECAP | CMS_PARTIAL;

// "261121100000Z" (RFC 5280 section 4.1.2.5.1). REQUIRES: 1950 to 2049, which the validity of the
// certificates sees to.
std::string UtcTime(Timestamp instant) {
  using namespace std::chrono;
  const auto day = floor<days>(instant);
  const year_month_day date(day);
  const hh_mm_ss time(floor<seconds>(instant - day));
  char text[32];
  const int size = std::snprintf(
      text, sizeof text, "%02d%02u%02u%02d%02d%02dZ", static_cast<int>(date.year()) % 100,
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()));
  return std::string(text, static_cast<std::size_t>(size));
}

Timestamp FirstValidInstant(const SigningIdentity& identity) {
  return std::max(identity.not_before(), identity.wwdr_certificate().not_before());
}

Error NotValid(std::string reason, std::string message) {
  return {.code = ErrorCode::kUnavailable,
          .message = std::move(message),
          .reason = std::move(reason),
          .hint = "passmint check says what has to be renewed"};
}

Status CheckValidAt(const SigningIdentity& identity, Timestamp instant) {
  const std::string& pass_type = identity.pass_type().str();
  if (instant < FirstValidInstant(identity)) {
    return NotValid("certificate_not_yet_valid",
                    "the certificate of " + pass_type + " is not valid yet");
  }
  if (instant > identity.not_after()) {
    return NotValid("certificate_expired", "the certificate of " + pass_type + " has expired");
  }
  if (instant > identity.intermediate_not_after()) {
    return NotValid("wwdr_expired",
                    "the intermediate of the certificate of " + pass_type + " has expired");
  }
  // RFC 5652 section 11.3: from 2050 on signingTime is another type, which Wallet is not known to
  // read.
  using std::chrono::year;
  if (instant >= std::chrono::sys_days(year(2050) / 1 / 1)) {
    return NotValid("certificate_expired", "signing times end with 2049");
  }
  return {};
}

// Built by OpenSSL from nothing.
Result<std::string> BuildSignature(const SigningIdentity& identity, std::string_view content,
                                   Timestamp signing_time) {
  const internal::X509StackPtr extra = internal::MakeX509Stack();
  internal::PushShared(extra.get(), identity.wwdr_certificate().rep().x509.get());
  const internal::CmsPtr cms(CMS_sign(nullptr, nullptr, extra.get(), nullptr, kFlags));
  if (!cms) return OpenSslFailure("begin a CMS signature");
  CMS_SignerInfo* signer = CMS_add1_signer(cms.get(), identity.certificate().rep().x509.get(),
                                           internal::Handle(identity.key()), EVP_sha256(), kFlags);
  const std::string time = UtcTime(signing_time);
  if (signer == nullptr ||
      CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, V_ASN1_UTCTIME, time.data(),
                                  static_cast<int>(time.size())) != 1) {
    return OpenSslFailure("add the signer to a CMS signature");
  }
  const internal::BioPtr source = internal::ReadingBio(content);
  const internal::BioPtr out(BIO_new(BIO_s_mem()));
  if (!out || CMS_final(cms.get(), source.get(), nullptr, kFlags) != 1 ||
      i2d_CMS_bio(out.get(), cms.get()) != 1) {
    return OpenSslFailure("finish a CMS signature");
  }
  return std::string(internal::Contents(out.get()));
}

void Overwrite(std::string& der, CmsLayout::Range range, std::string_view bytes) {
  std::memcpy(der.data() + range.offset, bytes.data(), range.size);
}

}  // namespace

struct ManifestSigner::Rep {
  explicit Rep(const SigningIdentity& its_identity) : identity(its_identity) {}

  SigningIdentity identity;
  // The fast way: all there or not used.
  std::string specimen;
  std::optional<CmsLayout> layout;
  std::unique_ptr<const internal::RsaSigner> rsa;

  Result<std::string> SignFast(std::string_view manifest, Timestamp signing_time) const;
  Status Verify(std::string_view signature, std::string_view manifest) const;
};

Result<std::string> ManifestSigner::Rep::SignFast(std::string_view manifest,
                                                  Timestamp signing_time) const {
  std::string der = specimen;
  Overwrite(der, layout->message_digest, Sha256(manifest));
  Overwrite(der, layout->signing_time, UtcTime(signing_time));
  // RFC 5652 section 5.4: what is signed has the tag SET OF in place of [0].
  char& tag = der[layout->signed_attributes.offset];
  const char in_place = std::exchange(tag, static_cast<char>(V_ASN1_SET | V_ASN1_CONSTRUCTED));
  const std::string digest = Sha256(std::string_view(der).substr(layout->signed_attributes.offset,
                                                                 layout->signed_attributes.size));
  tag = in_place;
  Status done = rsa->SignDigest(digest, Bytes(der) + layout->signature.offset);
  if (!done.ok()) return std::move(done).error();
  return der;
}

// OpenSSL's opinion on a specimen: signature, digest and chain to the intermediate.
Status ManifestSigner::Rep::Verify(std::string_view signature, std::string_view manifest) const {
  const Result<SignatureReport> report = VerifyDetached(
      signature, manifest, {identity.wwdr_certificate()}, {.at = FirstValidInstant(identity)});
  if (!report.ok()) return report.error();
  if (report.value().verified() && report.value().signing_time) return {};
  return Error{.code = ErrorCode::kInternal,
               .message = "a specimen signature does not verify: " + report.value().chain_problem,
               .hint = "the private key of " + identity.pass_type().str() + " seems to be damaged"};
}

ManifestSigner::ManifestSigner(std::unique_ptr<const Rep> rep) : rep_(std::move(rep)) {}
ManifestSigner::ManifestSigner(ManifestSigner&&) noexcept = default;
ManifestSigner& ManifestSigner::operator=(ManifestSigner&&) noexcept = default;
ManifestSigner::~ManifestSigner() = default;

Result<ManifestSigner> ManifestSigner::Create(const SigningIdentity& identity) {
  auto rep = std::make_unique<Rep>(identity);
  const Timestamp specimen_time = FirstValidInstant(identity);
  Result<std::string> specimen = BuildSignature(identity, "specimen", specimen_time);
  if (!specimen.ok()) return std::move(specimen).error();
  if (Status good = rep->Verify(specimen.value(), "specimen"); !good.ok()) {
    return std::move(good).error();
  }
  rep->specimen = std::move(specimen).value();
  rep->layout = internal::FindCmsLayout(rep->specimen);
  Result<internal::RsaSigner> rsa = internal::RsaSigner::Create(identity.key());
  if (rep->layout && rsa.ok() && rep->layout->signature.size == rsa.value().signature_bytes()) {
    rep->rsa = std::make_unique<const internal::RsaSigner>(std::move(rsa).value());
    // Other content, other time: proof that the three parts are all that has to change.
    const Result<std::string> patched =
        rep->SignFast("another specimen", specimen_time + std::chrono::seconds(1));
    if (!patched.ok() || !rep->Verify(patched.value(), "another specimen").ok()) rep->rsa.reset();
  }
  return ManifestSigner(std::unique_ptr<const Rep>(std::move(rep)));
}

Result<std::string> ManifestSigner::Sign(std::string_view manifest, Timestamp signing_time) const {
  if (!rep_->rsa) return SignDetached(rep_->identity, manifest, signing_time);
  if (Status valid = CheckValidAt(rep_->identity, signing_time); !valid.ok()) {
    return std::move(valid).error();
  }
  return rep_->SignFast(manifest, signing_time);
}

const SigningIdentity& ManifestSigner::identity() const { return rep_->identity; }

bool ManifestSigner::uses_template() const { return rep_->rsa != nullptr; }

Result<std::string> SignDetached(const SigningIdentity& identity, std::string_view content,
                                 Timestamp signing_time) {
  if (Status valid = CheckValidAt(identity, signing_time); !valid.ok()) {
    return std::move(valid).error();
  }
  return BuildSignature(identity, content, signing_time);
}

}  // namespace passmint::crypto
