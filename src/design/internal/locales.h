#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "design/internal/report.h"
#include "design/template_files.h"
#include "design/text.h"

namespace passmint::design::internal {

// More keys than a template of 100 fields can use.
inline constexpr std::size_t kLocaleKeysMax = 1000;

// locales/<language>.json of every language of a template. Each message is parsed once.
class Locales {
 public:
  // Reads and parses them all; what is wrong goes to `report` (T09, T10, T12, T13, T14).
  Locales(const TemplateFiles& files, const std::vector<std::string>& languages, Report& report);

  // One version per language (one in all if there is one language), or nothing if no language has
  // the key. The key counts as used from now on.
  std::optional<std::vector<std::vector<Text::Part>>> Use(const std::string& key);

  // The key nearest to `key`, or "".
  std::string_view Nearest(std::string_view key) const;

  // Warns of keys that no text used (T11). Call it last.
  void ReportUnused(Report& report) const;

 private:
  struct Message {
    std::vector<std::vector<Text::Part>> versions;  // Parallel to the languages.
    bool used = false;
  };

  std::vector<std::string> languages_;
  std::map<std::string, Message, std::less<>> messages_;
};

// "locales/ru.json".
std::string LocaleFile(std::string_view language);

}  // namespace passmint::design::internal
