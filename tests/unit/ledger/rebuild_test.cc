#include "ledger/rebuild.h"

#include <gtest/gtest.h>

#include "ledger/apply.h"
#include "ledger/codec.h"
#include "unit/ledger/sample_journal.h"

namespace passmint::ledger {
namespace {

using testing::EarnHoldCaptureExpire;
using testing::SampleJournal;
using testing::StoredEntry;

const ProgrammeId kCafe(testing::kSampleProgramme);
const AccountId kAccount("a_1");

// The first failure, or success.
Status Rebuild(const std::vector<StoredEntry>& entries) {
  Rebuilder rebuilder(kCafe, kAccount);
  for (const StoredEntry& entry : entries) {
    Status added = rebuilder.Add(entry.sequence, entry.body, entry.hash);
    if (!added.ok()) return added;
  }
  return {};
}

// The sample journal with one entry changed before it is chained, so that only what it says is
// wrong.
template <class Change>
Status RebuildWith(std::size_t index, Change change) {
  const SampleJournal good = EarnHoldCaptureExpire(kAccount);
  SampleJournal changed(kCafe, kAccount);
  for (std::size_t i = 0; i < good.entries().size(); ++i) {
    const StoredEntry& stored = good.entries()[i];
    Entry entry = DecodeBody(stored.sequence, stored.body).value();
    if (i == index) change(entry);
    changed.Append(entry);
  }
  return Rebuild(changed.entries());
}

TEST(RebuildTest, ComesToWhatTheJournalSays) {
  const SampleJournal journal = EarnHoldCaptureExpire(kAccount);
  Rebuilder rebuilder(kCafe, kAccount);
  for (const StoredEntry& entry : journal.entries()) {
    const Status added = rebuilder.Add(entry.sequence, entry.body, entry.hash);
    ASSERT_TRUE(added.ok()) << added.error().message;
  }
  const Account& account = rebuilder.account();
  EXPECT_EQ(account.sequence, 4);
  EXPECT_EQ(account.head, journal.head());
  EXPECT_EQ(account.last_time, journal.last_time());
  EXPECT_EQ(account.next_lot, 2);
  EXPECT_EQ(account.lots, std::vector<Lot>{testing::SampleLot()});
  EXPECT_TRUE(account.holds.empty());
  EXPECT_EQ(account.balance(AssetId(kPointsAsset)), Balance{});
  EXPECT_EQ(rebuilder.holds().at(HoldId("h_1")), testing::SampleHold());
  EXPECT_EQ(rebuilder.orders().at({"web", "1042"}).lines[0].earned, 100);
}

TEST(RebuildTest, ShowsOpenHoldsAndBalancesOnTheWay) {
  const SampleJournal journal = EarnHoldCaptureExpire(kAccount);
  Rebuilder rebuilder(kCafe, kAccount);
  for (std::size_t i = 0; i < 2; ++i) {
    const StoredEntry& entry = journal.entries()[i];
    ASSERT_TRUE(rebuilder.Add(entry.sequence, entry.body, entry.hash).ok());
  }
  EXPECT_EQ(rebuilder.account().holds.size(), 1U);
  EXPECT_EQ(rebuilder.account().balance(AssetId(kPointsAsset)), (Balance{0, 40, 60, 0}));
}

// T14 of the reference: every byte of every entry, once.
TEST(RebuildTest, T14FindsEveryChangedByteAndNamesTheEntry) {
  const SampleJournal journal = EarnHoldCaptureExpire(kAccount);
  int flipped = 0;
  for (std::size_t index = 0; index < journal.entries().size(); ++index) {
    const std::string name = "account a_1, entry " + std::to_string(index + 1) + ": ";
    for (std::string StoredEntry::*part : {&StoredEntry::body, &StoredEntry::hash}) {
      for (std::size_t at = 0; at < (journal.entries()[index].*part).size(); ++at) {
        std::vector<StoredEntry> entries = journal.entries();
        (entries[index].*part)[at] ^= static_cast<char>(1 << (at % 8));
        const Status status = Rebuild(entries);
        ASSERT_FALSE(status.ok()) << name << at;
        EXPECT_EQ(status.error().reason, "journal_hash");
        EXPECT_EQ(status.error().message.substr(0, name.size()), name);
        ++flipped;
      }
    }
  }
  EXPECT_GT(flipped, 300);
}

TEST(RebuildTest, FindsMissingSwappedAndRepeatedEntries) {
  const std::vector<StoredEntry> good = EarnHoldCaptureExpire(kAccount).entries();
  std::vector<StoredEntry> missing = good;
  missing.erase(missing.begin() + 1);
  EXPECT_EQ(Rebuild(missing).error().reason, "journal_gap");
  EXPECT_EQ(Rebuild(missing).error().message, "account a_1, entry 2: missing; the next entry is 3");
  std::vector<StoredEntry> swapped = good;
  std::swap(swapped[1].body, swapped[2].body);
  std::swap(swapped[1].hash, swapped[2].hash);
  EXPECT_EQ(Rebuild(swapped).error().reason, "journal_hash");
  std::vector<StoredEntry> repeated = good;
  repeated.insert(repeated.begin() + 1, good[0]);
  EXPECT_EQ(Rebuild(repeated).error().reason, "journal_gap");
}

TEST(RebuildTest, AnEntryOfAnotherAccountDoesNotFit) {
  const SampleJournal other = EarnHoldCaptureExpire(AccountId("a_2"));
  EXPECT_EQ(Rebuild(other.entries()).error().reason, "journal_hash");
}

TEST(RebuildTest, NothingFollowsAWrongEntry) {
  std::vector<StoredEntry> entries = EarnHoldCaptureExpire(kAccount).entries();
  Rebuilder rebuilder(kCafe, kAccount);
  ASSERT_TRUE(rebuilder.Add(1, entries[0].body, entries[0].hash).ok());
  ASSERT_FALSE(rebuilder.Add(2, entries[1].body, "wrong").ok());
  EXPECT_FALSE(rebuilder.Add(2, entries[1].body, entries[1].hash).ok());
  EXPECT_EQ(rebuilder.last(), 1);
}

TEST(RebuildTest, AHashedBodyMustStillBeAnEntry) {
  const std::string head = Genesis(kCafe, kAccount);
  const StoredEntry entry{1, "\x07", NextHash(head, 1, "\x07")};
  EXPECT_EQ(Rebuild({entry}).error().reason, "journal_body");
}

TEST(RebuildTest, TransfersAndLotsMustAgree) {
  const auto reason = [](const Status& status) {
    return status.ok() ? std::string("none") : status.error().reason;
  };
  EXPECT_EQ(reason(RebuildWith(0, [](Entry&) {})), "none");
  const auto more = RebuildWith(0, [](Entry& entry) { entry.transfers[0].amount = 101; });
  ASSERT_FALSE(more.ok());
  EXPECT_EQ(more.error().reason, "journal_books");
  EXPECT_EQ(more.error().message,
            "account a_1, entry 1: points: the lots hold 100 active, the transfers say 101");
  EXPECT_EQ(reason(RebuildWith(2, [](Entry& entry) { entry.transfers.clear(); })), "journal_books");
  EXPECT_EQ(reason(RebuildWith(0, [](Entry& entry) { entry.transfers[0].amount = 0; })),
            "journal_books");
  EXPECT_EQ(reason(RebuildWith(2, [](Entry& entry) { entry.transfers[0].funder = "x"; })),
            "journal_books");
}

TEST(RebuildTest, LotsMustSumUpAndStayTheSame) {
  const auto is_wrong = [](auto change) { return !RebuildWith(2, change).ok(); };
  EXPECT_TRUE(is_wrong([](Entry& entry) { entry.lots[0].original = 101; }));
  EXPECT_TRUE(is_wrong([](Entry& entry) { entry.lots[0].spent = 51; }));
  EXPECT_TRUE(is_wrong([](Entry& entry) { entry.lots[0].id = 2; }));
  EXPECT_TRUE(is_wrong([](Entry& entry) { entry.lots[0].expires_at = kNever; }));
  EXPECT_TRUE(is_wrong([](Entry& entry) { entry.lots[0].funder = "someone"; }));
  EXPECT_TRUE(is_wrong([](Entry& entry) { entry.available_after = 51; }));
}

TEST(RebuildTest, HoldsMustLieOnTheirLotsAndEndOnce) {
  const auto held_less = RebuildWith(1, [](Entry& entry) { entry.holds[0].parts[0].amount = 59; });
  EXPECT_EQ(held_less.error().reason, "journal_books");
  EXPECT_EQ(held_less.error().message,
            "account a_1, entry 2: lot 1 holds 60 for open holds, which ask for 59");
  const auto unknown_lot = RebuildWith(1, [](Entry& entry) { entry.holds[0].parts[0].lot = 9; });
  EXPECT_EQ(unknown_lot.error().reason, "journal_books");
  const auto again = RebuildWith(3, [](Entry& entry) { entry.holds = {testing::SampleHold()}; });
  EXPECT_EQ(again.error().message, "account a_1, entry 4: hold h_1 ends a second time");
}

TEST(RebuildTest, TimeMustGrow) {
  const SampleJournal good = EarnHoldCaptureExpire(kAccount);
  std::vector<StoredEntry> entries = {good.entries()[0]};
  Entry second = DecodeBody(2, good.entries()[1].body).value();
  second.time = DecodeBody(1, entries[0].body).value().time;
  second.effective_at = second.time;
  const std::string body = EncodeBody(second);
  entries.push_back({2, body, NextHash(entries[0].hash, 2, body)});
  EXPECT_EQ(Rebuild(entries).error().reason, "journal_time");
}

// What is wrong with one of the two after the merge.
std::string MergeAndRebuild(Rebuilder& loser, Rebuilder& winner) {
  const Context context{winner.account().last_time + std::chrono::minutes(1), "till", {}, ""};
  const auto merged = ApplyMerge(loser.account(), winner.account(), {}, context);
  if (!merged.ok()) return merged.error().message;
  for (const auto& [rebuilder, change] :
       {std::pair(&loser, &merged.value().first), std::pair(&winner, &merged.value().second)}) {
    for (const PostedEntry& posted : change->entries) {
      const Status added = rebuilder->Add(posted.entry.sequence, posted.body, posted.hash);
      if (!added.ok()) return added.error().message;
    }
    const Account& rebuilt = rebuilder->account();
    if (rebuilt.merged_into != change->account.merged_into ||
        rebuilt.merged_offset != change->account.merged_offset ||
        rebuilt.lots != change->account.lots || rebuilt.holds != change->account.holds ||
        rebuilt.next_lot != change->account.next_lot || rebuilt.head != change->account.head) {
      return rebuilt.id.str() + " differs";
    }
  }
  return "";
}

Rebuilder Rebuilt(const AccountId& account, std::size_t entries) {
  const SampleJournal journal = EarnHoldCaptureExpire(account);
  Rebuilder rebuilder(kCafe, account);
  for (std::size_t i = 0; i < entries; ++i) {
    const StoredEntry& entry = journal.entries()[i];
    EXPECT_TRUE(rebuilder.Add(entry.sequence, entry.body, entry.hash).ok());
  }
  return rebuilder;
}

TEST(RebuildTest, BothSidesOfAMergeComeBack) {
  for (const std::size_t losers : {0U, 1U, 2U, 4U}) {
    // Ids of holds are unique, so the winner must not have had h_1.
    for (const std::size_t winners : {0U, 1U}) {
      Rebuilder loser = Rebuilt(AccountId("a_1"), losers);
      Rebuilder winner = Rebuilt(AccountId("a_2"), winners);
      EXPECT_EQ(MergeAndRebuild(loser, winner), "") << losers << " into " << winners;
      EXPECT_EQ(loser.account().merged_into, AccountId("a_2"));
      EXPECT_EQ(loser.account().balance(AssetId(kPointsAsset)), Balance{});
      EXPECT_TRUE(winner.account().merged_into.empty());
    }
  }
}

TEST(StateHashTest, CoversWhatTheAccountAmountsToAndNotHowItGotThere) {
  Account account;
  account.lots = {testing::SampleLot()};
  const std::string hash = StateHash(account);
  Account later = account;
  later.sequence = 9;
  later.head = "other";
  later.last_time = FromMicros(5);
  later.balances[AssetId(kPointsAsset)] = {};
  EXPECT_EQ(StateHash(later), hash);
  Account other = account;
  other.lots[0].spent = 49;
  EXPECT_NE(StateHash(other), hash);
  other = account;
  other.balances[AssetId(kPointsAsset)].debt = 1;
  EXPECT_NE(StateHash(other), hash);
}

TEST(RebuildTest, AServiceOperationMovesNothing) {
  const Status status = RebuildWith(0, [](Entry& entry) { entry.type = EntryType::kBlock; });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().reason, "journal_books");
  EXPECT_EQ(status.error().message, "account a_1, entry 1: a service operation that moves points");
}

}  // namespace
}  // namespace passmint::ledger
