#include <utility>

#include "http/decode.h"
#include "http/decode_instant.h"
#include "http/decode_who.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "issuance/memberships.h"

// Members who pay to take part.

namespace passmint::http {
namespace {

using issuance::Membership;
using issuance::Role;
using issuance::Transaction;

constexpr TextBounds kReason{1, 500};

const char* StatusOf(const Membership& membership, Timestamp now) {
  if (membership.cancelled_at) return "cancelled";
  if (now < membership.starts_at) return "upcoming";
  if (now < membership.ends_at) return "active";
  return now < membership.lapses_at ? "grace" : "ended";
}

Json TextOrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json MembershipJson(const Membership& membership, Timestamp now) {
  const bool grace = membership.lapses_at > membership.ends_at;
  return {{"membership_id", membership.id},
          {"member", {{"id", membership.member.str()}}},
          {"plan", membership.plan},
          {"status", StatusOf(membership, now)},
          {"starts_at", InstantJson(membership.starts_at)},
          {"ends_at", InstantJson(membership.ends_at)},
          {"grace_until", grace ? InstantJson(membership.lapses_at) : Json(nullptr)},
          {"price", membership.price_minor},
          {"order_id", TextOrNull(membership.order)},
          {"source", TextOrNull(membership.source)}};
}

Result<Work> Buy(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::MembershipRequest request{.id = reader.RequiredText("membership_id", kCallerId),
                                      .who = DecodeWho(reader),
                                      .plan = reader.RequiredText("plan", kCallerId),
                                      .starts_at = DecodeInstant(reader, "starts_at"),
                                      .ends_at = DecodeInstant(reader, "ends_at"),
                                      .lapses_at = DecodeInstant(reader, "grace_until"),
                                      .price_minor = reader.Integer("price", 0, ledger::kAmountMax),
                                      .source = reader.Text("source", kCallerId).value_or(""),
                                      .order = reader.Text("order_id", kCallerId).value_or(""),
                                      .actor = call.key.name.str()};
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, request = std::move(request)](Transaction& transaction) -> Result<Reply> {
    const auto bought =
        issuance::BuyMembership(transaction, call.context.site, call.programme, request);
    if (!bought.ok()) return bought.error();
    Reply reply = JsonReply(bought.value().created ? 201 : 200,
                            MembershipJson(bought.value().membership, transaction.Now()));
    reply.about = bought.value().membership.member;
    return reply;
  });
}

Result<Work> Get(const Call& call) {
  return Work([call, id = call.arguments[0]](Transaction& transaction) -> Result<Reply> {
    const auto found = transaction.CardTerms().FindMembership(call.programme_id(), id);
    if (!found.ok()) return found.error();
    if (!found.value()) {
      return Error{.code = ErrorCode::kNotFound, .message = "there is no such membership"};
    }
    return JsonReply(200, MembershipJson(*found.value(), transaction.Now()));
  });
}

struct ListAsked {
  issuance::Who who;
  std::size_t limit = 0;
  std::string after;  // The last one of the page before.
};

Result<ListAsked> DecodeList(const Call& call) {
  std::vector<InputProblem> problems;
  const auto id = QueryValue(call.request.query(), "member_id");
  if (!id) problems.push_back({"required", "/member_id", "whose"});
  ListAsked asked{.who = {.card_number = {}, .member = MemberId(id.value_or(""))},
                  .limit = static_cast<std::size_t>(DecodeLimit(call.request.query(), problems)),
                  .after = QueryValue(call.request.query(), "cursor").value_or("")};
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return asked;
}

// One page of what a member bought, behind the one of that id.
Json PageOf(const std::vector<Membership>& all, const ListAsked& asked, Timestamp now) {
  std::size_t i = 0;
  if (!asked.after.empty()) {
    while (i < all.size() && all[i].id != asked.after) ++i;
    ++i;
  }
  Json items = Json::array();
  for (; i < all.size() && items.size() < asked.limit; ++i) {
    items.push_back(MembershipJson(all[i], now));
  }
  Json next = i < all.size() ? items.back()["membership_id"] : Json(nullptr);
  return {{"items", std::move(items)}, {"next", std::move(next)}};
}

Result<Work> List(const Call& call) {
  auto asked = DecodeList(call);
  if (!asked.ok()) return std::move(asked).error();
  return Work([call, asked = std::move(asked).value()](Transaction& transaction) -> Result<Reply> {
    const auto owner = issuance::FindOwner(transaction, call.programme.programme, asked.who, "");
    if (!owner.ok()) return owner.error();
    const auto known = transaction.CardTerms().MembershipsOf(
        call.programme_id(), owner.value().member.id, Timestamp(), issuance::kMembershipsMax);
    if (!known.ok()) return known.error();
    return JsonReply(200, PageOf(known.value(), asked, transaction.Now()));
  });
}

Result<Work> Cancel(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::Cancellation cancel{.id = call.arguments[0],
                                .reason = reader.RequiredText("reason", kReason),
                                .actor = call.key.name.str()};
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, cancel = std::move(cancel)](Transaction& transaction) -> Result<Reply> {
    const auto ended =
        issuance::CancelMembership(transaction, call.context.site, call.programme, cancel);
    if (!ended.ok()) return ended.error();
    return JsonReply(200, MembershipJson(ended.value(), transaction.Now()));
  });
}

}  // namespace

void AddMembershipEndpoints(EndpointRouter& router) {
  const std::vector<Role> desk = {Role::kShop, Role::kOperator, Role::kAdmin};
  const std::vector<Role> seller = {Role::kShop, Role::kAdmin};
  const std::string all = "/api/v1/memberships";
  router.Add("GET", all, {Access::kRead, KeyUse::kNone, desk, List});
  router.Add("POST", all, {Access::kWrite, KeyUse::kOptional, seller, Buy});
  router.Add("GET", all + "/{id}", {Access::kRead, KeyUse::kNone, desk, Get});
  router.Add("POST", all + "/{id}/cancel", {Access::kWrite, KeyUse::kOptional, desk, Cancel});
}

}  // namespace passmint::http
