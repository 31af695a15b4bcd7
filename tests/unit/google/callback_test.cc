#include "google/callback.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "crypto/ecdsa.h"
#include "crypto/private_key.h"
#include "json/json.h"

namespace passmint::google {
namespace {

constexpr const char* kIssuer = "3388000000022141777";

// A message that Google sent in October 2025 (edutap-eu/edutap.wallet_google,
// tests/test_handler_validate.py).
constexpr const char* kRealBody =
    R"({"signature":"MEUCIQC+xKva1ydmNwJJiP2HJJWsteUe02ztTDKExzcWIpmlywIgJwD4HUYvZJg/cr1OL21vVKr0b2ZXt79NblCQ1V18zsc=",)"
    R"("intermediateSigningKey":{"signedKey":"{\"keyValue\":\"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEKb256ssDdmf7DokZ7jsMtAvjiTX2HF1ay8QR1sSA+gFpC/ChhRwVdMEVJTaoAP1MIH38QWtqShiQ63zROaKtgQ\\u003d\\u003d\",\"keyExpiration\":\"1759996807000\"}",)"
    R"("signatures":["MEUCIDd7rXh7qgJZ7YSlQiXG2zOdZUT5XlMSUPu3RfyV3p2CAiEApxrIwTmRVig93FVJUC6bSWdQXMqata5sHenKsVYreUk="]},)"
    R"("protocolVersion":"ECv2SigningOnly",)"
    R"("signedMessage":"{\"classId\":\"3388000000022141777.lib.edutap.eu\",\"objectId\":\"3388000000022141777.6b4cbd15-0de7-4fe8-95f6-995a51b4595e.object\",\"eventType\":\"del\",\"expTimeMillis\":1759331348143,\"count\":1,\"nonce\":\"1a9e3df0-ec10-4a17-8b39-89d2d7f48e3b\"}"})";
constexpr const char* kRealRootKey =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEs/J7ghdwu4/b6NvqzQebS+Z80FEP8ZlGdAdWDUjfPeBKaV+YOWW0l6U/"
    "4IGXnfY9NrsND1fwxAqRq0unR/LCIg==";
const Timestamp kThen = Timestamp(std::chrono::milliseconds(1'759'331'000'000));

std::vector<RootKey> RealRootKeys() {
  return {{FromBase64(kRealRootKey).value(), kThen + std::chrono::hours(1)}};
}

TEST(CallbackTest, AMessageThatGoogleSentIsRead) {
  const auto callback = VerifyCallback(kRealBody, RealRootKeys(), IssuerId(kIssuer), kThen);
  ASSERT_TRUE(callback.ok()) << callback.error().message;
  EXPECT_EQ(callback.value().class_id, ClassId("3388000000022141777.lib.edutap.eu"));
  EXPECT_EQ(callback.value().object_id,
            ObjectId("3388000000022141777.6b4cbd15-0de7-4fe8-95f6-995a51b4595e.object"));
  EXPECT_EQ(callback.value().event, CallbackEvent::kDelete);
  EXPECT_EQ(callback.value().nonce, "1a9e3df0-ec10-4a17-8b39-89d2d7f48e3b");
  EXPECT_EQ(ToUnixMillis(callback.value().expires_at), 1'759'331'348'143);
}

TEST(CallbackTest, AMessageThatGoogleSentIsOverOnTime) {
  const Timestamp late = Timestamp(std::chrono::milliseconds(1'759'331'348'143));
  const auto callback =
      VerifyCallback(kRealBody, {{FromBase64(kRealRootKey).value(), late + std::chrono::hours(1)}},
                     IssuerId(kIssuer), late);
  ASSERT_FALSE(callback.ok());
  EXPECT_EQ(callback.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(callback.error().message, "the message has expired");
}

TEST(CallbackTest, AMessageForAnotherIssuerIsRefused) {
  const auto callback =
      VerifyCallback(kRealBody, RealRootKeys(), IssuerId("3388000000022141778"), kThen);
  ASSERT_FALSE(callback.ok());
  EXPECT_EQ(callback.error().code, ErrorCode::kUnauthenticated);
}

// The second published signature of the same root: only the intermediate key of it is known.
TEST(CallbackTest, TheRootKeySignsTheLengthsInBytesAndTheTextAsItCame) {
  const std::string key =
      R"({"keyValue":"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEVsEtOdPMaE+DJDzuCJaO7EJXaHor4Kyklp411iwfBa+5TmdbiEWUXzewA79H0PXjdyRMhKBY99+sh056JB75LQ\u003d\u003d","keyExpiration":"1754778096000"})";
  Json body = Json::parse(kRealBody);
  body["intermediateSigningKey"]["signedKey"] = key;
  body["intermediateSigningKey"]["signatures"] = {
      "MEUCIC29Ju3bt9kklbbA9QAJZW0hh2zecbHDzGo4hF1zRi1zAiEA6e201l1TEl85Row6XHybfDoewIKC4vYpnrlmUT9"
      "WbrE="};
  const Timestamp august = Timestamp(std::chrono::milliseconds(1'754'778'000'000));
  const std::vector<RootKey> roots = {
      {FromBase64(kRealRootKey).value(), august + std::chrono::hours(1)}};
  const auto proved = VerifyCallback(json::Dump(body), roots, IssuerId(kIssuer), august);
  ASSERT_FALSE(proved.ok());
  // It got past the root key; the message is of another intermediate key.
  EXPECT_EQ(proved.error().message,
            "the intermediate key did not sign the message for this issuer");
  body["intermediateSigningKey"]["signedKey"] =
      R"({"keyValue":"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEVsEtOdPMaE+DJDzuCJaO7EJXaHor4Kyklp411iwfBa+5TmdbiEWUXzewA79H0PXjdyRMhKBY99+sh056JB75LQ==","keyExpiration":"1754778096000"})";
  const auto changed = VerifyCallback(json::Dump(body), roots, IssuerId(kIssuer), august);
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.error().message, "no root key of Google's signed the intermediate key");
}

// Signs what tests make up, as Google would.
class Sender {
 public:
  static constexpr const char* kSenderId = "GooglePayPasses";

  std::string sender = kSenderId;
  std::string recipient = kIssuer;
  Json message = {{"classId", std::string(kIssuer) + ".demo.coffee"},
                  {"objectId", std::string(kIssuer) + ".abc"},
                  {"eventType", "save"},
                  {"expTimeMillis", ToUnixMillis(kThen) + 1000},
                  {"count", 1},
                  {"nonce", "n-1"}};
  std::string key_expiration = std::to_string(ToUnixMillis(kThen) + 1000);
  crypto::PrivateKey root = crypto::GenerateEcP256().value();
  crypto::PrivateKey intermediate = crypto::GenerateEcP256().value();

  static std::string Spki(const crypto::PrivateKey& key) {
    std::string text;
    const std::string pem = key.PublicKeyPem();
    for (std::size_t at = 0; at < pem.size();) {
      const std::size_t end = pem.find('\n', at);
      if (pem[at] != '-') text += pem.substr(at, end - at);
      at = end + 1;
    }
    return text;
  }

  static std::string Lv(const std::string& text) {
    std::string bytes(4, '\0');
    for (std::size_t i = 0; i < 4; ++i)
      bytes[i] = static_cast<char>((text.size() >> (8 * i)) & 255);
    return bytes + text;
  }

  static std::string Sign(const crypto::PrivateKey& key, const std::string& bytes) {
    return ToBase64(crypto::SignP256(key, bytes).value());
  }

  Json Body() const {
    const std::string protocol = "ECv2SigningOnly";
    const std::string signed_key =
        json::Dump({{"keyValue", Spki(intermediate)}, {"keyExpiration", key_expiration}});
    const std::string text = json::Dump(message);
    return {{"protocolVersion", protocol},
            {"signature", Sign(intermediate, Lv(sender) + Lv(recipient) + Lv(protocol) + Lv(text))},
            {"signedMessage", text},
            {"intermediateSigningKey",
             {{"signedKey", signed_key},
              {"signatures", {Sign(root, Lv(sender) + Lv(protocol) + Lv(signed_key))}}}}};
  }

  std::vector<RootKey> Roots() const {
    return {{FromBase64(Spki(root)).value(), kThen + std::chrono::seconds(1)}};
  }

  Result<Callback> Verify(const Json& body) const {
    return VerifyCallback(json::Dump(body), Roots(), IssuerId(kIssuer), kThen);
  }
};

TEST(CallbackTest, ASavedCardIsRead) {
  const Sender sender;
  const auto callback = sender.Verify(sender.Body());
  ASSERT_TRUE(callback.ok()) << callback.error().message;
  EXPECT_EQ(callback.value().event, CallbackEvent::kSave);
  EXPECT_EQ(callback.value().object_id.str(), std::string(kIssuer) + ".abc");
}

TEST(CallbackTest, LengthsAreCountedInBytes) {
  Sender sender;
  sender.message["comment"] = "карта";
  EXPECT_TRUE(sender.Verify(sender.Body()).ok());
}

TEST(CallbackTest, OneGoodSignatureOfTheIntermediateKeyIsEnough) {
  const Sender sender;
  Json body = sender.Body();
  Json& signatures = body["intermediateSigningKey"]["signatures"];
  signatures.insert(signatures.begin(), ToBase64("no signature"));
  EXPECT_TRUE(sender.Verify(body).ok());
}

TEST(CallbackTest, AnyRootKeyThatIsValidMayHaveSigned) {
  const Sender sender;
  std::vector<RootKey> roots = Sender().Roots();
  roots.push_back(sender.Roots().front());
  EXPECT_TRUE(VerifyCallback(json::Dump(sender.Body()), roots, IssuerId(kIssuer), kThen).ok());
  roots.back().expires_at = kThen;
  EXPECT_FALSE(VerifyCallback(json::Dump(sender.Body()), roots, IssuerId(kIssuer), kThen).ok());
}

struct Forgery {
  const char* what;
  std::function<void(Sender&)> change;
};

class CallbackForgeryTest : public testing::TestWithParam<Forgery> {};

TEST_P(CallbackForgeryTest, IsRefused) {
  Sender sender;
  GetParam().change(sender);
  const auto callback = sender.Verify(sender.Body());
  ASSERT_FALSE(callback.ok());
  EXPECT_EQ(callback.error().code, ErrorCode::kUnauthenticated) << callback.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    All, CallbackForgeryTest,
    testing::Values(
        Forgery{"OtherSender", [](Sender& sender) { sender.sender = "Google"; }},
        Forgery{"OtherRecipient", [](Sender& sender) { sender.recipient = "338"; }},
        Forgery{
            "ExpiredKey",
            [](Sender& sender) { sender.key_expiration = std::to_string(ToUnixMillis(kThen)); }},
        Forgery{"KeyWithoutExpiry", [](Sender& sender) { sender.key_expiration = "soon"; }},
        Forgery{"NegativeExpiry", [](Sender& sender) { sender.key_expiration = "-1"; }},
        Forgery{"ExpiredMessage",
                [](Sender& sender) { sender.message["expTimeMillis"] = ToUnixMillis(kThen); }},
        Forgery{"MessageWithoutExpiry",
                [](Sender& sender) { sender.message.erase("expTimeMillis"); }},
        Forgery{"MessageOfTheFarFuture",
                [](Sender& sender) { sender.message["expTimeMillis"] = UINT64_MAX; }},
        Forgery{"ObjectOfAnotherIssuer",
                [](Sender& sender) { sender.message["objectId"] = "33880000000221417770.abc"; }},
        Forgery{"ClassOfAnotherIssuer", [](Sender& sender) { sender.message["classId"] = "1.a"; }}),
    [](const auto& tested) { return tested.param.what; });

struct Damage {
  const char* what;
  std::function<void(Json&)> change;
};

class CallbackDamageTest : public testing::TestWithParam<Damage> {};

TEST_P(CallbackDamageTest, IsRefused) {
  const Sender sender;
  Json body = sender.Body();
  GetParam().change(body);
  EXPECT_FALSE(sender.Verify(body).ok());
}

INSTANTIATE_TEST_SUITE_P(
    All, CallbackDamageTest,
    testing::Values(
        Damage{"OneMoreMember", [](Json& body) { body["extra"] = 1; }},
        Damage{"OneMoreMemberOfTheKey",
               [](Json& body) { body["intermediateSigningKey"]["extra"] = 1; }},
        Damage{"OtherProtocol", [](Json& body) { body["protocolVersion"] = "ECv2"; }},
        Damage{"NoSignature", [](Json& body) { body.erase("signature"); }},
        Damage{"NoSignaturesOfTheKey",
               [](Json& body) { body["intermediateSigningKey"]["signatures"] = Json::array(); }},
        Damage{"SignatureIsNoDer", [](Json& body) { body["signature"] = ToBase64("x"); }},
        Damage{"SignatureIsNoBase64", [](Json& body) { body["signature"] = "***"; }},
        Damage{"MessageIsANumber", [](Json& body) { body["signedMessage"] = 1; }},
        Damage{"MessageWasChanged",
               [](Json& body) {
                 auto text = body["signedMessage"].get<std::string>();
                 text.replace(text.find("save"), 4, "del ");
                 body["signedMessage"] = text;
               }},
        Damage{"KeyOfAnother",
               [](Json& body) {
                 body["intermediateSigningKey"] = Sender().Body()["intermediateSigningKey"];
               }},
        Damage{"List", [](Json& body) { body = Json::array(); }}),
    [](const auto& tested) { return tested.param.what; });

TEST(CallbackTest, AProvedMessageThatSaysNothingIsRefused) {
  for (const char* const member : {"classId", "objectId", "eventType", "nonce"}) {
    Sender sender;
    sender.message.erase(member);
    EXPECT_FALSE(sender.Verify(sender.Body()).ok()) << member;
  }
  Sender sender;
  sender.message["eventType"] = "view";
  EXPECT_FALSE(sender.Verify(sender.Body()).ok());
  sender.message["eventType"] = "save";
  sender.message["nonce"] = std::string(kNonceBytesMax + 1, 'n');
  EXPECT_FALSE(sender.Verify(sender.Body()).ok());
}

TEST(CallbackTest, AKeyOnAnotherCurveIsNoRootKey) {
  constexpr const char* kP384 =
      "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEc25VUEstHmKtC2sOmzjDVWq2lt6PnP5REnpBjc1ASptPr4DSb+JypbyTU+"
      "YBH1aTG7itjoX5K5WICwaBcycFObXW/Sf1Y0fMK9PhC9eT9lLPlNlFdmPzK8P9kw1YoqVL";
  const Json list = {{"keys",
                      {{{"keyValue", kP384},
                        {"protocolVersion", "ECv2SigningOnly"},
                        {"keyExpiration", std::to_string(ToUnixMillis(kThen) + 1)}}}}};
  EXPECT_FALSE(ParseRootKeys(json::Dump(list), kThen).ok());
}

TEST(CallbackTest, OnlyRootKeysOfTheProtocolThatAreValidCount) {
  const std::string later = std::to_string(ToUnixMillis(kThen) + 1);
  const std::string over = std::to_string(ToUnixMillis(kThen));
  const Json list = {
      {"keys",
       {{{"keyValue", kRealRootKey}, {"protocolVersion", "ECv2"}, {"keyExpiration", later}},
        {{"keyValue", kRealRootKey}, {"protocolVersion", "ECv2SigningOnly"}},
        {{"keyValue", kRealRootKey},
         {"protocolVersion", "ECv2SigningOnly"},
         {"keyExpiration", over}},
        {{"keyValue", kRealRootKey},
         {"protocolVersion", "ECv2SigningOnly"},
         {"keyExpiration", later}}}}};
  const auto keys = ParseRootKeys(json::Dump(list), kThen);
  ASSERT_TRUE(keys.ok());
  ASSERT_EQ(keys.value().size(), 1u);
  EXPECT_EQ(ToUnixMillis(keys.value()[0].expires_at), ToUnixMillis(kThen) + 1);
  for (const char* const other : {"", "[]", "{}", R"({"keys":[]})", R"({"keys":1})"}) {
    EXPECT_FALSE(ParseRootKeys(other, kThen).ok()) << other;
  }
}

}  // namespace
}  // namespace passmint::google
