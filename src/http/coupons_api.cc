#include <utility>

#include "http/decode.h"
#include "http/decode_instant.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "issuance/coupons.h"

namespace passmint::http {
namespace {

using issuance::CouponCode;
using issuance::CouponRequest;
using issuance::CouponStatus;
using issuance::Role;
using issuance::Transaction;

constexpr TextBounds kCode{1, issuance::kCouponCodeMax};
constexpr TextBounds kRuleId{1, 64};
constexpr TextBounds kReason{1, 500};

std::string_view StatusName(CouponStatus status) {
  switch (status) {
    case CouponStatus::kVoid:
      return "void";
    case CouponStatus::kUsed:
      return "used";
    case CouponStatus::kExpired:
      return "expired";
    case CouponStatus::kActive:
      return "active";
  }
  return "";
}

Json InstantOrNull(const std::optional<Timestamp>& instant) {
  return instant ? InstantJson(*instant) : Json(nullptr);
}

Json CouponJson(const CouponCode& code, Timestamp now) {
  return {{"code", code.code},
          {"coupon", code.coupon},
          {"member", code.member ? Json({{"id", code.member->str()}}) : Json(nullptr)},
          {"status", StatusName(issuance::StatusAt(code, now))},
          {"uses", code.uses},
          {"uses_max", code.uses_max ? Json(*code.uses_max) : Json(nullptr)},
          {"valid_from", InstantOrNull(code.valid_from)},
          {"valid_until", InstantOrNull(code.valid_until)}};
}

// At most `limit` of the codes; the next page begins behind the last of them.
Json PageJson(const std::vector<CouponCode>& codes, std::size_t limit, Timestamp now) {
  Json items = Json::array();
  Json next = nullptr;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (i == limit) {
      next = codes[i - 1].key;
      break;
    }
    items.push_back(CouponJson(codes[i], now));
  }
  return {{"items", std::move(items)}, {"next", std::move(next)}};
}

Result<Work> ListCoupons(const Call& call) {
  const std::string_view query = call.request.query();
  std::vector<InputProblem> problems;
  const int limit = DecodeLimit(query, problems);
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  issuance::CouponFilter filter{.coupon = QueryValue(query, "coupon").value_or(""),
                                .after = QueryValue(query, "cursor").value_or("")};
  if (auto member = QueryValue(query, "member_id")) filter.member = MemberId(*std::move(member));
  return Work([call, filter = std::move(filter), limit](Transaction& transaction) -> Result<Reply> {
    const auto codes = transaction.Coupons(call.programme_id(), filter, limit + 1);
    if (!codes.ok()) return codes.error();
    return JsonReply(200,
                     PageJson(codes.value(), static_cast<std::size_t>(limit), transaction.Now()));
  });
}

// The codes that are given, or how many random ones to make.
void DecodeCodes(ObjectReader& reader, std::vector<InputProblem>& problems,
                 CouponRequest& request) {
  if (reader.Has("codes") == reader.Has("count")) {
    problems.push_back({"choose_one", "", "either codes or count"});
  }
  request.count = reader.Integer("count", 1, issuance::kCouponCodesMax).value_or(0);
  const Json* codes = reader.Array("codes", issuance::kCouponCodesMax);
  if (codes == nullptr) return;
  if (codes->empty()) reader.Report("codes", "too_short", "at least one");
  for (std::size_t i = 0; i < codes->size(); ++i) {
    const Json item = {{"code", (*codes)[i]}};
    std::vector<InputProblem> found;
    ObjectReader one(item, "", found);
    request.codes.push_back(one.RequiredText("code", kCode));
    for (InputProblem& problem : found) {
      problem.pointer = json::Child(reader.PointerTo("codes"), i);
      problems.push_back(std::move(problem));
    }
  }
}

Result<CouponRequest> DecodeRequest(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  CouponRequest request;
  request.coupon = reader.RequiredText("coupon", kRuleId);
  DecodeCodes(reader, problems, request);
  if (auto member = reader.Text("member_id", kCallerId)) {
    request.member = MemberId(*std::move(member));
  }
  const bool unlimited = body.value().is_object() && body.value().contains("uses_max") &&
                         body.value()["uses_max"].is_null();
  const auto uses = reader.Integer("uses_max", 1, Points::kMax);
  request.uses_max = unlimited ? std::nullopt : std::optional(uses.value_or(1));
  request.valid_from = DecodeInstant(reader, "valid_from");
  request.valid_until = DecodeInstant(reader, "valid_until");
  request.actor = call.key.name.str();
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return request;
}

Result<Work> CreateCoupons(const Call& call) {
  auto request = DecodeRequest(call);
  if (!request.ok()) return std::move(request).error();
  return Work(
      [call, request = std::move(request).value()](Transaction& transaction) -> Result<Reply> {
        const auto codes =
            issuance::MakeCoupons(transaction, call.context.site, call.programme, request);
        if (!codes.ok()) return codes.error();
        return JsonReply(201, PageJson(codes.value(), codes.value().size(), transaction.Now()));
      });
}

Result<Reply> CouponReply(const Result<CouponCode>& code, const Transaction& transaction) {
  if (!code.ok()) return code.error();
  return JsonReply(200, CouponJson(code.value(), transaction.Now()));
}

Result<Work> GetCoupon(const Call& call) {
  return Work([call, code = call.arguments[0]](Transaction& transaction) {
    return CouponReply(issuance::GetCoupon(transaction, call.programme_id(), code), transaction);
  });
}

Result<Work> VoidCoupon(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  std::string reason = reader.RequiredText("reason", kReason);
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work(
      [call, code = call.arguments[0], reason = std::move(reason)](Transaction& transaction) {
        return CouponReply(issuance::VoidCoupon(transaction, call.programme_id(), code, reason),
                           transaction);
      });
}

}  // namespace

void AddCouponEndpoints(EndpointRouter& router) {
  const std::vector<Role> readers = {Role::kShop, Role::kDesigner, Role::kOperator, Role::kAdmin};
  const std::vector<Role> makers = {Role::kDesigner, Role::kOperator, Role::kAdmin};
  const std::string code = "/api/v1/coupons/{code}";
  router.Add("GET", "/api/v1/coupons", {Access::kRead, KeyUse::kNone, readers, ListCoupons});
  router.Add("POST", "/api/v1/coupons", {Access::kWrite, KeyUse::kRequired, makers, CreateCoupons});
  router.Add("GET", code, {Access::kRead, KeyUse::kNone, readers, GetCoupon});
  router.Add("POST", code + "/void", {Access::kWrite, KeyUse::kOptional, makers, VoidCoupon});
}

}  // namespace passmint::http
