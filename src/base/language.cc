#include "base/language.h"

#include <algorithm>
#include <array>
#include <utility>

namespace passmint {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

char ToLower(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsTagCharacter(char c) { return IsLower(ToLower(c)) || (c >= '0' && c <= '9') || c == '-'; }

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ToLower(x) == ToLower(y); });
}

std::string_view TakePart(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The weight behind ";q=" in thousandths; 1000 if there is none, 0 if it cannot be read.
int Weight(std::string_view parameters) {
  parameters = Trim(parameters);
  if (parameters.empty()) return 1000;
  if (!parameters.starts_with("q=") && !parameters.starts_with("Q=")) return 1000;
  parameters.remove_prefix(2);
  if (parameters.empty() || (parameters[0] != '0' && parameters[0] != '1')) return 0;
  int weight = (parameters[0] - '0') * 1000;
  int scale = 100;
  for (std::size_t i = 2; i < parameters.size() && scale > 0; ++i, scale /= 10) {
    if (parameters[i] < '0' || parameters[i] > '9') return 0;
    weight += (parameters[i] - '0') * scale;
  }
  return std::min(weight, 1000);
}

}  // namespace

bool IsLanguageTag(std::string_view tag) {
  if (tag.ends_with('-')) return false;
  const std::string_view language = TakePart(tag, '-');
  if (language.size() < 2 || language.size() > 3 ||
      !std::all_of(language.begin(), language.end(), IsLower)) {
    return false;
  }
  if (tag.empty()) return true;
  std::string_view part = TakePart(tag, '-');
  if (part.size() == 4 && IsUpper(part[0]) && std::all_of(part.begin() + 1, part.end(), IsLower)) {
    if (tag.empty()) return true;
    part = TakePart(tag, '-');
  }
  return tag.empty() && part.size() == 2 && std::all_of(part.begin(), part.end(), IsUpper);
}

bool IsRightToLeft(std::string_view tag) {
  static constexpr std::array<std::string_view, 10> kLanguages = {"ar", "dv", "fa", "he", "ps",
                                                                  "sd", "ug", "ur", "yi", "ckb"};
  const std::string_view language = TakePart(tag, '-');
  return std::find(kLanguages.begin(), kLanguages.end(), language) != kLanguages.end();
}

const std::string& ChooseLanguage(const std::vector<std::string>& offered,
                                  std::string_view wanted) {
  for (const std::string& tag : offered) {
    if (EqualIgnoringCase(tag, wanted)) return tag;
  }
  std::string_view rest = wanted;
  const std::string_view language = TakePart(rest, '-');
  for (const std::string& tag : offered) {
    std::string_view own = tag;
    if (EqualIgnoringCase(TakePart(own, '-'), language)) return tag;
  }
  return offered.front();
}

std::vector<std::string> ParseAcceptLanguage(std::string_view header) {
  constexpr int kTagsMax = 16;
  std::vector<std::pair<int, std::string>> weighted;
  for (int i = 0; i < kTagsMax && !header.empty(); ++i) {
    std::string_view item = TakePart(header, ',');
    const std::string_view tag = Trim(TakePart(item, ';'));
    const int weight = Weight(item);
    if (tag.empty() || tag.size() > 35 || weight == 0) continue;
    if (!std::all_of(tag.begin(), tag.end(), IsTagCharacter)) continue;
    weighted.emplace_back(weight, std::string(tag));
  }
  std::stable_sort(weighted.begin(), weighted.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> tags;
  tags.reserve(weighted.size());
  for (auto& [weight, tag] : weighted) tags.push_back(std::move(tag));
  return tags;
}

}  // namespace passmint
