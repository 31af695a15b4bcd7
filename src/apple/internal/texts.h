#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "design/rendered_card.h"
#include "design/text.h"

namespace passmint::apple::internal {

// What a text shows on every card, if no card changes it (literals only).
std::optional<design::RenderedText> FixedText(const design::Text& text);

// Takes texts into pass.strings.
class StringsSink {
 public:
  virtual ~StringsSink() = default;

  // What stands for `text` in pass.json: the text itself if it is the same in all languages, else a
  // key, which is then translated. REQUIRES: the sink is not shared with another thread.
  virtual std::string Put(const design::RenderedText& text) = 0;
};

// The translations that belong to a design. Filled once, then only read.
class FixedStrings final : public StringsSink {
 public:
  explicit FixedStrings(std::size_t languages) : languages_(languages) {}

  std::string Put(const design::RenderedText& text) override;

  // Whether the table has that key, and with these texts (one a language).
  enum class Lookup { kAbsent, kSame, kOther };
  Lookup Find(const std::string& key, const std::vector<std::string>& texts) const;

  // pass.strings by language, encoded; all "" if there is nothing to translate.
  std::vector<std::string> Encode() const;

  std::size_t languages() const { return languages_; }
  bool empty() const { return texts_.empty(); }

 private:
  std::size_t languages_;
  std::map<std::string, std::vector<std::string>> texts_;  // Key -> text by language.
};

// The translations that one card adds.
class CardStrings final : public StringsSink {
 public:
  // Both are borrowed. `encoded` is fixed.Encode().
  CardStrings(const FixedStrings& fixed, const std::vector<std::string>& encoded)
      : fixed_(fixed), encoded_(encoded) {}

  std::string Put(const design::RenderedText& text) override;

  // The same as a JSON string, without the copy.
  void AppendAsJson(const design::RenderedText& text, std::string& json);

  // pass.strings by language, those of the design included; an empty vector if no card's text
  // needed a translation.
  std::vector<std::string> Encode() const;

 private:
  // The key of `texts`, one a language; adds their lines unless they are there.
  std::string Key(std::vector<std::string> texts);
  void AddLines(const std::string& key, const std::vector<std::string>& texts);

  const FixedStrings& fixed_;
  const std::vector<std::string>& encoded_;
  std::map<std::string, std::vector<std::string>> added_;  // Key -> text by language.
  std::vector<std::string> lines_;                         // UTF-8, by language.
};

}  // namespace passmint::apple::internal
