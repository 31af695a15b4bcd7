#include "app/site_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "app/files.h"
#include "app/identity_files.h"
#include "cards/card_number.h"
#include "crypto/expiry.h"
#include "crypto/system_random.h"
#include "google/service_account.h"
#include "json/json.h"

namespace passmint::app {
namespace {

constexpr std::size_t kKeyFileBytesMax = 64 * 1024;
constexpr std::size_t kRulesBytesMax = 1024 * 1024;

std::string Validity(Timestamp not_after, Timestamp now) {
  return fmt::format("valid until {} ({} days left)", FormatRfc3339(not_after).substr(0, 10),
                     crypto::DaysLeft(not_after, now));
}

class Loader {
 public:
  Loader(const Settings& settings, Timestamp now) : settings_(settings), now_(now) {
    site_->public_url = settings.server.public_url;
    site_->google_save_url = settings.google.save_url;
    if (!site_->google_save_url.empty() && site_->google_save_url.back() != '/')
      site_->google_save_url += '/';
    site_->random = std::make_shared<crypto::SystemRandom>();
    for (const std::string& warning : settings.warnings)
      Say(RemarkLevel::kWarning, "settings", warning);
  }

  void LoadKeys() {
    LoadMasterKey();
    LoadSigningKey();
  }

  // As LoadKeys, but a site without keys is good enough for trying out a template.
  void LoadMasterKeyIfThere() {
    std::error_code failure;
    if (std::filesystem::exists(settings_.secrets.master_key, failure)) LoadMasterKey();
  }

  void LoadProgramme(const ProgrammeSettings& settings) {
    const std::string subject = "programme " + settings.programme.id.str();
    issuance::ProgrammeSite programme{.programme = settings.programme,
                                      .apple = nullptr,
                                      .google = nullptr,
                                      .approval = settings.approval};
    if (settings.quiet_hours) {
      // The settings have checked the zone's name.
      auto zone = calendar::TimeZone::Find(settings.programme.time_zone);
      if (!zone.ok()) return Refuse(subject + ": time zone", zone.error());
      programme.quiet = calendar::QuietHours{
          .from = settings.quiet_hours->from, .to = settings.quiet_hours->to, .zone = zone.value()};
    }
    if (!settings.rules.empty()) programme.rules = LoadRules(settings.rules, subject + ": rules");
    if (Status format = cards::CheckFormat(settings.programme.card_number); !format.ok()) {
      Refuse(subject + ": card numbers", format.error());
    }
    if (settings.apple) programme.apple = LoadApple(*settings.apple, subject + ": Apple");
    if (settings.google) programme.google = LoadGoogle(*settings.google, subject + ": Google");
    if (!settings.apple && !settings.google) {
      Say(RemarkLevel::kWarning, subject,
          "has neither an Apple certificate nor a Google account, so its cards are pages only");
    }
    site_->programmes.emplace(settings.programme.id, std::move(programme));
  }

  LoadedSite Finish() && {
    const bool is_bad = std::any_of(remarks_.begin(), remarks_.end(), [](const Remark& remark) {
      return remark.level == RemarkLevel::kBad;
    });
    if (is_bad) site_.reset();
    return {std::move(site_), std::move(remarks_)};
  }

 private:
  void Say(RemarkLevel level, std::string subject, std::string text, std::string hint = "") {
    remarks_.push_back({level, std::move(subject), std::move(text), std::move(hint)});
  }

  void Refuse(std::string subject, const Error& error) {
    Say(RemarkLevel::kBad, std::move(subject), error.message, error.hint);
  }

  void LoadMasterKey() {
    const auto content =
        ReadSecretFile(settings_.secrets.master_key, crypto::kMasterKeyFileBytesMax);
    if (!content.ok()) return Refuse("master key", content.error());
    auto keys = crypto::KeyRing::Parse(content.value());
    if (!keys.ok())
      return Refuse("master key", Annotate(keys.error(), settings_.secrets.master_key.string()));
    site_->keys = std::make_shared<const crypto::KeyRing>(std::move(keys).value());
    Say(RemarkLevel::kGood, "master key",
        fmt::format("{} of {} is current", site_->keys->current_key_id(),
                    site_->keys->key_ids().size()));
  }

  void LoadSigningKey() {
    const std::string name = settings_.secrets.signing_key.string();
    const auto content = ReadSecretFile(settings_.secrets.signing_key, kKeyFileBytesMax);
    if (!content.ok()) return Refuse("checkpoint key", content.error());
    const auto key = crypto::ParsePrivateKey(content.value().RevealForSerialization(), Secret(""));
    if (!key.ok()) return Refuse("checkpoint key", Annotate(key.error(), name));
    if (key.value().kind() != crypto::KeyKind::kEd25519) {
      return Say(RemarkLevel::kBad, "checkpoint key", name + ": is no Ed25519 key",
                 "openssl genpkey -algorithm ed25519 -out " + name);
    }
    Say(RemarkLevel::kGood, "checkpoint key", "Ed25519");
  }

  programme::RuleSet LoadRules(const std::filesystem::path& file, const std::string& subject) {
    const auto text = ReadFile(file, kRulesBytesMax);
    if (!text.ok()) {
      Refuse(subject, text.error());
      return {};
    }
    const auto json = json::Parse(text.value(), kRulesBytesMax);
    auto rules = json.ok() ? programme::ParseRules(json.value(), 1)
                           : Result<programme::RuleSet>(json.error());
    if (!rules.ok()) {
      Refuse(subject, Annotate(rules.error(), file.string()));
      return {};
    }
    Say(RemarkLevel::kGood, subject, fmt::format("{} earning", rules.value().earn.size()));
    return std::move(rules).value();
  }

  void WarnIfOpen(const std::string& subject, const std::filesystem::path& file) {
    if (file.empty() || !IsOpenToOthers(file)) return;
    Say(RemarkLevel::kWarning, subject,
        file.string() + ": others than its owner may use this secret file",
        "chmod 600 " + file.string());
  }

  std::shared_ptr<const crypto::ManifestSigner> LoadApple(const AppleFiles& files,
                                                          const std::string& subject) {
    WarnIfOpen(subject, files.key.empty() ? files.certificate : files.key);
    WarnIfOpen(subject, files.passphrase_file);
    const auto identity = LoadSigningIdentity(files, now_);
    if (!identity.ok()) {
      Refuse(subject, identity.error());
      return nullptr;
    }
    const std::string& pass_type = identity.value().pass_type().str();
    if (!pass_types_.insert(pass_type).second) {
      Say(RemarkLevel::kBad, subject, "another programme has pass type " + pass_type + " too",
          "get a Pass Type ID certificate for each programme");
    }
    auto signer = crypto::ManifestSigner::Create(identity.value());
    if (!signer.ok()) {
      Refuse(subject, signer.error());
      return nullptr;
    }
    const Timestamp ends =
        std::min(identity.value().not_after(), identity.value().intermediate_not_after());
    const bool is_soon = crypto::ExpiryWarning(crypto::DaysLeft(ends, now_)).has_value();
    Say(is_soon ? RemarkLevel::kWarning : RemarkLevel::kGood, subject,
        fmt::format("{}, team {}, {}NFC, {}", pass_type, identity.value().team().str(),
                    identity.value().supports_nfc() ? "" : "no ", Validity(ends, now_)),
        is_soon ? "renew it in time: passmint cert csr, then passmint cert import" : "");
    return std::make_shared<const crypto::ManifestSigner>(std::move(signer).value());
  }

  std::shared_ptr<const issuance::GoogleIdentity> LoadGoogle(const GoogleFiles& files,
                                                             const std::string& subject) {
    WarnIfOpen(subject, files.service_account);
    const std::string name = files.service_account.string();
    auto content = ReadFile(files.service_account, google::kServiceAccountBytesMax);
    if (!content.ok()) return RefuseGoogle(subject, content.error());
    const Secret bytes(std::move(content).value());
    const auto account = google::ParseServiceAccount(bytes.RevealForSerialization());
    if (!account.ok()) return RefuseGoogle(subject, Annotate(account.error(), name));
    const auto key = crypto::ParsePrivateKey(
        account.value().private_key_pem.RevealForSerialization(), Secret(""));
    if (!key.ok()) return RefuseGoogle(subject, Annotate(key.error(), name));
    auto signer = crypto::Rs256Signer::Create(key.value());
    if (!signer.ok()) return RefuseGoogle(subject, Annotate(signer.error(), name));
    Say(RemarkLevel::kGood, subject,
        fmt::format("{}, issuer {}", account.value().client_email, files.issuer_id));
    return std::make_shared<const issuance::GoogleIdentity>(issuance::GoogleIdentity{
        IssuerId(files.issuer_id), account.value().client_email, std::move(signer).value()});
  }

  std::shared_ptr<const issuance::GoogleIdentity> RefuseGoogle(const std::string& subject,
                                                               const Error& error) {
    Refuse(subject, error);
    return nullptr;
  }

  const Settings& settings_;
  const Timestamp now_;
  std::unique_ptr<issuance::Site> site_ = std::make_unique<issuance::Site>();
  std::vector<Remark> remarks_;
  std::set<std::string> pass_types_;
};

}  // namespace

LoadedSite LoadSite(const Settings& settings, Timestamp now) {
  Loader loader(settings, now);
  loader.LoadKeys();
  for (const ProgrammeSettings& programme : settings.programmes) loader.LoadProgramme(programme);
  return std::move(loader).Finish();
}

LoadedSite LoadProgramme(const Settings& settings, const std::string& programme, Timestamp now) {
  Loader loader(settings, now);
  loader.LoadMasterKeyIfThere();
  for (const ProgrammeSettings& candidate : settings.programmes) {
    if (!programme.empty() && candidate.programme.id.str() != programme) continue;
    loader.LoadProgramme(candidate);
    return std::move(loader).Finish();
  }
  return {nullptr,
          {{RemarkLevel::kBad, "programme " + programme, "is not in the settings",
            "passmint check lists the programmes"}}};
}

Error Refusal(const std::vector<Remark>& remarks) {
  Error error{.code = ErrorCode::kInvalidArgument, .message = {}, .reason = "bad_site"};
  for (const Remark& remark : remarks) {
    if (remark.level != RemarkLevel::kBad) continue;
    error.problems.push_back({"bad_site", "", remark.subject + ": " + remark.text});
    if (error.hint.empty()) error.hint = remark.hint;
  }
  error.message = error.problems.size() == 1
                      ? error.problems[0].detail
                      : fmt::format("{} things have to be mended first", error.problems.size());
  return error;
}

namespace {

constexpr char kMasterKeysSetting[] = "master_keys";
constexpr std::size_t kMasterKeysJsonBytesMax = 64 * 1024;

Error WrongMasterKey(const std::string& key_id, const char* how) {
  return {.code = ErrorCode::kConflict,
          .message = fmt::format("master key {} {}", key_id, how),
          .reason = "wrong_master_key",
          .hint =
              "put the master key of this store back, or restore the store that belongs to the "
              "key: without it no card can be updated"};
}

// What the store should remember: everything it did, and the ring's keys.
Result<Json> MergeFingerprints(const std::optional<std::string>& stored,
                               const crypto::KeyRing& keys) {
  Json known = Json::object();
  if (stored) {
    auto parsed = json::Parse(*stored, kMasterKeysJsonBytesMax);
    if (!parsed.ok() || !parsed.value().is_object()) {
      return Error{.code = ErrorCode::kInternal,
                   .message = "the store's list of master keys is damaged"};
    }
    known = std::move(parsed).value();
  }
  Json merged = Json::object();
  for (const std::string& key_id : keys.key_ids()) {
    auto fingerprint = keys.Fingerprint(key_id);
    if (!fingerprint.ok()) return std::move(fingerprint).error();
    merged[key_id] = std::move(fingerprint).value();
  }
  for (const auto& [key_id, fingerprint] : known.items()) {
    const auto ours = merged.find(key_id);
    if (ours == merged.end())
      return WrongMasterKey(key_id, "is missing, and cards were made with it");
    if (*ours != fingerprint)
      return WrongMasterKey(key_id, "is not the key that this store was made with");
  }
  return merged;
}

}  // namespace

Status CheckMasterKeys(issuance::Store& store, const crypto::KeyRing& keys) {
  return store.Write([&keys](issuance::Transaction& transaction) -> Status {
    auto stored = transaction.FindSetting(kMasterKeysSetting);
    if (!stored.ok()) return std::move(stored).error();
    auto merged = MergeFingerprints(stored.value(), keys);
    if (!merged.ok()) return std::move(merged).error();
    const std::string text = json::Dump(merged.value());
    if (stored.value() == text) return {};
    return transaction.PutSetting(kMasterKeysSetting, text);
  });
}

}  // namespace passmint::app
