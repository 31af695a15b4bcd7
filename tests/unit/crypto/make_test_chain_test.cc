// certs.example/make_test_chain, judged by our own reader.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "crypto/cms.h"
#include "unit/crypto/support.h"

namespace passmint::crypto {
namespace {

using testing::Folder;
using testing::Ran;
using testing::Shell;

const std::string kExamples = std::string(PASSMINT_SOURCE_DIR) + "/certs.example";

Ran Make(const std::string& arguments) {
  return Shell("'" + kExamples + "/make_test_chain' " + arguments);
}

TEST(MakeTestChainTest, MakesAnIdentityThatSigns) {
  const Folder folder;
  const Ran made =
      Make("--nfc --pass-type pass.org.shop.card --team ABCDE12345 " + folder.path() + "/certs");
  ASSERT_EQ(made.exit_code, 0) << made.output;
  const Certificate leaf = ParseCertificate(folder.Read("certs/pass.pem")).value();
  const PrivateKey key = ParsePrivateKey(folder.Read("certs/pass.key"), Secret("")).value();
  const Certificate wwdr = ParseCertificate(folder.Read("certs/wwdr/test-g4.pem")).value();
  const Certificate root = ParseCertificate(folder.Read("certs/test-root.pem")).value();
  const Timestamp now = leaf.not_before() + std::chrono::hours(1);
  const auto identity = MakeSigningIdentity(leaf, key, {wwdr}, now);
  ASSERT_TRUE(identity.ok()) << identity.error().message;
  EXPECT_EQ(identity.value().pass_type().str(), "pass.org.shop.card");
  EXPECT_EQ(identity.value().team().str(), "ABCDE12345");
  EXPECT_TRUE(identity.value().supports_nfc());
  const auto signature = SignDetached(identity.value(), "manifest", now);
  EXPECT_TRUE(VerifyDetached(signature.value(), "manifest", {root}).value().verified());

  struct stat about = {};
  ASSERT_EQ(stat((folder.path() + "/certs/pass.key").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777u, 0600u);

  const Ran again = Make(folder.path() + "/certs");
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_NE(again.output.find("already there"), std::string::npos) << again.output;
}

TEST(MakeTestChainTest, RefusesTheRepositorysOwnFolder) {
  for (const std::string& folder : {kExamples, kExamples + "/x", kExamples + "/../certs.example"}) {
    const Ran made = Make("'" + folder + "'");
    EXPECT_EQ(made.exit_code, 1);
    EXPECT_NE(made.output.find("private keys are not"), std::string::npos) << made.output;
  }
  EXPECT_FALSE(std::filesystem::exists(kExamples + "/wwdr"));
}

TEST(MakeTestChainTest, RefusesWrongUse) {
  for (const std::string arguments :
       {"", "--days 0 x", "--days", "--unknown x", "a b", "--pass-type com.example x",
        "--pass-type 'pass.a\nCA:TRUE' x", "--team '../x' x"}) {
    EXPECT_EQ(Make(arguments).exit_code, 2) << arguments;
  }
}

TEST(CertsExampleTest, HoldsNoPrivateKey) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kExamples)) {
    if (!entry.is_regular_file()) continue;
    const Ran found =
        Shell("grep -l -e '-----BEGIN .*PRIVATE KEY-----' '" + entry.path().string() + "'");
    EXPECT_NE(found.exit_code, 0) << entry.path();
  }
}

}  // namespace
}  // namespace passmint::crypto
