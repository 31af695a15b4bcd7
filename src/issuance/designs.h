#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "apple/pass_factory.h"
#include "base/result.h"
#include "design/design.h"
#include "google/images.h"
#include "google/layout.h"
#include "issuance/rollout_pace.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// A published version, ready to make cards: everything that the template fixes is worked out once.
struct ReadyDesign {
  int version = 0;
  std::shared_ptr<const design::Design> design;
  std::shared_ptr<const apple::PassFactory> apple;  // Null: no Apple certificate.
  std::shared_ptr<const google::Layout> google;     // Null: no Google account, or a boarding pass.
  ClassId google_class;                             // Empty likewise.
  bool shows_last_order = false;                    // A text of it may name a variable of order.*.
};

// Every rule of both wallets and the folder's own, sorted by level, file and pointer. `programme`
// decides what needs a certificate (NFC) and whose addresses are checked.
design::Findings LintTemplate(const design::TemplateFiles& files, const Site& site,
                              const ProgrammeSite& programme, Timestamp now);

// A folder while somebody edits it: what LintTemplate finds, but for damaged pixels, and the design
// without its pictures to render samples with; null if the folder has errors of its own. Takes
// milliseconds.
struct TemplateOutline {
  std::shared_ptr<const design::Design> design;
  std::shared_ptr<const google::Layout> google;  // Null likewise, and for boarding passes.
  design::Findings findings;
};
TemplateOutline OutlineTemplate(const design::TemplateFiles& files, const Site& site,
                                const ProgrammeSite& programme, Timestamp now);

// A version that may be published: it lints without errors, and its pictures for Google are known.
struct Publishable {
  std::shared_ptr<const design::Design> design;
  std::vector<google::Image> images;
  design::Findings findings;  // Warnings.
};

// Compiles and lints; slow (up to a second), so outside of any transaction. Fails with
// kInvalidArgument, reason "does_not_lint", with one problem per error found: code is the rule's
// id, pointer the finding's.
Result<Publishable> PreparePublish(const design::TemplateFiles& files, const Site& site,
                                   const ProgrammeSite& programme, Timestamp now);

struct Publication {
  TemplateName name;
  design::TemplateFiles files;
  int ring = 100;                           // 1 to 100.
  int per_second = kRolloutCardsPerSecond;  // How fast phones are told: kRolloutCardsPerSecondMax.
  ApiKeyName author;
  ApiKeyName published_by;
  std::string comment;
};

// Writes the next version, and its pictures. A version that equals the newest one only moves its
// ring. Fails with kInvalidArgument, reason "other_kind", if earlier versions are of another kind.
Result<DesignVersion> Publish(Transaction& transaction, const ProgrammeId& programme,
                              const Publishable& publishable, const Publication& publication);

struct RollBackOrder {
  std::optional<int> version;  // To which; nothing: to the one that was live before.
  ApiKeyName by;
  std::string reason;  // Stays with the versions that are taken from their cards.
};

// Ends a canary if there is one, else makes the version before the live one live again, or
// the one that is named. Fails with kConflict, reason "no_earlier_version", with kNotFound.
Result<DesignVersion> RollBack(Transaction& transaction, const ProgrammeId& programme,
                               const TemplateName& name, const RollBackOrder& order);

// ReadyDesigns by version. Versions are immutable, so nothing is ever stale; the least recently
// used go when there are too many. Safe for concurrent calls; one thread at a time compiles.
class DesignCatalogue {
 public:
  static constexpr std::size_t kKeptMax = 64;

  // REQUIRES: all outlive the catalogue.
  DesignCatalogue(const Site& site, const Store& store) : site_(site), store_(store) {}

  // Fails with kNotFound if there is no such version; with kInternal if a published version does
  // not compile any more (damaged, or made by a newer Passmint); as apple::PassFactory::Make.
  Result<std::shared_ptr<const ReadyDesign>> Get(const ProgrammeSite& programme,
                                                 const TemplateName& name, int version);

 private:
  using Key = std::tuple<ProgrammeId, TemplateName, int>;
  struct Kept {
    std::shared_ptr<const ReadyDesign> design;
    std::uint64_t used = 0;
  };

  std::shared_ptr<const ReadyDesign> FindKept(const Key& key);
  void Keep(const Key& key, std::shared_ptr<const ReadyDesign> design);

  const Site& site_;
  const Store& store_;
  std::mutex compiling_;
  std::mutex mutex_;  // Guards what follows.
  std::map<Key, Kept> kept_;
  std::uint64_t uses_ = 0;
};

// What templates and wallets need to know of a programme.
design::ProgrammeFacts Facts(const cards::Programme& programme);
apple::PassEnvironment AppleEnvironment(const Site& site, const ProgrammeSite& programme);
google::Environment GoogleEnvironment(const Site& site, const ProgrammeSite& programme);

}  // namespace passmint::issuance
