#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "issuance/store.h"
#include "ledger/entry.h"

namespace passmint::issuance {

// A place in several journals read as one, newest first.
struct JournalPlace {
  Timestamp time;
  AccountId account;
  std::int64_t sequence = 0;

  std::string Text() const;
  static std::optional<JournalPlace> From(std::string_view text);
};

// One account's journal, newest entry first.
class JournalReader {
 public:
  // `due`: entries that are due and not posted yet, oldest first. REQUIRES: `transaction` outlives
  // the reader.
  JournalReader(Transaction& transaction, const ProgrammeId& programme, AccountId account,
                const std::vector<ledger::PostedEntry>& due);

  // Begins behind `place`, or with the newest entry before `to`. Costs the logarithm of the
  // journal's length.
  Status Begin(const std::optional<JournalPlace>& place, const std::optional<Timestamp>& to);

  const AccountId& account() const { return account_; }
  // The entry to be read next; null at the end. Valid until Pop.
  Result<const ledger::Entry*> Peek();
  void Pop();

 private:
  Result<ledger::Entry> At(std::int64_t sequence) const;
  // How many entries there are from the first on that are before `time`, or at it if `with`.
  Result<std::int64_t> CountBefore(Timestamp time, bool with) const;

  Transaction& transaction_;
  const ProgrammeId& programme_;
  const AccountId account_;
  std::vector<ledger::Entry> due_;
  std::int64_t stored_ = 0;  // The last sequence in the store.
  std::int64_t next_ = 0;    // Sequence of the entry to be read next; 0: the end.
  std::deque<ledger::Entry> page_;
};

}  // namespace passmint::issuance
