#include <string>

#include "contract/rollout_contract.h"
#include "contract/store_google_contract.h"
#include "store/open.h"
#include "support/temporary_directory.h"

namespace passmint::testing {
namespace {

class SqliteUnderTest final : public StoreUnderTest {
 public:
  explicit SqliteUnderTest(const Clock& clock) : clock_(clock) { Reopen(); }

  issuance::Store& store() override { return *store_; }

  void Reopen() override {
    store_.reset();
    auto opened = store::Open("sqlite:" + (directory_ / "store.db"), clock_);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    store_ = std::move(opened).value();
  }

 private:
  const Clock& clock_;
  TemporaryDirectory directory_;
  std::unique_ptr<issuance::Store> store_;
};

const StoreKind kSqlite{"sqlite", [](const Clock& clock) -> std::unique_ptr<StoreUnderTest> {
                          return std::make_unique<SqliteUnderTest>(clock);
                        }};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, ::testing::Values(kSqlite),
                         [](const auto& kind) { return kind.param.name; });
INSTANTIATE_TEST_SUITE_P(Sqlite, RolloutContract, ::testing::Values(kSqlite),
                         [](const auto& kind) { return kind.param.name; });
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreGoogleContract, ::testing::Values(kSqlite),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace passmint::testing
