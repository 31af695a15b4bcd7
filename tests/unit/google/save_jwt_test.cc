#include "google/save_jwt.h"

#include <gtest/gtest.h>

#include "crypto/private_key.h"
#include "unit/google/sample_design.h"

namespace passmint::google {
namespace {

constexpr Timestamp kNow = FromMicros(1'795'255'200'000'000);  // 2026-11-21T10:00:00Z

class SaveJwtTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    key_ = new crypto::PrivateKey(crypto::GenerateRsa2048().value());
    signer_ = new crypto::Rs256Signer(crypto::Rs256Signer::Create(*key_).value());
  }
  static void TearDownTestSuite() {
    delete signer_;
    delete key_;
  }

  static Json Claims(const std::string& jwt) {
    const auto text = crypto::VerifyRs256(jwt, key_->PublicKeyPem());
    return json::Parse(text.value(), text.value().size()).value();
  }

  static crypto::PrivateKey* key_;
  static crypto::Rs256Signer* signer_;
  const SaveClaims claims_{.service_account_email = "passmint@demo.iam.gserviceaccount.com",
                           .origins = {}};
};

crypto::PrivateKey* SaveJwtTest::key_ = nullptr;
crypto::Rs256Signer* SaveJwtTest::signer_ = nullptr;

TEST_F(SaveJwtTest, CarriesTheObjectAndGooglesClaims) {
  const Json object = testing::Make(testing::SmallTemplate(Vertical::kLoyalty)).object;
  const auto jwt = SaveJwt(*signer_, claims_, Vertical::kLoyalty, object, kNow);
  ASSERT_TRUE(jwt.ok()) << jwt.error().message;
  const Json claims = Claims(jwt.value());
  EXPECT_EQ(claims["iss"], "passmint@demo.iam.gserviceaccount.com");
  EXPECT_EQ(claims["aud"], "google");
  EXPECT_EQ(claims["typ"], "savetowallet");
  EXPECT_EQ(claims["iat"], 1'795'255'140) << "a minute ago, for clocks that are behind";
  EXPECT_FALSE(claims.contains("exp"));
  EXPECT_FALSE(claims.contains("origins"));
  EXPECT_EQ(claims["payload"]["loyaltyObjects"], Json::array({object}));
  EXPECT_LE(jwt.value().size(), kJwtLengthMax);
}

TEST_F(SaveJwtTest, ByIdSaysNothingAboutTheCustomer) {
  SaveClaims claims = claims_;
  claims.origins = {"https://shop.example.com", "https://a\"b"};
  const auto jwt =
      SaveJwtById(*signer_, claims, Vertical::kGeneric, ClassId("77.c"), ObjectId("77.o"), kNow);
  ASSERT_TRUE(jwt.ok());
  const Json read = Claims(jwt.value());
  EXPECT_EQ(read["origins"], (Json::array({"https://shop.example.com", "https://a\"b"})));
  EXPECT_EQ(json::Dump(read["payload"]), R"({"genericObjects":[{"classId":"77.c","id":"77.o"}]})");
}

TEST_F(SaveJwtTest, TheLengthIsKnownBeforeSigning) {
  for (const std::size_t pad : {0U, 1U, 2U, 3U}) {
    const Json object = {{"id", "77.o"}, {"x", std::string(pad, 'x')}};
    const auto jwt = SaveJwt(*signer_, claims_, Vertical::kOffer, object, kNow);
    EXPECT_EQ(SaveJwtLength(SaveClaimsJson(claims_, Vertical::kOffer, object, kNow).size()),
              jwt.value().size());
  }
}

TEST_F(SaveJwtTest, ALinkBeyondWhatBrowsersKeepIsRefusedWithTheCure) {
  const Json object = {{"id", "77.o"}, {"x", std::string(1200, 'x')}};
  const auto jwt = SaveJwt(*signer_, claims_, Vertical::kOffer, object, kNow);
  ASSERT_FALSE(jwt.ok());
  EXPECT_EQ(jwt.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(jwt.error().reason, "google_link_too_long");
  EXPECT_NE(jwt.error().hint.find("G18"), std::string::npos);
}

TEST_F(SaveJwtTest, AnObjectThatIsTooLongIsCarriedInTheMembersLanguage) {
  Json object = testing::Make(testing::SmallTemplate(Vertical::kGeneric)).object;
  SaveClaims claims = claims_;
  claims.language = "ru-RU";
  ASSERT_GT(SaveJwtLength(SaveClaimsJson(claims, Vertical::kGeneric, object, kNow).size()),
            kJwtLengthMax);
  const auto jwt = SaveJwt(*signer_, claims, Vertical::kGeneric, object, kNow);
  ASSERT_TRUE(jwt.ok()) << jwt.error().message;
  EXPECT_LE(jwt.value().size(), kJwtLengthMax);
  const Json carried = Claims(jwt.value())["payload"]["genericObjects"][0];
  EXPECT_EQ(carried["subheader"],
            Json::parse(R"({"defaultValue": {"language": "ru", "value": "Имя"}})"));
  EXPECT_EQ(carried["textModulesData"][0]["header"], "С нами с");
  EXPECT_FALSE(carried["textModulesData"][0].contains("localizedHeader"));
  EXPECT_FALSE(carried["logo"].contains("contentDescription"));
  EXPECT_TRUE(carried.contains("heroImage"));
}

TEST(LinkFormTest, AnUnknownLanguageIsTheTemplatesFirstAndTextsAreNeverLeftOut) {
  const Json object = testing::Make(testing::SmallTemplate(Vertical::kGeneric)).object;
  const Json carried = InForm(object, LinkForm::kTextsOnly, "fr");
  EXPECT_EQ(carried["subheader"]["defaultValue"]["value"], "Name");
  EXPECT_EQ(carried["textModulesData"].size(), object["textModulesData"].size());
  EXPECT_FALSE(carried.contains("heroImage"));
  EXPECT_TRUE(carried.contains("logo"));
  EXPECT_EQ(InForm(object, LinkForm::kWhole, "ru"), object);
}

TEST(LinkFormTest, ATextWithoutAPlainTwinStaysLocalized) {
  const Json object = Json::parse(R"({"textModulesData": [{"id": "a", "localizedBody": {
      "defaultValue": {"language": "en", "value": "x"},
      "translatedValues": [{"language": "ru", "value": "y"}]}}]})");
  EXPECT_EQ(InForm(object, LinkForm::kOneLanguage, "ru"), Json::parse(R"({"textModulesData": [
      {"id": "a", "localizedBody": {"defaultValue": {"language": "ru", "value": "y"}}}]})"));
}

TEST(SaveUrlTest, IsTheSettingAndTheToken) {
  EXPECT_EQ(SaveUrl("https://pay.google.com/gp/v/save/", "a.b.c"),
            "https://pay.google.com/gp/v/save/a.b.c");
  EXPECT_EQ(SaveUrl("http://127.0.0.1:9/save", "a.b.c"), "http://127.0.0.1:9/save/a.b.c");
}

}  // namespace
}  // namespace passmint::google
