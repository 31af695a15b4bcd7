#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace passmint::issuance {

// Where a member was last seen among the levels: what their cards show. tiers.h of programme works
// it out; this is what phones were told of.
struct KeptTier {
  std::string level;          // Name; empty: below the first.
  Timestamp since;            // When the member came to it.
  std::int64_t metric = 0;    // What counted then.
  std::int64_t rule_set = 0;  // Version by which.
  // When time alone changes the level or what counts; nothing: never.
  std::optional<Timestamp> due_at = {};
  // When the level falls if nothing happens before, and the name of the one below.
  std::optional<Timestamp> falls_at = {};
  std::string falls_to = {};

  friend bool operator==(const KeptTier&, const KeptTier&) = default;
};

// The part of a Transaction (store.h) that knows of levels, with the same failures and life.
// Whoever writes a level has locked its member.
class TierTables {
 public:
  // Also sees which rule set is the newest, so that asking for the rules costs nothing after it.
  virtual Result<std::optional<KeptTier>> FindTier(const ProgrammeId&, const MemberId&) = 0;
  // Makes or replaces it.
  virtual Status PutTier(const ProgrammeId&, const MemberId&, const KeptTier&) = 0;
  // The one below which nobody falls: the programme has no levels any more.
  virtual Status DropTier(const ProgrammeId&, const MemberId&) = 0;

  // Those that are due at `now`, the longest due first.
  struct DueTier {
    ProgrammeId programme;
    MemberId member;
  };
  virtual Result<std::vector<DueTier>> TiersDue(Timestamp now, int limit) = 0;
  // Is looked at again then. Nothing if there is none.
  virtual Status PostponeTier(const ProgrammeId&, const MemberId&, Timestamp until) = 0;

  // The template of a card whose level has one of its own: what it goes back to. By the card's id.
  virtual Result<std::optional<TemplateName>> FindOwnTemplate(const ProgrammeId&,
                                                              const std::string& card) = 0;
  // Makes or replaces it; nothing: the card shows its own.
  virtual Status PutOwnTemplate(const ProgrammeId&, const std::string& card,
                                const std::optional<TemplateName>&) = 0;

 protected:
  ~TierTables() = default;
};

}  // namespace passmint::issuance
