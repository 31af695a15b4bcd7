#include <limits>

#include "store/columns.h"
#include "store/sql_transaction.h"

// What staff gave and took by hand.

namespace passmint::store {
namespace {

using issuance::GivenByHand;
using sql::Row;
using sql::Statement;

constexpr Statement kCountGiven(
    "INSERT INTO given_by_hand (programme, day, actor, given, taken, adjustments)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (programme, day, actor) DO UPDATE SET"
    " given = given_by_hand.given + excluded.given, taken = given_by_hand.taken + excluded.taken,"
    " adjustments = given_by_hand.adjustments + excluded.adjustments"
    " WHERE given_by_hand.given + excluded.given <= $7");
constexpr Statement kGivenBetween(
    "SELECT actor, day, given, taken, adjustments FROM given_by_hand"
    " WHERE programme = $1 AND day >= $2 AND day <= $3 ORDER BY day, actor");

Result<GivenByHand> ReadGiven(const Row& row) {
  return GivenByHand{.actor = String(row, 0),
                     .day = row.Integer(1),
                     .given = row.Integer(2),
                     .taken = row.Integer(3),
                     .adjustments = row.Integer(4)};
}

}  // namespace

Result<bool> SqlTransaction::CountGiven(const ProgrammeId& programme, const GivenByHand& given,
                                        std::optional<std::int64_t> most) {
  const std::int64_t cap = most.value_or(std::numeric_limits<std::int64_t>::max());
  if (given.given > cap) return false;  // The statement asks only where there is a row already.
  return Wrote(connection_.Execute(kCountGiven, {programme, given.day, given.actor, given.given,
                                                 given.taken, given.adjustments, cap}));
}

Result<std::vector<GivenByHand>> SqlTransaction::GivenBetween(const ProgrammeId& programme,
                                                              std::int64_t first_day,
                                                              std::int64_t last_day) {
  return FindAll<GivenByHand>(connection_, kGivenBetween, {programme, first_day, last_day},
                              ReadGiven);
}

}  // namespace passmint::store
