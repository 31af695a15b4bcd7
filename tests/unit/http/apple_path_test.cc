#include "http/apple_path.h"

#include <gtest/gtest.h>

#include <string>

namespace passmint::http {
namespace {

using Kind = ApplePath::Kind;

TEST(ApplePathTest, NamesEveryEndpoint) {
  const ApplePath registration =
      ParseApplePath("POST", "/apple/v1/devices/d1/registrations/pass.com.example/s1");
  EXPECT_EQ(registration.kind, Kind::kRegistration);
  EXPECT_EQ(registration.device.str(), "d1");
  EXPECT_EQ(registration.pass_type.str(), "pass.com.example");
  EXPECT_EQ(registration.serial.str(), "s1");
  EXPECT_EQ(ParseApplePath("GET", "/apple/v1/devices/d1/registrations/pass.com.example").kind,
            Kind::kRegistrations);
  EXPECT_EQ(ParseApplePath("GET", "/apple/v1/passes/pass.com.example/s1").kind, Kind::kPass);
  const ApplePath personalize =
      ParseApplePath("POST", "/apple/v1/passes/pass.com.example/s1/personalize");
  EXPECT_EQ(personalize.kind, Kind::kPersonalize);
  EXPECT_EQ(personalize.serial.str(), "s1");
  EXPECT_EQ(ParseApplePath("POST", "/apple/v1/log").kind, Kind::kLog);
}

TEST(ApplePathTest, DecodesWhatAPhoneEncodedTwiceOnceOrNotAtAll) {
  for (const char* serial : {"a%2520b%25C3%25A9", "a%20b%C3%A9", "a%20b%25C3%25A9"}) {
    const ApplePath path = ParseApplePath("GET", std::string("/apple/v1/passes/p/") + serial);
    EXPECT_EQ(path.kind, Kind::kPass) << serial;
    EXPECT_EQ(path.serial.str(), "a bé") << serial;
  }
  EXPECT_EQ(ParseApplePath("GET", "/apple/v1/passes/p/100%25").serial.str(), "100%");
  EXPECT_EQ(ParseApplePath("GET", "/apple/v1/passes/p/100%2525").serial.str(), "100%");
}

TEST(ApplePathTest, TakesRawSlashesAsPartOfTheSerialNumber) {
  const std::string serial = "H8JP44-ORD07/09/25-A//B";
  EXPECT_EQ(ParseApplePath("GET", "/apple/v1/passes/p/" + serial).serial.str(), serial);
  EXPECT_EQ(ParseApplePath("POST", "/apple/v1/devices/d/registrations/p/" + serial).serial.str(),
            serial);
  EXPECT_EQ(ParseApplePath("POST", "/apple/v1/passes/p/" + serial + "/personalize").serial.str(),
            serial);
  EXPECT_EQ(ParseApplePath("GET", "/apple/v1/passes/p/x/personalize").serial.str(),
            "x/personalize");
}

TEST(ApplePathTest, RefusesNamesThatAreTooLongOrNoText) {
  const std::string longest(kAppleNameBytesMax, 'd');
  const auto list = [](const std::string& device) {
    return ParseApplePath("GET", "/apple/v1/devices/" + device + "/registrations/p").kind;
  };
  EXPECT_EQ(list(longest), Kind::kRegistrations);
  EXPECT_EQ(list(longest + "d"), Kind::kMalformed);
  EXPECT_EQ(list(std::string(10'000, 'd')), Kind::kMalformed);
  EXPECT_EQ(list("a%0Ab"), Kind::kMalformed);
  EXPECT_EQ(list("a%2500b"), Kind::kMalformed);
  EXPECT_EQ(list("%FF"), Kind::kMalformed);
  EXPECT_EQ(list("%2"), Kind::kMalformed);
}

TEST(ApplePathTest, KnowsNothingElse) {
  for (const char* path :
       {"/apple/v1/", "/apple/v1", "/apple/v2/log", "/apple/v1/log/", "/apple/v1/devices/d",
        "/apple/v1/devices//registrations/p", "/apple/v1/devices/d/registrations",
        "/apple/v1/devices/d/registrations/", "/apple/v1/passes/p", "/apple/v1/passes/p/",
        "/apple/v1/Passes/p/s", "/api/v1/cards"}) {
    EXPECT_EQ(ParseApplePath("GET", path).kind, Kind::kUnknown) << path;
  }
}

}  // namespace
}  // namespace passmint::http
