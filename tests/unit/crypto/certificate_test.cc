#include "crypto/certificate.h"

#include <gtest/gtest.h>

#include "crypto/certificate_request.h"
#include "unit/crypto/support.h"

namespace passmint::crypto {
namespace {

using testing::At;
using testing::Folder;
using testing::G3;
using testing::G4;
using testing::Leaf;
using testing::LeafOptions;
using testing::RsaKey;
using testing::Shell;

TEST(CertificateTest, SaysWhatAppleWroteIntoAPassCertificate) {
  const Certificate leaf = ParseCertificate(Leaf().ToPem()).value();
  EXPECT_EQ(leaf.uid(), "pass.com.example.test");
  EXPECT_EQ(leaf.common_name(), "Pass Type ID: pass.com.example.test");
  EXPECT_EQ(leaf.organizational_unit(), "TEAM123456");
  EXPECT_EQ(leaf.pass_type_extension(), "pass.com.example.test");
  EXPECT_TRUE(leaf.has_pass_marker());
  EXPECT_TRUE(leaf.allows_client_auth());
  EXPECT_FALSE(leaf.is_nfc());
  EXPECT_FALSE(leaf.is_ca());
  EXPECT_EQ(leaf.key_kind(), KeyKind::kRsa);
  EXPECT_EQ(leaf.key_bits(), 2048);
  EXPECT_EQ(leaf.not_before(), At("2026-06-01T00:00:00Z"));
  EXPECT_EQ(leaf.not_after(), At("2027-06-30T23:59:59Z"));
  EXPECT_EQ(leaf.issuer_organizational_unit(), "G4");
  EXPECT_EQ(leaf.issuer_common_name(), G4().intermediate().common_name());
  EXPECT_EQ(leaf.issuer(), G4().intermediate().subject());
  EXPECT_NE(leaf.subject().find("UID = pass.com.example.test, CN = Pass Type ID"),
            std::string::npos)
      << leaf.subject();
}

TEST(CertificateTest, TellsAnNfcCertificateByItsCommonName) {
  PassCertificateOptions options = LeafOptions();
  options.nfc = true;
  EXPECT_TRUE(Leaf(options).is_nfc());
  EXPECT_EQ(Leaf(options).common_name(), "Pass Type ID with NFC: pass.com.example.test");
}

TEST(CertificateTest, ReadsTheSameFromPemAndDer) {
  const Certificate leaf = Leaf();
  const Certificate from_der = ParseCertificate(leaf.ToDer()).value();
  const Certificate from_pem = ParseCertificate("Bag Attributes\n" + leaf.ToPem()).value();
  EXPECT_EQ(from_der, leaf);
  EXPECT_EQ(from_pem, leaf);
  EXPECT_EQ(from_der.serial_hex(), leaf.serial_hex());
}

TEST(CertificateTest, AgreesWithTheOpenSslCommandLine) {
  const Folder folder;
  const Certificate leaf = Leaf();
  const std::string file = folder.Write("leaf.pem", leaf.ToPem());
  const std::string said = Shell("openssl x509 -in " + file +
                                 " -noout -serial -fingerprint -sha256 -ext subjectKeyIdentifier,"
                                 "authorityKeyIdentifier | tr -d ': \\n' | tr A-F a-f")
                               .output;
  EXPECT_NE(said.find("serial=" + leaf.serial_hex()), std::string::npos) << said;
  EXPECT_NE(said.find(leaf.fingerprint_sha256()), std::string::npos) << said;
  EXPECT_NE(said.find(leaf.subject_key_id()), std::string::npos) << said;
  EXPECT_NE(said.find(leaf.authority_key_id()), std::string::npos) << said;
}

TEST(CertificateTest, IsVerifiedByOpenSslUnderTheTestRoot) {
  const Folder folder;
  const std::string chain = " -CAfile " + folder.Write("root.pem", G4().root().ToPem()) +
                            " -untrusted " + folder.Write("g4.pem", G4().intermediate().ToPem()) +
                            " " + folder.Write("leaf.pem", Leaf().ToPem());
  const auto verified =
      Shell("openssl verify -x509_strict -attime 1795255200 -purpose sslclient" + chain);
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
}

TEST(CertificateTest, KnowsItsIssuerByNameKeyIdAndSignature) {
  const Certificate leaf = Leaf();
  EXPECT_TRUE(leaf.IsIssuedBy(G4().intermediate()));
  EXPECT_TRUE(G4().intermediate().IsIssuedBy(G4().root()));
  EXPECT_FALSE(leaf.IsIssuedBy(G4().root()));
  EXPECT_FALSE(leaf.IsIssuedBy(G3().intermediate()));
  EXPECT_FALSE(leaf.IsIssuedBy(leaf));
  // The same names, another key.
  const TestAuthority twin = G4().WithIntermediate({.not_before = At("2020-01-01T00:00:00Z"),
                                                    .not_after = At("2036-01-01T00:00:00Z"),
                                                    .generation = "G4"})
                                 .value();
  EXPECT_EQ(twin.intermediate().subject(), G4().intermediate().subject());
  EXPECT_FALSE(leaf.IsIssuedBy(twin.intermediate()));
}

TEST(CertificateTest, TakesNamesWithControlCharactersAsAbsent) {
  PassCertificateOptions options = LeafOptions();
  options.team = TeamIdentifier("TEAM\x1b[2J");
  EXPECT_EQ(Leaf(options).organizational_unit(), "");
  EXPECT_EQ(Leaf(options).subject().find('\x1b'), std::string::npos);
  // OpenSSL neither makes nor reads a name that is not UTF-8.
  options.team = TeamIdentifier("TEAM\xff");
  EXPECT_FALSE(G4().Issue(options).ok());
}

TEST(CertificateTest, KeepsNamesInOtherScripts) {
  PassCertificateOptions options = LeafOptions();
  options.team = TeamIdentifier("Кофейня");
  EXPECT_EQ(Leaf(options).organizational_unit(), "Кофейня");
  EXPECT_NE(Leaf(options).subject().find("Кофейня"), std::string::npos) << Leaf(options).subject();
}

TEST(ParseCertificateTest, SaysWhatAFileIsInsteadOfACertificate) {
  const std::string request = MakeCsr(RsaKey(), "shop", "").value();
  const struct {
    std::string bytes;
    std::string hint;
  } cases[] = {
      {"", "an empty file"},
      {RsaKey().ToPem().RevealForSerialization(), "a private key"},
      {request, "a certificate request"},
      {RsaKey().PublicKeyPem(), "a public key"},
      {"<html><body>Sign in</body></html>", "an HTML page"},
  };
  for (const auto& wrong : cases) {
    const auto parsed = ParseCertificate(wrong.bytes);
    ASSERT_FALSE(parsed.ok());
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(parsed.error().reason, "bad_certificate");
    EXPECT_EQ(parsed.error().hint, "this seems to be " + wrong.hint);
  }
}

TEST(ParseCertificateTest, RefusesWhatIsBroken) {
  const std::string der = Leaf().ToDer();
  std::string pem = Leaf().ToPem();
  pem[100] = '!';
  for (const std::string& bytes :
       {der.substr(0, der.size() - 1), der + "x", std::string("garbage"), pem}) {
    const auto parsed = ParseCertificate(bytes);
    ASSERT_FALSE(parsed.ok());
    EXPECT_EQ(parsed.error().reason, "bad_certificate") << parsed.error().message;
  }
}

TEST(ParseCertificateTest, RefusesTwoWhereOneIsMeant) {
  const auto parsed = ParseCertificate(Leaf().ToPem() + G4().intermediate().ToPem());
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().message, "this file holds 2 certificates, not one");
}

TEST(ParseCertificateTest, FindsTheCertificateBesideItsKey) {
  const auto parsed =
      ParseCertificate(RsaKey().ToPem().RevealForSerialization() + "\n" + Leaf().ToPem());
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(parsed.value().uid(), "pass.com.example.test");
}

TEST(ParseCertificatesTest, ReadsABundleInItsOrder) {
  const auto parsed =
      ParseCertificates(G3().intermediate().ToPem() + "text\n" + G4().intermediate().ToPem());
  ASSERT_TRUE(parsed.ok());
  ASSERT_EQ(parsed.value().size(), 2u);
  EXPECT_EQ(parsed.value()[0].organizational_unit(), "G3");
  EXPECT_EQ(parsed.value()[1].organizational_unit(), "G4");
  EXPECT_EQ(ParseCertificates(G4().root().ToDer()).value().size(), 1u);
}

TEST(ParseCertificatesTest, BoundsBytesAndCount) {
  const std::string pem = G4().root().ToPem();
  std::string many;
  for (std::size_t i = 0; i <= kCertificatesMax; ++i) many += pem;
  EXPECT_EQ(ParseCertificates(many).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(ParseCertificates(std::string(kCertificateFileBytesMax + 1, ' ')).error().code,
            ErrorCode::kTooLarge);
}

// Whatever the bytes, an answer.
TEST(ParseCertificateTest, SurvivesEveryDamagedByte) {
  const std::string der = Leaf().ToDer();
  for (std::size_t i = 0; i < der.size(); ++i) {
    std::string damaged = der;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    const auto parsed = ParseCertificate(damaged);
    if (!parsed.ok()) continue;
    EXPECT_FALSE(parsed.value().IsIssuedBy(G4().intermediate())) << i;
  }
}

}  // namespace
}  // namespace passmint::crypto
