#include "crypto/certificate.h"

#include <openssl/objects.h>
#include <openssl/pem.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/utf8.h"
#include "crypto/digest.h"
#include "crypto/internal/certificate_rep.h"
#include "crypto/internal/pem.h"

namespace passmint::crypto {
namespace internal {
namespace {

using BnPtr = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
using KeyIdPtr = std::unique_ptr<ASN1_OCTET_STRING, FreeWith<ASN1_OCTET_STRING_free>>;
using AuthorityKeyIdPtr = std::unique_ptr<AUTHORITY_KEYID, FreeWith<AUTHORITY_KEYID_free>>;
using BasicConstraintsPtr = std::unique_ptr<BASIC_CONSTRAINTS, FreeWith<BASIC_CONSTRAINTS_free>>;
using KeyUsagesPtr = std::unique_ptr<EXTENDED_KEY_USAGE, FreeWith<EXTENDED_KEY_USAGE_free>>;
using ObjectPtr = std::unique_ptr<ASN1_OBJECT, FreeWith<ASN1_OBJECT_free>>;

bool IsPrintable(std::string_view text) {
  return IsUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

std::string NameOnOneLine(const X509_NAME* name) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  // Control characters escaped, UTF-8 left readable.
  constexpr unsigned long kFlags =
      XN_FLAG_ONELINE & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (!out || X509_NAME_print_ex(out.get(), name, 0, kFlags) < 0) {
    (void)TakeOpenSslErrors();
    return "";
  }
  const std::string_view text = Contents(out.get());
  return IsPrintable(text) ? std::string(text) : "";
}

std::string Attribute(const X509_NAME* name, int nid) {
  const int at = X509_NAME_get_index_by_NID(name, nid, -1);
  if (at < 0) return "";
  unsigned char* utf8 = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (size < 0) {
    (void)TakeOpenSslErrors();
    return "";
  }
  std::string text(View(utf8, static_cast<std::size_t>(size)));
  OPENSSL_free(utf8);
  return IsPrintable(text) ? text : "";
}

std::string SerialHex(const X509* x509) {
  const BnPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509), nullptr));
  if (!number) {
    (void)TakeOpenSslErrors();
    return "0";
  }
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), Bytes(bytes));
  const std::string hex = ToHex(bytes);
  const std::size_t first = hex.find_first_not_of('0');
  return first == std::string::npos ? "0" : hex.substr(first);
}

const X509_EXTENSION* FindExtension(const X509* x509, const char* oid) {
  const ObjectPtr object(OBJ_txt2obj(oid, 1));
  const int at = object ? X509_get_ext_by_OBJ(x509, object.get(), -1) : -1;
  return at < 0 ? nullptr : X509_get_ext(x509, at);
}

// The extension's value is one DER string type and nothing after it.
std::optional<std::string> TextOf(const X509_EXTENSION* extension) {
  if (extension == nullptr) return std::nullopt;
  const std::string_view der =
      View(X509_EXTENSION_get_data(const_cast<X509_EXTENSION*>(extension)));
  const unsigned char* at = Bytes(der);
  long size = 0;
  int tag = 0;
  int tag_class = 0;
  const int kind = ASN1_get_object(&at, &size, &tag, &tag_class, static_cast<long>(der.size()));
  const bool is_text =
      tag == V_ASN1_UTF8STRING || tag == V_ASN1_IA5STRING || tag == V_ASN1_PRINTABLESTRING;
  if (kind != 0 || tag_class != V_ASN1_UNIVERSAL || !is_text ||
      at + size != Bytes(der) + der.size()) {
    (void)TakeOpenSslErrors();
    return std::nullopt;
  }
  std::string text(View(at, static_cast<std::size_t>(size)));
  if (!IsPrintable(text)) return std::nullopt;
  return text;
}

void ReadKeyIds(const X509* x509, CertificateRep& rep) {
  const KeyIdPtr subject(static_cast<ASN1_OCTET_STRING*>(
      X509_get_ext_d2i(x509, NID_subject_key_identifier, nullptr, nullptr)));
  if (subject) rep.subject_key_id = ToHex(View(subject.get()));
  const AuthorityKeyIdPtr authority(static_cast<AUTHORITY_KEYID*>(
      X509_get_ext_d2i(x509, NID_authority_key_identifier, nullptr, nullptr)));
  if (authority && authority->keyid != nullptr) {
    rep.authority_key_id = ToHex(View(authority->keyid));
  }
}

void ReadUsage(const X509* x509, CertificateRep& rep) {
  const BasicConstraintsPtr basic(static_cast<BASIC_CONSTRAINTS*>(
      X509_get_ext_d2i(x509, NID_basic_constraints, nullptr, nullptr)));
  rep.is_ca = basic && basic->ca != 0;
  const KeyUsagesPtr usages(static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(x509, NID_ext_key_usage, nullptr, nullptr)));
  for (int i = 0; usages && i < sk_ASN1_OBJECT_num(usages.get()); ++i) {
    if (OBJ_obj2nid(sk_ASN1_OBJECT_value(usages.get(), i)) == NID_client_auth) {
      rep.allows_client_auth = true;
    }
  }
}

std::string DerOf(X509* x509) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(x509, &der);
  if (size < 0) Die("encode a certificate");
  std::string bytes(View(der, static_cast<std::size_t>(size)));
  OPENSSL_free(der);
  return bytes;
}

Error BadCertificate(std::string message, std::string hint = "") {
  return {.code = ErrorCode::kInvalidArgument,
          .message = std::move(message),
          .reason = "bad_certificate",
          .hint = std::move(hint)};
}

}  // namespace

KeyKind KindOf(const EVP_PKEY* key) {
  switch (key == nullptr ? EVP_PKEY_NONE : EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return KeyKind::kRsa;
    case EVP_PKEY_EC:
      return KeyKind::kEc;
    case EVP_PKEY_ED25519:
      return KeyKind::kEd25519;
    default:
      return KeyKind::kOther;
  }
}

Result<Certificate> MakeCertificate(X509Ptr x509) {
  const EVP_PKEY* key = X509_get0_pubkey(x509.get());
  // Reads and caches the extensions, so that later calls from several threads only read.
  const bool extensions_ok = X509_check_purpose(x509.get(), -1, 0) == 1;
  if (key == nullptr || !extensions_ok) {
    return BadCertificate("the certificate is damaged: " + TakeOpenSslErrors());
  }
  auto rep = std::make_shared<CertificateRep>();
  const X509_NAME* subject = X509_get_subject_name(x509.get());
  const X509_NAME* issuer = X509_get_issuer_name(x509.get());
  rep->subject = NameOnOneLine(subject);
  rep->issuer = NameOnOneLine(issuer);
  rep->uid = Attribute(subject, NID_userId);
  rep->common_name = Attribute(subject, NID_commonName);
  rep->organizational_unit = Attribute(subject, NID_organizationalUnitName);
  rep->issuer_common_name = Attribute(issuer, NID_commonName);
  rep->issuer_organizational_unit = Attribute(issuer, NID_organizationalUnitName);
  rep->serial_hex = SerialHex(x509.get());
  rep->not_before = FromAsn1Time(X509_get0_notBefore(x509.get()));
  rep->not_after = FromAsn1Time(X509_get0_notAfter(x509.get()));
  rep->pass_type_extension = TextOf(FindExtension(x509.get(), kPassTypeExtensionOid));
  rep->has_pass_marker = FindExtension(x509.get(), kPassMarkerOid) != nullptr;
  ReadKeyIds(x509.get(), *rep);
  ReadUsage(x509.get(), *rep);
  rep->key_kind = KindOf(key);
  rep->key_bits = EVP_PKEY_get_bits(key);
  rep->fingerprint_sha256 = Sha256Hex(DerOf(x509.get()));
  rep->x509 = std::move(x509);
  (void)TakeOpenSslErrors();
  return Certificate(std::move(rep));
}

}  // namespace internal

namespace {

using internal::BadCertificate;
using internal::Bytes;
using internal::TakeOpenSslErrors;
using internal::X509Ptr;

Result<Certificate> ParseDer(std::string_view der) {
  const unsigned char* at = Bytes(der);
  X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!x509) {
    const std::string cause = TakeOpenSslErrors();
    const std::string guess = internal::GuessContent(der);
    if (guess.empty()) return BadCertificate("not a certificate: " + cause);
    return BadCertificate("not a certificate", "this seems to be " + guess);
  }
  if (at != Bytes(der) + der.size()) {
    return BadCertificate("bytes follow after the certificate",
                          "several certificates in one file have to be PEM");
  }
  return internal::MakeCertificate(std::move(x509));
}

Result<std::vector<Certificate>> ParsePem(std::string_view text) {
  std::vector<Certificate> certificates;
  // Other blocks, such as the key beside the certificate, may stand between them.
  for (const internal::PemBlock& block : internal::ReadPemBlocks(text, 4 * kCertificatesMax)) {
    if (block.name != "CERTIFICATE" && block.name != "X509 CERTIFICATE") continue;
    if (certificates.size() == kCertificatesMax) {
      return Error{.code = ErrorCode::kTooLarge,
                   .message = "more than " + std::to_string(kCertificatesMax) + " certificates"};
    }
    Result<Certificate> parsed = ParseDer(block.der.RevealForSerialization());
    if (!parsed.ok()) {
      return Annotate(std::move(parsed).error(),
                      "certificate " + std::to_string(certificates.size() + 1));
    }
    certificates.push_back(std::move(parsed).value());
  }
  if (certificates.empty()) {
    const std::string guess = internal::GuessContent(text);
    return BadCertificate("no certificate in this file", guess.empty() || guess == "a certificate"
                                                             ? "its PEM text is damaged"
                                                             : "this seems to be " + guess);
  }
  return certificates;
}

}  // namespace

std::string_view ToString(KeyKind kind) {
  switch (kind) {
    case KeyKind::kRsa:
      return "RSA";
    case KeyKind::kEc:
      return "EC";
    case KeyKind::kEd25519:
      return "Ed25519";
    case KeyKind::kOther:
      return "other";
  }
  return "other";  // Not reached: -Wswitch makes a missing case an error.
}

Certificate::Certificate(std::shared_ptr<const internal::CertificateRep> rep)
    : rep_(std::move(rep)) {}

const std::string& Certificate::subject() const { return rep_->subject; }
const std::string& Certificate::issuer() const { return rep_->issuer; }
const std::string& Certificate::uid() const { return rep_->uid; }
const std::string& Certificate::common_name() const { return rep_->common_name; }
const std::string& Certificate::organizational_unit() const { return rep_->organizational_unit; }
const std::string& Certificate::issuer_common_name() const { return rep_->issuer_common_name; }
const std::string& Certificate::issuer_organizational_unit() const {
  return rep_->issuer_organizational_unit;
}
const std::string& Certificate::serial_hex() const { return rep_->serial_hex; }
Timestamp Certificate::not_before() const { return rep_->not_before; }
Timestamp Certificate::not_after() const { return rep_->not_after; }
const std::optional<std::string>& Certificate::pass_type_extension() const {
  return rep_->pass_type_extension;
}
bool Certificate::has_pass_marker() const { return rep_->has_pass_marker; }
bool Certificate::is_nfc() const { return common_name().rfind("Pass Type ID with NFC", 0) == 0; }
const std::string& Certificate::authority_key_id() const { return rep_->authority_key_id; }
const std::string& Certificate::subject_key_id() const { return rep_->subject_key_id; }
bool Certificate::is_ca() const { return rep_->is_ca; }
bool Certificate::allows_client_auth() const { return rep_->allows_client_auth; }
KeyKind Certificate::key_kind() const { return rep_->key_kind; }
int Certificate::key_bits() const { return rep_->key_bits; }
const std::string& Certificate::fingerprint_sha256() const { return rep_->fingerprint_sha256; }

bool Certificate::IsIssuedBy(const Certificate& issuer) const {
  const X509* ours = rep_->x509.get();
  const X509* theirs = issuer.rep_->x509.get();
  if (X509_NAME_cmp(X509_get_issuer_name(ours), X509_get_subject_name(theirs)) != 0) return false;
  if (authority_key_id().empty() || authority_key_id() != issuer.subject_key_id()) return false;
  const bool verified = X509_verify(rep_->x509.get(), X509_get0_pubkey(theirs)) == 1;
  (void)TakeOpenSslErrors();
  return verified;
}

std::string Certificate::ToPem() const {
  const internal::BioPtr out(BIO_new(BIO_s_mem()));
  if (!out || PEM_write_bio_X509(out.get(), rep_->x509.get()) != 1) {
    internal::Die("write a certificate");
  }
  return std::string(internal::Contents(out.get()));
}

std::string Certificate::ToDer() const { return internal::DerOf(rep_->x509.get()); }

Result<std::vector<Certificate>> ParseCertificates(std::string_view pem_or_der) {
  if (pem_or_der.size() > kCertificateFileBytesMax) {
    return Error{.code = ErrorCode::kTooLarge, .message = "too large for a certificate file"};
  }
  if (internal::LooksLikePem(pem_or_der)) return ParsePem(pem_or_der);
  Result<Certificate> one = ParseDer(pem_or_der);
  if (!one.ok()) return std::move(one).error();
  return std::vector<Certificate>{std::move(one).value()};
}

Result<Certificate> ParseCertificate(std::string_view pem_or_der) {
  Result<std::vector<Certificate>> all = ParseCertificates(pem_or_der);
  if (!all.ok()) return std::move(all).error();
  if (all.value().size() != 1) {
    return BadCertificate(
        "this file holds " + std::to_string(all.value().size()) + " certificates, not one",
        "put each certificate into a file of its own");
  }
  return std::move(all.value().front());
}

}  // namespace passmint::crypto
