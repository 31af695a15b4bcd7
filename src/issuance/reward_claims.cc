#include <utility>

#include "crypto/token.h"
#include "issuance/charities.h"
#include "issuance/coupons.h"
#include "issuance/points.h"
#include "issuance/refunds.h"
#include "issuance/rewards.h"
#include "issuance/rule_sets.h"
#include "programme/quote.h"

namespace passmint::issuance {
namespace {

Error Conflict(std::string message, std::string reason = "conflict") {
  return {.code = ErrorCode::kConflict, .message = std::move(message), .reason = std::move(reason)};
}

Error NoSuchReward() {
  return {.code = ErrorCode::kNotFound, .message = "there is no such reward"};
}
Error NoSuchClaim() { return {.code = ErrorCode::kNotFound, .message = "there is no such claim"}; }

// What a claim burns.
struct Price {
  ledger::AssetId asset;
  std::int64_t amount = 0;
};

// A round of the reward's stamp card, unless it costs points.
Price PriceOf(const programme::RuleSet& rules, const RewardOffer& offer) {
  const programme::StampCard* card = StampCardFor(rules, *offer.reward, offer.price);
  if (card != nullptr) return {programme::StampAsset(*card), card->goal};
  return {ledger::AssetId(ledger::kPointsAsset), offer.price};
}

// What was burned for the reward, as an order of one line.
ledger::OrderRecord RecordOf(const RewardOffer& offer, const Price& price,
                             const std::string& claim) {
  ledger::OrderRecord record;
  record.key = {.source = {}, .id = claim};
  record.asset = price.asset;
  ledger::LineRecord line;
  line.line_id = offer.reward->id;
  line.value = price.amount;  // It comes back whole, so any number does.
  line.burned = price.amount;
  record.lines.push_back(std::move(line));
  return record;
}

Json NoteOf(const programme::Reward& reward, const std::string& claim, const Owner& owner) {
  Json note = {{"reason", reward.title.empty() ? reward.id : reward.title},
               {"document", {{"type", "reward"}, {"id", claim}, {"name", "Reward " + reward.id}}}};
  if (owner.card) note["card"] = owner.card->card.id;
  return note;
}

// Of a claim whose caller's id is known: the same again, or another.
Result<ClaimOutcome> Again(Transaction& transaction, const ProgrammeSite& programme,
                           const ClaimRequest& request, RewardClaim claim) {
  auto owner = FindOwner(transaction, programme.programme, request.who, "");
  if (!owner.ok()) return std::move(owner).error();
  if (claim.reward != request.reward || claim.member != owner.value().member.id) {
    return Conflict("claim " + claim.caller_id + " is known with other content");
  }
  auto points = PointsOf(transaction, programme.programme.id, owner.value().member.account);
  if (!points.ok()) return std::move(points).error();
  return ClaimOutcome{
      .created = false, .claim = std::move(claim), .points = std::move(points).value()};
}

Status CheckOffer(const RewardOffer& offer) {
  if (!offer.open) return Conflict("the reward is not open for this member now");
  if (!offer.in_stock()) return Conflict("the reward is out of stock", "out_of_stock");
  return {};
}

// Too few of what the reward costs: points, or stamps, which have a refusal of their own.
Error TooFew(Error error, const ledger::AssetId& asset) {
  if (error.reason != "insufficient_points" || asset.str() == ledger::kPointsAsset) return error;
  error.reason = "insufficient_stamps";
  error.message = "the round of stamps is not complete: " + error.message;
  return error;
}

// Burns the price. A free reward moves nothing, and is an activity as the others are.
Result<PointsSummary> Burn(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, const Owner& owner,
                           const RewardOffer& offer, const std::string& actor, RewardClaim& claim) {
  if (offer.reward->kind == programme::Reward::Kind::kDonation && offer.price > 0) {
    return Donate(transaction, site, programme, owner,
                  {.reward = claim.reward,
                   .claim = claim.id,
                   .points = offer.price,
                   .actor = actor,
                   .note = NoteOf(*offer.reward, claim.id, owner)});
  }
  const Movement movement{.actor = actor,
                          .note = NoteOf(*offer.reward, claim.id, owner),
                          .random = site.random.get(),
                          .activity = true};
  if (claim.record.lines.front().burned == 0) {
    return RecordActivity(
        transaction, programme, owner.member.account,
        {.type = ledger::DocumentType::kOrder, .source = {}, .id = claim.id, .parent = {}},
        movement);
  }
  auto change =
      MovePoints(transaction, programme, owner.member.account, nullptr,
                 ledger::PayOrder{.order = claim.record, .earnings = {}, .hold = {}}, movement);
  if (!change.ok()) return TooFew(std::move(change).error(), claim.record.asset);
  if (change.value().order) claim.record = *change.value().order;
  return Summary(change.value());
}

// The code that a reward for the next order is; nothing for others.
Result<std::string> MakeCode(Transaction& transaction, const Site& site,
                             const ProgrammeId& programme, const programme::Reward& reward,
                             const RewardClaim& claim, const std::string& actor) {
  if (reward.coupon.empty()) return std::string();
  CouponCode code;
  code.code = MakeCouponCode(*site.random);
  code.key = CouponKey(code.code);
  code.coupon = reward.coupon;
  code.member = claim.member;
  code.uses_max = 1;
  code.actor = actor;
  const auto inserted = transaction.InsertCoupon(programme, code);
  if (!inserted.ok()) return inserted.error();
  if (!inserted.value()) return Error{.code = ErrorCode::kInternal, .message = "the code exists"};
  return code.code;
}

Error LostRace(const char* what) {
  return {.code = ErrorCode::kUnavailable, .message = what, .reason = "lost_race"};
}

// Writes the claim, and takes the piece last.
Status Keep(Transaction& transaction, const ProgrammeId& programme, const RewardClaim& claim) {
  const auto inserted = transaction.InsertClaim(programme, claim);
  if (!inserted.ok()) return inserted.error();
  if (!inserted.value()) return LostRace("the same claim is just being made");
  const auto taken = transaction.TakeReward(programme, claim.reward);
  if (!taken.ok()) return taken.error();
  return taken.value() ? Status() : Status(LostRace("somebody else took the last one"));
}

// A claim to be ended, with the account that has its points locked.
struct Ending {
  RewardClaim claim;
  AccountPlace place;
};

Result<Ending> Begin(Transaction& transaction, const ProgrammeId& programme, const ClaimEnd& end) {
  const auto seen = transaction.FindClaim(programme, end.claim);
  if (!seen.ok()) return seen.error();
  if (!seen.value() || seen.value()->reward != end.reward) return NoSuchClaim();
  auto place = LocateAccount(transaction, programme, seen.value()->account);
  if (!place.ok()) return std::move(place).error();
  const auto locked =
      transaction.LoadAccount(programme, place.value().account, {}, transaction.Now());
  if (!locked.ok()) return locked.error();
  auto claim = transaction.FindClaim(programme, end.claim);  // As it is under the lock.
  if (!claim.ok()) return std::move(claim).error();
  if (!claim.value()) return NoSuchClaim();
  return Ending{.claim = *std::move(claim).value(), .place = std::move(place).value()};
}

Result<ClaimOutcome> Ended(Transaction& transaction, const ProgrammeId& programme, Ending ending) {
  auto points = PointsOf(transaction, programme, ending.place.account);
  if (!points.ok()) return std::move(points).error();
  return ClaimOutcome{
      .created = false, .claim = std::move(ending.claim), .points = std::move(points).value()};
}

// Nobody may use the code of a cancelled claim any more.
Status VoidCode(Transaction& transaction, const ProgrammeId& programme, const RewardClaim& claim) {
  if (claim.coupon.empty()) return {};
  const std::string key = CouponKey(claim.coupon);
  const auto code = transaction.FindCoupon(programme, key);
  if (!code.ok()) return code.error();
  if (code.value() && code.value()->uses > 0) {
    return Conflict("the code that came with the reward was used", "coupon_used");
  }
  const auto done = transaction.VoidCoupon(programme, key, "the reward was cancelled");
  return done.ok() ? Status() : Status(done.error());
}

Status GiveBack(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                const ClaimEnd& end, Ending& ending) {
  RewardClaim& claim = ending.claim;
  claim.record = ledger::Follow(claim.record, ending.place.offset);
  claim.account = ending.place.account;
  if (claim.record.lines.empty() || claim.record.lines.front().burned == 0) return {};
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  const ledger::Refund refund{
      .refund_id = "cancelled",
      .lines = {
          {.line = 0, .group = ledger::Group::kPoints, .amount = claim.record.lines[0].value}}};
  auto change = MovePoints(transaction, programme, claim.account, &claim.record, refund,
                           {.actor = end.actor,
                            .note = {{"reason", end.reason}},
                            .random = site.random.get(),
                            .refunds = rules.value()->refunds});
  if (!change.ok()) return change.error();
  if (change.value().order) claim.record = *change.value().order;
  return {};
}

}  // namespace

Result<ClaimOutcome> ClaimReward(Transaction& transaction, const Site& site,
                                 const ProgrammeSite& programme, const ClaimRequest& request) {
  const ProgrammeId& id = programme.programme.id;
  if (request.caller_id) {
    auto known = transaction.FindClaimOfCaller(id, *request.caller_id);
    if (!known.ok()) return std::move(known).error();
    if (known.value()) {
      return Again(transaction, programme, request, *std::move(known).value());
    }
  }
  const auto owner = FindOwner(transaction, programme.programme, request.who, "");
  if (!owner.ok()) return owner.error();
  if (Status usable = RequireUsable(transaction, id, owner.value()); !usable.ok()) {
    return std::move(usable).error();
  }
  const cards::Member& member = owner.value().member;
  const auto catalogue = GetRewards(transaction, programme, &member, 0);
  if (!catalogue.ok()) return catalogue.error();
  const RewardOffer* offer = catalogue.value().Find(request.reward);
  if (offer == nullptr) return NoSuchReward();
  if (Status fine = CheckOffer(*offer); !fine.ok()) return std::move(fine).error();
  return MakeClaim(transaction, site, programme, owner.value(),
                   {.rules = *catalogue.value().rules,
                    .offer = *offer,
                    .caller_id = request.caller_id.value_or(""),
                    .actor = request.actor});
}

Result<ClaimOutcome> MakeClaim(Transaction& transaction, const Site& site,
                               const ProgrammeSite& programme, const Owner& owner,
                               const ClaimOrder& order) {
  const ProgrammeId& id = programme.programme.id;
  RewardClaim claim{.id = "cl_" + crypto::MakeUuidV7(transaction.Now(), *site.random),
                    .caller_id = order.caller_id,
                    .reward = order.offer.reward->id,
                    .member = owner.member.id,
                    .account = owner.member.account,
                    .points = order.offer.price,
                    .claimed_at = transaction.Now()};
  claim.record = RecordOf(order.offer, PriceOf(order.rules, order.offer), claim.id);
  auto points = Burn(transaction, site, programme, owner, order.offer, order.actor, claim);
  if (!points.ok()) return std::move(points).error();
  if (order.offer.reward->kind == programme::Reward::Kind::kDonation) {
    claim.status = ClaimStatus::kFulfilled;  // The charity has it: there is no way back.
    claim.ended_at = transaction.Now();
  }
  auto code = MakeCode(transaction, site, id, *order.offer.reward, claim, order.actor);
  if (!code.ok()) return std::move(code).error();
  claim.coupon = std::move(code).value();
  if (Status kept = Keep(transaction, id, claim); !kept.ok()) return std::move(kept).error();
  return ClaimOutcome{
      .created = true, .claim = std::move(claim), .points = std::move(points).value()};
}

Result<ClaimOutcome> FulfilClaim(Transaction& transaction, const ProgrammeSite& programme,
                                 const ClaimEnd& end) {
  const ProgrammeId& id = programme.programme.id;
  auto ending = Begin(transaction, id, end);
  if (!ending.ok()) return std::move(ending).error();
  RewardClaim& claim = ending.value().claim;
  if (claim.status == ClaimStatus::kCancelled) return Conflict("the claim was cancelled");
  if (claim.status == ClaimStatus::kOpen) {
    claim.status = ClaimStatus::kFulfilled;
    claim.ended_at = transaction.Now();
    if (Status updated = transaction.UpdateClaim(id, claim); !updated.ok()) {
      return std::move(updated).error();
    }
  }
  return Ended(transaction, id, std::move(ending).value());
}

Result<ClaimOutcome> CancelClaim(Transaction& transaction, const Site& site,
                                 const ProgrammeSite& programme, const ClaimEnd& end) {
  const ProgrammeId& id = programme.programme.id;
  auto ending = Begin(transaction, id, end);
  if (!ending.ok()) return std::move(ending).error();
  RewardClaim& claim = ending.value().claim;
  if (claim.status == ClaimStatus::kFulfilled) return Conflict("the reward was handed over");
  if (claim.status == ClaimStatus::kCancelled) {
    return Ended(transaction, id, std::move(ending).value());
  }
  claim.status = ClaimStatus::kCancelled;
  claim.ended_at = transaction.Now();
  if (Status gone = VoidCode(transaction, id, claim); !gone.ok()) return std::move(gone).error();
  if (Status back = GiveBack(transaction, site, programme, end, ending.value()); !back.ok()) {
    return std::move(back).error();
  }
  if (Status updated = transaction.UpdateClaim(id, claim); !updated.ok()) {
    return std::move(updated).error();
  }
  auto outcome = Ended(transaction, id, std::move(ending).value());
  if (!outcome.ok()) return outcome;
  Status returned = transaction.ReturnReward(id, end.reward);
  if (!returned.ok()) return std::move(returned).error();
  return outcome;
}

}  // namespace passmint::issuance
