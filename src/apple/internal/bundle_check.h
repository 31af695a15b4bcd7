#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "apple/internal/pass_rules.h"
#include "apple/verify.h"
#include "json/json.h"

namespace passmint::apple::internal {

// A foreign bundle that is being taken apart, and what was found so far.
struct BundleCheck {
  const VerifyBundleOptions& options;
  BundleReport& report;
  std::map<std::string, std::string> files;  // Name -> bytes.

  const std::string* Find(const std::string& name) const;

  void Error(std::string file, std::string cause, std::string wallet, std::string cure);
  void Warn(std::string id, std::string file, std::string cause, std::string wallet,
            std::string cure);
};

// What the certificate says, as far as it can be read.
struct SignerFacts {
  std::string pass_type;  // UID.
  std::string team;       // OU.
  std::optional<bool> nfc;
};

void CheckManifest(BundleCheck& check);          // bundle_files.cc
void CheckImages(BundleCheck& check);            // bundle_files.cc
SignerFacts CheckSignature(BundleCheck& check);  // bundle_signature.cc
// Reads the .lproj folders.
std::vector<LanguageStrings> CheckStrings(BundleCheck& check);  // bundle_strings.cc
// Keys of pass.json that no folder translates although they look like keys.
void CheckTranslations(BundleCheck& check, const Json& pass,
                       const std::vector<LanguageStrings>& strings);  // bundle_strings.cc

// The sign-up form, if there is one.
void CheckPersonalization(BundleCheck& check, const Json& pass,
                          const std::vector<LanguageStrings>& strings,
                          const std::set<std::string>& images);  // bundle_personalization.cc

// "ru" for "ru.lproj/pass.strings"; "" at the root.
std::string LanguageOf(std::string_view path);

// What iOS does or logs when a rule of pass.json is broken (Apple reference 6.1).
std::string_view WalletSays(const RuleFinding& finding);

}  // namespace passmint::apple::internal
