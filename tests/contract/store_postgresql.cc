#include <string>

#include "contract/rollout_contract.h"
#include "contract/store_google_contract.h"
#include "store/open.h"
#include "support/postgresql_cluster.h"

namespace passmint::testing {
namespace {

class PostgresqlUnderTest final : public StoreUnderTest {
 public:
  explicit PostgresqlUnderTest(const Clock& clock)
      : clock_(clock), url_(PostgresqlCluster::Shared().MakeDatabase()) {
    Reopen();
  }

  issuance::Store& store() override { return *store_; }

  void Reopen() override {
    store_.reset();
    auto opened = store::Open(url_, clock_);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    store_ = std::move(opened).value();
  }

 private:
  const Clock& clock_;
  const std::string url_;
  std::unique_ptr<issuance::Store> store_;
};

const StoreKind kPostgresql{"postgresql",
                            [](const Clock& clock) -> std::unique_ptr<StoreUnderTest> {
                              return std::make_unique<PostgresqlUnderTest>(clock);
                            }};

INSTANTIATE_TEST_SUITE_P(Postgresql, StoreContract, ::testing::Values(kPostgresql),
                         [](const auto& kind) { return kind.param.name; });
INSTANTIATE_TEST_SUITE_P(Postgresql, RolloutContract, ::testing::Values(kPostgresql),
                         [](const auto& kind) { return kind.param.name; });
INSTANTIATE_TEST_SUITE_P(Postgresql, StoreGoogleContract, ::testing::Values(kPostgresql),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace passmint::testing
