#include "crypto/private_key.h"

#include <gtest/gtest.h>

#include "crypto/certificate_request.h"
#include "unit/crypto/support.h"

namespace passmint::crypto {
namespace {

using testing::Folder;
using testing::Leaf;
using testing::OtherRsaKey;
using testing::RsaKey;
using testing::Shell;

const Secret& NoPassphrase() {
  static const Secret none("");
  return none;
}

std::string Pem(const PrivateKey& key) { return key.ToPem().RevealForSerialization(); }

std::string Converted(const std::string& pem, const std::string& command) {
  const Folder folder;
  const std::string in = folder.Write("in.pem", pem);
  const auto ran = Shell("openssl " + command + " -in " + in + " -out " + folder.path() + "/out");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  return folder.Read("out");
}

TEST(PrivateKeyTest, KnowsTheCertificateThatItBelongsTo) {
  EXPECT_TRUE(RsaKey().Matches(Leaf()));
  EXPECT_FALSE(OtherRsaKey().Matches(Leaf()));
  EXPECT_FALSE(GenerateEcP256().value().Matches(Leaf()));
}

TEST(PrivateKeyTest, GeneratesTheKindsThatWeUse) {
  EXPECT_EQ(RsaKey().kind(), KeyKind::kRsa);
  EXPECT_EQ(RsaKey().bits(), 2048);
  EXPECT_EQ(GenerateEcP256().value().kind(), KeyKind::kEc);
  EXPECT_EQ(GenerateEcP256().value().bits(), 256);
  EXPECT_EQ(GenerateEd25519().value().kind(), KeyKind::kEd25519);
}

TEST(ParsePrivateKeyTest, ReadsEveryFormatThatOpenSslWrites) {
  const std::string pem = Pem(RsaKey());
  for (const std::string command :
       {"pkey", "pkey -traditional", "pkey -outform DER", "pkcs8 -topk8 -nocrypt -outform DER"}) {
    const auto key = ParsePrivateKey(Converted(pem, command), NoPassphrase());
    ASSERT_TRUE(key.ok()) << command << ": " << key.error().message;
    EXPECT_TRUE(key.value().Matches(Leaf())) << command;
  }
  const std::string ec = Shell("openssl ecparam -name prime256v1 -genkey").output;
  EXPECT_EQ(ParsePrivateKey(ec, NoPassphrase()).value().kind(), KeyKind::kEc);
}

TEST(ParsePrivateKeyTest, OpensEncryptedKeysAndNeverAsks) {
  const std::string pem = Pem(RsaKey());
  for (const std::string command :
       {"pkey -aes256 -passout pass:sesame", "pkey -traditional -aes128 -passout pass:sesame",
        "pkcs8 -topk8 -outform DER -passout pass:sesame"}) {
    const std::string locked = Converted(pem, command);
    const auto opened = ParsePrivateKey(locked, Secret("sesame"));
    ASSERT_TRUE(opened.ok()) << command << ": " << opened.error().message;
    EXPECT_TRUE(opened.value().Matches(Leaf()));
    EXPECT_EQ(ParsePrivateKey(locked, NoPassphrase()).error().reason, "passphrase_needed");
    EXPECT_EQ(ParsePrivateKey(locked, Secret("Sesame")).error().reason, "wrong_passphrase");
    EXPECT_EQ(ParsePrivateKey(locked, Secret(std::string(5000, 'x'))).error().reason,
              "wrong_passphrase");
  }
}

TEST(ParsePrivateKeyTest, SaysWhatAFileIsInsteadOfAKey) {
  const auto certificate = ParsePrivateKey(Leaf().ToPem(), NoPassphrase());
  ASSERT_FALSE(certificate.ok());
  EXPECT_EQ(certificate.error().reason, "bad_private_key");
  EXPECT_EQ(certificate.error().message, "no private key in this file");
  EXPECT_EQ(certificate.error().hint, "this seems to be a certificate");
  EXPECT_EQ(ParsePrivateKey(Leaf().ToDer(), NoPassphrase()).error().hint,
            "this seems to be a certificate");
  EXPECT_EQ(ParsePrivateKey("", NoPassphrase()).error().hint, "this seems to be an empty file");
}

TEST(ParsePrivateKeyTest, RefusesDamagedAndSeveralKeys) {
  const std::string pem = Pem(RsaKey());
  EXPECT_EQ(ParsePrivateKey(pem + Pem(OtherRsaKey()), NoPassphrase()).error().message,
            "this file holds 2 private keys, not one");
  EXPECT_EQ(ParsePrivateKey(pem.substr(0, 500), NoPassphrase()).error().reason, "bad_private_key");
  EXPECT_EQ(ParsePrivateKey("not a key", NoPassphrase()).error().reason, "bad_private_key");
  const std::string der = Converted(pem, "pkey -outform DER");
  EXPECT_EQ(ParsePrivateKey(der + "x", NoPassphrase()).error().message,
            "bytes follow after the private key");
}

TEST(ParsePrivateKeyTest, FindsTheKeyBesideItsCertificate) {
  EXPECT_TRUE(ParsePrivateKey(Leaf().ToPem() + Pem(RsaKey()), NoPassphrase()).ok());
}

TEST(ParsePrivateKeyTest, BoundsTheSizeOfFileAndKey) {
  EXPECT_EQ(
      ParsePrivateKey(std::string(kPrivateKeyFileBytesMax + 1, ' '), NoPassphrase()).error().code,
      ErrorCode::kTooLarge);
  const std::string small = Shell("openssl genrsa 1024 2>/dev/null").output;
  EXPECT_EQ(ParsePrivateKey(small, NoPassphrase()).error().message,
            "an RSA key of 1024 bits: 2048 to 8192 are used");
}

TEST(ParsePrivateKeyTest, ErrorsNeverRepeatTheKey) {
  std::string pem = Pem(RsaKey());
  pem[pem.size() / 2] = '*';
  const auto key = ParsePrivateKey(pem, NoPassphrase());
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().message.find(pem.substr(60, 10)), std::string::npos);
}

TEST(Ed25519Test, SignsWhatOpenSslVerifies) {
  const Folder folder;
  const PrivateKey key = GenerateEd25519().value();
  const std::string signature = SignEd25519(key, "checkpoint").value();
  folder.Write("message", "checkpoint");
  folder.Write("signature", signature);
  folder.Write("public.pem", key.PublicKeyPem());
  const auto ran = Shell("cd " + folder.path() +
                         " && openssl pkeyutl -verify -rawin -in message -sigfile signature -pubin "
                         "-inkey public.pem");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  EXPECT_TRUE(VerifyEd25519(key.PublicKeyPem(), "checkpoint", signature).value());
  EXPECT_FALSE(VerifyEd25519(key.PublicKeyPem(), "Checkpoint", signature).value());
  EXPECT_FALSE(VerifyEd25519(key.PublicKeyPem(), "checkpoint", "").value());
  EXPECT_EQ(ParsePrivateKey(Pem(key), NoPassphrase()).value().kind(), KeyKind::kEd25519);
}

TEST(Ed25519Test, RefusesKeysOfOtherKinds) {
  EXPECT_EQ(SignEd25519(RsaKey(), "x").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(VerifyEd25519(RsaKey().PublicKeyPem(), "x", "y").error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(VerifyEd25519("garbage", "x", "y").error().code, ErrorCode::kInvalidArgument);
}

TEST(MakeCsrTest, MakesARequestThatOpenSslVerifies) {
  const Folder folder;
  const auto request = MakeCsr(RsaKey(), "Кофейня & Co", "it@example.com");
  ASSERT_TRUE(request.ok());
  const auto ran = Shell("openssl req -verify -noout -subject -nameopt utf8 -in " +
                         folder.Write("csr.pem", request.value()));
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  EXPECT_NE(ran.output.find("verify OK"), std::string::npos) << ran.output;
  EXPECT_NE(ran.output.find("Кофейня & Co"), std::string::npos) << ran.output;
  EXPECT_NE(ran.output.find("it@example.com"), std::string::npos) << ran.output;
}

TEST(MakeCsrTest, RefusesNamesThatDoNotFit) {
  for (const std::string& name :
       {std::string(), std::string(65, 'x'), std::string("a\nb"), std::string("\xff")}) {
    EXPECT_EQ(MakeCsr(RsaKey(), name, "").error().code, ErrorCode::kInvalidArgument) << name;
  }
  for (const std::string& email :
       {std::string("no-at"), "a@" + std::string(128, 'x'), std::string("я@example.com"),
        std::string("@x"), std::string("a b@x")}) {
    EXPECT_EQ(MakeCsr(RsaKey(), "shop", email).error().code, ErrorCode::kInvalidArgument) << email;
  }
  EXPECT_EQ(MakeCsr(GenerateEd25519().value(), "shop", "").error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace passmint::crypto
