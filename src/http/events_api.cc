#include <utility>

#include "http/decode_customer.h"
#include "http/decode_who.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "issuance/events.h"

namespace passmint::http {
namespace {

using issuance::EventState;
using issuance::ReportedEvent;
using issuance::Role;
using issuance::Transaction;

constexpr TextBounds kReason{1, 500};
constexpr TextBounds kSource{1, 64};
constexpr TextBounds kType{1, 64};
constexpr TextBounds kInstant{1, 64};
constexpr TextBounds kProof{1, 500};

Json OrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

const char* StatusOf(EventState state) {
  if (state == EventState::kWaiting) return "in_moderation";
  return state == EventState::kRejected ? "rejected" : "done";
}

Json EventJson(const issuance::EventOutcome& outcome) {
  return {{"event_id", outcome.event.id},
          {"type", outcome.event.type},
          {"status", StatusOf(outcome.event.state)},
          {"member", {{"id", outcome.member.str()}}},
          {"points", PointsResultJson(outcome.points)},
          {"warnings", WarningsJson(outcome.warnings)}};
}

// Exactly one of the three says who it is about.
void DecodeWhom(const Call& call, ObjectReader& reader, issuance::EventReport& report,
                std::vector<InputProblem>& problems) {
  report.who = DecodeWho(reader);
  const Json* customer = reader.Object("customer");
  if (customer == nullptr) return;
  if (report.who.card_number || report.who.member) {
    problems.push_back({"choose_one", "", "either card_number, member_id or customer"});
  }
  issuance::CustomerFacts facts = DecodeCustomer(*customer, "/customer", problems);
  facts.source = call.key.name.str();
  report.customer = issuance::CheckCustomer(facts, call.programme.programme, "/customer", problems);
  if (!facts.phone && !facts.email) {
    reader.Report("customer", "no_identity", "a customer has a phone or an e-mail");
  }
}

Result<issuance::EventReport> DecodeEvent(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::EventReport report;
  report.id = reader.RequiredText("event_id", kCallerId);
  report.source = OrderSource(reader.Text("source", kSource).value_or(call.key.source.str()));
  report.type = reader.RequiredText("type", kType);
  report.occurred_at = reader.Text("occurred_at", kInstant);
  DecodeWhom(call, reader, report, problems);
  report.subject = reader.Text("subject", kCallerId).value_or("");
  report.quantity = reader.Integer("quantity", 1, issuance::kEventQuantityMax).value_or(1);
  report.proof = reader.Text("proof", kProof).value_or("");
  if (const Json* attributes = reader.Object("attributes")) {
    issuance::CustomerFacts told;
    told.attributes = *attributes;
    report.attributes =
        issuance::CheckCustomer(told, call.programme.programme, "", problems).attributes;
  }
  report.actor = call.key.name.str();
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return report;
}

Result<Work> CreateEvent(const Call& call) {
  auto report = DecodeEvent(call);
  if (!report.ok()) return std::move(report).error();
  return Work([call,
               report = std::move(report).value()](Transaction& transaction) -> Result<Reply> {
    auto outcome = issuance::ReportEvent(transaction, call.context.site, call.programme, report);
    if (!outcome.ok()) return std::move(outcome).error();
    Reply reply = JsonReply(outcome.value().created ? 201 : 200, EventJson(outcome.value()));
    reply.about = outcome.value().member;
    return reply;
  });
}

const char* CaseStatusOf(EventState state) {
  if (state == EventState::kWaiting) return "open";
  return state == EventState::kRejected ? "rejected" : "approved";
}

Json CaseJson(const ReportedEvent& event, const MemberId& member) {
  return {{"id", event.case_id},
          {"kind", "event"},
          {"subject", event.id},
          {"type", event.type},
          {"about", OrNull(event.subject)},
          {"proof", OrNull(event.proof)},
          {"member", {{"id", member.str()}}},
          {"points", event.points},
          {"status", CaseStatusOf(event.state)},
          {"reason", OrNull(event.reason)},
          {"decided_by", OrNull(event.decided_by)},
          {"created_at", InstantJson(event.received_at)}};
}

std::optional<EventState> DecodeStatus(const Call& call, std::vector<InputProblem>& problems) {
  const std::string status = QueryValue(call.request.query(), "status").value_or("open");
  for (const EventState state :
       {EventState::kWaiting, EventState::kApproved, EventState::kRejected}) {
    if (status == CaseStatusOf(state)) return state;
  }
  problems.push_back({"invalid_value", "#query/status", "open, approved or rejected"});
  return std::nullopt;
}

Result<Work> ListCases(const Call& call) {
  std::vector<InputProblem> problems;
  const int limit = DecodeLimit(call.request.query(), problems);
  const auto state = DecodeStatus(call, problems);
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  const std::string after = QueryValue(call.request.query(), "cursor").value_or("");
  return Work([call, after, limit, state](Transaction& transaction) -> Result<Reply> {
    auto cases = transaction.Cases(call.programme_id(), *state, after, limit + 1);
    if (!cases.ok()) return std::move(cases).error();
    Json items = Json::array();
    Json next = nullptr;
    for (const ReportedEvent& event : cases.value()) {
      if (items.size() == static_cast<std::size_t>(limit)) {
        next = items.back()["id"];
        break;
      }
      items.push_back(CaseJson(event, event.member));
    }
    return JsonReply(200, {{"items", std::move(items)}, {"next", std::move(next)}});
  });
}

Result<Work> Decide(const Call& call, issuance::Decision decision) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::CaseDecision decided{.case_id = call.arguments[0],
                                 .decision = decision,
                                 .reason = reader.RequiredText("reason", kReason),
                                 .actor = call.key.name.str()};
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, decided = std::move(decided)](Transaction& transaction) -> Result<Reply> {
    auto outcome = issuance::DecideCase(transaction, call.context.site, call.programme, decided);
    if (!outcome.ok()) return std::move(outcome).error();
    Reply reply = JsonReply(200, {{"case", CaseJson(outcome.value().event, outcome.value().member)},
                                  {"points", PointsResultJson(outcome.value().points)}});
    reply.about = outcome.value().member;
    return reply;
  });
}

Result<Work> ApproveCase(const Call& call) { return Decide(call, issuance::Decision::kApprove); }
Result<Work> RejectCase(const Call& call) { return Decide(call, issuance::Decision::kReject); }

}  // namespace

void AddEventEndpoints(EndpointRouter& router) {
  const std::vector<Role> staff = {Role::kOperator, Role::kAdmin};
  const std::string one = "/api/v1/moderation/{id}";
  router.Add("POST", "/api/v1/events",
             {Access::kWrite, KeyUse::kOptional, {Role::kShop, Role::kAdmin}, CreateEvent});
  router.Add("GET", "/api/v1/moderation", {Access::kRead, KeyUse::kNone, staff, ListCases});
  router.Add("POST", one + "/approve", {Access::kWrite, KeyUse::kOptional, staff, ApproveCase});
  router.Add("POST", one + "/reject", {Access::kWrite, KeyUse::kOptional, staff, RejectCase});
}

}  // namespace passmint::http
