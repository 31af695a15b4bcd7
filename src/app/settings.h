#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "cards/programme.h"
#include "issuance/approval.h"

namespace passmint::app {

inline constexpr std::size_t kSettingsBytesMax =
    1024 * 1024;  // A site with 1,000 programmes has 600 kB.
inline constexpr std::size_t kProgrammesMax = 1000;

// Where Apple's certificate of one programme lies.
struct AppleFiles {
  std::filesystem::path certificate;      // PEM, DER or PKCS#12.
  std::filesystem::path key;              // PEM or DER; empty if `certificate` is a PKCS#12 file.
  std::filesystem::path wwdr;             // A folder of intermediates, or one file.
  std::filesystem::path passphrase_file;  // Opens `key` or the PKCS#12 file; empty: none needed.
};

struct GoogleFiles {
  std::filesystem::path service_account;
  std::string issuer_id;  // Decimal digits.
};

// Hours of every day, by the clocks of the programme's zone.
struct DailyHours {
  std::chrono::minutes from{0};  // Since midnight, 0 to 1439; later than `to`: over midnight.
  std::chrono::minutes to{0};    // Not `from`.
};

// One [[programme]].
struct ProgrammeSettings {
  cards::Programme programme = {.id = {},
                                .name = {},
                                .currency = *Currency::Find("EUR"),
                                .time_zone = {},
                                .region = {},
                                .languages = {},
                                .templates = {},
                                .card_number = {}};
  std::vector<std::filesystem::path> templates;  // Folders; parallel to programme.templates.
  std::filesystem::path rules;                   // Empty: none.
  std::optional<DailyHours> quiet_hours;         // Nothing: phones are told at any hour.
  issuance::Approval approval = issuance::Approval::kRole;
  std::optional<AppleFiles> apple;    // Nothing: the programme has no Apple passes.
  std::optional<GoogleFiles> google;  // Nothing: it has no Google objects.
};

// passmint.toml, read and checked (contract/api.md section 5). Paths are absolute or relative to
// the folder that the process runs in: those of the file were resolved against the file's folder.
// Nothing that they name was opened yet.
struct Settings {
  struct {
    std::string listen = "127.0.0.1:8080";  // "HOST:PORT" or "unix:/path".
    std::string public_url;                 // Without a slash at its end.
    std::string metrics_listen;             // "HOST:PORT"; empty: no metrics.
    std::vector<std::string> trusted_proxies;
  } server;
  struct {
    std::filesystem::path sqlite_file;             // Empty: postgresql_url is set.
    std::shared_ptr<const Secret> postgresql_url;  // Null: sqlite_file is set.
    int connections = 16;                          // To PostgreSQL, at most.
    std::filesystem::path checkpoint_dir;
  } store;
  struct {
    std::filesystem::path master_key;
    std::filesystem::path signing_key;
  } secrets;
  struct {
    std::string url;
    std::filesystem::path ca_file;
    int time_lapse = 1;  // Waits between pushes are so many times shorter: simulations only.
  } apns;
  struct {
    std::string api_url;  // Empty: nothing is sent to Google; links carry the cards.
    std::string token_url, save_url, keys_url;
    std::filesystem::path ca_file;
  } google;
  std::vector<ProgrammeSettings> programmes;  // At least one, ids differ.

  // What may stand but should be known, one sentence each.
  std::vector<std::string> warnings;
};

// Reads the text of a settings file whose relative paths are meant from `folder`.
//
// Fails with kInvalidSyntax if it is no TOML (the message has line and column), and with
// kInvalidArgument and one problem per wrong setting, all of them at once: an unknown key (with the
// nearest known one), a missing or wrong value (with its full name, the value found, and what is
// allowed). `pointer` of a problem is the full name, "programme[1].currency".
Result<Settings> ParseSettings(std::string_view toml, const std::filesystem::path& folder);

// The same of a file. Also fails with kNotFound and kUnavailable.
Result<Settings> LoadSettings(const std::filesystem::path& file);

// All settings with type, default and meaning, for people: `passmint check --explain`.
std::string ExplainSettings();

}  // namespace passmint::app
