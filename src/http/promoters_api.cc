#include <utility>

#include "http/decode.h"
#include "http/decode_who.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "issuance/referrals.h"
#include "issuance/rule_sets.h"

namespace passmint::http {
namespace {

using issuance::Promoter;
using issuance::PromoterView;
using issuance::ReferralReward;
using issuance::RewardState;
using issuance::Role;
using issuance::Transaction;

constexpr std::int64_t kPpmMax = 1'000'000;

Json PromoterJson(const PromoterView& view) {
  return {{"id", view.promoter.id},
          {"member", {{"id", view.promoter.member.str()}}},
          {"code", view.promoter.code},
          {"token", view.token},
          {"url", view.link},
          {"qr", view.page + "/qr.svg"},
          {"rate_ppm", view.rate_ppm},
          {"money", {{"accrued", 0}, {"payable", 0}, {"paid", 0}}},
          {"created_at", InstantJson(view.promoter.created_at)}};
}

Result<Work> CreatePromoter(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::PromoterRequest request;
  request.who = DecodeWho(reader);
  request.rate_ppm = reader.Integer("rate_ppm", 0, kPpmMax);
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, request = std::move(request)](Transaction& transaction) -> Result<Reply> {
    auto made = issuance::MakePromoter(transaction, call.context.site, call.programme, request);
    if (!made.ok()) return std::move(made).error();
    Reply reply = JsonReply(made.value().created ? 201 : 200, PromoterJson(made.value()));
    reply.about = made.value().promoter.member;
    return reply;
  });
}

Result<Work> GetPromoter(const Call& call) {
  return Work([call, id = call.arguments[0]](Transaction& transaction) -> Result<Reply> {
    auto found = issuance::GetPromoter(transaction, call.context.site, call.programme, id);
    if (!found.ok()) return std::move(found).error();
    return JsonReply(200, PromoterJson(found.value()));
  });
}

struct PageAsked {
  int limit = 0;
  std::string before;
};

Result<PageAsked> DecodePage(const Call& call) {
  std::vector<InputProblem> problems;
  PageAsked page{.limit = DecodeLimit(call.request.query(), problems),
                 .before = QueryValue(call.request.query(), "cursor").value_or("")};
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return page;
}

Result<Work> ListPromoters(const Call& call) {
  auto page = DecodePage(call);
  if (!page.ok()) return std::move(page).error();
  return Work([call, page = std::move(page).value()](Transaction& transaction) -> Result<Reply> {
    auto promoters = transaction.Promoters(call.programme_id(), page.before, page.limit + 1);
    if (!promoters.ok()) return std::move(promoters).error();
    Json items = Json::array();
    Json next = nullptr;
    for (Promoter& promoter : promoters.value()) {
      if (items.size() == static_cast<std::size_t>(page.limit)) {
        next = items.back()["id"];
        break;
      }
      auto view =
          issuance::ViewOf(transaction, call.context.site, call.programme, std::move(promoter));
      if (!view.ok()) return std::move(view).error();
      items.push_back(PromoterJson(view.value()));
    }
    return JsonReply(200, {{"items", std::move(items)}, {"next", std::move(next)}});
  });
}

const char* StatusOf(const ReferralReward& reward, Timestamp now) {
  if (reward.state == RewardState::kWaiting) return "accrued";
  if (reward.state != RewardState::kGiven) return "cancelled";
  return reward.active_at && *reward.active_at > now ? "accrued" : "paid";
}

// What was given and not taken back.
std::int64_t PointsLeft(const ReferralReward& reward) {
  std::int64_t points = reward.points;
  for (const ledger::LineRecord& line : reward.record.lines) points -= line.clawed;
  for (const ledger::Grant& grant : reward.record.grants) points -= grant.clawed;
  return points;
}

Result<Json> RewardJson(const Call& call, Transaction& transaction, const ReferralReward& reward) {
  const auto order = transaction.FindOrder(call.programme_id(), reward.source, reward.order);
  if (!order.ok()) return order.error();
  const auto rules = issuance::RulesOfVersion(transaction, call.programme, reward.rule_set);
  if (!rules.ok()) return rules.error();
  const std::int64_t points = PointsLeft(reward);
  return Json{{"friend", {{"id", reward.friend_member.str()}}},
              {"order_id", reward.order.str()},
              {"source", reward.source.str()},
              {"order_total", order.value() ? order.value()->total_minor : 0},
              {"points", points},
              {"reward", programme::WorthOf(*rules.value(), points)},
              {"status", StatusOf(reward, transaction.Now())},
              {"at", InstantJson(reward.created_at)}};
}

Result<Work> ListReferrals(const Call& call) {
  auto page = DecodePage(call);
  if (!page.ok()) return std::move(page).error();
  return Work([call, page = std::move(page).value(),
               id = call.arguments[0]](Transaction& transaction) -> Result<Reply> {
    const auto promoter = transaction.FindPromoter(call.programme_id(), id);
    if (!promoter.ok()) return promoter.error();
    if (!promoter.value()) {
      return Error{.code = ErrorCode::kNotFound, .message = "there is no such promoter"};
    }
    const auto rewards =
        transaction.ReferralRewards(call.programme_id(), id, page.before, page.limit + 1);
    if (!rewards.ok()) return rewards.error();
    Json items = Json::array();
    Json next = nullptr;
    for (const ReferralReward& reward : rewards.value()) {
      if (items.size() == static_cast<std::size_t>(page.limit)) {
        next = rewards.value()[items.size() - 1].id;
        break;
      }
      auto item = RewardJson(call, transaction, reward);
      if (!item.ok()) return std::move(item).error();
      items.push_back(std::move(item).value());
    }
    return JsonReply(200, {{"items", std::move(items)}, {"next", std::move(next)}});
  });
}

}  // namespace

void AddPromoterEndpoints(EndpointRouter& router) {
  const std::vector<Role> desk = {Role::kShop, Role::kOperator, Role::kAdmin};
  const std::string all = "/api/v1/promoters";
  const std::string one = all + "/{id}";
  router.Add("GET", all, {Access::kRead, KeyUse::kNone, desk, ListPromoters});
  router.Add("POST", all, {Access::kWrite, KeyUse::kOptional, desk, CreatePromoter});
  router.Add("GET", one, {Access::kRead, KeyUse::kNone, desk, GetPromoter});
  router.Add("GET", one + "/referrals", {Access::kRead, KeyUse::kNone, desk, ListReferrals});
}

}  // namespace passmint::http
