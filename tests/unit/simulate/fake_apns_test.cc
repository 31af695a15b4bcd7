#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "simulate/fake_apns.h"
#include "simulate/internal/apns_request.h"

namespace passmint::simulate::internal {
namespace {

const std::string kToken(64, 'a');

ApnsRequest GoodRequest() {
  ApnsRequest request;
  request.AddHeader(":method", "POST");
  request.AddHeader(":path", "/3/device/" + kToken);
  request.AddHeader("apns-topic", "pass.com.example.coffee");
  request.AddHeader("apns-priority", "10");
  request.body_bytes = 2;
  return request;
}

ApnsClient Coffee() {
  return {.has_certificate = true,
          .is_valid = true,
          .pass_type = PassTypeIdentifier("pass.com.example.coffee")};
}

std::string ReasonFor(const ApnsRequest& request, const ApnsClient& client = Coffee()) {
  FakePush push;
  const auto refusal = Check(request, client, push);
  return refusal ? std::to_string(refusal->status) + " " + std::string(refusal->reason) : "";
}

std::string ReasonWith(std::string_view name, std::string_view value) {
  ApnsRequest request = GoodRequest();
  request.AddHeader(name, value);
  return ReasonFor(request);
}

TEST(FakeApnsRequestTest, AGoodRequestBecomesAPush) {
  ApnsRequest request = GoodRequest();
  request.AddHeader("apns-expiration", "1900000000");
  request.AddHeader("apns-id", "4d6cbb1e-9c4f-4a34-8a3f-000000000001");
  FakePush push;
  ASSERT_FALSE(Check(request, Coffee(), push));
  EXPECT_EQ(push.push_token, PushToken(kToken));
  EXPECT_EQ(push.topic.str(), "pass.com.example.coffee");
  EXPECT_EQ(push.expiration, 1'900'000'000);
  EXPECT_EQ(push.apns_id, "4d6cbb1e-9c4f-4a34-8a3f-000000000001");
}

TEST(FakeApnsRequestTest, HeadersAreCheckedAsAppleSays) {
  EXPECT_EQ(ReasonWith(":method", "GET"), "405 MethodNotAllowed");
  EXPECT_EQ(ReasonWith(":path", "/3/devices/x"), "404 BadPath");
  EXPECT_EQ(ReasonWith(":path", "/3/device/"), "400 MissingDeviceToken");
  EXPECT_EQ(ReasonWith(":path", "/3/device/xyz"), "400 BadDeviceToken");
  EXPECT_EQ(ReasonWith(":path", "/3/device/abc"), "400 BadDeviceToken");
  EXPECT_EQ(ReasonWith("apns-id", "4d6cbb1e"), "400 BadMessageId");
  EXPECT_EQ(ReasonWith("apns-expiration", "soon"), "400 BadExpirationDate");
  EXPECT_EQ(ReasonWith("apns-push-type", "novelty"), "400 InvalidPushType");
  EXPECT_EQ(ReasonWith("apns-push-type", "background"), "");
  EXPECT_EQ(ReasonWith("apns-collapse-id", std::string(65, 'a')), "400 BadCollapseId");
  EXPECT_EQ(ReasonWith("apns-topic", "pass.com.example.coffee"), "400 DuplicateHeaders");
}

TEST(FakeApnsRequestTest, PriorityTopicAndPayloadAreChecked) {
  ApnsRequest request = GoodRequest();
  request.priority = "7";
  EXPECT_EQ(ReasonFor(request), "400 BadPriority");
  request = GoodRequest();
  request.topic = "pass.com.example.books";
  EXPECT_EQ(ReasonFor(request), "400 TopicDisallowed");
  request.topic = "";
  EXPECT_EQ(ReasonFor(request), "400 BadTopic");
  request.topic.reset();
  EXPECT_EQ(ReasonFor(request), "") << "a pass certificate has one topic only";
  request.body_bytes = 0;
  EXPECT_EQ(ReasonFor(request), "400 PayloadEmpty");
  request.body_bytes = 4'097;
  EXPECT_EQ(ReasonFor(request), "413 PayloadTooLarge");
}

TEST(FakeApnsRequestTest, WhoShowsNoGoodCertificateIsRefused) {
  EXPECT_EQ(ReasonFor(GoodRequest(), ClientOf(std::nullopt, {}, "")), "403 MissingProviderToken");
  ApnsRequest with_token = GoodRequest();
  with_token.AddHeader("authorization", "bearer x");
  EXPECT_EQ(ReasonFor(with_token, ClientOf(std::nullopt, {}, "")), "403 InvalidProviderToken");
  EXPECT_EQ(ReasonFor(GoodRequest(), {.has_certificate = true}), "403 BadCertificate");
  EXPECT_EQ(ReasonFor(GoodRequest(), ClientOf(std::nullopt, {}, "pass.com.example.coffee")), "");
}

TEST(FakeApnsFaultTest, EveryFaultHasANameThatIsReadBack) {
  for (int i = 0; i < kApnsFaultCount; ++i) {
    const auto fault = static_cast<ApnsFault>(i);
    EXPECT_EQ(ParseApnsFault(ToString(fault)), fault);
  }
  EXPECT_EQ(ParseApnsFault("novelty"), std::nullopt);
}

}  // namespace
}  // namespace passmint::simulate::internal
