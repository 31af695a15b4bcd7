#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"
#include "ledger/account.h"
#include "ledger/entry.h"
#include "ledger/order.h"

// The bytes of the ledger. Compact (varints, zigzag where negative, length-prefixed text), each
// kind begins with its version; a version once released is decoded for ever. The same value gives
// the same bytes. Decoding trusts nothing: bounded, and kInternal with a position for whatever is
// no encoding.

namespace passmint::ledger {

// The body of an entry, as it is stored and hashed. Holds everything of Entry but the sequence,
// which the chain adds.
std::string EncodeBody(const Entry& entry);
Result<Entry> DecodeBody(std::int64_t sequence, std::string_view body);

std::string EncodeOrder(const OrderRecord& order);
Result<OrderRecord> DecodeOrder(std::string_view bytes);

std::string EncodeLot(const Lot& lot);
Result<Lot> DecodeLot(std::string_view bytes);

std::string EncodeHold(const Hold& hold);
Result<Hold> DecodeHold(std::string_view bytes);

// What the account's row holds beside columns of its own (id, sequence, head): the rest of Account,
// with the lots that it is given. Which lots stand there and which in rows of their own is the
// store's business.
std::string EncodeState(const Account& account);
// Fills all but id, sequence and head.
Result<Account> DecodeState(std::string_view bytes);

// For export: every field by name, times in RFC 3339. For people and foreign programs; the hash is
// over EncodeBody, which the export carries as well.
Json ToJson(const Entry& entry);

}  // namespace passmint::ledger
