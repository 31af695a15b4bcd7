#include <stdexcept>

#include "contract/store_contract.h"

namespace passmint::testing {
namespace {

using issuance::Transaction;

const Error kRefusal{.code = ErrorCode::kConflict, .message = "no", .reason = "card_blocked"};

TEST_P(StoreContract, NowStandsStillDuringATransaction) {
  MustWrite([this](Transaction& t) -> Status {
    const Timestamp begun = t.Now();
    EXPECT_EQ(begun, Start());
    clock_.Advance(std::chrono::seconds(5));
    EXPECT_EQ(t.Now(), begun);
    return {};
  });
  MustWrite([](Transaction& t) -> Status {
    EXPECT_EQ(t.Now(), Start() + std::chrono::seconds(5));
    return {};
  });
}

TEST_P(StoreContract, ATransactionReadsItsOwnWrites) {
  MustWrite([](Transaction& t) -> Status {
    if (Status done = t.InsertMember(kCoffee, SampleMember(1)); !done.ok()) return done;
    auto found = t.FindMember(kCoffee, MemberIdOf(1));
    EXPECT_TRUE(found.ok() && found.value().has_value());
    return {};
  });
}

TEST_P(StoreContract, ARefusalIsReturnedAsItIsAndLeavesNothing) {
  const Status refused = Write([](Transaction& t) -> Status {
    if (Status done = t.InsertMember(kCoffee, SampleMember(1)); !done.ok()) return done;
    if (auto done = t.InsertCard(kCoffee, SampleCard(1, MemberIdOf(1))); !done.ok()) {
      return done.error();
    }
    if (Status done = t.PutSetting("a", "b"); !done.ok()) return done;
    return kRefusal;
  });
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, kRefusal.code);
  EXPECT_EQ(refused.error().reason, kRefusal.reason);
  EXPECT_FALSE(
      Read([](Transaction& t) { return t.FindMember(kCoffee, MemberIdOf(1)); }).has_value());
  EXPECT_FALSE(
      Read([](Transaction& t) { return t.FindCardByNumber(kCoffee, NumberOf(1)); }).has_value());
  EXPECT_EQ(Read([](Transaction& t) { return t.FindSetting("a"); }), std::nullopt);
}

TEST_P(StoreContract, AFailedCallFailsTheTransactionEvenIfItIsSwallowed) {
  MustWrite([](Transaction& t) { return t.InsertMember(kCoffee, SampleMember(1)); });
  const Status swallowed = Write([](Transaction& t) -> Status {
    if (Status done = t.PutSetting("a", "b"); !done.ok()) return done;
    EXPECT_FALSE(t.InsertMember(kCoffee, SampleMember(1)).ok());
    return {};
  });
  EXPECT_FALSE(swallowed.ok());
  EXPECT_EQ(Read([](Transaction& t) { return t.FindSetting("a"); }), std::nullopt);
}

TEST_P(StoreContract, AnExceptionIsAFailureAndLeavesNothing) {
  const Status thrown = Write([](Transaction& t) -> Status {
    if (Status done = t.PutSetting("a", "b"); !done.ok()) return done;
    throw std::runtime_error("out of luck");
  });
  ASSERT_FALSE(thrown.ok());
  EXPECT_EQ(thrown.error().code, ErrorCode::kInternal);
  EXPECT_EQ(Read([](Transaction& t) { return t.FindSetting("a"); }), std::nullopt);
  MustWrite([](Transaction& t) { return t.PutSetting("a", "c"); });
}

TEST_P(StoreContract, WritingInAReadFailsAndLeavesNothing) {
  const Status written = store().Read([](Transaction& t) { return t.PutSetting("a", "b"); });
  EXPECT_FALSE(written.ok());
  EXPECT_EQ(Read([](Transaction& t) { return t.FindSetting("a"); }), std::nullopt);
}

TEST_P(StoreContract, AReadIsOneSnapshot) {
  MustWrite([](Transaction& t) { return t.PutSetting("a", "old"); });
  const Status read = store().Read([this](Transaction& t) -> Status {
    EXPECT_EQ(t.FindSetting("a").value(), "old");
    MustWrite([](Transaction& writer) { return writer.PutSetting("a", "new"); });
    EXPECT_EQ(t.FindSetting("a").value(), "old");
    return {};
  });
  EXPECT_TRUE(read.ok());
  EXPECT_EQ(Read([](Transaction& t) { return t.FindSetting("a"); }), "new");
}

TEST_P(StoreContract, WhatWasAcknowledgedIsThereAfterReopening) {
  MustWrite([](Transaction& t) { return t.InsertMember(kCoffee, SampleMember(1)); });
  Reopen();
  EXPECT_TRUE(
      Read([](Transaction& t) { return t.FindMember(kCoffee, MemberIdOf(1)); }).has_value());
}

}  // namespace
}  // namespace passmint::testing
