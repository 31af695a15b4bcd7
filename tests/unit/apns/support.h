#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "apns/apns_sender.h"
#include "crypto/signing_identity.h"
#include "crypto/system_random.h"
#include "crypto/test_authority.h"
#include "simulate/fake_apns.h"
#include "support/temporary_directory.h"

namespace passmint::apns {

// TLS goes by the machine's clock, so these tests do.
class MachineClock final : public Clock {
 public:
  Timestamp Now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
  }
};

inline Timestamp Now() { return MachineClock().Now(); }

inline const PassTypeIdentifier kCoffee("pass.com.example.coffee");

// RSA keys take a while: one authority for all tests.
inline const crypto::TestAuthority& Authority() {
  static const crypto::TestAuthority authority =
      crypto::TestAuthority::Create({.not_before = Now() - std::chrono::days(30),
                                     .not_after = Now() + std::chrono::days(300)})
          .value();
  return authority;
}

inline crypto::SigningIdentity MakeIdentity(const PassTypeIdentifier& pass_type,
                                            std::chrono::seconds lasts = std::chrono::hours(99)) {
  const auto leaf = Authority()
                        .Issue({.pass_type = pass_type,
                                .team = TeamIdentifier("TEAM123456"),
                                .not_before = Now() - std::chrono::days(20),
                                .not_after = Now() + lasts})
                        .value();
  // At a time when even an expired one was good.
  return crypto::MakeSigningIdentity(leaf.certificate, leaf.key, {Authority().intermediate()},
                                     Now() - std::chrono::days(19))
      .value();
}

inline const crypto::SigningIdentity& CoffeeIdentity() {
  static const crypto::SigningIdentity identity = MakeIdentity(kCoffee);
  return identity;
}

// A different token of 64 hex digits for each number.
inline PushToken TokenOf(int number) {
  std::string digits = std::to_string(number);
  return PushToken(std::string(64 - digits.size(), '0') + digits);
}

inline std::string UuidOf(int number) {
  std::string digits = std::to_string(number);
  return "4d6cbb1e-9c4f-4a34-8a3f-" + std::string(12 - digits.size(), '0') + digits;
}

// Waits for something that happens on another thread, up to a bound that only a failure reaches.
inline bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

// A fake APNs and a sender that talks to it.
class ApnsTest : public ::testing::Test {
 protected:
  using Kind = push::ApplePushOutcome::Kind;
  using Fault = simulate::ApnsFault;

  ApnsTest() {
    options_.times.backoff_first = std::chrono::milliseconds(10);
    options_.times.probe_first = std::chrono::milliseconds(50);
    options_.on_event = [this](const ApnsEvent& event) {
      const std::lock_guard lock(mutex_);
      events_.emplace_back(ToString(event.kind));
    };
  }

  void StartFake(simulate::FakeApnsOptions options = {}) {
    options.authority = Authority();
    fake_ = simulate::FakeApns::Start(options, clock_, [this](const simulate::FakePush& push) {
              const std::lock_guard lock(mutex_);
              pushes_.push_back(push);
            }).value();
    options_.url = fake_->url();
    options_.ca_file = folder_ / "ca.pem";
    std::ofstream(options_.ca_file) << fake_->ca_pem();
  }

  void StartSender() {
    sender_ = ApnsSender::Create(options_, random_).value();
    ASSERT_TRUE(sender_->SetIdentity(CoffeeIdentity()).ok());
  }

  void Start(const simulate::FakeApnsOptions& options = {}) {
    StartFake(options);
    StartSender();
  }

  std::future<push::ApplePushOutcome> SendLater(const push::ApplePush& push) {
    auto promise = std::make_shared<std::promise<push::ApplePushOutcome>>();
    auto future = promise->get_future();
    EXPECT_TRUE(sender_->TrySend(
        push, [promise](const push::ApplePushOutcome& outcome) { promise->set_value(outcome); }));
    return future;
  }

  std::future<push::ApplePushOutcome> SendLater(int number) {
    return SendLater({.pass_type = kCoffee,
                      .push_token = TokenOf(number),
                      .apns_id = UuidOf(number),
                      .expires_at = Now() + std::chrono::days(3)});
  }

  push::ApplePushOutcome Send(int number) { return SendLater(number).get(); }

  // Pushes numbered from `first`; the outcomes in the same order.
  std::vector<push::ApplePushOutcome> SendMany(int first, int count) {
    std::vector<std::future<push::ApplePushOutcome>> futures;
    futures.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) futures.push_back(SendLater(first + i));
    std::vector<push::ApplePushOutcome> outcomes;
    outcomes.reserve(futures.size());
    for (auto& future : futures) outcomes.push_back(future.get());
    return outcomes;
  }

  push::AppleLane TheLane() { return sender_->Lanes().at(0); }

  std::vector<simulate::FakePush> Pushes() {
    const std::lock_guard lock(mutex_);
    return pushes_;
  }

  std::vector<std::string> Events() {
    const std::lock_guard lock(mutex_);
    return events_;
  }

  passmint::testing::TemporaryDirectory folder_;
  MachineClock clock_;
  crypto::SystemRandom random_;
  ApnsOptions options_;
  std::mutex mutex_;
  std::vector<simulate::FakePush> pushes_;
  std::vector<std::string> events_;
  std::unique_ptr<simulate::FakeApns> fake_;
  std::unique_ptr<ApnsSender> sender_;
};

}  // namespace passmint::apns
