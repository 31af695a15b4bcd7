// Pushes over one connection, beside h2load with the same requests against the same server.
//
//   build/release/bin/bench_pushes [PUSHES]
//
// The server is our fake APNs, so both are answered by the same checks. Runs alternate; the share
// printed is the median of the pairs', and at least 0.5 is wanted.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "apns/apns_sender.h"
#include "crypto/signing_identity.h"
#include "crypto/system_random.h"
#include "crypto/test_authority.h"
#include "push/apns_id.h"
#include "simulate/fake_apns.h"
#include "support/outside_program.h"

namespace {

using namespace passmint;  // NOLINT(google-build-using-namespace): a program of one file.

constexpr int kRounds = 5;
constexpr int kDevices = 1'000;
constexpr double kWantedShare = 0.5;
const PassTypeIdentifier kPassType("pass.com.example.bench");

class MachineClock final : public Clock {
 public:
  Timestamp Now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
  }
};

template <class T>
T Must(Result<T> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "bench_pushes: %s\n", result.error().message.c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

std::string TokenOf(int number) {
  std::string digits = std::to_string(number % kDevices);
  return std::string(64 - digits.size(), '0') + digits;
}

// Offers pushes as fast as the sender takes them, as the delivery engine does.
class Load {
 public:
  Load(apns::ApnsSender& sender, Random& random) : sender_(sender), random_(random) {}

  double PushesPerSecond(int count) {
    const Timestamp expires = MachineClock().Now() + std::chrono::days(3);
    answered_ = 0;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
      const push::ApplePush push{.pass_type = kPassType,
                                 .push_token = PushToken(TokenOf(i)),
                                 .apns_id = push::MakeApnsId(random_),
                                 .expires_at = expires};
      while (!sender_.TrySend(push, [this, count](const auto& o) { OnAnswer(o, count); })) {
        std::unique_lock lock(mutex_);
        room_.wait_for(lock, std::chrono::milliseconds(1));
      }
    }
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this, count] { return answered_ == count; });
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return count / took.count();
  }

 private:
  void OnAnswer(const push::ApplePushOutcome& outcome, int count) {
    if (outcome.kind != push::ApplePushOutcome::Kind::kAccepted) {
      std::fprintf(stderr, "bench_pushes: %s %s\n", outcome.reason.c_str(), outcome.detail.c_str());
      std::exit(1);
    }
    const int answered = ++answered_;
    constexpr int kWakeEvery = 256;
    if (answered % kWakeEvery != 0 && answered != count) return;
    const std::lock_guard lock(mutex_);
    room_.notify_all();
  }

  apns::ApnsSender& sender_;
  Random& random_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::atomic<int> answered_ = 0;
};

// What h2load prints as "finished in 1.23s, 45678.90 req/s, ...".
double RunH2load(const testing::ScratchDirectory& folder, int port, int count) {
  const auto outcome = testing::RunProgram(
      "h2load -n " + std::to_string(count) + " -c 1 -t 1 -m 1000 -i " + folder.Path("uris") +
      " -d " + folder.Path("body") + " -H 'apns-topic: " + kPassType.str() +
      "' -H 'apns-priority: 10' -H 'apns-expiration: 1900000000'"
      " -H 'apns-id: 4d6cbb1e-9c4f-4a34-8a3f-000000000000' https://localhost:" +
      std::to_string(port));
  const std::size_t end = outcome.output.find(" req/s");
  const std::size_t begin = end == std::string::npos ? end : outcome.output.rfind(' ', end - 1);
  const bool all = outcome.output.find(std::to_string(count) + " succeeded") != std::string::npos;
  if (begin == std::string::npos || !all) {
    std::fprintf(stderr, "bench_pushes: h2load says:\n%s\n", outcome.output.c_str());
    std::exit(1);
  }
  return std::strtod(outcome.output.c_str() + begin, nullptr);
}

apns::ApnsOptions OptionsFor(const simulate::FakeApns& fake, const std::string& ca_file) {
  apns::ApnsOptions options;
  options.url = fake.url();
  options.ca_file = ca_file;
  return options;
}

}  // namespace

int main(int argument_count, char** arguments) {
  const int count = argument_count > 1 ? std::atoi(arguments[1]) : 50'000;
  const MachineClock clock;
  crypto::SystemRandom random;
  const Timestamp from = clock.Now() - std::chrono::days(1);
  const Timestamp until = clock.Now() + std::chrono::days(9);
  const auto authority =
      Must(crypto::TestAuthority::Create({.not_before = from, .not_after = until}));
  const auto leaf = Must(authority.Issue({.pass_type = kPassType,
                                          .team = TeamIdentifier("TEAM123456"),
                                          .not_before = from,
                                          .not_after = until}));
  const auto fake = Must(simulate::FakeApns::Start(
      {.authority = authority, .anonymous_pass_type = kPassType.str()}, clock));

  const testing::ScratchDirectory folder;
  folder.Write("body", "{}");
  std::string uris;
  for (int i = 0; i < kDevices; ++i) uris += fake->url() + "/3/device/" + TokenOf(i) + "\n";
  folder.Write("uris", uris);

  const auto sender = Must(
      apns::ApnsSender::Create(OptionsFor(*fake, folder.Write("ca.pem", fake->ca_pem())), random));
  const auto identity = Must(crypto::MakeSigningIdentity(leaf.certificate, leaf.key,
                                                         {authority.intermediate()}, clock.Now()));
  if (!sender->SetIdentity(identity).ok()) return 1;

  Load load(*sender, random);
  load.PushesPerSecond(std::min(count, 1'000));  // Connects.
  std::vector<double> shares;
  for (int round = 0; round < kRounds; ++round) {
    const double ours = load.PushesPerSecond(count);
    const double theirs = RunH2load(folder, fake->port(), count);
    shares.push_back(ours / theirs);
    std::printf("%9.0f pushes/s   %9.0f h2load requests/s   share %.2f\n", ours, theirs,
                shares.back());
  }
  std::sort(shares.begin(), shares.end());
  const double median = shares[shares.size() / 2];
  std::printf("share of h2load: %.2f (wanted: at least %.2f)\n", median, kWantedShare);
  return median >= kWantedShare ? 0 : 1;
}
