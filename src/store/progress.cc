#include <algorithm>
#include <utility>

#include "ledger/codec.h"
#include "store/columns.h"
#include "store/sql_transaction.h"

// What rules know of members.

namespace passmint::store {
namespace {

using issuance::CustomerGroup;
using issuance::MemberProgress;
using issuance::PastOrder;
using sql::Row;
using sql::Statement;

// We wrote it ourselves.
constexpr std::size_t kCountersBytesMax = 16 * 1024 * 1024;

constexpr Statement kFindProgress(
    "SELECT orders, spend, points_earned, last_order_at, counters FROM member_progress"
    " WHERE programme = $1 AND member = $2");
constexpr Statement kPutProgress(
    "INSERT INTO member_progress (programme, member, orders, spend, points_earned, last_order_at,"
    " counters) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    " ON CONFLICT (programme, member) DO UPDATE SET orders = excluded.orders,"
    " spend = excluded.spend, points_earned = excluded.points_earned,"
    " last_order_at = excluded.last_order_at, counters = excluded.counters");
constexpr Statement kPastOrders(
    "SELECT paid_at, record FROM shop_order WHERE programme = $1 AND member = $2");

constexpr Statement kBudgetsSpent("SELECT id, spent FROM budget WHERE programme = $1");
constexpr Statement kSpendBudget(
    "INSERT INTO budget (programme, id, spent) VALUES ($1, $2, $3)"
    " ON CONFLICT (programme, id) DO UPDATE SET spent = budget.spent + excluded.spent"
    " WHERE budget.spent + excluded.spent <= $4");

constexpr Statement kGroupsOf(
    "SELECT group_id FROM group_member WHERE programme = $1 AND member = $2 ORDER BY group_id");
constexpr Statement kGroups(
    "SELECT id, name, (SELECT count(*) FROM group_member"
    " WHERE group_member.programme = customer_group.programme"
    " AND group_member.group_id = customer_group.id)"
    " FROM customer_group WHERE programme = $1 AND id > $2 ORDER BY id LIMIT $3");
constexpr Statement kFindGroup(
    "SELECT id, name, (SELECT count(*) FROM group_member"
    " WHERE group_member.programme = customer_group.programme"
    " AND group_member.group_id = customer_group.id)"
    " FROM customer_group WHERE programme = $1 AND id = $2");
constexpr Statement kPutGroup(
    "INSERT INTO customer_group (programme, id, name) VALUES ($1, $2, $3)"
    " ON CONFLICT (programme, id) DO UPDATE SET name = excluded.name");
constexpr Statement kAddToGroup(
    "INSERT INTO group_member (programme, member, group_id) VALUES ($1, $2, $3)"
    " ON CONFLICT (programme, member, group_id) DO NOTHING");
constexpr Statement kRemoveFromGroup(
    "DELETE FROM group_member WHERE programme = $1 AND member = $2 AND group_id = $3");

std::string CountersJson(const MemberProgress& progress) {
  Json used = Json::array();
  for (const auto& [key, amount] : progress.used) {
    used.push_back(Json::array({key.first, key.second, amount}));
  }
  Json granted = Json::array();
  for (const auto& [rule, occurrence] : progress.granted) {
    granted.push_back(Json::array({rule, occurrence}));
  }
  Json days = Json::array();
  for (const auto& [day, sums] : progress.days) {
    days.push_back(
        Json::array({day.time_since_epoch().count(), sums.orders, sums.spend, sums.points}));
  }
  return json::Dump(
      {{"used", std::move(used)}, {"granted", std::move(granted)}, {"days", std::move(days)}});
}

bool IsUse(const Json& use) {
  return use.is_array() && use.size() == 3 && use[0].is_string() && use[1].is_string() &&
         use[2].is_number_integer();
}

bool IsGrant(const Json& grant) {
  return grant.is_array() && grant.size() == 2 && grant[0].is_string() && grant[1].is_string();
}

bool IsDay(const Json& day) {
  return day.is_array() && day.size() == 4 &&
         std::all_of(day.begin(), day.end(),
                     [](const Json& number) { return number.is_number_integer(); });
}

Status ReadCounters(std::string_view text, MemberProgress& progress) {
  const auto json = json::Parse(text, kCountersBytesMax);
  if (!json.ok() || !json.value().is_object()) return Damaged("member_progress.counters");
  for (const Json& use : json.value().value("used", Json::array())) {
    if (!IsUse(use)) return Damaged("member_progress.counters");
    progress.used[{use[0].get<std::string>(), use[1].get<std::string>()}] =
        use[2].get<std::int64_t>();
  }
  for (const Json& grant : json.value().value("granted", Json::array())) {
    if (!IsGrant(grant)) return Damaged("member_progress.counters");
    progress.granted.emplace(grant[0].get<std::string>(), grant[1].get<std::string>());
  }
  for (const Json& day : json.value().value("days", Json::array())) {
    if (!IsDay(day)) return Damaged("member_progress.counters");
    progress.days[std::chrono::sys_days(std::chrono::days(day[0].get<int>()))] = {
        .orders = day[1].get<std::int64_t>(),
        .spend = day[2].get<std::int64_t>(),
        .points = day[3].get<std::int64_t>()};
  }
  return {};
}

Result<MemberProgress> ReadProgress(const Row& row) {
  MemberProgress progress;
  progress.orders = row.Integer(0);
  progress.spend = row.Integer(1);
  progress.points_earned = row.Integer(2);
  progress.last_order_at = InstantOrNull(row, 3);
  if (Status read = ReadCounters(row.Text(4), progress); !read.ok()) {
    return std::move(read).error();
  }
  return progress;
}

Result<PastOrder> ReadPastOrder(const Row& row) {
  auto record = ledger::DecodeOrder(row.Bytes(1));
  if (!record.ok()) return Damaged("shop_order.record");
  return PastOrder{.paid_at = Instant(row, 0), .record = std::move(record).value()};
}

Result<CustomerGroup> ReadGroup(const Row& row) {
  return CustomerGroup{.id = String(row, 0), .name = String(row, 1), .members = row.Integer(2)};
}

}  // namespace

Result<std::optional<MemberProgress>> SqlTransaction::FindProgress(const ProgrammeId& programme,
                                                                   const MemberId& member) {
  return FindOne<MemberProgress>(connection_, kFindProgress, {programme, member}, ReadProgress);
}

Status SqlTransaction::PutProgress(const ProgrammeId& programme, const MemberId& member,
                                   const MemberProgress& progress) {
  return connection_.Send(
      kPutProgress, {programme, member, progress.orders, progress.spend, progress.points_earned,
                     MicrosOrNull(progress.last_order_at), CountersJson(progress)});
}

Result<std::vector<PastOrder>> SqlTransaction::PastOrders(const ProgrammeId& programme,
                                                          const MemberId& member) {
  return FindAll<PastOrder>(connection_, kPastOrders, {programme, member}, ReadPastOrder);
}

Result<std::map<std::string, std::int64_t>> SqlTransaction::BudgetsSpent(
    const ProgrammeId& programme) {
  std::map<std::string, std::int64_t> spent;
  Status read = connection_.Query(kBudgetsSpent, {programme}, [&spent](const Row& row) {
    spent[String(row, 0)] = row.Integer(1);
    return Status();
  });
  if (!read.ok()) return std::move(read).error();
  return spent;
}

Result<bool> SqlTransaction::SpendBudget(const ProgrammeId& programme, const std::string& id,
                                         std::int64_t amount, std::int64_t cap) {
  if (amount > cap) return false;  // The statement asks only where there is a row already.
  return Wrote(connection_.Execute(kSpendBudget, {programme, id, amount, cap}));
}

Result<std::vector<std::string>> SqlTransaction::GroupsOf(const ProgrammeId& programme,
                                                          const MemberId& member) {
  return FindAll<std::string>(connection_, kGroupsOf, {programme, member},
                              [](const Row& row) { return Result(String(row, 0)); });
}

Result<std::vector<CustomerGroup>> SqlTransaction::Groups(const ProgrammeId& programme,
                                                          const std::string& after, int limit) {
  return FindAll<CustomerGroup>(connection_, kGroups, {programme, after, limit}, ReadGroup);
}

Result<std::optional<CustomerGroup>> SqlTransaction::FindGroup(const ProgrammeId& programme,
                                                               const std::string& id) {
  return FindOne<CustomerGroup>(connection_, kFindGroup, {programme, id}, ReadGroup);
}

Status SqlTransaction::PutGroup(const ProgrammeId& programme, const CustomerGroup& group) {
  return connection_.Send(kPutGroup, {programme, group.id, group.name});
}

Status SqlTransaction::AddToGroup(const ProgrammeId& programme, const std::string& group,
                                  const MemberId& member) {
  return connection_.Send(kAddToGroup, {programme, member, group});
}

Status SqlTransaction::RemoveFromGroup(const ProgrammeId& programme, const std::string& group,
                                       const MemberId& member) {
  return connection_.Send(kRemoveFromGroup, {programme, member, group});
}

}  // namespace passmint::store
