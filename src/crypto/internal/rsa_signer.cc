#include "crypto/internal/rsa_signer.h"

#include <openssl/rsa.h>

#include <utility>

#include "crypto/internal/private_key_rep.h"

namespace passmint::crypto::internal {

Result<RsaSigner> RsaSigner::Create(const PrivateKey& key) {
  if (key.kind() != KeyKind::kRsa) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "an RSA key is needed, not " + std::string(ToString(key.kind())),
                 .reason = "bad_private_key"};
  }
  return RsaSigner(key, static_cast<std::size_t>(EVP_PKEY_get_size(Handle(key))));
}

Result<EvpPkeyCtxPtr> RsaSigner::Take() const {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!idle_.empty()) {
      EvpPkeyCtxPtr context = std::move(idle_.back());
      idle_.pop_back();
      return context;
    }
  }
  const EvpPkeyPtr copy(EVP_PKEY_dup(Handle(key_)));
  EvpPkeyCtxPtr context(copy ? EVP_PKEY_CTX_new_from_pkey(nullptr, copy.get(), nullptr) : nullptr);
  if (!context || EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) != 1) {
    return OpenSslFailure("prepare an RSA signature");
  }
  return context;
}

void RsaSigner::GiveBack(EvpPkeyCtxPtr context) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  idle_.push_back(std::move(context));
}

Status RsaSigner::SignDigest(std::string_view sha256, unsigned char* signature) const {
  Result<EvpPkeyCtxPtr> context = Take();
  if (!context.ok()) return std::move(context).error();
  std::size_t size = bytes_;
  if (EVP_PKEY_sign(context.value().get(), signature, &size, Bytes(sha256), sha256.size()) != 1 ||
      size != bytes_) {
    return OpenSslFailure("make an RSA signature");
  }
  GiveBack(std::move(context).value());
  return {};
}

}  // namespace passmint::crypto::internal
