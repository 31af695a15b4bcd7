#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "store/columns.h"
#include "store/rows.h"
#include "store/sql_transaction.h"

// Members by what a customer says of themselves.

namespace passmint::store {
namespace {

using cards::Card;
using cards::Identity;
using sql::Row;
using sql::Statement;

// A member's identities, cards and account change under the member's lock: README.md, "Locks".
constexpr Statement kLockMemberOfIdentity(
    "SELECT id FROM member WHERE programme = $1 AND id = (SELECT sought.member"
    " FROM member_identity AS sought"
    " WHERE sought.programme = $1 AND sought.type = $2 AND sought.value = $3)"
    " /*lock: FOR UPDATE OF member*/");
constexpr Statement kFindIdentity(
    "SELECT member FROM member_identity WHERE programme = $1 AND type = $2 AND value = $3");
// What nearly every order reads. A row for each identity with each card. The member is sought by
// its whole key and not by a join: a planner without statistics (PostgreSQL until its first
// ANALYZE) takes a join by the programme alone for as good, and walks through all members for each
// order. The last condition on cards is true of each: SQLite would else rather walk through all of
// the programme than take card_by_member.
constexpr Statement kFindKnownMember(
    "SELECT " PASSMINT_MEMBER_COLUMNS
    ", own.type, own.value, own.verified_at, own.merged, " PASSMINT_ACCOUNT_COLUMNS
    ", " PASSMINT_CARD_COLUMNS ", " PASSMINT_NEWEST_DESIGN_CHANGE
    ", (SELECT max(rule_set.version) FROM rule_set WHERE rule_set.programme = $1"
    " AND rule_set.version > 0)"
    " FROM member"
    " JOIN member_identity AS own ON own.programme = $1 AND own.member = member.id"
    " LEFT JOIN account ON account.programme = $1 AND account.id = member.account"
    " LEFT JOIN card ON card.programme = $1 AND card.member = member.id AND card.created_at > 0"
    " WHERE member.programme = $1 AND member.id = (SELECT sought.member"
    " FROM member_identity AS sought"
    " WHERE sought.programme = $1 AND sought.type = $2 AND sought.value = $3)"
    " /*lock: FOR UPDATE OF member*/");

constexpr int kIdentityAt = kMemberColumns;
constexpr int kMergedAt = kIdentityAt + 3;
constexpr int kAccountAt = kMergedAt + 1;
constexpr int kCardAt = kAccountAt + kAccountColumns;
constexpr int kDesignChangeAt = kCardAt + kCardColumns;
constexpr int kNewestRuleSetAt = kDesignChangeAt + 1;

// The member's own before those that a merge brought, as Identities has them.
struct Owned {
  Identity identity;
  bool merged = false;
};

bool Before(const Owned& one, const Owned& other) {
  const auto key = [](const Owned& owned) {
    return std::tuple(cards::ToText(owned.identity.type), owned.merged,
                      std::string_view(owned.identity.value));
  };
  return key(one) < key(other);
}

bool Newer(const Card& one, const Card& other) {
  return std::tie(one.created_at, one.id) > std::tie(other.created_at, other.id);
}

// The rows of one member, without their repetitions.
struct Gathered {
  std::optional<cards::Member> member;
  std::optional<AccountRow> account;
  std::map<std::pair<std::string, std::string>, Owned> identities;  // By type and value.
  std::map<std::string, Card> cards;                                // By id.

  Status AddMember(const Row& row) {
    auto read = ReadMember(row, 0);
    if (!read.ok()) return std::move(read).error();
    member = std::move(read).value();
    if (row.IsNull(kAccountAt)) return {};
    auto found = ReadAccount(row, member->account, kAccountAt);
    if (!found.ok()) return std::move(found).error();
    account = std::move(found).value();
    return {};
  }

  Status AddIdentity(const Row& row) {
    auto key = std::pair(String(row, kIdentityAt), String(row, kIdentityAt + 1));
    if (identities.contains(key)) return {};
    auto read = ReadIdentity(row, kIdentityAt);
    if (!read.ok()) return std::move(read).error();
    identities.emplace(std::move(key), Owned{std::move(read).value(), row.Integer(kMergedAt) != 0});
    return {};
  }
};

std::vector<Identity> InOrder(std::map<std::pair<std::string, std::string>, Owned>&& owned) {
  std::vector<Owned> sorted;
  sorted.reserve(owned.size());
  for (auto& [key, one] : owned) sorted.push_back(std::move(one));
  std::sort(sorted.begin(), sorted.end(), Before);
  std::vector<Identity> identities;
  identities.reserve(sorted.size());
  for (Owned& one : sorted) identities.push_back(std::move(one.identity));
  return identities;
}

}  // namespace

Result<std::optional<MemberId>> SqlTransaction::FindMemberByIdentity(const ProgrammeId& programme,
                                                                     cards::IdentityType type,
                                                                     const std::string& value) {
  Status locked = connection_.Lock(kLockMemberOfIdentity, {programme, cards::ToText(type), value});
  if (!locked.ok()) return std::move(locked).error();
  return FindOne<MemberId>(connection_, kFindIdentity, {programme, cards::ToText(type), value},
                           [](const Row& row) { return Result(IdAt<MemberId>(row, 0)); });
}

Result<std::optional<SqlTransaction::KnownMember>> SqlTransaction::FindKnownMember(
    const ProgrammeId& programme, cards::IdentityType type, const std::string& value) {
  const std::string_view text = cards::ToText(type);
  Status locked = connection_.Lock(kLockMemberOfIdentity, {programme, text, value});
  if (!locked.ok()) return std::move(locked).error();
  Gathered found;
  const auto add = [&](const Row& row) -> Status {
    if (!found.member) {
      if (Status added = found.AddMember(row); !added.ok()) return added;
      newest_rule_sets_[programme] =
          row.IsNull(kNewestRuleSetAt) ? 0 : row.Integer(kNewestRuleSetAt);
    }
    if (Status added = found.AddIdentity(row); !added.ok()) return added;
    if (row.IsNull(kCardAt) || found.cards.contains(String(row, kCardAt))) return {};
    auto card = ReadCard(row, kCardAt);
    if (!card.ok()) return std::move(card).error();
    SeeDesignOf(card.value(), programme, InstantOrNull(row, kDesignChangeAt));
    const std::string id = card.value().id;
    found.cards.emplace(id, std::move(card).value());
    return {};
  };
  if (Status read = connection_.Query(kFindKnownMember, {programme, text, value}, add);
      !read.ok()) {
    return std::move(read).error();
  }
  if (!found.member) return std::optional<KnownMember>();
  std::vector<Card>& cards = cards_seen_[{programme, found.member->id}];
  cards.clear();
  for (auto& [id, card] : found.cards) cards.push_back(std::move(card));
  std::sort(cards.begin(), cards.end(), Newer);
  accounts_seen_[found.member->account] = std::move(found.account);
  return std::optional<KnownMember>(
      KnownMember{*std::move(found.member), InOrder(std::move(found.identities))});
}

}  // namespace passmint::store
