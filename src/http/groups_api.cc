#include <utility>

#include "http/decode.h"
#include "http/endpoint.h"

namespace passmint::http {
namespace {

using issuance::CustomerGroup;
using issuance::Role;
using issuance::Transaction;

constexpr std::size_t kNameMax = 100;
constexpr std::size_t kIdMax = 64;  // As ids in rule sets.

Json GroupJson(const CustomerGroup& group) {
  return {{"id", group.id}, {"name", group.name}, {"members", group.members}};
}

Error NoGroup() { return {.code = ErrorCode::kNotFound, .message = "there is no such group"}; }

Result<Work> ListGroups(const Call& call) {
  std::vector<InputProblem> problems;
  const int limit = DecodeLimit(call.request.query(), problems);
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  const std::string after = QueryValue(call.request.query(), "cursor").value_or("");
  return Work([call, after, limit](Transaction& transaction) -> Result<Reply> {
    auto groups = transaction.Groups(call.programme_id(), after, limit + 1);
    if (!groups.ok()) return std::move(groups).error();
    Json items = Json::array();
    Json next = nullptr;
    for (const CustomerGroup& group : groups.value()) {
      if (items.size() == static_cast<std::size_t>(limit)) {
        next = items.back()["id"];
        break;
      }
      items.push_back(GroupJson(group));
    }
    return JsonReply(200, {{"items", std::move(items)}, {"next", std::move(next)}});
  });
}

Result<Work> GetGroup(const Call& call) {
  return Work([call, id = call.arguments[0]](Transaction& transaction) -> Result<Reply> {
    auto group = transaction.FindGroup(call.programme_id(), id);
    if (!group.ok()) return std::move(group).error();
    if (!group.value()) return NoGroup();
    return JsonReply(200, GroupJson(*group.value()));
  });
}

Result<Work> PutGroup(const Call& call) {
  auto body = ParseBody(call.request.body, call.request.headers.Find("Content-Type"));
  if (!body.ok()) return std::move(body).error();
  std::vector<InputProblem> problems;
  ObjectReader reader(body.value(), "", problems);
  CustomerGroup group{.id = call.arguments[0], .name = reader.RequiredText("name", {1, kNameMax})};
  reader.Finish();
  if (group.id.size() > kIdMax) problems.push_back({"too_long", "", "an id has at most 64 bytes"});
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return Work([call, group = std::move(group)](Transaction& transaction) -> Result<Reply> {
    if (Status put = transaction.PutGroup(call.programme_id(), group); !put.ok()) {
      return std::move(put).error();
    }
    auto after = transaction.FindGroup(call.programme_id(), group.id);
    if (!after.ok()) return std::move(after).error();
    return after.value() ? Result<Reply>(JsonReply(200, GroupJson(*after.value()))) : NoGroup();
  });
}

enum class Membership { kIn, kOut };

Result<Work> SetMembership(const Call& call, Membership membership) {
  return Work([call, membership, group = call.arguments[0],
               member = MemberId(call.arguments[1])](Transaction& transaction) -> Result<Reply> {
    auto known = transaction.FindGroup(call.programme_id(), group);
    if (!known.ok()) return std::move(known).error();
    if (!known.value()) return NoGroup();
    auto found = transaction.FindMember(call.programme_id(), member);
    if (!found.ok()) return std::move(found).error();
    if (!found.value()) return Error{.code = ErrorCode::kNotFound, .message = "no such member"};
    Status done = membership == Membership::kIn
                      ? transaction.AddToGroup(call.programme_id(), group, member)
                      : transaction.RemoveFromGroup(call.programme_id(), group, member);
    if (!done.ok()) return std::move(done).error();
    return Reply{.status = 204, .body = {}};
  });
}

Result<Work> AddToGroup(const Call& call) { return SetMembership(call, Membership::kIn); }
Result<Work> RemoveFromGroup(const Call& call) { return SetMembership(call, Membership::kOut); }

}  // namespace

void AddGroupEndpoints(EndpointRouter& router) {
  const std::vector<Role> readers = {Role::kShop, Role::kDesigner, Role::kOperator, Role::kAdmin};
  const std::vector<Role> makers = {Role::kDesigner, Role::kOperator, Role::kAdmin};
  const std::vector<Role> desk = {Role::kShop, Role::kOperator, Role::kAdmin};
  const std::string group = "/api/v1/groups/{id}";
  const std::string member = group + "/members/{member_id}";
  router.Add("GET", "/api/v1/groups", {Access::kRead, KeyUse::kNone, readers, ListGroups});
  router.Add("GET", group, {Access::kRead, KeyUse::kNone, readers, GetGroup});
  router.Add("PUT", group, {Access::kWrite, KeyUse::kNone, makers, PutGroup});
  router.Add("PUT", member, {Access::kWrite, KeyUse::kNone, desk, AddToGroup});
  router.Add("DELETE", member, {Access::kWrite, KeyUse::kNone, desk, RemoveFromGroup});
}

}  // namespace passmint::http
