#include "google/callback.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "crypto/ecdsa.h"
#include "crypto/public_key.h"
#include "json/json.h"

namespace passmint::google {
namespace {

constexpr std::string_view kSender = "GooglePayPasses";
constexpr std::string_view kProtocol = "ECv2SigningOnly";
// Verifying costs some 100 us each: who forges a thousand signatures gets no more work out of us.
constexpr std::size_t kSignaturesMax = 8;
constexpr std::size_t kRootKeysMax = 64;

Error Malformed(std::string message) {
  return {.code = ErrorCode::kInvalidSyntax, .message = std::move(message)};
}

Error Forged(std::string message) {
  return {.code = ErrorCode::kUnauthenticated, .message = std::move(message)};
}

// Bytes, not characters: the length of what is hashed.
void AppendLv(std::string& to, std::string_view text) {
  const auto length = static_cast<std::uint32_t>(text.size());
  for (unsigned shift = 0; shift < 32; shift += 8) {
    to.push_back(static_cast<char>((length >> shift) & 0xFFU));
  }
  to.append(text);
}

std::string SignedBytes(std::initializer_list<std::string_view> parts) {
  std::string bytes;
  for (const std::string_view part : parts) AppendLv(bytes, part);
  return bytes;
}

const std::string* TextOf(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_string() ? nullptr
                                                      : &found->get_ref<const std::string&>();
}

// Milliseconds since 1970 that fit our Timestamp.
std::optional<Timestamp> FromMillis(std::int64_t millis) {
  constexpr std::int64_t kMillisMax = std::numeric_limits<std::int64_t>::max() / 1000;
  if (millis < 0 || millis > kMillisMax) return std::nullopt;
  return Timestamp(std::chrono::milliseconds(millis));
}

// Google writes it as a text in keys and as a number in messages.
std::optional<Timestamp> MillisOf(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  if (found->is_number_unsigned()) {
    constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
    const auto millis = found->get<std::uint64_t>();
    return millis > kMax ? std::nullopt : FromMillis(static_cast<std::int64_t>(millis));
  }
  if (!found->is_string()) return std::nullopt;
  const auto& text = found->get_ref<const std::string&>();
  std::int64_t millis = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), millis);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return FromMillis(millis);
}

// base64(SubjectPublicKeyInfo), or "" if it is none on P-256.
std::string SpkiOf(const Json& object) {
  const std::string* const text = TextOf(object, "keyValue");
  if (text == nullptr) return "";
  auto der = FromBase64(*text);
  return der.ok() && crypto::IsP256PublicKey(der.value()) ? std::move(der).value() : "";
}

// The body's parts, still unproved.
struct Envelope {
  std::string signature;  // DER.
  std::string signed_key;
  std::vector<std::string> key_signatures;  // DER.
  std::string signed_message;
};

Result<std::vector<std::string>> ReadSignatures(const Json& list) {
  if (!list.is_array() || list.empty() || list.size() > kSignaturesMax) {
    return Malformed("intermediateSigningKey.signatures is no list of 1 to 8");
  }
  std::vector<std::string> signatures;
  for (const Json& text : list) {
    if (!text.is_string()) return Malformed("a signature is not a text");
    auto der = FromBase64(text.get_ref<const std::string&>());
    if (!der.ok()) return Malformed("a signature is not base64");
    signatures.push_back(std::move(der).value());
  }
  return signatures;
}

// Exactly Google's keys: what else stood there would be signed by nobody.
Result<Envelope> ReadEnvelope(std::string_view text) {
  auto parsed = json::Parse(text, kCallbackBytesMax);
  if (!parsed.ok()) return std::move(parsed).error();
  const Json& body = parsed.value();
  if (!body.is_object() || body.size() != 4) return Malformed("not the four members of a callback");
  const std::string* const protocol = TextOf(body, "protocolVersion");
  if (protocol == nullptr || *protocol != kProtocol) {
    return Malformed("protocolVersion is not ECv2SigningOnly");
  }
  const std::string* const signature = TextOf(body, "signature");
  const std::string* const message = TextOf(body, "signedMessage");
  const auto intermediate = body.find("intermediateSigningKey");
  if (signature == nullptr || message == nullptr || intermediate == body.end() ||
      !intermediate->is_object() || intermediate->size() != 2) {
    return Malformed("signature, signedMessage or intermediateSigningKey is missing");
  }
  const std::string* const key = TextOf(*intermediate, "signedKey");
  const auto key_signatures = intermediate->find("signatures");
  if (key == nullptr || key_signatures == intermediate->end()) {
    return Malformed("intermediateSigningKey lacks signedKey or signatures");
  }
  auto signatures = ReadSignatures(*key_signatures);
  if (!signatures.ok()) return std::move(signatures).error();
  auto der = FromBase64(*signature);
  if (!der.ok()) return Malformed("signature is not base64");
  return Envelope{.signature = std::move(der).value(),
                  .signed_key = *key,
                  .key_signatures = std::move(signatures).value(),
                  .signed_message = *message};
}

bool RootSigned(const Envelope& envelope, const std::vector<RootKey>& root_keys, Timestamp now) {
  // The text as it came, \u003d and all: it is not JSON yet, it is what was signed.
  const std::string bytes = SignedBytes({kSender, kProtocol, envelope.signed_key});
  return std::any_of(root_keys.begin(), root_keys.end(), [&](const RootKey& root) {
    return root.expires_at > now &&
           std::any_of(envelope.key_signatures.begin(), envelope.key_signatures.end(),
                       [&](const std::string& signature) {
                         return crypto::VerifyP256(root.spki, bytes, signature);
                       });
  });
}

// The DER of the intermediate key, once its signature is proved.
Result<std::string> IntermediateKey(const std::string& signed_key, Timestamp now) {
  const auto key = json::Parse(signed_key, kCallbackBytesMax);
  if (!key.ok() || !key.value().is_object()) return Malformed("signedKey is no JSON object");
  const auto expires_at = MillisOf(key.value(), "keyExpiration");
  if (!expires_at || *expires_at <= now) return Forged("the intermediate key has expired");
  std::string spki = SpkiOf(key.value());
  if (spki.empty()) return Forged("the intermediate key is not on P-256");
  return spki;
}

bool IsOf(const IssuerId& issuer, const std::string& id) {
  return id.size() > issuer.str().size() + 1 && id.starts_with(issuer.str()) &&
         id[issuer.str().size()] == '.';
}

bool MayBeNonce(const std::string& text) {
  return !text.empty() && text.size() <= kNonceBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

// What a proved message says.
Result<Callback> ReadMessage(const std::string& text, const IssuerId& issuer, Timestamp now) {
  const auto message = json::Parse(text, kCallbackBytesMax);
  if (!message.ok() || !message.value().is_object()) {
    return Malformed("signedMessage is no JSON object");
  }
  const auto expires_at = MillisOf(message.value(), "expTimeMillis");
  if (!expires_at || *expires_at <= now) return Forged("the message has expired");
  const std::string* const class_id = TextOf(message.value(), "classId");
  const std::string* const object_id = TextOf(message.value(), "objectId");
  const std::string* const event = TextOf(message.value(), "eventType");
  const std::string* const nonce = TextOf(message.value(), "nonce");
  if (class_id == nullptr || object_id == nullptr || event == nullptr || nonce == nullptr) {
    return Malformed("signedMessage lacks classId, objectId, eventType or nonce");
  }
  if (!IsOf(issuer, *class_id) || !IsOf(issuer, *object_id)) {
    return Forged("the message is about another issuer's card");
  }
  if (*event != "save" && *event != "del") return Malformed("eventType is neither save nor del");
  if (!MayBeNonce(*nonce)) return Malformed("the nonce is not 1 to 128 printable characters");
  return Callback{.class_id = ClassId(*class_id),
                  .object_id = ObjectId(*object_id),
                  .event = *event == "save" ? CallbackEvent::kSave : CallbackEvent::kDelete,
                  .nonce = *nonce,
                  .expires_at = *expires_at};
}

}  // namespace

Result<std::vector<RootKey>> ParseRootKeys(std::string_view body, Timestamp now) {
  const auto parsed = json::Parse(body, kRootKeysBytesMax);
  if (!parsed.ok()) return parsed.error();
  const auto list = parsed.value().find("keys");
  if (!parsed.value().is_object() || list == parsed.value().end() || !list->is_array() ||
      list->size() > kRootKeysMax) {
    return Malformed("not a list of root keys");
  }
  std::vector<RootKey> keys;
  for (const Json& key : *list) {
    if (!key.is_object()) continue;
    const std::string* const protocol = TextOf(key, "protocolVersion");
    if (protocol == nullptr || *protocol != kProtocol) continue;
    const auto expires_at = MillisOf(key, "keyExpiration");
    if (!expires_at || *expires_at <= now) continue;
    std::string spki = SpkiOf(key);
    if (!spki.empty()) keys.push_back({std::move(spki), *expires_at});
  }
  if (keys.empty()) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "the list has no root key for ECv2SigningOnly that is valid now"};
  }
  return keys;
}

Result<Callback> VerifyCallback(std::string_view body, const std::vector<RootKey>& root_keys,
                                const IssuerId& issuer, Timestamp now) {
  const auto envelope = ReadEnvelope(body);
  if (!envelope.ok()) return envelope.error();
  if (!RootSigned(envelope.value(), root_keys, now)) {
    return Forged("no root key of Google's signed the intermediate key");
  }
  const auto key = IntermediateKey(envelope.value().signed_key, now);
  if (!key.ok()) return key.error();
  const std::string bytes =
      SignedBytes({kSender, issuer.str(), kProtocol, envelope.value().signed_message});
  if (!crypto::VerifyP256(key.value(), bytes, envelope.value().signature)) {
    return Forged("the intermediate key did not sign the message for this issuer");
  }
  return ReadMessage(envelope.value().signed_message, issuer, now);
}

}  // namespace passmint::google
