#pragma once

#include <string>
#include <vector>

#include "ledger/account.h"
#include "ledger/entry.h"
#include "ledger/order.h"

namespace passmint::ledger::testing {

struct StoredEntry {
  std::int64_t sequence = 0;
  std::string body;
  std::string hash;
};

// A journal written by hand, entry by entry, independently of what decides.
class SampleJournal {
 public:
  SampleJournal(const ProgrammeId& programme, const AccountId& account);

  // Chains the entry as it stands; sequence and time are filled in, a minute apart.
  void Append(Entry entry);

  const std::vector<StoredEntry>& entries() const { return entries_; }
  std::vector<StoredEntry>& entries() { return entries_; }
  const AccountId& id() const { return id_; }
  const std::string& head() const { return head_; }
  Timestamp last_time() const { return last_time_; }

 private:
  AccountId id_;
  std::string head_;
  Timestamp last_time_;
  std::vector<StoredEntry> entries_;
};

inline constexpr const char* kSampleProgramme = "cafe";

// An order earns 100 points; 60 are held for a purchase, 50 of them are captured; what is left
// expires. Every part of an entry occurs.
SampleJournal EarnHoldCaptureExpire(const AccountId& account);

// What it comes to, apart from sequence, head and times.
Lot SampleLot();
Hold SampleHold();

}  // namespace passmint::ledger::testing
