#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/entry.h"

namespace passmint::issuance {

// `GET /members/{id}/statement`.
struct StatementQuery {
  MemberId member;
  std::optional<Timestamp> from;  // Entries at or after this instant
  std::optional<Timestamp> to;    // and before this one.
  std::string cursor;             // `next` of the page before; empty: the first page.
  int limit = 50;
};

// What an entry rests on, for people.
struct StatementDocument {
  std::string type;
  std::string id;
  std::string name;  // "Refund R-1 of order 1042"
};

// Who acted for an organisation.
struct StatementUser {
  MemberId member;
  std::string name;  // Empty: unknown or erased.
};

struct StatementLine {
  std::string id;  // As EntryIdText.
  ledger::EntryType type = ledger::EntryType::kEarn;
  ledger::AssetId asset;  // That `amount` and `balance_after` count.
  std::int64_t amount = 0;
  std::int64_t balance_after = 0;
  std::optional<StatementDocument> document;
  std::string comment;  // Empty if there is none, or if it was erased.
  std::string actor;
  std::optional<CardNumber> card;  // Today's number of the card that was shown, if that is known.
  std::optional<StatementUser> user;  // Of an organisation: whose card it was.
  Timestamp at;
  Timestamp effective_at;
};

struct Statement {
  std::vector<StatementLine> lines;  // Newest first.
  std::string next;                  // Empty on the last page.
};

// A page of the member's journal (of the organisation's, if the member acts for one), with those of
// members that were merged into it. What is due and not posted yet stands in it as it will be
// posted. Fails with kNotFound; kInvalidArgument, invalid_value at #query/cursor.
Result<Statement> GetStatement(Transaction& transaction, const ProgrammeSite& programme,
                               const StatementQuery& query);

// All that a customer's own page shows, at one instant.
struct Wallet {
  MemberId member;
  std::string as_of;  // The last entry that it holds; empty before the first.
  PointsSummary points;
  std::optional<NextExpiry> next_expiry;
};

// Fails with kNotFound.
Result<Wallet> GetWallet(Transaction& transaction, const ProgrammeSite& programme,
                         const MemberId& member);

}  // namespace passmint::issuance
