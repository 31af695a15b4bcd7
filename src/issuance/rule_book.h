#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/programme_tables.h"
#include "issuance/site.h"
#include "programme/rules.h"

namespace passmint::issuance {

using RulesPtr = std::shared_ptr<const programme::RuleSet>;

// A version with the instant from which on it can have been in effect: it judges no earlier what is
// not reported but falls due.
struct PublishedRules {
  std::int64_t version = 0;
  Timestamp begins;  // Its effective_from, or when it was published if that was later.
  RulesPtr rules;
};

// The published rule sets of one programme, each parsed once. What is published never changes, so
// what was read stays true; which version is the newest is asked in every transaction, so that an
// order is judged alike by every process. Not to be asked in a transaction that has published
// something itself: it may come to nothing. Safe for concurrent use.
class RuleBook {
 public:
  // The latest version that is in effect at `instant`; null if none is. Fails as the store, and
  // with kInternal if a stored rule set cannot be read.
  Result<RulesPtr> At(ProgrammeTables& tables, const ProgrammeId& programme, Timestamp instant);

  // Null if there is no such version. Fails likewise.
  Result<RulesPtr> Version(ProgrammeTables& tables, const ProgrammeId& programme,
                           std::int64_t version);

  // All versions, by rising number. Fails likewise.
  Result<std::vector<PublishedRules>> Versions(ProgrammeTables& tables,
                                               const ProgrammeId& programme);

  // Whether any version that was read looks at what orders have to count (rule_facts.h): from its
  // publication on they do.
  bool Counts() const;

 private:
  struct Entry {
    Timestamp effective_from;
    Timestamp published_at;
    RulesPtr rules;
    bool counts = false;
  };

  // Reads what was published since. Returns the version of the newest.
  Result<std::int64_t> CatchUp(ProgrammeTables& tables, const ProgrammeId& programme);

  mutable std::mutex mutex_;
  std::map<std::int64_t, Entry> versions_;  // Guarded by mutex_.
};

}  // namespace passmint::issuance
