#include "google/service_account.h"

#include <gtest/gtest.h>

#include "crypto/private_key.h"
#include "json/json.h"

namespace passmint::google {
namespace {

constexpr const char* kPem = "-----BEGIN PRIVATE KEY-----\nTUlJ\n-----END PRIVATE KEY-----\n";

Json File() {
  return {{"type", "service_account"},
          {"project_id", "demo"},
          {"private_key_id", "0123456789abcdef0123456789abcdef01234567"},
          {"private_key", kPem},
          {"client_email", "passmint@demo.iam.gserviceaccount.com"},
          {"token_uri", "https://oauth2.googleapis.com/token"}};
}

TEST(ServiceAccountTest, ReadsGooglesFile) {
  const auto account = ParseServiceAccount(json::Dump(File()));
  ASSERT_TRUE(account.ok());
  EXPECT_EQ(account.value().client_email, "passmint@demo.iam.gserviceaccount.com");
  EXPECT_EQ(account.value().private_key_pem.RevealForSerialization(), kPem);
  EXPECT_EQ(account.value().private_key_id.size(), 40u);
  EXPECT_EQ(account.value().token_uri, "https://oauth2.googleapis.com/token");
}

TEST(ServiceAccountTest, MendsLineFeedsThatBecameTwoCharacters) {
  Json file = File();
  file["private_key"] = "-----BEGIN PRIVATE KEY-----\\nTUlJ\\n-----END PRIVATE KEY-----\\n";
  const auto account = ParseServiceAccount(json::Dump(file));
  ASSERT_TRUE(account.ok());
  EXPECT_EQ(account.value().private_key_pem.RevealForSerialization(), kPem);
}

TEST(ServiceAccountTest, TheKeyInsideIsOneThatCryptoReads) {
  Json file = File();
  file["private_key"] = crypto::GenerateRsa2048().value().ToPem().RevealForSerialization();
  const auto account = ParseServiceAccount(json::Dump(file));
  ASSERT_TRUE(account.ok());
  EXPECT_TRUE(
      crypto::ParsePrivateKey(account.value().private_key_pem.RevealForSerialization(), Secret(""))
          .ok());
}

struct Wrong {
  const char* patch;
  const char* says;
  const char* pointer;
};

class WrongServiceAccountTest : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongServiceAccountTest, IsRefusedSayingWhatAndWhere) {
  Json file = File();
  json::MergePatch(file, Json::parse(GetParam().patch));
  const auto account = ParseServiceAccount(json::Dump(file));
  ASSERT_FALSE(account.ok());
  EXPECT_EQ(account.error().reason, "bad_service_account");
  EXPECT_NE(account.error().message.find(GetParam().says), std::string::npos)
      << account.error().message;
  EXPECT_EQ(account.error().message.find("TUlJ"), std::string::npos);
  EXPECT_FALSE(account.error().hint.empty());
  if (GetParam().pointer != nullptr) {
    ASSERT_FALSE(account.error().problems.empty());
    EXPECT_EQ(account.error().problems[0].pointer, GetParam().pointer);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, WrongServiceAccountTest,
    ::testing::Values(
        Wrong{R"({"client_email": null})", "\"client_email\" is missing", "/client_email"},
        Wrong{R"({"client_email": 5})", "\"client_email\" is not a text", "/client_email"},
        Wrong{R"({"client_email": "nobody"})", "no e-mail address", "/client_email"},
        Wrong{R"({"private_key": ""})", "\"private_key\" is empty", "/private_key"},
        Wrong{R"({"private_key": "TUlJ"})", "no PEM", "/private_key"},
        Wrong{R"({"private_key_id": null})", "\"private_key_id\" is missing", "/private_key_id"},
        Wrong{R"({"token_uri": "ftp://x"})", "does not begin with https://", "/token_uri"},
        Wrong{R"({"type": "authorized_user"})", "a person's own login", nullptr},
        Wrong{R"({"type": "external_account"})", "workload identity", nullptr},
        Wrong{R"({"type": "other"})", "is not \"service_account\"", nullptr},
        Wrong{R"({"installed": {}})", "OAuth client", nullptr}));

TEST(ServiceAccountTest, RefusesWhatIsNoJsonObject) {
  for (const char* text : {"", "[]", "{", "\"x\"", "-----BEGIN PRIVATE KEY-----"}) {
    const auto account = ParseServiceAccount(text);
    ASSERT_FALSE(account.ok()) << text;
    EXPECT_EQ(account.error().code, ErrorCode::kInvalidArgument) << text;
  }
  EXPECT_EQ(ParseServiceAccount(std::string(kServiceAccountBytesMax + 1, ' ')).error().code,
            ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace passmint::google
