// What a rule set sells: cards and memberships.

#include <algorithm>

#include "programme/internal/rule_reader.h"

namespace passmint::programme::internal {
namespace {

constexpr std::size_t kPlansMax = 20;
constexpr std::size_t kSkuBytesMax = 200;

MembershipPlan ReadPlan(const Json& json, const std::string& pointer, RuleReader& reader) {
  Fields fields(json, pointer, reader.problems);
  MembershipPlan plan{.id = fields.Id("id")};
  plan.title = fields.Text("title", "");
  plan.price_minor = fields.Integer("price_minor", 0, 0, ledger::kAmountMax);
  plan.period = fields.PeriodAt("period", plan.period);
  plan.grace = fields.PeriodAt("grace", plan.grace);
  if (plan.period == Period{}) {
    fields.Problem("period", "out_of_range", "a period of no time is over before it begins");
  }
  const auto& known = reader.rules.memberships;
  if (std::any_of(known.begin(), known.end(),
                  [&plan](const MembershipPlan& other) { return other.id == plan.id; })) {
    fields.Problem("id", "duplicate", "another plan has this id");
  }
  fields.RefuseUnknown();
  return plan;
}

}  // namespace

void ReadCardSale(const Json& json, RuleReader& reader) {
  Fields fields(json, "/card", reader.problems);
  CardSale sale{.price_minor = fields.Integer("price_minor", 0, 0, ledger::kAmountMax),
                .sku = fields.Text("sku", "")};
  if (sale.sku.size() > kSkuBytesMax) fields.Problem("sku", "too_long", "at most 200 bytes");
  if (sale.price_minor == 0 && !sale.sku.empty()) {
    fields.Problem("price_minor", "required", "what the goods that \"sku\" names cost");
  }
  fields.RefuseUnknown();
  reader.rules.card = std::move(sale);
}

void ReadMemberships(Fields& top, RuleReader& reader) {
  const Json* list = top.List("memberships", kPlansMax);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    reader.rules.memberships.push_back(
        ReadPlan((*list)[i], json::Child(top.At("memberships"), i), reader));
  }
}

}  // namespace passmint::programme::internal
