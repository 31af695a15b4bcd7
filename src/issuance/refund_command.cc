#include "issuance/refund_command.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "issuance/order_check.h"
#include "ledger/apply.h"
#include "ledger/asset.h"

namespace passmint::issuance {
namespace {

using Problems = std::vector<InputProblem>;

std::string LinePointer(std::size_t index, const std::string& field) {
  return "/lines/" + std::to_string(index) + "/" + field;
}

Status Verdict(Problems problems) {
  if (problems.empty()) return {};
  Error error{.code = ErrorCode::kInvalidArgument, .message = problems.front().detail};
  error.problems = std::move(problems);
  return error;
}

void CheckAmount(std::int64_t amount, const std::string& pointer, Problems& problems) {
  if (amount > ledger::kAmountMax) {
    problems.push_back({"amount_too_large", pointer, "beyond 9007199254740991"});
  } else if (amount <= 0) {
    problems.push_back({"out_of_range", pointer, "a refund is above zero"});
  }
}

void CheckLine(const RefundLineRequest& line, std::size_t index, Problems& problems) {
  if (line.quantity.has_value() == line.amount.has_value()) {
    problems.push_back({"choose_one", "/lines/" + std::to_string(index),
                        "a line is refunded by quantity or by amount"});
    return;
  }
  if (line.amount) return CheckAmount(*line.amount, LinePointer(index, "amount"), problems);
  if (Thousandths(*line.quantity).value_or(0) == 0) {
    problems.push_back({"invalid_quantity", LinePointer(index, "quantity"),
                        "not a quantity above zero with at most three decimal places"});
  }
}

// "2", "0.35".
std::string QuantityText(ledger::Quantity quantity) {
  std::string text = std::to_string(quantity / ledger::kUnit);
  const ledger::Quantity part = quantity % ledger::kUnit;
  if (part == 0) return text;
  std::string digits = std::to_string(ledger::kUnit + part).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + "." + digits;
}

std::int64_t GrossLeft(const ledger::OrderRecord& record) {
  std::int64_t left = 0;
  for (const ledger::LineRecord& line : record.lines) left += line.gross_left();
  return left;
}

std::int64_t LeftOf(const ledger::LineRecord& line, ledger::Group group) {
  switch (group) {
    case ledger::Group::kAny:
      return line.gross_left();
    case ledger::Group::kMoney:
      return line.paid - line.paid_refunded;
    case ledger::Group::kPoints:
      return line.value - line.value_refunded;
  }
  return 0;
}

Error OverRefund(const std::string& asked, const std::string& left, const std::string& of,
                 std::string pointer) {
  Error error = InvalidInput("out_of_range", std::move(pointer), left + " left");
  error.message = asked + " asked for, " + left + " left of " + of;
  error.reason = "over_refund";
  return error;
}

// How many of the command's lines can be refunded together, from the first on, and the record
// after them.
struct Prefix {
  std::size_t lines = 0;
  ledger::OrderRecord record;
};

Prefix LongestThatFits(const ledger::Refund& command, const ledger::OrderRecord& record,
                       const ledger::Account& account, const ledger::Context& context) {
  Prefix fits{.lines = 0, .record = record};
  std::size_t beyond = command.lines.size();  // So many do not fit.
  while (beyond - fits.lines > 1) {
    ledger::Refund part = command;
    const std::size_t count = fits.lines + (beyond - fits.lines) / 2;
    part.lines.resize(count);
    auto change = ledger::Apply(account, &record, part, context);
    if (change.ok() && change.value().order) {
      fits = {.lines = count, .record = *std::move(change).value().order};
    } else {
      beyond = count;
    }
  }
  return fits;
}

}  // namespace

Status CheckRefund(const RefundRequest& request) {
  Problems problems;
  if (request.lines.empty() == !request.amount.has_value()) {
    problems.push_back(
        {"choose_one", "", "a refund names its lines, or an amount for the whole order"});
  } else if (request.amount) {
    CheckAmount(*request.amount, "/amount", problems);
  }
  if (request.lines.size() > kOrderLinesMax) {
    problems.push_back({"too_many", "/lines", "at most 1000 lines"});
    return Verdict(std::move(problems));
  }
  std::set<std::pair<std::string_view, ledger::Group>> seen;
  for (std::size_t i = 0; i < request.lines.size(); ++i) {
    const RefundLineRequest& line = request.lines[i];
    if (!seen.insert({line.line_id, line.paid_by}).second) {
      problems.push_back(
          {"duplicate", LinePointer(i, "line_id"), "this refund names the line already"});
    }
    CheckLine(line, i, problems);
  }
  return Verdict(std::move(problems));
}

Result<ledger::Refund> RefundCommand(const RefundRequest& request,
                                     const ledger::OrderRecord& record) {
  ledger::Refund command{
      .refund_id = request.id, .lines = {}, .amount = request.amount.value_or(0)};
  Problems problems;
  for (std::size_t i = 0; i < request.lines.size(); ++i) {
    const RefundLineRequest& line = request.lines[i];
    const auto found = std::find_if(
        record.lines.begin(), record.lines.end(),
        [&line](const ledger::LineRecord& one) { return one.line_id == line.line_id; });
    if (found == record.lines.end()) {
      problems.push_back({"unknown_line", LinePointer(i, "line_id"),
                          "the order has no such line that can be refunded"});
      continue;
    }
    command.lines.push_back({.line = static_cast<std::size_t>(found - record.lines.begin()),
                             .group = line.paid_by,
                             .amount = line.amount.value_or(0),
                             .quantity = Thousandths(line.quantity.value_or("0")).value_or(0)});
  }
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return command;
}

Error OverRefundOf(const RefundRequest& request, const ledger::Refund& command,
                   const ledger::OrderRecord& record, const ledger::Account& account,
                   const ledger::Context& context) {
  if (command.lines.empty()) {
    return OverRefund(std::to_string(command.amount), std::to_string(GrossLeft(record)),
                      "the order", "/amount");
  }
  const Prefix fits = LongestThatFits(command, record, account, context);
  const ledger::RefundLine& wrong = command.lines[fits.lines];
  const ledger::LineRecord& line = fits.record.lines[wrong.line];
  const std::string of = "line " + request.lines[fits.lines].line_id;
  const ledger::Quantity units_left = line.quantity - line.quantity_refunded;
  if (wrong.quantity > units_left) {
    return OverRefund(QuantityText(wrong.quantity) + " units", QuantityText(units_left), of,
                      LinePointer(fits.lines, "quantity"));
  }
  const std::string asked =
      wrong.quantity > 0 ? QuantityText(wrong.quantity) + " units" : std::to_string(wrong.amount);
  return OverRefund(asked, std::to_string(LeftOf(line, wrong.group)) + " minor units", of,
                    LinePointer(fits.lines, wrong.quantity > 0 ? "quantity" : "amount"));
}

}  // namespace passmint::issuance
