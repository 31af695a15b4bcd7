#include "issuance/ledger_audit.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "ledger/apply.h"
#include "ledger/chain.h"

namespace passmint::issuance {
namespace {

constexpr int kEntriesPage = 500;
constexpr int kAccountsPage = 500;
// Of one snapshot: it keeps SQLite's WAL from being reused.
constexpr int kEntriesPerSnapshot = 20'000;
// Behind every entry of an account.
constexpr std::int64_t kBehind = std::int64_t{1} << 62;

// Folds one programme's journals in turn.
class Audit {
 public:
  Audit(const ProgrammeId& programme, ledger::JournalVerifier& verifier,
        std::map<std::string, std::string>& unreadable)
      : programme_(programme), verifier_(verifier), unreadable_(unreadable) {}

  // Goes on behind `after`, whole accounts; sets it, and `done` if there are no more.
  Status FoldEntries(Transaction& transaction, AccountId& after, bool& done) {
    std::optional<AccountId> open;
    AccountId at = after;
    std::int64_t sequence = kBehind;
    int left = kEntriesPerSnapshot;
    for (;;) {
      auto page = transaction.EntriesAfter(programme_, at, sequence, kEntriesPage);
      if (!page.ok()) return std::move(page).error();
      for (const JournalEntry& entry : page.value()) {
        if (!open || *open != entry.account) {
          if (Status ended = End(transaction, open, after); !ended.ok()) return ended;
          if (left <= 0) return {};
          verifier_.Begin(programme_, entry.account);
          open = entry.account;
        }
        verifier_.Entry(entry.sequence, entry.body, entry.hash);
        --left;
        at = entry.account;
        sequence = entry.sequence;
      }
      if (page.value().empty()) break;
    }
    done = true;
    return End(transaction, open, after);
  }

  // Accounts that have no entry at all.
  Status FindBare(Transaction& transaction, AccountId& after, bool& done) {
    auto accounts = transaction.AccountsAfter(programme_, after, kAccountsPage);
    if (!accounts.ok()) return std::move(accounts).error();
    for (const AccountId& account : accounts.value()) {
      auto first = transaction.EntriesAfter(programme_, account, 0, 1);
      if (!first.ok()) return std::move(first).error();
      after = account;
      if (!first.value().empty() && first.value().front().account == account) continue;
      verifier_.Begin(programme_, account);
      if (Status ended = End(transaction, account, after); !ended.ok()) return ended;
    }
    done = accounts.value().empty();
    return {};
  }

 private:
  Status End(Transaction& transaction, const std::optional<AccountId>& account, AccountId& after) {
    if (!account) return {};
    ledger::Need need;
    need.all = true;
    auto loaded = transaction.LoadAccount(programme_, *account, need, transaction.Now());
    if (!loaded.ok() && loaded.error().code == ErrorCode::kUnavailable) return loaded.error();
    if (!loaded.ok()) {
      unreadable_[programme_.str() + "/" + account->str()] = loaded.error().message;
      ledger::StoredAccount nothing;
      nothing.account.id = *account;
      verifier_.End(nothing);
    } else if (loaded.value().sequence == 0) {
      verifier_.End(std::nullopt);
    } else {
      ledger::StoredAccount stored{std::move(loaded).value(), std::nullopt, std::nullopt};
      Status rows = AddHolds(transaction, stored);
      if (rows.ok()) rows = AddOrders(transaction, stored);
      if (!rows.ok() && rows.error().code == ErrorCode::kUnavailable) return rows;
      if (!rows.ok()) {
        unreadable_[programme_.str() + "/" + account->str()] = rows.error().message;
        stored.account.sequence = 0;
      }
      verifier_.End(stored);
    }
    after = *account;
    return {};
  }

  // The rows of the holds that the journal knows. Those of a merged account stand at the winner's,
  // as they ended.
  Status AddHolds(Transaction& transaction, ledger::StoredAccount& stored) {
    std::vector<ledger::Hold>& holds = stored.holds.emplace();
    for (const ledger::Hold& hold : verifier_.holds()) {
      auto row = transaction.FindHold(programme_, hold.id);
      if (!row.ok()) return Annotate(std::move(row).error(), "hold " + hold.id.str());
      if (!row.value()) continue;  // Missed by the verifier.
      if (row.value()->ended) {
        holds.push_back(*std::move(row.value()->ended));
        continue;
      }
      for (const ledger::Hold& open : stored.account.holds) {
        if (open.id == hold.id && row.value()->account == stored.account.id) holds.push_back(open);
      }
    }
    return {};
  }

  // Of an order; or of a referral's reward or the claim of another, whose keys have no source.
  Result<std::optional<LocatedRecord>> FindRecord(Transaction& transaction,
                                                  const ledger::OrderKey& key) {
    if (!key.source.empty()) {
      return transaction.FindRecord(programme_, OrderSource(key.source), OrderId(key.id));
    }
    if (IsReferralReward(key.id)) {
      auto reward = transaction.FindReferralReward(programme_, key.id);
      if (!reward.ok()) return std::move(reward).error();
      if (!reward.value()) return std::optional<LocatedRecord>();
      return std::optional<LocatedRecord>(
          LocatedRecord{std::move(reward.value()->account), std::move(reward.value()->record)});
    }
    auto claim = transaction.FindClaim(programme_, key.id);
    if (!claim.ok()) return std::move(claim).error();
    if (!claim.value()) return std::optional<LocatedRecord>();
    return std::optional<LocatedRecord>(
        LocatedRecord{std::move(claim.value()->account), std::move(claim.value()->record)});
  }

  // The same with orders. A refund after a merge moves the record to the winner's account, whose
  // journal tells it from there.
  Status AddOrders(Transaction& transaction, ledger::StoredAccount& stored) {
    std::vector<ledger::OrderRecord>& orders = stored.orders.emplace();
    for (ledger::OrderRecord& order : verifier_.orders()) {
      auto row = FindRecord(transaction, order.key);
      if (!row.ok()) return Annotate(std::move(row).error(), "order " + order.key.id);
      if (!row.value()) continue;  // Missed by the verifier.
      const bool moved =
          row.value()->account != stored.account.id && !stored.account.merged_into.empty();
      orders.push_back(moved ? std::move(order) : std::move(row.value()->record));
    }
    return {};
  }

  const ProgrammeId& programme_;
  ledger::JournalVerifier& verifier_;
  std::map<std::string, std::string>& unreadable_;
};

using Step = Status (Audit::*)(Transaction&, AccountId&, bool&);

struct Leaf {
  ledger::CheckpointLeaf leaf;
  std::string state;
};

Status TakeLeaves(Transaction& transaction, const ProgrammeId& programme, std::vector<Leaf>& leaves,
                  const OnAudit& on_audit) {
  ledger::Need need;
  need.all = true;
  for (AccountId after("");;) {
    auto accounts = transaction.AccountsAfter(programme, after, kAccountsPage);
    if (!accounts.ok()) return std::move(accounts).error();
    if (accounts.value().empty()) return {};
    for (const AccountId& id : accounts.value()) {
      auto account = transaction.LoadAccount(programme, id, need, transaction.Now());
      if (!account.ok()) return Annotate(std::move(account).error(), "account " + id.str());
      const ledger::Account settled = ledger::Settled(account.value(), transaction.Now());
      leaves.push_back({{.programme = programme,
                         .account = id,
                         .sequence = account.value().sequence,
                         .head = account.value().head},
                        ledger::StateHash(settled)});
    }
    after = accounts.value().back();
    ledger::JournalReport so_far;
    so_far.accounts = static_cast<std::int64_t>(leaves.size());
    if (Status go_on = on_audit(so_far); !go_on.ok()) return go_on;
  }
}

Result<std::optional<ledger::ChainPoint>> FindPoint(Transaction& transaction,
                                                    const ledger::CheckpointLeaf& leaf) {
  using Found = std::optional<ledger::ChainPoint>;
  auto newest = transaction.EntriesBefore(leaf.programme, leaf.account, 0, 1);
  if (!newest.ok()) return std::move(newest).error();
  ledger::ChainPoint point;
  if (!newest.value().empty()) {
    point.last = newest.value().front().sequence;
  } else if (leaf.sequence > 0) {
    return Found();
  }
  if (leaf.sequence == 0) {
    point.hash = ledger::Genesis(leaf.programme, leaf.account);
  } else if (leaf.sequence <= point.last) {
    auto entry = transaction.FindEntry(leaf.programme, leaf.account, leaf.sequence);
    if (!entry.ok()) return std::move(entry).error();
    if (entry.value()) point.hash = entry.value()->hash;
  }
  return Found(std::move(point));
}

}  // namespace

Result<ledger::JournalReport> VerifyJournals(const Store& store,
                                             const std::vector<ProgrammeId>& programmes,
                                             const OnAudit& on_audit) {
  ledger::JournalVerifier verifier;
  std::map<std::string, std::string> unreadable;
  for (const ProgrammeId& programme : programmes) {
    for (const Step step : {&Audit::FoldEntries, &Audit::FindBare}) {
      AccountId after("");
      for (bool done = false; !done;) {
        // Begins anew if it is run again.
        ledger::JournalVerifier attempt;
        AccountId reached("");
        Status read = store.Read([&](Transaction& transaction) {
          attempt = verifier;
          reached = after;
          done = false;
          Audit audit(programme, attempt, unreadable);
          return (audit.*step)(transaction, reached, done);
        });
        if (!read.ok()) return std::move(read).error();
        verifier = std::move(attempt);
        after = std::move(reached);
        if (Status go_on = on_audit(verifier.report()); !go_on.ok()) return go_on.error();
      }
    }
  }
  ledger::JournalReport report = verifier.report();
  for (ledger::JournalFinding& finding : report.findings) {
    const auto found = unreadable.find(finding.programme.str() + "/" + finding.account.str());
    if (found == unreadable.end() || finding.sequence != 0) continue;
    finding.message = "account " + finding.account.str() + ": " + found->second;
  }
  return report;
}

Result<ledger::Checkpoint> TakeCheckpoint(const Store& store,
                                          const std::vector<ProgrammeId>& programmes,
                                          const std::string& previous, const OnAudit& on_audit) {
  std::vector<Leaf> leaves;
  ledger::Checkpoint checkpoint;
  Status read = store.Read([&](Transaction& transaction) -> Status {
    leaves.clear();
    checkpoint.time = transaction.Now();
    for (const ProgrammeId& programme : programmes) {
      Status taken = TakeLeaves(transaction, programme, leaves, on_audit);
      if (!taken.ok()) return taken;
    }
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  // The database may sort letters as people do.
  std::sort(leaves.begin(), leaves.end(), [](const Leaf& a, const Leaf& b) {
    return std::pair(a.leaf.programme.str(), a.leaf.account.str()) <
           std::pair(b.leaf.programme.str(), b.leaf.account.str());
  });
  ledger::MerkleTree state;
  for (Leaf& leaf : leaves) {
    state.Add(leaf.state);
    checkpoint.leaves.push_back(std::move(leaf.leaf));
  }
  checkpoint.previous = previous;
  checkpoint.state = state.Root();
  return checkpoint;
}

Result<ledger::CheckpointReport> CompareWithStore(const Store& store,
                                                  const ledger::Checkpoint& checkpoint) {
  using Found = std::optional<ledger::ChainPoint>;
  return ledger::CompareWithToday(
      checkpoint, [&store](const ledger::CheckpointLeaf& leaf) -> Result<Found> {
        Found point;
        Status read = store.Read([&](Transaction& transaction) -> Status {
          auto found = FindPoint(transaction, leaf);
          if (!found.ok()) return std::move(found).error();
          point = std::move(found).value();
          return {};
        });
        if (!read.ok()) return std::move(read).error();
        return point;
      });
}

Status ForEachEntry(const Store& store, const ProgrammeId& programme,
                    const std::function<Status(const JournalEntry&)>& on_entry) {
  AccountId account("");
  std::int64_t sequence = 0;
  for (;;) {
    std::vector<JournalEntry> page;
    Status read = store.Read([&](Transaction& transaction) -> Status {
      auto found = transaction.EntriesAfter(programme, account, sequence, kEntriesPage);
      if (!found.ok()) return std::move(found).error();
      page = std::move(found).value();
      return {};
    });
    if (!read.ok() || page.empty()) return read;
    for (const JournalEntry& entry : page) {
      if (Status handed = on_entry(entry); !handed.ok()) return handed;
    }
    account = page.back().account;
    sequence = page.back().sequence;
  }
}

}  // namespace passmint::issuance
