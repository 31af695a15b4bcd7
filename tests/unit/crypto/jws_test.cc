#include "crypto/jws.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/bytes.h"
#include "unit/crypto/support.h"

namespace passmint::crypto {
namespace {

using testing::Folder;
using testing::OtherRsaKey;
using testing::RsaKey;
using testing::Shell;

const std::string kClaims = R"({"iss":"a@example.com","aud":"google","typ":"savetowallet"})";

std::string Part(const std::string& jws, int index) {
  std::size_t at = 0;
  for (; index > 0; --index) at = jws.find('.', at) + 1;
  return jws.substr(at, jws.find('.', at) - at);
}

TEST(Rs256SignerTest, SignsWhatOpenSslVerifies) {
  const Rs256Signer signer = Rs256Signer::Create(RsaKey()).value();
  const std::string jws = signer.Sign(kClaims).value();
  const Folder folder;
  folder.Write("input", Part(jws, 0) + "." + Part(jws, 1));
  folder.Write("signature", FromBase64Url(Part(jws, 2)).value());
  folder.Write("public.pem", RsaKey().PublicKeyPem());
  const auto ran = Shell("cd " + folder.path() +
                         " && openssl dgst -sha256 -verify public.pem -signature signature input");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  EXPECT_EQ(jws.size(), signer.SignedLength(kClaims.size()));
}

TEST(Rs256SignerTest, WritesTheHeaderAsGoogleShowsIt) {
  const std::string plain = Rs256Signer::Create(RsaKey()).value().Sign(kClaims).value();
  EXPECT_EQ(FromBase64Url(Part(plain, 0)).value(), R"({"alg":"RS256","typ":"JWT"})");
  EXPECT_EQ(FromBase64Url(Part(plain, 1)).value(), kClaims);
  EXPECT_EQ(Part(plain, 0).size(), 36u);
  EXPECT_EQ(Part(plain, 2).size(), 342u);
  const std::string named = Rs256Signer::Create(RsaKey(), "4f0c").value().Sign(kClaims).value();
  EXPECT_EQ(FromBase64Url(Part(named, 0)).value(), R"({"alg":"RS256","typ":"JWT","kid":"4f0c"})");
}

TEST(Rs256SignerTest, KnowsTheLengthBeforehand) {
  const Rs256Signer signer = Rs256Signer::Create(RsaKey(), std::string(40, 'a')).value();
  for (std::size_t size = 0; size < 10; ++size) {
    EXPECT_EQ(signer.Sign(std::string(size, 'c')).value().size(), signer.SignedLength(size));
  }
  // The budget of the Google reference, 2.3: 1,015 bytes of claims with a 40-digit kid.
  EXPECT_LE(signer.SignedLength(1015), 1800u);
  EXPECT_GT(signer.SignedLength(1018), 1800u);
}

TEST(Rs256SignerTest, RefusesKeysAndKeyIdsThatCannotBe) {
  EXPECT_EQ(Rs256Signer::Create(GenerateEcP256().value()).error().code,
            ErrorCode::kInvalidArgument);
  for (const std::string& key_id :
       {std::string("a\"b"), std::string("a b"), std::string(129, 'a')}) {
    EXPECT_EQ(Rs256Signer::Create(RsaKey(), key_id).error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(Rs256SignerTest, SignsFromSeveralThreadsAtOnce) {
  const Rs256Signer signer = Rs256Signer::Create(RsaKey()).value();
  const std::string expected = signer.Sign(kClaims).value();
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int& count : wrong) {
    threads.emplace_back([&count, &signer, &expected] {
      for (int i = 0; i < 25; ++i) {
        if (signer.Sign(kClaims).value() != expected) ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(VerifyRs256Test, GivesTheClaimsBack) {
  for (const char* key_id : {"", "4f0c"}) {
    const std::string jws = Rs256Signer::Create(RsaKey(), key_id).value().Sign(kClaims).value();
    EXPECT_EQ(VerifyRs256(jws, RsaKey().PublicKeyPem()).value(), kClaims);
  }
}

TEST(VerifyRs256Test, RefusesEverythingElse) {
  const std::string jws = Rs256Signer::Create(RsaKey()).value().Sign(kClaims).value();
  const std::string key = RsaKey().PublicKeyPem();
  const std::string header = Part(jws, 0);
  const std::string signature = Part(jws, 2);
  const std::vector<std::string> bad = {
      "",
      "a.b",
      header + "." + Part(jws, 1) + ".",
      header + "." + ToBase64Url("{}") + "." + signature,
      header + "." + Part(jws, 1) + "=." + signature,
      ToBase64Url(R"({"alg":"none"})") + "." + Part(jws, 1) + ".",
      ToBase64Url(R"({"alg":"HS256","typ":"JWT"})") + "." + Part(jws, 1) + "." + signature,
      jws + "." + signature,
  };
  for (const std::string& text : bad) {
    EXPECT_EQ(VerifyRs256(text, key).error().code, ErrorCode::kUnauthenticated) << text;
  }
  EXPECT_FALSE(VerifyRs256(jws, OtherRsaKey().PublicKeyPem()).ok());
  EXPECT_EQ(VerifyRs256(jws, "garbage").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(VerifyRs256(jws, GenerateEcP256().value().PublicKeyPem()).error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace passmint::crypto
