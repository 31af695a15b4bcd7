#include "ledger/verify.h"

#include <gtest/gtest.h>

#include "ledger/codec.h"
#include "unit/ledger/sample_journal.h"

namespace passmint::ledger {
namespace {

using testing::EarnHoldCaptureExpire;
using testing::SampleJournal;
using testing::StoredEntry;

const ProgrammeId kCafe(testing::kSampleProgramme);
const AssetId kPoints(kPointsAsset);

// What a sound store holds beside the sample journal.
StoredAccount StoredOf(const SampleJournal& journal) {
  Rebuilder rebuilder(kCafe, journal.id());
  for (const StoredEntry& entry : journal.entries()) {
    EXPECT_TRUE(rebuilder.Add(entry.sequence, entry.body, entry.hash).ok());
  }
  StoredAccount stored{rebuilder.account(), {{testing::SampleHold()}}, std::vector<OrderRecord>{}};
  for (const auto& [key, order] : rebuilder.orders()) stored.orders->push_back(order);
  return stored;
}

void Add(JournalVerifier& verifier, const SampleJournal& journal,
         const std::optional<StoredAccount>& stored) {
  verifier.Begin(kCafe, journal.id());
  for (const StoredEntry& entry : journal.entries()) {
    verifier.Entry(entry.sequence, entry.body, entry.hash);
  }
  verifier.End(stored);
}

// The findings for a sound account a_1 in which `change` changed the store.
template <class Change>
std::vector<JournalFinding> FindingsWith(Change change) {
  SampleJournal journal = EarnHoldCaptureExpire(AccountId("a_1"));
  StoredAccount stored = StoredOf(journal);
  change(journal.entries(), stored);
  JournalVerifier verifier;
  Add(verifier, journal, stored);
  return verifier.report().findings;
}

template <class Change>
std::string MessageWith(Change change) {
  const auto findings =
      FindingsWith([&](std::vector<StoredEntry>&, StoredAccount& stored) { change(stored); });
  return findings.empty() ? "" : findings[0].message;
}

TEST(JournalVerifierTest, CountsWhatIsWell) {
  JournalVerifier verifier;
  for (const char* id : {"a_1", "a_2"}) {
    const SampleJournal journal = EarnHoldCaptureExpire(AccountId(id));
    Add(verifier, journal, StoredOf(journal));
  }
  const JournalReport& report = verifier.report();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.accounts, 2);
  EXPECT_EQ(report.entries, 8);
  EXPECT_EQ(report.lots, 2);
  EXPECT_EQ(report.holds, 2);
  EXPECT_EQ(report.orders, 2);
}

TEST(JournalVerifierTest, AnAccountWithoutEntriesIsWell) {
  const SampleJournal journal(kCafe, AccountId("a_1"));
  StoredAccount stored;
  stored.account.id = journal.id();
  stored.account.head = journal.head();
  JournalVerifier verifier;
  Add(verifier, journal, stored);
  EXPECT_TRUE(verifier.report().ok());
}

TEST(JournalVerifierTest, NamesTheFirstBadEntryOfEachAccount) {
  JournalVerifier verifier;
  for (const char* id : {"a_1", "a_2", "a_3"}) {
    SampleJournal journal = EarnHoldCaptureExpire(AccountId(id));
    const StoredAccount stored = StoredOf(journal);
    if (id == std::string("a_2")) {
      journal.entries()[2].body[9] ^= 4;
      journal.entries()[3].hash[0] ^= 4;
    }
    Add(verifier, journal, stored);
  }
  const JournalReport& report = verifier.report();
  EXPECT_EQ(report.entries, 12);
  EXPECT_EQ(report.bad_accounts, 1);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].account, AccountId("a_2"));
  EXPECT_EQ(report.findings[0].sequence, 3);
  EXPECT_EQ(report.findings[0].reason, "journal_hash");
  EXPECT_EQ(report.findings[0].message, "account a_2, entry 3: its hash is not that of its bytes");
}

TEST(JournalVerifierTest, AGapIsAtTheEntryThatIsMissing) {
  const auto findings = FindingsWith([](std::vector<StoredEntry>& entries, StoredAccount&) {
    entries.erase(entries.begin() + 1);
  });
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].sequence, 2);
  EXPECT_EQ(findings[0].reason, "journal_gap");
}

TEST(JournalVerifierTest, FindsACutTail) {
  const auto findings =
      FindingsWith([](std::vector<StoredEntry>& entries, StoredAccount&) { entries.pop_back(); });
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].sequence, 4);
  EXPECT_EQ(findings[0].reason, "journal_tail");
}

TEST(JournalVerifierTest, FindsEntriesWithoutAnAccount) {
  JournalVerifier verifier;
  Add(verifier, EarnHoldCaptureExpire(AccountId("a_1")), std::nullopt);
  ASSERT_EQ(verifier.report().findings.size(), 1U);
  EXPECT_EQ(verifier.report().findings[0].reason, "journal_orphan");
}

TEST(JournalVerifierTest, ComparesWhatIsStoredWithTheJournal) {
  EXPECT_EQ(MessageWith([](StoredAccount&) {}), "");
  EXPECT_EQ(MessageWith([](StoredAccount& s) { s.account.balances[kPoints].available = 5; }),
            "account a_1: points available is 5, the journal says 0");
  EXPECT_EQ(MessageWith([](StoredAccount& s) { s.account.balances[AssetId("x")].debt = 5; }),
            "account a_1: x debt is 5, the journal says 0");
  EXPECT_EQ(MessageWith([](StoredAccount& s) { s.account.lots[0].spent = 49; }),
            "account a_1: lot 1 is not as the journal says");
  EXPECT_EQ(MessageWith([](StoredAccount& s) { s.account.lots.clear(); }),
            "account a_1: lot 1 of the journal is missing");
  EXPECT_EQ(MessageWith([](StoredAccount& s) { s.account.lots.push_back(Lot()); }),
            "account a_1: lot 0 is not in the journal");
  EXPECT_EQ(MessageWith([](StoredAccount& s) { s.account.holds.push_back(Hold()); }),
            "account a_1: hold  is not in the journal");
  EXPECT_EQ(MessageWith([](StoredAccount& s) { s.holds->at(0).captured = 1; }),
            "account a_1: hold h_1 is not as the journal says");
  EXPECT_EQ(MessageWith([](StoredAccount& s) { s.orders->clear(); }),
            "account a_1: order web/1042 of the journal is missing");
  EXPECT_EQ(MessageWith([](StoredAccount& s) { s.account.next_lot = 7; }),
            "account a_1: the next lot is 7, the journal says 2");
  EXPECT_EQ(MessageWith([](StoredAccount& s) { s.account.sequence = 3; }),
            "account a_1: the last entry is 3, the journal says 4");
  EXPECT_NE(MessageWith([](StoredAccount& s) { s.account.head[0] ^= 1; }), "");
  EXPECT_NE(MessageWith([](StoredAccount& s) { s.account.merged_into = AccountId("a_9"); }), "");
  EXPECT_NE(MessageWith([](StoredAccount& s) { s.account.last_time += std::chrono::hours(1); }),
            "");
}

TEST(JournalVerifierTest, KeepsOnlySoManyFindings) {
  JournalVerifier verifier;
  for (int i = 0; i < 150; ++i) {
    Add(verifier, EarnHoldCaptureExpire(AccountId("a_" + std::to_string(i))), std::nullopt);
  }
  EXPECT_EQ(verifier.report().bad_accounts, 150);
  EXPECT_EQ(verifier.report().findings.size(), kFindingsMax);
}

TEST(JournalVerifierTest, TheStateHashIsOfSettledState) {
  const SampleJournal whole = EarnHoldCaptureExpire(AccountId("a_1"));
  SampleJournal unsettled = whole;
  unsettled.entries().pop_back();  // The expiry, which was due by then.
  const Timestamp later = whole.last_time() + std::chrono::hours(48);
  const auto state_hash = [&](const SampleJournal& journal) {
    JournalVerifier verifier;
    Add(verifier, journal, StoredOf(journal));
    EXPECT_TRUE(verifier.report().ok());
    return verifier.SettledStateHash(later);
  };
  EXPECT_EQ(state_hash(whole).size(), 32U);
  EXPECT_EQ(state_hash(whole), state_hash(unsettled));
  EXPECT_NE(state_hash(whole), StateHash(Account()));
}

}  // namespace
}  // namespace passmint::ledger
