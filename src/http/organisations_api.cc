#include <utility>

#include "http/decode.h"
#include "http/decode_instant.h"
#include "http/encode.h"
#include "http/endpoint.h"
#include "issuance/organisations.h"
#include "issuance/staff.h"

namespace passmint::http {
namespace {

using issuance::OrganisationRole;
using issuance::OrganisationView;
using issuance::Role;
using issuance::Transaction;

constexpr TextBounds kName{1, 200};

Json OptionalInstant(const std::optional<Timestamp>& instant) {
  return instant ? InstantJson(*instant) : Json(nullptr);
}

Json OrganisationJson(const OrganisationView& view) {
  Json members = Json::array();
  for (const issuance::OrganisationUser& user : view.users) {
    members.push_back({{"id", user.member.str()},
                       {"role", issuance::ToText(user.role)},
                       {"since", InstantJson(user.since)},
                       {"until", nullptr},
                       {"host", nullptr}});
  }
  for (const issuance::OrganisationGuest& guest : view.guests) {
    members.push_back({{"id", guest.member.str()},
                       {"role", issuance::ToText(OrganisationRole::kGuest)},
                       {"since", InstantJson(guest.since)},
                       {"until", OptionalInstant(guest.until)},
                       {"host", guest.host.str()}});
  }
  return {{"organisation_id", view.organisation.id},
          {"name", view.organisation.name},
          {"valid_until", OptionalInstant(view.organisation.valid_until)},
          {"member", {{"id", view.organisation.member.str()}}},
          {"points", PointsBalanceJson(view.points)},
          {"members", std::move(members)}};
}

Result<Reply> OrganisationReply(Result<OrganisationView> view) {
  if (!view.ok()) return std::move(view).error();
  return JsonReply(200, OrganisationJson(view.value()));
}

Result<Work> ListOrganisations(const Call& call) {
  std::vector<InputProblem> problems;
  const int limit = DecodeLimit(call.request.query(), problems);
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  const std::string after = QueryValue(call.request.query(), "cursor").value_or("");
  return Work([call, after, limit](Transaction& transaction) -> Result<Reply> {
    auto views = issuance::ListOrganisations(transaction, call.programme_id(), after, limit + 1);
    if (!views.ok()) return std::move(views).error();
    Json items = Json::array();
    Json next = nullptr;
    for (const OrganisationView& view : views.value()) {
      if (items.size() == static_cast<std::size_t>(limit)) {
        next = items.back()["organisation_id"];
        break;
      }
      items.push_back(OrganisationJson(view));
    }
    return JsonReply(200, {{"items", std::move(items)}, {"next", std::move(next)}});
  });
}

Result<Work> GetOrganisation(const Call& call) {
  return Work([call](Transaction& transaction) {
    return OrganisationReply(
        issuance::GetOrganisation(transaction, call.programme_id(), call.arguments[0]));
  });
}

Result<Work> PutOrganisation(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  issuance::OrganisationToPut wanted{.id = call.arguments[0],
                                     .name = reader.RequiredText("name", kName),
                                     .valid_until = DecodeInstant(reader, "valid_until"),
                                     .actor = call.key.name.str()};
  reader.Finish();
  if (wanted.id.size() > kCallerId.max) {
    problems.push_back({"too_long", "", "an id has at most 128 bytes"});
  }
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, wanted = std::move(wanted)](Transaction& transaction) {
    return OrganisationReply(
        issuance::PutOrganisation(transaction, call.context.site, call.programme_id(), wanted));
  });
}

issuance::OrganisationMember Named(const Call& call) {
  return {.organisation = call.arguments[0],
          .member = MemberId(call.arguments[1]),
          .actor = call.key.name.str()};
}

struct MemberRequest {
  OrganisationRole role = OrganisationRole::kUser;
  issuance::Invitation invitation;  // Of a guest.
};

Result<MemberRequest> DecodeMember(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  MemberRequest request;
  request.invitation.guest = Named(call);
  const auto role = reader.Choice("role", {"manager", "user", "guest"});
  if (role) request.role = static_cast<OrganisationRole>(*role);
  if (!role && !reader.Has("role")) reader.Report("role", "required", "is missing");
  const bool guest = request.role == OrganisationRole::kGuest;
  const auto host = reader.Text("host", kCallerId);
  request.invitation.until = DecodeInstant(reader, "until");
  if (host) request.invitation.host = MemberId(*host);
  if (guest && !reader.Has("host")) reader.Report("host", "required", "say which user invites");
  for (const char* of_guests : {"host", "until"}) {
    if (!guest && reader.Has(of_guests)) {
      reader.Report(of_guests, "invalid_value", "only guests have one");
    }
  }
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return request;
}

Result<Work> PutMember(const Call& call) {
  auto decoded = DecodeMember(call);
  if (!decoded.ok()) return std::move(decoded).error();
  return Work(
      [call, request = std::move(decoded).value()](Transaction& transaction) -> Result<Reply> {
        const issuance::Site& site = call.context.site;
        Status others =
            issuance::RequireNotOwn(transaction, call.programme_id(), issuance::StaffOf(call.key),
                                    request.invitation.guest.member);
        if (!others.ok()) return std::move(others).error();
        const Status done =
            request.role == OrganisationRole::kGuest
                ? issuance::InviteGuest(transaction, site, call.programme, request.invitation)
                : issuance::AddUser(transaction, site, call.programme, request.invitation.guest,
                                    request.role);
        if (!done.ok()) return done.error();
        return OrganisationReply(
            issuance::GetOrganisation(transaction, call.programme_id(), call.arguments[0]));
      });
}

Result<Work> RemoveMember(const Call& call) {
  return Work([call](Transaction& transaction) -> Result<Reply> {
    const Status removed = issuance::RemoveFrom(transaction, call.programme_id(), Named(call));
    if (!removed.ok()) return removed.error();
    return Reply{.status = 204, .body = {}};
  });
}

}  // namespace

void AddOrganisationEndpoints(EndpointRouter& router) {
  const std::vector<Role> readers = {Role::kShop, Role::kOperator, Role::kAdmin};
  const std::vector<Role> staff = {Role::kOperator, Role::kAdmin};
  const std::string all = "/api/v1/organisations";
  const std::string one = all + "/{organisation_id}";
  const std::string member = one + "/members/{member_id}";
  router.Add("GET", all, {Access::kRead, KeyUse::kNone, readers, ListOrganisations});
  router.Add("GET", one, {Access::kRead, KeyUse::kNone, readers, GetOrganisation});
  router.Add("PUT", one, {Access::kWrite, KeyUse::kNone, staff, PutOrganisation});
  router.Add("PUT", member, {Access::kWrite, KeyUse::kNone, staff, PutMember});
  router.Add("DELETE", member, {Access::kWrite, KeyUse::kNone, staff, RemoveMember});
}

}  // namespace passmint::http
