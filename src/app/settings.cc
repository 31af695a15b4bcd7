#include "app/settings.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <map>
#include <utility>

#include "app/files.h"
#include "app/setting_table.h"
#include "base/nearest.h"

namespace passmint::app {
namespace {

constexpr std::string_view kProgramme = "programme.";

bool IsOfProgramme(const SettingRow& row) {
  return row.name.substr(0, kProgramme.size()) == kProgramme;
}

// A table's leaves by dotted name: {"apple.key": node}. A table that a setting cannot be in is
// found later, as an unknown name.
using Leaves = std::map<std::string, const toml::node*>;

void Flatten(const toml::table& table, const std::string& prefix, Leaves& leaves) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    const toml::table* inner = node.as_table();
    if (inner != nullptr && !inner->empty()) {
      Flatten(*inner, name + ".", leaves);
    } else {
      leaves.emplace(name, &node);  // An empty table may be unknown too.
    }
  }
}

// The value as it stands in the file, on one line, cut where it gets long.
std::string Printed(const toml::node& node) {
  constexpr std::size_t kPrintedMax = 80;
  std::ostringstream text;
  node.visit([&text](const auto& value) { text << value; });
  std::string line = text.str();
  std::replace(line.begin(), line.end(), '\n', ' ');
  if (line.size() > kPrintedMax) line = line.substr(0, kPrintedMax) + "...";
  return line;
}

// The node as one of our types; nothing if it is of another.
std::optional<SettingValue> ValueOf(const toml::node& node, SettingType type) {
  if (type == SettingType::kInteger) {
    const toml::value<std::int64_t>* integer = node.as_integer();
    if (integer == nullptr) return std::nullopt;
    return SettingValue(integer->get());
  }
  if (type != SettingType::kList) {
    const toml::value<std::string>* text = node.as_string();
    if (text == nullptr || text->get().find('\0') != std::string::npos) return std::nullopt;
    return SettingValue(text->get());
  }
  const toml::array* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  for (const toml::node& element : *array) {
    if (!element.is_string()) return std::nullopt;
    texts.push_back(element.as_string()->get());
  }
  return SettingValue(std::move(texts));
}

// Reads one settings file, gathering every problem on the way.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& folder) : folder_(folder) {}

  Result<Settings> Read(const toml::table& root) {
    toml::table site = root;
    site.erase("programme");
    Leaves leaves;
    Flatten(site, "", leaves);
    TakeRows(leaves, "", nullptr);
    ReadProgrammes(root.get("programme"));
    if (problems_.empty()) return std::move(settings_);
    Error error{.code = ErrorCode::kInvalidArgument, .message = problems_.front().detail};
    if (problems_.size() > 1)
      error.message = fmt::format("{} settings are wrong", problems_.size());
    error.reason = "bad_settings";
    error.hint = "passmint check --explain lists every setting";
    error.problems = std::move(problems_);
    return error;
  }

 private:
  void Complain(std::string name, std::string detail) {
    problems_.push_back({"bad_setting", std::move(name), std::move(detail)});
  }

  void ComplainAt(const std::string& name, const toml::node& node, std::string_view what) {
    Complain(name, fmt::format("line {}: {} {}", node.source().begin.line, name, what));
  }

  // Takes what the table knows out of `leaves`; what remains is unknown. `shown` stands before the
  // names in messages.
  void TakeRows(Leaves& leaves, const std::string& shown, ProgrammeSettings* programme) {
    for (const SettingRow& row : SettingTable()) {
      if (IsOfProgramme(row) != (programme != nullptr)) continue;
      const std::string name(programme == nullptr ? row.name : row.name.substr(kProgramme.size()));
      const auto leaf = leaves.find(name);
      if (leaf != leaves.end()) {
        TakeValue(row, shown + name, *leaf->second, programme);
        leaves.erase(leaf);
      } else if (row.required) {
        Complain(shown + name,
                 fmt::format("{} is missing; it must be {}", shown + name, row.allowed));
      } else if (!row.default_value.empty() && row.default_value != "\"\"") {
        const toml::table table = toml::parse("v = " + std::string(row.default_value));
        TakeValue(row, shown + name, *table.get("v"), programme);
      }
    }
    for (const auto& [name, node] : leaves)
      ComplainUnknown(name, shown, *node, programme != nullptr);
  }

  void TakeValue(const SettingRow& row, const std::string& name, const toml::node& node,
                 ProgrammeSettings* programme) {
    const std::optional<SettingValue> value = ValueOf(node, row.type);
    if (!value) {
      ComplainAt(
          name, node,
          fmt::format("is {}; it must be a {}: {}", Printed(node), Name(row.type), row.allowed));
      return;
    }
    const std::string must_be = row.take(*value, {settings_, programme, folder_});
    if (!must_be.empty()) {
      // A store's URL may hold a password.
      const std::string found =
          row.name == "store.url" ? "not understood" : std::string(Printed(node));
      ComplainAt(name, node, fmt::format("is {}; it must be {}", found, must_be));
    }
  }

  void ComplainUnknown(const std::string& name, const std::string& shown, const toml::node& node,
                       bool in_programme) {
    std::vector<std::string> known;
    for (const SettingRow& row : SettingTable()) {
      if (IsOfProgramme(row) != in_programme) continue;
      known.emplace_back(in_programme ? row.name.substr(kProgramme.size()) : row.name);
    }
    const bool is_section =
        std::any_of(known.begin(), known.end(), [&name = name](const auto& other) {
          return other.substr(0, name.size() + 1) == name + ".";
        });
    if (is_section && node.is_table()) return;
    if (is_section) {
      ComplainAt(shown + name, node, fmt::format("is {}; it must be a table", Printed(node)));
      return;
    }
    ComplainAt(
        shown + name, node,
        fmt::format("is no setting; the nearest is {}", shown + std::string(Nearest(name, known))));
  }

  void ReadProgrammes(const toml::node* node) {
    const toml::array* list = node == nullptr ? nullptr : node->as_array();
    if (list == nullptr || list->empty() || !list->is_array_of_tables()) {
      Complain("programme", "programme is missing; write at least one [[programme]]");
      return;
    }
    if (list->size() > kProgrammesMax) {
      Complain("programme", fmt::format("there are {} programmes; at most {} are allowed",
                                        list->size(), kProgrammesMax));
      return;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::string shown = fmt::format("programme[{}].", i + 1);
      ProgrammeSettings programme;
      Leaves leaves;
      Flatten(*list->get(i)->as_table(), "", leaves);
      TakeRows(leaves, shown, &programme);
      CheckProgramme(programme, shown);
      settings_.programmes.push_back(std::move(programme));
    }
  }

  // What no single setting can say.
  void CheckProgramme(const ProgrammeSettings& programme, const std::string& shown) {
    for (const ProgrammeSettings& other : settings_.programmes) {
      if (!programme.programme.id.empty() && other.programme.id == programme.programme.id) {
        Complain(shown + "id",
                 fmt::format("{}id is \"{}\" like another programme's; ids must differ", shown,
                             programme.programme.id.str()));
      }
    }
    if (programme.apple) CheckApple(*programme.apple, shown + "apple.");
    if (programme.google && programme.google->service_account.empty()) {
      Complain(shown + "google.service_account",
               shown + "google.service_account is missing beside google.issuer_id");
    }
    if (programme.google && programme.google->issuer_id.empty()) {
      Complain(shown + "google.issuer_id",
               shown + "google.issuer_id is missing beside google.service_account");
    }
    const cards::CardNumberFormat& number = programme.programme.card_number;
    if (number.prefix.size() > static_cast<std::size_t>(number.length) / 2) {
      Complain(shown + "card_number.prefix",
               shown + "card_number.prefix must not be longer than half the number");
    }
    if (number.check == cards::CheckDigit::kEan13 && number.length != 13) {
      Complain(shown + "card_number.length",
               fmt::format("{}card_number.length is {}; with check = \"ean13\" it must be 13",
                           shown, number.length));
    }
  }

  void CheckApple(const AppleFiles& apple, const std::string& shown) {
    if (apple.certificate.empty()) {
      Complain(shown + "certificate",
               shown + "certificate is missing beside the other apple settings");
    }
    if (apple.wwdr.empty()) {
      Complain(shown + "wwdr",
               shown + "wwdr is missing; it must be a folder with Apple's intermediates");
    }
    const std::string extension = apple.certificate.extension().string();
    const bool is_pkcs12 = extension == ".p12" || extension == ".pfx";
    if (!apple.certificate.empty() && apple.key.empty() && !is_pkcs12) {
      Complain(shown + "key", shown + "key is missing; only a .p12 certificate has its key inside");
    }
    if (!apple.key.empty() && is_pkcs12) {
      Complain(shown + "key",
               shown + "key must be left out: the .p12 certificate has its key inside");
    }
  }

  const std::filesystem::path& folder_;
  Settings settings_;
  std::vector<InputProblem> problems_;
};

}  // namespace

Result<Settings> ParseSettings(std::string_view toml, const std::filesystem::path& folder) {
  try {
    const toml::table root = toml::parse(toml);
    return Reader(folder).Read(root);
  } catch (const toml::parse_error& failure) {
    return Error{.code = ErrorCode::kInvalidSyntax,
                 .message = fmt::format("line {}, column {}: {}", failure.source().begin.line,
                                        failure.source().begin.column, failure.description()),
                 .reason = "bad_settings",
                 .hint = "the file has to be TOML: https://toml.io"};
  }
}

Result<Settings> LoadSettings(const std::filesystem::path& file) {
  const Result<std::string> text = ReadFile(file, kSettingsBytesMax);
  if (!text.ok()) {
    Error error = Annotate(text.error(), "settings");
    if (error.code == ErrorCode::kNotFound) {
      error.hint = "make a site with passmint init DIR, or name its settings with --config FILE";
    }
    return error;
  }
  Result<Settings> settings = ParseSettings(text.value(), file.parent_path());
  if (!settings.ok()) return Annotate(std::move(settings).error(), file.string());
  return settings;
}

std::string ExplainSettings() {
  std::string text;
  for (const SettingRow& row : SettingTable()) {
    std::string given = row.required ? "required" : "optional";
    if (!row.default_value.empty()) given = fmt::format("default {}", row.default_value);
    text += fmt::format("{}\n    {}\n    {}; {}; {}\n", row.name, row.meaning, Name(row.type),
                        row.allowed, given);
  }
  return text;
}

}  // namespace passmint::app
