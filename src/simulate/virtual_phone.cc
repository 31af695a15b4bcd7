#include "simulate/virtual_phone.h"

#include <fmt/format.h>

#include <utility>

#include "json/json.h"

namespace passmint::simulate {
namespace {

constexpr std::size_t kListBytesMax = std::size_t{1} << 20;

// iOS encodes each component of a path twice (Apple reference 4.3). What stands here has letters,
// digits and [-._~] only, of which neither encoding changes any.
std::string PassUrl(const InstalledPass& pass) {
  return fmt::format("{}/v1/passes/{}/{}", pass.web_service_url, pass.pass_type, pass.serial);
}

RequestHeaders Authorized(const InstalledPass& pass) {
  return {{"Authorization", "ApplePass " + pass.authentication_token}};
}

std::string TagKey(const InstalledPass& pass) {
  return pass.web_service_url + " " + pass.pass_type;
}

void Keep(std::vector<std::string>& lines, std::string line) {
  if (lines.size() == VirtualPhone::kNotesMax) lines.erase(lines.begin());
  lines.push_back(std::move(line));
}

}  // namespace

PhoneCounts operator+(PhoneCounts a, const PhoneCounts& b) {
  a.pushes += b.pushes;
  a.lists += b.lists;
  a.empty_lists += b.empty_lists;
  a.fetches += b.fetches;
  a.unchanged += b.unchanged;
  a.unanswered += b.unanswered;
  a.refused += b.refused;
  return a;
}

VirtualPhone::VirtualPhone(Identity identity, const std::vector<crypto::Certificate>& roots)
    : identity_(std::move(identity)), roots_(roots) {}

// A lost answer is counted here: iOS keeps the task and tries again.
Result<ServiceAnswer> VirtualPhone::Ask(ServiceClient& client, std::string_view method,
                                        const std::string& url, RequestHeaders headers,
                                        std::string_view body) {
  headers.emplace_back("X-Forwarded-For", identity_.address);
  auto answer = client.Send(method, url, headers, body);
  if (!answer.ok()) ++counts_.unanswered;
  return answer;
}

std::string VirtualPhone::RegistrationUrl(const InstalledPass& pass) const {
  return fmt::format("{}/v1/devices/{}/registrations/{}", pass.web_service_url, identity_.device,
                     pass.pass_type);
}

Status VirtualPhone::Install(ServiceClient& client, const std::string& bundle_url) {
  auto answer = Ask(client, "GET", bundle_url);
  if (!answer.ok()) return std::move(answer).error();
  if (answer.value().status != 200) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = fmt::format("no pass: status {}", answer.value().status)};
  }
  auto pass = ReadPass(answer.value().body, roots_, identity_.language);
  if (!pass.ok()) {
    ++counts_.refused;
    Keep(notes_, pass.error().message);
    return std::move(pass).error();
  }
  pass.value().last_modified = std::string(answer.value().Header("last-modified"));
  const std::string serial = pass.value().serial;
  const InstalledPass& kept = passes_[serial] = std::move(pass).value();
  if (kept.web_service_url.empty()) return {};
  if (Status registered = Register(client, kept); !registered.ok()) return registered;
  const bool had_tag = tags_.contains(TagKey(kept));
  auto changed = ListChanged(client, kept);
  if (!changed.ok()) return std::move(changed).error();
  return had_tag ? Fetch(client, serial, false) : Status();
}

Status VirtualPhone::Register(ServiceClient& client, const InstalledPass& pass) {
  RequestHeaders headers = Authorized(pass);
  headers.emplace_back("Content-Type", "application/json");
  auto answer = Ask(client, "POST", RegistrationUrl(pass) + "/" + pass.serial, headers,
                    json::Dump({{"pushToken", identity_.push_token}}));
  if (!answer.ok()) return std::move(answer).error();
  if (const int status = answer.value().status; status != 200 && status != 201) {
    return Refused(client, pass, fmt::format("Unexpected response code {}", status));
  }
  return {};
}

Result<std::vector<std::string>> VirtualPhone::ListChanged(ServiceClient& client,
                                                           const InstalledPass& any) {
  const std::string key = TagKey(any);
  const auto tag = tags_.find(key);
  std::string url = RegistrationUrl(any);
  if (tag != tags_.end()) url += "?passesUpdatedSince=" + tag->second;
  auto answer = Ask(client, "GET", url);
  if (!answer.ok()) return std::move(answer).error();
  ++counts_.lists;
  if (answer.value().status == 204) return std::vector<std::string>();
  if (answer.value().status != 200) {
    return Refused(client, any, fmt::format("Unexpected response code {}", answer.value().status));
  }
  const auto body = json::Parse(answer.value().body, kListBytesMax);
  if (!body.ok() || !body.value().is_object() || !body.value().contains("serialNumbers") ||
      !body.value()["serialNumbers"].is_array() || !body.value().contains("lastUpdated") ||
      !body.value()["lastUpdated"].is_string()) {
    return Refused(client, any, "Server response was malformed");
  }
  std::vector<std::string> serials;
  for (const Json& serial : body.value()["serialNumbers"]) {
    if (!serial.is_string()) return Refused(client, any, "Server response was malformed");
    serials.push_back(serial.get<std::string>());
  }
  tags_[key] = body.value()["lastUpdated"].get<std::string>();
  return serials;
}

Status VirtualPhone::Update(ServiceClient& client) {
  std::map<std::string, std::string> services;  // A serial of each.
  for (const auto& [serial, pass] : passes_) services.emplace(TagKey(pass), serial);
  for (const auto& [service, any] : services) {
    auto changed = ListChanged(client, passes_.at(any));
    if (!changed.ok()) return std::move(changed).error();
    if (changed.value().empty()) ++counts_.empty_lists;
    for (const std::string& serial : changed.value()) {
      if (!passes_.contains(serial)) {
        Note(client, passes_.at(any),
             fmt::format("Update requested for unregistered serial number {}", serial));
        continue;
      }
      if (Status fetched = Fetch(client, serial, true); !fetched.ok()) return fetched;
    }
  }
  return {};
}

Status VirtualPhone::Refresh(ServiceClient& client) {
  std::vector<std::string> serials;
  for (const auto& [serial, pass] : passes_) serials.push_back(serial);
  for (const std::string& serial : serials) {
    if (Status fetched = Fetch(client, serial, false); !fetched.ok()) return fetched;
  }
  return {};
}

Status VirtualPhone::Fetch(ServiceClient& client, const std::string& serial, bool was_listed) {
  const InstalledPass& installed = passes_.at(serial);
  RequestHeaders headers = Authorized(installed);
  if (!installed.last_modified.empty()) {
    headers.emplace_back("If-Modified-Since", installed.last_modified);
  }
  auto answer = Ask(client, "GET", PassUrl(installed), headers);
  if (!answer.ok()) return std::move(answer).error();
  if (answer.value().status == 304) {
    ++counts_.unchanged;
    return {};
  }
  if (answer.value().status == 401) return Refused(client, installed, "Authentication failure");
  if (answer.value().status != 200) {
    return Refused(client, installed,
                   fmt::format("Unexpected response code {}", answer.value().status));
  }
  auto pass = ReadPass(answer.value().body, roots_, identity_.language);
  if (!pass.ok()) return Refused(client, installed, pass.error().message);
  if (pass.value().serial != serial || pass.value().pass_type != installed.pass_type) {
    return Refused(client, installed,
                   fmt::format("Requested serial number {}, received serial number {}", serial,
                               pass.value().serial));
  }
  pass.value().last_modified = std::string(answer.value().Header("last-modified"));
  if (pass.value().last_modified.empty()) {
    Note(client, installed, "the answer did not provide a 'last-modified' header");
  }
  if (pass.value().manifest == installed.manifest && was_listed) {
    Note(client, installed,
         fmt::format("Server requested update to serial number '{}', but the pass was unchanged.",
                     serial));
  }
  Take(std::move(pass).value());
  return {};
}

void VirtualPhone::Take(InstalledPass fetched) {
  InstalledPass& installed = passes_.at(fetched.serial);
  if (fetched.manifest == installed.manifest) {
    ++counts_.unchanged;
  } else {
    ++counts_.fetches;
    for (std::string& line : LockScreenLines(installed, fetched))
      Keep(lock_screen_, std::move(line));
  }
  installed = std::move(fetched);
}

Status VirtualPhone::RotateToken(ServiceClient& client, std::string push_token) {
  identity_.push_token = std::move(push_token);
  for (const auto& [serial, pass] : passes_) {
    if (Status registered = Register(client, pass); !registered.ok()) return registered;
  }
  return {};
}

Status VirtualPhone::Remove(ServiceClient& client, const std::string& serial) {
  const InstalledPass& pass = passes_.at(serial);
  auto answer = Ask(client, "DELETE", RegistrationUrl(pass) + "/" + serial, Authorized(pass));
  if (!answer.ok()) return std::move(answer).error();
  if (answer.value().status != 200) {
    return Refused(client, pass, fmt::format("Unexpected response code {}", answer.value().status));
  }
  passes_.erase(serial);
  return {};
}

// Tells the service's log, as iOS does; whether that arrives does not matter.
void VirtualPhone::Note(ServiceClient& client, const InstalledPass& pass, std::string message) {
  const std::string line = fmt::format("Web service error for {} ({}): {}", pass.pass_type,
                                       pass.web_service_url, message);
  static_cast<void>(Ask(client, "POST", pass.web_service_url + "/v1/log",
                        {{"Content-Type", "application/json"}},
                        json::Dump({{"logs", Json::array({line})}})));
  Keep(notes_, std::move(message));
}

Error VirtualPhone::Refused(ServiceClient& client, const InstalledPass& pass, std::string message) {
  ++counts_.refused;
  Error error{.code = ErrorCode::kUnavailable, .message = message};
  Note(client, pass, std::move(message));
  return error;
}

}  // namespace passmint::simulate
