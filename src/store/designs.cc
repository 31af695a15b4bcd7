#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using design::TemplateFiles;
using issuance::DesignVersion;
using issuance::TemplateDraft;
using sql::Bytes;
using sql::Row;
using sql::Statement;

constexpr Statement kTemplates(
    "SELECT template FROM design_version WHERE programme = $1"
    " UNION SELECT template FROM template_draft WHERE programme = $1 ORDER BY template");
constexpr Statement kDesignVersions(
    "SELECT template, version, hash, kind, ring, reach, changed_at, published_at, author,"
    " published_by, comment FROM design_version"
    " WHERE programme = $1 AND template = $2 ORDER BY version DESC");
constexpr Statement kFindDesignVersion(
    "SELECT template, version, hash, kind, ring, reach, changed_at, published_at, author,"
    " published_by, comment FROM design_version"
    " WHERE programme = $1 AND template = $2 AND version = $3");
constexpr Statement kInsertDesignVersion(
    "INSERT INTO design_version (programme, template, version, hash, kind, ring, reach, changed_at,"
    " published_at, author, published_by, comment)"
    " VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11)");
constexpr Statement kUpdateDesignRing(
    "UPDATE design_version SET ring = $4, changed_at = $5,"
    " reach = CASE WHEN reach < $4 THEN $4 ELSE reach END"
    " WHERE programme = $1 AND template = $2 AND version = $3");
constexpr Statement kDesignFiles(
    "SELECT path, content FROM design_file"
    " WHERE programme = $1 AND template = $2 AND version = $3");
constexpr Statement kInsertDesignFile(
    "INSERT INTO design_file (programme, template, version, path, content)"
    " VALUES ($1, $2, $3, $4, $5)");

constexpr Statement kFindDraft(
    "SELECT template, etag, author, updated_at FROM template_draft"
    " WHERE programme = $1 AND template = $2");
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
                       .comment = String(row, 10)};
}

Result<TemplateDraft> ReadDraft(const Row& row) {
  return TemplateDraft{.name = IdAt<TemplateName>(row, 0),
                       .etag = String(row, 1),
                       .files = {},
                       .author = IdAt<ApiKeyName>(row, 2),
                       .updated_at = Instant(row, 3)};
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
  return FindAll<DesignVersion>(connection_, kDesignVersions, {programme, name}, ReadDesignVersion);
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
  Status inserted = Done(
      connection_.Execute(kInsertDesignVersion,
                          {programme, design.name, design.version, design.hash, design.kind,
                           design.ring, ToMicros(design.changed_at), ToMicros(design.published_at),
                           design.author, design.published_by, design.comment}));
  if (!inserted.ok()) return inserted;
  for (const auto& [path, content] : design.files) {
    Status added = Done(connection_.Execute(
        kInsertDesignFile, {programme, design.name, design.version, path, Bytes{content}}));
    if (!added.ok()) return added;
  }
  return {};
}

Status SqlTransaction::UpdateDesignRing(const ProgrammeId& programme, const TemplateName& name,
                                        int version, int ring, Timestamp changed_at) {
  const auto updated = Wrote(connection_.Execute(
      kUpdateDesignRing, {programme, name, version, ring, ToMicros(changed_at)}));
  if (!updated.ok()) return updated.error();
  if (updated.value()) return {};
  return Error{.code = ErrorCode::kInternal,
               .message = "no version " + std::to_string(version) + " of " + name.str()};
}

Result<std::optional<TemplateDraft>> SqlTransaction::FindDraft(const ProgrammeId& programme,
                                                               const TemplateName& name) {
  auto found = FindOne<TemplateDraft>(connection_, kFindDraft, {programme, name}, ReadDraft);
  if (!found.ok() || !found.value().has_value()) return found;
  Status read = ReadFiles(connection_, kDraftFiles, {programme, name}, found.value()->files);
  if (!read.ok()) return std::move(read).error();
  return found;
}

Status SqlTransaction::PutDraft(const ProgrammeId& programme, const TemplateDraft& draft) {
  Status put = Done(connection_.Execute(
      kPutDraft, {programme, draft.name, draft.etag, draft.author, ToMicros(draft.updated_at)}));
  if (!put.ok()) return put;
  Status cleared = Done(connection_.Execute(kClearDraftFiles, {programme, draft.name}));
  if (!cleared.ok()) return cleared;
  for (const auto& [path, content] : draft.files) {
    Status added =
        Done(connection_.Execute(kInsertDraftFile, {programme, draft.name, path, Bytes{content}}));
    if (!added.ok()) return added;
  }
  return {};
}

Status SqlTransaction::PutImage(const std::string& sha256, const std::string& png) {
  return Done(connection_.Execute(kPutImage, {sha256, Bytes{png}}));
}

Result<std::optional<std::string>> SqlTransaction::FindImage(const std::string& sha256) {
  return FindOne<std::string>(connection_, kFindImage, {sha256},
                              [](const Row& row) { return Result(std::string(row.Bytes(0))); });
}

}  // namespace passmint::store
