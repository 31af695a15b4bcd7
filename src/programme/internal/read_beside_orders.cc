// What a rule set says beside the orders: actions, calendar, stamps, referral, rewards, budgets,
// messages, advice.

#include <algorithm>

#include "programme/internal/rule_reader.h"

namespace passmint::programme::internal {
namespace {

constexpr std::size_t kHolidaysMax = 400;
constexpr int kDaysBeforeMax = 60;
constexpr std::size_t kLanguagesMax = 40;

// Calls `read` with each element and its pointer.
template <class Read>
void ForEach(Fields& top, std::string_view name, std::size_t most, const Read& read) {
  const Json* list = top.List(name, most);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size(); ++i) read((*list)[i], json::Child(top.At(name), i));
}

// Whether a condition is about an order or its lines.
bool IsAboutOrders(const Condition& when) {
  if (when.kind == Condition::Kind::kTest) {
    return when.test.field <= Field::kOrderQuantity || IsOfLine(when.test.field);
  }
  return std::any_of(when.parts.begin(), when.parts.end(), IsAboutOrders);
}

// What actions and occasions have in common.
Award ReadAward(Fields& fields, RuleReader& reader) {
  Award award;
  award.id = fields.Id("id");
  reader.TakeId(award.id, fields.pointer());
  award.points = fields.Integer("points", 0, 0, ledger::kAmountMax);
  award.gate = ReadGate(fields, reader, KnownThen::kBeforeDiscounts);
  if (IsAboutOrders(award.gate.when)) {
    fields.Problem("when", "no_order", "looks at an order, and there is none");
  }
  for (const char* name : {"include", "exclude"}) {
    if (fields.Find(name) != nullptr) {
      fields.Problem(name, "no_order", "names goods of an order, and there is none");
    }
  }
  Life life = ReadLife(fields);
  award.activate_after = life.activate_after;
  award.expires = life.expires;
  award.funder = ReadFunder(fields);
  award.limits = ReadLimits(fields, reader);
  return award;
}

// "MM-DD" every year; "YYYY-MM-DD" once.
void ReadDate(Fields& fields, Holiday& holiday) {
  const std::string text = fields.Text("date", "");
  // 2024 is a leap year, so that "02-29" is a date.
  const bool yearly = text.size() == 5;
  const auto day = ParseDate(yearly ? "2024-" + text : text);
  if (!day.ok()) {
    return fields.Problem("date", "invalid_date", "neither \"12-31\" nor \"2026-12-31\"");
  }
  holiday.every_year = day.value().month() / day.value().day();
  if (!yearly) holiday.once = day.value();
}

Reward ReadReward(const Json& json, const std::string& pointer, RuleReader& reader) {
  Fields fields(json, pointer, reader.problems);
  Reward reward;
  reward.id = fields.Id("id");
  reward.kind = fields.ChoiceAt("kind", Reward::Kind::kGift,
                                {{"gift", Reward::Kind::kGift},
                                 {"product", Reward::Kind::kProduct},
                                 {"service", Reward::Kind::kService},
                                 {"event", Reward::Kind::kEvent},
                                 {"donation", Reward::Kind::kDonation},
                                 {"coupon", Reward::Kind::kCoupon}});
  reward.title = fields.Text("title", "");
  reward.price = fields.Integer("price", 0, 0, ledger::kAmountMax);
  reward.skus = fields.Texts("sku");
  reward.coupon = fields.Text("coupon", "");
  const auto& coupons = reader.rules.coupons;
  if (!reward.coupon.empty() &&
      std::none_of(coupons.begin(), coupons.end(),
                   [&reward](const Discount& coupon) { return coupon.id == reward.coupon; })) {
    fields.Problem("coupon", "unknown_value", "\"coupons\" has none of this id");
  }
  if (const Json* prices = fields.Find("tier_prices")) {
    Fields each(*prices, fields.At("tier_prices"), reader.problems);
    for (const Level& level : reader.rules.tiers.levels) {
      if (auto price = each.OptionalInteger(level.name, 0, ledger::kAmountMax)) {
        reward.tier_prices.emplace_back(level.name, *price);
      }
    }
    each.RefuseUnknown();
  }
  reward.gate = ReadGate(fields, reader, KnownThen::kBeforeDiscounts);
  fields.RefuseUnknown();
  return reward;
}

Referral::Side ReadSide(Fields& fields, std::string_view name, RuleReader& reader) {
  Referral::Side side;
  const Json* json = fields.Find(name);
  if (json == nullptr) return side;
  Fields each(*json, fields.At(name), fields.problems());
  side.points = each.Integer("points", 0, 0, ledger::kAmountMax);
  side.ppm = each.Integer("ppm", 0, 0, kPpmMax);
  side.limits = ReadLimits(each, reader);
  each.RefuseUnknown();
  return side;
}

// An address of the shop that takes the token with it.
void CheckLink(Fields& fields, const Referral& referral) {
  const std::string& link = referral.link;
  if (link.empty()) return;
  const std::size_t token = link.find("{token}");
  const bool plain =
      std::all_of(link.begin(), link.end(), [](char c) { return c > ' ' && c < 127; });
  if (!link.starts_with("https://") || token == std::string::npos || !plain) {
    fields.Problem("link", "invalid_value",
                   "an address such as https://shop.example/?promo={token}");
  }
}

Message ReadMessage(const Json& json, const std::string& pointer, RuleReader& reader) {
  Fields fields(json, pointer, reader.problems);
  Message message;
  message.id = fields.Id("id");
  message.about = fields.ChoiceAt("about", Message::About::kExpiring,
                                  {{"expiring", Message::About::kExpiring},
                                   {"unspent", Message::About::kUnspent},
                                   {"next_purchase", Message::About::kNextPurchase},
                                   {"tier_falling", Message::About::kTierFalling},
                                   {"birthday", Message::About::kBirthday}});
  message.time = fields.PeriodAt("time", Period{});
  if (fields.Find("text") == nullptr)
    fields.Problem("text", "required", "what it says, by language");
  if (const Json* texts = fields.Find("text")) {
    if (!texts->is_object() || texts->size() > kLanguagesMax) {
      fields.Problem("text", "wrong_type", "not an object of languages and texts");
    } else {
      for (const auto& [language, text] : texts->items()) {
        Fields each(*texts, fields.At("text"), reader.problems);
        message.texts.emplace_back(language, each.Text(language, ""));
      }
    }
  }
  fields.RefuseUnknown();
  return message;
}

}  // namespace

void ReadActions(Fields& top, RuleReader& reader) {
  ForEach(top, "actions", kRulesMax, [&reader](const Json& json, const std::string& pointer) {
    Fields fields(json, pointer, reader.problems);
    Award award = ReadAward(fields, reader);
    award.moderated = fields.Flag("moderated", false);
    if (fields.Text("once", "") == "subject") {
      award.once_per_subject = true;
    } else {
      award.once = ReadOnce(fields);
    }
    award.per_unit = fields.ChoiceAt("per", false, {{"event", false}, {"unit", true}});
    fields.RefuseUnknown();
    reader.rules.actions.push_back(std::move(award));
  });
}

void ReadCalendar(const Json& json, RuleReader& reader) {
  RuleSet& rules = reader.rules;
  Fields fields(json, "/calendar", reader.problems);
  rules.calendar_hour = static_cast<int>(fields.Integer("hour", 9, 0, 23));
  rules.leap_birthday =
      fields.ChoiceAt("leap_birthday", LeapBirthday::kFeb28,
                      {{"feb28", LeapBirthday::kFeb28}, {"mar01", LeapBirthday::kMar01}});
  std::vector<std::string_view> occasions{"birthday"};
  ForEach(fields, "holidays", kHolidaysMax, [&](const Json& each, const std::string& pointer) {
    Fields day(each, pointer, reader.problems);
    Holiday holiday{.id = day.Id("id")};
    ReadDate(day, holiday);
    day.RefuseUnknown();
    const bool taken =
        std::any_of(rules.holidays.begin(), rules.holidays.end(),
                    [&holiday](const Holiday& other) { return other.id == holiday.id; });
    if (taken || holiday.id == "birthday") {
      reader.problems.push_back({"duplicate", pointer + "/id", "another day has this id"});
    }
    rules.holidays.push_back(std::move(holiday));
  });
  for (const Holiday& holiday : rules.holidays) occasions.push_back(holiday.id);
  ForEach(fields, "grants", kRulesMax, [&](const Json& each, const std::string& pointer) {
    Fields grant(each, pointer, reader.problems);
    Award award = ReadAward(grant, reader);
    award.occasion = grant.Text("on", "");
    if (std::find(occasions.begin(), occasions.end(), award.occasion) == occasions.end()) {
      grant.Problem("on", "unknown_value", NotOneOf(award.occasion, occasions));
    }
    award.days_before = static_cast<int>(grant.Integer("days_before", 0, 0, kDaysBeforeMax));
    grant.RefuseUnknown();
    rules.occasions.push_back(std::move(award));
  });
  fields.RefuseUnknown();
}

void ReadStamps(Fields& top, RuleReader& reader) {
  ForEach(top, "stamps", kRulesMax, [&reader](const Json& json, const std::string& pointer) {
    Fields fields(json, pointer, reader.problems);
    reader.rules.stamps.push_back({.id = fields.Id("id"),
                                   .goal = fields.Integer("goal", 10, 1, 1000),
                                   .reward = fields.Text("reward", "")});
    fields.RefuseUnknown();
  });
}

void ReadReferral(const Json& json, RuleReader& reader) {
  Fields fields(json, "/referral", reader.problems);
  Referral referral;
  referral.id = fields.Text("id", "referral");
  reader.TakeId(referral.id, "/referral");
  referral.friend_gets = ReadSide(fields, "friend", reader);
  referral.promoter_gets = ReadSide(fields, "promoter", reader);
  referral.every_purchase =
      fields.ChoiceAt("purchases", false, {{"first", false}, {"every", true}});
  referral.least = fields.Integer("min_paid", 1, 1, ledger::kAmountMax);
  referral.pending = fields.PeriodAt("pending", referral.pending);
  referral.expires = ReadLife(fields).expires;
  if (fields.Find("activate_after") != nullptr) {
    fields.Problem("activate_after", "unknown_field", "rewards wait as \"pending\" says");
  }
  if (!referral.expires.never && !LivesToActivate(referral.pending, referral.expires.after)) {
    fields.Problem("expires", "out_of_range", "points would be over before they are active");
  }
  referral.funder = ReadFunder(fields);
  referral.link = fields.Text("link", "");
  CheckLink(fields, referral);
  fields.RefuseUnknown();
  reader.rules.referral = std::move(referral);
}

void ReadRewards(Fields& top, RuleReader& reader) {
  ForEach(top, "rewards", kRulesMax, [&reader](const Json& json, const std::string& pointer) {
    Reward reward = ReadReward(json, pointer, reader);
    const auto& known = reader.rules.rewards;
    if (std::any_of(known.begin(), known.end(),
                    [&reward](const Reward& other) { return other.id == reward.id; })) {
      reader.problems.push_back({"duplicate", pointer + "/id", "another reward has this id"});
    }
    reader.rules.rewards.push_back(std::move(reward));
  });
}

void ReadBudgets(Fields& top, RuleReader& reader) {
  ForEach(top, "budgets", kRulesMax, [&reader](const Json& json, const std::string& pointer) {
    Fields fields(json, pointer, reader.problems);
    Budget budget{.id = fields.Id("id"),
                  .cap = fields.OptionalInteger("cap", 0, ledger::kAmountMax),
                  .partial = fields.Flag("partial", false),
                  .funder = ReadFunder(fields)};
    fields.RefuseUnknown();
    reader.rules.budgets.push_back(std::move(budget));
  });
}

void ReadMessages(Fields& top, RuleReader& reader) {
  ForEach(top, "messages", kRulesMax, [&reader](const Json& json, const std::string& pointer) {
    reader.rules.messages.push_back(ReadMessage(json, pointer, reader));
  });
}

void ReadAdvice(Fields& top, RuleReader& reader) {
  ForEach(top, "advice", kRulesMax, [&reader](const Json& json, const std::string& pointer) {
    Fields fields(json, pointer, reader.problems);
    Advice advice{.id = fields.Id("id")};
    reader.TakeId(advice.id, pointer);
    advice.gate = ReadGate(fields, reader, KnownThen::kBeforeDiscounts);
    advice.skus = fields.Texts("sku");
    fields.RefuseUnknown();
    reader.rules.advice.push_back(std::move(advice));
  });
}

}  // namespace passmint::programme::internal
