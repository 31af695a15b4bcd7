#include "programme/internal/rule_reader.h"

namespace passmint::programme::internal {
namespace {

constexpr std::int64_t kUnitsMax = 1000;

void ReadKind(Fields& fields, Discount& discount) {
  using Kind = Discount::Kind;
  discount.kind = fields.ChoiceAt("kind", Kind::kPercent,
                                  {{"percent", Kind::kPercent},
                                   {"amount", Kind::kAmount},
                                   {"price", Kind::kPrice},
                                   {"free", Kind::kFree}});
  switch (discount.kind) {
    case Kind::kPercent:
      discount.rate = fields.ChoiceAt(
          "rate", RateFrom::kRule,
          {{"rule", RateFrom::kRule}, {"tier", RateFrom::kTier}, {"card", RateFrom::kCard}});
      discount.ppm = fields.Integer("ppm", 0, 0, kPpmMax);
      break;
    case Kind::kAmount:
    case Kind::kPrice:
      discount.amount = fields.Integer("amount", 0, 0, ledger::kAmountMax);
      break;
    case Kind::kFree:
      discount.buy = fields.Integer("buy", 2, 1, kUnitsMax);
      discount.free = fields.Integer("free", 1, 1, kUnitsMax);
      if (discount.free > discount.buy) {
        fields.Problem("free", "out_of_range", "of \"buy\" units no more than \"buy\" are free");
      }
      break;
  }
}

Discount::Stage ReadStage(Fields& fields, bool coupon) {
  using Stage = Discount::Stage;
  if (coupon) {
    return fields.ChoiceAt("scope", Stage::kOrderCoupon,
                           {{"item", Stage::kItemCoupon}, {"order", Stage::kOrderCoupon}});
  }
  return fields.ChoiceAt("stage", Stage::kPromotion,
                         {{"standing", Stage::kStanding}, {"promotion", Stage::kPromotion}});
}

}  // namespace

Discount ReadDiscount(const Json& json, const std::string& pointer, RuleReader& reader,
                      bool coupon) {
  Fields fields(json, pointer, reader.problems);
  Discount discount;
  discount.id = fields.Id("id");
  reader.TakeId(discount.id, pointer);
  ReadKind(fields, discount);
  discount.stage = ReadStage(fields, coupon);
  discount.gate = ReadGate(fields, reader, KnownThen::kBeforeDiscounts);
  discount.group = reader.GroupOf(fields, reader.rules.discount_groups, StackGroup::Mode::kSum);
  discount.priority = static_cast<int>(fields.Integer("priority", 100, 0, 1'000'000));
  discount.limits = ReadLimits(fields, reader);
  discount.funder = ReadFunder(fields);
  if (coupon) discount.single_use = fields.Flag("single_use", false);
  fields.RefuseUnknown();
  return discount;
}

}  // namespace passmint::programme::internal
