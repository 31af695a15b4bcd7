#include <utility>

#include "http/decode_who.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "http/reward_json.h"
#include "issuance/charities.h"
#include "issuance/rewards.h"

namespace passmint::http {
namespace {

using issuance::ClaimOutcome;
using issuance::ClaimStatus;
using issuance::RewardClaim;
using issuance::RewardOffer;
using issuance::Role;
using issuance::Transaction;
using programme::Reward;

constexpr TextBounds kReason{1, 500};

std::string_view KindName(Reward::Kind kind) {
  switch (kind) {
    case Reward::Kind::kGift:
      return "gift";
    case Reward::Kind::kProduct:
      return "product";
    case Reward::Kind::kService:
      return "service";
    case Reward::Kind::kEvent:
      return "event";
    case Reward::Kind::kDonation:
      return "donation";
    case Reward::Kind::kCoupon:
      return "coupon";
  }
  return "";
}

std::string_view StatusName(ClaimStatus status) {
  switch (status) {
    case ClaimStatus::kOpen:
      return "open";
    case ClaimStatus::kFulfilled:
      return "fulfilled";
    case ClaimStatus::kCancelled:
      return "cancelled";
  }
  return "";
}

const std::string& NameOf(const Reward& reward) {
  return reward.title.empty() ? reward.id : reward.title;
}

Json RewardJson(const RewardOffer& offer) {
  return {{"id", offer.reward->id},
          {"name", NameOf(*offer.reward)},
          {"kind", KindName(offer.reward->kind)},
          {"points", offer.reward->price},
          {"stock", offer.stock.stock ? Json(*offer.stock.stock) : Json(nullptr)},
          {"claimed", offer.stock.claimed}};
}

Json ClaimJson(const RewardClaim& claim) {
  return {{"id", claim.id},
          {"claim_id", OptionalText(claim.caller_id)},
          {"reward", claim.reward},
          {"member", {{"id", claim.member.str()}}},
          {"points", claim.points},
          {"coupon", OptionalText(claim.coupon)},
          {"status", StatusName(claim.status)},
          {"claimed_at", InstantJson(claim.claimed_at)},
          {"ended_at", claim.ended_at ? InstantJson(*claim.ended_at) : Json(nullptr)}};
}

Error NoSuchReward() {
  return {.code = ErrorCode::kNotFound, .message = "there is no such reward"};
}

Result<issuance::RewardCatalogue> Catalogue(const Call& call, Transaction& transaction) {
  return issuance::GetRewards(transaction, call.programme, nullptr, 0);
}

Result<Work> ListRewards(const Call& call) {
  std::vector<InputProblem> problems;
  const int limit = DecodeLimit(call.request.query(), problems);
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  const std::string after = QueryValue(call.request.query(), "cursor").value_or("");
  return Work([call, after, limit](Transaction& transaction) -> Result<Reply> {
    const auto catalogue = Catalogue(call, transaction);
    if (!catalogue.ok()) return catalogue.error();
    Json items = Json::array();
    Json next = nullptr;
    for (const RewardOffer& offer : catalogue.value().offers) {
      if (offer.reward->id <= after) continue;
      if (items.size() == static_cast<std::size_t>(limit)) {
        next = items.back()["id"];
        break;
      }
      items.push_back(RewardJson(offer));
    }
    return JsonReply(200, {{"items", std::move(items)}, {"next", std::move(next)}});
  });
}

Result<Reply> RewardReply(const Call& call, Transaction& transaction, const std::string& id) {
  const auto catalogue = Catalogue(call, transaction);
  if (!catalogue.ok()) return catalogue.error();
  const RewardOffer* offer = catalogue.value().Find(id);
  if (offer == nullptr) return NoSuchReward();
  return JsonReply(200, RewardJson(*offer));
}

Result<Work> GetReward(const Call& call) {
  return Work([call, id = call.arguments[0]](Transaction& transaction) {
    return RewardReply(call, transaction, id);
  });
}

Result<Work> SetStock(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  const auto stock = reader.Integer("stock", 0, Points::kMax);
  const bool said = body.value().is_object() && body.value().contains("stock");
  if (!said) reader.Report("stock", "required", "is missing");
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, id = call.arguments[0], stock](Transaction& transaction) -> Result<Reply> {
    const auto catalogue = Catalogue(call, transaction);
    if (!catalogue.ok()) return catalogue.error();
    if (catalogue.value().Find(id) == nullptr) return NoSuchReward();
    Status set = transaction.SetRewardStock(call.programme_id(), id, stock);
    if (!set.ok()) return std::move(set).error();
    return RewardReply(call, transaction, id);
  });
}

Result<Work> ListClaims(const Call& call) {
  std::vector<InputProblem> problems;
  const int limit = DecodeLimit(call.request.query(), problems);
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  const std::string before = QueryValue(call.request.query(), "cursor").value_or("");
  return Work(
      [call, id = call.arguments[0], before, limit](Transaction& transaction) -> Result<Reply> {
        const auto claims = transaction.Claims(call.programme_id(), id, before, limit + 1);
        if (!claims.ok()) return claims.error();
        Json items = Json::array();
        Json next = nullptr;
        for (const RewardClaim& claim : claims.value()) {
          if (items.size() == static_cast<std::size_t>(limit)) {
            next = items.back()["id"];
            break;
          }
          items.push_back(ClaimJson(claim));
        }
        return JsonReply(200, {{"items", std::move(items)}, {"next", std::move(next)}});
      });
}

Result<Reply> ClaimReply(const Result<ClaimOutcome>& outcome) {
  if (!outcome.ok()) return outcome.error();
  Reply reply = JsonReply(outcome.value().created ? 201 : 200,
                          {{"claim", ClaimJson(outcome.value().claim)},
                           {"points", PointsResultJson(outcome.value().points)}});
  reply.about = outcome.value().claim.member;
  return reply;
}

Result<Work> CreateClaim(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::ClaimRequest request;
  request.reward = call.arguments[0];
  request.caller_id = reader.Text("claim_id", kCallerId);
  request.who = DecodeWho(reader);
  request.actor = call.key.name.str();
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, request = std::move(request)](Transaction& transaction) {
    return ClaimReply(
        issuance::ClaimReward(transaction, call.context.site, call.programme, request));
  });
}

issuance::ClaimEnd EndOf(const Call& call) {
  return {.reward = call.arguments[0],
          .claim = call.arguments[1],
          .reason = {},
          .actor = call.key.name.str()};
}

Result<Work> FulfilClaim(const Call& call) {
  Status nothing = RequireNoMembers(call.request.body, call.request.headers.Find("Content-Type"));
  if (!nothing.ok()) return std::move(nothing).error();
  return Work([call, end = EndOf(call)](Transaction& transaction) {
    return ClaimReply(issuance::FulfilClaim(transaction, call.programme, end));
  });
}

Result<Work> CancelClaim(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::ClaimEnd end = EndOf(call);
  end.reason = reader.RequiredText("reason", kReason);
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, end = std::move(end)](Transaction& transaction) {
    return ClaimReply(issuance::CancelClaim(transaction, call.context.site, call.programme, end));
  });
}

Result<Work> ListCharities(const Call& call) {
  return Work([call](Transaction& transaction) -> Result<Reply> {
    const auto charities = issuance::Charities(transaction, call.programme);
    if (!charities.ok()) return charities.error();
    Json items = Json::array();
    for (const issuance::Charity& charity : charities.value()) {
      items.push_back({{"id", charity.id}, {"name", charity.name}, {"points", charity.points}});
    }
    return JsonReply(200, {{"items", std::move(items)}});
  });
}

}  // namespace

Json WalletRewardsJson(const issuance::RewardCatalogue& catalogue) {
  Json rewards = Json::array();
  for (const RewardOffer& offer : catalogue.offers) {
    if (!offer.open) continue;
    Json json = {{"id", offer.reward->id},
                 {"name", NameOf(*offer.reward)},
                 {"points", offer.price},
                 {"available", offer.available()},
                 {"missing_points", offer.missing}};
    if (offer.missing_stamps > 0) json["missing_stamps"] = offer.missing_stamps;
    rewards.push_back(std::move(json));
  }
  return rewards;
}

void AddRewardEndpoints(EndpointRouter& router) {
  const std::vector<Role> readers = {Role::kShop, Role::kDesigner, Role::kOperator, Role::kAdmin};
  const std::vector<Role> makers = {Role::kDesigner, Role::kOperator, Role::kAdmin};
  const std::vector<Role> desk = {Role::kShop, Role::kOperator, Role::kAdmin};
  const std::string reward = "/api/v1/rewards/{id}";
  const std::string claim = reward + "/claims/{claim}";
  router.Add("GET", "/api/v1/rewards", {Access::kRead, KeyUse::kNone, readers, ListRewards});
  router.Add("GET", "/api/v1/charities", {Access::kRead, KeyUse::kNone, readers, ListCharities});
  router.Add("GET", reward, {Access::kRead, KeyUse::kNone, readers, GetReward});
  router.Add("PATCH", reward, {Access::kWrite, KeyUse::kNone, makers, SetStock});
  router.Add("GET", reward + "/claims", {Access::kRead, KeyUse::kNone, desk, ListClaims});
  router.Add("POST", reward + "/claims", {Access::kWrite, KeyUse::kRequired, desk, CreateClaim});
  router.Add("POST", claim + "/fulfil", {Access::kWrite, KeyUse::kOptional, desk, FulfilClaim});
  router.Add("POST", claim + "/cancel", {Access::kWrite, KeyUse::kOptional, desk, CancelClaim});
}

}  // namespace passmint::http
