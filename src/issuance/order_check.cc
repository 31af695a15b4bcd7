#include "issuance/order_check.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/points.h"
#include "cards/card_number.h"
#include "issuance/coupons.h"
#include "json/json.h"

namespace passmint::issuance {
namespace {

using Problems = std::vector<InputProblem>;

void CheckPaidAt(const OrderRequest& request, Timestamp now, CheckedOrder& checked,
                 Problems& problems) {
  const auto paid_at = ParseRfc3339(request.paid_at);
  if (!paid_at.ok()) {
    problems.push_back({"invalid_time", "/paid_at", paid_at.error().message});
    return;
  }
  checked.paid_at = paid_at.value();
  if (checked.paid_at > now + kPaidAheadMax) {
    problems.push_back(
        {"time_in_future", "/paid_at",
         "more than 5 minutes ahead of our clock, which says " + FormatRfc3339(now)});
  } else if (checked.paid_at < now - kPaidAgoMax) {
    problems.push_back(
        {"time_too_old", "/paid_at", "more than 30 days ago: such orders come through import"});
  }
}

void CheckAmount(std::int64_t amount, bool discount, const std::string& pointer,
                 Problems& problems) {
  if (amount > Points::kMax || amount < -Points::kMax) {
    problems.push_back({"amount_too_large", pointer, "beyond 9007199254740991"});
  } else if (amount < 0 && !discount) {
    problems.push_back({"negative_amount", pointer, "only a line of type discount is negative"});
  } else if (amount > 0 && discount) {
    problems.push_back({"positive_discount", pointer, "a discount line is negative or zero"});
  }
}

void CheckLine(const OrderLine& line, const std::string& pointer, Problems& problems) {
  CheckAmount(line.amount, line.type == LineType::kDiscount, pointer + "/amount", problems);
  const auto quantity = Thousandths(line.quantity);
  if (!quantity || *quantity == 0) {
    problems.push_back({"invalid_quantity", pointer + "/quantity",
                        "not a quantity above zero with at most three decimal places"});
  }
  const auto by_points = Thousandths(line.points_quantity);
  if (!by_points || (quantity && *by_points > *quantity)) {
    problems.push_back({"invalid_quantity", pointer + "/points_quantity",
                        "not a quantity between zero and the line's quantity"});
  }
  if (line.points > 0 && by_points && *by_points > 0) {
    problems.push_back({"choose_one", pointer + "/points_quantity",
                        "a line is paid by a number of points or by units, not by both"});
  }
  if (line.type == LineType::kDiscount && (line.points > 0 || (by_points && *by_points > 0))) {
    problems.push_back({"invalid_points", pointer + "/points", "points do not pay a discount"});
  }
  if (line.points < 0 || line.points > Points::kMax) {
    problems.push_back(
        {"invalid_points", pointer + "/points", "not between 0 and 9007199254740991"});
  }
}

// Sums in 128 bits: 1,000 lines of 2^53 do not fit 63.
void CheckSums(const OrderRequest& request, Problems& problems) {
  __extension__ using Wide = __int128;
  Wide sum = 0;
  for (const OrderLine& line : request.lines) sum += line.amount;
  if (sum != static_cast<Wide>(request.total)) {
    const bool printable = sum >= -Points::kMax && sum <= Points::kMax;
    problems.push_back({"total_mismatch", "/total",
                        "the lines' amounts add up to " +
                            (printable ? std::to_string(static_cast<std::int64_t>(sum))
                                       : std::string("more than fits"))});
  }
}

void CheckLines(const OrderRequest& request, Problems& problems) {
  if (request.lines.empty()) problems.push_back({"required", "/lines", "an order has lines"});
  if (request.lines.size() > kOrderLinesMax) {
    problems.push_back({"too_many", "/lines", "at most 1000 lines"});
    return;
  }
  std::set<std::string_view> ids;
  for (std::size_t i = 0; i < request.lines.size(); ++i) {
    const OrderLine& line = request.lines[i];
    const std::string pointer = "/lines/" + std::to_string(i);
    if (!ids.insert(line.line_id).second) {
      problems.push_back({"duplicate", pointer + "/line_id", "another line has this id"});
    }
    CheckLine(line, pointer, problems);
  }
  CheckAmount(request.total, false, "/total", problems);
  CheckSums(request, problems);
}

void CheckReferences(const OrderRequest& request, Problems& problems) {
  std::set<std::string> keys;
  for (std::size_t i = 0; i < request.coupons.size(); ++i) {
    if (keys.insert(CouponKey(request.coupons[i])).second) continue;
    problems.push_back(
        {"duplicate", "/coupons/" + std::to_string(i), "the order has this code already"});
  }
}

}  // namespace

std::optional<std::int64_t> Thousandths(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = point == std::string_view::npos ? "" : text.substr(point + 1);
  if (whole.empty() || whole.size() > 9 || part.size() > 3) return std::nullopt;
  if (point != std::string_view::npos && part.empty()) return std::nullopt;
  std::string digits(whole);
  digits += part;
  digits.append(3 - part.size(), '0');
  std::int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

Result<CheckedOrder> CheckOrder(const OrderRequest& request, const cards::Programme& programme,
                                Timestamp now) {
  CheckedOrder checked;
  Problems problems;
  CheckPaidAt(request, now, checked, problems);
  if (request.currency != programme.currency.code()) {
    problems.push_back({Currency::Find(request.currency) ? "wrong_currency" : "unknown_currency",
                        "/currency", "this programme counts in " + programme.currency.code()});
  }
  CheckLines(request, problems);
  CheckReferences(request, problems);
  checked.customer = CheckCustomer(request.customer, programme, "/customer", problems);
  if (request.card_number) {
    auto number = cards::ParseCardNumber(*request.card_number, programme.card_number);
    if (number.ok())
      checked.card_number = std::move(number).value();
    else
      problems.push_back({"invalid_card_number", "/card_number", number.error().message});
  }
  if (!request.customer.phone && !request.customer.email && !request.card_number) {
    problems.push_back({"no_identity", "/customer",
                        "an order needs the customer's phone or e-mail, or a card_number"});
  }
  if (problems.empty()) return checked;
  Error error{.code = ErrorCode::kInvalidArgument, .message = problems.front().detail};
  error.problems = std::move(problems);
  return error;
}

}  // namespace passmint::issuance
