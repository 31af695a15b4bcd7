#include <chrono>
#include <utility>

#include "http/decode.h"
#include "http/endpoint.h"
#include "issuance/staff_tables.h"

namespace passmint::http {
namespace {

using issuance::Role;
using issuance::Transaction;

constexpr std::chrono::days kReportDaysMax{366};

// The day of the query that is named so.
std::chrono::sys_days QueryDay(const Call& call, const char* name,
                               std::vector<InputProblem>& problems) {
  const std::string pointer = std::string("#query/") + name;
  const auto text = QueryValue(call.request.query(), name);
  if (!text) {
    problems.push_back({"required", pointer, "is missing"});
    return {};
  }
  const auto day = ParseDate(*text);
  if (day.ok()) return day.value();
  problems.push_back({"invalid_date", pointer, day.error().message});
  return {};
}

Json RowJson(const issuance::GivenByHand& row) {
  const std::chrono::sys_days day{std::chrono::days(row.day)};
  return {{"day", FormatDate(day)},
          {"actor", row.actor},
          {"given", row.given},
          {"taken", row.taken},
          {"adjustments", row.adjustments}};
}

Result<Work> ReportAdjustments(const Call& call) {
  std::vector<InputProblem> problems;
  const std::chrono::sys_days from = QueryDay(call, "from", problems);
  const std::chrono::sys_days to = QueryDay(call, "to", problems);
  if (problems.empty() && (to < from || to - from > kReportDaysMax)) {
    problems.push_back({"out_of_range", "#query/to", "from the first day to 366 days later"});
  }
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, from, to](Transaction& transaction) -> Result<Reply> {
    const auto rows = transaction.Staff().GivenBetween(
        call.programme_id(), from.time_since_epoch().count(), to.time_since_epoch().count());
    if (!rows.ok()) return rows.error();
    Json items = Json::array();
    for (const issuance::GivenByHand& row : rows.value()) items.push_back(RowJson(row));
    const auto& limit = call.programme.programme.given_per_day;
    return JsonReply(200, {{"given_per_day", limit ? Json(*limit) : Json(nullptr)},
                           {"items", std::move(items)}});
  });
}

}  // namespace

void AddReportEndpoints(EndpointRouter& router) {
  router.Add("GET", "/api/v1/reports/adjustments",
             {Access::kRead, KeyUse::kNone, {Role::kOperator, Role::kAdmin}, ReportAdjustments});
}

}  // namespace passmint::http
