#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using issuance::JournalEntry;
using issuance::Note;
using sql::Bytes;
using sql::Row;
using sql::Statement;

// Three short texts, bounded where they come in.
constexpr std::size_t kNoteBytesMax = 64 * 1024;

constexpr Statement kEntriesBefore(
    "SELECT account, sequence, body, hash FROM entry"
    " WHERE programme = $1 AND account = $2 AND sequence < $3 ORDER BY sequence DESC LIMIT $4");
constexpr Statement kFindEntry(
    "SELECT account, sequence, body, hash FROM entry"
    " WHERE programme = $1 AND account = $2 AND sequence = $3");
constexpr Statement kEntriesAfter(
    "SELECT account, sequence, body, hash FROM entry"
    " WHERE programme = $1 AND (account, sequence) > ($2, $3) ORDER BY account, sequence LIMIT $4");
constexpr Statement kPutNote(
    "INSERT INTO entry_note (programme, account, sequence, salt, note) VALUES ($1, $2, $3, $4, "
    "$5)");
constexpr Statement kNotes(
    "SELECT sequence, salt, note FROM entry_note WHERE programme = $1 AND account = $2"
    " AND sequence >= $3 AND sequence <= $4 ORDER BY sequence");
constexpr Statement kEraseNotes("DELETE FROM entry_note WHERE programme = $1 AND account = $2");

constexpr std::int64_t kNewest = std::int64_t{1} << 62;

Result<JournalEntry> ReadEntry(const Row& row) {
  return JournalEntry{.account = IdAt<AccountId>(row, 0),
                      .sequence = row.Integer(1),
                      .body = std::string(row.Bytes(2)),
                      .hash = std::string(row.Bytes(3))};
}

Result<Note> ReadNote(const Row& row) {
  auto text = json::Parse(row.Text(2), kNoteBytesMax);
  if (!text.ok()) return Damaged("entry_note.note");
  return Note{.sequence = row.Integer(0),
              .salt = std::string(row.Bytes(1)),
              .text = std::move(text).value()};
}

}  // namespace

Result<std::vector<JournalEntry>> SqlTransaction::EntriesBefore(const ProgrammeId& programme,
                                                                const AccountId& account,
                                                                std::int64_t before, int limit) {
  return FindAll<JournalEntry>(connection_, kEntriesBefore,
                               {programme, account, before == 0 ? kNewest : before, limit},
                               ReadEntry);
}

Result<std::optional<JournalEntry>> SqlTransaction::FindEntry(const ProgrammeId& programme,
                                                              const AccountId& account,
                                                              std::int64_t sequence) {
  return FindOne<JournalEntry>(connection_, kFindEntry, {programme, account, sequence}, ReadEntry);
}

Result<std::vector<JournalEntry>> SqlTransaction::EntriesAfter(const ProgrammeId& programme,
                                                               const AccountId& account,
                                                               std::int64_t sequence, int limit) {
  return FindAll<JournalEntry>(connection_, kEntriesAfter, {programme, account, sequence, limit},
                               ReadEntry);
}

Status SqlTransaction::PutNote(const ProgrammeId& programme, const AccountId& account,
                               const Note& note) {
  return connection_.Send(
      kPutNote, {programme, account, note.sequence, Bytes{note.salt}, json::Dump(note.text)});
}

Result<std::vector<Note>> SqlTransaction::Notes(const ProgrammeId& programme,
                                                const AccountId& account, std::int64_t first,
                                                std::int64_t last) {
  return FindAll<Note>(connection_, kNotes, {programme, account, first, last}, ReadNote);
}

Status SqlTransaction::EraseNotes(const ProgrammeId& programme, const AccountId& account) {
  return connection_.Send(kEraseNotes, {programme, account});
}

}  // namespace passmint::store
