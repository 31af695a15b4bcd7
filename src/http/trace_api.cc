#include "http/trace_api.h"

#include <optional>
#include <utility>
#include <vector>

#include "http/decode.h"
#include "http/decode_customer.h"
#include "http/encode.h"
#include "issuance/phone_log.h"
#include "issuance/trace.h"

namespace passmint::http {
namespace {

using issuance::Role;
using issuance::Transaction;

Result<Work> TraceCard(const Call& call) {
  auto number = DecodeCardNumber(call.arguments[0]);
  if (!number.ok()) return std::move(number).error();
  return Work(
      [call, number = std::move(number).value()](Transaction& transaction) -> Result<Reply> {
        auto rows = issuance::ReadTrace(transaction, call.programme, number);
        if (!rows.ok()) return std::move(rows).error();
        return JsonReply(200, issuance::TraceJson(rows.value()));
      });
}

constexpr std::size_t kTextBytesMax = 200;
constexpr std::size_t kCursorBytesMax = 64;

Json LogJson(const Transaction::FoundLog& found) {
  const std::string_view cure = issuance::LogCure(found.log.kind);
  return {{"logged_at", InstantJson(found.log.logged_at)},
          {"kind", found.log.kind},
          {"card_number", found.number ? Json(found.number->str()) : Json(nullptr)},
          {"message", found.log.message},
          {"cure", cure.empty() ? Json(nullptr) : Json(cure)}};
}

// The serial number of the card whose number the query names; nothing if it names none, "?" which
// no card has if there is no such card.
Result<SerialNumber> SerialOf(Transaction& transaction, const ProgrammeId& programme,
                              const std::optional<CardNumber>& number) {
  if (!number) return SerialNumber();
  auto found = transaction.FindCardByNumber(programme, *number);
  if (!found.ok()) return std::move(found).error();
  return found.value() ? found.value()->card.serial : SerialNumber("?");
}

Result<Reply> FindLogs(Transaction& transaction, const ProgrammeId& programme,
                       issuance::PhoneLogQuery query, const std::optional<CardNumber>& number) {
  auto serial = SerialOf(transaction, programme, number);
  if (!serial.ok()) return std::move(serial).error();
  query.serial = std::move(serial).value();
  const auto limit = static_cast<std::size_t>(query.limit);
  ++query.limit;  // One more tells whether there are more.
  auto found = transaction.SearchPhoneLogs(programme, query);
  if (!found.ok()) return std::move(found).error();
  const bool more = found.value().size() > limit;
  if (more) found.value().resize(limit);
  Json items = Json::array();
  for (const Transaction::FoundLog& one : found.value()) items.push_back(LogJson(one));
  return JsonReply(200, {{"items", std::move(items)},
                         {"next", more ? Json(found.value().back().log.id) : Json(nullptr)}});
}

Result<Work> SearchLogs(const Call& call) {
  std::vector<InputProblem> problems;
  const std::string_view query = call.request.query();
  issuance::PhoneLogQuery wanted{.before = QueryValue(query, "cursor").value_or(""),
                                 .serial = {},
                                 .kind = QueryValue(query, "kind").value_or(""),
                                 .text = QueryValue(query, "contains").value_or(""),
                                 .limit = DecodeLimit(query, problems)};
  if (!wanted.kind.empty() && !issuance::IsLogKind(wanted.kind)) {
    problems.push_back({"unknown_kind", "#query/kind", "a kind of log, such as \"other\""});
  }
  if (wanted.text.size() > kTextBytesMax) {
    problems.push_back({"too_long", "#query/contains", "at most 200 bytes"});
  }
  if (wanted.before.size() > kCursorBytesMax) {
    problems.push_back({"too_long", "#query/cursor", "at most 64 characters"});
  }
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  std::optional<CardNumber> number;
  if (const auto text = QueryValue(query, "card_number")) {
    auto decoded = DecodeCardNumber(*text);
    if (!decoded.ok()) return std::move(decoded).error();
    number = std::move(decoded).value();
  }
  return Work([call, wanted = std::move(wanted), number](Transaction& transaction) {
    return FindLogs(transaction, call.programme.programme.id, wanted, number);
  });
}

}  // namespace

void AddTraceEndpoints(EndpointRouter& router) {
  router.Add("GET", "/api/v1/cards/{number}/trace",
             {Access::kRead, KeyUse::kNone, {Role::kOperator, Role::kAdmin}, TraceCard});
  router.Add("GET", "/api/v1/device-logs",
             {Access::kRead, KeyUse::kNone, {Role::kOperator, Role::kAdmin}, SearchLogs});
}

}  // namespace passmint::http
