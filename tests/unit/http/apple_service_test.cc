#include "http/apple_service.h"

#include "unit/http/card_page_fixture.h"

namespace passmint::http {
namespace {

class AppleServiceTest : public CardPageTest {
 protected:
  AppleServiceTest() { ConfigureApple(); }

  Request Fetch(const cards::Card& card, const std::string& client = "192.0.2.1") {
    const Secret token =
        site_.keys
            ->AuthenticationToken(card.key_id, PassTypeIdentifier("pass.com.example.test"),
                                  card.serial)
            .value();
    Request request{.method = "GET",
                    .target = "/apple/v1/passes/pass.com.example.test/" + card.serial.str(),
                    .client_address = client,
                    .headers = {},
                    .body = {}};
    request.headers.Add("Authorization", "ApplePass " + token.RevealForSerialization());
    return request;
  }

  static Request Guess(const std::string& client = "192.0.2.1") {
    return {.method = "GET",
            .target = "/apple/v1/passes/pass.com.example.test/guess",
            .client_address = client,
            .headers = {},
            .body = {}};
  }
};

TEST_F(AppleServiceTest, WhoGuessesIsToldToComeLaterAndOthersAreServed) {
  AppleLimits limits;
  limits.failures = {.burst = 3, .interval = std::chrono::seconds(1)};
  AppleService service(context_, limits);
  const cards::Card card = MakeCard("Anna");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(service.Handle(Guess()).status, 401);
  const Response refused = service.Handle(Guess());
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.headers.Has("Retry-After"));
  EXPECT_EQ(refused.body, "");
  EXPECT_EQ(service.Handle(Fetch(card, "192.0.2.2")).status, 200);
  clock_.Advance(std::chrono::seconds(2));
  EXPECT_EQ(service.Handle(Fetch(card)).status, 200);
}

TEST_F(AppleServiceTest, WhatSucceedsIsNotCounted) {
  AppleLimits limits;
  limits.failures = {.burst = 1, .interval = std::chrono::hours(1)};
  AppleService service(context_, limits);
  const cards::Card card = MakeCard("Anna");
  for (int i = 0; i < 50; ++i) EXPECT_EQ(service.Handle(Fetch(card)).status, 200);
}

TEST_F(AppleServiceTest, BundlesAreLimitedAnd304sAreNot) {
  AppleLimits limits;
  limits.bundles = {.burst = 1, .interval = std::chrono::hours(1)};
  AppleService service(context_, limits);
  const cards::Card card = MakeCard("Anna");
  const Response first = service.Handle(Fetch(card));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(service.Handle(Fetch(card)).status, 429);
  Request again = Fetch(card);
  again.headers.Add("If-Modified-Since", std::string(first.headers.Find("Last-Modified")));
  EXPECT_EQ(service.Handle(again).status, 304);
}

TEST_F(AppleServiceTest, A304NeedsNoDesignAndNoCertificateThatIsValid) {
  AppleService service(context_);
  const cards::Card card = MakeCard("Anna");
  Request again = Fetch(card);
  const Response first = service.Handle(again);
  again.headers.Add("If-Modified-Since", std::string(first.headers.Find("Last-Modified")));
  clock_.Advance(std::chrono::hours(48));  // The test certificate is over.
  EXPECT_EQ(service.Handle(Fetch(card)).status, 503);
  EXPECT_EQ(service.Handle(again).status, 304);
}

}  // namespace
}  // namespace passmint::http
