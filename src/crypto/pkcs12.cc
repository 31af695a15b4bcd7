#include "crypto/pkcs12.h"

#include <openssl/pkcs12.h>
#include <openssl/provider.h>

#include <memory>
#include <string>
#include <utility>

#include "crypto/internal/certificate_rep.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/pem.h"
#include "crypto/internal/private_key_rep.h"

namespace passmint::crypto {
namespace {

using internal::Bytes;
using internal::EvpPkeyPtr;
using internal::TakeOpenSslErrors;
using internal::X509Ptr;
using internal::X509StackPtr;

using LibraryPtr = std::unique_ptr<OSSL_LIB_CTX, internal::FreeWith<OSSL_LIB_CTX_free>>;

// Deriving the MAC key takes a second at about 5 million; who wants more is wasting our time.
constexpr long kMacIterationsMax = 10'000'000;

Error BadPkcs12(std::string message, std::string hint = "") {
  return {.code = ErrorCode::kInvalidArgument,
          .message = std::move(message),
          .reason = "bad_pkcs12",
          .hint = std::move(hint)};
}

// Unloads before the context that the providers belong to ends.
struct UnloadProvider {
  void operator()(OSSL_PROVIDER* provider) const noexcept { OSSL_PROVIDER_unload(provider); }
};
using ProviderPtr = std::unique_ptr<OSSL_PROVIDER, UnloadProvider>;

// OpenSSL's providers apart from the process's own.
struct Library {
  LibraryPtr context;
  ProviderPtr standard;
  ProviderPtr legacy;  // Null if legacy.so is not installed.
};

Result<Library> OpenLibrary() {
  Library library;
  library.context.reset(OSSL_LIB_CTX_new());
  if (!library.context) return internal::OpenSslFailure("make an OpenSSL context");
  library.standard.reset(OSSL_PROVIDER_load(library.context.get(), "default"));
  if (!library.standard) return internal::OpenSslFailure("load OpenSSL's default provider");
  library.legacy.reset(OSSL_PROVIDER_load(library.context.get(), "legacy"));
  (void)TakeOpenSslErrors();
  return library;
}

Result<internal::Pkcs12Ptr> ReadDer(std::string_view der, OSSL_LIB_CTX* context) {
  if (internal::LooksLikePem(der)) {
    return BadPkcs12("not a PKCS#12 file",
                     "this is PEM text: " + internal::GuessContent(der) + "; import it as PEM");
  }
  PKCS12* p12 = PKCS12_init_ex(NID_pkcs7_data, context, nullptr);
  if (p12 == nullptr) return internal::OpenSslFailure("make a PKCS#12 reader");
  const unsigned char* at = Bytes(der);
  // On failure d2i frees what it was given.
  if (d2i_PKCS12(&p12, &at, static_cast<long>(der.size())) == nullptr) {
    const std::string cause = TakeOpenSslErrors();
    const std::string guess = internal::GuessContent(der);
    return BadPkcs12("not a PKCS#12 file, or damaged",
                     guess.empty() ? cause : "this seems to be " + guess);
  }
  internal::Pkcs12Ptr owned(p12);
  if (at != Bytes(der) + der.size()) return BadPkcs12("bytes follow after the PKCS#12 file");
  return owned;
}

// An empty password exists in two forms: no bytes, and one terminating zero. Returns the one that
// the file was made with. Without a MAC nothing can be told; decryption will.
Result<const char*> CheckPassword(PKCS12* p12, const Secret& password) {
  const std::string& text = password.RevealForSerialization();
  if (text.find('\0') != std::string::npos) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "the password holds a zero byte",
                 .reason = "wrong_passphrase"};
  }
  if (PKCS12_mac_present(p12) != 1) return text.c_str();
  const ASN1_INTEGER* iterations = nullptr;
  PKCS12_get0_mac(nullptr, nullptr, nullptr, &iterations, p12);
  if (iterations != nullptr &&
      (ASN1_INTEGER_get(iterations) < 1 || ASN1_INTEGER_get(iterations) > kMacIterationsMax)) {
    return BadPkcs12("the PKCS#12 file asks for more than " + std::to_string(kMacIterationsMax) +
                     " iterations");
  }
  if (PKCS12_verify_mac(p12, text.c_str(), static_cast<int>(text.size())) == 1) return text.c_str();
  if (text.empty() && PKCS12_verify_mac(p12, nullptr, 0) == 1) {
    return static_cast<const char*>(nullptr);
  }
  (void)TakeOpenSslErrors();
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = text.empty() ? "the PKCS#12 file needs its password"
                                       : "the password does not open the PKCS#12 file",
               .reason = "wrong_passphrase",
               .hint = "it is the one typed when the file was exported from Keychain Access"};
}

// The key moves to the process's own context: what signs must not depend on the one made here.
Result<PrivateKey> Rehome(const EvpPkeyPtr& key) {
  const Secret pem = internal::MakePrivateKey(EvpPkeyPtr(EVP_PKEY_dup(key.get()))).ToPem();
  return ParsePrivateKey(pem.RevealForSerialization(), Secret(""));
}

// Likewise, by way of DER.
Result<Certificate> Rehome(X509* x509) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(x509, &der);
  if (size < 0) return internal::OpenSslFailure("encode a certificate");
  const std::string bytes(internal::View(der, static_cast<std::size_t>(size)));
  OPENSSL_free(der);
  return ParseCertificate(bytes);
}

// What the file holds, still in the context that it was opened in.
struct Opened {
  EvpPkeyPtr key;
  X509Ptr certificate;
  X509StackPtr others;
};

Result<Opened> Open(PKCS12* p12, const char* password, const Library& library) {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  STACK_OF(X509)* others = nullptr;
  const int parsed = PKCS12_parse(p12, password, &key, &certificate, &others);
  Opened opened{
      .key = EvpPkeyPtr(key), .certificate = X509Ptr(certificate), .others = X509StackPtr(others)};
  if (parsed != 1) {
    const std::string cause = TakeOpenSslErrors();
    if (library.legacy) return BadPkcs12("the PKCS#12 file is damaged: " + cause);
    return Error{.code = ErrorCode::kUnavailable,
                 .message =
                     "the PKCS#12 file uses an old cipher (RC2) and OpenSSL's legacy "
                     "provider is not installed",
                 .reason = "no_legacy_provider",
                 .hint =
                     "install legacy.so (Debian 12: package libssl3), or convert the file on "
                     "another machine: openssl pkcs12 -legacy -in OLD -nodes -out NEW.pem"};
  }
  if (!opened.key || !opened.certificate) {
    return BadPkcs12(opened.key ? "the PKCS#12 file has a private key but no certificate that "
                                  "belongs to it"
                                : "the PKCS#12 file has no private key",
                     "export certificate and key together: in Keychain Access, unfold the "
                     "certificate, select both, Export 2 items");
  }
  return opened;
}

}  // namespace

Result<Pkcs12Contents> ParsePkcs12(std::string_view der, const Secret& password) {
  if (der.size() > kPkcs12BytesMax) {
    return Error{.code = ErrorCode::kTooLarge, .message = "too large for a PKCS#12 file"};
  }
  const Result<Library> library = OpenLibrary();
  if (!library.ok()) return library.error();
  const Result<internal::Pkcs12Ptr> p12 = ReadDer(der, library.value().context.get());
  if (!p12.ok()) return p12.error();
  const Result<const char*> phrase = CheckPassword(p12.value().get(), password);
  if (!phrase.ok()) return phrase.error();
  const Result<Opened> opened = Open(p12.value().get(), phrase.value(), library.value());
  if (!opened.ok()) return opened.error();

  Result<PrivateKey> key = Rehome(opened.value().key);
  if (!key.ok()) return std::move(key).error();
  Result<Certificate> certificate = Rehome(opened.value().certificate.get());
  if (!certificate.ok()) return std::move(certificate).error();
  Pkcs12Contents contents{
      .key = std::move(key).value(), .certificate = std::move(certificate).value(), .others = {}};
  const STACK_OF(X509)* others = opened.value().others.get();
  for (int i = 0; others != nullptr && i < sk_X509_num(others); ++i) {
    Result<Certificate> other = Rehome(sk_X509_value(others, i));
    if (!other.ok()) return std::move(other).error();
    contents.others.push_back(std::move(other).value());
  }
  return contents;
}

}  // namespace passmint::crypto
