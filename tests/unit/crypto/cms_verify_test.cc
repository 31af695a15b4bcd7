#include <gtest/gtest.h>

#include "crypto/cms.h"
#include "unit/crypto/support.h"

namespace passmint::crypto {
namespace {

using testing::At;
using testing::Folder;
using testing::G3;
using testing::G4;
using testing::Identity;
using testing::Now;
using testing::Shell;

const std::string kContent = "the manifest";

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

SignatureReport Report(const std::string& der, const std::string& content = kContent) {
  return VerifyDetached(der, content, {G4().root()}).value();
}

// Signed by the openssl command line with the test leaf and `arguments`.
std::string Foreign(const std::string& arguments) {
  const Folder folder;
  folder.Write("leaf.pem", Identity().certificate().ToPem());
  folder.Write("key.pem", Identity().key().ToPem().RevealForSerialization());
  folder.Write("g4.pem", G4().intermediate().ToPem());
  folder.Write("g3.pem", G3().intermediate().ToPem());
  folder.Write("content", kContent);
  const auto ran =
      Shell("cd " + folder.path() +
            " && openssl cms -sign -binary -signer leaf.pem -inkey key.pem -in content "
            "-outform DER -out out " +
            arguments);
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  return folder.Read("out");
}

TEST(VerifyDetachedTest, ReportsOurOwnSignatureInFull) {
  const SignatureReport report = Report(SignDetached(Identity(), kContent, Now()).value());
  EXPECT_TRUE(report.verified()) << report.chain_problem;
  EXPECT_EQ(report.version, 1);
  EXPECT_EQ(report.signers, 1u);
  EXPECT_FALSE(report.names_signer_by_key_id);
  EXPECT_FALSE(report.has_attached_content);
  EXPECT_EQ(report.digest_algorithm, "SHA256");
  EXPECT_EQ(report.signature_algorithm, "rsaEncryption");
  EXPECT_TRUE(report.has_signed_attributes);
  EXPECT_EQ(report.signing_time, Now());
  EXPECT_EQ(report.certificates.size(), 2u);
  ASSERT_TRUE(report.signer);
  EXPECT_EQ(*report.signer, Identity().certificate());
}

TEST(VerifyDetachedTest, TellsChangedContentFromAForgedSignature) {
  const std::string der = SignDetached(Identity(), kContent, Now()).value();
  const SignatureReport changed = Report(der, "another manifest");
  EXPECT_FALSE(changed.digest_ok);
  EXPECT_TRUE(changed.signature_ok);
  EXPECT_FALSE(changed.verified());
  std::string forged_der = der;
  forged_der.back() = static_cast<char>(forged_der.back() ^ 1);
  const SignatureReport forged = Report(forged_der);
  EXPECT_TRUE(forged.digest_ok);
  EXPECT_FALSE(forged.signature_ok);
  EXPECT_FALSE(forged.verified());
}

TEST(VerifyDetachedTest, NoticesThatTheSigningTimeIsMissing) {
  const SignatureReport report = Report(Foreign("-noattr -certfile g4.pem"));
  EXPECT_FALSE(report.signing_time);
  EXPECT_FALSE(report.has_signed_attributes);
  EXPECT_TRUE(report.verified()) << report.chain_problem;
  EXPECT_FALSE(Report(Foreign("-noattr -certfile g4.pem"), "another").verified());
}

TEST(VerifyDetachedTest, ExplainsAMissingOrWrongIntermediate) {
  const std::string missing = Report(Foreign("")).chain_problem;
  EXPECT_TRUE(Contains(missing, "unable to get local issuer certificate")) << missing;
  EXPECT_TRUE(Contains(missing, "pass.com.example.test")) << missing;
  const SignatureReport wrong = Report(Foreign("-certfile g3.pem"));
  EXPECT_FALSE(wrong.chain_problem.empty());
  EXPECT_TRUE(wrong.signature_ok);
  EXPECT_EQ(wrong.certificates.size(), 2u);
  EXPECT_EQ(Report(Foreign("-certfile g4.pem")).chain_problem, "");
}

TEST(VerifyDetachedTest, ReadsTheVariantsThatWalletTolerates) {
  const SignatureReport by_key_id = Report(Foreign("-keyid -certfile g4.pem"));
  EXPECT_EQ(by_key_id.version, 3);
  EXPECT_TRUE(by_key_id.names_signer_by_key_id);
  EXPECT_TRUE(by_key_id.verified()) << by_key_id.chain_problem;
  const SignatureReport sha1 = Report(Foreign("-md sha1 -certfile g4.pem"));
  EXPECT_EQ(sha1.digest_algorithm, "SHA1");
  EXPECT_TRUE(sha1.verified()) << sha1.chain_problem;
  const SignatureReport attached = Report(Foreign("-nodetach -certfile g4.pem"));
  EXPECT_TRUE(attached.has_attached_content);
}

TEST(VerifyDetachedTest, SaysThatTheSignerIsNotEmbedded) {
  const SignatureReport report = Report(Foreign("-nocerts"));
  EXPECT_FALSE(report.signer);
  EXPECT_FALSE(report.verified());
  EXPECT_EQ(report.chain_problem, "the signer's certificate is not in the signature");
}

TEST(VerifyDetachedTest, ChecksTheChainAtTheTimeOfSigningOrTheOneGiven) {
  const std::string der = SignDetached(Identity(), kContent, Now()).value();
  EXPECT_EQ(Report(der).chain_problem, "");
  const SignatureReport later =
      VerifyDetached(der, kContent, {G4().root()}, {.at = At("2028-01-01T00:00:00Z")}).value();
  EXPECT_TRUE(Contains(later.chain_problem, "certificate has expired")) << later.chain_problem;
}

TEST(VerifyDetachedTest, TrustsOnlyTheAnchorsGiven) {
  const std::string der = SignDetached(Identity(), kContent, Now()).value();
  EXPECT_EQ(VerifyDetached(der, kContent, {}).value().chain_problem, "no trusted root was given");
  const TestAuthority stranger = TestAuthority::Create({.not_before = At("2020-01-01T00:00:00Z"),
                                                        .not_after = At("2036-01-01T00:00:00Z")})
                                     .value();
  EXPECT_FALSE(VerifyDetached(der, kContent, {stranger.root()}).value().verified());
  EXPECT_TRUE(VerifyDetached(der, kContent, {G4().intermediate()}).value().verified());
}

TEST(VerifyDetachedTest, RefusesWhatIsNoSignature) {
  const std::string der = SignDetached(Identity(), kContent, Now()).value();
  const Folder folder;
  const std::string pem =
      Shell("openssl cms -cmsout -inform DER -outform PEM -in " + folder.Write("signature", der))
          .output;
  const std::string enveloped = Shell("echo x | openssl cms -data_create -outform DER -out " +
                                      folder.path() + "/data && cat " + folder.path() + "/data")
                                    .output;
  for (const std::string& bytes :
       {std::string(), std::string("garbage"), der + "x", der.substr(0, 1000), pem, enveloped}) {
    const auto report = VerifyDetached(bytes, kContent, {G4().root()});
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().reason, "bad_signature") << report.error().message;
  }
  EXPECT_EQ(VerifyDetached(pem, kContent, {}).error().hint, "Wallet wants the DER bytes");
  EXPECT_EQ(VerifyDetached(std::string(kSignatureBytesMax + 1, 'x'), kContent, {}).error().code,
            ErrorCode::kTooLarge);
}

// No change of any byte may leave a signature that verifies with another meaning.
TEST(VerifyDetachedTest, SurvivesDamagedBytes) {
  const std::string der = SignDetached(Identity(), kContent, Now()).value();
  for (std::size_t i = 0; i < der.size(); i += 7) {
    std::string damaged = der;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x21);
    const auto report = VerifyDetached(damaged, kContent, {G4().root()});
    if (!report.ok() || !report.value().verified()) continue;
    EXPECT_EQ(report.value().signing_time, Now()) << i;
    EXPECT_EQ(*report.value().signer, Identity().certificate()) << i;
  }
}

}  // namespace
}  // namespace passmint::crypto
