#include "issuance/idempotency.h"

#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

class IdempotencyTest : public IssuanceTest {
 protected:
  Result<Answer> Run(const std::string& key, const std::string& content,
                     std::optional<Error> fails = std::nullopt, bool looked = false) {
    return RunOnce(
        *store_, site_,
        {.scope = "coffee POST /x",
         .key = IdempotencyKey(key),
         .content = content,
         .looked = looked},
        [&](Transaction& transaction) -> Result<Answer> {
          ++worked_;
          if (Status put = transaction.PutSetting("worked", key); !put.ok()) return put.error();
          if (fails) return *fails;
          return Answer{.status = 201, .body = "made " + content, .about = {}, .replayed = false};
        },
        [](const Error& error) {
          return Answer{.status = 409, .body = error.message, .about = {}, .replayed = false};
        });
  }

  std::string Worked() {
    return Write<std::string>([](Transaction& transaction) -> Result<std::string> {
             auto setting = transaction.FindSetting("worked");
             if (!setting.ok()) return std::move(setting).error();
             return setting.value().value_or("");
           })
        .value();
  }

  int worked_ = 0;
};

TEST_F(IdempotencyTest, WorksOnceForAKeyAndRepeatsTheFirstAnswer) {
  EXPECT_EQ(Run("a", "one").value().body, "made one");
  const auto again = Run("a", "one");
  EXPECT_EQ(again.value().body, "made one");
  EXPECT_TRUE(again.value().replayed);
  EXPECT_EQ(worked_, 1);
}

TEST_F(IdempotencyTest, FindsAnAnswerThatWasStoredSinceSomebodyLooked) {
  EXPECT_EQ(Run("a", "one").value().body, "made one");
  const Error blocked{.code = ErrorCode::kConflict, .message = "blocked"};
  for (const auto& fails : {std::optional<Error>(), std::optional<Error>(blocked)}) {
    const auto again = Run("a", "one", fails, true);
    EXPECT_EQ(again.value().body, "made one");
    EXPECT_TRUE(again.value().replayed);
  }
  EXPECT_EQ(Run("a", "two", std::nullopt, true).error().reason, "idempotency_mismatch");
  EXPECT_FALSE(Run("b", "one", std::nullopt, true).value().replayed);
}

TEST_F(IdempotencyTest, RefusesAKeyThatStandsForOtherContent) {
  (void)Run("a", "one").ok();
  EXPECT_EQ(Run("a", "two").error().reason, "idempotency_mismatch");
}

TEST_F(IdempotencyTest, StoresARefusalButNothingOfItsWork) {
  const Error blocked{.code = ErrorCode::kConflict, .message = "blocked"};
  EXPECT_EQ(Run("a", "one", blocked).value().status, 409);
  EXPECT_EQ(Worked(), "");
  const auto again = Run("a", "one");
  EXPECT_EQ(again.value().status, 409) << "the refusal stands, whatever has changed";
  EXPECT_TRUE(again.value().replayed);
}

TEST_F(IdempotencyTest, StoresNothingOfAFailureThatLaterMayBeNone) {
  const Error busy{.code = ErrorCode::kUnavailable, .message = "disk is full"};
  EXPECT_EQ(Run("a", "one", busy).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(Run("a", "one").value().status, 201);
}

}  // namespace
}  // namespace passmint::issuance
