#include <utility>

#include "store/columns.h"
#include "store/sql_transaction.h"

// What occasions gave, and how far the calendar is done.

namespace passmint::store {
namespace {

using issuance::CalendarPlace;
using issuance::GivenAward;
using sql::Row;
using sql::Statement;

// We wrote it ourselves.
constexpr std::size_t kLimitsBytesMax = 64 * 1024;

constexpr Statement kInsertAward(
    "INSERT INTO award (programme, member, rule, occurrence, given_at, rule_set, count, points,"
    " entry, limits) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    " ON CONFLICT (programme, member, rule, occurrence) DO NOTHING");
constexpr Statement kFindAward(
    "SELECT member, rule, occurrence, given_at, rule_set, count, points, entry, limits FROM award"
    " WHERE programme = $1 AND member = $2 AND rule = $3 AND occurrence = $4");

constexpr Statement kFindPlace(
    "SELECT due_at, rule, zone, occurrence, born, member, done, leased_until FROM calendar_place"
    " WHERE programme = $1 /*lock: FOR UPDATE*/");
constexpr Statement kPutPlace(
    "INSERT INTO calendar_place (programme, due_at, rule, zone, occurrence, born, member, done,"
    " leased_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    " ON CONFLICT (programme) DO UPDATE SET due_at = excluded.due_at, rule = excluded.rule,"
    " zone = excluded.zone, occurrence = excluded.occurrence, born = excluded.born,"
    " member = excluded.member, done = excluded.done, leased_until = excluded.leased_until");

// Without a lock: whoever gives one of them something locks that one, and looks again.
constexpr Statement kMembersJoined(
    "SELECT id FROM member WHERE programme = $1 AND id > $2 AND created_at <= $3 AND erased = 0"
    " AND merged_into = '' ORDER BY id LIMIT $4");
constexpr Statement kMembersBorn(
    "SELECT id FROM member WHERE programme = $1 AND time_zone = $2 AND substr(birthday, 6) = $3"
    " AND birthday IS NOT NULL AND id > $4 AND created_at <= $5 AND erased = 0"
    " AND merged_into = '' ORDER BY id LIMIT $6");
constexpr Statement kNextZone(
    "SELECT time_zone FROM member WHERE programme = $1 AND time_zone > $2"
    " AND birthday IS NOT NULL ORDER BY time_zone LIMIT 1");

Result<GivenAward> ReadAward(const Row& row) {
  auto limits = json::Parse(row.Text(8), kLimitsBytesMax);
  if (!limits.ok()) return Damaged("award.limits");
  return GivenAward{.member = IdAt<MemberId>(row, 0),
                    .rule = String(row, 1),
                    .occurrence = String(row, 2),
                    .given_at = Instant(row, 3),
                    .rule_set = row.Integer(4),
                    .count = row.Integer(5),
                    .points = row.Integer(6),
                    .entry = String(row, 7),
                    .limits = std::move(limits).value()};
}

Result<CalendarPlace> ReadPlace(const Row& row) {
  return CalendarPlace{.due = Instant(row, 0),
                       .rule = String(row, 1),
                       .zone = String(row, 2),
                       .occurrence = String(row, 3),
                       .born = String(row, 4),
                       .member = IdAt<MemberId>(row, 5),
                       .done = row.Integer(6) != 0,
                       .leased_until = Instant(row, 7)};
}

Result<MemberId> ReadMemberId(const Row& row) { return IdAt<MemberId>(row, 0); }

}  // namespace

Result<bool> SqlTransaction::InsertAward(const ProgrammeId& programme, const GivenAward& award) {
  return Wrote(connection_.Execute(
      kInsertAward,
      {programme, award.member, award.rule, award.occurrence, ToMicros(award.given_at),
       award.rule_set, award.count, award.points, award.entry, json::Dump(award.limits)}));
}

Result<std::optional<GivenAward>> SqlTransaction::FindAward(const ProgrammeId& programme,
                                                            const MemberId& member,
                                                            const std::string& rule,
                                                            const std::string& occurrence) {
  return FindOne<GivenAward>(connection_, kFindAward, {programme, member, rule, occurrence},
                             ReadAward);
}

Result<std::optional<CalendarPlace>> SqlTransaction::FindCalendarPlace(
    const ProgrammeId& programme) {
  return FindOne<CalendarPlace>(connection_, kFindPlace, {programme}, ReadPlace);
}

Status SqlTransaction::PutCalendarPlace(const ProgrammeId& programme, const CalendarPlace& place) {
  return connection_.Send(
      kPutPlace, {programme, ToMicros(place.due), place.rule, place.zone, place.occurrence,
                  place.born, place.member, place.done ? 1 : 0, ToMicros(place.leased_until)});
}

Result<std::vector<MemberId>> SqlTransaction::MembersJoined(const ProgrammeId& programme,
                                                            Timestamp joined, const MemberId& after,
                                                            int limit) {
  return FindAll<MemberId>(connection_, kMembersJoined, {programme, after, ToMicros(joined), limit},
                           ReadMemberId);
}

Result<std::vector<MemberId>> SqlTransaction::MembersBorn(const ProgrammeId& programme,
                                                          const std::string& zone,
                                                          const std::string& born, Timestamp joined,
                                                          const MemberId& after, int limit) {
  return FindAll<MemberId>(connection_, kMembersBorn,
                           {programme, zone, born, after, ToMicros(joined), limit}, ReadMemberId);
}

Result<std::vector<std::string>> SqlTransaction::BirthdayZones(const ProgrammeId& programme) {
  std::vector<std::string> zones;
  for (std::string after;;) {
    auto next = FindOne<std::string>(connection_, kNextZone, {programme, after},
                                     [](const Row& row) { return Result(String(row, 0)); });
    if (!next.ok()) return std::move(next).error();
    if (!next.value()) return zones;
    after = *next.value();
    zones.push_back(after);
  }
}

}  // namespace passmint::store
