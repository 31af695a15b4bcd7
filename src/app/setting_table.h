#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/settings.h"

namespace passmint::app {

enum class SettingType { kText, kInteger, kList, kPath, kSecretPath };

using SettingValue = std::variant<std::string, std::int64_t, std::vector<std::string>>;

// What a setting's check may write to.
struct SettingTarget {
  Settings& settings;
  ProgrammeSettings* programme;  // Null for settings outside [[programme]].
  const std::filesystem::path& folder;
};

// One setting. The table is the only place that knows its name, default, limits and meaning.
struct SettingRow {
  std::string_view name;  // "server.listen"; within [[programme]] "programme.currency".
  SettingType type;
  std::string_view default_value;  // As written in TOML; "" means it has to be given or may lack.
  bool required;
  std::string_view allowed;  // Completes "must be ...".
  std::string_view meaning;  // One sentence.
  // Takes a value of the right type, or says why not (completes "must be ..."): "" is fine.
  std::string (*take)(const SettingValue& value, const SettingTarget& target);
};

std::span<const SettingRow> SettingTable();

// "text", "whole number", "list of texts", "path".
std::string_view Name(SettingType type);

}  // namespace passmint::app
