#include <utility>

#include "ledger/codec.h"
#include "store/columns.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using issuance::Order;
using sql::Row;
using sql::Statement;

// A request is at most a few megabytes (http's limit) and we wrote the text ourselves.
constexpr std::size_t kJsonBytesMax = 64 * 1024 * 1024;

#define PASSMINT_ORDER_COLUMNS                                                              \
  "id, source, fingerprint, member, card, total_minor, paid_at, received_at, body, answer," \
  " account, record"
constexpr Statement kFindOrder("SELECT " PASSMINT_ORDER_COLUMNS
                               " FROM shop_order WHERE programme = $1 AND source = $2 AND id = $3");
constexpr Statement kOrdersOf("SELECT " PASSMINT_ORDER_COLUMNS
                              " FROM shop_order WHERE programme = $1 AND member = $2"
                              " AND (paid_at, source, id) < ($3, $4, $5)"
                              " ORDER BY paid_at DESC, source DESC, id DESC LIMIT $6");
constexpr Statement kInsertOrder(
    "INSERT INTO shop_order (programme, source, id, fingerprint, member, card, total_minor,"
    " paid_at, received_at, body, answer, account, record)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");

Result<Order> ReadOrder(const Row& row) {
  if (!json::Parse(row.Text(8), kJsonBytesMax).ok()) return Damaged("shop_order.body");
  auto answer = json::Parse(row.Text(9), kJsonBytesMax);
  if (!answer.ok()) return Damaged("shop_order.answer");
  auto record = ledger::DecodeOrder(row.Bytes(11));
  if (!record.ok()) return Damaged("shop_order.record");
  return Order{.id = IdAt<OrderId>(row, 0),
               .source = IdAt<OrderSource>(row, 1),
               .fingerprint = String(row, 2),
               .member = IdAt<MemberId>(row, 3),
               .card_id = String(row, 4),
               .total_minor = row.Integer(5),
               .paid_at = Instant(row, 6),
               .received_at = Instant(row, 7),
               .body = String(row, 8),
               .answer = std::move(answer).value(),
               .account = IdAt<AccountId>(row, 10),
               .record = std::move(record).value()};
}

}  // namespace

Result<std::optional<Order>> SqlTransaction::FindOrder(const ProgrammeId& programme,
                                                       const OrderSource& source,
                                                       const OrderId& id) {
  return FindOne<Order>(connection_, kFindOrder, {programme, source, id}, ReadOrder);
}

Result<std::vector<Order>> SqlTransaction::OrdersOf(const ProgrammeId& programme,
                                                    const MemberId& member,
                                                    const issuance::OrderPlace& before, int limit) {
  return FindAll<Order>(
      connection_, kOrdersOf,
      {programme, member, ToMicros(before.paid_at), before.source, before.id, limit}, ReadOrder);
}

Status SqlTransaction::InsertOrder(const ProgrammeId& programme, const Order& order) {
  return connection_.SendOrLose(
      kInsertOrder,
      {programme, order.source, order.id, order.fingerprint, order.member, order.card_id,
       order.total_minor, ToMicros(order.paid_at), ToMicros(order.received_at), order.body,
       json::Dump(order.answer), order.account, sql::Bytes{ledger::EncodeOrder(order.record)}});
}

}  // namespace passmint::store
