#include <utility>

#include "http/decode.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "http/reward_json.h"
#include "http/tier_json.h"
#include "issuance/open_actions.h"
#include "issuance/owner.h"
#include "issuance/statement.h"

namespace passmint::http {
namespace {

using issuance::Role;
using issuance::Transaction;

constexpr std::size_t kCursorMax = 512;

Json DocumentJson(const std::optional<issuance::StatementDocument>& document) {
  if (!document) return nullptr;
  return {{"type", document->type}, {"id", document->id}, {"name", document->name}};
}

Json UserJson(const std::optional<issuance::StatementUser>& user) {
  if (!user) return nullptr;
  return {{"member_id", user->member.str()}, {"name", user->name}};
}

Json LineJson(const issuance::StatementLine& line) {
  Json json = {{"id", line.id},
               {"type", ledger::ToText(line.type)},
               {"amount", line.amount},
               {"balance_after", line.balance_after},
               {"document", DocumentJson(line.document)},
               {"comment", line.comment},
               {"actor", line.actor},
               {"card_number", line.card ? Json(line.card->str()) : Json(nullptr)},
               {"user", UserJson(line.user)},
               {"at", InstantJson(line.at)},
               {"effective_at", InstantJson(line.effective_at)}};
  if (line.asset.str() != ledger::kPointsAsset) json["asset"] = line.asset.str();
  return json;
}

std::optional<Timestamp> QueryInstant(const Call& call, const char* name,
                                      std::vector<InputProblem>& problems) {
  const auto text = QueryValue(call.request.query(), name);
  if (!text) return std::nullopt;
  const auto instant = ParseRfc3339(*text);
  if (instant.ok()) return instant.value();
  problems.push_back({"invalid_time", std::string("#query/") + name, instant.error().message});
  return std::nullopt;
}

Result<Work> GetStatement(const Call& call) {
  std::vector<InputProblem> problems;
  issuance::StatementQuery query{.member = MemberId(call.arguments[0]),
                                 .from = QueryInstant(call, "from", problems),
                                 .to = QueryInstant(call, "to", problems),
                                 .cursor = QueryValue(call.request.query(), "cursor").value_or(""),
                                 .limit = DecodeLimit(call.request.query(), problems)};
  if (query.cursor.size() > kCursorMax) {
    problems.push_back({"too_long", "#query/cursor", "at most 512 characters"});
  }
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, query = std::move(query)](Transaction& transaction) -> Result<Reply> {
    auto statement = issuance::GetStatement(transaction, call.programme, query);
    if (!statement.ok()) return std::move(statement).error();
    Json items = Json::array();
    for (const issuance::StatementLine& line : statement.value().lines) {
      items.push_back(LineJson(line));
    }
    return JsonReply(200,
                     {{"items", std::move(items)}, {"next", OptionalText(statement.value().next)}});
  });
}

Json WalletJson(const issuance::Wallet& wallet) {
  Json next_expiry;
  if (wallet.next_expiry) {
    next_expiry = {{"points", wallet.next_expiry->points},
                   {"at", InstantJson(wallet.next_expiry->at)}};
  }
  return {{"member", {{"id", wallet.member.str()}}},
          {"as_of", OptionalText(wallet.as_of)},
          {"points", PointsBalanceJson(wallet.points)},
          {"tier", nullptr},
          {"rewards", Json::array()},
          {"actions", Json::array()},
          {"next_expiry", std::move(next_expiry)}};
}

Result<issuance::RewardCatalogue> RewardsFor(const Call& call, Transaction& transaction,
                                             const issuance::Wallet& wallet) {
  const auto member = transaction.FindMember(call.programme_id(), wallet.member);
  if (!member.ok()) return member.error();
  auto catalogue =
      issuance::GetRewards(transaction, call.programme, member.value() ? &*member.value() : nullptr,
                           wallet.points.available);
  if (catalogue.ok()) issuance::TellStamps(wallet.points, catalogue.value());
  return catalogue;
}

// What the member can do for points.
Result<Json> ActionsJson(const Call& call, Transaction& transaction, const MemberId& id) {
  const auto member = issuance::FindLivingMember(transaction, call.programme_id(), id);
  if (!member.ok()) return member.error();
  if (!member.value() || member.value()->erased) return Json::array();
  const auto actions = issuance::ActionsFor(transaction, call.programme, *member.value());
  if (!actions.ok()) return actions.error();
  Json json = Json::array();
  for (const issuance::OpenAction& action : actions.value()) {
    json.push_back({{"id", action.id},
                    {"name", action.id},
                    {"points", action.points},
                    {"left", action.left ? Json(*action.left) : Json(nullptr)}});
  }
  return json;
}

Result<Work> GetWallet(const Call& call) {
  return Work([call](Transaction& transaction) -> Result<Reply> {
    auto wallet = issuance::GetWallet(transaction, call.programme, MemberId(call.arguments[0]));
    if (!wallet.ok()) return std::move(wallet).error();
    Json json = WalletJson(wallet.value());
    json["tier"] = TierJson(call, transaction, wallet.value().member);
    const auto rewards = RewardsFor(call, transaction, wallet.value());
    if (!rewards.ok()) return rewards.error();
    json["rewards"] = WalletRewardsJson(rewards.value());
    auto actions = ActionsJson(call, transaction, wallet.value().member);
    if (!actions.ok()) return std::move(actions).error();
    json["actions"] = std::move(actions).value();
    return JsonReply(200, json);
  });
}

}  // namespace

void AddStatementEndpoints(EndpointRouter& router) {
  const std::vector<Role> all = {Role::kShop, Role::kOperator, Role::kAdmin};
  const std::string member = "/api/v1/members/{id}";
  router.Add("GET", member + "/statement", {Access::kRead, KeyUse::kNone, all, GetStatement});
  router.Add("GET", member + "/wallet", {Access::kRead, KeyUse::kNone, all, GetWallet});
}

}  // namespace passmint::http
