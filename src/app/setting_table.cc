#include "app/setting_table.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "base/language.h"
#include "calendar/time_zone.h"
#include "store/open.h"

namespace passmint::app {
namespace {

using std::filesystem::path;

const std::string& Text(const SettingValue& value) { return std::get<std::string>(value); }

// A relative path is meant from the folder of the settings file; "" stays "".
path Resolve(const std::string& text, const SettingTarget& target) {
  if (text.empty()) return {};
  return (target.folder / text).lexically_normal();
}

bool AllOf(std::string_view text, bool (*allowed)(char)) {
  return std::all_of(text.begin(), text.end(), allowed);
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsNameCharacter(char c) { return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '-'; }
bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= 64 && AllOf(text, IsNameCharacter);
}

bool IsPort(std::string_view text) {
  unsigned port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool IsIpAddress(const std::string& text) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

// "127.0.0.1:8080", "[::1]:8080", "localhost:8080".
bool IsHostAndPort(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || !IsPort(std::string_view(text).substr(colon + 1))) return false;
  std::string host = text.substr(0, colon);
  if (host == "localhost") return true;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    return host.find(':') != std::string::npos && IsIpAddress(host);
  }
  return host.find(':') == std::string::npos && IsIpAddress(host);
}

struct Url {
  std::string_view scheme, host, rest;  // host without port; rest from the slash on.
};

// Only what we build on: scheme://host[:port][/path], no user, query, fragment or spaces.
bool SplitUrl(std::string_view text, Url& url) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || text.find_first_of(" \t\r\n?#@\"<>\\") != text.npos)
    return false;
  url.scheme = text.substr(0, colon);
  std::string_view authority = text.substr(colon + 3);
  const std::size_t slash = authority.find('/');
  url.rest = slash == authority.npos ? "" : authority.substr(slash);
  authority = authority.substr(0, slash);
  const std::size_t port =
      authority.find(':', authority.find(']') == authority.npos ? 0 : authority.find(']'));
  url.host = authority.substr(0, port);
  return !url.host.empty() && (port == authority.npos || IsPort(authority.substr(port + 1)));
}

bool IsLoopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host.substr(0, 4) == "127.";
}

std::string TakePublicUrl(const SettingValue& value, const SettingTarget& target) {
  std::string text = Text(value);
  while (!text.empty() && text.back() == '/') text.pop_back();
  Url url;
  if (!SplitUrl(text, url)) return "a URL such as https://cards.example.com";
  if (url.scheme == "http" && IsLoopback(url.host)) {
    target.settings.warnings.push_back(
        "server.public_url is http: good for trying things out, but phones refuse it; put https "
        "there before real cards are made");
  } else if (url.scheme != "https") {
    return "https (http only on loopback), because phones refuse anything else";
  }
  target.settings.server.public_url = std::move(text);
  return "";
}

std::string TakeHttpsUrl(const SettingValue& value, std::string& into) {
  Url url;
  if (!SplitUrl(Text(value), url) || url.scheme != "https")
    return "a URL that starts with https://";
  into = Text(value);
  return "";
}

// A stand-in for Google on this machine needs no certificate.
std::string TakeGoogleUrl(const SettingValue& value, std::string& into) {
  Url url;
  const bool is_url = SplitUrl(Text(value), url);
  const bool is_local = is_url && url.scheme == "http" && IsLoopback(url.host);
  if (!is_url || (url.scheme != "https" && !is_local)) {
    return "a URL that starts with https:// (http only on loopback)";
  }
  into = Text(value);
  return "";
}

std::string TakeStoreUrl(const SettingValue& value, const SettingTarget& target) {
  constexpr std::string_view kSqlite = "sqlite:";
  const std::string& text = Text(value);
  if (store::IsPostgresqlUrl(text)) {
    target.settings.store.sqlite_file.clear();
    target.settings.store.postgresql_url = std::make_shared<const Secret>(text);
    return "";
  }
  if (text.substr(0, kSqlite.size()) != kSqlite || text.size() == kSqlite.size())
    return "sqlite:FILE or postgresql://USER@HOST/DATABASE";
  target.settings.store.sqlite_file = Resolve(text.substr(kSqlite.size()), target);
  return "";
}

std::string TakeLanguages(const SettingValue& value, const SettingTarget& target) {
  const auto& tags = std::get<std::vector<std::string>>(value);
  if (tags.empty()) return "at least one language";
  for (const std::string& tag : tags) {
    if (!IsLanguageTag(tag)) return "language tags such as \"en\" or \"pt-BR\"";
    if (std::count(tags.begin(), tags.end(), tag) > 1) return "languages that differ";
  }
  target.programme->programme.languages = tags;
  return "";
}

std::string TakeTemplates(const SettingValue& value, const SettingTarget& target) {
  const auto& folders = std::get<std::vector<std::string>>(value);
  if (folders.empty()) return "at least one folder";
  std::vector<TemplateName>& names = target.programme->programme.templates;
  for (const std::string& folder : folders) {
    path resolved = Resolve(folder, target);
    if (!resolved.has_filename()) resolved = resolved.parent_path();
    const TemplateName name(resolved.filename().string());
    if (!IsName(name.str())) return "folders named with a-z, 0-9 and -, at most 64 characters";
    if (std::count(names.begin(), names.end(), name) > 0) return "folders of different names";
    names.push_back(name);
    target.programme->templates.push_back(std::move(resolved));
  }
  return "";
}

std::string TakeCurrency(const SettingValue& value, const SettingTarget& target) {
  const auto currency = Currency::Find(Text(value));
  if (!currency) return "a currency code of ISO 4217 such as \"EUR\"";
  target.programme->programme.currency = *currency;
  return "";
}

std::string TakeTimeZone(const SettingValue& value, const SettingTarget& target) {
  if (!calendar::TimeZone::Find(Text(value)).ok()) {
    return "a time zone of this machine such as \"Europe/Moscow\" (package tzdata)";
  }
  target.programme->programme.time_zone = Text(value);
  return "";
}

// "07:30" as minutes since midnight.
std::optional<std::chrono::minutes> MinuteOfDay(std::string_view text) {
  constexpr std::size_t kColon = 2;
  constexpr int kHours = 24, kMinutes = 60, kTen = 10;
  if (text.size() != 5 || text[kColon] != ':') return std::nullopt;
  for (const std::size_t at : {0U, 1U, 3U, 4U}) {
    if (!IsDigit(text[at])) return std::nullopt;
  }
  const auto number = [text](std::size_t at) {
    return (text[at] - '0') * kTen + (text[at + 1] - '0');
  };
  if (number(0) >= kHours || number(kColon + 1) >= kMinutes) return std::nullopt;
  return std::chrono::minutes(number(0) * kMinutes + number(kColon + 1));
}

std::string TakeQuietHours(const SettingValue& value, const SettingTarget& target) {
  constexpr std::size_t kDash = 5;  // "22:00-08:00"
  const std::string_view text = Text(value);
  target.programme->quiet_hours.reset();
  if (text.empty()) return "";
  constexpr const char* kAllowed = "two times that differ, such as \"22:00-08:00\", or \"\"";
  if (text.size() <= kDash || text[kDash] != '-') return kAllowed;
  const auto from = MinuteOfDay(text.substr(0, kDash));
  const auto to = MinuteOfDay(text.substr(kDash + 1));
  if (!from || !to || *from == *to) return kAllowed;
  target.programme->quiet_hours = DailyHours{*from, *to};
  return "";
}

std::string TakeApproval(const SettingValue& value, const SettingTarget& target) {
  for (const auto approval : {issuance::Approval::kRole, issuance::Approval::kAnotherPerson}) {
    if (Text(value) != issuance::Name(approval)) continue;
    target.programme->approval = approval;
    return "";
  }
  return "\"role\" or \"another_person\"";
}

AppleFiles& Apple(const SettingTarget& target) {
  if (!target.programme->apple) target.programme->apple.emplace();
  return *target.programme->apple;
}

GoogleFiles& Google(const SettingTarget& target) {
  if (!target.programme->google) target.programme->google.emplace();
  return *target.programme->google;
}

std::string TakeIssuerId(const SettingValue& value, const SettingTarget& target) {
  const std::string& text = Google(target).issuer_id = Text(value);
  if (text.empty() || text.size() > 20 || !AllOf(text, IsDigit))
    return "the digits that Google's console shows";
  Google(target).issuer_id = text;
  return "";
}

std::string TakeCheckDigit(const SettingValue& value, const SettingTarget& target) {
  cards::CheckDigit& check = target.programme->programme.card_number.check;
  if (Text(value) == "luhn") {
    check = cards::CheckDigit::kLuhn;
  } else if (Text(value) == "damm") {
    check = cards::CheckDigit::kDamm;
  } else if (Text(value) == "ean13") {
    check = cards::CheckDigit::kEan13;
  } else {
    return "\"luhn\", \"damm\" or \"ean13\"";
  }
  return "";
}

using V = const SettingValue&;
using T = const SettingTarget&;
constexpr auto kText = SettingType::kText;
constexpr auto kPath = SettingType::kPath;
constexpr auto kSecret = SettingType::kSecretPath;

const SettingRow kTable[] = {
    {"server.listen", kText, "\"127.0.0.1:8080\"", false, "HOST:PORT or unix:/PATH",
     "Where the server waits for the proxy in front of it.",
     [](V value, T target) -> std::string {
       const std::string& text = Text(value);
       const bool is_socket = text.substr(0, 6) == "unix:/" && text.size() > 6 && text.size() < 110;
       if (!is_socket && !IsHostAndPort(text)) return "HOST:PORT or unix:/PATH";
       target.settings.server.listen = text;
       return "";
     }},
    {"server.public_url", kText, "", true, "a URL that phones can reach",
     "What links, QR codes and passes begin with; it must not change while cards live.",
     TakePublicUrl},
    {"server.metrics_listen", kText, "\"127.0.0.1:9090\"", false, "HOST:PORT, or \"\" for none",
     "Where /metrics is served; never the public listener.",
     [](V value, T target) -> std::string {
       if (!Text(value).empty() && !IsHostAndPort(Text(value)))
         return "HOST:PORT, or \"\" for none";
       target.settings.server.metrics_listen = Text(value);
       return "";
     }},
    {"server.trusted_proxies", SettingType::kList, "[\"127.0.0.1\"]", false, "IP addresses",
     "Proxies whose X-Forwarded-For is believed.",
     [](V value, T target) -> std::string {
       const auto& proxies = std::get<std::vector<std::string>>(value);
       if (!std::all_of(proxies.begin(), proxies.end(), IsIpAddress)) return "IP addresses";
       target.settings.server.trusted_proxies = proxies;
       return "";
     }},
    {"store.url", kText, "\"sqlite:passmint.db\"", false,
     "sqlite:FILE or postgresql://USER@HOST/DATABASE", "The database.", TakeStoreUrl},
    {"store.connections", SettingType::kInteger, "16", false, "1 to 256",
     "The most connections of one process to PostgreSQL.",
     [](V value, T target) -> std::string {
       const std::int64_t count = std::get<std::int64_t>(value);
       if (count < 1 || count > 256) return "1 to 256";
       target.settings.store.connections = static_cast<int>(count);
       return "";
     }},
    {"store.checkpoint_dir", kPath, "\"checkpoints\"", false, "a folder",
     "Where signed checkpoints of the ledger are kept.",
     [](V value, T target) -> std::string {
       target.settings.store.checkpoint_dir = Resolve(Text(value), target);
       return "";
     }},
    {"secrets.master_key", kSecret, "\"secrets/master.key\"", false, "a file",
     "The keys from which pass and link secrets are derived; losing it loses every card.",
     [](V value, T target) -> std::string {
       target.settings.secrets.master_key = Resolve(Text(value), target);
       return Text(value).empty() ? "a file" : "";
     }},
    {"secrets.signing_key", kSecret, "\"secrets/checkpoint.key\"", false, "a file",
     "The Ed25519 key that signs the ledger's checkpoints.",
     [](V value, T target) -> std::string {
       target.settings.secrets.signing_key = Resolve(Text(value), target);
       return Text(value).empty() ? "a file" : "";
     }},
    {"apns.url", kText, "\"https://api.push.apple.com\"", false, "a URL that starts with https://",
     "Apple's push service.",
     [](V value, T target) { return TakeHttpsUrl(value, target.settings.apns.url); }},
    {"apns.time_lapse", SettingType::kInteger, "1", false, "1 to 100000",
     "For simulations: waits between pushes are so many times shorter. 1 where phones are real.",
     [](V value, T target) -> std::string {
       const std::int64_t lapse = std::get<std::int64_t>(value);
       if (lapse < 1 || lapse > 100'000) return "1 to 100000";
       target.settings.apns.time_lapse = static_cast<int>(lapse);
       return "";
     }},
    {"apns.ca_file", kPath, "\"\"", false, "a PEM file, or \"\"",
     "Extra trust for a test server; the system's otherwise.",
     [](V value, T target) -> std::string {
       target.settings.apns.ca_file = Resolve(Text(value), target);
       return "";
     }},
    {"google.api_url", kText, "\"https://walletobjects.googleapis.com\"", false,
     "a URL that starts with https://, or \"\"",
     "Google's Wallet API; \"\": nothing is sent to Google, links carry the cards.",
     [](V value, T target) -> std::string {
       std::string& url = target.settings.google.api_url;
       url.clear();
       if (Text(value).empty()) return "";
       std::string refusal = TakeGoogleUrl(value, url);
       while (!url.empty() && url.back() == '/') url.pop_back();
       return refusal;
     }},
    {"google.token_url", kText, "\"https://oauth2.googleapis.com/token\"", false,
     "a URL that starts with https://", "Where access tokens for it come from.",
     [](V value, T target) { return TakeGoogleUrl(value, target.settings.google.token_url); }},
    {"google.save_url", kText, "\"https://pay.google.com/gp/v/save/\"", false,
     "a URL that starts with https://", "What the links of Google's button begin with.",
     [](V value, T target) { return TakeGoogleUrl(value, target.settings.google.save_url); }},
    {"google.keys_url", kText, "\"https://pay.google.com/gp/m/issuer/keys\"", false,
     "a URL that starts with https://", "Where the root keys of Google's callbacks come from.",
     [](V value, T target) { return TakeGoogleUrl(value, target.settings.google.keys_url); }},
    {"google.ca_file", kPath, "\"\"", false, "a PEM file, or \"\"",
     "Extra trust for a test server; the system's otherwise.",
     [](V value, T target) -> std::string {
       target.settings.google.ca_file = Resolve(Text(value), target);
       return "";
     }},

    {"programme.id", kText, "", true, "a-z, 0-9 and -, at most 64 characters",
     "Its name in keys, commands and paths; it must never change.",
     [](V value, T target) -> std::string {
       if (!IsName(Text(value))) return "a-z, 0-9 and -, at most 64 characters";
       target.programme->programme.id = ProgrammeId(Text(value));
       return "";
     }},
    {"programme.name", kText, "", true, "1 to 100 characters", "Its name for people.",
     [](V value, T target) -> std::string {
       if (Text(value).empty() || Text(value).size() > 400) return "1 to 100 characters";
       target.programme->programme.name = Text(value);
       return "";
     }},
    {"programme.currency", kText, "", true, "a currency code of ISO 4217",
     "The currency of its orders.", TakeCurrency},
    {"programme.time_zone", kText, "", true, "an IANA time zone", "Where its days begin.",
     TakeTimeZone},
    {"programme.quiet_hours", kText, "\"\"", false, "\"HH:MM-HH:MM\" in its time zone, or \"\"",
     "When phones are left alone: iPhones are told afterwards, Google does not notify.",
     TakeQuietHours},
    {"programme.approval", kText, "\"role\"", false, "\"role\" or \"another_person\"",
     "Who publishes a draft: any key of role approver, or one that did not make its last change.",
     TakeApproval},
    {"programme.region", kText, "", true, "two capital letters of ISO 3166",
     "The country in which phone numbers without + are read.",
     [](V value, T target) -> std::string {
       if (Text(value).size() != 2 || !AllOf(Text(value), IsUpper))
         return "two capital letters such as \"RU\"";
       target.programme->programme.region = Text(value);
       return "";
     }},
    {"programme.languages", SettingType::kList, "", true, "language tags",
     "Languages of its pages; the first is the fallback.", TakeLanguages},
    {"programme.templates", SettingType::kList, "", true, "template folders",
     "Imported when the store has none; the first is used when an order names none.",
     TakeTemplates},
    {"programme.rules", kPath, "\"\"", false, "a JSON file, or \"\"",
     "Its earning and burning rules, imported when the store has none.",
     [](V value, T target) -> std::string {
       target.programme->rules = Resolve(Text(value), target);
       return "";
     }},
    {"programme.apple.certificate", kPath, "", false, "a PEM, DER or .p12 file",
     "The Pass Type ID certificate; without it there are no Apple passes.",
     [](V value, T target) -> std::string {
       Apple(target).certificate = Resolve(Text(value), target);
       return Text(value).empty() ? "a PEM, DER or .p12 file" : "";
     }},
    {"programme.apple.key", kSecret, "\"\"", false, "a PEM or DER file",
     "Its private key; left out for a .p12 file, which has it inside.",
     [](V value, T target) -> std::string {
       Apple(target).key = Resolve(Text(value), target);
       return "";
     }},
    {"programme.apple.wwdr", kPath, "", false, "a folder or file of certificates",
     "Apple's intermediates; the one that issued the certificate is chosen.",
     [](V value, T target) -> std::string {
       Apple(target).wwdr = Resolve(Text(value), target);
       return Text(value).empty() ? "a folder or file of certificates" : "";
     }},
    {"programme.apple.passphrase_file", kSecret, "\"\"", false, "a file, or \"\"",
     "Holds the passphrase of the key or the .p12 file on one line.",
     [](V value, T target) -> std::string {
       Apple(target).passphrase_file = Resolve(Text(value), target);
       return "";
     }},
    {"programme.google.service_account", kSecret, "", false, "a JSON key file",
     "The service account's key file; without it there are no Google cards.",
     [](V value, T target) -> std::string {
       Google(target).service_account = Resolve(Text(value), target);
       return Text(value).empty() ? "a JSON key file" : "";
     }},
    {"programme.google.issuer_id", kText, "", false, "digits",
     "The issuer id of Google's Pay & Wallet console.", TakeIssuerId},
    {"programme.given_per_day", SettingType::kInteger, "", false, "1 to 9007199254740991",
     "What a key that is no admin's may give by hand in a day, points; left out: no limit.",
     [](V value, T target) -> std::string {
       const std::int64_t points = std::get<std::int64_t>(value);
       if (points < 1 || points > Points::kMax) return "1 to 9007199254740991";
       target.programme->programme.given_per_day = points;
       return "";
     }},
    {"programme.card_number.prefix", kText, "\"9\"", false, "digits",
     "What card numbers begin with; 9 belongs to no payment network.",
     [](V value, T target) -> std::string {
       if (!AllOf(Text(value), IsDigit)) return "digits";
       target.programme->programme.card_number.prefix = Text(value);
       return "";
     }},
    {"programme.card_number.length", SettingType::kInteger, "16", false, "8 to 19",
     "Their length with prefix and check digit.",
     [](V value, T target) -> std::string {
       const std::int64_t length = std::get<std::int64_t>(value);
       if (length < 8 || length > 19) return "8 to 19";
       target.programme->programme.card_number.length = static_cast<int>(length);
       return "";
     }},
    {"programme.card_number.check", kText, "\"luhn\"", false, "\"luhn\", \"damm\" or \"ean13\"",
     "How the last digit is made from the others.", TakeCheckDigit},
};

}  // namespace

std::span<const SettingRow> SettingTable() { return kTable; }

std::string_view Name(SettingType type) {
  switch (type) {
    case SettingType::kText:
      return "text";
    case SettingType::kInteger:
      return "whole number";
    case SettingType::kList:
      return "list of texts";
    case SettingType::kPath:
      return "path";
    case SettingType::kSecretPath:
      return "path of a secret file";
  }
  return "";
}

}  // namespace passmint::app
