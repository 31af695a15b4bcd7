#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using design::TemplateFiles;
using issuance::DesignVersion;
using issuance::TemplateDraft;
using issuance::Withdrawal;
using sql::Bytes;
using sql::Row;
using sql::Statement;

constexpr Statement kTemplates(
    "SELECT template FROM design_version WHERE programme = $1"
    " UNION SELECT template FROM template_draft WHERE programme = $1 ORDER BY template");
constexpr Statement kDesignVersions(
    "SELECT template, version, hash, kind, ring, reach, changed_at, published_at, author,"
    " published_by, comment, withdrawn_at, withdrawn_by, withdrawn_because FROM design_version"
    " WHERE programme = $1 AND template = $2 ORDER BY version DESC");
constexpr Statement kNewestDesignChange(
    "SELECT changed_at FROM design_version WHERE programme = $1 AND template = $2"
    " ORDER BY changed_at DESC LIMIT 1");
constexpr Statement kFindDesignVersion(
    "SELECT template, version, hash, kind, ring, reach, changed_at, published_at, author,"
    " published_by, comment, withdrawn_at, withdrawn_by, withdrawn_because FROM design_version"
    " WHERE programme = $1 AND template = $2 AND version = $3");
constexpr Statement kInsertDesignVersion(
    "INSERT INTO design_version (programme, template, version, hash, kind, ring, reach, changed_at,"
    " published_at, author, published_by, comment)"
    " VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11)"
    " ON CONFLICT (programme, template, version) DO NOTHING");
// Cards read the versions all the time and must not wait for each other, so it is those who change
// them that look again.
constexpr Statement kLockDesigns(
    "SELECT version FROM design_version WHERE programme = $1 AND template = $2"
    " ORDER BY version /*lock: FOR UPDATE*/");
constexpr Statement kUpdateDesignRing(
    "UPDATE design_version SET ring = $4, changed_at = $5,"
    " reach = CASE WHEN reach < $4 THEN $4 ELSE reach END,"
    " withdrawn_at = $6, withdrawn_by = $7, withdrawn_because = $8"
    " WHERE programme = $1 AND template = $2 AND version = $3");
constexpr Statement kDesignFiles(
    "SELECT path, content FROM design_file"
    " WHERE programme = $1 AND template = $2 AND version = $3");
constexpr Statement kInsertDesignFile(
    "INSERT INTO design_file (programme, template, version, path, content)"
    " VALUES ($1, $2, $3, $4, $5)");

constexpr Statement kFindDraft(
    "SELECT template, etag, author, updated_at FROM template_draft"
    " WHERE programme = $1 AND template = $2 /*lock: FOR UPDATE*/");
constexpr Statement kFindDraftTag(
    "SELECT etag FROM template_draft WHERE programme = $1 AND template = $2");
constexpr Statement kInsertDraft(
    "INSERT INTO template_draft (programme, template, etag, author, updated_at)"
    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (programme, template) DO NOTHING");
constexpr Statement kPutDraft(
    "INSERT INTO template_draft (programme, template, etag, author, updated_at)"
    " VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (programme, template) DO UPDATE SET"
    " etag = excluded.etag, author = excluded.author, updated_at = excluded.updated_at");
constexpr Statement kDraftFiles(
    "SELECT path, content FROM draft_file WHERE programme = $1 AND template = $2");
constexpr Statement kClearDraftFiles(
    "DELETE FROM draft_file WHERE programme = $1 AND template = $2");
constexpr Statement kInsertDraftFile(
    "INSERT INTO draft_file (programme, template, path, content) VALUES ($1, $2, $3, $4)");

constexpr Statement kPutImage(
    "INSERT INTO image (sha256, content) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING");
constexpr Statement kFindImage("SELECT content FROM image WHERE sha256 = $1");

std::optional<Withdrawal> ReadWithdrawal(const Row& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return Withdrawal{.at = Instant(row, column),
                    .by = IdAt<ApiKeyName>(row, column + 1),
                    .reason = String(row, column + 2)};
}

Result<DesignVersion> ReadDesignVersion(const Row& row) {
  return DesignVersion{.name = IdAt<TemplateName>(row, 0),
                       .version = static_cast<int>(row.Integer(1)),
                       .hash = String(row, 2),
                       .kind = String(row, 3),
                       .files = {},
                       .ring = static_cast<int>(row.Integer(4)),
                       .reach = static_cast<int>(row.Integer(5)),
                       .changed_at = Instant(row, 6),
                       .published_at = Instant(row, 7),
                       .author = IdAt<ApiKeyName>(row, 8),
                       .published_by = IdAt<ApiKeyName>(row, 9),
                       .comment = String(row, 10),
                       .withdrawal = ReadWithdrawal(row, 11)};
}

Result<TemplateDraft> ReadDraft(const Row& row) {
  return TemplateDraft{.name = IdAt<TemplateName>(row, 0),
                       .etag = String(row, 1),
                       .files = {},
                       .author = IdAt<ApiKeyName>(row, 2),
                       .updated_at = Instant(row, 3)};
}

// What a publication or a roll-back is decided on.
std::string Summary(const std::vector<DesignVersion>& versions) {
  std::string summary;
  for (const DesignVersion& version : versions) {
    summary += std::to_string(version.version) + '/' + std::to_string(version.ring) + '/' +
               std::to_string(ToMicros(version.changed_at)) + ' ';
  }
  return summary;
}

Error LostRace(const char* to) {
  return Error{.code = ErrorCode::kUnavailable,
               .message = std::string("another request was first: ") + to,
               .reason = "lost_race"};
}

Status ReadFiles(sql::Connection& connection, const Statement& statement, sql::Values values,
                 TemplateFiles& files) {
  return connection.Query(statement, values, [&files](const Row& row) {
    files.emplace(String(row, 0), std::string(row.Bytes(1)));
    return Status();
  });
}

}  // namespace

Result<std::vector<TemplateName>> SqlTransaction::Templates(const ProgrammeId& programme) {
  return FindAll<TemplateName>(connection_, kTemplates, {programme},
                               [](const Row& row) { return Result(IdAt<TemplateName>(row, 0)); });
}

Result<std::vector<DesignVersion>> SqlTransaction::DesignVersions(const ProgrammeId& programme,
                                                                  const TemplateName& name) {
  auto versions =
      FindAll<DesignVersion>(connection_, kDesignVersions, {programme, name}, ReadDesignVersion);
  if (versions.ok()) designs_seen_.emplace(std::pair(programme, name), Summary(versions.value()));
  return versions;
}

Status SqlTransaction::RequireDesignsAsSeen(const ProgrammeId& programme,
                                            const TemplateName& name) {
  const auto seen = designs_seen_.find(std::pair(programme, name));
  if (seen == designs_seen_.end()) return {};
  if (Status locked = connection_.Lock(kLockDesigns, {programme, name}); !locked.ok()) {
    return locked;
  }
  const auto versions =
      FindAll<DesignVersion>(connection_, kDesignVersions, {programme, name}, ReadDesignVersion);
  if (!versions.ok()) return versions.error();
  if (Summary(versions.value()) != seen->second) return LostRace("it changed the template");
  designs_seen_.erase(seen);  // Locked now: what changes after is our own.
  return {};
}

void SqlTransaction::SeeDesignOf(const cards::Card& card, const ProgrammeId& programme,
                                 std::optional<Timestamp> newest_change) {
  design_changes_[{programme, card.template_name}] = newest_change;
}

Result<std::optional<Timestamp>> SqlTransaction::NewestDesignChange(const ProgrammeId& programme,
                                                                    const TemplateName& name) {
  if (const auto seen = design_changes_.find({programme, name}); seen != design_changes_.end()) {
    return seen->second;
  }
  auto newest = FindOne<Timestamp>(connection_, kNewestDesignChange, {programme, name},
                                   [](const Row& row) { return Result(Instant(row, 0)); });
  if (newest.ok()) design_changes_[{programme, name}] = newest.value();
  return newest;
}

Result<std::optional<DesignVersion>> SqlTransaction::FindDesignVersion(const ProgrammeId& programme,
                                                                       const TemplateName& name,
                                                                       int version) {
  auto found = FindOne<DesignVersion>(connection_, kFindDesignVersion, {programme, name, version},
                                      ReadDesignVersion);
  if (!found.ok() || !found.value().has_value()) return found;
  Status read =
      ReadFiles(connection_, kDesignFiles, {programme, name, version}, found.value()->files);
  if (!read.ok()) return std::move(read).error();
  return found;
}

Status SqlTransaction::InsertDesignVersion(const ProgrammeId& programme,
                                           const DesignVersion& design) {
  if (Status same = RequireDesignsAsSeen(programme, design.name); !same.ok()) return same;
  const auto inserted = Wrote(
      connection_.Execute(kInsertDesignVersion,
                          {programme, design.name, design.version, design.hash, design.kind,
                           design.ring, ToMicros(design.changed_at), ToMicros(design.published_at),
                           design.author, design.published_by, design.comment}));
  if (!inserted.ok()) return inserted.error();
  if (!inserted.value()) return LostRace("it published the same version");
  design_changes_.erase({programme, design.name});
  for (const auto& [path, content] : design.files) {
    Status added = connection_.Send(kInsertDesignFile,
                                    {programme, design.name, design.version, path, Bytes{content}});
    if (!added.ok()) return added;
  }
  return {};
}

Status SqlTransaction::UpdateDesignRing(const ProgrammeId& programme, const DesignVersion& design) {
  if (Status same = RequireDesignsAsSeen(programme, design.name); !same.ok()) return same;
  design_changes_.erase({programme, design.name});
  std::optional<std::int64_t> at;
  std::optional<std::string> by;
  std::optional<std::string> reason;
  if (design.withdrawal) {
    at = ToMicros(design.withdrawal->at);
    by = design.withdrawal->by.str();
    reason = design.withdrawal->reason;
  }
  const auto updated = Wrote(
      connection_.Execute(kUpdateDesignRing, {programme, design.name, design.version, design.ring,
                                              ToMicros(design.changed_at), at, by, reason}));
  if (!updated.ok()) return updated.error();
  if (updated.value()) return {};
  return Error{
      .code = ErrorCode::kInternal,
      .message = "no version " + std::to_string(design.version) + " of " + design.name.str()};
}

Result<std::optional<TemplateDraft>> SqlTransaction::FindDraft(const ProgrammeId& programme,
                                                               const TemplateName& name) {
  auto found = FindOne<TemplateDraft>(connection_, kFindDraft, {programme, name}, ReadDraft);
  if (found.ok() && !found.value().has_value()) missing_drafts_.emplace(programme, name);
  if (!found.ok() || !found.value().has_value()) return found;
  Status read = ReadFiles(connection_, kDraftFiles, {programme, name}, found.value()->files);
  if (!read.ok()) return std::move(read).error();
  return found;
}

Result<std::optional<std::string>> SqlTransaction::FindDraftTag(const ProgrammeId& programme,
                                                                const TemplateName& name) {
  return FindOne<std::string>(connection_, kFindDraftTag, {programme, name},
                              [](const Row& row) { return Result(String(row, 0)); });
}

Status SqlTransaction::PutDraft(const ProgrammeId& programme, const TemplateDraft& draft) {
  // A row that is not there cannot be locked: who saw none makes it, or has lost the race.
  const bool saw_none = missing_drafts_.erase(std::pair(programme, draft.name)) > 0;
  const auto put = Wrote(connection_.Execute(
      saw_none ? kInsertDraft : kPutDraft,
      {programme, draft.name, draft.etag, draft.author, ToMicros(draft.updated_at)}));
  if (!put.ok()) return put.error();
  if (!put.value()) return LostRace("it made the same draft");
  Status cleared = connection_.Send(kClearDraftFiles, {programme, draft.name});
  if (!cleared.ok()) return cleared;
  for (const auto& [path, content] : draft.files) {
    Status added =
        connection_.Send(kInsertDraftFile, {programme, draft.name, path, Bytes{content}});
    if (!added.ok()) return added;
  }
  return {};
}

Status SqlTransaction::PutImage(const std::string& sha256, const std::string& png) {
  return connection_.Send(kPutImage, {sha256, Bytes{png}});
}

Result<std::optional<std::string>> SqlTransaction::FindImage(const std::string& sha256) {
  return FindOne<std::string>(connection_, kFindImage, {sha256},
                              [](const Row& row) { return Result(std::string(row.Bytes(0))); });
}

}  // namespace passmint::store
