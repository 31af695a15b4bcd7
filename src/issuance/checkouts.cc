#include "issuance/checkouts.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "issuance/order_check.h"
#include "issuance/prepared_order.h"
#include "json/json.h"

namespace passmint::issuance {
namespace {

constexpr std::string_view kLines = "/lines/";

// An order of some lines of a checkout, and which ones.
struct Part {
  OrderRequest order;
  std::vector<std::size_t> lines;  // Indexes in the whole.
};

bool ForPoints(const OrderLine& line) {
  return line.points > 0 || Thousandths(line.points_quantity).value_or(0) > 0;
}

Part PartOf(const OrderRequest& whole, bool points) {
  Part part{.order = whole, .lines = {}};
  part.order.id = OrderId(whole.id.str() + (points ? "-points" : "-money"));
  part.order.lines.clear();
  part.order.total = 0;
  if (points) {
    part.order.coupons.clear();
  } else {
    part.order.hold_id.reset();
    part.order.up_to = false;
  }
  for (std::size_t i = 0; i < whole.lines.size(); ++i) {
    if (ForPoints(whole.lines[i]) != points) continue;
    part.order.lines.push_back(whole.lines[i]);
    part.order.total += whole.lines[i].amount;
    part.lines.push_back(i);
  }
  return part;
}

// "/lines/0/points" of a part as the whole has it.
std::string InWhole(const std::string& pointer, const Part& part) {
  if (!pointer.starts_with(kLines)) return pointer;
  const std::size_t end = pointer.find('/', kLines.size());
  const std::string index = pointer.substr(kLines.size(), end - kLines.size());
  for (std::size_t i = 0; i < part.lines.size(); ++i) {
    if (std::to_string(i) != index) continue;
    return std::string(kLines) + std::to_string(part.lines[i]) +
           (end == std::string::npos ? "" : pointer.substr(end));
  }
  return pointer;
}

Error InWhole(Error error, const Part& part) {
  for (InputProblem& problem : error.problems) problem.pointer = InWhole(problem.pointer, part);
  return error;
}

Status Check(const OrderRequest& whole, const ProgrammeSite& programme, Timestamp now) {
  if (whole.quote) {
    return InvalidInput("invalid_value", "/quote", "a checkout has no quote: quote its orders");
  }
  auto checked = CheckOrder(whole, programme.programme, now);
  return checked.ok() ? Status() : Status(std::move(checked).error());
}

// Points pay the lines of their order whole.
Status RequirePaid(const OrderOutcome& outcome, const Part& part) {
  for (const ledger::LineRecord& line : outcome.order.record.lines) {
    if (line.paid == 0) continue;
    for (std::size_t i = 0; i < part.order.lines.size(); ++i) {
      if (part.order.lines[i].line_id != line.line_id) continue;
      return InvalidInput("out_of_range",
                          std::string(kLines) + std::to_string(part.lines[i]) + "/points",
                          "the points do not pay all of the line");
    }
  }
  return {};
}

// Places a part; what is kept of it names the checkout.
Result<OrderOutcome> Place(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, const OrderRequest& whole,
                           const Part& part) {
  PreparedOrder prepared = PrepareOrder(site, programme, part.order, transaction.Now());
  auto body = json::Parse(prepared.body, prepared.body.size());
  if (!body.ok()) return std::move(body).error();
  body.value()["checkout"] = whole.id.str();
  prepared.body = json::Dump(body.value());
  auto placed = PlaceOrder(transaction, site, programme, prepared);
  if (!placed.ok()) return InWhole(std::move(placed).error(), part);
  return placed;
}

}  // namespace

Result<CheckoutOutcome> PlaceCheckout(Transaction& transaction, const Site& site,
                                      const ProgrammeSite& programme, const OrderRequest& whole) {
  const Part money = PartOf(whole, false);
  const Part points = PartOf(whole, true);
  if (money.lines.empty() || points.lines.empty()) {
    return InvalidInput("required", "/lines",
                        "a checkout has goods that money pays and goods that points pay");
  }
  auto known = transaction.FindOrder(programme.programme.id, money.order.source, money.order.id);
  if (!known.ok()) return std::move(known).error();
  if (!known.value()) {
    Status fine = Check(whole, programme, transaction.Now());
    if (!fine.ok()) return std::move(fine).error();
  }
  // First what points pay, so that no checkout is paid by what it earns itself.
  auto burned = Place(transaction, site, programme, whole, points);
  if (!burned.ok()) return std::move(burned).error();
  if (burned.value().created) {
    if (Status paid = RequirePaid(burned.value(), points); !paid.ok()) {
      return std::move(paid).error();
    }
  }
  auto bought = Place(transaction, site, programme, whole, money);
  if (!bought.ok()) return std::move(bought).error();
  return CheckoutOutcome{.money = std::move(bought).value(), .points = std::move(burned).value()};
}

}  // namespace passmint::issuance
