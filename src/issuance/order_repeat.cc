#include "issuance/order_repeat.h"

#include <algorithm>
#include <array>
#include <utility>

#include "json/json.h"

namespace passmint::issuance {
namespace {

LineType TypeFrom(const std::string& name) {
  constexpr std::array kNamed = {
      std::pair("product", LineType::kProduct), std::pair("delivery", LineType::kDelivery),
      std::pair("tip", LineType::kTip), std::pair("discount", LineType::kDiscount)};
  const auto* const found = std::find_if(kNamed.begin(), kNamed.end(),
                                         [&](const auto& one) { return name == one.first; });
  return found == kNamed.end() ? LineType::kProduct : found->second;
}

OrderLine LineFrom(const Json& line) {
  return {.line_id = line.value("line_id", ""),
          .type = TypeFrom(line.value("type", "")),
          .sku = line.value("sku", ""),
          .category = line.value("category", ""),
          .name = line.value("name", ""),
          .quantity = line.value("quantity", "1"),
          .amount = line.value("amount", std::int64_t{0})};
}

}  // namespace

Result<OrderRequest> RepeatOf(Transaction& transaction, const ProgrammeSite& programme,
                              const OrderSource& source, const OrderId& id) {
  const auto known = GetOrder(transaction, programme, source, id);
  if (!known.ok()) return known.error();
  const std::string& kept = known.value().order.body;
  const auto body = json::Parse(kept, kept.size());
  if (!body.ok() || !body.value().contains("lines")) {
    return Error{.code = ErrorCode::kGone,
                 .message = "the order's lines were erased with the customer's data",
                 .reason = "member_erased"};
  }
  OrderRequest request;
  request.id = id;
  request.source = source;
  request.paid_at = FormatRfc3339(transaction.Now());
  request.currency = programme.programme.currency.code();
  request.card_number = known.value().card.number.str();
  request.location = body.value().value("location", "");
  for (const Json& line : body.value()["lines"]) {
    request.lines.push_back(LineFrom(line));
    request.total += request.lines.back().amount;
  }
  return request;
}

}  // namespace passmint::issuance
