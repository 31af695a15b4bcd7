#include "apple/pass_factory.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "crypto/cms.h"
#include "fixtures.h"
#include "support/outside_program.h"

namespace passmint::apple {
namespace {

using design::Sample;

class PassFactoryTest : public ::testing::Test {
 protected:
  std::shared_ptr<const design::Design> design_ = test::MustCompile(test::CoffeeFiles());
  PassFactory factory_ = test::MustMake(design_);

  std::string Build(Timestamp time, Sample sample = Sample::kTypical) const {
    return factory_.Build(test::Render(*design_, sample), test::Identity(), time).value();
  }
};

TEST_F(PassFactoryTest, HasEveryFileInItsPlace) {
  const auto files = test::Unpack(Build(test::Now()));
  for (const char* name :
       {"pass.json", "manifest.json", "signature", "icon.png", "icon@2x.png", "icon@3x.png",
        "logo@3x.png", "en.lproj/pass.strings", "ru.lproj/pass.strings"}) {
    EXPECT_TRUE(files.contains(name)) << name;
  }
  for (const auto& [name, bytes] : files) {
    EXPECT_EQ(name.find("google"), std::string::npos) << name;
  }
}

TEST_F(PassFactoryTest, GivesTheSameBytesForTheSameCard) {
  EXPECT_EQ(Build(test::Now()), Build(test::Now()));
  EXPECT_EQ(
      Build(test::Now()),
      test::MustMake(design_).Build(test::Render(*design_), test::Identity(), test::Now()).value());
}

TEST_F(PassFactoryTest, ChangesTheSignatureAloneAtAnotherTime) {
  auto one = test::Unpack(Build(test::Now()));
  auto other = test::Unpack(Build(test::Now() + std::chrono::hours(1)));
  EXPECT_NE(one["signature"], other["signature"]);
  one.erase("signature");
  other.erase("signature");
  EXPECT_EQ(one, other);
}

TEST_F(PassFactoryTest, IsAcceptedByOpenssl) {
  const testing::ScratchDirectory directory;
  for (const Sample sample : {Sample::kTypical, Sample::kEmpty, Sample::kLongest}) {
    const auto files = test::Unpack(Build(test::Now(), sample));
    const std::string command =
        "openssl cms -verify -binary -inform DER -purpose any -in " +
        directory.Write("signature", files.at("signature")) + " -content " +
        directory.Write("manifest.json", files.at("manifest.json")) + " -CAfile " +
        directory.Write("root.pem", test::Authority().root().ToPem()) + " -attime " +
        std::to_string(ToUnixSeconds(test::Now())) + " -out /dev/null";
    const auto outcome = testing::RunProgram(command);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  }
  const auto attributes = testing::RunProgram("openssl cms -cmsout -print -inform DER -in " +
                                              directory.Path("signature"));
  EXPECT_NE(attributes.output.find("signingTime"), std::string::npos);
  EXPECT_EQ(attributes.output.find("S/MIME Capabilities"), std::string::npos);
}

TEST_F(PassFactoryTest, IsReadByUnzipAndPython) {
  const testing::ScratchDirectory directory;
  const std::string file = directory.Write("card.pkpass", Build(test::Now()));
  const auto unzip = testing::RunProgram("unzip -t " + file);
  EXPECT_EQ(unzip.exit_code, 0) << unzip.output;
  const std::string script = directory.Write("check.py", R"(
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
manifest = json.loads(z.read("manifest.json"))
names = set(z.namelist()) - {"manifest.json", "signature"}
assert names == set(manifest), names ^ set(manifest)
for name in names:
    assert hashlib.sha1(z.read(name)).hexdigest() == manifest[name], name
keys = []
for language in ("en", "ru"):
    raw = z.read(language + ".lproj/pass.strings")
    assert raw[:2] == b"\xfe\xff"
    keys.append({line.split(" = ")[0] for line in raw[2:].decode("utf-16-be").splitlines()})
assert keys[0] == keys[1] and keys[0]
json.loads(z.read("pass.json"))
)");
  const auto python = testing::RunProgram("python3 " + script + " " + file);
  EXPECT_EQ(python.exit_code, 0) << python.output;
}

TEST_F(PassFactoryTest, ServesManyThreadsTheSameBytes) {
  const std::string wanted = Build(test::Now());
  std::vector<std::thread> threads;
  std::vector<std::string> built(4);
  for (std::size_t i = 0; i < built.size(); ++i) {
    threads.emplace_back([this, &built, i] {
      for (int round = 0; round < 5; ++round) {
        (void)Build(test::Now(), round % 2 == 0 ? Sample::kVip : Sample::kEmpty);
        built[i] = Build(test::Now());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& bytes : built) EXPECT_EQ(bytes, wanted);
}

TEST_F(PassFactoryTest, RefusesSerialsThatDoNotSurviveAUrl) {
  const design::RenderedCard card = test::Render(*design_);
  for (const std::string& serial :
       {std::string(), std::string("a/b"), std::string("ä"), std::string(65, 'a')}) {
    const auto bundle = factory_.Build(card, {.serial = SerialNumber(serial)}, test::Now());
    ASSERT_FALSE(bundle.ok()) << serial;
    EXPECT_EQ(bundle.error().reason, "bad_serial");
  }
  EXPECT_TRUE(factory_.Build(card, {.serial = SerialNumber("A.z_0~-")}, test::Now()).ok());
}

TEST_F(PassFactoryTest, FailsOnceTheCertificateHasExpired) {
  const auto bundle = factory_.Build(test::Render(*design_), test::Identity(),
                                     ParseRfc3339("2028-01-01T00:00:00Z").value());
  ASSERT_FALSE(bundle.ok());
  EXPECT_EQ(bundle.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(bundle.error().reason, "certificate_expired");
}

TEST_F(PassFactoryTest, RefusesACertificateOfAnotherPassType) {
  PassEnvironment environment = test::Environment();
  environment.pass_type = PassTypeIdentifier("pass.com.example.other");
  const auto factory = PassFactory::Make(design_, test::Signer(), environment);
  ASSERT_FALSE(factory.ok());
  EXPECT_EQ(factory.error().reason, "certificate_mismatch");
}

TEST_F(PassFactoryTest, RefusesNfcWithoutItsCertificate) {
  const auto design = test::MustCompile(
      test::Coffee(R"({"nfc": {"message": "{{card.number}}", "public_key": "MDkw"}})"));
  const auto factory = PassFactory::Make(design, test::Signer(), test::Environment());
  ASSERT_FALSE(factory.ok());
  EXPECT_EQ(factory.error().reason, "nfc_certificate_needed");
}

TEST(PassFactoryImagesTest, ShowThePictureOfEachCard) {
  auto files = test::Coffee(R"({"images": {"strip": [
      {"when": {"tier.name": "vip"}, "file": "strip-vip.png"}, {"file": "strip.png"}]}})");
  files["images/strip-vip@3x.png"] = test::Png(1125, 430);
  files["images/strip@3x.png"] = test::Png(1125, 432);
  const auto design = test::MustCompile(files);
  const PassFactory factory = test::MustMake(design);
  design::Values values = design::SampleValues(Sample::kTypical, "RUB");
  std::set<std::string> strips;
  for (const char* tier : {"vip", "start"}) {
    values.Set("tier.name", std::string(tier));
    const auto bundle = factory.Build(design->Render(values, design::CardState::kActive),
                                      test::Identity(), test::Now());
    strips.insert(test::Unpack(bundle.value()).at("strip@3x.png"));
  }
  EXPECT_EQ(strips.size(), 2u);
}

TEST(PassFactoryImagesTest, StandInTheFolderOfTheirLanguage) {
  auto files = test::CoffeeFiles();
  files["images/en/strip@3x.png"] = test::Png(1125, 432);
  files["images/ru/strip@3x.png"] = test::Png(1125, 430);
  const auto bundle = test::Unpack(test::Bundle(test::MustCompile(files)));
  EXPECT_TRUE(bundle.contains("en.lproj/strip@3x.png"));
  EXPECT_TRUE(bundle.contains("ru.lproj/strip@2x.png"));
  EXPECT_FALSE(bundle.contains("strip@3x.png")) << "it would hide the localised ones";
}

}  // namespace
}  // namespace passmint::apple
