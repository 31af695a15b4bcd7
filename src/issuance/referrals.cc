#include "issuance/referrals.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "crypto/token.h"
#include "issuance/rule_sets.h"

namespace passmint::issuance {
namespace {

// 96 bits: nobody guesses one over the network.
constexpr std::size_t kMacLength = 16;
constexpr int kCodesTried = 5;
constexpr std::string_view kTokenPlace = "{token}";

std::string MakeCode(Random& random) {
  const std::size_t letters = kPromoterCodeAlphabet.size();
  static_assert(256 % kPromoterCodeAlphabet.size() == 0, "each character is equally likely");
  std::string code = random.Bytes(kPromoterCodeLength);
  for (char& c : code) c = kPromoterCodeAlphabet[static_cast<unsigned char>(c) % letters];
  return code;
}

Error NoPromoter() {
  return {.code = ErrorCode::kNotFound, .message = "there is no such promoter"};
}

// The promoter of a token; nothing if it was changed or is not of this programme.
Result<std::optional<Promoter>> Verified(Transaction& transaction, const crypto::KeyRing& keys,
                                         const ProgrammeId& programme, std::string_view token) {
  const std::string code(token.substr(0, token.find('.')));
  if (code.size() != kPromoterCodeLength) return std::optional<Promoter>();
  auto found = transaction.FindPromoterByCode(code);
  if (!found.ok()) return std::move(found).error();
  if (!found.value() || found.value()->programme != programme) return std::optional<Promoter>();
  const auto right = ReferralToken(keys, programme, found.value()->promoter);
  if (!right.ok() || !crypto::ConstantTimeEquals(right.value(), token)) {
    return std::optional<Promoter>();
  }
  return std::optional<Promoter>(std::move(found.value()->promoter));
}

// Whether phone or e-mail, as sent, are the promoter's own.
Result<bool> IsSelf(Transaction& transaction, const ProgrammeId& programme,
                    const cards::Member& member, const Customer& customer,
                    const MemberId& promoter) {
  if (member.id == promoter) return true;
  const auto owns = [&](cards::IdentityType type,
                        const std::optional<std::string>& value) -> Result<bool> {
    if (!value) return false;
    auto owner = transaction.FindMemberByIdentity(programme, type, *value);
    if (!owner.ok()) return std::move(owner).error();
    return owner.value() && *owner.value() == promoter;
  };
  auto self = owns(cards::IdentityType::kPhone, customer.phone);
  if (!self.ok() || self.value()) return self;
  return owns(cards::IdentityType::kEmail, customer.email);
}

// Whether the promoter was brought by the member, or by somebody whom they brought.
Result<bool> IsCircle(Transaction& transaction, const ProgrammeId& programme,
                      const MemberId& member, MemberId promoter) {
  constexpr int kFarthest = 8;
  for (int i = 0; i < kFarthest; ++i) {
    auto above = transaction.FindReferral(programme, promoter);
    if (!above.ok()) return std::move(above).error();
    if (!above.value() || above.value()->promoter.empty()) return false;
    auto next = transaction.FindPromoter(programme, above.value()->promoter);
    if (!next.ok()) return std::move(next).error();
    if (!next.value()) return false;
    promoter = next.value()->member;
    if (promoter == member) return true;
  }
  return false;
}

// Why the promoter cannot have brought the member; empty: they can.
Result<std::string> RefusalOf(Transaction& transaction, const ProgrammeId& programme,
                              const cards::Member& member, const Customer& customer,
                              const std::optional<Promoter>& promoter) {
  if (!promoter) return std::string("referral_not_valid");
  auto living = FindLivingMember(transaction, programme, promoter->member);
  if (!living.ok()) return std::move(living).error();
  if (!living.value() || living.value()->erased) return std::string("referral_not_valid");
  const MemberId& brings = living.value()->id;
  auto self = IsSelf(transaction, programme, member, customer, brings);
  if (!self.ok()) return std::move(self).error();
  if (self.value()) return std::string("referral_to_oneself");
  auto circle = IsCircle(transaction, programme, member.id, brings);
  if (!circle.ok()) return std::move(circle).error();
  return std::string(circle.value() ? "referral_in_circle" : "");
}

std::string DetailOf(const std::string& refusal) {
  if (refusal == "referral_to_oneself") return "nobody brings themselves";
  if (refusal == "referral_in_circle") return "the promoter was brought by this customer";
  if (refusal == "referral_too_late") return "the customer has bought before";
  if (refusal == "referral_known") return "somebody else has brought this customer";
  return "the token is not one of ours, or was changed; nobody is recorded as the promoter";
}

std::int64_t PaidFor(const ledger::OrderRecord& record) {
  std::int64_t paid = 0;
  for (const ledger::LineRecord& line : record.lines) paid += line.paid;
  return paid;
}

// The promoter who brought the buyer, for an order that counts.
Result<std::optional<Promoter>> PromoterFor(Transaction& transaction, const ProgrammeId& programme,
                                            const programme::Referral& rule, const Order& order) {
  if (PaidFor(order.record) < rule.least) return std::optional<Promoter>();
  auto referral = transaction.FindReferral(programme, order.member);
  if (!referral.ok()) return std::move(referral).error();
  if (!referral.value() || referral.value()->promoter.empty()) return std::optional<Promoter>();
  if (!rule.every_purchase) {
    auto before = transaction.HasReferralReward(programme, order.member);
    if (!before.ok()) return std::move(before).error();
    if (before.value()) return std::optional<Promoter>();
  }
  return transaction.FindPromoter(programme, referral.value()->promoter);
}

}  // namespace

Result<std::string> ReferralToken(const crypto::KeyRing& keys, const ProgrammeId& programme,
                                  const Promoter& promoter) {
  const auto key = keys.Derive(promoter.key_id, "referral-link/1");
  if (!key.ok()) return key.error();
  const std::string mac =
      ToBase64Url(crypto::HmacSha256(key.value(), programme.str() + "\n" + promoter.code));
  return promoter.code + "." + mac.substr(0, kMacLength);
}

Result<PromoterView> ViewOf(Transaction& transaction, const Site& site,
                            const ProgrammeSite& programme, Promoter promoter) {
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  auto token = ReferralToken(*site.keys, programme.programme.id, promoter);
  if (!token.ok()) return std::move(token).error();
  PromoterView view;
  view.promoter = std::move(promoter);
  view.token = std::move(token).value();
  view.page = site.public_url + "/p/" + view.token;
  view.link = view.page;
  const auto& rule = rules.value()->referral;
  if (rule && !rule->link.empty()) {
    view.link = rule->link;
    const std::size_t place = view.link.find(kTokenPlace);
    if (place != std::string::npos) view.link.replace(place, kTokenPlace.size(), view.token);
  }
  view.rate_ppm = view.promoter.rate_ppm.value_or(rule ? rule->promoter_gets.ppm : 0);
  return view;
}

Result<PromoterView> MakePromoter(Transaction& transaction, const Site& site,
                                  const ProgrammeSite& programme, const PromoterRequest& request) {
  const ProgrammeId& id = programme.programme.id;
  const auto owner = FindOwner(transaction, programme.programme, request.who, "");
  if (!owner.ok()) return owner.error();
  const MemberId& member = owner.value().member.id;
  auto known = transaction.FindPromoterOf(id, member);
  if (!known.ok()) return std::move(known).error();
  if (known.value()) return ViewOf(transaction, site, programme, *std::move(known).value());
  Promoter promoter{.id = "p_" + crypto::MakeUuidV7(transaction.Now(), *site.random),
                    .member = member,
                    .code = {},
                    .key_id = site.keys->current_key_id(),
                    .rate_ppm = request.rate_ppm,
                    .created_at = transaction.Now()};
  for (int tried = 0; tried < kCodesTried; ++tried) {
    promoter.code = MakeCode(*site.random);
    auto inserted = transaction.InsertPromoter(id, promoter);
    if (!inserted.ok()) return std::move(inserted).error();
    if (!inserted.value()) continue;
    auto view = ViewOf(transaction, site, programme, std::move(promoter));
    if (view.ok()) view.value().created = true;
    return view;
  }
  return Error{.code = ErrorCode::kUnavailable,
               .message = "the member is just being made a promoter",
               .reason = "lost_race"};
}

Result<PromoterView> GetPromoter(Transaction& transaction, const Site& site,
                                 const ProgrammeSite& programme, const std::string& id) {
  auto found = transaction.FindPromoter(programme.programme.id, id);
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) return NoPromoter();
  return ViewOf(transaction, site, programme, *std::move(found).value());
}

Result<PromoterView> FindByReferralToken(const Store& store, const Site& site,
                                         std::string_view token) {
  std::optional<PromoterView> view;
  Status read = store.Read([&](Transaction& transaction) -> Status {
    const auto found =
        transaction.FindPromoterByCode(std::string(token.substr(0, token.find('.'))));
    if (!found.ok()) return found.error();
    const ProgrammeSite* programme = found.value() ? site.Find(found.value()->programme) : nullptr;
    if (programme == nullptr) return NoPromoter();
    auto promoter = Verified(transaction, *site.keys, programme->programme.id, token);
    if (!promoter.ok()) return std::move(promoter).error();
    if (!promoter.value()) return NoPromoter();
    auto made = ViewOf(transaction, site, *programme, *std::move(promoter).value());
    if (!made.ok()) return std::move(made).error();
    view = std::move(made).value();
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  return *std::move(view);
}

Status KeepReferral(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                    const cards::Member& member, const Customer& customer,
                    std::vector<Warning>& warnings) {
  if (customer.referral.empty()) return {};
  const ProgrammeId& id = programme.programme.id;
  const auto warn = [&warnings](const std::string& refusal) {
    warnings.push_back({refusal, DetailOf(refusal)});
  };
  auto promoter = Verified(transaction, *site.keys, id, customer.referral);
  if (!promoter.ok()) return std::move(promoter).error();
  auto known = transaction.FindReferral(id, member.id);
  if (!known.ok()) return std::move(known).error();
  if (known.value() && !known.value()->promoter.empty()) {
    // The same again is nothing to tell of.
    const bool same = promoter.value() && promoter.value()->id == known.value()->promoter;
    if (!same) warn(promoter.value() ? "referral_known" : "referral_not_valid");
    return {};
  }
  auto refusal = RefusalOf(transaction, id, member, customer, promoter.value());
  if (!refusal.ok()) return std::move(refusal).error();
  auto bought = transaction.HasOrders(id, member.id);
  if (!bought.ok()) return std::move(bought).error();
  if (bought.value() && refusal.value().empty()) refusal = std::string("referral_too_late");
  const bool holds = refusal.value().empty();
  if (!holds) warn(refusal.value());
  if (known.value() && !holds) return {};
  return transaction.PutReferral(id, {.friend_member = member.id,
                                      .promoter = holds ? promoter.value()->id : std::string(),
                                      .refusal = refusal.value(),
                                      .actor = customer.source,
                                      .created_at = transaction.Now()});
}

Status PlanReferralRewards(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, const programme::RuleSet& rules,
                           const Order& order) {
  if (!rules.referral) return {};
  const programme::Referral& rule = *rules.referral;
  const ProgrammeId& id = programme.programme.id;
  const auto promoter = PromoterFor(transaction, id, rule, order);
  if (!promoter.ok()) return promoter.error();
  if (!promoter.value()) return {};
  const auto plan = [&](ReferralSide side, const programme::Referral::Side& gets,
                        std::int64_t ppm) -> Status {
    if (gets.points == 0 && ppm == 0) return {};
    return transaction.InsertReferralReward(
        id, {.id = "rf_" + crypto::MakeUuidV7(transaction.Now(), *site.random),
             .rule = rule.id,
             .source = order.source,
             .order = order.id,
             .side = side,
             .promoter = promoter.value()->id,
             .friend_member = order.member,
             .member = side == ReferralSide::kFriend ? order.member : promoter.value()->member,
             .account = AccountId(""),
             .rule_set = rules.version,
             .ppm = ppm,
             .refusal = {},
             .period = {},
             .entry = {},
             .created_at = transaction.Now(),
             .due_at = transaction.Now(),
             .record = {}});
  };
  Status planned = plan(ReferralSide::kFriend, rule.friend_gets, rule.friend_gets.ppm);
  if (!planned.ok()) return planned;
  return plan(ReferralSide::kPromoter, rule.promoter_gets,
              promoter.value()->rate_ppm.value_or(rule.promoter_gets.ppm));
}

}  // namespace passmint::issuance
