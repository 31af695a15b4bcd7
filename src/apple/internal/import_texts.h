#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "apple/pass_import.h"

namespace passmint::apple::internal {

// The texts of a pass that is being imported: what its pass.strings translate becomes keys of the
// template's locales.
class ImportTexts {
 public:
  // Reads every <language>.lproj/pass.strings. What cannot be read is noted and left out.
  ImportTexts(const std::map<std::string, std::string>& bundle, std::vector<ImportNote>& notes);

  // The template's text for a text of pass.json: itself with our syntax escaped, or "@<hint>" with
  // the translations noted for the locales. `hint` is a name that suits the text: "points_label".
  std::string Take(const std::string& text, const std::string& hint);

  // What `text` of pass.json reads as, by language.
  std::vector<std::string> Said(const std::string& text) const;

  // At least one.
  const std::vector<std::string>& languages() const { return languages_; }
  // Adds locales/<language>.json for all languages.
  void Write(design::TemplateFiles& files) const;

 private:
  std::vector<std::string> languages_;
  // By language, key -> text, as the pass has them.
  std::vector<std::map<std::string, std::string>> strings_;
  std::map<std::string, std::string> key_of_;             // Text of pass.json -> our key.
  std::vector<std::map<std::string, std::string>> said_;  // By language, our key -> our text.
  std::set<std::string> keys_;
};

// "pt-BR" of "pt_BR.lproj/logo.png"; "" if the path is in no folder of a language that we know.
std::string LanguageOfPath(std::string_view path);

}  // namespace passmint::apple::internal
