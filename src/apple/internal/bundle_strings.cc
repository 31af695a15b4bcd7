// The .lproj folders of a bundle.

#include <algorithm>

#include "apple/internal/bundle_check.h"
#include "apple/strings.h"
#include "base/language.h"

namespace passmint::apple::internal {
namespace {

constexpr std::string_view kFolder = ".lproj";

void CheckFolderNames(BundleCheck& check) {
  for (const std::string& language : check.report.facts.languages) {
    if (IsLanguageTag(language)) continue;
    std::string hyphens = language;
    std::replace(hyphens.begin(), hyphens.end(), '_', '-');
    const bool underscores = hyphens != language && IsLanguageTag(hyphens);
    check.report.findings.push_back(
        {"P24", underscores ? design::Level::kWarning : design::Level::kError,
         language + std::string(kFolder), "",
         '"' + language + "\" is no language as Apple names them",
         underscores ? "" : "the folder is ignored",
         "name it like en, pt-BR, zh-Hans" + (underscores ? ": " + hyphens : std::string())});
  }
}

// Every file must define what the others define.
void CheckKeySets(BundleCheck& check, const std::vector<LanguageStrings>& all) {
  std::set<std::string> keys;
  for (const LanguageStrings& strings : all) {
    for (const auto& [key, text] : strings.texts) keys.insert(key);
  }
  for (const LanguageStrings& strings : all) {
    for (const std::string& key : keys) {
      if (strings.texts.contains(key)) continue;
      check.report.findings.push_back(
          {"P24", design::Level::kError, strings.language + std::string(kFolder) + "/pass.strings",
           "", "the key " + Shown(Json(key)) + " is missing, which another language has",
           "the key itself is shown", "translate it"});
    }
  }
}

}  // namespace

std::string LanguageOf(std::string_view path) {
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return "";
  const std::string_view folder = path.substr(0, slash);
  if (!folder.ends_with(kFolder)) return "";
  return std::string(folder.substr(0, folder.size() - kFolder.size()));
}

std::vector<LanguageStrings> CheckStrings(BundleCheck& check) {
  std::vector<std::string>& languages = check.report.facts.languages;
  for (const auto& [name, bytes] : check.files) {
    const std::string language = LanguageOf(name);
    if (!language.empty() && (languages.empty() || languages.back() != language)) {
      languages.push_back(language);
    }
  }
  CheckFolderNames(check);
  std::vector<LanguageStrings> all;
  for (const std::string& language : languages) {
    const std::string name = language + std::string(kFolder) + "/pass.strings";
    const std::string* bytes = check.Find(name);
    if (bytes == nullptr) continue;
    auto texts = ParseStrings(*bytes);
    if (texts.ok()) {
      all.push_back({language, std::move(texts).value()});
      continue;
    }
    check.report.findings.push_back({"P24", design::Level::kError, name, "", texts.error().message,
                                     "nothing is translated",
                                     "write lines like \"key\" = \"value\"; in UTF-16"});
  }
  CheckKeySets(check, all);
  return all;
}

void CheckTranslations(BundleCheck& check, const Json& pass,
                       const std::vector<LanguageStrings>& strings) {
  const auto is_untranslated = [&strings](const std::string& text) {
    if (!text.starts_with(kStringsKeyPrefix)) return false;
    return std::none_of(strings.begin(), strings.end(), [&text](const LanguageStrings& language) {
      return language.texts.contains(text);
    });
  };
  std::set<std::string> missing;
  const auto look = [&](const Json& value) {
    if (value.is_string() && is_untranslated(value.get_ref<const std::string&>())) {
      missing.insert(value.get<std::string>());
    }
  };
  for (const std::string& style : StylesOf(pass)) {
    if (!pass[style].is_object()) continue;
    for (const Json& group : pass[style]) {
      if (!group.is_array()) continue;
      for (const Json& field : group) {
        if (field.is_object()) std::for_each(field.begin(), field.end(), look);
      }
    }
  }
  std::for_each(pass.begin(), pass.end(), look);
  for (const std::string& key : missing) {
    check.Warn("P24", "pass.json", "the key " + key + " has no translation",
               "the key itself is shown", "add it to every pass.strings");
  }
}

}  // namespace passmint::apple::internal
