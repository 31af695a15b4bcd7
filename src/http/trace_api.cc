#include "http/trace_api.h"

#include <utility>

#include "http/decode_customer.h"
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

}  // namespace

void AddTraceEndpoints(EndpointRouter& router) {
  router.Add("GET", "/api/v1/cards/{number}/trace",
             {Access::kRead, KeyUse::kNone, {Role::kOperator, Role::kAdmin}, TraceCard});
}

}  // namespace passmint::http
