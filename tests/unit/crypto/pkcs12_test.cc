#include "crypto/pkcs12.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "unit/crypto/support.h"

namespace passmint::crypto {
namespace {

using testing::Folder;
using testing::G4;
using testing::Leaf;
using testing::RsaKey;
using testing::Shell;

// What the command line makes of RsaKey(), its leaf and the intermediate.
std::string Export(const std::string& arguments, const PrivateKey& key = RsaKey()) {
  const Folder folder;
  folder.Write("key.pem", key.ToPem().RevealForSerialization());
  folder.Write("leaf.pem", Leaf().ToPem());
  folder.Write("wwdr.pem", G4().intermediate().ToPem());
  const auto ran =
      Shell("cd " + folder.path() + " && openssl pkcs12 -export " + arguments + " -out out.p12");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  return folder.Read("out.p12");
}

const std::string kWhole = "-inkey key.pem -in leaf.pem -certfile wwdr.pem -passout pass:sesame ";

TEST(Pkcs12Test, OpensWhatKeychainAccessExports) {
  // RC2-40 for certificates and 3DES for the key: what -legacy means, and what macOS writes.
  for (const std::string how : {"-legacy", "-legacy -descert", "",
                                "-certpbe AES-256-CBC -keypbe AES-256-CBC -macalg sha256"}) {
    const auto opened = ParsePkcs12(Export(kWhole + how), Secret("sesame"));
    ASSERT_TRUE(opened.ok()) << how << ": " << opened.error().message;
    EXPECT_EQ(opened.value().certificate.uid(), "pass.com.example.test");
    EXPECT_TRUE(opened.value().key.Matches(opened.value().certificate));
    ASSERT_EQ(opened.value().others.size(), 1u);
    EXPECT_EQ(opened.value().others[0], G4().intermediate());
  }
}

TEST(Pkcs12Test, GivesAKeyThatSignsAfterTheFileIsClosed) {
  auto opened = ParsePkcs12(Export(kWhole + "-legacy"), Secret("sesame"));
  ASSERT_TRUE(opened.ok());
  const auto identity = MakeSigningIdentity(opened.value().certificate, opened.value().key,
                                            opened.value().others, testing::Now());
  ASSERT_TRUE(identity.ok()) << identity.error().message;
  EXPECT_EQ(identity.value().team().str(), "TEAM123456");
}

TEST(Pkcs12Test, TellsAWrongPasswordFromADamagedFile) {
  for (const std::string how : {"-legacy", ""}) {
    const std::string file = Export(kWhole + how);
    EXPECT_EQ(ParsePkcs12(file, Secret("Sesame")).error().reason, "wrong_passphrase");
    EXPECT_EQ(ParsePkcs12(file, Secret("")).error().message, "the PKCS#12 file needs its password");
    EXPECT_EQ(ParsePkcs12(file, Secret(std::string("sesame\0x", 8))).error().reason,
              "wrong_passphrase");
    EXPECT_EQ(ParsePkcs12(file.substr(0, file.size() / 2), Secret("sesame")).error().reason,
              "bad_pkcs12");
    EXPECT_EQ(ParsePkcs12(file + "x", Secret("sesame")).error().reason, "bad_pkcs12");
  }
}

TEST(Pkcs12Test, OpensFilesWithoutAPassword) {
  const std::string file =
      Export("-inkey key.pem -in leaf.pem -certfile wwdr.pem -passout pass: -legacy");
  EXPECT_TRUE(ParsePkcs12(file, Secret("")).ok());
  EXPECT_EQ(ParsePkcs12(file, Secret("x")).error().reason, "wrong_passphrase");
}

TEST(Pkcs12Test, SaysWhatIsMissingInside) {
  const auto without_key =
      ParsePkcs12(Export("-nokeys -in leaf.pem -passout pass:sesame"), Secret("sesame"));
  ASSERT_FALSE(without_key.ok());
  EXPECT_EQ(without_key.error().message, "the PKCS#12 file has no private key");
  const auto without_certificate =
      ParsePkcs12(Export("-nocerts -inkey key.pem -passout pass:sesame"), Secret("sesame"));
  ASSERT_FALSE(without_certificate.ok());
  EXPECT_EQ(without_certificate.error().message,
            "the PKCS#12 file has a private key but no certificate that belongs to it");
}

TEST(Pkcs12Test, SaysWhatAFileIsInsteadOfPkcs12) {
  const auto pem = ParsePkcs12(Leaf().ToPem(), Secret(""));
  EXPECT_EQ(pem.error().reason, "bad_pkcs12");
  EXPECT_EQ(pem.error().hint, "this is PEM text: a certificate; import it as PEM");
  EXPECT_EQ(ParsePkcs12(Leaf().ToDer(), Secret("")).error().hint, "this seems to be a certificate");
  EXPECT_EQ(ParsePkcs12("", Secret("")).error().reason, "bad_pkcs12");
  EXPECT_EQ(ParsePkcs12(std::string(kPkcs12BytesMax + 1, 'x'), Secret("")).error().code,
            ErrorCode::kTooLarge);
  EXPECT_EQ(ParseCertificate(Export(kWhole)).error().hint,
            "this seems to be a PKCS#12 file (.p12)");
}

TEST(Pkcs12Test, SaysWhenTheLegacyProviderIsNotInstalled) {
  const std::string old_file = Export(kWhole + "-legacy");
  const std::string new_file = Export(kWhole);
  ASSERT_EQ(setenv("OPENSSL_MODULES", "/nonexistent", 1), 0);
  const auto old_opened = ParsePkcs12(old_file, Secret("sesame"));
  const auto new_opened = ParsePkcs12(new_file, Secret("sesame"));
  const auto wrong = ParsePkcs12(old_file, Secret("wrong"));
  ASSERT_EQ(unsetenv("OPENSSL_MODULES"), 0);
  ASSERT_FALSE(old_opened.ok());
  EXPECT_EQ(old_opened.error().reason, "no_legacy_provider");
  EXPECT_EQ(old_opened.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(new_opened.ok());
  EXPECT_EQ(wrong.error().reason, "wrong_passphrase");
}

TEST(Pkcs12Test, RefusesAFileThatAsksForEndlessIterations) {
  // The iteration count of the MAC is the last integer: 2048 is 02 02 08 00.
  std::string file = Export(kWhole + "-macalg sha256");
  ASSERT_EQ(file.substr(file.size() - 4), std::string("\x02\x02\x08\x00", 4));
  file[file.size() - 2] = '\x80';  // Negative.
  EXPECT_EQ(ParsePkcs12(file, Secret("sesame")).error().reason, "bad_pkcs12");
}

TEST(Pkcs12Test, SurvivesDamagedBytes) {
  const std::string file = Export(kWhole + "-legacy");
  for (std::size_t i = 0; i < file.size(); i += 23) {
    std::string damaged = file;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    const auto opened = ParsePkcs12(damaged, Secret("sesame"));
    EXPECT_FALSE(opened.ok()) << i;
  }
}

}  // namespace
}  // namespace passmint::crypto
