#include <gtest/gtest.h>

#include "apns/internal/backoff.h"
#include "apns/internal/circuit.h"
#include "apns/internal/endpoint.h"
#include "apns/internal/tls_alert.h"
#include "push/apple_errors.h"
#include "support/seeded_random.h"

namespace passmint::apns::internal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(BackoffTest, DelaysDoubleUpToTheLastAndAreJittered) {
  passmint::testing::SeededRandom random;
  Backoff backoff(milliseconds(100), milliseconds(1'000));
  for (const int full : {100, 200, 400, 800, 1'000, 1'000}) {
    const auto delay = backoff.Next(random);
    EXPECT_GE(delay, milliseconds(full / 2));
    EXPECT_LE(delay, milliseconds(full));
  }
  backoff.Reset();
  EXPECT_LE(backoff.Next(random), milliseconds(100));
}

TEST(BackoffTest, JitterSpreadsOverTheUpperHalf) {
  passmint::testing::SeededRandom random;
  auto least = milliseconds(1'000);
  auto most = milliseconds(0);
  for (int i = 0; i < 200; ++i) {
    const auto delay = Jittered(milliseconds(1'000), random);
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_LT(least, milliseconds(550));
  EXPECT_GE(least, milliseconds(500));
  EXPECT_GT(most, milliseconds(950));
}

class CircuitTest : public ::testing::Test {
 protected:
  using Gate = Circuit::Gate;

  bool Refuse(bool is_probe) {
    return circuit_.OnRefused(push::OutcomeOf({.status = 403}), is_probe, now_, random_);
  }

  passmint::testing::SeededRandom random_;
  Circuit circuit_{seconds(60), seconds(240)};
  Circuit::Instant now_{};
};

TEST_F(CircuitTest, LetsAllThroughUntilOneIsRefused) {
  EXPECT_EQ(circuit_.Ask(now_), Gate::kOpenWide);
  EXPECT_TRUE(Refuse(false));
  EXPECT_EQ(circuit_.Ask(now_), Gate::kShut);
  EXPECT_EQ(circuit_.cause().status, 403);
  EXPECT_FALSE(circuit_.cause().sent);
}

TEST_F(CircuitTest, LetsOneProbeThroughAfterAWhile) {
  Refuse(false);
  now_ += seconds(61);
  EXPECT_EQ(circuit_.Ask(now_), Gate::kProbe);
  EXPECT_EQ(circuit_.Ask(now_), Gate::kShut);
  circuit_.OnProbeAnswered();
  EXPECT_EQ(circuit_.Ask(now_), Gate::kOpenWide);
}

TEST_F(CircuitTest, WaitsLongerAfterEachRefusedProbe) {
  Refuse(false);
  now_ += seconds(61);
  EXPECT_EQ(circuit_.Ask(now_), Gate::kProbe);
  EXPECT_FALSE(Refuse(true)) << "no news";
  now_ += seconds(59);
  EXPECT_EQ(circuit_.Ask(now_), Gate::kShut);
  now_ += seconds(62);
  EXPECT_EQ(circuit_.Ask(now_), Gate::kProbe);
}

TEST_F(CircuitTest, StragglersNeitherProlongNorEndAStop) {
  Refuse(false);
  now_ += seconds(50);
  EXPECT_FALSE(Refuse(false));
  now_ += seconds(11);
  EXPECT_EQ(circuit_.Ask(now_), Gate::kProbe);
}

TEST_F(CircuitTest, AProbeThatIsLostMayBeRepeatedAtOnce) {
  Refuse(false);
  now_ += seconds(61);
  EXPECT_EQ(circuit_.Ask(now_), Gate::kProbe);
  circuit_.OnProbeLost();
  EXPECT_EQ(circuit_.Ask(now_), Gate::kProbe);
}

TEST(EndpointTest, ReadsHostPortAndAuthority) {
  const auto plain = ParseEndpoint("https://api.push.apple.com");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->host, "api.push.apple.com");
  EXPECT_EQ(plain->port, "443");
  EXPECT_EQ(plain->authority, "api.push.apple.com");
  const auto other = ParseEndpoint("https://api.push.apple.com:2197/");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->authority, "api.push.apple.com:2197");
  const auto address = ParseEndpoint("https://[::1]:8443");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "::1");
  EXPECT_EQ(address->authority, "[::1]:8443");
}

TEST(EndpointTest, RefusesAnythingElse) {
  for (const char* url :
       {"", "https://", "http://a", "https://[::1", "https://[::1]x", "https://a:", "https://a:b",
        "https://a?b", "https://a/b", "https://:1"}) {
    EXPECT_FALSE(ParseEndpoint(url)) << url;
  }
}

TEST(TlsAlertTest, OnlyAlertsAboutOurCertificateStopALane) {
  EXPECT_STREQ(CertificateAlert(45), "CertificateExpired");
  EXPECT_STREQ(CertificateAlert(44), "CertificateRevoked");
  EXPECT_EQ(CertificateAlert(0), nullptr);
  EXPECT_EQ(CertificateAlert(40), nullptr) << "handshake_failure may be anything";
  EXPECT_EQ(CertificateAlert(80), nullptr) << "internal_error is theirs";
}

}  // namespace
}  // namespace passmint::apns::internal
