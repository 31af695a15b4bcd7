// P01 required keys, P02 styles, P03 identifiers, P15 web service, P27 serial, P29 expiry.

#include <algorithm>

#include "apple/internal/pass_rules.h"

namespace passmint::apple::internal {
namespace {

constexpr std::size_t kTokenCharactersMin = 16;   // Apple reference 2.3.
constexpr std::size_t kSerialCharactersMax = 64;  // Apple reference 4.6.

void CheckRequired(RuleReport& report) {
  const Json* version = Find(report.json(), "formatVersion");
  if (version == nullptr || *version != Json(1)) {
    report.Error("P01", "/formatVersion",
                 version == nullptr ? "formatVersion is missing" : "formatVersion is not 1",
                 "write \"formatVersion\": 1");
  }
  for (const char* key : {"passTypeIdentifier", "serialNumber", "teamIdentifier",
                          "organizationName", "description"}) {
    const Json* value = Find(report.json(), key);
    const bool is_empty =
        value != nullptr && value->is_string() && TextOf(report.json(), key).empty();
    if (value != nullptr && !is_empty) continue;
    report.Error("P01", std::string("/") + key,
                 std::string(key) + (is_empty ? " is empty" : " is missing"),
                 "every pass needs a text there");
  }
}

// A text that is a key may be empty in one language alone.
void CheckRequiredTranslations(RuleReport& report) {
  for (const char* key : {"organizationName", "description"}) {
    const std::string text = TextOf(report.json(), key);
    for (const LanguageStrings& strings : report.file().strings) {
      const auto found = strings.texts.find(text);
      if (found == strings.texts.end() || !found->second.empty()) continue;
      report.Error("P01", std::string("/") + key,
                   std::string(key) + " is empty in language " + strings.language, "translate it");
    }
  }
}

void CheckStyles(RuleReport& report) {
  const std::vector<std::string> styles = StylesOf(report.json());
  const auto classic = std::count_if(
      styles.begin(), styles.end(), [](const std::string& style) { return IsClassicStyle(style); });
  if (classic == 1) return;
  if (classic == 0 && !styles.empty()) {
    report.Warn("P02", "/posterGeneric",
                "posterGeneric stands alone: iOS 26 and earlier cannot "
                "install this pass",
                "put a classic style such as storeCard beside it");
    return;
  }
  std::string found;
  for (const std::string& style : styles) found += (found.empty() ? "" : ", ") + style;
  report.Error("P02", classic == 0 ? "" : '/' + styles[0],
               classic == 0 ? "the pass has no style" : "the pass has several styles: " + found,
               "exactly one of boardingPass, coupon, eventTicket, generic, storeCard");
}

void CheckIdentifiers(RuleReport& report) {
  const std::string type = TextOf(report.json(), "passTypeIdentifier");
  if (!type.empty() && !type.starts_with("pass.")) {
    report.Error("P03", "/passTypeIdentifier", type + " does not start with \"pass.\"",
                 "use the identifier of the certificate");
  }
  if (type.starts_with("com.apple.") || type.starts_with("pass.com.apple.")) {
    report.Error("P03", "/passTypeIdentifier", type + " is reserved for Apple",
                 "register an identifier of your own");
  }
  const auto compare = [&report](const char* key, const std::string& wanted,
                                 const char* attribute) {
    const std::string found = TextOf(report.json(), key);
    if (wanted.empty() || found.empty() || found == wanted) return;
    report.Error("P03", std::string("/") + key,
                 found + " is not the certificate's " + attribute + ' ' + wanted,
                 "sign with the certificate of this identifier, or write " + wanted);
  };
  compare("passTypeIdentifier", report.file().pass_type, "UID");
  compare("teamIdentifier", report.file().team, "OU");
}

bool IsLoopback(std::string_view url) {
  for (const std::string_view start : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    if (url.starts_with(start)) return true;
  }
  return false;
}

void CheckWebServiceUrl(RuleReport& report, const std::string& url) {
  if (IsLoopback(url)) {
    report.Warn("P15", "/webServiceURL", url + " is this machine: no phone will get updates",
                "set server.public_url to the https address that phones reach");
  } else if (!url.starts_with("https://")) {
    report.Error("P15", "/webServiceURL", url + " is not https: phones refuse it",
                 "set server.public_url to an https address");
  }
  const std::string serial = TextOf(report.json(), "serialNumber");
  if (!serial.empty() && url.find(serial) != std::string::npos) {
    report.Warn("P15", "/webServiceURL",
                "the URL contains the serial number: each pass would "
                "register as a device of its own",
                "use the same URL for all passes");
  }
}

void CheckWebService(RuleReport& report) {
  const Json* url = Find(report.json(), "webServiceURL");
  const Json* token = Find(report.json(), "authenticationToken");
  if (url != nullptr && token == nullptr) {
    report.Error("P15", "/webServiceURL", "webServiceURL without authenticationToken",
                 "add authenticationToken");
  }
  if (url == nullptr && token != nullptr) {
    report.Warn("P15", "/authenticationToken", "authenticationToken without webServiceURL",
                "add webServiceURL, or remove the token");
  }
  if (token != nullptr &&
      TextOf(report.json(), "authenticationToken").size() < kTokenCharactersMin) {
    report.Error("P15", "/authenticationToken", "the token is shorter than 16 characters",
                 "use at least 16 random characters");
  }
  if (url != nullptr && url->is_string()) CheckWebServiceUrl(report, url->get<std::string>());
}

void CheckSerial(RuleReport& report) {
  const std::string serial = TextOf(report.json(), "serialNumber");
  const bool is_safe = std::all_of(serial.begin(), serial.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("._~-").find(c) != std::string_view::npos;
  });
  if (is_safe && serial.size() <= kSerialCharactersMax) return;
  report.Warn("P27", "/serialNumber",
              "the serial number " + Shown(Json(serial)) + " is hard to carry in a URL",
              "use at most 64 of 0-9 A-Z a-z . _ ~ -");
}

void CheckExpiry(RuleReport& report) {
  const auto expires = ParseWalletDate(TextOf(report.json(), "expirationDate"));
  if (expires && report.file().now && *expires < *report.file().now) {
    report.Warn("P29", "/expirationDate",
                "the pass expired at " + TextOf(report.json(), "expirationDate"),
                "choose a date to come, or leave it out");
  }
  const Json* voided = Find(report.json(), "voided");
  if (voided != nullptr && *voided == Json(true)) {
    report.Warn("P29", "/voided", "the pass is voided: it shows greyed out",
                "leave it out while the card is in use");
  }
}

}  // namespace

void CheckIdentity(RuleReport& report) {
  CheckRequired(report);
  CheckRequiredTranslations(report);
  CheckStyles(report);
  CheckIdentifiers(report);
  CheckWebService(report);
  CheckSerial(report);
  CheckExpiry(report);
}

}  // namespace passmint::apple::internal
