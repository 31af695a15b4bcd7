#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "ledger/asset.h"

namespace passmint::ledger {

// The hash chain of one account (SHA-256, 32 raw bytes):
//   genesis = H("passmint/1" 0x00 programme 0x00 account)
//   hash    = H(previous hash, sequence as 8 bytes, length of body as 8 bytes, body)
// with integers big-endian. A changed, missing, added or swapped entry changes every later hash.
std::string Genesis(const ProgrammeId& programme, const AccountId& account);
std::string NextHash(std::string_view previous, std::int64_t sequence, std::string_view body);

}  // namespace passmint::ledger
