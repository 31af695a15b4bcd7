#include <gtest/gtest.h>

#include <set>
#include <string>

#include "apple/lint.h"
#include "apple/pass_factory.h"
#include "apple/strings.h"
#include "apple/verify.h"
#include "crypto/digest.h"
#include "fixtures.h"

namespace passmint::apple {
namespace {

using design::CardState;
using design::Level;
using design::Sample;

// A P-256 key as SubjectPublicKeyInfo, made by openssl ecparam.
constexpr std::string_view kForm = R"({
  "nfc": {"message": "{{card.number}}",
          "public_key": "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgAChnz3XWi+eeEBbSv/nOwtq7P9ZjW/THF/iJctiP/PILw="},
  "personalization": {"description": "@description", "fields": ["email", "name", "phone"],
                      "terms": "@terms_text"}})";

// The coffee card with a sign-up form.
design::TemplateFiles Files(std::string_view patch = "{}") {
  Json merged = json::Parse(kForm, 1 << 20).value();
  json::MergePatch(merged, json::Parse(patch, 1 << 20).value());
  design::TemplateFiles files = test::Coffee(json::Dump(merged));
  files["images/personalizationLogo@3x.png"] = test::Png(450, 120);
  return files;
}

// The same, and its native patch takes the nfc away.
design::TemplateFiles FilesWithoutNativeNfc() {
  design::TemplateFiles files = Files();
  Json source = json::Parse(files["template.json"], 1 << 20).value();
  source["apple"] = {{"nfc", nullptr}};
  files["template.json"] = json::Dump(source);
  return files;
}

PassEnvironment NfcEnvironment() {
  PassEnvironment environment = test::Environment();
  environment.supports_nfc = true;
  return environment;
}

PassIdentity Unassigned() {
  PassIdentity identity = test::Identity();
  identity.unassigned = true;
  return identity;
}

PassFactory Factory(const std::shared_ptr<const design::Design>& design) {
  auto factory = PassFactory::Make(design, test::NfcSigner(), NfcEnvironment());
  if (!factory.ok()) ADD_FAILURE() << factory.error().message;
  return std::move(factory).value();
}

// The files of a bundle of those templates.
std::map<std::string, std::string> Build(const design::TemplateFiles& files,
                                         const PassIdentity& identity,
                                         CardState state = CardState::kActive) {
  const auto design = test::MustCompile(files);
  const PassFactory factory = Factory(design);
  const design::RenderedCard card = test::Render(*design, Sample::kEmpty, state);
  const auto bundle = factory.Build(card, identity, test::Now());
  if (!bundle.ok()) ADD_FAILURE() << bundle.error().message;
  auto unpacked = test::Unpack(bundle.value());
  EXPECT_EQ(factory.OffersPersonalization(card, identity),
            unpacked.contains("personalization.json"));
  return unpacked;
}

bool HasAnyPartOfTheForm(const std::map<std::string, std::string>& files) {
  for (const auto& [name, bytes] : files) {
    if (name.find("personalization") != std::string::npos) return true;
  }
  return false;
}

Json Parsed(const std::string& text) { return json::Parse(text, 1 << 20).value(); }

std::string Translated(const std::map<std::string, std::string>& files, const char* language,
                       const Json& key) {
  const auto strings = ParseStrings(files.at(std::string(language) + ".lproj/pass.strings"));
  return strings.value().at(key.get<std::string>());
}

TEST(PersonalizationTest, ComesWithACardThatIsNobodys) {
  const auto files = Build(Files(), Unassigned());
  const Json form = Parsed(files.at("personalization.json"));
  EXPECT_EQ(form["requiredPersonalizationFields"],
            Json({"PKPassPersonalizationFieldName", "PKPassPersonalizationFieldPhoneNumber",
                  "PKPassPersonalizationFieldEmailAddress"}));
  EXPECT_EQ(form.size(), 3u);
  for (const char* logo :
       {"personalizationLogo.png", "personalizationLogo@2x.png", "personalizationLogo@3x.png"}) {
    EXPECT_TRUE(files.contains(logo)) << logo;
  }
}

TEST(PersonalizationTest, IsTranslatedInPassStrings) {
  const auto files = Build(Files(), Unassigned());
  const Json form = Parsed(files.at("personalization.json"));
  EXPECT_EQ(Translated(files, "en", form["description"]), "Bean & Leaf card");
  EXPECT_EQ(Translated(files, "ru", form["description"]), "Карта Bean & Leaf");
  EXPECT_EQ(Translated(files, "en", form["termsAndConditions"]), "Points are good for a year.");
  EXPECT_EQ(Translated(files, "ru", form["termsAndConditions"]), "Баллы действуют год.");
}

TEST(PersonalizationTest, SaysTheSameInAllLanguagesWithoutAKey) {
  const auto files = Build(
      Files(R"({"personalization": {"description": "Join {{programme.name}}", "terms": null}})"),
      Unassigned());
  EXPECT_EQ(files.at("personalization.json"),
            R"({"description":"Join Bean & Leaf","requiredPersonalizationFields":)"
            R"(["PKPassPersonalizationFieldName","PKPassPersonalizationFieldPhoneNumber",)"
            R"("PKPassPersonalizationFieldEmailAddress"]})");
}

TEST(PersonalizationTest, IsCoveredByTheManifest) {
  const auto files = Build(Files(), Unassigned());
  const Json manifest = Parsed(files.at("manifest.json"));
  EXPECT_EQ(manifest["personalization.json"], crypto::Sha1Hex(files.at("personalization.json")));
  EXPECT_EQ(manifest["personalizationLogo.png"],
            crypto::Sha1Hex(files.at("personalizationLogo.png")));
}

TEST(PersonalizationTest, StaysAwayFromTheCardOfAMember) {
  const auto files = Build(Files(), test::Identity());
  EXPECT_FALSE(HasAnyPartOfTheForm(files));
  EXPECT_EQ(files.at("manifest.json").find("personalization"), std::string::npos);
}

TEST(PersonalizationTest, LeavesNoTraceInTheTextsOfAMembersPass) {
  const auto with = Build(Files(), test::Identity());
  const auto without = Build(Files(R"({"personalization": null})"), test::Identity());
  for (const char* name : {"pass.json", "en.lproj/pass.strings", "ru.lproj/pass.strings"}) {
    EXPECT_EQ(with.at(name), without.at(name)) << name;
  }
}

TEST(PersonalizationTest, StaysAwayFromAVoidedPass) {
  EXPECT_FALSE(HasAnyPartOfTheForm(Build(Files(), Unassigned(), CardState::kBlocked)));
  EXPECT_FALSE(HasAnyPartOfTheForm(Build(Files(), Unassigned(), CardState::kClosed)));
}

TEST(PersonalizationTest, StaysAwayWhereWalletWouldNotShowIt) {
  PassIdentity no_service = Unassigned();
  no_service.authentication_token = nullptr;
  EXPECT_FALSE(HasAnyPartOfTheForm(Build(Files(), no_service)));
  // Of the sample without a member nobody knows the name.
  EXPECT_FALSE(HasAnyPartOfTheForm(
      Build(Files(R"({"nfc": {"message": "{{member.name}}"}})"), Unassigned())));
  EXPECT_FALSE(HasAnyPartOfTheForm(Build(FilesWithoutNativeNfc(), Unassigned())));
  EXPECT_FALSE(HasAnyPartOfTheForm(
      Build(Files(R"({"personalization": {"description": "{{member.name}}"}})"), Unassigned())));
  design::TemplateFiles no_logo = Files();
  no_logo.erase("images/personalizationLogo@3x.png");
  EXPECT_FALSE(HasAnyPartOfTheForm(Build(no_logo, Unassigned())));
}

TEST(PersonalizationTest, GivesBothKindsOfPassesFromOneFactory) {
  const auto design = test::MustCompile(Files());
  const PassFactory factory = Factory(design);
  const design::RenderedCard card = test::Render(*design, Sample::kEmpty);
  for (int round = 0; round < 2; ++round) {
    for (const bool unassigned : {false, true}) {
      const auto bundle =
          factory.Build(card, unassigned ? Unassigned() : test::Identity(), test::Now());
      EXPECT_EQ(HasAnyPartOfTheForm(test::Unpack(bundle.value())), unassigned);
    }
  }
}

std::string Describe(const BundleReport& report) {
  std::string text;
  for (const BundleFinding& finding : report.findings) {
    text += finding.id + ' ' + std::string(Name(finding.level)) + ' ' + finding.file +
            finding.pointer + ": " + finding.cause + '\n';
  }
  return text;
}

// What the self-check says about a signed bundle with these files.
BundleReport Verify(const std::map<std::string, std::string>& files) {
  return VerifyBundle(test::Pack(test::SignAgain(files, *test::NfcSigner())),
                      {.trust_anchors = {test::Authority().root()}});
}

void ExpectError(const std::map<std::string, std::string>& files, const std::string& pointer,
                 const std::string& cause) {
  const BundleReport report = Verify(files);
  EXPECT_FALSE(report.ok());
  for (const BundleFinding& finding : report.findings) {
    if (finding.id == "P25" && finding.level == Level::kError && finding.pointer == pointer &&
        finding.cause.find(cause) != std::string::npos) {
      EXPECT_FALSE(finding.cure.empty());
      return;
    }
  }
  ADD_FAILURE() << "no P25 at " << pointer << " among\n" << Describe(report);
}

TEST(VerifyPersonalizationTest, FindsNothingWrongWithOurs) {
  const BundleReport report = Verify(Build(Files(), Unassigned()));
  EXPECT_TRUE(report.ok()) << Describe(report);
  EXPECT_EQ(Describe(report), "");
}

TEST(VerifyPersonalizationTest, ChecksTheForm) {
  auto files = Build(Files(), Unassigned());
  const auto with = [&files](const std::string& form) {
    files["personalization.json"] = form;
    return files;
  };
  ExpectError(with("{"), "", "");
  ExpectError(with("[]"), "", "no JSON object");
  ExpectError(with("{}"), "/description", "missing");
  ExpectError(with("{}"), "/requiredPersonalizationFields", "asks for nothing");
  ExpectError(with(R"({"description": 1, "requiredPersonalizationFields": []})"), "/description",
              "no text");
  ExpectError(with(R"({"description": "x", "requiredPersonalizationFields": ["Name"]})"),
              "/requiredPersonalizationFields/0", "Name");
  ExpectError(with(R"({"description": "x", "termsAndConditions": {},
                       "requiredPersonalizationFields": ["PKPassPersonalizationFieldName"]})"),
              "/termsAndConditions", "no text");
}

TEST(VerifyPersonalizationTest, ChecksWhatTheFormNeeds) {
  const auto good = Build(Files(), Unassigned());
  auto no_logo = good;
  for (const char* name :
       {"personalizationLogo.png", "personalizationLogo@2x.png", "personalizationLogo@3x.png"}) {
    no_logo.erase(name);
  }
  ExpectError(no_logo, "", "personalizationLogo");
  auto no_nfc = good;
  Json pass = Parsed(good.at("pass.json"));
  pass.erase("nfc");
  no_nfc["pass.json"] = json::Dump(pass);
  ExpectError(no_nfc, "", "no nfc");
  pass = Parsed(good.at("pass.json"));
  pass.erase("webServiceURL");
  no_nfc["pass.json"] = json::Dump(pass);
  ExpectError(no_nfc, "", "no web service");
}

TEST(VerifyPersonalizationTest, WarnsOfAKeyWithoutTranslationAndOfALonelyLogo) {
  auto files = Build(Files(), Unassigned());
  Json form = Parsed(files.at("personalization.json"));
  form["description"] = std::string(kStringsKeyPrefix) + "0000000000000000";
  files["personalization.json"] = json::Dump(form);
  EXPECT_NE(Describe(Verify(files)).find("P24 warning personalization.json"), std::string::npos);
  files.erase("personalization.json");
  const BundleReport lonely = Verify(files);
  EXPECT_TRUE(lonely.ok());
  EXPECT_NE(Describe(lonely).find("P25 warning personalizationLogo.png"), std::string::npos);
}

// The P25 findings of a template, as "pointer: cause".
std::set<std::string> Lint(const design::TemplateFiles& files) {
  std::set<std::string> found;
  for (const auto& finding :
       apple::Lint(*test::MustCompile(files), NfcEnvironment(), test::Now())) {
    if (finding.id != "P25") continue;
    EXPECT_EQ(finding.level, Level::kError);
    EXPECT_FALSE(finding.cure.empty());
    found.insert(finding.pointer);
  }
  return found;
}

TEST(LintPersonalizationTest, FindsNothingWrongWithAFormThatShows) {
  EXPECT_EQ(Lint(Files()), std::set<std::string>());
  EXPECT_EQ(Lint(Files(R"({"personalization": {"fields": ["phone"]}})")), std::set<std::string>());
  // Native nfc serves as well.
  const Json nfc = Parsed(std::string(kForm))["nfc"];
  const Json native = {
      {"nfc", nullptr},
      {"apple", {{"nfc", {{"message", "42"}, {"encryptionPublicKey", nfc["public_key"]}}}}}};
  EXPECT_EQ(Lint(Files(json::Dump(native))), std::set<std::string>());
}

TEST(LintPersonalizationTest, SaysThatAFormCanNeverShow) {
  const std::set<std::string> whole = {"/personalization"};
  EXPECT_EQ(Lint(Files(R"({"nfc": null})")), whole);
  EXPECT_EQ(Lint(Files(R"({"nfc": {"message": "{{member.name}}"}})")), whole);
  EXPECT_EQ(Lint(FilesWithoutNativeNfc()), whole);
  design::TemplateFiles no_logo = Files();
  no_logo.erase("images/personalizationLogo@3x.png");
  EXPECT_EQ(Lint(no_logo), whole);
  EXPECT_EQ(Lint(Files(R"({"personalization": {"description": "{{member.name}}"}})")),
            std::set<std::string>({"/personalization/description"}));
}

TEST(LintPersonalizationTest, SaysThatNobodyCouldSignUp) {
  EXPECT_EQ(Lint(Files(R"({"personalization": {"fields": ["name", "postal_code"]}})")),
            std::set<std::string>({"/personalization/fields"}));
}

}  // namespace
}  // namespace passmint::apple
