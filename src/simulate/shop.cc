#include "simulate/shop.h"

#include <fmt/format.h>

#include <utility>

#include "json/json.h"

namespace passmint::simulate {
namespace {

constexpr std::size_t kAnswerBytesMax = std::size_t{1} << 20;

Error NotAsExpected(std::string_view body) {
  return {.code = ErrorCode::kInternal,
          .message = fmt::format("the service answered: {}", body.substr(0, 500))};
}

Json OrderBody(const Shop::Sale& sale) {
  return {
      {"order_id", sale.order_id},
      {"source", "simulate"},
      {"paid_at", sale.paid_at},
      {"currency", sale.currency},
      {"total", sale.total_minor},
      {"customer",
       {{"phone", sale.phone}, {"name", sale.name}, {"locale", sale.locale}, {"verified", true}}},
      {"lines", Json::array({{{"line_id", "1"},
                              {"type", "product"},
                              {"sku", "ESP-1"},
                              {"category", "coffee"},
                              {"name", "Espresso beans"},
                              {"quantity", 1},
                              {"amount", sale.total_minor}}})}};
}

// The integer at `object`.`key`; nothing else is there in an answer that follows the contract.
std::int64_t IntegerAt(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

}  // namespace

Result<std::string> Shop::Ask(std::string_view method, const std::string& path,
                              std::string_view body, int& status) {
  RequestHeaders headers = {{"Authorization", "Bearer " + key_.RevealForSerialization()}};
  if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
  auto answer = client_.Send(method, url_ + path, headers, body);
  if (!answer.ok()) return std::move(answer).error();
  status = answer.value().status;
  if (status >= 500 || status == 429) {
    return Error{.code = ErrorCode::kUnavailable, .message = fmt::format("status {}", status)};
  }
  return std::move(answer.value().body);
}

Result<PlacedOrder> Shop::Place(const Sale& sale) {
  int status = 0;
  auto answer = Ask("POST", "/api/v1/orders", json::Dump(OrderBody(sale)), status);
  if (!answer.ok()) return std::move(answer).error();
  const auto body = json::Parse(answer.value(), kAnswerBytesMax);
  if ((status != 200 && status != 201) || !body.ok() || !body.value().contains("card") ||
      !body.value().contains("points")) {
    return NotAsExpected(answer.value());
  }
  const Json& card = body.value()["card"];
  const Json& points = body.value()["points"];
  PlacedOrder placed{.card_number = card.value("number", ""),
                     .page = {},
                     .earned = IntegerAt(points, "earned"),
                     .available = IntegerAt(points, "available"),
                     .first_time = status == 201};
  if (card.contains("links") && card["links"].is_object()) {
    placed.page = card["links"].value("page", "");
  }
  return placed;
}

Result<std::int64_t> Shop::Balance(const std::string& card_number) {
  int status = 0;
  auto answer = Ask("GET", "/api/v1/cards/" + card_number, {}, status);
  if (!answer.ok()) return std::move(answer).error();
  const auto body = json::Parse(answer.value(), kAnswerBytesMax);
  if (status != 200 || !body.ok() || !body.value().contains("points")) {
    return NotAsExpected(answer.value());
  }
  return IntegerAt(body.value()["points"], "available");
}

}  // namespace passmint::simulate
