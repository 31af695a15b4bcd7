#include "contract/store_contract.h"

namespace passmint::testing {
namespace {

using issuance::ApiKey;
using issuance::Role;
using issuance::StoredAnswer;
using issuance::Transaction;
using std::chrono::hours;

const std::string kScope = "coffee POST /api/v1/cards";

Status Put(Transaction& t, const std::string& key, const std::string& body, Timestamp expires_at) {
  return t.PutAnswer(kScope, IdempotencyKey(key), {"k1:f", 201, body}, std::nullopt, expires_at);
}

TEST_P(StoreContract, AnAnswerStandsForItsKeyByteForByte) {
  const std::string body("{\"a\": 1}\n\0\xff", 11);
  MustWrite([&](Transaction& t) { return Put(t, "k", body, Start() + hours(1)); });
  Reopen();
  const auto read = Read([](Transaction& t) { return t.FindAnswer(kScope, IdempotencyKey("k")); });
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->fingerprint, "k1:f");
  EXPECT_EQ(read->status, 201);
  EXPECT_EQ(read->body, body);
  EXPECT_FALSE(Read([](Transaction& t) {
                 return t.FindAnswer("tea POST /api/v1/cards", IdempotencyKey("k"));
               }).has_value());
}

TEST_P(StoreContract, TheFirstAnswerStays) {
  MustWrite([](Transaction& t) { return Put(t, "k", "first", Start() + hours(1)); });
  const Status second =
      Write([](Transaction& t) { return Put(t, "k", "second", Start() + hours(1)); });
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().reason, "lost_race");
  EXPECT_EQ(Read([](Transaction& t) { return t.FindAnswer(kScope, IdempotencyKey("k")); })->body,
            "first");
}

TEST_P(StoreContract, AnExpiredAnswerNoLongerStandsForItsKey) {
  MustWrite([](Transaction& t) { return Put(t, "k", "first", Start() + hours(1)); });
  clock_.Advance(hours(1));
  EXPECT_FALSE(
      Read([](Transaction& t) { return t.FindAnswer(kScope, IdempotencyKey("k")); }).has_value());
  MustWrite([](Transaction& t) { return Put(t, "k", "second", Start() + hours(2)); });
  EXPECT_EQ(Read([](Transaction& t) { return t.FindAnswer(kScope, IdempotencyKey("k")); })->body,
            "second");
}

TEST_P(StoreContract, AKeyReadsBackAndCanBeRevokedOnce) {
  const ApiKey key{
      .id = "abc",
      .name = ApiKeyName("Shop, main"),
      .programme = kCoffee,
      .roles = {Role::kShop, Role::kDesigner, Role::kApprover, Role::kOperator, Role::kAdmin},
      .secret_hash = "hash",
      .source = kWeb,
      .member = MemberIdOf(1),
      .created_at = Start(),
      .revoked_at = std::nullopt};
  MustWrite([&](Transaction& t) { return t.InsertApiKey(key); });
  const auto read = Read([](Transaction& t) { return t.FindApiKey("abc"); });
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->id, key.id);
  EXPECT_EQ(read->name, key.name);
  EXPECT_EQ(read->programme, key.programme);
  EXPECT_EQ(read->roles, key.roles);
  EXPECT_EQ(read->secret_hash, key.secret_hash);
  EXPECT_EQ(read->source, key.source);
  EXPECT_EQ(read->member, key.member);
  EXPECT_EQ(read->created_at, key.created_at);
  EXPECT_EQ(read->revoked_at, std::nullopt);

  MustWrite([](Transaction& t) -> Status {
    auto wrong_programme = t.RevokeApiKey(kTea, "abc", Start());
    EXPECT_TRUE(wrong_programme.ok() && !wrong_programme.value());
    for (const int hour : {1, 2}) {
      auto revoked = t.RevokeApiKey(kCoffee, "abc", Start() + hours(hour));
      EXPECT_TRUE(revoked.ok() && revoked.value());
    }
    return {};
  });
  EXPECT_EQ(Read([](Transaction& t) { return t.FindApiKey("abc"); })->revoked_at,
            Start() + hours(1));
}

TEST_P(StoreContract, KeysAreListedByProgramme) {
  MustWrite([](Transaction& t) -> Status {
    for (const char* id : {"b", "a", "c"}) {
      const bool last = *id == 'c';
      const ApiKey key{.id = id,
                       .name = ApiKeyName(id),
                       .programme = last ? kTea : kCoffee,
                       .roles = {Role::kShop},
                       .secret_hash = "hash",
                       .source = kWeb,
                       .created_at = Start(),
                       .revoked_at = std::nullopt};
      if (Status done = t.InsertApiKey(key); !done.ok()) return done;
    }
    return {};
  });
  const auto keys = Read([](Transaction& t) { return t.ApiKeys(kCoffee); });
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[0].id, "a");
  EXPECT_EQ(keys[1].id, "b");
}

TEST_P(StoreContract, ASettingHoldsItsLastValue) {
  EXPECT_EQ(Read([](Transaction& t) { return t.FindSetting("master"); }), std::nullopt);
  for (const char* value : {"one", "two"}) {
    MustWrite([&](Transaction& t) { return t.PutSetting("master", value); });
  }
  Reopen();
  EXPECT_EQ(Read([](Transaction& t) { return t.FindSetting("master"); }), "two");
}

}  // namespace
}  // namespace passmint::testing
