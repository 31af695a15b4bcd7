#include "issuance/api_keys.h"

#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

class ApiKeysTest : public IssuanceTest {
 protected:
  Secret Make(std::vector<Role> roles) {
    auto made = MakeApiKey(programme_.programme.id, "till", std::move(roles), OrderSource("till"),
                           clock_.Now(), *site_.random);
    EXPECT_TRUE(made.ok());
    record_ = made.value().record;
    const Status written =
        store_->Write([&](Transaction& transaction) { return transaction.InsertApiKey(record_); });
    EXPECT_TRUE(written.ok());
    return std::move(made.value().key);
  }

  Result<ApiKey> Present(const std::string& text) {
    return Write<ApiKey>([&](Transaction& transaction) { return Authenticate(transaction, text); });
  }

  ApiKey record_;
};

TEST_F(ApiKeysTest, KnowsAKeyThatItMadeAndNoOther) {
  const std::string key = Make({Role::kShop}).RevealForSerialization();
  EXPECT_EQ(Present(key).value().name.str(), "till");
  std::string changed = key;
  changed.back() = changed.back() == 'a' ? 'b' : 'a';
  for (const std::string& wrong : {changed, key + "x", key.substr(1), std::string()}) {
    EXPECT_EQ(Present(wrong).error().code, ErrorCode::kUnauthenticated);
  }
}

TEST_F(ApiKeysTest, KeepsNothingThatOpensTheDoor) {
  const std::string key = Make({Role::kShop}).RevealForSerialization();
  EXPECT_EQ(record_.secret_hash.find(key.substr(16)), std::string::npos);
}

TEST_F(ApiKeysTest, RefusesARevokedKeyAtOnce) {
  const std::string key = Make({Role::kShop}).RevealForSerialization();
  const auto revoked = Write<bool>([&](Transaction& transaction) {
    return transaction.RevokeApiKey(programme_.programme.id, record_.id, clock_.Now());
  });
  EXPECT_TRUE(revoked.value());
  EXPECT_EQ(Present(key).error().code, ErrorCode::kUnauthenticated);
}

TEST_F(ApiKeysTest, AllowsAdminEverythingAndOthersTheirRoles) {
  (void)Make({Role::kShop});
  EXPECT_TRUE(Allows(record_, {Role::kShop, Role::kOperator}));
  EXPECT_FALSE(Allows(record_, {Role::kOperator}));
  record_.roles = {Role::kAdmin};
  EXPECT_TRUE(Allows(record_, {Role::kDesigner}));
}

TEST_F(ApiKeysTest, NamesTheSourceOfItsOrdersAfterItself) {
  const auto made = MakeApiKey(programme_.programme.id, "till", {Role::kShop}, OrderSource(),
                               clock_.Now(), *site_.random);
  EXPECT_EQ(made.value().record.source.str(), "till");
}

TEST_F(ApiKeysTest, RefusesNamesThatCannotBeRead) {
  for (const std::string& name : {std::string(), std::string(65, 'a'), std::string("a\nb")}) {
    EXPECT_FALSE(MakeApiKey(programme_.programme.id, name, {Role::kShop}, OrderSource("x"),
                            clock_.Now(), *site_.random)
                     .ok());
  }
}

}  // namespace
}  // namespace passmint::issuance
