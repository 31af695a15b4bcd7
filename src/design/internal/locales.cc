#include "design/internal/locales.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/nearest.h"
#include "base/utf8.h"
#include "design/internal/localizer.h"
#include "design/internal/message.h"
#include "design/internal/text_syntax.h"
#include "json/json.h"

namespace passmint::design::internal {
namespace {

constexpr std::size_t kKeyBytesMax = 64;
constexpr std::size_t kMessageBytesMax = 8000;

bool IsKey(std::string_view key) {
  return !key.empty() && key.size() <= kKeyBytesMax &&
         std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.';
         });
}

// Tells which categories a plural has that its language never uses, and which it lacks.
void CheckPlurals(const std::vector<Text::Part>& parts, const Localizer& localizer,
                  const Place& place, Report& report) {
  for (const Text::Part& part : parts) {
    if (part.type != Text::Part::Type::kMessage) continue;
    const Message& message = *part.message;
    for (const Message::Case& option : message.cases)
      CheckPlurals(option.parts, localizer, place, report);
    if (message.type != Message::Type::kPlural) continue;
    const auto needed = localizer.WholeNumberCategories();
    for (const std::string_view category : needed) {
      const bool has =
          std::any_of(message.cases.begin(), message.cases.end(),
                      [&](const Message::Case& option) { return option.selector == category; });
      if (has) continue;
      report.Warn("T14", place,
                  "the plural over " + Quote(message.name) + " lacks the category " +
                      Quote(category) + " of this language",
                  "Add " + std::string(category) + " {...}.");
    }
    for (const Message::Case& option : message.cases) {
      if (option.exact || option.selector == "other" ||
          std::find(needed.begin(), needed.end(), option.selector) != needed.end())
        continue;
      report.Warn("T14", place,
                  "whole numbers are never " + Quote(option.selector) + " in this language",
                  "Remove that case of the plural over " + Quote(message.name) + ".");
    }
  }
}

}  // namespace

std::string LocaleFile(std::string_view language) {
  return "locales/" + std::string(language) + ".json";
}

namespace {

// The flat strings of one file; what is not one is reported and left out.
std::map<std::string, std::string> ReadStrings(const std::string& file, const std::string& bytes,
                                               Report& report) {
  std::map<std::string, std::string> strings;
  const auto parsed = json::Parse(bytes, kLocaleJsonBytesMax);
  if (!parsed.ok()) {
    report.Error("T09", {"", file}, parsed.error().message,
                 "A locale is one JSON object of texts: {\"points\": \"Points\"}.");
    return strings;
  }
  if (!parsed.value().is_object() || parsed.value().size() > kLocaleKeysMax) {
    report.Error("T09", {"", file},
                 parsed.value().is_object() ? "more than 1000 keys" : "not a JSON object",
                 "A locale is one JSON object of at most 1000 texts: {\"points\": \"Points\"}.");
    return strings;
  }
  for (const auto& [key, value] : parsed.value().items()) {
    const Place place{json::Child("", key), file};
    if (!IsKey(key)) {
      report.Error("T09", place, "the key " + Quote(key) + " is not a name",
                   "Use 1 to 64 letters, digits, dots, dashes and underscores.");
    } else if (!value.is_string()) {
      report.Error("T09", place, "the value is not a text", "Locales are flat: key and text.");
    } else if (value.get_ref<const std::string&>().size() > kMessageBytesMax) {
      report.Error("T09", place, "the text is longer than 8000 bytes", "Shorten it.");
    } else {
      strings.emplace(key, value.get<std::string>());
    }
  }
  return strings;
}

}  // namespace

Locales::Locales(const TemplateFiles& files, const std::vector<std::string>& languages,
                 Report& report)
    : languages_(languages) {
  std::vector<std::map<std::string, std::string>> strings(languages.size());
  for (std::size_t i = 0; i < languages.size(); ++i) {
    const std::string file = LocaleFile(languages[i]);
    const auto found = files.find(file);
    if (found != files.end()) strings[i] = ReadStrings(file, found->second, report);
    for (const auto& [key, text] : strings[i]) messages_[key].versions.resize(languages.size());
  }
  for (std::size_t i = 0; i < languages.size(); ++i) {
    const std::string file = LocaleFile(languages[i]);
    if (!files.contains(file)) {
      if (messages_.empty()) continue;
      report.Error("T10", {"", file}, "there is no such file, other languages have one",
                   "Add it, with the same keys as " + LocaleFile(languages[i == 0 ? 1 : 0]) + ".");
      continue;
    }
    const Localizer localizer(languages[i], "");
    for (auto& [key, message] : messages_) {
      const Place place{json::Child("", key), file};
      const auto text = strings[i].find(key);
      if (text == strings[i].end()) {
        report.Error("T10", place, "the key is missing, other languages have it",
                     "Add " + Quote(key) + " to " + file + ".");
        continue;
      }
      ParsedText parsed = ParseTextSyntax(text->second, Syntax::kMessage);
      if (parsed.problem) {
        report.Error(parsed.problem->unknown_variable ? "T12" : "T13", place, parsed.problem->cause,
                     parsed.problem->cure);
      }
      CheckPlurals(parsed.parts, localizer, place, report);
      message.versions[i] = std::move(parsed.parts);
    }
  }
}

std::optional<std::vector<std::vector<Text::Part>>> Locales::Use(const std::string& key) {
  const auto found = messages_.find(key);
  if (found == messages_.end()) return std::nullopt;
  found->second.used = true;
  return found->second.versions;
}

std::string_view Locales::Nearest(std::string_view key) const {
  std::vector<std::string_view> keys;
  for (const auto& [name, message] : messages_) keys.emplace_back(name);
  return passmint::Nearest(key, keys);
}

void Locales::ReportUnused(Report& report) const {
  for (const auto& [key, message] : messages_) {
    if (message.used) continue;
    report.Warn("T11", {json::Child("", key), LocaleFile(languages_.front())},
                "no text of template.json is " + Quote("@" + key),
                "Use it, or remove it from every locale.");
  }
}

}  // namespace passmint::design::internal
