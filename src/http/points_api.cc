#include <utility>

#include "http/decode_who.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "issuance/adjustments.h"

namespace passmint::http {
namespace {

using issuance::Role;
using issuance::Transaction;

constexpr TextBounds kReason{1, 500};
constexpr TextBounds kDocumentType{1, 64};
constexpr TextBounds kDocumentName{1, 256};

Json BookedJson(const issuance::Booked& booked) {
  return {{"entry", booked.entry},
          {"member", {{"id", booked.member.str()}}},
          {"points", PointsResultJson(booked.points)}};
}

std::optional<issuance::CallersDocument> DecodeDocument(ObjectReader& reader,
                                                        std::vector<InputProblem>& problems) {
  const Json* object = reader.Object("document");
  if (object == nullptr) return std::nullopt;
  ObjectReader document(*object, "/document", problems);
  issuance::CallersDocument decoded{.type = document.RequiredText("type", kDocumentType),
                                    .id = document.RequiredText("id", kCallerId),
                                    .name = document.RequiredText("name", kDocumentName)};
  document.Finish();
  return decoded;
}

Result<issuance::Adjustment> DecodeAdjustment(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::Adjustment adjustment;
  adjustment.id = reader.Text("adjustment_id", kCallerId);
  adjustment.who = DecodeWho(reader);
  const std::size_t before = problems.size();
  adjustment.points = reader.RequiredInteger("points", -Points::kMax, Points::kMax);
  if (adjustment.points == 0 && problems.size() == before) {
    reader.Report("points", "out_of_range", "must not be zero");
  }
  adjustment.reason = reader.RequiredText("reason", kReason);
  adjustment.document = DecodeDocument(reader, problems);
  adjustment.staff = issuance::StaffOf(call.key);
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return adjustment;
}

Result<Work> CreateAdjustment(const Call& call) {
  auto adjustment = DecodeAdjustment(call);
  if (!adjustment.ok()) return std::move(adjustment).error();
  return Work([call, adjustment =
                         std::move(adjustment).value()](Transaction& transaction) -> Result<Reply> {
    auto booked = issuance::Adjust(transaction, call.context.site, call.programme, adjustment);
    if (!booked.ok()) return std::move(booked).error();
    Reply reply = JsonReply(booked.value().created ? 201 : 200, BookedJson(booked.value()));
    reply.about = booked.value().member;
    return reply;
  });
}

issuance::Who DecodeSide(ObjectReader& reader, std::string_view name,
                         std::vector<InputProblem>& problems) {
  const Json* object = reader.Object(name);
  if (object == nullptr) {
    if (!reader.Has(name)) reader.Report(name, "required", "is missing");
    return {};
  }
  ObjectReader side(*object, reader.PointerTo(name), problems);
  issuance::Who who = DecodeWho(side);
  side.Finish();
  return who;
}

Result<Work> CreateTransfer(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::Transfer transfer;
  transfer.from = DecodeSide(reader, "from", problems);
  transfer.to = DecodeSide(reader, "to", problems);
  transfer.points = reader.RequiredInteger("points", 1, Points::kMax);
  transfer.reason = reader.RequiredText("reason", kReason);
  transfer.staff = issuance::StaffOf(call.key);
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, transfer = std::move(transfer)](Transaction& transaction) -> Result<Reply> {
    auto booked = issuance::MoveBetween(transaction, call.context.site, call.programme, transfer);
    if (!booked.ok()) return std::move(booked).error();
    return JsonReply(
        201, {{"from", BookedJson(booked.value().from)}, {"to", BookedJson(booked.value().to)}});
  });
}

}  // namespace

void AddPointsEndpoints(EndpointRouter& router) {
  const std::vector<Role> staff = {Role::kOperator, Role::kAdmin};
  router.Add("POST", "/api/v1/adjustments",
             {Access::kWrite, KeyUse::kRequired, staff, CreateAdjustment});
  router.Add("POST", "/api/v1/transfers",
             {Access::kWrite, KeyUse::kRequired, staff, CreateTransfer});
}

}  // namespace passmint::http
