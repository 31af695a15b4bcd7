#include "crypto/test_authority.h"

#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <utility>
#include <vector>

#include "crypto/internal/certificate_rep.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/private_key_rep.h"

namespace passmint::crypto {
namespace {

using internal::OpenSslFailure;
using internal::X509Ptr;

constexpr std::string_view kRootName = "Passmint Test Root CA";
// Like Apple's "Apple Worldwide Developer Relations Certification Authority", but nobody takes it
// for theirs.
constexpr std::string_view kIntermediateName =
    "Passmint Test Developer Relations Certification Authority";
constexpr std::size_t kNameBytesMax = 256;
constexpr std::size_t kServerNamesMax = 16;

struct NamePart {
  int nid;
  std::string text;
};

struct Extension {
  std::string name;   // As in an OpenSSL configuration: "keyUsage", or an OID.
  std::string value;  // Likewise: "critical,digitalSignature".
};

struct Plan {
  std::vector<NamePart> subject;
  std::vector<Extension> extensions;
  Timestamp not_before;
  Timestamp not_after;
};

bool SetRandomSerial(X509* x509) {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x3f) | 0x40);  // Positive, always 16 bytes.
  const std::unique_ptr<BIGNUM, internal::FreeWith<BN_free>> number(
      BN_bin2bn(bytes, sizeof bytes, nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509)) != nullptr;
}

bool SetTimes(X509* x509, const Plan& plan) {
  return ASN1_TIME_set(X509_getm_notBefore(x509), ToUnixSeconds(plan.not_before)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(x509), ToUnixSeconds(plan.not_after)) != nullptr;
}

bool SetSubject(X509* x509, const Plan& plan) {
  for (const NamePart& part : plan.subject) {
    if (X509_NAME_add_entry_by_NID(X509_get_subject_name(x509), part.nid, V_ASN1_UTF8STRING,
                                   internal::Bytes(std::string_view(part.text)),
                                   static_cast<int>(part.text.size()), -1, 0) != 1) {
      return false;
    }
  }
  return true;
}

bool AddExtensions(X509* x509, X509* issuer, const Plan& plan) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  for (const Extension& extension : plan.extensions) {
    const std::unique_ptr<X509_EXTENSION, internal::FreeWith<X509_EXTENSION_free>> made(
        X509V3_EXT_conf(nullptr, &context, extension.name.c_str(), extension.value.c_str()));
    if (!made || X509_add_ext(x509, made.get(), -1) != 1) return false;
  }
  return true;
}

// `issuer` null: signs itself.
Result<Certificate> Make(const Plan& plan, const PrivateKey& key, const Certificate* issuer,
                         const PrivateKey& issuer_key) {
  X509Ptr x509(X509_new());
  if (!x509) return OpenSslFailure("make a certificate");
  X509* signed_by = issuer == nullptr ? x509.get() : issuer->rep().x509.get();
  const bool named = X509_set_version(x509.get(), X509_VERSION_3) == 1 &&
                     SetRandomSerial(x509.get()) && SetTimes(x509.get(), plan) &&
                     SetSubject(x509.get(), plan) &&
                     X509_set_issuer_name(x509.get(), X509_get_subject_name(signed_by)) == 1 &&
                     X509_set_pubkey(x509.get(), internal::Handle(key)) == 1;
  if (!named || !AddExtensions(x509.get(), signed_by, plan) ||
      X509_sign(x509.get(), internal::Handle(issuer_key), EVP_sha256()) <= 0) {
    return OpenSslFailure("make a certificate");
  }
  return internal::MakeCertificate(std::move(x509));
}

Result<Certificate> MakeIntermediate(const TestAuthority::Options& options, const PrivateKey& key,
                                     const Certificate& root, const PrivateKey& root_key) {
  const Plan plan{.subject = {{NID_commonName, std::string(kIntermediateName)},
                              {NID_organizationalUnitName, options.generation},
                              {NID_organizationName, "Passmint Test"},
                              {NID_countryName, "US"}},
                  .extensions = {{"basicConstraints", "critical,CA:TRUE,pathlen:0"},
                                 {"keyUsage", "critical,keyCertSign,cRLSign"},
                                 {"subjectKeyIdentifier", "hash"},
                                 {"authorityKeyIdentifier", "keyid"},
                                 // As on Apple's intermediates.
                                 {"1.2.840.113635.100.6.2.1", "ASN1:NULL"}},
                  .not_before = options.not_before,
                  .not_after = options.not_after};
  return Make(plan, key, &root, root_key);
}

Plan PlanLeaf(const PassCertificateOptions& options) {
  const std::string& pass_type = options.pass_type.str();
  Plan plan{.subject = {},
            .extensions = {{"basicConstraints", "critical,CA:FALSE"},
                           {"authorityKeyIdentifier", "keyid"},
                           {"subjectKeyIdentifier", "hash"},
                           {"keyUsage", "critical,digitalSignature"},
                           {"extendedKeyUsage", "clientAuth,1.2.840.113635.100.4.14"},
                           {internal::kPassMarkerOid, "ASN1:NULL"}},
            .not_before = options.not_before,
            .not_after = options.not_after};
  if (options.has_uid) plan.subject.push_back({NID_userId, pass_type});
  plan.subject.push_back(
      {NID_commonName, (options.nfc ? "Pass Type ID with NFC: " : "Pass Type ID: ") + pass_type});
  if (!options.team.empty()) {
    plan.subject.push_back({NID_organizationalUnitName, options.team.str()});
  }
  plan.subject.push_back({NID_organizationName, "Passmint Test"});
  plan.subject.push_back({NID_countryName, "US"});
  const std::string extension = options.pass_type_extension.value_or(pass_type);
  if (!extension.empty()) {
    plan.extensions.push_back({internal::kPassTypeExtensionOid, "ASN1:UTF8String:" + extension});
  }
  return plan;
}

bool IsHost(std::string_view name) {
  return !name.empty() && name.size() <= kNameBytesMax &&
         name.find_first_not_of(
             "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
             ".:-") == std::string_view::npos;
}

// "DNS:localhost,IP:127.0.0.1", as OpenSSL's configurations write it; empty if it cannot be.
std::string SubjectAltNames(const ServerCertificateOptions& options) {
  if (options.dns_names.size() + options.ip_addresses.size() > kServerNamesMax) return {};
  std::string names;
  const auto add = [&names](std::string_view kind, const std::string& name) {
    if (!names.empty()) names += ',';
    names.append(kind).append(name);
    return IsHost(name);
  };
  for (const std::string& name : options.dns_names) {
    if (!add("DNS:", name)) return {};
  }
  for (const std::string& address : options.ip_addresses) {
    if (!add("IP:", address)) return {};
  }
  return names;
}

}  // namespace

TestAuthority::TestAuthority(Certificate root, PrivateKey root_key, Certificate intermediate,
                             PrivateKey intermediate_key)
    : root_(std::move(root)),
      root_key_(std::move(root_key)),
      intermediate_(std::move(intermediate)),
      intermediate_key_(std::move(intermediate_key)) {}

Result<TestAuthority> TestAuthority::Create(const Options& options) {
  Result<PrivateKey> root_key = GenerateRsa2048();
  if (!root_key.ok()) return std::move(root_key).error();
  const Plan plan{.subject = {{NID_commonName, std::string(kRootName)},
                              {NID_organizationName, "Passmint Test"},
                              {NID_countryName, "US"}},
                  .extensions = {{"basicConstraints", "critical,CA:TRUE"},
                                 {"keyUsage", "critical,keyCertSign,cRLSign"},
                                 {"subjectKeyIdentifier", "hash"}},
                  .not_before = options.not_before,
                  .not_after = options.not_after};
  Result<Certificate> root = Make(plan, root_key.value(), nullptr, root_key.value());
  if (!root.ok()) return std::move(root).error();
  Result<PrivateKey> key = GenerateRsa2048();
  if (!key.ok()) return std::move(key).error();
  Result<Certificate> intermediate =
      MakeIntermediate(options, key.value(), root.value(), root_key.value());
  if (!intermediate.ok()) return std::move(intermediate).error();
  return TestAuthority(std::move(root).value(), std::move(root_key).value(),
                       std::move(intermediate).value(), std::move(key).value());
}

Result<TestAuthority> TestAuthority::WithIntermediate(const Options& options) const {
  Result<PrivateKey> key = GenerateRsa2048();
  if (!key.ok()) return std::move(key).error();
  Result<Certificate> intermediate = MakeIntermediate(options, key.value(), root_, root_key_);
  if (!intermediate.ok()) return std::move(intermediate).error();
  return TestAuthority(root_, root_key_, std::move(intermediate).value(), std::move(key).value());
}

Result<PassCertificate> TestAuthority::Issue(const PassCertificateOptions& options) const {
  const std::string& pass_type = options.pass_type.str();
  if (pass_type.empty() || pass_type.size() > kNameBytesMax ||
      options.team.str().size() > kNameBytesMax) {
    return InvalidInput("bad_name", "", "pass type or team is empty or too long");
  }
  std::optional<PrivateKey> key = options.key;
  if (!key) {
    Result<PrivateKey> fresh = GenerateRsa2048();
    if (!fresh.ok()) return std::move(fresh).error();
    key = std::move(fresh).value();
  }
  Result<Certificate> certificate =
      Make(PlanLeaf(options), *key, &intermediate_, intermediate_key_);
  if (!certificate.ok()) return std::move(certificate).error();
  return PassCertificate{std::move(certificate).value(), *std::move(key)};
}

Result<PassCertificate> TestAuthority::IssueServer(const ServerCertificateOptions& options) const {
  const std::string names = SubjectAltNames(options);
  if (names.empty()) return InvalidInput("bad_name", "", "no server name, too many, or a bad one");
  Result<PrivateKey> key = GenerateEcP256();
  if (!key.ok()) return std::move(key).error();
  const Plan plan{.subject = {{NID_commonName, "Passmint Test Server"},
                              {NID_organizationName, "Passmint Test"},
                              {NID_countryName, "US"}},
                  .extensions = {{"basicConstraints", "critical,CA:FALSE"},
                                 {"authorityKeyIdentifier", "keyid"},
                                 {"subjectKeyIdentifier", "hash"},
                                 {"keyUsage", "critical,digitalSignature"},
                                 {"extendedKeyUsage", "serverAuth"},
                                 {"subjectAltName", names}},
                  .not_before = options.not_before,
                  .not_after = options.not_after};
  Result<Certificate> certificate = Make(plan, key.value(), &intermediate_, intermediate_key_);
  if (!certificate.ok()) {
    return InvalidInput("bad_name", "", "a server name or address is malformed");
  }
  return PassCertificate{std::move(certificate).value(), std::move(key).value()};
}

}  // namespace passmint::crypto
