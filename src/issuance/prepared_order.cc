#include "issuance/prepared_order.h"

#include <utility>

#include "issuance/fingerprint.h"

namespace passmint::issuance {
namespace {

std::string_view Name(LineType type) {
  switch (type) {
    case LineType::kProduct:
      return "product";
    case LineType::kDelivery:
      return "delivery";
    case LineType::kTip:
      return "tip";
    case LineType::kDiscount:
      return "discount";
  }
  return "";
}

Json LinesJson(const OrderRequest& request) {
  Json lines = Json::array();
  for (const OrderLine& line : request.lines) {
    lines.push_back({{"line_id", line.line_id},
                     {"type", Name(line.type)},
                     {"sku", line.sku},
                     {"category", line.category},
                     {"name", line.name},
                     {"quantity", line.quantity},
                     {"amount", line.amount},
                     {"points", line.points},
                     {"points_quantity", line.points_quantity}});
  }
  return lines;
}

// What makes two reports the same order: source, currency, total, lines, identity as sent.
std::string ComparedContent(const OrderRequest& request, const Json& lines) {
  const auto text = [](const std::optional<std::string>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  return json::Dump({{"source", request.source.str()},
                     {"currency", request.currency},
                     {"total", request.total},
                     {"lines", lines},
                     {"phone", text(request.customer.phone)},
                     {"email", text(request.customer.email)},
                     {"card_number", text(request.card_number)}});
}

// What is kept of the request: nothing that names a person.
std::string StoredBody(const OrderRequest& request, Json lines) {
  Json body = {{"currency", request.currency},
               {"total", request.total},
               {"lines", std::move(lines)},
               {"location", request.location}};
  if (!request.coupons.empty()) body["coupons"] = request.coupons;
  return json::Dump(body);
}

}  // namespace

PreparedOrder PrepareOrder(const Site& site, const ProgrammeSite& programme, OrderRequest request,
                           Timestamp now) {
  Json lines = LinesJson(request);
  std::string content = ComparedContent(request, lines);
  std::string fingerprint = Fingerprint(*site.keys, content);
  std::string body = StoredBody(request, std::move(lines));
  auto checked = CheckOrder(request, programme.programme, now);
  std::optional<QuoteTerms> terms;
  if (checked.ok() && request.quote) {
    auto read = ReadQuote(*site.keys, programme.programme.id, request, now);
    if (read.ok()) {
      terms = read.value();
    } else {
      checked = std::move(read).error();
    }
  }
  return {.request = std::move(request),
          .checked = std::move(checked),
          .content = std::move(content),
          .fingerprint = std::move(fingerprint),
          .body = std::move(body),
          .terms = terms};
}

}  // namespace passmint::issuance
