#include <utility>

#include "http/card_terms_json.h"
#include "http/decode_customer.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "http/tier_json.h"
#include "issuance/members.h"
#include "issuance/owner.h"

namespace passmint::http {
namespace {

using issuance::Role;
using issuance::Transaction;

Json WithTier(const Call& call, Transaction& transaction, const MemberId& member, Json json) {
  json["tier"] = TierJson(call, transaction, member);
  return json;
}

Json WholeMember(const Call& call, Transaction& transaction, const issuance::MemberView& view) {
  Json json = MemberJson(view, transaction.Now());
  json["lifecycle"] = LifecycleJson(call, transaction, view.member.id);
  return WithTier(call, transaction, view.member.id, std::move(json));
}

Reply MemberReply(const Call& call, Transaction& transaction, const issuance::MemberView& view) {
  Reply reply = JsonReply(200, WholeMember(call, transaction, view));
  reply.about = view.member.id;
  return reply;
}

Result<Work> LookupMember(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::MemberQuery query;
  query.phone = reader.Text("phone", {1, 64});
  query.email = reader.Text("email", {1, 254});
  query.card_number = reader.Text("card_number", {1, 40});
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, query](Transaction& transaction) -> Result<Reply> {
    auto found = issuance::LookupMember(transaction, call.programme.programme, query);
    if (!found.ok()) return std::move(found).error();
    const Timestamp now = transaction.Now();
    const issuance::LookupResult& result = found.value();
    Json card;
    if (result.card) {
      card = CardJson({.card = *result.card,
                       .asked = result.asked,
                       .compromised = result.compromised,
                       .points = result.member ? result.member->points : issuance::PointsSummary()},
                      now);
      card = WithTier(call, transaction, result.card->member, std::move(card));
      Status told = AddTerms(call, transaction, *result.card, card);
      if (!told.ok()) return std::move(told).error();
    }
    const Json member =
        result.member ? WholeMember(call, transaction, *result.member) : Json(nullptr);
    Reply reply = JsonReply(200, {{"member", member}, {"card", std::move(card)}});
    if (result.member) reply.about = result.member->member.id;
    return reply;
  });
}

Result<Work> GetMember(const Call& call) {
  return Work([call](Transaction& transaction) -> Result<Reply> {
    auto view = issuance::GetMember(transaction, call.programme_id(), MemberId(call.arguments[0]));
    if (!view.ok()) return std::move(view).error();
    return MemberReply(call, transaction, view.value());
  });
}

// A field of a merge patch: nothing if absent, an empty inner value if null.
std::optional<std::optional<std::string>> PatchText(ObjectReader& reader, std::string_view name,
                                                    TextBounds bounds) {
  if (!reader.Has(name)) return std::nullopt;
  return reader.Text(name, bounds);
}

Result<issuance::MemberPatch> DecodePatch(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"),
                        {"application/merge-patch+json"});
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::MemberPatch patch;
  patch.phone = PatchText(reader, "phone", {1, 64});
  patch.email = PatchText(reader, "email", {1, 254});
  patch.name = PatchText(reader, "name", {1, 100});
  patch.birthday = PatchText(reader, "birthday", {1, 32});
  patch.locale = PatchText(reader, "locale", {1, 35});
  patch.time_zone = PatchText(reader, "time_zone", {1, 64});
  patch.opted_in = reader.Boolean("opted_in");
  patch.identity_reassigned = reader.Boolean("identity_reassigned").value_or(false);
  patch.source = call.key.name.str();
  if (const auto source = reader.Choice("attribute_source", {"social", "shop", "client"})) {
    patch.attribute_source = static_cast<issuance::AttributeSource>(*source);
  }
  patch.overwrite = reader.Boolean("overwrite").value_or(false);
  if (reader.Has("attributes")) {
    const Json* attributes = reader.Object("attributes");
    patch.attributes = attributes != nullptr ? *attributes : Json(nullptr);
  }
  reader.Finish();
  if (body.value().is_object() && body.value().empty()) {
    problems.push_back({"too_short", "", "a patch changes at least one field"});
  }
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  if (patch.identity_reassigned && !issuance::Allows(call.key, {Role::kOperator})) {
    return Error{.code = ErrorCode::kPermissionDenied,
                 .message = "identity_reassigned is for keys with the role operator"};
  }
  return patch;
}

Result<Work> UpdateMember(const Call& call) {
  auto patch = DecodePatch(call);
  if (!patch.ok()) return std::move(patch).error();
  return Work([call, patch = std::move(patch).value()](Transaction& transaction) -> Result<Reply> {
    auto view = issuance::PatchMember(transaction, call.programme.programme,
                                      MemberId(call.arguments[0]), patch);
    if (!view.ok()) return std::move(view).error();
    return MemberReply(call, transaction, view.value());
  });
}

// Notes who was erased for whoever restores a backup, in which merged members may be apart still.
Status RecordErasure(const Call& call, Transaction& transaction, const MemberId& id) {
  if (call.context.erasures == nullptr) return {};
  auto member = issuance::FindLivingMember(transaction, call.programme_id(), id);
  if (!member.ok()) return std::move(member).error();
  if (!member.value()) return {};
  auto members = issuance::MergedMembers(transaction, call.programme_id(), member.value()->id);
  if (!members.ok()) return std::move(members).error();
  for (const MemberId& one : members.value()) {
    Status recorded = call.context.erasures->Record(call.programme_id(), one, transaction.Now());
    if (!recorded.ok()) return recorded;
  }
  return {};
}

Result<Work> EraseMember(const Call& call) {
  return Work([call](Transaction& transaction) -> Result<Reply> {
    const MemberId member(call.arguments[0]);
    Status erased =
        issuance::EraseMember(transaction, call.programme_id(), member, call.key.name.str());
    // Before the commit, so that no erasure is missing from the list.
    if (erased.ok()) erased = RecordErasure(call, transaction, member);
    if (!erased.ok()) return std::move(erased).error();
    return Reply{.status = 204, .body = {}};
  });
}

}  // namespace

void AddMemberEndpoints(EndpointRouter& router) {
  const std::vector<Role> staff = {Role::kOperator, Role::kAdmin};
  const std::vector<Role> all = {Role::kShop, Role::kOperator, Role::kAdmin};
  const std::string member = "/api/v1/members/{id}";
  // A lookup writes nothing, but a repeated key must give the first answer again: so it may write
  // that.
  router.Add("POST", "/api/v1/members/lookup",
             {Access::kRead, KeyUse::kOptional, all, LookupMember});
  router.Add("GET", member, {Access::kRead, KeyUse::kNone, all, GetMember});
  router.Add("PATCH", member, {Access::kWrite, KeyUse::kNone, all, UpdateMember});
  router.Add("DELETE", member, {Access::kWrite, KeyUse::kNone, staff, EraseMember});
}

}  // namespace passmint::http
