#pragma once

#include <string>

#include "base/ids.h"
#include "issuance/ledger_tables.h"

// What `passmint ledger export` writes: for people and foreign programs, with the bytes that were
// hashed, so that anybody can compute the chain (ledger/chain.h) again without our code.
namespace passmint::app {

// The first line, of CSV (RFC 4180, but with line feeds).
inline constexpr char kExportCsvHead[] =
    "programme,account,sequence,time,effective_at,type,actor,document_type,document_id,amount,"
    "available_after,hash,body\n";

// One line each. `hash` is in hex, `body` in base64. An entry whose body cannot be read has no
// fields but these, and clears `readable`.
std::string ExportCsvLine(const ProgrammeId& programme, const issuance::JournalEntry& entry,
                          bool& readable);
// {"programme", "account", "sequence", "hash", "body", "entry": ledger::ToJson}.
std::string ExportJsonLine(const ProgrammeId& programme, const issuance::JournalEntry& entry,
                           bool& readable);

}  // namespace passmint::app
