#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "app/commands.h"
#include "app/files.h"
#include "app/init_settings.h"
#include "app/settings.h"
#include "app/shipped_templates.h"
#include "app/system_clock.h"
#include "crypto/digest.h"
#include "crypto/master_key.h"
#include "crypto/system_random.h"
#include "crypto/test_authority.h"
#include "json/json.h"

namespace passmint::app {
namespace {

namespace fs = std::filesystem;

constexpr char kDemoPassType[] = "pass.com.example.passmint";
constexpr char kDemoTeam[] = "TEST123456";
constexpr std::chrono::days kDemoLifetime{365};  // Nothing real; long enough to try things out.

// One step of making the site, in the order of making.
class Maker {
 public:
  Maker(const InitOptions& options, const Console& console)
      : options_(options), console_(console), folder_(options.folder) {}

  Status Make() {
    const std::pair<const char*, Status (Maker::*)()> steps[] = {
        {"folders", &Maker::MakeSiteFolders},
        {"master key and checkpoint key", &Maker::MakeKeys},
        {"test certificates for Apple", &Maker::MakeCertificates},
        {"test service account for Google", &Maker::MakeServiceAccount},
        {"templates", &Maker::CopyTemplates},
        {"settings", &Maker::WriteSettings},
    };
    int number = 0;
    for (const auto& [name, step] : steps) {
      console_.Progress(fmt::format("[{}/{}] {}", ++number, std::size(steps), name));
      if (Status done = (this->*step)(); !done.ok()) return done;
    }
    return {};
  }

 private:
  Status MakeSiteFolders() {
    std::error_code failure;
    if (fs::exists(folder_, failure) && !fs::is_empty(folder_, failure)) {
      return Error{.code = ErrorCode::kConflict,
                   .message = folder_.string() + ": is not empty",
                   .hint = "name a folder that does not exist yet"};
    }
    for (const char* name : {"secrets", "certs/wwdr", "templates"}) {
      if (Status made = MakeFolders(folder_ / name); !made.ok()) return made;
    }
    fs::permissions(folder_ / "secrets", fs::perms::owner_all, failure);
    return {};
  }

  Status MakeKeys() {
    crypto::SystemRandom random;
    const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now_));
    // The id says when the key was made, which is all that an operator with two of them asks.
    const std::string key_id = fmt::format("k{}{:02}", int(today.year()), unsigned(today.month()));
    if (Status wrote = WriteNewSecretFile(folder_ / "secrets/master.key",
                                          crypto::MakeMasterKeyLine(key_id, random));
        !wrote.ok()) {
      return wrote;
    }
    auto key = crypto::GenerateEd25519();
    if (!key.ok()) return std::move(key).error();
    return WriteNewSecretFile(folder_ / "secrets/checkpoint.key", key.value().ToPem());
  }

  Status MakeCertificates() {
    const Timestamp from = now_ - std::chrono::days(1);
    auto authority =
        crypto::TestAuthority::Create({.not_before = from, .not_after = now_ + 10 * kDemoLifetime});
    if (!authority.ok()) return std::move(authority).error();
    auto issued = authority.value().Issue({.pass_type = PassTypeIdentifier(kDemoPassType),
                                           .team = TeamIdentifier(kDemoTeam),
                                           .nfc = false,
                                           .not_before = from,
                                           .not_after = now_ + kDemoLifetime});
    if (!issued.ok()) return std::move(issued).error();
    const fs::path certs = folder_ / "certs";
    if (Status wrote = WriteNewSecretFile(certs / "pass.key", issued.value().key.ToPem());
        !wrote.ok())
      return wrote;
    const std::pair<fs::path, const crypto::Certificate&> files[] = {
        {certs / "pass.pem", issued.value().certificate},
        {certs / "wwdr/test-g4.pem", authority.value().intermediate()},
        {certs / "test-root.pem", authority.value().root()}};
    for (const auto& [file, certificate] : files) {
      if (Status wrote = WriteNewFile(file, certificate.ToPem()); !wrote.ok()) return wrote;
    }
    return {};
  }

  // The file that Google's console would give, with a key that Google has never seen.
  Status MakeServiceAccount() {
    auto key = crypto::GenerateRsa2048();
    if (!key.ok()) return std::move(key).error();
    const Json account = {{"type", "service_account"},
                          {"project_id", "passmint-test"},
                          {"private_key_id", crypto::Sha1Hex(key.value().PublicKeyPem())},
                          {"private_key", key.value().ToPem().RevealForSerialization()},
                          {"client_email", "passmint@passmint-test.iam.gserviceaccount.com"},
                          {"client_id", "100000000000000000000"},
                          {"auth_uri", "https://accounts.google.com/o/oauth2/auth"},
                          {"token_uri", "https://oauth2.googleapis.com/token"},
                          {"universe_domain", "googleapis.com"}};
    if (Status wrote =
            WriteNewFile(folder_ / "certs/google-public.pem", key.value().PublicKeyPem());
        !wrote.ok()) {
      return wrote;
    }
    return WriteNewSecretFile(folder_ / "certs/google.json", Secret(json::DumpPretty(account)));
  }

  Status CopyTemplates() {
    const auto shipped = ShippedTemplates();
    if (!shipped.ok()) return shipped.error();
    for (const auto& [name, files] : shipped.value()) {
      templates_.push_back(name);
      for (const auto& [file, content] : files) {
        const fs::path path = folder_ / "templates" / name / file;
        if (Status made = MakeFolders(path.parent_path()); !made.ok()) return made;
        if (Status wrote = WriteNewFile(path, content); !wrote.ok()) return wrote;
      }
    }
    // Orders that name no template get the first one.
    std::stable_partition(templates_.begin(), templates_.end(),
                          [](const std::string& name) { return name == "points"; });
    if (!templates_.empty()) return {};
    return Error{.code = ErrorCode::kInternal,
                 .message = "this program was built without templates"};
  }

  Status WriteSettings() {
    const std::string url =
        options_.public_url.empty() ? "http://" + options_.listen : options_.public_url;
    const std::string text = DemoSettings({.listen = options_.listen,
                                           .metrics_listen = options_.metrics_listen,
                                           .public_url = url,
                                           .templates = templates_});
    if (Status wrote = WriteNewFile(folder_ / "rules.json", DemoRules()); !wrote.ok()) {
      return wrote;
    }
    if (const auto parsed = ParseSettings(text, folder_); !parsed.ok()) return parsed.error();
    return WriteNewFile(folder_ / "passmint.toml", text);
  }

  const InitOptions& options_;
  const Console& console_;
  const fs::path folder_;
  const Timestamp now_ = SystemClock().Now();
  std::vector<std::string> templates_;
};

}  // namespace

Status RunInit(const InitOptions& options, const Console& console) {
  if (Status made = Maker(options, console).Make(); !made.ok()) return made;
  const std::string settings = (fs::path(options.folder) / "passmint.toml").string();
  console.Progress("made a site with test certificates: no phone accepts its passes yet");
  console.Hint("passmint serve --config " + settings);
  return {};
}

}  // namespace passmint::app
