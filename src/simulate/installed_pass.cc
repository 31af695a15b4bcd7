#include "simulate/installed_pass.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "apple/strings.h"
#include "apple/verify.h"
#include "json/json.h"
#include "zip/reader.h"

namespace passmint::simulate {
namespace {

constexpr std::size_t kPassJsonBytesMax = std::size_t{1} << 20;

Error InvalidPass(std::string_view why) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = fmt::format("Received invalid pass data: {}", why)};
}

const std::string* FindFile(const zip::Archive& archive, std::string_view name) {
  for (const zip::Entry& entry : archive.entries) {
    if (entry.name == name) return &entry.bytes;
  }
  return nullptr;
}

using Strings = std::map<std::string, std::string>;

Strings ReadStrings(const zip::Archive& archive, std::string_view language) {
  const std::string* file = FindFile(archive, fmt::format("{}.lproj/pass.strings", language));
  if (file == nullptr) return {};
  auto strings = apple::ParseStrings(*file);
  return strings.ok() ? std::move(strings).value() : Strings();
}

std::string Localised(const Strings& strings, const std::string& text) {
  const auto found = strings.find(text);
  return found == strings.end() ? text : found->second;
}

std::string TextAt(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  return found->is_string() ? found->get<std::string>() : json::Dump(*found);
}

void ReadFields(const Json& style, const Strings& strings,
                std::map<std::string, ShownField>& fields) {
  for (const auto& [part, list] : style.items()) {
    if (!list.is_array()) continue;
    for (const Json& field : list) {
      if (!field.is_object()) continue;
      fields[TextAt(field, "key")] = {
          .label = Localised(strings, TextAt(field, "label")),
          .value = Localised(strings, TextAt(field, "value")),
          .change_message = Localised(strings, TextAt(field, "changeMessage"))};
    }
  }
}

std::string WithoutFinalSlash(std::string url) {
  if (url.ends_with('/')) url.pop_back();
  return url;
}

InstalledPass Installed(const Json& pass, const Strings& strings) {
  InstalledPass installed{.pass_type = TextAt(pass, "passTypeIdentifier"),
                          .serial = TextAt(pass, "serialNumber"),
                          .organization = Localised(strings, TextAt(pass, "organizationName")),
                          .authentication_token = TextAt(pass, "authenticationToken"),
                          .web_service_url = WithoutFinalSlash(TextAt(pass, "webServiceURL")),
                          .last_modified = {},
                          .manifest = {},
                          .voided = TextAt(pass, "voided") == "true",
                          .fields = {}};
  for (const char* style : {"storeCard", "coupon", "generic", "eventTicket", "boardingPass"}) {
    const auto found = pass.find(style);
    if (found != pass.end() && found->is_object()) ReadFields(*found, strings, installed.fields);
  }
  return installed;
}

std::optional<std::string> FirstError(const apple::BundleReport& report) {
  for (const apple::BundleFinding& finding : report.findings) {
    if (finding.level == design::Level::kError) return finding.id + " " + finding.cause;
  }
  return std::nullopt;
}

}  // namespace

Result<InstalledPass> ReadPass(std::string_view bundle,
                               const std::vector<crypto::Certificate>& roots,
                               std::string_view language) {
  const auto report = apple::VerifyBundle(bundle, {.trust_anchors = roots, .now = std::nullopt});
  if (const auto wrong = FirstError(report)) return InvalidPass(*wrong);
  const auto archive = zip::ReadArchive(bundle);
  if (!archive.ok()) return InvalidPass(archive.error().message);
  const std::string* text = FindFile(archive.value(), "pass.json");
  const std::string* manifest = FindFile(archive.value(), "manifest.json");
  if (text == nullptr || manifest == nullptr) return InvalidPass("no pass.json or manifest.json");
  const auto pass = json::Parse(*text, kPassJsonBytesMax);
  if (!pass.ok() || !pass.value().is_object()) return InvalidPass("pass.json is no object");
  InstalledPass installed = Installed(pass.value(), ReadStrings(archive.value(), language));
  installed.manifest = *manifest;
  return installed;
}

std::vector<std::string> LockScreenLines(const InstalledPass& before, const InstalledPass& after) {
  std::vector<std::string> lines;
  for (const auto& [key, field] : after.fields) {
    const auto old = before.fields.find(key);
    const bool same = old != before.fields.end() && old->second.value == field.value;
    if (same || field.change_message.empty()) continue;
    std::string line = field.change_message;
    const auto place = line.find("%@");
    if (place != std::string::npos) line.replace(place, 2, field.value);
    lines.push_back(fmt::format("{}: {}", after.organization, line));
  }
  return lines;
}

}  // namespace passmint::simulate
