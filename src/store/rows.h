#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "cards/card.h"
#include "cards/member.h"
#include "ledger/account.h"
#include "sql/connection.h"

namespace passmint::store {

// Rows of a group of tables that statements of another group read as well. Columns stand in the
// order of the macros, from `first` on.

#define PASSMINT_MEMBER_COLUMNS                                                                \
  "member.id, member.name, member.locale, member.birthday, member.attributes, member.erased, " \
  "member.created_at, member.changed_at, member.account, member.merged_into, "                 \
  "member.time_zone, member.opted_in, member.opted_at, member.opted_by, "                      \
  "member.acts_for"
inline constexpr int kMemberColumns = 15;
Result<cards::Member> ReadMember(const sql::Row& row, int first);

// The last is no column of the card but the newest change of its design (for Transaction's
// NewestDesignChange), which saves a statement wherever a card is about to be changed.
#define PASSMINT_CARD_COLUMNS                                                           \
  "card.id, card.member, card.number, card.template, card.status, card.status_reason, " \
  "card.blocked_until, card.link_token, card.serial, card.google_suffix, card.key_id, " \
  "card.revision, card.changed_at, card.created_at, card.holder"
#define PASSMINT_NEWEST_DESIGN_CHANGE                          \
  "(SELECT max(design_version.changed_at) FROM design_version" \
  " WHERE design_version.programme = card.programme AND design_version.template = card.template)"
inline constexpr int kCardColumns = 15;
Result<cards::Card> ReadCard(const sql::Row& row, int first);

#define PASSMINT_ACCOUNT_COLUMNS \
  "account.sequence, account.head, account.far_lots, account.far_sliding, account.state"
inline constexpr int kAccountColumns = 5;
struct AccountRow {
  std::int64_t far_lots = 0;     // Open lots that stand in table lot,
  std::int64_t far_sliding = 0;  // and those of them that slide.
  ledger::Account account;       // With the lots of its row.
};
Result<AccountRow> ReadAccount(const sql::Row& row, const AccountId& id, int first);

// Columns type, value, verified_at.
Result<cards::Identity> ReadIdentity(const sql::Row& row, int first);

}  // namespace passmint::store
