#include "crypto/signing_identity.h"

#include <gtest/gtest.h>

#include "unit/crypto/support.h"

namespace passmint::crypto {
namespace {

using testing::At;
using testing::G3;
using testing::G4;
using testing::Leaf;
using testing::LeafOptions;
using testing::Now;
using testing::OtherRsaKey;
using testing::RsaKey;

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<Certificate> Pool() { return {G4().root(), G3().intermediate(), G4().intermediate()}; }

// The refusal of a leaf made with `options`.
Error Refusal(const PassCertificateOptions& options) {
  const auto made = MakeSigningIdentity(Leaf(options), RsaKey(), Pool(), Now());
  EXPECT_FALSE(made.ok());
  return made.ok() ? Error{} : made.error();
}

TEST(SigningIdentityTest, ReadsEverythingFromTheCertificate) {
  const auto identity = MakeSigningIdentity(Leaf(), RsaKey(), Pool(), Now());
  ASSERT_TRUE(identity.ok()) << identity.error().message;
  EXPECT_EQ(identity.value().pass_type().str(), "pass.com.example.test");
  EXPECT_EQ(identity.value().team().str(), "TEAM123456");
  EXPECT_FALSE(identity.value().supports_nfc());
  EXPECT_EQ(identity.value().not_after(), At("2027-06-30T23:59:59Z"));
  EXPECT_EQ(identity.value().intermediate_not_after(), At("2036-01-01T00:00:00Z"));
  EXPECT_EQ(identity.value().wwdr_certificate(), G4().intermediate());
  PassCertificateOptions nfc = LeafOptions();
  nfc.nfc = true;
  EXPECT_TRUE(MakeSigningIdentity(Leaf(nfc), RsaKey(), Pool(), Now()).value().supports_nfc());
}

TEST(SigningIdentityTest, AcceptsAnEcKey) {
  PassCertificateOptions options = LeafOptions();
  options.key = GenerateEcP256().value();
  EXPECT_TRUE(MakeSigningIdentity(Leaf(options), *options.key, Pool(), Now()).ok());
}

TEST(SigningIdentityTest, RefusesACertificateThatIsNotForPasses) {
  PassCertificateOptions options = LeafOptions();
  options.has_uid = false;
  EXPECT_EQ(Refusal(options).reason, "certificate_not_for_passes");
  EXPECT_TRUE(Contains(Refusal(options).message, "no UID in its subject"));

  options = LeafOptions();
  options.pass_type_extension = "";
  EXPECT_EQ(Refusal(options).reason, "certificate_not_for_passes");
  EXPECT_TRUE(Contains(Refusal(options).message, "no extension 1.2.840.113635.100.6.1.16"));

  options = LeafOptions();
  options.pass_type = PassTypeIdentifier("com.example.app");
  EXPECT_EQ(Refusal(options).reason, "certificate_not_for_passes");
  EXPECT_TRUE(Contains(Refusal(options).message, "com.example.app does not start with pass."));
}

TEST(SigningIdentityTest, RefusesACertificateWhoseExtensionNamesAnotherPassType) {
  PassCertificateOptions options = LeafOptions();
  options.pass_type_extension = "My Coffee Pass";
  const Error error = Refusal(options);
  EXPECT_EQ(error.reason, "certificate_pass_type_mismatch");
  EXPECT_TRUE(Contains(error.message, "UID is pass.com.example.test"));
  EXPECT_TRUE(Contains(error.message, "My Coffee Pass"));
  EXPECT_FALSE(error.hint.empty());
}

TEST(SigningIdentityTest, RefusesACertificateWithoutATeam) {
  PassCertificateOptions options = LeafOptions();
  options.team = TeamIdentifier("");
  EXPECT_EQ(Refusal(options).reason, "certificate_without_team");
}

TEST(SigningIdentityTest, RefusesTheKeyOfAnotherCertificate) {
  const auto made = MakeSigningIdentity(Leaf(), OtherRsaKey(), Pool(), Now());
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(made.error().reason, "certificate_key_mismatch");
}

TEST(SigningIdentityTest, RefusesAKindOfKeyThatWalletDoesNotKnow) {
  PassCertificateOptions options = LeafOptions();
  options.key = GenerateEd25519().value();
  const auto made = MakeSigningIdentity(Leaf(options), *options.key, Pool(), Now());
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().reason, "certificate_key_unsupported");
}

TEST(SigningIdentityTest, RefusesACertificateOutsideItsTime) {
  const struct {
    const char* now;
    const char* reason;
  } cases[] = {{"2026-05-31T23:59:59Z", "certificate_not_yet_valid"},
               {"2026-06-01T00:00:00Z", ""},
               {"2027-06-30T23:59:59Z", ""},
               {"2027-07-01T00:00:00Z", "certificate_expired"}};
  for (const auto& step : cases) {
    const auto made = MakeSigningIdentity(Leaf(), RsaKey(), Pool(), At(step.now));
    EXPECT_EQ(made.ok() ? "" : made.error().reason, step.reason) << step.now;
  }
  const auto late = MakeSigningIdentity(Leaf(), RsaKey(), Pool(), At("2027-07-01T00:00:00Z"));
  EXPECT_TRUE(Contains(late.error().message, "expired on 2027-06-30T23:59:59Z"));
  EXPECT_TRUE(Contains(late.error().hint, "passmint cert csr"));
}

TEST(SigningIdentityTest, NamesTheGenerationThatIsWantedAndThoseThatAreThere) {
  const auto made =
      MakeSigningIdentity(Leaf(), RsaKey(), {G4().root(), G3().intermediate()}, Now());
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().reason, "wwdr_wrong_generation");
  EXPECT_TRUE(
      Contains(made.error().message, "G4 (key id " + G4().intermediate().subject_key_id() + ")"))
      << made.error().message;
  EXPECT_TRUE(
      Contains(made.error().message, "G3 (key id " + G3().intermediate().subject_key_id() + ")"));
  EXPECT_TRUE(Contains(made.error().message, "Passmint Test Root CA"));
  EXPECT_TRUE(Contains(made.error().hint, "https://www.apple.com/certificateauthority/"));
}

TEST(SigningIdentityTest, SaysThatThereIsNoIntermediateAtAll) {
  const auto none = MakeSigningIdentity(Leaf(), RsaKey(), {}, Now());
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().reason, "wwdr_missing");
  EXPECT_TRUE(Contains(none.error().message, "there are no intermediates at all"));
  const auto strangers = MakeSigningIdentity(Leaf(), RsaKey(), {G4().root()}, Now());
  EXPECT_EQ(strangers.error().reason, "wwdr_missing");
}

// Same names, same generation, another key: chosen by name it would be the wrong one.
TEST(SigningIdentityTest, NeverTakesAnIntermediateByItsNameAlone) {
  const TestAuthority twin = G4().WithIntermediate({.not_before = At("2020-01-01T00:00:00Z"),
                                                    .not_after = At("2040-01-01T00:00:00Z"),
                                                    .generation = "G4"})
                                 .value();
  const auto alone = MakeSigningIdentity(Leaf(), RsaKey(), {twin.intermediate()}, Now());
  ASSERT_FALSE(alone.ok());
  EXPECT_EQ(alone.error().reason, "wwdr_wrong_generation");
  const auto both =
      MakeSigningIdentity(Leaf(), RsaKey(), {twin.intermediate(), G4().intermediate()}, Now());
  EXPECT_EQ(both.value().wwdr_certificate(), G4().intermediate());
}

TEST(SigningIdentityTest, RefusesAnIntermediateOutsideItsTime) {
  const TestAuthority brief = G4().WithIntermediate({.not_before = At("2026-08-01T00:00:00Z"),
                                                     .not_after = At("2026-10-01T00:00:00Z"),
                                                     .generation = "G1"})
                                  .value();
  const Certificate leaf = brief.Issue(LeafOptions()).value().certificate;
  const std::vector<Certificate> pool = {brief.intermediate(), G4().intermediate()};
  const auto early = MakeSigningIdentity(leaf, RsaKey(), pool, At("2026-07-01T00:00:00Z"));
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().reason, "wwdr_not_yet_valid");
  EXPECT_TRUE(MakeSigningIdentity(leaf, RsaKey(), pool, At("2026-09-01T00:00:00Z")).ok());
  const auto late = MakeSigningIdentity(leaf, RsaKey(), pool, Now());
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().reason, "wwdr_expired");
  EXPECT_TRUE(Contains(late.error().message, "G1"));
  EXPECT_TRUE(Contains(late.error().message, "2026-10-01T00:00:00Z"));
}

TEST(TestAuthorityTest, RefusesNamesThatDoNotFit) {
  PassCertificateOptions options = LeafOptions();
  options.pass_type = PassTypeIdentifier("");
  EXPECT_EQ(G4().Issue(options).error().code, ErrorCode::kInvalidArgument);
  options.pass_type = PassTypeIdentifier(std::string(257, 'x'));
  EXPECT_EQ(G4().Issue(options).error().code, ErrorCode::kInvalidArgument);
}

TEST(TestAuthorityTest, MakesAFreshKeyWhenNoneIsGiven) {
  PassCertificateOptions options = LeafOptions();
  options.key.reset();
  const PassCertificate made = G4().Issue(options).value();
  EXPECT_TRUE(made.key.Matches(made.certificate));
  EXPECT_FALSE(RsaKey().Matches(made.certificate));
}

}  // namespace
}  // namespace passmint::crypto
