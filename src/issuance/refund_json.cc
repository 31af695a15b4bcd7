#include "issuance/refund_json.h"

#include "issuance/order_check.h"
#include "issuance/order_points.h"

namespace passmint::issuance {
namespace {

const char* Name(ledger::Group group) {
  switch (group) {
    case ledger::Group::kAny:
      return "any";
    case ledger::Group::kMoney:
      return "money";
    case ledger::Group::kPoints:
      return "points";
  }
  return "";
}

ledger::Group GroupFrom(const std::string& name) {
  if (name == "money") return ledger::Group::kMoney;
  return name == "points" ? ledger::Group::kPoints : ledger::Group::kAny;
}

template <class T>
Json Optional(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

template <class T>
std::optional<T> ReadOptional(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return found->get<T>();
}

}  // namespace

std::string ComparedContent(const RefundRequest& request) {
  Json lines = Json::array();
  for (const RefundLineRequest& line : request.lines) {
    // "1" and "1.000" are the same quantity.
    lines.push_back({{"line_id", line.line_id},
                     {"thousandths", Thousandths(line.quantity.value_or("0")).value_or(0)},
                     {"amount", line.amount.value_or(0)},
                     {"paid_by", Name(line.paid_by)}});
  }
  return json::Dump({{"lines", std::move(lines)}, {"amount", request.amount.value_or(0)}});
}

Json ParkedJson(const RefundRequest& request) {
  Json lines = Json::array();
  for (const RefundLineRequest& line : request.lines) {
    lines.push_back({{"line_id", line.line_id},
                     {"quantity", Optional(line.quantity)},
                     {"amount", Optional(line.amount)},
                     {"paid_by", Name(line.paid_by)}});
  }
  return {{"lines", std::move(lines)}, {"amount", Optional(request.amount)}};
}

RefundRequest ReadParked(const Json& parked) {
  RefundRequest request;
  for (const Json& line : parked.value("lines", Json::array())) {
    request.lines.push_back({.line_id = line.value("line_id", ""),
                             .quantity = ReadOptional<std::string>(line, "quantity"),
                             .amount = ReadOptional<std::int64_t>(line, "amount"),
                             .paid_by = GroupFrom(line.value("paid_by", ""))});
  }
  request.amount = ReadOptional<std::int64_t>(parked, "amount");
  return request;
}

Json BookedJson(const BookedRefund& refund) {
  Json lines = Json::array();
  for (const RefundedLine& line : refund.lines) {
    lines.push_back({{"line_id", line.line_id},
                     {"amount", line.amount},
                     {"restored", line.restored},
                     {"clawed_back", line.clawed_back}});
  }
  Json explain = Json::array();
  for (const PointsReason& reason : refund.explain) {
    explain.push_back({{"entry", reason.entry},
                       {"rule", reason.rule},
                       {"line_id", reason.line_id},
                       {"points", reason.points}});
  }
  Json json = {{"amount", refund.amount},
               {"lines", std::move(lines)},
               {"restored", refund.restored},
               {"clawed_back", refund.clawed_back},
               {"explain", std::move(explain)}};
  if (!refund.stamps.empty()) json["stamps"] = StampMovesJson(refund.stamps);
  return json;
}

BookedRefund ReadBooked(const StoredRefund& stored) {
  const Json& answer = stored.answer;
  BookedRefund refund{.id = stored.id,
                      .booked_at = stored.received_at,
                      .amount = answer.value("amount", std::int64_t{0}),
                      .lines = {},
                      .restored = answer.value("restored", std::int64_t{0}),
                      .clawed_back = answer.value("clawed_back", std::int64_t{0}),
                      .explain = {},
                      .stamps = ReadStampMoves(answer.value("stamps", Json::array()))};
  for (const Json& line : answer.value("lines", Json::array())) {
    refund.lines.push_back({.line_id = line.value("line_id", ""),
                            .amount = line.value("amount", std::int64_t{0}),
                            .restored = line.value("restored", std::int64_t{0}),
                            .clawed_back = line.value("clawed_back", std::int64_t{0})});
  }
  for (const Json& reason : answer.value("explain", Json::array())) {
    refund.explain.push_back({.entry = reason.value("entry", ""),
                              .rule = reason.value("rule", ""),
                              .line_id = reason.value("line_id", ""),
                              .points = reason.value("points", std::int64_t{0})});
  }
  return refund;
}

}  // namespace passmint::issuance
