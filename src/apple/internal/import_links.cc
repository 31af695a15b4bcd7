#include "apple/internal/import_links.h"

#include <algorithm>
#include <array>
#include <utility>

#include "apple/internal/pass_rules.h"
#include "base/ascii.h"

namespace passmint::apple::internal {
namespace {

constexpr std::string_view kAttributed = "attributedValue";
constexpr std::string_view kOurKey = "passmint-link-";  // internal/field_writer.cc writes it.
constexpr std::size_t kLinksMax = 10;                   // Of a template.

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

std::string Unescaped(std::string_view html) {
  static constexpr std::array<std::pair<std::string_view, char>, 6> kEntities = {
      {{"&amp;", '&'},
       {"&lt;", '<'},
       {"&gt;", '>'},
       {"&quot;", '"'},
       {"&#39;", '\''},
       {"&apos;", '\''}}};
  std::string text;
  while (!html.empty()) {
    const auto entity = std::find_if(kEntities.begin(), kEntities.end(), [html](const auto& one) {
      return html.starts_with(one.first);
    });
    const bool found = entity != kEntities.end();
    text += found ? entity->second : html.front();
    html.remove_prefix(found ? entity->first.size() : 1);
  }
  return text;
}

// The quoted value of href among the attributes of a tag; nothing if there is none.
std::optional<std::string> HrefOf(std::string_view attributes) {
  const std::string lower = AsciiLower(attributes);
  for (auto at = lower.find("href"); at != std::string::npos; at = lower.find("href", at + 1)) {
    if (at == 0 || !IsSpace(lower[at - 1])) continue;
    std::string_view rest = Trimmed(attributes.substr(at + 4));
    if (!rest.starts_with('=')) continue;
    rest = Trimmed(rest.substr(1));
    if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) continue;
    const auto end = rest.find(rest.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    return Unescaped(rest.substr(1, end - 1));
  }
  return std::nullopt;
}

// As the template's own rule for links has it (T04).
bool IsOpenable(std::string_view url) {
  static constexpr std::array<std::string_view, 5> kSchemes = {"https://", "http://",
                                                               "tel:", "mailto:", "sms:"};
  return std::any_of(kSchemes.begin(), kSchemes.end(), [url](std::string_view scheme) {
    return url.size() > scheme.size() && url.starts_with(scheme);
  });
}

}  // namespace

std::optional<Anchor> ReadAnchor(std::string_view html) {
  constexpr std::string_view kOpen = "<a", kClose = "</a>";
  html = Trimmed(html);
  const std::string lower = AsciiLower(html);
  const bool is_one = lower.starts_with(kOpen) && lower.ends_with(kClose) &&
                      html.size() > kOpen.size() && IsSpace(html[kOpen.size()]);
  const auto end = html.find('>');
  if (!is_one || end == std::string_view::npos || end + 1 + kClose.size() > html.size()) {
    return std::nullopt;
  }
  const std::string_view inside = html.substr(end + 1, html.size() - end - 1 - kClose.size());
  auto href = HrefOf(html.substr(kOpen.size(), end - kOpen.size()));
  const bool plain = inside.find('<') == std::string_view::npos;
  if (!plain || !href || !IsOpenable(*href)) return std::nullopt;
  return Anchor{*std::move(href), Unescaped(inside)};
}

void TakeHref(const Json& field, ImportTexts& texts, std::vector<ImportNote>& notes, Json& out) {
  if (Find(field, kAttributed) == nullptr) return;
  const std::string where = "field " + out["key"].get<std::string>() + ": ";
  const std::vector<std::string> said = texts.Said(TextOf(field, kAttributed));
  std::vector<Anchor> anchors;
  for (const std::string& html : said) {
    if (auto anchor = ReadAnchor(html)) anchors.push_back(*std::move(anchor));
  }
  if (anchors.size() != said.size()) {
    notes.push_back({"pass.json", where + "its attributedValue is more than one link around all "
                                          "of its text: left out; set the link again as href"});
    return;
  }
  const Anchor& first = anchors.front();
  out["href"] = texts.Take(first.href, "href");
  if (std::any_of(anchors.begin(), anchors.end(),
                  [&first](const Anchor& other) { return other.href != first.href; })) {
    notes.push_back({"pass.json",
                     where + "its link differs by language: " + first.href + " was taken for all"});
  }
  const std::string value = TextOf(field, "value");
  if (!value.empty() && first.text != texts.Said(value).front()) {
    notes.push_back(
        {"pass.json", where + "the link reads as its value now, not \"" + first.text + "\""});
  }
}

bool IsLinkField(const Json& field) {
  return TextOf(field, "key").starts_with(kOurKey) &&
         ReadAnchor(TextOf(field, kAttributed)).has_value();
}

Json ImportLinks(const Json& style, ImportTexts& texts) {
  Json links = Json::array();
  const Json* back = Find(style, "backFields");
  if (back == nullptr || !back->is_array()) return links;
  for (const Json& field : *back) {
    if (!IsLinkField(field) || links.size() == kLinksMax) continue;
    const std::string label = TextOf(field, "label");
    const std::string url = ReadAnchor(TextOf(field, kAttributed))->href;
    links.push_back({{"label", texts.Take(label.empty() ? url : label, "link_label")},
                     {"url", texts.Take(url, "link")}});
  }
  return links;
}

}  // namespace passmint::apple::internal
