#include "issuance/studio_session.h"

#include "issuance/api_keys.h"
#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

class StudioSessionTest : public IssuanceTest {
 protected:
  ApiKey Key(std::vector<Role> roles) {
    auto made = MakeApiKey(programme_.programme.id, "dora", std::move(roles), OrderSource("dora"),
                           clock_.Now(), *site_.random);
    EXPECT_TRUE(made.ok());
    ApiKey record = made.value().record;
    const Status written =
        store_->Write([&](Transaction& transaction) { return transaction.InsertApiKey(record); });
    EXPECT_TRUE(written.ok());
    return record;
  }

  std::string Open(const ApiKey& key) {
    return OpenStudioSession(site_, key, clock_.Now()).value().RevealForSerialization();
  }

  Result<ApiKey> Resume(const std::string& session, Timestamp now) {
    return Write<ApiKey>([&](Transaction& transaction) {
      return ResumeStudioSession(transaction, site_, session, now);
    });
  }
};

TEST_F(StudioSessionTest, StandsForTheKeyThatOpenedIt) {
  const std::string session = Open(Key({Role::kDesigner}));
  EXPECT_EQ(Resume(session, clock_.Now()).value().name.str(), "dora");
}

TEST_F(StudioSessionTest, IsNotOpenedByAShopsKey) {
  const auto session = OpenStudioSession(site_, Key({Role::kShop}), clock_.Now());
  EXPECT_EQ(session.error().code, ErrorCode::kPermissionDenied);
}

TEST_F(StudioSessionTest, EndsWithTheWorkingDay) {
  const std::string session = Open(Key({Role::kDesigner}));
  EXPECT_TRUE(Resume(session, clock_.Now() + kStudioSessionLife - std::chrono::seconds(1)).ok());
  EXPECT_EQ(Resume(session, clock_.Now() + kStudioSessionLife).error().code,
            ErrorCode::kUnauthenticated);
}

TEST_F(StudioSessionTest, EndsWithItsKey) {
  const ApiKey key = Key({Role::kDesigner});
  const std::string session = Open(key);
  const auto revoked = Write<bool>([&](Transaction& transaction) {
    return transaction.RevokeApiKey(key.programme, key.id, clock_.Now());
  });
  EXPECT_TRUE(revoked.value());
  EXPECT_EQ(Resume(session, clock_.Now()).error().code, ErrorCode::kUnauthenticated);
}

TEST_F(StudioSessionTest, IsRefusedWithAnyCharacterChanged) {
  const std::string session = Open(Key({Role::kDesigner}));
  for (std::size_t i = 0; i < session.size(); ++i) {
    std::string changed = session;
    changed[i] = changed[i] == '1' ? '2' : '1';
    EXPECT_FALSE(Resume(changed, clock_.Now()).ok()) << i;
  }
  for (const std::string& wrong : {std::string(), std::string("."), std::string("a.b.c"),
                                   session + "0", std::string(10'000, '.')}) {
    EXPECT_FALSE(Resume(wrong, clock_.Now()).ok());
  }
}

}  // namespace
}  // namespace passmint::issuance
