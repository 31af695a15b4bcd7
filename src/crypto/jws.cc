#include "crypto/jws.h"

#include <openssl/pem.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "crypto/internal/certificate_rep.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/rsa_signer.h"

namespace passmint::crypto {
namespace {

using internal::Bytes;
using internal::TakeOpenSslErrors;

constexpr std::size_t kKeyIdLengthMax = 128;  // Google's have 40.
constexpr std::string_view kHeaderStart = R"({"alg":"RS256","typ":"JWT")";

bool IsKeyId(std::string_view text) {
  return text.size() <= kKeyIdLengthMax && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '.' || c == '_' || c == '-';
         });
}

std::string Header(std::string_view key_id) {
  std::string header(kHeaderStart);
  if (!key_id.empty()) header += ",\"kid\":\"" + std::string(key_id) + "\"";
  return header + "}";
}

std::size_t Base64UrlLength(std::size_t bytes) { return (bytes * 4 + 2) / 3; }

Error Refused(std::string message) {
  return {.code = ErrorCode::kUnauthenticated, .message = std::move(message)};
}

bool IsOurHeader(std::string_view header) {
  if (header == Header("")) return true;
  constexpr std::string_view kKeyIdStart = ",\"kid\":\"";
  const std::size_t before = kHeaderStart.size() + kKeyIdStart.size();
  if (header.size() < before + 2) return false;
  const std::string_view key_id = header.substr(before, header.size() - before - 2);
  return IsKeyId(key_id) && header == Header(key_id);
}

Result<internal::EvpPkeyPtr> ReadRsaPublicKey(std::string_view pem) {
  internal::EvpPkeyPtr key;
  if (pem.size() <= kPrivateKeyFileBytesMax) {
    const internal::BioPtr source = internal::ReadingBio(pem);
    key.reset(PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr));
  }
  (void)TakeOpenSslErrors();
  if (internal::KindOf(key.get()) == KeyKind::kRsa) return key;
  return Error{.code = ErrorCode::kInvalidArgument, .message = "not an RSA public key"};
}

bool Verifies(EVP_PKEY* key, std::string_view signing_input, std::string_view signature) {
  const internal::EvpMdCtxPtr context(EVP_MD_CTX_new());
  const bool verified =
      context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(signing_input),
                       signing_input.size()) == 1;
  (void)TakeOpenSslErrors();
  return verified;
}

}  // namespace

struct Rs256Signer::Rep {
  internal::RsaSigner rsa;
  std::string start;  // The header in base64url and a dot.
};

Rs256Signer::Rs256Signer(std::unique_ptr<const Rep> rep) : rep_(std::move(rep)) {}
Rs256Signer::Rs256Signer(Rs256Signer&&) noexcept = default;
Rs256Signer& Rs256Signer::operator=(Rs256Signer&&) noexcept = default;
Rs256Signer::~Rs256Signer() = default;

Result<Rs256Signer> Rs256Signer::Create(const PrivateKey& key, std::string_view key_id) {
  if (!IsKeyId(key_id)) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "the key id is not up to 128 of [A-Za-z0-9._-]",
                 .hint = "it is private_key_id in the service account's file"};
  }
  Result<internal::RsaSigner> rsa = internal::RsaSigner::Create(key);
  if (!rsa.ok()) return std::move(rsa).error();
  return Rs256Signer(std::unique_ptr<const Rep>(
      new Rep{std::move(rsa).value(), ToBase64Url(Header(key_id)) + "."}));
}

Result<std::string> Rs256Signer::Sign(std::string_view claims_json) const {
  std::string jws;
  jws.reserve(SignedLength(claims_json.size()));
  jws += rep_->start;
  jws += ToBase64Url(claims_json);
  std::string signature(rep_->rsa.signature_bytes(), '\0');
  Status done = rep_->rsa.SignDigest(Sha256(jws), Bytes(signature));
  if (!done.ok()) return std::move(done).error();
  jws += '.';
  jws += ToBase64Url(signature);
  return jws;
}

std::size_t Rs256Signer::SignedLength(std::size_t claims_bytes) const {
  return rep_->start.size() + Base64UrlLength(claims_bytes) + 1 +
         Base64UrlLength(rep_->rsa.signature_bytes());
}

Result<std::string> VerifyRs256(std::string_view jws, std::string_view public_key_pem) {
  const Result<internal::EvpPkeyPtr> key = ReadRsaPublicKey(public_key_pem);
  if (!key.ok()) return key.error();
  const std::size_t first = jws.find('.');
  const std::size_t last = jws.rfind('.');
  if (first == std::string_view::npos || first == last) {
    return Refused("not a compact JWS of three parts");
  }
  const Result<std::string> header = FromBase64Url(jws.substr(0, first));
  Result<std::string> claims = FromBase64Url(jws.substr(first + 1, last - first - 1));
  const Result<std::string> signature = FromBase64Url(jws.substr(last + 1));
  if (!header.ok() || !claims.ok() || !signature.ok()) {
    return Refused("a part of the JWS is not base64url");
  }
  if (!IsOurHeader(header.value())) return Refused("the JWS header is not RS256 as we write it");
  if (!Verifies(key.value().get(), jws.substr(0, last), signature.value())) {
    return Refused("the signature of the JWS does not verify");
  }
  return claims;
}

}  // namespace passmint::crypto
