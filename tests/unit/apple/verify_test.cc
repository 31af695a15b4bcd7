#include "apple/verify.h"

#include <gtest/gtest.h>

#include <functional>

#include "apple/manifest.h"
#include "apple/strings.h"
#include "fixtures.h"
#include "support/outside_program.h"

namespace passmint::apple {
namespace {

using Files = std::map<std::string, std::string>;

const std::string& GoodBundle() {
  static const std::string bundle = test::Bundle(test::MustCompile(test::CoffeeFiles()));
  return bundle;
}

VerifyBundleOptions Options() { return {.trust_anchors = {test::Authority().root()}}; }

std::string Describe(const BundleReport& report) {
  std::string text;
  for (const BundleFinding& finding : report.findings) {
    text += finding.id + ' ' + std::string(Name(finding.level)) + ' ' + finding.file +
            finding.pointer + ": " + finding.cause + " | " + finding.wallet + " -> " +
            finding.cure + '\n';
  }
  return text;
}

BundleReport VerifyFiles(const Files& files) { return VerifyBundle(test::Pack(files), Options()); }

// The error about `file` that mentions `cause`; empty if there is none.
BundleFinding ErrorAbout(const BundleReport& report, const std::string& file,
                         const std::string& cause) {
  for (const BundleFinding& finding : report.findings) {
    if (finding.level == design::Level::kError && finding.file == file &&
        finding.cause.find(cause) != std::string::npos) {
      return finding;
    }
  }
  return {};
}

// Expects that error, with a cure.
void ExpectError(const BundleReport& report, const std::string& file, const std::string& cause,
                 const std::string& wallet = "") {
  const BundleFinding finding = ErrorAbout(report, file, cause);
  EXPECT_FALSE(finding.id.empty()) << file << ": " << cause << "\n" << Describe(report);
  EXPECT_FALSE(finding.cure.empty());
  EXPECT_NE(finding.wallet.find(wallet), std::string::npos) << finding.wallet;
  EXPECT_FALSE(report.ok());
}

TEST(VerifyBundleTest, FindsNothingWrongWithOurs) {
  const BundleReport report = VerifyBundle(GoodBundle(), Options());
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(Describe(report), "");
}

TEST(VerifyBundleTest, SaysWhatABundleIs) {
  const BundleFacts facts = VerifyBundle(GoodBundle(), Options()).facts;
  EXPECT_EQ(facts.pass_type, "pass.com.example.test");
  EXPECT_EQ(facts.serial, "Serial0000000000000001");
  EXPECT_EQ(facts.team, "TEAM123456");
  EXPECT_EQ(facts.organization, "Bean & Leaf");
  EXPECT_EQ(facts.signer, "Pass Type ID: pass.com.example.test");
  EXPECT_EQ(facts.signing_time, test::Now());
  EXPECT_EQ(facts.styles, std::vector<std::string>{"storeCard"});
  EXPECT_EQ(facts.languages, (std::vector<std::string>{"en", "ru"}));
  EXPECT_GT(facts.files.size(), 10u);
}

TEST(VerifyBundleTest, NotesThatNobodyVouchesWithoutARoot) {
  const BundleReport report = VerifyBundle(GoodBundle());
  EXPECT_TRUE(report.ok());
  ASSERT_EQ(report.findings.size(), 1u) << Describe(report);
  EXPECT_EQ(report.findings[0].level, design::Level::kInfo);
}

TEST(VerifyBundleTest, ExplainsWhatIsNoArchive) {
  for (const std::string& bytes : {std::string(), std::string("<html>404</html>"),
                                   GoodBundle().substr(0, GoodBundle().size() / 2)}) {
    const BundleReport report = VerifyBundle(bytes, Options());
    ASSERT_EQ(report.findings.size(), 1u);
    EXPECT_FALSE(report.ok());
    EXPECT_FALSE(report.findings[0].cure.empty());
  }
}

TEST(VerifyBundleTest, SeesAWrapperFolder) {
  Files wrapped;
  for (const auto& [name, bytes] : test::Unpack(GoodBundle())) wrapped["Card/" + name] = bytes;
  ExpectError(VerifyFiles(wrapped), "Card", "inside the folder", "No entry in manifest");
}

TEST(VerifyBundleTest, SeesMissingParts) {
  for (const char* name : {"pass.json", "manifest.json", "signature"}) {
    Files files = test::Unpack(GoodBundle());
    files.erase(name);
    ExpectError(VerifyFiles(files), name, "");
  }
  Files files = test::Unpack(GoodBundle());
  files.erase("signature");
  ExpectError(VerifyFiles(files), "signature", "not signed", "Signature is missing");
}

TEST(VerifyBundleTest, SeesFilesThatTheManifestDoesNotCover) {
  Files files = test::Unpack(GoodBundle());
  files["extra.txt"] = "x";
  files[".DS_Store"] = "x";
  const BundleReport report = VerifyFiles(files);
  ExpectError(report, "extra.txt", "not in the manifest", "No entry in manifest for file");
  ExpectError(report, ".DS_Store", "the system left", "No entry in manifest for file");
}

TEST(VerifyBundleTest, SeesFilesThatChangedOrWent) {
  Files files = test::Unpack(GoodBundle());
  files["icon.png"] += "x";
  files.erase("logo.png");
  const BundleReport report = VerifyFiles(files);
  ExpectError(report, "icon.png", "was changed");
  ExpectError(report, "logo.png", "not in the bundle");
}

TEST(VerifyBundleTest, SeesAManifestThatWasWrittenAgain) {
  Files files = test::Unpack(GoodBundle());
  files["manifest.json"] += "\n";
  ExpectError(VerifyFiles(files), "signature", "over other bytes",
              "Signature validation: *** FAILED ***");
}

TEST(VerifyBundleTest, SeesASignatureThatIsNone) {
  Files files = test::Unpack(GoodBundle());
  files["signature"] = "-----BEGIN PKCS7-----";
  ExpectError(VerifyFiles(files), "signature", "");
}

TEST(VerifyBundleTest, SeesAMissingSigningTime) {
  // Made by openssl -noattr in its own words: everything verifies but the date.
  Files files = test::Unpack(GoodBundle());
  const testing::ScratchDirectory directory;
  const auto leaf = test::Authority().Issue(test::GoodLeaf()).value();
  const std::string command =
      "openssl cms -sign -binary -nosmimecap -noattr -md sha256 -outform DER -signer " +
      directory.Write("leaf.pem", leaf.certificate.ToPem()) + " -inkey " +
      directory.Write("key.pem", leaf.key.ToPem().RevealForSerialization()) + " -certfile " +
      directory.Write("wwdr.pem", test::Authority().intermediate().ToPem()) + " -in " +
      directory.Write("manifest.json", files["manifest.json"]) + " -out " +
      directory.Path("signature");
  const auto outcome = testing::RunProgram(command);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  files["signature"] = directory.Read("signature");
  const BundleReport report = VerifyBundle(
      test::Pack(files), {.trust_anchors = Options().trust_anchors, .now = test::Now()});
  ExpectError(report, "signature", "no signing time", "Signature must contain a signing date");
  EXPECT_EQ(report.findings.size(), 1u) << Describe(report);
}

TEST(VerifyBundleTest, SeesAnotherGenerationOfTheIntermediate) {
  // As coffee_club.pkpass of the Apple reference 8.1: the leaf is of G4, G1 is embedded.
  Files files = test::Unpack(GoodBundle());
  const testing::ScratchDirectory directory;
  const auto leaf = test::Authority().Issue(test::GoodLeaf()).value();
  const auto other =
      test::Authority()
          .WithIntermediate({.not_before = ParseRfc3339("2026-01-01T00:00:00Z").value(),
                             .not_after = ParseRfc3339("2030-01-01T00:00:00Z").value(),
                             .generation = "G3"})
          .value();
  const auto outcome = testing::RunProgram(
      "openssl cms -sign -binary -nosmimecap -md sha256 -outform DER -signer " +
      directory.Write("leaf.pem", leaf.certificate.ToPem()) + " -inkey " +
      directory.Write("key.pem", leaf.key.ToPem().RevealForSerialization()) + " -certfile " +
      directory.Write("wwdr.pem", other.intermediate().ToPem()) + " -in " +
      directory.Write("manifest.json", files["manifest.json"]) + " -out " +
      directory.Path("signature"));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  files["signature"] = directory.Read("signature");
  const BundleReport report = VerifyFiles(files);
  ExpectError(report, "signature", "embedded are: G3", "trust chain could not be verified");
  EXPECT_NE(ErrorAbout(report, "signature", "embedded are").cure.find("G4"), std::string::npos);
}

TEST(VerifyBundleTest, SeesACertificateOfAnotherPassOrTeam) {
  auto options = test::GoodLeaf();
  options.pass_type = PassTypeIdentifier("pass.com.example.other");
  options.team = TeamIdentifier("OTHER12345");
  const auto signer = test::SignerOf(options);
  const BundleReport report = VerifyFiles(test::SignAgain(test::Unpack(GoodBundle()), *signer));
  ExpectError(report, "pass.json", "pass.com.example.other", "may not match your certificate");
  ExpectError(report, "pass.json", "OTHER12345", "may not match your certificate");
}

TEST(VerifyBundleTest, SeesAMisissuedCertificate) {
  // As bad.pkpass of the Apple reference 8.1: the extension holds a friendly name.
  auto options = test::GoodLeaf();
  options.pass_type_extension = "Friendly name";
  const testing::ScratchDirectory directory;
  const auto leaf = test::Authority().Issue(options).value();
  Files files = test::Unpack(GoodBundle());
  const auto outcome = testing::RunProgram(
      "openssl cms -sign -binary -nosmimecap -md sha256 -outform DER -signer " +
      directory.Write("leaf.pem", leaf.certificate.ToPem()) + " -inkey " +
      directory.Write("key.pem", leaf.key.ToPem().RevealForSerialization()) + " -certfile " +
      directory.Write("wwdr.pem", test::Authority().intermediate().ToPem()) + " -in " +
      directory.Write("manifest.json", files["manifest.json"]) + " -out " +
      directory.Path("signature"));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  files["signature"] = directory.Read("signature");
  ExpectError(VerifyFiles(files), "signature", "1.2.840.113635.100.6.1.16");
}

TEST(VerifyBundleTest, SeesAnExpiredCertificate) {
  VerifyBundleOptions options = Options();
  options.now = ParseRfc3339("2028-06-01T00:00:00Z").value();
  const BundleReport late = VerifyBundle(GoodBundle(), options);
  ExpectError(late, "signature", "expired at 2027-11-01T00:00:00Z");
  EXPECT_EQ(ErrorAbout(late, "signature", "expired at 2027-11-01T00:00:00Z").id, "P04");
}

TEST(VerifyBundleTest, SeesACertificateThatIsNotValidYet) {
  VerifyBundleOptions options = Options();
  options.now = ParseRfc3339("2026-10-31T23:59:59Z").value();
  const BundleReport early = VerifyBundle(GoodBundle(), options);
  ExpectError(early, "signature", "is valid from 2026-11-01T00:00:00Z");
  EXPECT_EQ(ErrorAbout(early, "signature", "is valid from").id, "P04");
}

TEST(VerifyBundleTest, SeesAStrangersRoot) {
  const auto stranger =
      crypto::TestAuthority::Create({.not_before = test::Now() - std::chrono::hours(1),
                                     .not_after = test::Now() + std::chrono::hours(1)})
          .value();
  ExpectError(VerifyBundle(GoodBundle(), {.trust_anchors = {stranger.root()}}), "signature",
              "does not end at a given root");
}

TEST(VerifyBundleTest, AppliesTheRulesToPassJson) {
  struct Case {
    const char* patch;
    const char* pointer;
    const char* id;
  };
  for (const Case& one : {Case{R"({"serialNumber": 1})", "/serialNumber", "P07"},
                          Case{R"({"relevantDate": "2026-01-01"})", "/relevantDate", "P05"},
                          Case{R"({"coupon": {}})", "/coupon", "P02"},
                          Case{R"({"description": null})", "/description", "P01"}}) {
    Files files = test::Unpack(GoodBundle());
    Json pass = json::Parse(files["pass.json"], 1 << 20).value();
    json::MergePatch(pass, json::Parse(one.patch, 1 << 10).value());
    files["pass.json"] = json::Dump(pass);
    const BundleReport report = VerifyFiles(test::SignAgain(files, *test::Signer()));
    bool found = false;
    for (const BundleFinding& finding : report.findings) {
      found = found ||
              (finding.id == one.id && finding.pointer == one.pointer && !finding.wallet.empty());
    }
    EXPECT_TRUE(found) << one.patch << '\n' << Describe(report);
  }
}

TEST(VerifyBundleTest, WarnsOfASerialThatIsHardToCarry) {
  for (const std::string& serial : {std::string("a/b"), std::string(65, 'a')}) {
    Files files = test::Unpack(GoodBundle());
    Json pass = json::Parse(files["pass.json"], 1 << 20).value();
    pass["serialNumber"] = serial;
    files["pass.json"] = json::Dump(pass);
    const BundleReport report = VerifyFiles(test::SignAgain(files, *test::Signer()));
    EXPECT_TRUE(report.ok()) << Describe(report);
    ASSERT_EQ(report.findings.size(), 1u) << Describe(report);
    EXPECT_EQ(report.findings[0].id, "P27");
  }
}

TEST(VerifyBundleTest, SeesJsonThatIsNone) {
  for (const std::string& text :
       {std::string("{'a': 1}"), std::string("{\"a\": 1,}"), std::string("\xEF\xBB\xBF{}")}) {
    Files files = test::Unpack(GoodBundle());
    files["pass.json"] = text;
    ExpectError(VerifyFiles(test::SignAgain(files, *test::Signer())), "pass.json", "",
                "Badly formed object");
  }
}

TEST(VerifyBundleTest, SeesAMissingIconAndWhatIsNoPicture) {
  Files files = test::Unpack(GoodBundle());
  files.erase("icon@2x.png");
  files["logo.png"] = "GIF89a";
  BundleReport report = VerifyFiles(test::SignAgain(files, *test::Signer()));
  ExpectError(report, "logo.png", "not a picture");
  EXPECT_TRUE(ErrorAbout(report, "icon.png", "").id.empty());
  files.erase("icon.png");
  files.erase("icon@3x.png");
  report = VerifyFiles(test::SignAgain(files, *test::Signer()));
  ExpectError(report, "icon.png", "no icon", "does not contain icon.png");
}

TEST(VerifyBundleTest, ComparesTheLanguages) {
  Files files = test::Unpack(GoodBundle());
  std::string lines;
  AppendStringsLine("other", "x", lines);
  files["ru.lproj/pass.strings"] = EncodeStrings(lines);
  files["ru.lproj/logo.png"] = files["logo.png"];
  files["xx_long_name.lproj/pass.strings"] = "\"a\" = ";
  const BundleReport report = VerifyFiles(test::SignAgain(files, *test::Signer()));
  ExpectError(report, "ru.lproj/pass.strings", "is missing");
  ExpectError(report, "en.lproj/pass.strings", "\"other\" is missing");
  ExpectError(report, "xx_long_name.lproj", "no language");
  ExpectError(report, "xx_long_name.lproj/pass.strings", "line 1");
  EXPECT_NE(Describe(report).find("hides ru.lproj/logo.png"), std::string::npos);
}

TEST(CheckUpdateTest, KeepsWhatAnInstalledPassIsKnownBy) {
  const Json before = test::PassOf(test::CoffeeFiles());
  EXPECT_TRUE(CheckUpdate(before, before).empty());
  for (const char* key : {"passTypeIdentifier", "serialNumber", "authenticationToken"}) {
    Json after = before;
    after[key] = "other";
    const auto findings = CheckUpdate(before, after);
    ASSERT_EQ(findings.size(), 1u) << key;
    EXPECT_EQ(findings[0].level, design::Level::kError);
    EXPECT_EQ(findings[0].id, "U01");
  }
  Json after = before;
  after["webServiceURL"] = "https://other.example.com";
  after["coupon"] = after["storeCard"];
  after.erase("storeCard");
  const auto findings = CheckUpdate(before, after);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].level, design::Level::kWarning);
}

}  // namespace
}  // namespace passmint::apple
