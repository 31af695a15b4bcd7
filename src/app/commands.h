#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/console.h"
#include "base/result.h"

// What each verb of the command line does. cli.cc fills the options from the arguments; an empty
// text means that the option was not given. All may be slow and are for one thread. A failure is
// printed by the caller, who ends with 1.
namespace passmint::app {

inline constexpr char kDefaultConfig[] = "passmint.toml";

// Which site and programme a verb is about. Without a programme it is the only or first one.
struct SiteChoice {
  std::string config;
  std::string programme;
};

struct InitOptions {
  std::string folder;
  std::string listen = "127.0.0.1:8080";
  std::string metrics_listen = "127.0.0.1:9090";
  std::string public_url;  // Default: http://LISTEN.
};
Status RunInit(const InitOptions& options, const Console& console);

struct CheckOptions {
  std::string config = kDefaultConfig;
  bool explain = false;
};
Status RunCheck(const CheckOptions& options, const Console& console);

struct ServeOptions {
  std::string config = kDefaultConfig;
};
Status RunServe(const ServeOptions& options, const Console& console);

struct CertCsrOptions {
  std::string key = "pass.key";
  std::string output = "pass.csr";
  std::string name = "Passmint";
  std::string email;
};
Status RunCertCsr(const CertCsrOptions& options, const Console& console);

struct CertImportOptions {
  std::string certificate;
  std::string key;
  std::string passphrase_file;
  std::vector<std::string> wwdr;
  std::string output = "certs";
};
Status RunCertImport(const CertImportOptions& options, const Console& console);

struct CertShowOptions {
  std::string file;
  std::string passphrase_file;
};
Status RunCertShow(const CertShowOptions& options, const Console& console);

struct KeyCreateOptions {
  SiteChoice site = {kDefaultConfig, ""};
  std::string name;
  std::vector<std::string> roles;
  std::string source;  // Empty: as `name`.
  std::string member;  // Whose key it is; empty: nobody's.
};
Status RunKeyCreate(const KeyCreateOptions& options, const Console& console);

struct KeyListOptions {
  SiteChoice site = {kDefaultConfig, ""};
};
Status RunKeyList(const KeyListOptions& options, const Console& console);

struct KeyRevokeOptions {
  SiteChoice site = {kDefaultConfig, ""};
  std::string id;
};
Status RunKeyRevoke(const KeyRevokeOptions& options, const Console& console);

struct TemplateOptions {
  std::string folder;
  SiteChoice site;
  std::string data;    // A data file (app/card_data.h), or
  std::string sample;  // the name of a sample member.
  std::string output;
};
Status RunTemplateLint(const TemplateOptions& options, const Console& console);
Status RunTemplateRender(const TemplateOptions& options, const Console& console);
Status RunTemplatePreview(const TemplateOptions& options, const Console& console);
Status RunTemplateVariables(const TemplateOptions& options, const Console& console);

struct PassBuildOptions {
  TemplateOptions design;
  std::string certificate;  // With key and wwdr instead of a site's settings.
  std::string key;
  std::string wwdr;
  std::string passphrase_file;
  std::string serial;
  bool unassigned = false;  // Printed stock: the pass brings the template's sign-up form.
  int repeat = 1;
  int threads = 1;
};
Status RunPassBuild(const PassBuildOptions& options, const Console& console);

struct PassVerifyOptions {
  std::string file;
  std::string root;
  bool json = false;
};
Status RunPassVerify(const PassVerifyOptions& options, const Console& console);

struct SimulateGoogleOptions {
  std::string listen = "127.0.0.1:9100";
  int requests_per_second = 20;  // Google's limit.
};
// Returns when the process is told to stop.
Status RunSimulateGoogle(const SimulateGoogleOptions& options, const Console& console);

struct GoogleJwtOptions {
  TemplateOptions design;
  std::string suffix;
  std::string language;  // Of a link that has room for one only; empty: the template's first.
  bool link = false;
};
Status RunGoogleJwt(const GoogleJwtOptions& options, const Console& console);

struct QrOptions {
  std::string text;
};
Status RunQr(const QrOptions& options, const Console& console);

struct LedgerOptions {
  std::string config = kDefaultConfig;
  std::string format = "jsonl";  // Of export: "jsonl", "csv".
  std::string programme;         // Of export; empty: all.
  std::string output = "-";      // Of export.
};
// Proves the journals, balances and checkpoints while the service runs. Fails with kConflict if
// anything is wrong; what is wrong stands on standard output.
Status RunLedgerVerify(const LedgerOptions& options, const Console& console);
Status RunLedgerExport(const LedgerOptions& options, const Console& console);
Status RunLedgerCheckpoint(const LedgerOptions& options, const Console& console);
Status RunLedgerConfirmClock(const LedgerOptions& options, const Console& console);
Status RunLedgerAcceptLoss(const LedgerOptions& options, const Console& console);

struct LedgerImportOptions {
  SiteChoice site = {kDefaultConfig, ""};
  std::string file;    // Lines of import_line.h.
  bool check = false;  // Look at the file and write nothing.
};
// Takes in members with their points and old orders. A file with a wrong line is refused whole;
// what the store refuses (a card number that is taken) is said line by line, the rest is imported.
// Safe to run again. Fails with kInvalidArgument or kConflict.
Status RunLedgerImport(const LedgerImportOptions& options, const Console& console);

struct SimulateApnsOptions {
  std::string listen = "127.0.0.1:0";
  std::string ca_file = "fake-apns-ca.pem";
  std::uint32_t streams_max = 1000;
  bool knows_tokens = false;
  std::string anonymous_pass_type;
};
// Serves until standard input ends; src/simulate/fake_apns_tool.h says what is spoken there.
Status RunSimulateApns(const SimulateApnsOptions& options, const Console& console);

struct BackupOptions {
  std::string config = kDefaultConfig;
  std::string file;
};
Status RunBackup(const BackupOptions& options, const Console& console);
Status RunRestore(const BackupOptions& options, const Console& console);

}  // namespace passmint::app
