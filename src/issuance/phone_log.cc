#include "issuance/phone_log.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.h"
#include "json/json.h"

namespace passmint::issuance {
namespace {

struct Known {
  LogKind kind;
  std::string_view name;
  std::string_view text;  // In the message.
};

// Those with the more telling words come first: one message may hold the words of two.
constexpr std::array<Known, 14> kKnown = {{
    {LogKind::kUnchanged, "unchanged", "but the pass was unchanged"},
    {LogKind::kIgnoredCondition, "ignored_condition", "ignored the 'if-modified-since' header"},
    {LogKind::kNoLastModified, "no_last_modified", "did not provide a 'last-modified' header"},
    {LogKind::kNoTag, "no_tag", "omitted a lastUpdated tag"},
    {LogKind::kSameTag, "same_tag", "remained the same"},
    {LogKind::kSpuriousPush, "spurious_push", "Device received spurious push"},
    {LogKind::kNotRegistered, "not_registered", "Update requested for unregistered serial number"},
    {LogKind::kWrongPass, "wrong_pass", "Requested serial number"},
    {LogKind::kWrongPass, "wrong_pass", "Requested pass of type"},
    {LogKind::kInvalidPass, "invalid_pass", "Received invalid pass data"},
    {LogKind::kMalformedList, "malformed_list", "Server response was malformed"},
    {LogKind::kAuthenticationFailure, "authentication_failure", "Authentication failure"},
    {LogKind::kUnexpectedStatus, "unexpected_status", "Unexpected response code"},
    {LogKind::kOther, "other", ""},
}};

bool IsNameEnd(char c) {
  return c == '\'' || c == '"' || c == ',' || c == ';' || c == ')' || c == ' ';
}

// The word behind `mark`, which may be quoted: "serial number 'S', but".
std::string_view WordBehind(std::string_view message, std::string_view mark) {
  const std::size_t found = message.find(mark);
  if (found == std::string_view::npos) return {};
  std::string_view rest = message.substr(found + mark.size());
  const std::size_t start = rest.find_first_not_of(" '\"");
  if (start == std::string_view::npos) return {};
  rest.remove_prefix(start);
  const auto end = std::find_if(rest.begin(), rest.end(), IsNameEnd);
  std::string_view word = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  while (word.ends_with('.') || word.ends_with(':')) word.remove_suffix(1);
  return word;
}

std::string_view PassTypeIn(std::string_view message) {
  for (const std::string_view mark : {"pass type ", "error for ", "Requested pass of type "}) {
    const std::string_view word = WordBehind(message, mark);
    if (word.starts_with("pass.")) return word;
  }
  return {};
}

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Device ids, push tokens and authentication tokens are long hexadecimal numbers; serial numbers of
// ours are not.
std::string WithoutSecrets(std::string_view message) {
  constexpr std::size_t kSecretDigits = 32;
  constexpr std::size_t kShownDigits = 6;
  std::string shown;
  shown.reserve(message.size());
  while (!message.empty()) {
    const auto end = std::find_if_not(message.begin(), message.end(), IsHexDigit);
    const auto digits = static_cast<std::size_t>(end - message.begin());
    const bool secret = digits >= kSecretDigits;
    shown.append(message.substr(0, secret ? kShownDigits : std::max<std::size_t>(digits, 1)));
    if (secret) shown.append("***");
    message.remove_prefix(std::max<std::size_t>(digits, 1));
  }
  return shown;
}

std::string Printable(std::string text) {
  for (char& c : text) {
    constexpr unsigned char kSpace = 0x20;
    constexpr unsigned char kDelete = 0x7f;
    const auto byte = static_cast<unsigned char>(c);
    if (byte < kSpace || byte == kDelete) c = ' ';
  }
  return text;
}

ReadLog Read(const std::string& raw) {
  const std::string message = Printable(std::string(FirstCodePoints(raw, kLogCharactersMax)));
  ReadLog log;
  log.kind = LogKindOf(message);
  log.serial = SerialNumber(std::string(WordBehind(message, "serial number ")));
  log.pass_type = PassTypeIdentifier(std::string(PassTypeIn(message)));
  log.message = WithoutSecrets(message);
  return log;
}

}  // namespace

std::string_view Name(LogKind kind) {
  for (const Known& known : kKnown) {
    if (known.kind == kind) return known.name;
  }
  return "other";
}

bool IsLogKind(std::string_view name) {
  return std::any_of(kKnown.begin(), kKnown.end(),
                     [name](const Known& known) { return known.name == name; });
}

LogKind LogKindOf(std::string_view message) {
  for (const Known& known : kKnown) {
    if (message.find(known.text) != std::string_view::npos) return known.kind;
  }
  return LogKind::kOther;
}

std::vector<ReadLog> ReadLogs(std::string_view body) {
  std::vector<ReadLog> logs;
  const auto parsed = json::Parse(body, kLogBytesMax);
  if (!parsed.ok() || !parsed.value().is_object()) return logs;
  const auto messages = parsed.value().find("logs");
  if (messages == parsed.value().end() || !messages->is_array()) return logs;
  for (const Json& message : *messages) {
    if (logs.size() == kLogMessagesMax) break;
    if (message.is_string()) logs.push_back(Read(message.get_ref<const std::string&>()));
  }
  return logs;
}

}  // namespace passmint::issuance
