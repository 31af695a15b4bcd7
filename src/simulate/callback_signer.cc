#include "simulate/callback_signer.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "crypto/ecdsa.h"

namespace passmint::simulate {
namespace {

constexpr const char* kSender = "GooglePayPasses";
constexpr const char* kProtocol = "ECv2SigningOnly";
constexpr std::chrono::hours kKeyLife{24 * 14};
constexpr std::chrono::minutes kMessageLife{10};

// The base64 of a PEM, which is SubjectPublicKeyInfo.
std::string Spki(const crypto::PrivateKey& key) {
  const std::string pem = key.PublicKeyPem();
  std::string text;
  for (std::size_t at = 0; at < pem.size();) {
    const std::size_t end = std::min(pem.find('\n', at), pem.size());
    if (pem[at] != '-') text += pem.substr(at, end - at);
    at = end + 1;
  }
  return text;
}

std::string Lv(const std::string& text) {
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<char>((text.size() >> shift) & 0xFFU));
  }
  return bytes + text;
}

// As Gson writes it.
std::string Escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('=', at)) != std::string::npos;) {
    text.replace(at, 1, "\\u003d");
  }
  return text;
}

std::string Millis(Timestamp instant) { return std::to_string(ToUnixMillis(instant)); }

}  // namespace

CallbackSigner::CallbackSigner(crypto::PrivateKey root, crypto::PrivateKey stranger,
                               crypto::PrivateKey intermediate, Timestamp expires_at)
    : root_(std::move(root)),
      stranger_(std::move(stranger)),
      intermediate_(std::move(intermediate)),
      expires_at_(expires_at) {}

Result<CallbackSigner> CallbackSigner::Create(Timestamp now) {
  auto root = crypto::GenerateEcP256();
  if (!root.ok()) return std::move(root).error();
  auto stranger = crypto::GenerateEcP256();
  if (!stranger.ok()) return std::move(stranger).error();
  auto intermediate = crypto::GenerateEcP256();
  if (!intermediate.ok()) return std::move(intermediate).error();
  return CallbackSigner(std::move(root).value(), std::move(stranger).value(),
                        std::move(intermediate).value(), now + kKeyLife);
}

Json CallbackSigner::RootKeys() const {
  return {{"keys",
           {{{"keyValue", Spki(root_)},
             {"protocolVersion", kProtocol},
             {"keyExpiration", Millis(expires_at_)}}}}};
}

Result<std::string> CallbackSigner::Sign(const std::string& issuer, const std::string& class_id,
                                         const std::string& object_id, const std::string& event,
                                         const std::string& nonce, Timestamp now,
                                         CallbackFlaw flaw) const {
  const Timestamp ends =
      flaw == CallbackFlaw::kExpired ? now - std::chrono::seconds(1) : now + kMessageLife;
  const std::string recipient = flaw == CallbackFlaw::kWrongRecipient ? issuer + "0" : issuer;
  const std::string key = Escaped(
      json::Dump({{"keyValue", Spki(intermediate_)}, {"keyExpiration", Millis(expires_at_)}}));
  const std::string message = json::Dump({{"classId", class_id},
                                          {"objectId", object_id},
                                          {"eventType", event},
                                          {"expTimeMillis", ToUnixMillis(ends)},
                                          {"count", 1},
                                          {"nonce", nonce}});
  const auto key_signature =
      crypto::SignP256(flaw == CallbackFlaw::kUnknownRoot ? stranger_ : root_,
                       Lv(kSender) + Lv(kProtocol) + Lv(key));
  if (!key_signature.ok()) return key_signature.error();
  const auto signature =
      crypto::SignP256(intermediate_, Lv(kSender) + Lv(recipient) + Lv(kProtocol) + Lv(message));
  if (!signature.ok()) return signature.error();
  return json::Dump({{"signature", ToBase64(signature.value())},
                     {"protocolVersion", kProtocol},
                     {"signedMessage", message},
                     {"intermediateSigningKey",
                      {{"signedKey", key}, {"signatures", {ToBase64(key_signature.value())}}}}});
}

}  // namespace passmint::simulate
