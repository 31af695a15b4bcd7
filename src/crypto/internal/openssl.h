#pragma once

// OpenSSL's handles behind RAII, and the few conversions that every source here needs. Included by
// sources of this module only.

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/timestamp.h"

namespace passmint::crypto::internal {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

// Frees the stack and what is in it.
struct FreeX509Stack {
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_pop_free(stack, X509_free); }
};

// Overwrites what a memory BIO holds before it is freed.
void FreeSecretBio(BIO* bio) noexcept;

using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using SecretBioPtr = std::unique_ptr<BIO, FreeWith<FreeSecretBio>>;
using CmsPtr = std::unique_ptr<CMS_ContentInfo, FreeWith<CMS_ContentInfo_free>>;
using EvpMdCtxPtr = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using EvpPkeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using EvpPkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
using Pkcs12Ptr = std::unique_ptr<PKCS12, FreeWith<PKCS12_free>>;
using Pkcs8Ptr = std::unique_ptr<X509_SIG, FreeWith<X509_SIG_free>>;
using X509Ptr = std::unique_ptr<X509, FreeWith<X509_free>>;
using X509StackPtr = std::unique_ptr<STACK_OF(X509), FreeX509Stack>;

// Returns and clears this thread's OpenSSL error queue. Call it at each failure: what stays in the
// queue is blamed on the next, unrelated, operation.
std::string TakeOpenSslErrors();

// kInternal: "`doing`: what OpenSSL said". For what can fail only by a bug or without memory.
Error OpenSslFailure(std::string_view doing);

// Ends the process: for operations that cannot fail on a machine that works.
[[noreturn]] void Die(std::string_view doing);

inline const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
inline std::string_view View(const unsigned char* bytes, std::size_t count) {
  return {reinterpret_cast<const char*>(bytes), count};
}
inline std::string_view View(const ASN1_STRING* text) {
  return View(ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text)));
}

// A BIO that reads `bytes`, which must outlive it. REQUIRES: under 2 GiB.
BioPtr ReadingBio(std::string_view bytes);
// What a memory BIO holds.
std::string_view Contents(BIO* bio);

// Nothing valid: the epoch.
Timestamp FromAsn1Time(const ASN1_TIME* time);

// An X509 stack that shares the certificates put into it.
X509StackPtr MakeX509Stack();
void PushShared(STACK_OF(X509) * stack, X509* certificate);

}  // namespace passmint::crypto::internal
