#include <gtest/gtest.h>

#include "unit/ledger/wallet.h"

namespace passmint::ledger {
namespace {

using std::chrono::hours;
using testing::Story;
using testing::Wallet;

const Document kCard{.type = DocumentType::kCard, .source = {}, .id = "c1", .parent = {}};

TEST(ServiceOperationTest, D11_IsAnEntryOfTheChainThatMovesNothing) {
  Wallet wallet;
  wallet.Give(25);
  const Balance before = wallet.points();
  const std::string head = wallet.account.head;
  const Change change =
      wallet.Must(ServiceOperation{.type = EntryType::kBlock, .document = kCard, .due = {}});
  EXPECT_EQ(Story(change), "block +0 =25");
  const Entry& entry = change.entries[0].entry;
  EXPECT_EQ(entry.sequence, 2);
  EXPECT_EQ(entry.document, kCard);
  EXPECT_EQ(entry.actor, wallet.context().actor);
  EXPECT_TRUE(entry.transfers.empty());
  EXPECT_EQ(wallet.points(), before);
  EXPECT_NE(wallet.account.head, head);
}

TEST(ServiceOperationTest, StandsAfterWhatWasDueBefore) {
  Wallet wallet;
  wallet.Give(25, hours(1));
  wallet.Wait(hours(2));
  EXPECT_EQ(
      Story(wallet.Must(ServiceOperation{.type = EntryType::kClose, .document = kCard, .due = {}})),
      "expire -25 =0, close +0 =0");
}

TEST(ServiceOperationTest, WhatTimeDidIsTheSystemsAndTrueSinceItWasDue) {
  Wallet wallet;
  wallet.Give(25);
  const Timestamp due = wallet.now + hours(1);
  wallet.Wait(hours(3));
  const Change change =
      wallet.Must(ServiceOperation{.type = EntryType::kUnblock, .document = kCard, .due = due});
  EXPECT_EQ(change.entries[0].entry.actor, "system");
  EXPECT_EQ(change.entries[0].entry.effective_at, due);
  EXPECT_EQ(change.entries[0].entry.time, wallet.now);
}

TEST(ServiceOperationTest, IsOfATypeThatMovesNothing) {
  Wallet wallet;
  EXPECT_EQ(
      wallet.Refused(ServiceOperation{.type = EntryType::kEarn, .document = kCard, .due = {}}),
      "invalid_command");
}

}  // namespace
}  // namespace passmint::ledger
