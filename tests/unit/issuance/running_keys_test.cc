#include "issuance/running_keys.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

KeyedRequest Request(const std::string& key, const std::string& scope = "coffee POST /x") {
  return {.scope = scope, .key = IdempotencyKey(key), .content = "one"};
}

class RunningKeysTest : public IssuanceTest {
 protected:
  Result<Answer> Run(const std::function<void()>& work) {
    const auto turn = keys_.Enter(Request("a"), seconds(20));
    if (!turn.ok()) return turn.error();
    return RunOnce(
        *store_, site_, Request("a"),
        [&](Transaction&) -> Result<Answer> {
          work();
          return Answer{.status = 201, .body = "made", .about = {}, .replayed = false};
        },
        [](const Error&) { return Answer(); });
  }

  RunningKeys keys_;
};

TEST_F(RunningKeysTest, ASecondCallGetsTheAnswerOfAFirstThatWasStillRunning) {
  std::promise<void> started;
  std::promise<void> go_on;
  std::thread first([&] {
    EXPECT_TRUE(Run([&] {
                  started.set_value();
                  go_on.get_future().wait();
                }).ok());
  });
  started.get_future().wait();
  std::thread second([&] {
    const auto answer = Run([] { ADD_FAILURE() << "the work ran twice"; });
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_EQ(answer.value().body, "made");
    EXPECT_TRUE(answer.value().replayed);
  });
  go_on.set_value();
  first.join();
  second.join();
}

TEST_F(RunningKeysTest, ASecondCallIsRefusedWhenTheFirstTakesTooLong) {
  const auto first = keys_.Enter(Request("a"));
  ASSERT_TRUE(first.ok());
  const auto before = std::chrono::steady_clock::now();
  const auto second = keys_.Enter(Request("a"), milliseconds(30));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_EQ(second.error().reason, "idempotency_in_progress");
  EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds(30));
}

TEST_F(RunningKeysTest, OtherKeysAndOtherScopesDoNotWait) {
  const auto first = keys_.Enter(Request("a"));
  EXPECT_TRUE(keys_.Enter(Request("b"), milliseconds(0)).ok());
  EXPECT_TRUE(keys_.Enter(Request("a", "coffee POST /y"), milliseconds(0)).ok());
}

TEST_F(RunningKeysTest, AKeyIsFreeAgainWhenItsTurnEnds) {
  EXPECT_TRUE(keys_.Enter(Request("a")).ok());
  EXPECT_TRUE(keys_.Enter(Request("a"), milliseconds(0)).ok());
}

}  // namespace
}  // namespace passmint::issuance
