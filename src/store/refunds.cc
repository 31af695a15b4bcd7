#include <utility>

#include "ledger/codec.h"
#include "store/columns.h"
#include "store/sql_transaction.h"

namespace passmint::store {
namespace {

using issuance::LocatedHold;
using issuance::LocatedRecord;
using issuance::ParkedRefund;
using issuance::StoredRefund;
using sql::Bytes;
using sql::Row;
using sql::Statement;

// A request is at most a few megabytes (http's limit) and we wrote the text ourselves.
constexpr std::size_t kJsonBytesMax = 64 * 1024 * 1024;

constexpr Statement kInsertHold(
    "INSERT INTO hold (programme, id, account, card, ended) VALUES ($1, $2, $3, $4, NULL)"
    " ON CONFLICT (programme, id) DO NOTHING");
constexpr Statement kFindHold(
    "SELECT account, card, ended FROM hold WHERE programme = $1 AND id = $2");
constexpr Statement kMoveHolds(
    "UPDATE hold SET account = $3 WHERE programme = $1 AND account = $2");

constexpr Statement kLockOrder(
    "SELECT 1 FROM shop_order WHERE programme = $1 AND source = $2 AND id = $3"
    " /*lock: FOR UPDATE*/");
// The name of an order that is not there yet is locked by taking its place for a moment: whoever
// stores the order waits at the key until this transaction ends, or this one waits for them.
constexpr Statement kTakePlace(
    "INSERT INTO shop_order (programme, source, id, fingerprint, member, card, total_minor,"
    " paid_at, received_at, body, answer, account, record)"
    " VALUES ($1, $2, $3, '', '', '', 0, 0, 0, '{}', '{}', '', $4)"
    " ON CONFLICT (programme, source, id) DO NOTHING");
constexpr Statement kLeavePlace(
    "DELETE FROM shop_order WHERE programme = $1 AND source = $2 AND id = $3");
constexpr Statement kFindRecord(
    "SELECT account, record FROM shop_order WHERE programme = $1 AND source = $2 AND id = $3");
constexpr Statement kUpdateRecord(
    "UPDATE shop_order SET account = $4, record = $5"
    " WHERE programme = $1 AND source = $2 AND id = $3");

constexpr Statement kFindRefund(
    "SELECT id, fingerprint, received_at, answer FROM refund"
    " WHERE programme = $1 AND source = $2 AND order_id = $3 AND id = $4");
constexpr Statement kRefunds(
    "SELECT id, fingerprint, received_at, answer FROM refund"
    " WHERE programme = $1 AND source = $2 AND order_id = $3 ORDER BY received_at, id");
constexpr Statement kInsertRefund(
    "INSERT INTO refund (programme, source, order_id, id, fingerprint, received_at, answer)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)"
    " ON CONFLICT (programme, source, order_id, id) DO NOTHING");

constexpr Statement kPark(
    "INSERT INTO parked_refund (programme, source, order_id, id, fingerprint, received_at, request,"
    " actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    " ON CONFLICT (programme, source, order_id, id) DO NOTHING");
constexpr Statement kParked(
    "SELECT id, fingerprint, received_at, request, actor FROM parked_refund"
    " WHERE programme = $1 AND source = $2 AND order_id = $3 ORDER BY received_at, id");
constexpr Statement kUnpark(
    "DELETE FROM parked_refund WHERE programme = $1 AND source = $2 AND order_id = $3");

constexpr Statement kParkedBefore("SELECT count(*) FROM parked_refund WHERE received_at < $1");

Result<LocatedHold> ReadHold(const Row& row) {
  LocatedHold hold{
      .account = IdAt<AccountId>(row, 0), .card = String(row, 1), .ended = std::nullopt};
  if (row.IsNull(2)) return hold;
  auto ended = ledger::DecodeHold(row.Bytes(2));
  if (!ended.ok()) return Damaged("hold.ended");
  hold.ended = std::move(ended).value();
  return hold;
}

Result<LocatedRecord> ReadRecord(const Row& row) {
  auto record = ledger::DecodeOrder(row.Bytes(1));
  if (!record.ok()) return Damaged("shop_order.record");
  return LocatedRecord{IdAt<AccountId>(row, 0), std::move(record).value()};
}

Result<StoredRefund> ReadRefund(const Row& row) {
  auto answer = json::Parse(row.Text(3), kJsonBytesMax);
  if (!answer.ok()) return Damaged("refund.answer");
  return StoredRefund{.id = String(row, 0),
                      .fingerprint = String(row, 1),
                      .received_at = Instant(row, 2),
                      .answer = std::move(answer).value()};
}

Result<ParkedRefund> ReadParked(const Row& row) {
  auto request = json::Parse(row.Text(3), kJsonBytesMax);
  if (!request.ok()) return Damaged("parked_refund.request");
  return ParkedRefund{.id = String(row, 0),
                      .fingerprint = String(row, 1),
                      .received_at = Instant(row, 2),
                      .request = std::move(request).value(),
                      .actor = String(row, 4)};
}

}  // namespace

Result<bool> SqlTransaction::InsertHold(const ProgrammeId& programme, const HoldId& id,
                                        const AccountId& account, const std::string& card) {
  return Wrote(connection_.Execute(kInsertHold, {programme, id, account, card}));
}

Result<std::optional<LocatedHold>> SqlTransaction::FindHold(const ProgrammeId& programme,
                                                            const HoldId& id) {
  return FindOne<LocatedHold>(connection_, kFindHold, {programme, id}, ReadHold);
}

Status SqlTransaction::MoveHolds(const ProgrammeId& programme, const AccountId& from,
                                 const AccountId& to) {
  return connection_.Send(kMoveHolds, {programme, from, to});
}

Status SqlTransaction::LockOrder(const ProgrammeId& programme, const OrderSource& source,
                                 const OrderId& id) {
  bool found = false;
  const auto lock = [&] {
    return connection_.Query(kLockOrder, {programme, source, id}, [&found](const Row&) {
      found = true;
      return Status();
    });
  };
  if (Status locked = lock(); !locked.ok() || found) return locked;
  auto taken = Wrote(connection_.Execute(kTakePlace, {programme, source, id, Bytes{""}}));
  if (!taken.ok()) return std::move(taken).error();
  return taken.value() ? connection_.Send(kLeavePlace, {programme, source, id}) : lock();
}

Result<std::optional<LocatedRecord>> SqlTransaction::FindRecord(const ProgrammeId& programme,
                                                                const OrderSource& source,
                                                                const OrderId& id) {
  return FindOne<LocatedRecord>(connection_, kFindRecord, {programme, source, id}, ReadRecord);
}

Status SqlTransaction::UpdateRecord(const ProgrammeId& programme, const OrderSource& source,
                                    const OrderId& id, const AccountId& account,
                                    const ledger::OrderRecord& record) {
  return connection_.Send(kUpdateRecord,
                          {programme, source, id, account, Bytes{ledger::EncodeOrder(record)}});
}

Result<std::optional<StoredRefund>> SqlTransaction::FindRefund(const ProgrammeId& programme,
                                                               const OrderSource& source,
                                                               const OrderId& order,
                                                               const std::string& refund) {
  return FindOne<StoredRefund>(connection_, kFindRefund, {programme, source, order, refund},
                               ReadRefund);
}

Result<bool> SqlTransaction::InsertRefund(const ProgrammeId& programme, const OrderSource& source,
                                          const OrderId& order, const StoredRefund& refund) {
  return Wrote(connection_.Execute(kInsertRefund,
                                   {programme, source, order, refund.id, refund.fingerprint,
                                    ToMicros(refund.received_at), json::Dump(refund.answer)}));
}

Result<std::vector<StoredRefund>> SqlTransaction::Refunds(const ProgrammeId& programme,
                                                          const OrderSource& source,
                                                          const OrderId& order) {
  return FindAll<StoredRefund>(connection_, kRefunds, {programme, source, order}, ReadRefund);
}

Result<bool> SqlTransaction::ParkRefund(const ProgrammeId& programme, const OrderSource& source,
                                        const OrderId& order, const ParkedRefund& refund) {
  return Wrote(connection_.Execute(
      kPark, {programme, source, order, refund.id, refund.fingerprint, ToMicros(refund.received_at),
              json::Dump(refund.request), refund.actor}));
}

Result<std::vector<ParkedRefund>> SqlTransaction::TakeParkedRefunds(const ProgrammeId& programme,
                                                                    const OrderSource& source,
                                                                    const OrderId& order) {
  auto parked = FindAll<ParkedRefund>(connection_, kParked, {programme, source, order}, ReadParked);
  if (!parked.ok() || parked.value().empty()) return parked;
  Status gone = Done(connection_.Execute(kUnpark, {programme, source, order}));
  if (!gone.ok()) return std::move(gone).error();
  return parked;
}

Result<std::int64_t> SqlTransaction::RefundsParkedBefore(Timestamp instant) {
  auto count = FindOne<std::int64_t>(connection_, kParkedBefore, {ToMicros(instant)},
                                     [](const Row& row) { return Result(row.Integer(0)); });
  if (!count.ok()) return std::move(count).error();
  return count.value().value_or(0);
}

}  // namespace passmint::store
