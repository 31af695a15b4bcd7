#include "crypto/private_key.h"

#include <openssl/pem.h>

#include <algorithm>
#include <utility>

#include "crypto/internal/certificate_rep.h"
#include "crypto/internal/pem.h"
#include "crypto/internal/private_key_rep.h"

namespace passmint::crypto {
namespace {

using internal::BioPtr;
using internal::Bytes;
using internal::EvpMdCtxPtr;
using internal::EvpPkeyPtr;
using internal::TakeOpenSslErrors;

Error KeyError(std::string reason, std::string message, std::string hint = "") {
  return {.code = ErrorCode::kInvalidArgument,
          .message = std::move(message),
          .reason = std::move(reason),
          .hint = std::move(hint)};
}

// Given as callback so that OpenSSL never asks on the terminal: a service would hang.
int GivePassphrase(char* buffer, int size, int /*for_writing*/, void* passphrase) {
  const std::string& text = static_cast<const Secret*>(passphrase)->RevealForSerialization();
  if (text.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(text.begin(), text.end(), buffer);
  return static_cast<int>(text.size());
}

void* AsCallbackArgument(const Secret& passphrase) { return const_cast<Secret*>(&passphrase); }

bool IsKeyBlock(const internal::PemBlock& block) {
  return block.name == "PRIVATE KEY" || block.name == "ENCRYPTED PRIVATE KEY" ||
         block.name == "RSA PRIVATE KEY" || block.name == "EC PRIVATE KEY";
}

Error CannotOpen(const Secret& passphrase) {
  (void)TakeOpenSslErrors();
  if (passphrase.empty()) {
    return KeyError("passphrase_needed", "the private key is encrypted and no passphrase was given",
                    "give its passphrase, or decrypt it: openssl pkey -in FILE -out FILE.key");
  }
  return KeyError("wrong_passphrase", "the passphrase does not open the private key");
}

Result<EvpPkeyPtr> ParsePem(std::string_view pem, const Secret& passphrase) {
  std::size_t keys = 0;
  bool encrypted = false;
  for (const internal::PemBlock& block : internal::ReadPemBlocks(pem, 4 * kCertificatesMax)) {
    if (!IsKeyBlock(block)) continue;
    ++keys;
    encrypted = block.encrypted || block.name == "ENCRYPTED PRIVATE KEY";
  }
  if (keys == 0) {
    const std::string guess = internal::GuessContent(pem);
    return KeyError("bad_private_key", "no private key in this file",
                    guess.empty() || guess == "a private key" ? "its PEM text is damaged"
                                                              : "this seems to be " + guess);
  }
  if (keys > 1) {
    return KeyError("bad_private_key",
                    "this file holds " + std::to_string(keys) + " private keys, not one");
  }
  if (encrypted && passphrase.empty()) return CannotOpen(passphrase);
  const BioPtr source = internal::ReadingBio(pem);
  EvpPkeyPtr key(PEM_read_bio_PrivateKey(source.get(), nullptr, GivePassphrase,
                                         AsCallbackArgument(passphrase)));
  if (key) return key;
  if (encrypted) return CannotOpen(passphrase);
  return KeyError("bad_private_key", "the private key is damaged: " + TakeOpenSslErrors());
}

Result<EvpPkeyPtr> ParseDer(std::string_view der, const Secret& passphrase) {
  const auto size = static_cast<long>(der.size());
  const unsigned char* at = Bytes(der);
  EvpPkeyPtr key(d2i_AutoPrivateKey(nullptr, &at, size));
  if (key) {
    if (at == Bytes(der) + der.size()) return key;
    return KeyError("bad_private_key", "bytes follow after the private key");
  }
  (void)TakeOpenSslErrors();
  at = Bytes(der);
  if (const internal::Pkcs8Ptr locked(d2i_X509_SIG(nullptr, &at, size)); locked) {
    const BioPtr source = internal::ReadingBio(der);
    key.reset(d2i_PKCS8PrivateKey_bio(source.get(), nullptr, GivePassphrase,
                                      AsCallbackArgument(passphrase)));
    if (key && !passphrase.empty()) return key;
    return CannotOpen(passphrase);
  }
  (void)TakeOpenSslErrors();
  const std::string guess = internal::GuessContent(der);
  return KeyError("bad_private_key", "not a private key",
                  guess.empty() ? "" : "this seems to be " + guess);
}

Result<PrivateKey> Generated(EvpPkeyPtr key) {
  if (!key) return internal::OpenSslFailure("generate a key");
  return internal::MakePrivateKey(std::move(key));
}

}  // namespace

namespace internal {

PrivateKey MakePrivateKey(EvpPkeyPtr key) {
  auto rep = std::make_shared<PrivateKeyRep>();
  rep->key = std::move(key);
  return PrivateKey(std::move(rep));
}

}  // namespace internal

PrivateKey::PrivateKey(std::shared_ptr<const internal::PrivateKeyRep> rep) : rep_(std::move(rep)) {}

KeyKind PrivateKey::kind() const { return internal::KindOf(rep_->key.get()); }

int PrivateKey::bits() const { return EVP_PKEY_get_bits(rep_->key.get()); }

bool PrivateKey::Matches(const Certificate& certificate) const {
  const bool same =
      EVP_PKEY_eq(X509_get0_pubkey(certificate.rep().x509.get()), rep_->key.get()) == 1;
  (void)TakeOpenSslErrors();
  return same;
}

Secret PrivateKey::ToPem() const {
  const internal::SecretBioPtr out(BIO_new(BIO_s_secmem()));
  if (!out || PEM_write_bio_PKCS8PrivateKey(out.get(), rep_->key.get(), nullptr, nullptr, 0,
                                            nullptr, nullptr) != 1) {
    internal::Die("write a private key");
  }
  return Secret(std::string(internal::Contents(out.get())));
}

std::string PrivateKey::PublicKeyPem() const {
  const BioPtr out(BIO_new(BIO_s_mem()));
  if (!out || PEM_write_bio_PUBKEY(out.get(), rep_->key.get()) != 1) {
    internal::Die("write a public key");
  }
  return std::string(internal::Contents(out.get()));
}

Result<PrivateKey> ParsePrivateKey(std::string_view pem_or_der, const Secret& passphrase) {
  if (pem_or_der.size() > kPrivateKeyFileBytesMax) {
    return Error{.code = ErrorCode::kTooLarge, .message = "too large for a private key file"};
  }
  Result<EvpPkeyPtr> parsed = internal::LooksLikePem(pem_or_der) ? ParsePem(pem_or_der, passphrase)
                                                                 : ParseDer(pem_or_der, passphrase);
  if (!parsed.ok()) return std::move(parsed).error();
  PrivateKey key = internal::MakePrivateKey(std::move(parsed).value());
  (void)TakeOpenSslErrors();
  if (key.kind() == KeyKind::kRsa && (key.bits() < 2048 || key.bits() > 8192)) {
    return KeyError("bad_private_key",
                    "an RSA key of " + std::to_string(key.bits()) + " bits: 2048 to 8192 are used",
                    "make a new one: passmint cert csr");
  }
  return key;
}

Result<PrivateKey> GenerateRsa2048() {
  return Generated(EvpPkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})));
}

Result<PrivateKey> GenerateEcP256() {
  return Generated(EvpPkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")));
}

Result<PrivateKey> GenerateEd25519() {
  return Generated(EvpPkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
}

Result<std::string> SignEd25519(const PrivateKey& key, std::string_view message) {
  if (key.kind() != KeyKind::kEd25519) {
    return KeyError("bad_private_key", "the signing key is not an Ed25519 key");
  }
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  std::string signature(64, '\0');
  std::size_t size = signature.size();
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, internal::Handle(key)) != 1 ||
      EVP_DigestSign(context.get(), Bytes(signature), &size, Bytes(message), message.size()) != 1) {
    return internal::OpenSslFailure("sign with Ed25519");
  }
  return signature;
}

Result<bool> VerifyEd25519(std::string_view public_key_pem, std::string_view message,
                           std::string_view signature) {
  if (public_key_pem.size() > kPrivateKeyFileBytesMax) {
    return Error{.code = ErrorCode::kTooLarge, .message = "too large for a public key"};
  }
  const BioPtr source = internal::ReadingBio(public_key_pem);
  const EvpPkeyPtr key(PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr));
  if (internal::KindOf(key.get()) != KeyKind::kEd25519) {
    (void)TakeOpenSslErrors();
    return Error{.code = ErrorCode::kInvalidArgument, .message = "not an Ed25519 public key"};
  }
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  if (!context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) {
    return internal::OpenSslFailure("verify with Ed25519");
  }
  const bool verified = EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                                         Bytes(message), message.size()) == 1;
  (void)TakeOpenSslErrors();
  return verified;
}

}  // namespace passmint::crypto
