#include "app/ledger_export.h"

#include <algorithm>
#include <vector>

#include "base/bytes.h"
#include "json/json.h"
#include "ledger/codec.h"

namespace passmint::app {
namespace {

// What a spreadsheet would take for a formula is text to us: the apostrophe says so.
std::string Field(const std::string& text) {
  const bool formula = !text.empty() && std::string_view("=+@\t\r").find(text[0]) != text.npos;
  if (!formula && text.find_first_of(",\"\n\r") == text.npos) return text;
  std::string quoted = formula ? "\"'" : "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string Join(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) line += (line.empty() ? "" : ",") + Field(field);
  return line + '\n';
}

}  // namespace

std::string ExportCsvLine(const ProgrammeId& programme, const issuance::JournalEntry& entry,
                          bool& readable) {
  std::vector<std::string> fields = {programme.str(), entry.account.str(),
                                     std::to_string(entry.sequence)};
  const auto decoded = ledger::DecodeBody(entry.sequence, entry.body);
  readable = decoded.ok();
  if (readable) {
    const Json json = ledger::ToJson(decoded.value());
    const auto text = [](const Json& object, const char* name) {
      return object.contains(name) && object[name].is_string() ? object[name].get<std::string>()
                                                               : std::string();
    };
    const Json document = json.value("document", Json::object());
    for (const char* name : {"time", "effective_at", "type", "actor"}) {
      fields.push_back(text(json, name));
    }
    fields.push_back(text(document, "type"));
    fields.push_back(text(document, "id"));
    fields.push_back(std::to_string(decoded.value().amount));
    fields.push_back(std::to_string(decoded.value().available_after));
  } else {
    fields.resize(fields.size() + 8);
  }
  fields.push_back(ToHex(entry.hash));
  fields.push_back(ToBase64(entry.body));
  return Join(fields);
}

std::string ExportJsonLine(const ProgrammeId& programme, const issuance::JournalEntry& entry,
                           bool& readable) {
  Json line = {{"programme", programme.str()},
               {"account", entry.account.str()},
               {"sequence", entry.sequence},
               {"hash", ToHex(entry.hash)},
               {"body", ToBase64(entry.body)}};
  const auto decoded = ledger::DecodeBody(entry.sequence, entry.body);
  readable = decoded.ok();
  if (readable) line["entry"] = ledger::ToJson(decoded.value());
  return json::Dump(line) + '\n';
}

}  // namespace passmint::app
