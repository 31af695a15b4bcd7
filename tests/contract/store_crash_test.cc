#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "contract/samples.h"
#include "store/open.h"
#include "support/temporary_directory.h"

namespace passmint::testing {
namespace {

enum class KillWhile { kOpening, kWriting };

// What the writer said was written before it was killed, `life` after it was started or after its
// first acknowledged write.
std::vector<int> WriteAndKill(const std::string& url, int first, KillWhile when,
                              std::chrono::milliseconds life) {
  int pipe_ends[2];
  EXPECT_EQ(::pipe2(pipe_ends, O_CLOEXEC), 0);
  const std::string first_text = std::to_string(first);
  const pid_t child = ::fork();
  if (child == 0) {
    (void)::dup2(pipe_ends[1], STDOUT_FILENO);
    ::execl(PASSMINT_STORE_CRASH_WRITER, PASSMINT_STORE_CRASH_WRITER, url.c_str(),
            first_text.c_str(), nullptr);
    ::_exit(127);
  }
  (void)::close(pipe_ends[1]);
  std::thread killer;
  const auto start_killer = [&] {
    killer = std::thread([child, life] {
      std::this_thread::sleep_for(life);
      (void)::kill(child, SIGKILL);
    });
  };
  if (when == KillWhile::kOpening) start_killer();
  std::string said;
  char buffer[4096];
  for (ssize_t got = 1; got > 0;) {
    got = ::read(pipe_ends[0], buffer, sizeof buffer);
    if (got > 0) said.append(buffer, static_cast<std::size_t>(got));
    if (!killer.joinable()) start_killer();
  }
  (void)::close(pipe_ends[0]);
  killer.join();
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writer ended by itself";
  std::vector<int> acknowledged;
  for (std::size_t at = 0, end = said.find('\n'); end != std::string::npos;
       at = end + 1, end = said.find('\n', at)) {
    acknowledged.push_back(std::stoi(said.substr(at, end - at)));
  }
  return acknowledged;
}

// Whole: the member, the card and the order are there, or none of them.
enum class Found { kNothing, kWhole, kPart };

Found Look(issuance::Transaction& t, int n) {
  const bool member = t.FindMember(kCoffee, MemberIdOf(n)).value().has_value();
  const bool card = t.FindCardByNumber(kCoffee, NumberOf(n)).value().has_value();
  const bool order = t.FindOrder(kCoffee, kWeb, OrderId(std::to_string(n))).value().has_value();
  if (member && card && order) return Found::kWhole;
  return member || card || order ? Found::kPart : Found::kNothing;
}

TEST(StoreCrashTest, WhatWasAcknowledgedSurvivesKillAndTheRestIsWholeOrNothing) {
  const TemporaryDirectory directory;
  const std::string url = "sqlite:" + (directory / "store.db");
  const FakeClock clock;
  std::mt19937 random(42);
  int first = 1;
  std::vector<int> acknowledged;
  for (int round = 0; round < 12; ++round) {
    const auto when = round % 3 == 0 ? KillWhile::kOpening : KillWhile::kWriting;
    const std::chrono::milliseconds life(static_cast<int>(random() % 80));
    for (const int n : WriteAndKill(url, first, when, life)) acknowledged.push_back(n);

    auto opened = store::Open(url, clock);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    const int newest = std::max(
        first,
        acknowledged.empty() ? first : *std::max_element(acknowledged.begin(), acknowledged.end()));
    const Status read = opened.value()->Read([&](issuance::Transaction& t) -> Status {
      for (const int n : acknowledged) EXPECT_EQ(Look(t, n), Found::kWhole) << "order " << n;
      for (int n = newest; n < newest + 64; ++n) EXPECT_NE(Look(t, n), Found::kPart) << n;
      return {};
    });
    EXPECT_TRUE(read.ok());
    // Beyond what was written but not acknowledged, also when nothing was acknowledged at all.
    first = newest + 1000;
  }
  EXPECT_GE(acknowledged.size(), 8u) << "eight rounds wrote before they were killed";
}

}  // namespace
}  // namespace passmint::testing
