#include "crypto/cms.h"

#include <gtest/gtest.h>

#include <thread>

#include "crypto/internal/cms_layout.h"
#include "unit/crypto/support.h"

namespace passmint::crypto {
namespace {

using testing::At;
using testing::Folder;
using testing::G4;
using testing::Identity;
using testing::LeafOptions;
using testing::Now;
using testing::Ran;
using testing::Shell;

const std::string kManifest = R"({"icon.png":"da39a3ee5e6b4b0d3255bfef95601890afd80709"})"
                              "\r\n";

// The command of Apple's reference, at the time of signing.
Ran VerifiedByOpenSsl(const std::string& signature, const std::string& content) {
  const Folder folder;
  folder.Write("signature", signature);
  folder.Write("manifest.json", content);
  folder.Write("root.pem", G4().root().ToPem());
  return Shell("cd " + folder.path() +
               " && openssl cms -verify -binary -inform DER -in signature -content manifest.json"
               " -CAfile root.pem -purpose any -attime 1795255200 -out /dev/null");
}

std::string Printed(const std::string& signature) {
  const Folder folder;
  return Shell("openssl cms -cmsout -print -inform DER -in " + folder.Write("signature", signature))
      .output;
}

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

SigningIdentity EcIdentity() {
  PassCertificateOptions options = LeafOptions();
  options.key = GenerateEcP256().value();
  return MakeSigningIdentity(testing::Leaf(options), *options.key, {G4().intermediate()}, Now())
      .value();
}

TEST(ManifestSignerTest, SignsWhatOpenSslVerifies) {
  const ManifestSigner signer = ManifestSigner::Create(Identity()).value();
  EXPECT_TRUE(signer.uses_template());
  for (const std::string& content : {kManifest, std::string(), std::string(100'000, 'x')}) {
    const auto signature = signer.Sign(content, Now());
    ASSERT_TRUE(signature.ok()) << signature.error().message;
    const Ran verified = VerifiedByOpenSsl(signature.value(), content);
    EXPECT_EQ(verified.exit_code, 0) << verified.output;
    EXPECT_NE(VerifiedByOpenSsl(signature.value(), content + "x").exit_code, 0);
  }
}

// Apple reference 1.3, row by row.
TEST(ManifestSignerTest, HasTheShapeThatWalletWants) {
  const std::string text =
      Printed(ManifestSigner::Create(Identity()).value().Sign(kManifest, Now()).value());
  EXPECT_NE(text.find("contentType: pkcs7-signedData"), std::string::npos) << text;
  EXPECT_NE(text.find("eContent: <ABSENT>"), std::string::npos);
  EXPECT_NE(text.find("UTCTIME:Nov 21 10:00:00 2026 GMT"), std::string::npos);
  EXPECT_EQ(Count(text, "object: contentType"), 1);
  EXPECT_EQ(Count(text, "object: signingTime"), 1);
  EXPECT_EQ(Count(text, "object: messageDigest"), 1);
  EXPECT_EQ(Count(text, "S/MIME"), 0);
  EXPECT_NE(text.find("d.issuerAndSerialNumber"), std::string::npos);
  EXPECT_EQ(Count(text, "d.certificate:"), 2);
  EXPECT_EQ(Count(text, "subject: CN = Passmint Test Root CA"), 0);
  EXPECT_NE(text.find("algorithm: sha256 "), std::string::npos);
  EXPECT_EQ(Count(text, "unsignedAttrs:\n          <ABSENT>"), 1);
}

TEST(ManifestSignerTest, GivesTheSameBytesAsOpenSslWould) {
  const std::string fast =
      ManifestSigner::Create(Identity()).value().Sign(kManifest, Now()).value();
  EXPECT_EQ(fast, SignDetached(Identity(), kManifest, Now()).value());
}

TEST(ManifestSignerTest, CutsTheSigningTimeToSeconds) {
  const ManifestSigner signer = ManifestSigner::Create(Identity()).value();
  EXPECT_EQ(signer.Sign(kManifest, Now() + std::chrono::microseconds(999'999)).value(),
            signer.Sign(kManifest, Now()).value());
  EXPECT_NE(signer.Sign(kManifest, Now() + std::chrono::seconds(1)).value(),
            signer.Sign(kManifest, Now()).value());
}

TEST(ManifestSignerTest, SignsWithAnEcKeyTheSlowWay) {
  const ManifestSigner signer = ManifestSigner::Create(EcIdentity()).value();
  EXPECT_FALSE(signer.uses_template());
  const Ran verified = VerifiedByOpenSsl(signer.Sign(kManifest, Now()).value(), kManifest);
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
}

TEST(ManifestSignerTest, StopsSigningWhenTheIdentityIsNotValid) {
  const ManifestSigner signer = ManifestSigner::Create(Identity()).value();
  const struct {
    const char* at;
    const char* reason;
  } cases[] = {{"2026-05-31T23:59:59Z", "certificate_not_yet_valid"},
               {"2026-06-01T00:00:00Z", ""},
               {"2027-06-30T23:59:59Z", ""},
               {"2027-07-01T00:00:00Z", "certificate_expired"}};
  for (const auto& step : cases) {
    const auto fast = signer.Sign(kManifest, At(step.at));
    const auto slow = SignDetached(Identity(), kManifest, At(step.at));
    EXPECT_EQ(fast.ok() ? "" : fast.error().reason, step.reason) << step.at;
    EXPECT_EQ(slow.ok() ? "" : slow.error().reason, step.reason) << step.at;
    if (fast.ok()) continue;
    EXPECT_EQ(fast.error().code, ErrorCode::kUnavailable);
  }
}

TEST(ManifestSignerTest, StopsSigningWhenTheIntermediateHasExpired) {
  const TestAuthority brief = G4().WithIntermediate({.not_before = At("2026-01-01T00:00:00Z"),
                                                     .not_after = At("2026-12-01T00:00:00Z")})
                                  .value();
  const SigningIdentity identity =
      MakeSigningIdentity(brief.Issue(LeafOptions()).value().certificate, testing::RsaKey(),
                          {brief.intermediate()}, Now())
          .value();
  const ManifestSigner signer = ManifestSigner::Create(identity).value();
  EXPECT_TRUE(signer.Sign(kManifest, Now()).ok());
  EXPECT_EQ(signer.Sign(kManifest, At("2026-12-02T00:00:00Z")).error().reason, "wwdr_expired");
}

TEST(ManifestSignerTest, SignsFromSeveralThreadsAtOnce) {
  const ManifestSigner signer = ManifestSigner::Create(Identity()).value();
  const std::string expected = signer.Sign(kManifest, Now()).value();
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int& count : wrong) {
    threads.emplace_back([&count, &signer, &expected] {
      for (int i = 0; i < 40; ++i) {
        // RSA with PKCS#1 v1.5 padding: the same input has one signature.
        if (signer.Sign(kManifest, Now()).value() != expected) ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(ManifestSignerTest, RefusesADamagedKeyAtOnce) {
  const Folder folder;
  const std::string pem = testing::RsaKey().ToPem().RevealForSerialization();
  const Ran der = Shell("openssl pkey -in " + folder.Write("key.pem", pem) +
                        " -traditional -outform DER -out " + folder.path() + "/key.der");
  ASSERT_EQ(der.exit_code, 0) << der.output;
  std::string bytes = folder.Read("key.der");
  // PKCS#1: n and e up to byte 273, then d of 256, and the coefficient at the end. Both have to be
  // wrong, because OpenSSL falls back from one to the other. The public half is whole, so the key
  // is read and matches.
  bytes[400] = static_cast<char>(bytes[400] ^ 0x01);
  bytes[bytes.size() - 5] = static_cast<char>(bytes[bytes.size() - 5] ^ 0x01);
  const auto key = ParsePrivateKey(bytes, Secret(""));
  ASSERT_TRUE(key.ok()) << key.error().message;
  const auto identity =
      MakeSigningIdentity(testing::Leaf(), key.value(), {G4().intermediate()}, Now());
  ASSERT_TRUE(identity.ok()) << identity.error().message;
  const auto signer = ManifestSigner::Create(identity.value());
  ASSERT_FALSE(signer.ok());
  EXPECT_EQ(signer.error().code, ErrorCode::kInternal);
  EXPECT_FALSE(signer.error().message.empty());
}

TEST(SignDetachedTest, SignsAPersonalisationToken) {
  const std::string token = "opaque-token";
  const auto signature = SignDetached(Identity(), token, Now());
  ASSERT_TRUE(signature.ok());
  EXPECT_EQ(VerifiedByOpenSsl(signature.value(), token).exit_code, 0);
}

TEST(CmsLayoutTest, KnowsOnlyTheLayoutThatItCanRewrite) {
  const std::string der = SignDetached(Identity(), kManifest, Now()).value();
  ASSERT_TRUE(internal::FindCmsLayout(der));
  EXPECT_EQ(der.substr(internal::FindCmsLayout(der)->signing_time.offset, 13), "261121100000Z");
  EXPECT_EQ(internal::FindCmsLayout(der)->signature.offset + 256, der.size());
  EXPECT_FALSE(internal::FindCmsLayout(""));
  EXPECT_FALSE(internal::FindCmsLayout(der + "x"));
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(internal::FindCmsLayout(std::string_view(der).substr(0, size))) << size;
  }
  // The command line adds S/MIME capabilities: four attributes.
  const Folder folder;
  folder.Write("leaf.pem", Identity().certificate().ToPem());
  folder.Write("key.pem", Identity().key().ToPem().RevealForSerialization());
  folder.Write("content", kManifest);
  ASSERT_EQ(
      Shell("cd " + folder.path() +
            " && openssl cms -sign -binary -signer leaf.pem -inkey key.pem -in content -outform "
            "DER -out four && openssl cms -sign -binary -noattr -signer leaf.pem -inkey "
            "key.pem -in content -outform DER -out none")
          .exit_code,
      0);
  EXPECT_FALSE(internal::FindCmsLayout(folder.Read("four")));
  EXPECT_FALSE(internal::FindCmsLayout(folder.Read("none")));
}

}  // namespace
}  // namespace passmint::crypto
