#include "issuance/draft_pass.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "apple/strings.h"
#include "apple/verify.h"
#include "crypto/test_authority.h"
#include "json/json.h"
#include "unit/issuance/fixture.h"
#include "zip/reader.h"

namespace passmint::issuance {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// One for all tests: its keys take a while.
const crypto::TestAuthority& Authority(Timestamp now) {
  static const crypto::TestAuthority authority =
      crypto::TestAuthority::Create({.not_before = now - hours(24), .not_after = now + hours(9000)})
          .value();
  return authority;
}

// The smallest shipped card as a draft.
class DraftPassTest : public IssuanceTest {
 protected:
  DraftPassTest() {
    const Timestamp now = clock_.Now();
    const auto leaf = Authority(now)
                          .Issue({.pass_type = PassTypeIdentifier("pass.com.example.test"),
                                  .team = TeamIdentifier("TEAM123456"),
                                  .not_before = now - hours(1),
                                  .not_after = now + hours(100)})
                          .value();
    const auto identity = crypto::MakeSigningIdentity(leaf.certificate, leaf.key,
                                                      {Authority(now).intermediate()}, now);
    programme_.apple = std::make_shared<const crypto::ManifestSigner>(
        crypto::ManifestSigner::Create(identity.value()).value());
  }

  static std::string ReadFile(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  // The folder with `patch` (RFC 7396) on its template.json.
  static design::TemplateFiles Folder(const std::string& patch = "{}") {
    const std::filesystem::path root =
        std::filesystem::path(PASSMINT_SOURCE_DIR) / "templates/minimal";
    design::TemplateFiles files;
    for (const char* file : {"locales/en.json", "locales/ru.json", "images/logo@3x.png"}) {
      files[file] = ReadFile(root / file);
    }
    Json source = json::Parse(ReadFile(root / "template.json"), 1 << 20).value();
    json::MergePatch(source, json::Parse(patch, 1 << 20).value());
    files["template.json"] = json::Dump(source);
    return files;
  }

  Result<std::string> Build(const design::TemplateFiles& files,
                            const std::string& name = "spring") const {
    return BuildDraftPass(files, site_, programme_,
                          {.programme = programme_.programme.id, .name = TemplateName(name)},
                          clock_.Now());
  }

  // The files of the pass that is built; none if it is not.
  std::map<std::string, std::string> Files(const design::TemplateFiles& files,
                                           const std::string& name = "spring") const {
    std::map<std::string, std::string> found;
    const auto bundle = Build(files, name);
    EXPECT_TRUE(bundle.ok()) << bundle.error().message;
    if (!bundle.ok()) return found;
    const zip::Archive archive = zip::ReadArchive(bundle.value()).value();
    for (const zip::Entry& entry : archive.entries) found.emplace(entry.name, entry.bytes);
    return found;
  }

  Json Pass(const design::TemplateFiles& files, const std::string& name = "spring") const {
    return json::Parse(Files(files, name)["pass.json"], 1 << 20).value();
  }

  std::string Link(Timestamp now) const {
    return SignDraftLink(site_,
                         {.programme = programme_.programme.id,
                          .name = TemplateName("spring"),
                          .sample = design::Sample::kVip},
                         now)
        .value()
        .RevealForSerialization();
  }
};

TEST_F(DraftPassTest, ALinkSaysWhichDraftAndWhichMember) {
  const auto link = ReadDraftLink(site_, Link(clock_.Now()), clock_.Now());
  ASSERT_TRUE(link.ok());
  EXPECT_EQ(link.value().programme, programme_.programme.id);
  EXPECT_EQ(link.value().name.str(), "spring");
  EXPECT_EQ(link.value().sample, design::Sample::kVip);
}

TEST_F(DraftPassTest, ALinkEndsAfterAnHour) {
  const Timestamp now = clock_.Now();
  const std::string token = Link(now);
  EXPECT_TRUE(ReadDraftLink(site_, token, now + kDraftLinkLife - seconds(1)).ok());
  const auto late = ReadDraftLink(site_, token, now + kDraftLinkLife);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(late.error().reason, "no_such_link");
}

TEST_F(DraftPassTest, ALinkWithAnyCharacterChangedIsNone) {
  const std::string token = Link(clock_.Now());
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == '1' ? '2' : '1';
    EXPECT_FALSE(ReadDraftLink(site_, changed, clock_.Now()).ok()) << i;
  }
  for (const std::string& wrong : {std::string(), std::string("."), std::string("a.b.c.d.e"),
                                   token + "0", "x." + token, std::string(100'000, '.')}) {
    EXPECT_FALSE(ReadDraftLink(site_, wrong, clock_.Now()).ok());
  }
}

TEST_F(DraftPassTest, ALinkOfAnotherMasterKeyIsNone) {
  Site other = site_;
  const Secret file("k1:ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
  other.keys = std::make_shared<const crypto::KeyRing>(crypto::KeyRing::Parse(file).value());
  EXPECT_FALSE(ReadDraftLink(other, Link(clock_.Now()), clock_.Now()).ok());
}

TEST_F(DraftPassTest, SaysDraftInEveryLanguageAndKeepsItsOwnText) {
  const Json literal = Pass(Folder(R"({"logo_text": "Bean & Leaf"})"));
  EXPECT_EQ(literal["logoText"], "DRAFT · Bean & Leaf");
  EXPECT_EQ(Pass(Folder(R"({"logo_text": "@@home"})"))["logoText"], "DRAFT · @home");
  EXPECT_EQ(Pass(Folder(R"({"logo_text": null})"))["logoText"], "DRAFT · ");

  auto files = Folder(R"({"logo_text": "@brand"})");
  files["locales/en.json"] = json::Dump({{"brand", "Bean"}});
  files["locales/ru.json"] = json::Dump({{"brand", "Зерно"}});
  // What the smallest card's other texts say is no matter here.
  Json main = json::Parse(files["template.json"], 1 << 20).value();
  main["fields"] = Json::object();
  main["description"] = "A card";
  files["template.json"] = json::Dump(main);
  auto built = Files(files);
  const Json pass = json::Parse(built["pass.json"], 1 << 20).value();
  const std::string key = pass["logoText"].get<std::string>();
  EXPECT_EQ(apple::ParseStrings(built["en.lproj/pass.strings"]).value()[key], "DRAFT · Bean");
  EXPECT_EQ(apple::ParseStrings(built["ru.lproj/pass.strings"]).value()[key], "DRAFT · Зерно");
}

TEST_F(DraftPassTest, EndsByItselfAndHasNoTieToARealCard) {
  const Json pass = Pass(Folder());
  EXPECT_EQ(pass["expirationDate"],
            FormatRfc3339(std::chrono::floor<seconds>(clock_.Now() + kDraftPassLife)));
  EXPECT_FALSE(pass.contains("webServiceURL"));
  EXPECT_FALSE(pass.contains("authenticationToken"));
  EXPECT_TRUE(pass["serialNumber"].get<std::string>().starts_with("draft-"));
  EXPECT_EQ(Pass(Folder())["serialNumber"], pass["serialNumber"]) << "it takes its own place";
  EXPECT_NE(Pass(Folder(), "autumn")["serialNumber"], pass["serialNumber"]);
}

TEST_F(DraftPassTest, IsNotUnmarkedByNativeKeysOfTheTemplate) {
  const Json pass =
      Pass(Folder(R"({"apple": {"logoText": "Real", "expirationDate": "2099-01-01T00:00:00Z"}})"));
  EXPECT_TRUE(pass["logoText"].get<std::string>().starts_with("DRAFT"));
  EXPECT_NE(pass["expirationDate"], "2099-01-01T00:00:00Z");
}

TEST_F(DraftPassTest, IsAPassThatVerifies) {
  const auto bundle = Build(Folder());
  ASSERT_TRUE(bundle.ok()) << bundle.error().message;
  const auto report = apple::VerifyBundle(
      bundle.value(), {.trust_anchors = {Authority(clock_.Now()).root()}, .now = clock_.Now()});
  for (const apple::BundleFinding& finding : report.findings) {
    EXPECT_NE(finding.level, design::Level::kError) << finding.id << ' ' << finding.cause;
  }
}

TEST_F(DraftPassTest, IsNotBuiltOfADraftWithErrors) {
  const auto bundle = Build(Folder(R"({"logo_text": "{{member.sinse}}"})"));
  ASSERT_FALSE(bundle.ok());
  EXPECT_EQ(bundle.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(bundle.error().reason, "does_not_lint");
  EXPECT_FALSE(Build({}).ok());
  EXPECT_FALSE(Build({{"template.json", "[]"}}).ok());
}

TEST_F(DraftPassTest, NeedsACertificateAndSaysWhetherPhonesTakeIt) {
  EXPECT_FALSE(IsForPhones(programme_)) << "a test authority is not Apple";
  programme_.apple = nullptr;
  EXPECT_FALSE(IsForPhones(programme_));
  const auto bundle = Build(Folder());
  ASSERT_FALSE(bundle.ok());
  EXPECT_EQ(bundle.error().code, ErrorCode::kConflict);
  EXPECT_EQ(bundle.error().reason, "no_certificate");
}

}  // namespace
}  // namespace passmint::issuance
