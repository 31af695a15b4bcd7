#include "apple/internal/import_texts.h"

#include <algorithm>
#include <utility>

#include "apple/strings.h"
#include "base/language.h"
#include "json/json.h"

namespace passmint::apple::internal {
namespace {

constexpr std::string_view kFolder = ".lproj/";
constexpr std::string_view kFile = "pass.strings";
constexpr std::size_t kLanguagesMax = 30;  // Of a template (assets/template.schema.json).

// A text of template.json that says `text` and nothing else: "@" at the start and "{{" mean
// something there.
std::string Literal(std::string_view text) {
  std::string escaped;
  if (text.starts_with('@')) escaped = "@";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("{{")) escaped += '\\';
    escaped += text[i];
    if (text.substr(i).starts_with("{{")) escaped += text[++i];
  }
  return escaped;
}

// The same in a locale, where single braces and apostrophes are ICU's too.
std::string LocaleText(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'') {
      escaped += "''";
    } else if (c == '{' || c == '}') {
      escaped += '\'';
      escaped += c;
      escaped += '\'';
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string LanguageOfPath(std::string_view path) {
  const auto end = path.find(kFolder);
  if (end == std::string_view::npos) return {};
  std::string tag(path.substr(0, end));
  std::replace(tag.begin(), tag.end(), '_', '-');
  return IsLanguageTag(tag) ? tag : std::string();
}

ImportTexts::ImportTexts(const std::map<std::string, std::string>& bundle,
                         std::vector<ImportNote>& notes) {
  for (const auto& [path, bytes] : bundle) {
    if (path.find(kFolder) == std::string::npos || !path.ends_with(kFile)) continue;
    const std::string language = LanguageOfPath(path);
    if (language.empty() || languages_.size() == kLanguagesMax ||
        std::find(languages_.begin(), languages_.end(), language) != languages_.end()) {
      notes.push_back({path, "left out: no language that a template can have, or one too many"});
      continue;
    }
    auto strings = ParseStrings(bytes);
    if (!strings.ok()) notes.push_back({path, "left out: " + strings.error().message});
    languages_.push_back(language);
    strings_.push_back(strings.ok() ? std::move(strings).value()
                                    : std::map<std::string, std::string>());
  }
  if (languages_.empty()) {
    languages_.emplace_back("en");
    strings_.emplace_back();
    notes.push_back({"pass.json", "the pass says no language: taken for English"});
  }
  said_.resize(languages_.size());
}

std::string ImportTexts::Take(const std::string& text, const std::string& hint) {
  const bool translated = std::any_of(strings_.begin(), strings_.end(),
                                      [&](const auto& strings) { return strings.contains(text); });
  if (!translated) return Literal(text);
  auto [key, is_new] = key_of_.try_emplace(text, hint);
  if (!is_new) return "@" + key->second;
  for (int number = 2; !keys_.insert(key->second).second; ++number) {
    key->second = hint + "_" + std::to_string(number);
  }
  for (std::size_t i = 0; i < languages_.size(); ++i) {
    const auto found = strings_[i].find(text);
    said_[i][key->second] = LocaleText(found == strings_[i].end() ? text : found->second);
  }
  return "@" + key->second;
}

std::vector<std::string> ImportTexts::Said(const std::string& text) const {
  std::vector<std::string> said;
  for (const auto& strings : strings_) {
    const auto found = strings.find(text);
    said.push_back(found == strings.end() ? text : found->second);
  }
  return said;
}

void ImportTexts::Write(design::TemplateFiles& files) const {
  for (std::size_t i = 0; i < languages_.size(); ++i) {
    files["locales/" + languages_[i] + ".json"] = json::DumpPretty(Json(said_[i]));
  }
}

}  // namespace passmint::apple::internal
