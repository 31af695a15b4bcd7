#include <openssl/cms.h>
#include <openssl/objects.h>

#include <chrono>
#include <utility>

#include "crypto/cms.h"
#include "crypto/digest.h"
#include "crypto/internal/certificate_rep.h"
#include "crypto/internal/cms_layout.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/pem.h"

namespace passmint::crypto {
namespace {

using internal::Bytes;
using internal::TakeOpenSslErrors;
using internal::X509StackPtr;

using StorePtr = std::unique_ptr<X509_STORE, internal::FreeWith<X509_STORE_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, internal::FreeWith<X509_STORE_CTX_free>>;

Error BadSignature(std::string message, std::string hint = "") {
  return {.code = ErrorCode::kInvalidArgument,
          .message = std::move(message),
          .reason = "bad_signature",
          .hint = std::move(hint)};
}

Result<internal::CmsPtr> ReadSignedData(std::string_view der) {
  if (der.size() > kSignatureBytesMax) {
    return Error{.code = ErrorCode::kTooLarge, .message = "too large for a signature"};
  }
  if (internal::LooksLikePem(der)) {
    return BadSignature("the signature is PEM text", "Wallet wants the DER bytes");
  }
  const unsigned char* at = Bytes(der);
  internal::CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
  if (!cms) return BadSignature("the signature is not CMS in DER: " + TakeOpenSslErrors());
  if (at != Bytes(der) + der.size()) return BadSignature("bytes follow after the signature");
  if (OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) {
    return BadSignature("the signature is CMS, but not SignedData");
  }
  return cms;
}

std::string ObjectName(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  char text[128];
  const int nid = object == nullptr ? NID_undef : OBJ_obj2nid(object);
  if (nid != NID_undef) return OBJ_nid2ln(nid);
  const int size = object == nullptr ? 0 : OBJ_obj2txt(text, sizeof text, object, 1);
  return size > 0 ? std::string(text) : "unknown";
}

// "SHA256" instead of "sha256".
std::string DigestName(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  const int nid = object == nullptr ? NID_undef : OBJ_obj2nid(object);
  return nid == NID_undef ? ObjectName(algorithm) : OBJ_nid2sn(nid);
}

std::optional<Timestamp> SigningTime(CMS_SignerInfo* signer) {
  const int at = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
  if (at < 0) return std::nullopt;
  X509_ATTRIBUTE* attribute = CMS_signed_get_attr(signer, at);
  const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(attribute, 0);
  if (value == nullptr) return std::nullopt;
  const bool is_time = value->type == V_ASN1_UTCTIME || value->type == V_ASN1_GENERALIZEDTIME;
  if (!is_time || ASN1_TIME_to_tm(value->value.asn1_string, nullptr) != 1) {
    (void)TakeOpenSslErrors();
    return std::nullopt;
  }
  return internal::FromAsn1Time(value->value.asn1_string);
}

// Of the content, by the algorithm that the signer names; "" if we don't have it.
std::string DigestOf(std::string_view content, const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  const EVP_MD* md = object == nullptr ? nullptr : EVP_get_digestbyobj(object);
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  if (md == nullptr ||
      EVP_Digest(content.data(), content.size(), Bytes(digest), &size, md, nullptr) != 1) {
    (void)TakeOpenSslErrors();
    return "";
  }
  digest.resize(size);
  return digest;
}

bool DigestMatches(CMS_SignerInfo* signer, std::string_view content, const X509_ALGOR* algorithm) {
  const ASN1_OCTET_STRING* stated =
      static_cast<const ASN1_OCTET_STRING*>(CMS_signed_get0_data_by_OBJ(
          signer, OBJ_nid2obj(NID_pkcs9_messageDigest), -3, V_ASN1_OCTET_STRING));
  (void)TakeOpenSslErrors();
  if (stated == nullptr) return false;
  const std::string actual = DigestOf(content, algorithm);
  return !actual.empty() && ConstantTimeEquals(internal::View(stated), actual);
}

// Without signed attributes the signature is over the content itself.
bool VerifiesWithoutAttributes(CMS_ContentInfo* cms, std::string_view content) {
  const internal::BioPtr source = internal::ReadingBio(content);
  const bool verified = CMS_verify(cms, nullptr, nullptr, source.get(), nullptr,
                                   CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
  (void)TakeOpenSslErrors();
  return verified;
}

std::string ChainProblem(const Certificate& signer, STACK_OF(X509) * embedded,
                         const std::vector<Certificate>& anchors,
                         const std::optional<Timestamp>& at) {
  if (anchors.empty()) return "no trusted root was given";
  const StorePtr store(X509_STORE_new());
  const StoreContextPtr context(X509_STORE_CTX_new());
  if (!store || !context) return TakeOpenSslErrors();
  for (const Certificate& anchor : anchors) {
    if (X509_STORE_add_cert(store.get(), anchor.rep().x509.get()) != 1) return TakeOpenSslErrors();
  }
  if (X509_STORE_CTX_init(context.get(), store.get(), signer.rep().x509.get(), embedded) != 1) {
    return TakeOpenSslErrors();
  }
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  // Any purpose: a pass leaf is for clientAuth, not for mail, which is what CMS would ask for.
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY);
  // An intermediate may be the anchor.
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  if (at) {
    X509_VERIFY_PARAM_set_time(parameters, static_cast<std::time_t>(ToUnixSeconds(*at)));
  } else {
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
  }
  if (X509_verify_cert(context.get()) == 1) return "";
  const int code = X509_STORE_CTX_get_error(context.get());
  std::string problem = X509_verify_cert_error_string(code);
  if (X509* culprit = X509_STORE_CTX_get_current_cert(context.get()); culprit != nullptr) {
    char name[256];
    X509_NAME_oneline(X509_get_subject_name(culprit), name, sizeof name);
    problem += std::string(" (at ") + name + ")";
  }
  (void)TakeOpenSslErrors();
  return problem;
}

// The certificates in the signature. Those that we can't read are left out.
std::vector<Certificate> Embedded(STACK_OF(X509) * stack) {
  std::vector<Certificate> certificates;
  for (int i = 0; stack != nullptr && i < sk_X509_num(stack); ++i) {
    X509* x509 = sk_X509_value(stack, i);
    if (X509_up_ref(x509) != 1) break;
    Result<Certificate> certificate = internal::MakeCertificate(internal::X509Ptr(x509));
    if (certificate.ok()) certificates.push_back(std::move(certificate).value());
  }
  return certificates;
}

void ReadSigner(CMS_ContentInfo* cms, CMS_SignerInfo* signer, std::string_view content,
                SignatureReport& report) {
  X509_ALGOR* digest = nullptr;
  X509_ALGOR* signature = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, &signature);
  report.digest_algorithm = DigestName(digest);
  report.signature_algorithm = ObjectName(signature);
  ASN1_OCTET_STRING* key_id = nullptr;
  CMS_SignerInfo_get0_signer_id(signer, &key_id, nullptr, nullptr);
  report.names_signer_by_key_id = key_id != nullptr;
  report.has_signed_attributes = CMS_signed_get_attr_count(signer) > 0;
  report.signing_time = SigningTime(signer);
  for (const Certificate& certificate : report.certificates) {
    if (CMS_SignerInfo_cert_cmp(signer, certificate.rep().x509.get()) == 0) {
      report.signer = certificate;
    }
  }
  if (report.has_signed_attributes) report.digest_ok = DigestMatches(signer, content, digest);
  if (report.signer) {
    CMS_SignerInfo_set1_signer_cert(signer, report.signer->rep().x509.get());
    report.signature_ok = report.has_signed_attributes ? CMS_SignerInfo_verify(signer) == 1
                                                       : VerifiesWithoutAttributes(cms, content);
    if (!report.has_signed_attributes) report.digest_ok = report.signature_ok;
  }
  (void)TakeOpenSslErrors();
}

}  // namespace

Result<SignatureReport> VerifyDetached(std::string_view signature_der, std::string_view content,
                                       const std::vector<Certificate>& trust_anchors,
                                       const VerifyOptions& options) {
  const Result<internal::CmsPtr> parsed = ReadSignedData(signature_der);
  if (!parsed.ok()) return parsed.error();
  CMS_ContentInfo* cms = parsed.value().get();
  STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(cms);
  if (signers == nullptr || sk_CMS_SignerInfo_num(signers) < 1) {
    return BadSignature("the signature has no signer");
  }
  SignatureReport report;
  report.version = internal::SignedDataVersion(signature_der);
  report.signers = static_cast<std::size_t>(sk_CMS_SignerInfo_num(signers));
  ASN1_OCTET_STRING** attached = CMS_get0_content(cms);
  report.has_attached_content = attached != nullptr && *attached != nullptr;
  const X509StackPtr embedded(CMS_get1_certs(cms));
  report.certificates = Embedded(embedded.get());
  ReadSigner(cms, sk_CMS_SignerInfo_value(signers, 0), content, report);
  if (!report.signer) {
    report.chain_problem = "the signer's certificate is not in the signature";
  } else {
    report.chain_problem = ChainProblem(*report.signer, embedded.get(), trust_anchors,
                                        options.at ? options.at : report.signing_time);
  }
  return report;
}

}  // namespace passmint::crypto
