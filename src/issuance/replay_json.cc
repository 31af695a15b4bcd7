#include "issuance/replay_json.h"

#include <utility>

namespace passmint::issuance {
namespace {

Json NowAndDraftJson(const NowAndDraft& both) { return {{"now", both.now}, {"draft", both.draft}}; }

}  // namespace

Json ReplayJson(const Replay& replay) {
  Json examples = Json::array();
  for (const ReplayedOrder& order : replay.examples) {
    examples.push_back({{"order_id", order.id.str()},
                        {"source", order.source.str()},
                        {"now", order.earned.now},
                        {"draft", order.earned.draft}});
  }
  Json members = Json::array();
  for (const ReplayedMember& member : replay.members) {
    members.push_back({{"member_id", member.member.str()},
                       {"now", member.earned.now},
                       {"draft", member.earned.draft}});
  }
  Json budgets = Json::array();
  for (const ReplayedBudget& budget : replay.budgets) {
    budgets.push_back({{"id", budget.id},
                       {"spent", budget.spent},
                       {"cap", budget.cap ? Json(*budget.cap) : Json(nullptr)}});
  }
  return {{"orders", replay.orders},
          {"changed", replay.changed},
          {"refused", replay.refused},
          {"erased", replay.erased},
          {"earned", NowAndDraftJson(replay.earned)},
          {"spent", NowAndDraftJson(replay.spent)},
          {"members", {{"gain", replay.gain}, {"lose", replay.lose}, {"largest", members}}},
          {"budgets", std::move(budgets)},
          {"examples", std::move(examples)}};
}

}  // namespace passmint::issuance
