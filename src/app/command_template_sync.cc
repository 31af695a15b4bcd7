#include <fmt/format.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "app/files.h"
#include "app/settings.h"
#include "app/site_loader.h"
#include "app/sync_commands.h"
#include "app/system_clock.h"
#include "app/template_folder.h"
#include "app/tool_store.h"
#include "issuance/designs.h"
#include "issuance/drafts.h"
#include "issuance/template_import.h"
#include "zip/reader.h"

namespace passmint::app {
namespace {

namespace fs = std::filesystem;
using design::TemplateFiles;

// As the API takes it.
constexpr std::size_t kArchiveBytesMax = 48 * 1024 * 1024;
constexpr std::chrono::milliseconds kLookEvery{150};
// The store is asked less often than the folder: it reads every file of the draft.
constexpr int kLooksPerDraft = 7;

constexpr char kAuthor[] = "command-line";

// A folder, its template's draft, and the store.
struct Bench {
  LoadedSite site;
  ProgrammeId programme;
  std::unique_ptr<issuance::Store> store;
  fs::path folder;
  TemplateName name;
  std::string tag;  // What folder and draft last agreed on; "": never.
};

Result<Bench> OpenBench(const TemplateSyncOptions& options) {
  const auto settings = LoadSettings(options.site.config);
  if (!settings.ok()) return settings.error();
  LoadedSite site = LoadSite(settings.value(), SystemClock().Now());
  if (!site.ok()) return Refusal(site.remarks);
  const ProgrammeId programme = options.site.programme.empty()
                                    ? settings.value().programmes.front().programme.id
                                    : ProgrammeId(options.site.programme);
  if (site.site->Find(programme) == nullptr) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = fmt::format("there is no programme \"{}\" in the settings",
                                        options.site.programme)};
  }
  auto store = OpenToolStore(settings.value());
  if (!store.ok()) return std::move(store).error();
  const fs::path folder = fs::path(options.folder).lexically_normal();
  auto mark = ReadSyncMark(folder);
  if (!mark.ok()) return std::move(mark).error();
  std::string name = options.name;
  if (name.empty()) {
    name = mark.value()
               ? mark.value()->name
               : (folder.has_filename() ? folder : folder.parent_path()).filename().string();
  }
  const bool same = mark.value() && mark.value()->name == name;
  return Bench{.site = std::move(site),
               .programme = programme,
               .store = std::move(store).value(),
               .folder = folder,
               .name = TemplateName(name),
               .tag = same ? mark.value()->tag : std::string()};
}

// Nothing if there is no such template.
Result<std::optional<issuance::TemplateDraft>> ReadDraft(const Bench& bench) {
  std::optional<issuance::TemplateDraft> draft;
  const Status read = bench.store->Read([&](issuance::Transaction& transaction) -> Status {
    auto view = issuance::GetTemplate(transaction, bench.programme, bench.name);
    draft.reset();
    if (!view.ok() && view.error().code != ErrorCode::kNotFound) return std::move(view).error();
    if (view.ok()) draft = std::move(view).value().draft;
    return {};
  });
  if (!read.ok()) return read.error();
  return draft;
}

// README.md is no part of the folder as it is read, and stays what the draft has.
void KeepReadme(const TemplateFiles& draft, TemplateFiles& files) {
  const auto readme = draft.find("README.md");
  if (readme != draft.end()) files.insert(*readme);
}

Status Pull(Bench& bench, const issuance::TemplateDraft& draft, const Console& console) {
  Status wrote = WriteTemplateFolder(bench.folder, draft.files, {bench.name.str(), draft.etag});
  if (!wrote.ok()) return wrote;
  bench.tag = draft.etag;
  console.Progress(fmt::format("{} <- draft of {} ({} files, by {})", bench.folder.string(),
                               bench.name.str(), draft.files.size(), draft.author.str()));
  return {};
}

void SayFindings(const Bench& bench, const TemplateFiles& files, const Console& console) {
  const auto* const programme = bench.site.site->Find(bench.programme);
  for (const design::Finding& finding :
       issuance::LintTemplate(files, *bench.site.site, *programme, SystemClock().Now())) {
    if (finding.level == design::Level::kInfo) continue;
    console.out << fmt::format("{} {} {}{}: {}; {}\n", finding.id, design::Name(finding.level),
                               finding.file, finding.pointer, finding.cause, finding.cure);
  }
  console.out.flush();
}

Status Push(Bench& bench, const Console& console) {
  auto files = ReadTemplateFolder(bench.folder);
  if (!files.ok()) return std::move(files).error();
  const auto draft = ReadDraft(bench);
  if (!draft.ok()) return draft.error();
  if (draft.value()) KeepReadme(draft.value()->files, files.value());
  const std::string tag = issuance::DraftTag(files.value());
  if (tag == bench.tag && draft.value() && draft.value()->etag != tag) {
    console.Progress(bench.folder.string() + " has nothing that is new to the draft");
    return {};
  }
  issuance::Precondition precondition{.match = bench.tag, .none = !draft.value()};
  if (draft.value() && draft.value()->etag == tag) precondition.match = tag;
  const Status put = bench.store->Write([&](issuance::Transaction& transaction) -> Status {
    auto done = issuance::PutDraft(transaction, bench.programme, bench.name, files.value(),
                                   precondition, ApiKeyName(kAuthor));
    return done.ok() ? Status() : Status(std::move(done).error());
  });
  if (!put.ok()) {
    Error error = put.error();
    if (error.code == ErrorCode::kPreconditionFailed) {
      error.message = "the draft of " + bench.name.str() + " and this folder have both changed";
      error.hint = "pull it into another folder, bring both together there, and push that";
    }
    return error;
  }
  bench.tag = tag;
  if (Status marked = WriteSyncMark(bench.folder, {bench.name.str(), tag}); !marked.ok()) {
    return marked;
  }
  console.Progress(fmt::format("{} -> draft of {} ({} files)", bench.folder.string(),
                               bench.name.str(), files.value().size()));
  SayFindings(bench, files.value(), console);
  return {};
}

// The tag of what the folder holds; "" if that is no template.
std::string FolderTag(const Bench& bench, const TemplateFiles& draft) {
  auto files = ReadTemplateFolder(bench.folder);
  if (!files.ok()) return "";
  KeepReadme(draft, files.value());
  return issuance::DraftTag(files.value());
}

Error BothChanged(const Bench& bench) {
  return {.code = ErrorCode::kConflict,
          .message = fmt::format("{} has changes that are not in the draft of {}",
                                 bench.folder.string(), bench.name.str()),
          .hint = "push them, or pull into another folder"};
}

// What the studio has saved meanwhile.
Status PullWhatIsNew(Bench& bench, const Console& console) {
  const auto draft = ReadDraft(bench);
  if (!draft.ok()) return draft.error();
  if (!draft.value() || draft.value()->etag == bench.tag) return {};
  if (FolderTag(bench, draft.value()->files) != bench.tag) return BothChanged(bench);
  return Pull(bench, *draft.value(), console);
}

}  // namespace

Status RunTemplateImport(const TemplateImportOptions& options, const Console& console) {
  const auto bytes = ReadFile(options.file, kArchiveBytesMax);
  if (!bytes.ok()) return bytes.error();
  auto archive = zip::ReadArchive(bytes.value(), {.entries = design::kTemplateFilesMax,
                                                  .entry_bytes = design::kImageBytesMax,
                                                  .total_bytes = design::kTemplateBytesMax});
  if (!archive.ok()) return Annotate(std::move(archive).error(), options.file);
  std::map<std::string, std::string> files;
  for (zip::Entry& entry : archive.value().entries) {
    files.emplace(std::move(entry.name), std::move(entry.bytes));
  }
  const auto imported = issuance::ImportTemplate(files);
  if (!imported.ok()) return Annotate(imported.error(), options.file);
  const fs::path folder = options.output;
  std::error_code failure;
  if (fs::exists(folder, failure) && !fs::is_empty(folder, failure)) {
    return Error{.code = ErrorCode::kConflict,
                 .message = options.output + ": is not empty",
                 .hint = "name a folder that does not exist yet"};
  }
  for (const auto& [path, content] : imported.value().files) {
    if (Status made = MakeFolders((folder / path).parent_path()); !made.ok()) return made;
    if (Status wrote = WriteNewFile(folder / path, content); !wrote.ok()) return wrote;
  }
  for (const apple::ImportNote& note : imported.value().notes) {
    console.out << note.file << ": " << note.text << "\n";
  }
  console.Progress(
      fmt::format("wrote {} files into {}; passmint template lint {} says what is left",
                  imported.value().files.size(), options.output, options.output));
  return {};
}

Status RunTemplatePull(const TemplateSyncOptions& options, const Console& console) {
  auto bench = OpenBench(options);
  if (!bench.ok()) return bench.error();
  const auto draft = ReadDraft(bench.value());
  if (!draft.ok()) return draft.error();
  if (!draft.value()) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = "there is no template " + bench.value().name.str()};
  }
  std::error_code failure;
  const bool fresh = !fs::exists(bench.value().folder / "template.json", failure);
  const std::string here = fresh ? "" : FolderTag(bench.value(), draft.value()->files);
  if (!fresh && here != bench.value().tag && here != draft.value()->etag) {
    return BothChanged(bench.value());
  }
  return Pull(bench.value(), *draft.value(), console);
}

Status RunTemplatePush(const TemplateSyncOptions& options, const Console& console) {
  auto bench = OpenBench(options);
  if (!bench.ok()) return bench.error();
  return Push(bench.value(), console);
}

Status RunTemplateWatch(const TemplateSyncOptions& options, const Console& console) {
  auto opened = OpenBench(options);
  if (!opened.ok()) return opened.error();
  Bench& bench = opened.value();
  if (Status pushed = Push(bench, console); !pushed.ok()) return pushed;
  console.Progress("watching " + bench.folder.string() + "; Ctrl+C ends it");
  std::string pushed = FolderSignature(bench.folder);
  std::string seen = pushed;
  for (int look = 1;; ++look) {
    std::this_thread::sleep_for(kLookEvery);
    std::string now = FolderSignature(bench.folder);
    const bool settled = now == seen;  // An editor may still be writing.
    seen = std::move(now);
    if (settled && seen != pushed) {
      pushed = seen;
      Status done = Push(bench, console);
      if (!done.ok() && done.error().code == ErrorCode::kPreconditionFailed) return done;
      if (!done.ok()) console.Report(done.error());  // A file half-edited: the next save mends it.
    } else if (settled && look % kLooksPerDraft == 0) {
      if (Status done = PullWhatIsNew(bench, console); !done.ok()) return done;
      pushed = seen = FolderSignature(bench.folder);
    }
  }
}

}  // namespace passmint::app
