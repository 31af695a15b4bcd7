#include "issuance/designs.h"

#include <algorithm>
#include <utility>

#include "apple/lint.h"
#include "google/lint.h"
#include "issuance/drafts.h"

namespace passmint::issuance {
namespace {

using design::Finding;
using design::Findings;

// What templates are linted against where a programme has no certificate or account yet.
constexpr const char* kStandInPassType = "pass.com.example.card";
constexpr const char* kStandInTeam = "ABCDE12345";
constexpr const char* kStandInIssuer = "3388000000000000000";

void Sort(Findings& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.level, a.file, a.pointer, a.id) < std::tie(b.level, b.file, b.pointer, b.id);
  });
}

// Adds the wallets' rules to the folder's own, if the folder could be read at all.
Findings AllFindings(const design::Compiled& compiled, const Site& site,
                     const ProgrammeSite& programme, Timestamp now) {
  Findings findings = compiled.findings;
  if (compiled.design != nullptr) {
    for (Finding& finding : apple::Lint(*compiled.design, AppleEnvironment(site, programme), now)) {
      findings.push_back(std::move(finding));
    }
    for (Finding& finding : google::Lint(*compiled.design, GoogleEnvironment(site, programme))) {
      findings.push_back(std::move(finding));
    }
  }
  Sort(findings);
  return findings;
}

Error DoesNotLint(const Findings& findings) {
  Error error{.code = ErrorCode::kInvalidArgument, .message = {}, .reason = "does_not_lint"};
  for (const Finding& finding : findings) {
    if (finding.level != design::Level::kError) continue;
    const std::string place = finding.file == "template.json" ? "" : finding.file + ": ";
    error.problems.push_back(
        {finding.id, finding.pointer, place + finding.cause + "; " + finding.cure});
  }
  const std::size_t count = error.problems.size();
  error.message =
      std::to_string(count) + (count == 1 ? " error blocks" : " errors block") + " publishing";
  return error;
}

// Later than everything that a phone may have seen of the template.
Result<Timestamp> NextChange(Transaction& transaction, const ProgrammeId& programme,
                             const TemplateName& name) {
  auto newest = transaction.NewestCardChange(programme, name);
  if (!newest.ok()) return std::move(newest).error();
  Timestamp next = std::chrono::floor<std::chrono::seconds>(transaction.Now());
  if (newest.value()) next = std::max(next, *newest.value() + std::chrono::seconds(1));
  auto versions = transaction.DesignVersions(programme, name);
  if (!versions.ok()) return std::move(versions).error();
  for (const DesignVersion& version : versions.value()) {
    next = std::max(next, version.changed_at + std::chrono::seconds(1));
  }
  return next;
}

Result<DesignVersion> MoveRing(Transaction& transaction, const ProgrammeId& programme,
                               DesignVersion version, int ring) {
  if (version.ring == ring) return version;
  auto changed_at = NextChange(transaction, programme, version.name);
  if (!changed_at.ok()) return std::move(changed_at).error();
  version.ring = ring;
  version.reach = std::max(version.reach, ring);
  version.changed_at = changed_at.value();
  if (Status moved = transaction.UpdateDesignRing(programme, version); !moved.ok()) {
    return std::move(moved).error();
  }
  if (Status wanted = transaction.WantGoogleClass(programme, version.name); !wanted.ok()) {
    return std::move(wanted).error();
  }
  return version;
}

// Phones of the cards within `ring` percent look again, a few a second. A rollout that has not
// ended is begun anew: what it had told has changed. If it was for more cards, so is the new one,
// or those that it had not come to yet would never hear of the earlier design.
Status StartRollout(Transaction& transaction, const ProgrammeId& programme,
                    const DesignVersion& version, int ring, int per_second) {
  const auto before = transaction.FindRollout(programme, version.name);
  if (!before.ok()) return before.error();
  if (before.value() && (before.value()->state == RolloutState::kRunning ||
                         before.value()->state == RolloutState::kPaused)) {
    ring = std::max(ring, before.value()->ring);
  }
  const Timestamp now = transaction.Now();
  return transaction.PutRollout({.programme = programme,
                                 .name = version.name,
                                 .version = version.version,
                                 .ring = ring,
                                 .per_second = per_second,
                                 .due_at = now,
                                 .started_at = now,
                                 .changed_at = now});
}

Status PutImages(Transaction& transaction, const Publishable& publishable) {
  for (const google::Image& image : publishable.images) {
    if (Status put = transaction.PutImage(image.sha256, *image.png); !put.ok()) return put;
  }
  return {};
}

// Whether a text of the folder may expand a variable of that name.
bool MayName(const design::TemplateFiles& files, std::string_view variable) {
  return std::any_of(files.begin(), files.end(), [variable](const auto& file) {
    return file.first.ends_with(".json") && file.second.find(variable) != std::string::npos;
  });
}

Result<ReadyDesign> MakeReady(const DesignVersion& version, const Site& site,
                              const ProgrammeSite& programme) {
  design::Compiled compiled = design::Compile(version.files, Facts(programme.programme));
  if (compiled.design == nullptr) {
    return Error{.code = ErrorCode::kInternal,
                 .message = "published version " + std::to_string(version.version) +
                            " of template " + version.name.str() + " does not compile"};
  }
  ReadyDesign ready{.version = version.version,
                    .design = compiled.design,
                    .apple = nullptr,
                    .google = nullptr,
                    .google_class = {},
                    .shows_last_order = MayName(version.files, "order.")};
  if (programme.apple != nullptr) {
    auto factory =
        apple::PassFactory::Make(ready.design, programme.apple, AppleEnvironment(site, programme));
    if (!factory.ok()) return std::move(factory).error();
    ready.apple = std::make_shared<const apple::PassFactory>(std::move(factory).value());
  }
  if (programme.google != nullptr) {
    auto layout = google::MakeLayout(*ready.design, GoogleEnvironment(site, programme));
    if (layout) {
      ready.google = std::make_shared<const google::Layout>(*std::move(layout));
      ready.google_class = google::MakeClassId(
          programme.google->issuer, programme.programme.id.str() + "." + version.name.str());
    }
  }
  return ready;
}

}  // namespace

design::ProgrammeFacts Facts(const cards::Programme& programme) {
  return {.name = programme.name,
          .currency = programme.currency.code(),
          .time_zone = programme.time_zone};
}

apple::PassEnvironment AppleEnvironment(const Site& site, const ProgrammeSite& programme) {
  apple::PassEnvironment environment{.pass_type = PassTypeIdentifier(kStandInPassType),
                                     .team = TeamIdentifier(kStandInTeam),
                                     .web_service_url = site.public_url + "/apple",
                                     .supports_nfc = true};
  if (programme.apple != nullptr) {
    const crypto::SigningIdentity& identity = programme.apple->identity();
    environment.pass_type = identity.pass_type();
    environment.team = identity.team();
    environment.supports_nfc = identity.supports_nfc();
  }
  return environment;
}

google::Environment GoogleEnvironment(const Site& site, const ProgrammeSite& programme) {
  return {
      .issuer = programme.google != nullptr ? programme.google->issuer : IssuerId(kStandInIssuer),
      .image_base_url = site.public_url + "/i/",
      .callback_url = site.public_url + "/google/callback/" + programme.programme.id.str(),
      .origins = {},
      .service_account_email =
          programme.google != nullptr ? programme.google->service_account : std::string()};
}

Findings LintTemplate(const design::TemplateFiles& files, const Site& site,
                      const ProgrammeSite& programme, Timestamp now) {
  return AllFindings(design::Compile(files, Facts(programme.programme)), site, programme, now);
}

TemplateOutline OutlineTemplate(const design::TemplateFiles& files, const Site& site,
                                const ProgrammeSite& programme, Timestamp now) {
  design::Compiled compiled = design::CompileOutline(files, Facts(programme.programme));
  TemplateOutline outline{.design = compiled.design,
                          .google = nullptr,
                          .findings = AllFindings(compiled, site, programme, now)};
  if (outline.design == nullptr) return outline;
  if (auto layout = google::MakeLayout(*outline.design, GoogleEnvironment(site, programme))) {
    outline.google = std::make_shared<const google::Layout>(*std::move(layout));
  }
  return outline;
}

Result<Publishable> PreparePublish(const design::TemplateFiles& files, const Site& site,
                                   const ProgrammeSite& programme, Timestamp now) {
  design::Compiled compiled = design::Compile(files, Facts(programme.programme));
  Findings findings = AllFindings(compiled, site, programme, now);
  if (compiled.design == nullptr || design::HasErrors(findings)) return DoesNotLint(findings);
  std::vector<google::Image> images = google::AllImages(*compiled.design);
  return Publishable{std::move(compiled.design), std::move(images), std::move(findings)};
}

Result<DesignVersion> Publish(Transaction& transaction, const ProgrammeId& programme,
                              const Publishable& publishable, const Publication& publication) {
  auto versions = transaction.DesignVersions(programme, publication.name);
  if (!versions.ok()) return std::move(versions).error();
  const std::string kind(design::Name(publishable.design->source().kind));
  int next = 1;
  if (!versions.value().empty()) {
    const DesignVersion& newest = versions.value().front();
    if (newest.kind != kind) {
      return InvalidInput("other_kind", "/kind",
                          "the template was published as " + newest.kind +
                              ", which its cards stay: make a new template for " + kind);
    }
    if (newest.hash == DraftTag(publication.files)) {
      // What every card shows stays with every card: to publish it again narrows nothing.
      const int ring = newest.ring == 100 ? 100 : publication.ring;
      auto moved = MoveRing(transaction, programme, newest, ring);
      if (!moved.ok() || ring == newest.ring) return moved;
      Status started = StartRollout(transaction, programme, moved.value(), moved.value().reach,
                                    publication.per_second);
      if (!started.ok()) return started.error();
      return moved;
    }
    next = newest.version + 1;
  }
  auto changed_at = NextChange(transaction, programme, publication.name);
  if (!changed_at.ok()) return std::move(changed_at).error();
  if (Status put = PutImages(transaction, publishable); !put.ok()) return std::move(put).error();
  DesignVersion version{.name = publication.name,
                        .version = next,
                        .hash = DraftTag(publication.files),
                        .kind = kind,
                        .files = publication.files,
                        .ring = next == 1 ? 100 : publication.ring,  // Cards need a design.
                        .reach = next == 1 ? 100 : publication.ring,
                        .changed_at = changed_at.value(),
                        .published_at = transaction.Now(),
                        .author = publication.author,
                        .published_by = publication.published_by,
                        .comment = publication.comment,
                        .withdrawal = {}};
  if (Status inserted = transaction.InsertDesignVersion(programme, version); !inserted.ok()) {
    return std::move(inserted).error();
  }
  if (Status wanted = transaction.WantGoogleClass(programme, publication.name); !wanted.ok()) {
    return std::move(wanted).error();
  }
  if (next > 1) {
    Status started =
        StartRollout(transaction, programme, version, version.ring, publication.per_second);
    if (!started.ok()) return std::move(started).error();
  }
  return version;
}

Result<DesignVersion> RollBack(Transaction& transaction, const ProgrammeId& programme,
                               const TemplateName& name, const RollBackOrder& order) {
  const std::optional<int>& wanted = order.version;
  auto versions = transaction.DesignVersions(programme, name);
  if (!versions.ok()) return std::move(versions).error();
  // Going back to what all cards show already is no work and no failure.
  if (wanted && !versions.value().empty()) {
    const DesignVersion& newest = versions.value().front();
    if (newest.version == *wanted && newest.ring == 100) return newest;
  }
  const auto shown = std::find_if(versions.value().begin(), versions.value().end(),
                                  [](const DesignVersion& version) { return version.ring > 0; });
  const auto target =
      shown == versions.value().end()
          ? shown
          : std::find_if(shown + 1, versions.value().end(), [&](const DesignVersion& version) {
              return wanted ? version.version == *wanted : version.ring == 100;
            });
  if (target == versions.value().end()) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "there is no earlier version of " + name.str() + " to go back to",
                 .reason = "no_earlier_version"};
  }
  // Whose cards showed the live version all the time need not look.
  int ring = target->ring == 100 ? 0 : 100;
  const Withdrawal withdrawal{transaction.Now(), order.by, order.reason};
  for (auto version = shown; version != target; ++version) {
    ring = std::max(ring, version->reach);
    if (version->ring > 0) version->withdrawal = withdrawal;
    if (auto moved = MoveRing(transaction, programme, *version, 0); !moved.ok()) return moved;
  }
  auto live = MoveRing(transaction, programme, *target, 100);
  if (!live.ok()) return live;
  Status started = StartRollout(transaction, programme, live.value(), ring, kRolloutCardsPerSecond);
  if (!started.ok()) return std::move(started).error();
  return live;
}

std::shared_ptr<const ReadyDesign> DesignCatalogue::FindKept(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end()) return nullptr;
  found->second.used = ++uses_;
  return found->second.design;
}

void DesignCatalogue::Keep(const Key& key, std::shared_ptr<const ReadyDesign> design) {
  const std::lock_guard lock(mutex_);
  kept_[key] = {std::move(design), ++uses_};
  if (kept_.size() <= kKeptMax) return;
  kept_.erase(std::min_element(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) {
    return a.second.used < b.second.used;
  }));
}

Result<std::shared_ptr<const ReadyDesign>> DesignCatalogue::Get(const ProgrammeSite& programme,
                                                                const TemplateName& name,
                                                                int version) {
  const Key key(programme.programme.id, name, version);
  if (auto kept = FindKept(key)) return kept;
  const std::lock_guard one_compiles(compiling_);
  if (auto kept = FindKept(key)) return kept;
  std::optional<DesignVersion> found;
  const Status read = store_.Read([&](Transaction& transaction) -> Status {
    auto row = transaction.FindDesignVersion(programme.programme.id, name, version);
    if (!row.ok()) return std::move(row).error();
    found = std::move(row).value();
    return {};
  });
  if (!read.ok()) return read.error();
  if (!found) {
    return Error{.code = ErrorCode::kNotFound, .message = "no such version of that template"};
  }
  auto ready = MakeReady(*found, site_, programme);
  if (!ready.ok()) return std::move(ready).error();
  auto design = std::make_shared<const ReadyDesign>(std::move(ready).value());
  Keep(key, design);
  return design;
}

}  // namespace passmint::issuance
