#include "http/personalize_endpoint.h"

#include <gtest/gtest.h>

#include <string>

#include "card_page_fixture.h"
#include "http/apple_service.h"
#include "http/service.h"

namespace passmint::http {
namespace {

constexpr const char* kPathBefore = "/apple/v1/passes/pass.com.example.test/";
constexpr const char* kBody =
    R"({"personalizationToken": "abc", "requiredPersonalizationInfo": {"phoneNumber": "+79210000000"}})";

// What it does with cards is issuance's: tests/unit/issuance/personalize_test.cc.
class PersonalizeEndpointTest : public CardPageTest {
 protected:
  static Request SignUp(const std::string& serial, const std::string& body = kBody,
                        const std::string& client = "192.0.2.1") {
    return {.method = "POST",
            .target = kPathBefore + serial + "/personalize",
            .client_address = client,
            .headers = {},
            .body = body};
  }

  Response Ask(PersonalizeEndpoint& endpoint, const Request& request) {
    return endpoint.Handle(request, ParseApplePath(request.method, request.path()));
  }
};

TEST_F(PersonalizeEndpointTest, AnswersErrorsWithoutABody) {
  ConfigureApple();
  PersonalizeEndpoint endpoint(context_);
  const cards::Card card = MakeCard("Anna");
  const std::string serial = card.serial.str();
  const auto expect = [&](int status, const Request& request) {
    const Response response = Ask(endpoint, request);
    EXPECT_EQ(response.status, status) << request.body;
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(response.content_type, "");
  };
  expect(401, SignUp("unknown"));
  expect(409, SignUp(serial));  // It is Anna's.
  expect(400, SignUp(serial, ""));
  expect(400, SignUp(serial, R"({"personalizationToken": "a", "personalizationToken": "b"})"));
  expect(422, SignUp(serial, "{}"));
  expect(422, SignUp(serial, R"({"personalizationToken": 1})"));
  expect(422, SignUp(serial, R"({"personalizationToken": "a", "requiredPersonalizationInfo": 1})"));
  expect(413, SignUp(serial, std::string(kPersonalizeBytesMax + 1, ' ')));
}

TEST_F(PersonalizeEndpointTest, TakesAnEmptyTextForNone) {
  ConfigureApple();
  PersonalizeEndpoint endpoint(context_);
  // As a phone number "" would be wrong (422); without one the card is Anna's (409).
  const Request request = SignUp(MakeCard("Anna").serial.str(),
                                 R"({"personalizationToken": "a", "requiredPersonalizationInfo":
                 {"phoneNumber": "", "emailAddress": "a@example.com", "fullName": ""}})");
  EXPECT_EQ(Ask(endpoint, request).status, 409);
}

TEST_F(PersonalizeEndpointTest, LimitsEachClient) {
  PersonalizeEndpoint endpoint(context_,
                               {.requests = {.burst = 2}, .unknown_passes = {.burst = 9}});
  EXPECT_EQ(Ask(endpoint, SignUp("unknown")).status, 401);
  EXPECT_EQ(Ask(endpoint, SignUp("unknown")).status, 401);
  const Response refused = Ask(endpoint, SignUp("unknown"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.Find("Retry-After"), "1");
  EXPECT_EQ(Ask(endpoint, SignUp("unknown", kBody, "192.0.2.2")).status, 401);
}

TEST_F(PersonalizeEndpointTest, LimitsGuessesOfPasses) {
  PersonalizeEndpoint endpoint(context_,
                               {.requests = {.burst = 9}, .unknown_passes = {.burst = 2}});
  EXPECT_EQ(Ask(endpoint, SignUp("one")).status, 401);
  EXPECT_EQ(Ask(endpoint, SignUp("two")).status, 401);
  EXPECT_EQ(Ask(endpoint, SignUp("three")).status, 429);
}

TEST_F(PersonalizeEndpointTest, IsPartOfApplesWebService) {
  AppleService service(context_);
  const Response response = service.Handle(SignUp("unknown"));
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.headers.Find("Cache-Control"), "no-store");
}

TEST_F(PersonalizeEndpointTest, LogsNoSerial) {
  const std::string path = kPathBefore + std::string("7mTq2HsLw9xKc4VbZ1RpYd/personalize");
  EXPECT_EQ(MaskPath(path), "/apple/v1/passes/***");
}

}  // namespace
}  // namespace passmint::http
