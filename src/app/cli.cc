#include "app/cli.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cctype>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "app/card_commands.h"
#include "app/commands.h"
#include "app/internal/cli_verbs.h"
#include "base/nearest.h"

#ifndef PASSMINT_VERSION
#define PASSMINT_VERSION "unknown"
#endif

namespace passmint::app {
namespace {

// Fits a terminal of 80 x 24; tests/functional/cli counts.
constexpr char kHelp[] =
    R"(passmint turns paid orders into loyalty cards in Apple Wallet and Google Wallet.

Usage:
  passmint init DIR            make a site: settings, keys, test certificates
  passmint check               what serve would refuse, and what expires when
  passmint serve               run the site
  passmint cert csr|import|show           Apple's certificate, without a Mac
  passmint key create|list|revoke         keys for shops, designers, operators
  passmint template lint|render|preview|variables|import|pull|push|watch design
  passmint programme lint|replay|apply|history   rules that points are earned by
  passmint card trace NUMBER   why has this card not updated?
  passmint pass build|verify   make a signed bundle, or say what is wrong in one
  passmint google jwt          make a Save to Google Wallet token
  passmint ledger verify|export|import|checkpoint|confirm-clock|accept-loss
  passmint backup FILE         everything in the store, while it serves
  passmint restore FILE        the same, into an empty store
  passmint qr TEXT             show a QR code in the terminal
  passmint simulate apns|google           stand-ins, to try things out with

Options:
  --config FILE   settings (default: passmint.toml); see also VERB --help

Example:
  $ passmint init site && passmint serve --config site/passmint.toml
)";

// All options of all verbs, which CLI11 writes into.
struct Options {
  InitOptions init;
  CheckOptions check;
  ServeOptions serve;
  CertCsrOptions cert_csr;
  CertImportOptions cert_import;
  CertShowOptions cert_show;
  KeyCreateOptions key_create;
  KeyListOptions key_list;
  KeyRevokeOptions key_revoke;
  TemplateVerbs templates;
  PassBuildOptions pass_build;
  PassVerifyOptions pass_verify;
  GoogleJwtOptions google_jwt;
  QrOptions qr;
  LedgerVerbs ledger;
  BackupOptions backup;
  CardTraceOptions card_trace;
  SimulateVerbs simulate;
  ProgrammeOptions programme;
};

void AddSiteVerbs(CLI::App& app, Run& run, Options& options) {
  CLI::App* init = AddVerb(app, "init", "Makes a new site in an empty folder.", "init site", run,
                           &RunInit, options.init);
  init->add_option("DIR", options.init.folder, "Folder of the site")->required();
  init->add_option("--listen", options.init.listen, "Where to serve")
      ->type_name("ADDR:PORT")
      ->capture_default_str();
  init->add_option("--metrics-listen", options.init.metrics_listen, "Where /metrics is served")
      ->type_name("ADDR:PORT")
      ->capture_default_str();
  init->add_option("--public-url", options.init.public_url, "What links begin with (http://LISTEN)")
      ->type_name("URL");

  CLI::App* check = AddVerb(app, "check", "Says what serve would refuse. Writes nothing.",
                            "check --config site/passmint.toml", run, &RunCheck, options.check);
  AddConfig(*check, options.check.config);
  check->add_flag("--explain", options.check.explain, "Print every setting and its meaning");

  CLI::App* serve = AddVerb(app, "serve", "Runs the site until SIGTERM or Ctrl-C.",
                            "serve --config site/passmint.toml", run, &RunServe, options.serve);
  AddConfig(*serve, options.serve.config);

  CLI::App* qr = AddVerb(app, "qr", "Shows a QR code in the terminal.",
                         "qr https://cards.example.com/c/0123", run, &RunQr, options.qr);
  qr->add_option("TEXT", options.qr.text, "What it says")->required();
}

void AddCertVerbs(CLI::App& app, Run& run, Options& options) {
  CLI::App* cert = AddGroup(app, "cert", "Gets, takes in and shows Apple's certificates.");
  CLI::App* csr =
      AddVerb(*cert, "csr", "Makes a private key and the request for Apple.",
              "cert csr --key pass.key --output pass.csr", run, &RunCertCsr, options.cert_csr);
  csr->add_option("--key", options.cert_csr.key, "New private key")
      ->type_name("FILE")
      ->capture_default_str();
  csr->add_option("--output", options.cert_csr.output, "The request")
      ->type_name("FILE")
      ->capture_default_str();
  csr->add_option("--name", options.cert_csr.name, "Common name; Apple ignores it")
      ->capture_default_str();
  csr->add_option("--email", options.cert_csr.email, "Your address; Apple ignores it");

  CertImportOptions& in = options.cert_import;
  CLI::App* import = AddVerb(*cert, "import", "Checks what Apple sent and puts it into a site.",
                             "cert import pass.cer --key pass.key --wwdr AppleWWDRCAG4.cer \\\n"
                             "      --output site/certs",
                             run, &RunCertImport, in);
  import->add_option("FILE", in.certificate, "The certificate: .cer, .pem or .p12")->required();
  import->add_option("--key", in.key, "Its private key; not with .p12")->type_name("FILE");
  import->add_option("--passphrase-file", in.passphrase_file, "Opens the key or the .p12")
      ->type_name("FILE");
  import->add_option("--wwdr", in.wwdr, "Apple's intermediates: files or folders")
      ->type_name("PATH");
  import->add_option("--output", in.output, "Folder to write into")
      ->type_name("DIR")
      ->capture_default_str();

  CLI::App* show = AddVerb(*cert, "show", "Says what a certificate, key or .p12 file is.",
                           "cert show site/certs/pass.pem", run, &RunCertShow, options.cert_show);
  show->add_option("FILE", options.cert_show.file, "PEM, DER or PKCS#12")->required();
  show->add_option("--passphrase-file", options.cert_show.passphrase_file, "Opens it")
      ->type_name("FILE");
}

void AddKeyVerbs(CLI::App& app, Run& run, Options& options) {
  CLI::App* key = AddGroup(app, "key", "API keys of shops, designers and operators.");
  KeyCreateOptions& make = options.key_create;
  CLI::App* create = AddVerb(
      *key, "create", "Makes a key and prints it once, alone on standard output.",
      "key create --config site/passmint.toml --name web --role shop", run, &RunKeyCreate, make);
  AddSite(*create, make.site);
  create->add_option("--name", make.name, "Who it is for")->required();
  create->add_option("--role", make.roles, "shop, designer, approver, operator, admin")
      ->required()
      ->delimiter(',')
      ->type_name("R[,R]");
  create->add_option("--source", make.source, "Default source of its orders")
      ->capture_default_str();
  create->add_option("--member", make.member, "Whose key it is: gives nothing to that member")
      ->type_name("ID");

  CLI::App* list =
      AddVerb(*key, "list", "Lists keys without their secrets.",
              "key list --config site/passmint.toml", run, &RunKeyList, options.key_list);
  AddSite(*list, options.key_list.site);
  CLI::App* revoke = AddVerb(*key, "revoke", "Ends a key at once.",
                             "key revoke --config site/passmint.toml 3kTq0Yx1LmNz", run,
                             &RunKeyRevoke, options.key_revoke);
  AddSite(*revoke, options.key_revoke.site);
  revoke->add_option("ID", options.key_revoke.id, "As key list prints it")->required();
}

void AddCardVerbs(CLI::App& app, Run& run, Options& options) {
  CLI::App* card = AddGroup(app, "card", "Cards in customers' phones.");
  CLI::App* trace = AddVerb(*card, "trace", "Says how far a card's last change has got.",
                            "card trace 9000418273650197 --config site/passmint.toml", run,
                            &RunCardTrace, options.card_trace);
  trace->add_option("NUMBER", options.card_trace.number, "The card's number")->required();
  AddSite(*trace, options.card_trace.site);
}

void AddPassVerbs(CLI::App& app, Run& run, Options& options) {
  CLI::App* pass = AddGroup(app, "pass", "Apple bundles.");
  PassBuildOptions& make = options.pass_build;
  CLI::App* build = AddVerb(*pass, "build", "Makes a signed .pkpass bundle.",
                            "pass build --config site/passmint.toml --output card.pkpass \\\n"
                            "      --template site/templates/points",
                            run, &RunPassBuild, make);
  build->add_option("--template", make.design.folder, "The template's folder")
      ->required()
      ->type_name("DIR");
  build->add_option("--output", make.design.output, "The bundle, or -")
      ->required()
      ->type_name("FILE");
  AddData(*build, make.design);
  build->add_option("--certificate", make.certificate, "Sign with this instead of a site's")
      ->type_name("FILE");
  build->add_option("--key", make.key, "Its private key")->type_name("FILE");
  build->add_option("--wwdr", make.wwdr, "Apple's intermediates")->type_name("PATH");
  build->add_option("--passphrase-file", make.passphrase_file, "Opens key or .p12")
      ->type_name("FILE");
  build->add_option("--serial", make.serial, "Serial number (default: random)")->type_name("TEXT");
  build->add_flag("--unassigned", make.unassigned,
                  "As printed stock, nobody's yet: with the sign-up form");
  build->add_option("--repeat", make.repeat, "Build N passes and print passes a second")
      ->check(CLI::Range(1, 10'000'000))
      ->type_name("N");
  build->add_option("--threads", make.threads, "with T threads")
      ->check(CLI::Range(1, 256))
      ->type_name("T");

  CLI::App* verify = AddVerb(*pass, "verify", "Says what is wrong with a bundle, ours or not.",
                             "pass verify card.pkpass", run, &RunPassVerify, options.pass_verify);
  verify->add_option("FILE", options.pass_verify.file, "A .pkpass, or -")->required();
  verify->add_option("--root", options.pass_verify.root, "Roots that its chain must end at")
      ->type_name("FILE");
  verify->add_flag("--json", options.pass_verify.json, "Print JSON");
}

void AddGoogleVerbs(CLI::App& app, Run& run, Options& options) {
  CLI::App* google = AddGroup(app, "google", "Google Wallet.");
  GoogleJwtOptions& make = options.google_jwt;
  CLI::App* jwt =
      AddVerb(*google, "jwt", "Makes a Save to Google Wallet token with the card inside.",
              "google jwt --config site/passmint.toml \\\n"
              "      --template site/templates/points",
              run, &RunGoogleJwt, make);
  jwt->add_option("--template", make.design.folder, "The template's folder")
      ->required()
      ->type_name("DIR");
  AddData(*jwt, make.design);
  jwt->add_option("--language", make.language,
                  "Of a link with room for one (default: the template's first)");
  jwt->add_option("--suffix", make.suffix, "End of the object's id (default: random)")
      ->type_name("TEXT");
  jwt->add_flag("--link", make.link, "Print the whole link");
}

// The verbs that `level` offers.
std::vector<std::string> Verbs(const CLI::App& level) {
  std::vector<std::string> verbs;
  for (const CLI::App* verb : level.get_subcommands({})) verbs.push_back(verb->get_name());
  return verbs;
}

// CLI11 writes sentences; ours are lower-case phrases. Of a verb that there is not it only says
// that one is missing.
int ReportUsage(const CLI::ParseError& failure, const CLI::App& app, const Console& console,
                std::span<const char* const> arguments) {
  std::string text = failure.what();
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  std::string typed = "passmint";
  std::size_t depth = 1;  // Of the first argument that is no verb.
  const CLI::App* level = &app;
  for (; !level->get_subcommands().empty(); ++depth) {
    level = level->get_subcommands().front();
    typed += " " + level->get_name();
  }
  const std::vector<std::string> verbs = Verbs(*level);
  if (!verbs.empty() && depth < arguments.size() && arguments[depth][0] != '-') {
    text = fmt::format("there is no verb \"{} {}\"; the nearest is {}", typed, arguments[depth],
                       Nearest(arguments[depth], verbs));
  }
  console.Report(
      {.code = ErrorCode::kInvalidArgument, .message = text, .hint = "see " + typed + " --help"});
  return 2;
}

}  // namespace

int RunCommandLine(int argument_count, const char* const* arguments, const Console& console) {
  Run run;
  Options options;
  CLI::App app("", "passmint");
  app.set_help_flag("--help,-h", "Print this help");
  app.set_version_flag("--version", std::string("passmint ") + PASSMINT_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(30);
  AddSiteVerbs(app, run, options);
  AddCertVerbs(app, run, options);
  AddKeyVerbs(app, run, options);
  AddLedgerVerbs(app, run, options.ledger);
  AddBackupVerbs(app, run, options.backup);
  AddTemplateVerbs(app, run, options.templates);
  AddProgrammeVerbs(app, run, options.programme);
  AddCardVerbs(app, run, options);
  AddPassVerbs(app, run, options);
  AddGoogleVerbs(app, run, options);
  AddSimulateVerbs(app, run, options.simulate);

  try {
    app.parse(argument_count, arguments);
  } catch (const CLI::CallForHelp&) {
    console.out << (app.get_subcommands().empty() ? std::string(kHelp) : app.help());
    return 0;
  } catch (const CLI::CallForVersion&) {
    console.out << "passmint " PASSMINT_VERSION "\n";
    return 0;
  } catch (const CLI::ParseError& failure) {
    return ReportUsage(failure, app, console,
                       {arguments, static_cast<std::size_t>(argument_count)});
  }

  Status done = run(console);
  console.out.flush();
  if (done.ok() && !console.out) {
    done = Error{.code = ErrorCode::kUnavailable, .message = "cannot write to standard output"};
  }
  if (done.ok()) return 0;
  console.Report(done.error());
  return 1;
}

}  // namespace passmint::app
