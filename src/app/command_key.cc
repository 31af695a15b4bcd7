#include <fmt/format.h>

#include <optional>
#include <utility>

#include "app/commands.h"
#include "app/settings.h"
#include "app/system_clock.h"
#include "app/tool_store.h"
#include "crypto/system_random.h"
#include "issuance/api_keys.h"

namespace passmint::app {
namespace {

// The settings of a site and one of its programmes.
struct Chosen {
  Settings settings;
  ProgrammeId programme;
};

Result<Chosen> Choose(const SiteChoice& choice) {
  auto settings = LoadSettings(choice.config);
  if (!settings.ok()) return std::move(settings).error();
  std::string ids;
  for (const ProgrammeSettings& candidate : settings.value().programmes) {
    const ProgrammeId id = candidate.programme.id;
    if (choice.programme.empty() || choice.programme == id.str()) {
      return Chosen{std::move(settings).value(), id};
    }
    ids += (ids.empty() ? "" : ", ") + id.str();
  }
  return Error{
      .code = ErrorCode::kNotFound,
      .message = fmt::format("there is no programme \"{}\" in the settings", choice.programme),
      .hint = "programmes are " + ids};
}

std::string RoleNames(const std::vector<issuance::Role>& roles) {
  std::string names;
  for (const issuance::Role role : roles) {
    names += (names.empty() ? "" : ",") + std::string(issuance::Name(role));
  }
  return names;
}

Result<std::vector<issuance::Role>> ParseRoles(const std::vector<std::string>& names) {
  std::vector<issuance::Role> roles;
  for (const std::string& name : names) {
    const std::optional<issuance::Role> role = issuance::FindRole(name);
    if (!role) {
      return Error{.code = ErrorCode::kInvalidArgument,
                   .message = fmt::format("there is no role \"{}\"", name),
                   .hint = "roles are shop, designer, approver, operator, admin"};
    }
    roles.push_back(*role);
  }
  return roles;
}

// A key of somebody who has a card: so that they give no points to themselves.
Status RequireMember(issuance::Transaction& transaction, const ProgrammeId& programme,
                     const MemberId& member) {
  if (member.empty()) return {};
  const auto found = transaction.FindMember(programme, member);
  if (!found.ok()) return found.error();
  if (found.value()) return {};
  return Error{.code = ErrorCode::kNotFound,
               .message = fmt::format("there is no member \"{}\"", member.str()),
               .hint = "GET /api/v1/cards/{number} names the member of a card"};
}

}  // namespace

Status RunKeyCreate(const KeyCreateOptions& options, const Console& console) {
  const auto chosen = Choose(options.site);
  if (!chosen.ok()) return chosen.error();
  const auto roles = ParseRoles(options.roles);
  if (!roles.ok()) return roles.error();
  crypto::SystemRandom random;
  auto key = issuance::MakeApiKey(chosen.value().programme, options.name, roles.value(),
                                  OrderSource(options.source), SystemClock().Now(), random);
  if (!key.ok()) return key.error();
  key.value().record.member = MemberId(options.member);
  const auto store = OpenToolStore(chosen.value().settings);
  if (!store.ok()) return store.error();
  Status written = store.value()->Write([&](issuance::Transaction& transaction) {
    const issuance::ApiKey& record = key.value().record;
    Status known = RequireMember(transaction, record.programme, record.member);
    return known.ok() ? transaction.InsertApiKey(record) : known;
  });
  if (!written.ok()) return written;
  console.out << key.value().key.RevealForSerialization() << '\n';
  console.Progress(fmt::format("key {} \"{}\" for programme {}, {}; it is shown only now",
                               key.value().record.id, options.name, chosen.value().programme.str(),
                               RoleNames(roles.value())));
  return {};
}

Status RunKeyList(const KeyListOptions& options, const Console& console) {
  const auto chosen = Choose(options.site);
  if (!chosen.ok()) return chosen.error();
  const auto store = OpenToolStore(chosen.value().settings);
  if (!store.ok()) return store.error();
  std::vector<issuance::ApiKey> keys;
  Status read = store.value()->Read([&](issuance::Transaction& transaction) -> Status {
    auto found = transaction.ApiKeys(chosen.value().programme);
    if (!found.ok()) return std::move(found).error();
    keys = std::move(found).value();
    return {};
  });
  if (!read.ok()) return read;
  for (const issuance::ApiKey& key : keys) {
    console.out << fmt::format("{}  {}  {:<24}  {:<20}  {}\n", key.id,
                               FormatRfc3339(key.created_at).substr(0, 10), RoleNames(key.roles),
                               key.name.str(),
                               key.revoked_at ? "revoked " + FormatRfc3339(*key.revoked_at) : "");
  }
  return {};
}

Status RunKeyRevoke(const KeyRevokeOptions& options, const Console& console) {
  const auto chosen = Choose(options.site);
  if (!chosen.ok()) return chosen.error();
  const auto store = OpenToolStore(chosen.value().settings);
  if (!store.ok()) return store.error();
  const Timestamp now = SystemClock().Now();
  bool is_known = false;
  Status written = store.value()->Write([&](issuance::Transaction& transaction) -> Status {
    auto revoked = transaction.RevokeApiKey(chosen.value().programme, options.id, now);
    if (!revoked.ok()) return std::move(revoked).error();
    is_known = revoked.value();
    return {};
  });
  if (!written.ok()) return written;
  if (!is_known) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = fmt::format("there is no key \"{}\" that could be revoked", options.id),
                 .hint = "passmint key list prints the ids"};
  }
  console.Progress("revoked " + options.id);
  return {};
}

}  // namespace passmint::app
