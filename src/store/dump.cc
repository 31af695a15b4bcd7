#include "store/dump.h"

#include <array>
#include <utility>

#include "base/bytes.h"
#include "store/columns.h"
#include "store/sql_store.h"

namespace passmint::store {
namespace {

using sql::Bytes;
using sql::Connection;
using sql::Statement;
using sql::Value;

// Of one transaction: enough that the commit costs little, short enough for everybody's patience.
constexpr std::size_t kRowsPerWrite = 500;
constexpr std::size_t kBytesPerWrite = std::size_t{4} * 1024 * 1024;

constexpr Statement kNextProgramme(
    "SELECT programme FROM account WHERE programme > $1 ORDER BY programme LIMIT 1");

Error BadFormat(std::string what) {
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = "not a line of a backup: " + std::move(what),
               .reason = "backup_format"};
}

Json ColumnNames(const DumpTable& table) {
  Json names = Json::array();
  std::string_view rest = table.columns;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(", ");
    names.push_back(std::string(rest.substr(0, comma)));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 2);
  }
  return names;
}

Json RowJson(const DumpTable& table, const sql::Row& row) {
  Json values = Json::array();
  const std::string_view types = table.types;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const int column = static_cast<int>(i);
    if (row.IsNull(column)) {
      values.push_back(nullptr);
    } else if (types[i] == 'i') {
      values.push_back(row.Integer(column));
    } else if (types[i] == 'b') {
      values.push_back(ToBase64(row.Bytes(column)));
    } else {
      values.push_back(std::string(row.Text(column)));
    }
  }
  return values;
}

Status WriteTable(Connection& connection, const DumpTable& table, const OnDumpLine& on_line,
                  std::int64_t& rows) {
  const Json header = {{"table", table.name}, {"columns", ColumnNames(table)}};
  if (Status written = on_line(json::Dump(header)); !written.ok()) return written;
  return connection.Query(table.select, {}, [&](const sql::Row& row) {
    ++rows;
    return on_line(json::Dump(RowJson(table, row)));
  });
}

// Values are a list of fixed length, columns are not.
using Cells = std::array<Value, kDumpColumnsMax>;
template <std::size_t... I>
Cells Nulls(std::index_sequence<I...>) {
  return {{(static_cast<void>(I), Value(std::nullopt))...}};
}
template <std::size_t... I>
Status SendAll(Connection& connection, const Statement& insert, const Cells& cells,
               std::index_sequence<I...>) {
  return connection.Send(insert, {cells[I]...});
}
template <std::size_t N>
Status SendFirst(Connection& connection, const Statement& insert, const Cells& cells) {
  return SendAll(connection, insert, cells, std::make_index_sequence<N>());
}
using SendRow = Status (*)(Connection&, const Statement&, const Cells&);
template <std::size_t... N>
constexpr std::array<SendRow, kDumpColumnsMax + 1> MakeSenders(std::index_sequence<N...>) {
  return {&SendFirst<N>...};
}
constexpr std::array<SendRow, kDumpColumnsMax + 1> kSenders =
    MakeSenders(std::make_index_sequence<kDumpColumnsMax + 1>());

const DumpTable* FindTable(const std::string& name) {
  for (const DumpTable& table : DumpTables()) {
    if (name == table.name) return &table;
  }
  return nullptr;
}

}  // namespace

Result<DumpCounts> WriteDump(const sql::Database& database, const OnDumpLine& on_line) {
  DumpCounts counts;
  bool began = false;
  Status read = database.Read([&](Connection& connection) -> Status {
    // A second attempt would write everything once more.
    if (std::exchange(began, true)) {
      return Error{.code = ErrorCode::kUnavailable,
                   .message = "the connection to the database was lost during the backup"};
    }
    for (const DumpTable& table : DumpTables()) {
      Status written = WriteTable(connection, table, on_line, counts[table.name]);
      if (!written.ok()) return Annotate(std::move(written).error(), table.name);
    }
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  return counts;
}

Result<bool> IsEmpty(const sql::Database& database) {
  bool empty = true;
  Status read = database.Read([&empty](Connection& connection) -> Status {
    empty = true;
    for (const DumpTable& table : DumpTables()) {
      Status probed = connection.Query(table.probe, {}, [&empty](const sql::Row&) {
        empty = false;
        return Status();
      });
      if (!probed.ok()) return probed;
    }
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  return empty;
}

Status DumpLoader::Add(std::string_view line) {
  auto parsed = json::Parse(line, kDumpLineBytesMax);
  if (!parsed.ok()) return BadFormat(parsed.error().message);
  if (parsed.value().is_object()) return Begin(parsed.value());
  if (!parsed.value().is_array() || table_ == nullptr) return BadFormat("a row of no table");
  if (Status taken = Take(parsed.value()); !taken.ok()) return taken;
  bytes_ += line.size();
  return rows_.size() < kRowsPerWrite && bytes_ < kBytesPerWrite ? Status() : Flush();
}

Status DumpLoader::Begin(const Json& header) {
  if (Status flushed = Flush(); !flushed.ok()) return flushed;
  const auto name = header.find("table");
  if (name == header.end() || !name->is_string()) return BadFormat("no table is named");
  table_ = FindTable(name->get<std::string>());
  if (table_ == nullptr) return BadFormat("there is no table " + name->get<std::string>());
  const auto columns = header.find("columns");
  if (columns == header.end() || *columns != ColumnNames(*table_)) {
    return BadFormat("table " + name->get<std::string>() + " has other columns");
  }
  counts_[table_->name] += 0;
  return {};
}

Status DumpLoader::Take(const Json& values) {
  const std::string_view types = table_->types;
  if (values.size() != types.size()) {
    return BadFormat(std::string("a row of table ") + table_->name + " has another length");
  }
  Row row(types.size());
  for (std::size_t i = 0; i < types.size(); ++i) {
    const Json& value = values[i];
    if (value.is_null()) continue;
    const bool fits = types[i] == 'i' ? value.is_number_integer() : value.is_string();
    if (!fits) return BadFormat(std::string("a value of table ") + table_->name);
    row[i].null = false;
    if (types[i] == 'i') {
      row[i].number = value.get<std::int64_t>();
      continue;
    }
    row[i].text = value.get<std::string>();
    if (types[i] != 'b') continue;
    auto bytes = FromBase64(row[i].text);
    if (!bytes.ok()) return BadFormat("not base64");
    row[i].text = std::move(bytes).value();
  }
  rows_.push_back(std::move(row));
  return {};
}

Status DumpLoader::Flush() {
  if (rows_.empty()) return {};
  const std::string_view types = table_->types;
  Status written = database_.Write([this, types](Connection& connection) -> Status {
    for (const Row& row : rows_) {
      Cells cells = Nulls(std::make_index_sequence<kDumpColumnsMax>());
      for (std::size_t i = 0; i < types.size(); ++i) {
        if (row[i].null) continue;
        if (types[i] == 'i') {
          cells[i] = row[i].number;
        } else if (types[i] == 'b') {
          cells[i] = Bytes{row[i].text};
        } else {
          cells[i] = row[i].text;
        }
      }
      Status sent = kSenders[types.size()](connection, table_->insert, cells);
      if (!sent.ok()) return sent;
    }
    return {};
  });
  if (!written.ok()) return Annotate(std::move(written).error(), table_->name);
  counts_[table_->name] += static_cast<std::int64_t>(rows_.size());
  rows_.clear();
  bytes_ = 0;
  return {};
}

Result<DumpCounts> DumpLoader::Finish() {
  if (Status flushed = Flush(); !flushed.ok()) return std::move(flushed).error();
  return counts_;
}

// There is no other kind of store.
sql::Database& DatabaseOf(issuance::Store& store) {
  return static_cast<SqlStore&>(store).database();
}

Result<std::vector<ProgrammeId>> ProgrammesWithAccounts(const sql::Database& database) {
  std::vector<ProgrammeId> programmes;
  Status read = database.Read([&programmes](Connection& connection) -> Status {
    programmes.clear();
    for (std::string last;;) {
      bool more = false;
      Status found = connection.Query(kNextProgramme, {last}, [&](const sql::Row& row) {
        more = true;
        last = String(row, 0);
        return Status();
      });
      if (!found.ok()) return found;
      if (!more) return {};
      programmes.emplace_back(last);
    }
  });
  if (!read.ok()) return std::move(read).error();
  return programmes;
}

}  // namespace passmint::store
