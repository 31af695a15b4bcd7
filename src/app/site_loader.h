#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/settings.h"
#include "base/error.h"
#include "base/timestamp.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::app {

enum class RemarkLevel { kGood, kWarning, kBad };

// One thing that looking at a site found.
struct Remark {
  RemarkLevel level = RemarkLevel::kGood;
  std::string subject;  // "programme demo: Apple certificate".
  std::string text;     // "pass.com.example.shop, valid until 2027-11-21 (365 days left)".
  std::string hint;     // What to do about it; may be empty.
};

struct LoadedSite {
  std::unique_ptr<issuance::Site> site;  // Null if a remark is bad.
  std::vector<Remark> remarks;

  bool ok() const { return site != nullptr; }
};

// Opens every key and certificate that the settings name and builds from them what the use cases
// need. Looks at all of them even if one is bad, so that an operator sees everything at once.
// Writes nothing. `serve` refuses what this finds bad; `check` prints it.
LoadedSite LoadSite(const Settings& settings, Timestamp now);

// One programme of it without the others and the site's own keys, for commands that make single
// cards. The remarks are about that programme only. An empty `programme` is the first. The site has
// a key ring only if the master key can be read.
LoadedSite LoadProgramme(const Settings& settings, const std::string& programme, Timestamp now);

// What is bad, as one error.
Error Refusal(const std::vector<Remark>& remarks);

// Whether the store was made with these master keys; remembers new ones. A key that the store knows
// and the ring lacks, or one id with another key, would make cards that cannot be updated any more.
// Fails with kConflict, reason "wrong_master_key", and as Store::Write.
Status CheckMasterKeys(issuance::Store& store, const crypto::KeyRing& keys);

}  // namespace passmint::app
