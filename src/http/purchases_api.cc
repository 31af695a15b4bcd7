#include <charconv>
#include <utility>

#include "base/bytes.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "http/order_json.h"
#include "issuance/owner.h"

// What a member bought: the history, which receipts are looked up in.

namespace passmint::http {
namespace {

using issuance::OrderPlace;
using issuance::Role;
using issuance::Transaction;

// "1795255200250000 web 1042" in base64url: neither sources nor numbers hold a space.
std::string CursorOf(const issuance::Order& order) {
  return ToBase64Url(std::to_string(ToMicros(order.paid_at)) + " " + order.source.str() + " " +
                     order.id.str());
}

std::optional<OrderPlace> PlaceOf(const std::string& cursor) {
  const auto text = FromBase64Url(cursor);
  if (!text.ok()) return std::nullopt;
  const std::string& parts = text.value();
  const std::size_t first = parts.find(' ');
  const std::size_t second = first == std::string::npos ? first : parts.find(' ', first + 1);
  if (second == std::string::npos) return std::nullopt;
  std::int64_t micros = 0;
  const auto read = std::from_chars(parts.data(), parts.data() + first, micros);
  if (read.ec != std::errc() || read.ptr != parts.data() + first) return std::nullopt;
  return OrderPlace{.paid_at = FromMicros(micros),
                    .source = OrderSource(parts.substr(first + 1, second - first - 1)),
                    .id = OrderId(parts.substr(second + 1))};
}

struct ListAsked {
  OrderPlace before;
  int limit = 0;
};

Result<ListAsked> DecodeList(const Call& call) {
  std::vector<InputProblem> problems;
  ListAsked asked{.before = {.paid_at = Timestamp::max(), .source = {}, .id = {}},
                  .limit = DecodeLimit(call.request.query(), problems)};
  if (const auto cursor = QueryValue(call.request.query(), "cursor")) {
    auto place = PlaceOf(*cursor);
    if (place)
      asked.before = *std::move(place);
    else
      problems.push_back({"invalid_value", "#query/cursor", "is no cursor of ours"});
  }
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return asked;
}

// The orders of a member who took others over are all theirs.
Result<Work> ListPurchases(const Call& call) {
  auto asked = DecodeList(call);
  if (!asked.ok()) return std::move(asked).error();
  return Work([call, id = MemberId(call.arguments[0]),
               asked = std::move(asked).value()](Transaction& transaction) -> Result<Reply> {
    const auto member = issuance::FindLivingMember(transaction, call.programme_id(), id);
    if (!member.ok()) return member.error();
    if (!member.value()) return Error{.code = ErrorCode::kNotFound, .message = "no such member"};
    const auto orders = transaction.OrdersOf(call.programme_id(), member.value()->id, asked.before,
                                             asked.limit + 1);
    if (!orders.ok()) return orders.error();
    Json items = Json::array();
    Json next = nullptr;
    for (const issuance::Order& order : orders.value()) {
      if (items.size() == static_cast<std::size_t>(asked.limit)) {
        next = CursorOf(orders.value()[items.size() - 1]);
        break;
      }
      items.push_back(PurchaseJson(order));
    }
    return JsonReply(200, {{"items", std::move(items)}, {"next", std::move(next)}});
  });
}

}  // namespace

void AddPurchaseEndpoints(EndpointRouter& router) {
  const std::vector<Role> all = {Role::kShop, Role::kOperator, Role::kAdmin};
  router.Add("GET", "/api/v1/members/{id}/orders",
             {Access::kRead, KeyUse::kNone, all, ListPurchases});
}

}  // namespace passmint::http
