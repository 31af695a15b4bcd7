#include "apple/internal/texts.h"

#include <algorithm>

#include "apple/internal/json_text.h"
#include "apple/strings.h"

namespace passmint::apple::internal {
namespace {

using design::RenderedText;

// FNV-1a, 64 bits, with a separator behind each text. Whoever makes two texts collide has changed
// nothing but the next free key (see Key below).
std::uint64_t Hash(const std::vector<std::string>& texts, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325U ^ seed;
  const auto mix = [&hash](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3U; };
  for (const std::string& text : texts) {
    for (const char c : text) mix(static_cast<unsigned char>(c));
    mix(0xFF);  // No byte of UTF-8.
  }
  return hash;
}

std::string MakeKey(const std::vector<std::string>& texts, std::uint64_t seed) {
  static constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string key(kStringsKeyPrefix);
  const std::uint64_t hash = Hash(texts, seed);
  for (int shift = 60; shift >= 0; shift -= 4) key += kHexDigits[(hash >> shift) & 15];
  return key;
}

bool SameInAllLanguages(const RenderedText& text) {
  const std::vector<std::string>& texts = text.by_language;
  return std::adjacent_find(texts.begin(), texts.end(), std::not_equal_to<>()) == texts.end();
}

bool LooksLikeAKey(std::string_view text) {
  return text.substr(0, kStringsKeyPrefix.size()) == kStringsKeyPrefix;
}

// A pass in one language has no strings, so nothing in it is looked up.
bool NeedsKey(const RenderedText& text, std::size_t languages) {
  if (languages <= 1 || text.by_language.empty()) return false;
  return !SameInAllLanguages(text) || LooksLikeAKey(text.by_language.front());
}

const std::string& First(const RenderedText& text) {
  static const std::string kNothing;
  return text.by_language.empty() ? kNothing : text.by_language.front();
}

// One text per language, also of a text that is the same in all.
std::vector<std::string> Spread(const RenderedText& text, std::size_t languages) {
  std::vector<std::string> texts;
  texts.reserve(languages);
  for (std::size_t i = 0; i < languages; ++i) {
    texts.push_back(text.In(std::min(i, text.by_language.size() - 1)));
  }
  return texts;
}

}  // namespace

std::optional<RenderedText> FixedText(const design::Text& text) {
  RenderedText fixed;
  for (const auto& version : text.versions()) {
    std::string& literal = fixed.by_language.emplace_back();
    for (const design::Text::Part& part : version) {
      if (part.type != design::Text::Part::Type::kLiteral) return std::nullopt;
      literal += part.text;
    }
  }
  return fixed;
}

std::string FixedStrings::Put(const RenderedText& text) {
  if (!NeedsKey(text, languages_)) return First(text);
  std::vector<std::string> texts = Spread(text, languages_);
  for (std::uint64_t seed = 0;; ++seed) {
    std::string key = MakeKey(texts, seed);
    const auto found = texts_.find(key);
    if (found == texts_.end()) {
      texts_.emplace(key, std::move(texts));
      return key;
    }
    if (found->second == texts) return key;
  }
}

FixedStrings::Lookup FixedStrings::Find(const std::string& key,
                                        const std::vector<std::string>& texts) const {
  const auto found = texts_.find(key);
  if (found == texts_.end()) return Lookup::kAbsent;
  return found->second == texts ? Lookup::kSame : Lookup::kOther;
}

std::vector<std::string> FixedStrings::Encode() const {
  std::vector<std::string> encoded(languages_);
  if (texts_.empty()) return encoded;
  for (std::size_t language = 0; language < languages_; ++language) {
    std::string lines;
    for (const auto& [key, texts] : texts_) AppendStringsLine(key, texts[language], lines);
    encoded[language] = EncodeStrings(lines);
  }
  return encoded;
}

std::string CardStrings::Put(const RenderedText& text) {
  if (!NeedsKey(text, fixed_.languages())) return First(text);
  return Key(Spread(text, fixed_.languages()));
}

void CardStrings::AppendAsJson(const RenderedText& text, std::string& json) {
  if (NeedsKey(text, fixed_.languages())) {
    AppendJsonString(Key(Spread(text, fixed_.languages())), json);
  } else {
    AppendJsonString(First(text), json);
  }
}

std::string CardStrings::Key(std::vector<std::string> texts) {
  for (std::uint64_t seed = 0;; ++seed) {
    std::string key = MakeKey(texts, seed);
    const FixedStrings::Lookup in_design = fixed_.Find(key, texts);
    if (in_design == FixedStrings::Lookup::kSame) return key;
    if (in_design == FixedStrings::Lookup::kOther) continue;
    const auto added = added_.find(key);
    if (added == added_.end()) {
      AddLines(key, texts);
      added_.emplace(key, std::move(texts));
      return key;
    }
    if (added->second == texts) return key;
  }
}

void CardStrings::AddLines(const std::string& key, const std::vector<std::string>& texts) {
  lines_.resize(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) AppendStringsLine(key, texts[i], lines_[i]);
}

std::vector<std::string> CardStrings::Encode() const {
  std::vector<std::string> encoded;
  if (added_.empty()) return encoded;
  encoded.reserve(lines_.size());
  for (std::size_t language = 0; language < lines_.size(); ++language) {
    const std::string added = EncodeStrings(lines_[language]);
    if (encoded_[language].empty()) {
      encoded.push_back(added);
    } else {
      encoded.push_back(encoded_[language] + added.substr(2));  // Behind its byte order mark.
    }
  }
  return encoded;
}

}  // namespace passmint::apple::internal
