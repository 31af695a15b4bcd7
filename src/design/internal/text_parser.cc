#include "design/internal/text_parser.h"

#include <optional>
#include <utility>

#include "design/internal/text_syntax.h"

namespace passmint::design::internal {
namespace {

// Line feeds and tabs are fine in a text; other control characters would show as boxes, or cut it.
bool HasStrayControl(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F) return true;
  }
  return false;
}

// Someone who meant a plural wrote it where only locales know them.
bool LooksLikePlural(std::string_view source) {
  return source.find(", plural,") != std::string_view::npos ||
         source.find(",plural,") != std::string_view::npos;
}

}  // namespace

bool LooksLikeText(std::string_view source) {
  return source.starts_with("@") || source.find("{{") != std::string_view::npos;
}

Text TextParser::Parse(const std::string& source, const std::string& pointer, TextRules rules) {
  if (source.empty()) return {};
  if (source.size() > kTextBytesMax) {
    report_.Error("T04", {pointer}, "the text is longer than 8000 bytes", "Shorten it.");
    return {};
  }
  if (HasStrayControl(source)) {
    report_.Error("T04", {pointer}, "the text has a control character",
                  "Only \\n and \\t may stand in texts.");
    return {};
  }
  if (source.starts_with("@") && !source.starts_with("@@"))
    return Localised(source, pointer, rules);
  if (LooksLikePlural(source)) {
    report_.Error("T13", {pointer}, "plurals work in locales only",
                  "Move the text to locales/<language>.json and write \"@key\" here.");
    return {};
  }
  const std::string_view body =
      source.starts_with("@@") ? std::string_view(source).substr(1) : std::string_view(source);
  ParsedText parsed = ParseTextSyntax(body, Syntax::kPlain);
  if (parsed.problem) {
    report_.Error(parsed.problem->unknown_variable ? "T12" : "T13", {pointer},
                  parsed.problem->cause, parsed.problem->cure);
    return {};
  }
  Text text(source, {std::move(parsed.parts)});
  if (!rules.variables && text.HasVariables()) {
    report_.Error("T19", {pointer}, "variables cannot stand here: " + Quote(source),
                  "Write the text without variables.");
    return {};
  }
  return text;
}

Text TextParser::Localised(const std::string& source, const std::string& pointer, TextRules rules) {
  const std::string key = source.substr(1);
  auto versions = locales_.Use(key);
  if (!versions) {
    const std::string_view nearest = locales_.Nearest(key);
    report_.Error("T10", {pointer}, "no locale has the key " + Quote(key),
                  nearest.empty()
                      ? "Add it to locales/<language>.json; a literal @ is written @@."
                      : "Did you mean \"@" + std::string(nearest) +
                            "\"? Else add it to every locale; a literal @ is written @@.");
    return {};
  }
  Text text(source, std::move(*versions));
  if (!rules.localised && text.localised()) {
    report_.Error("T19", {pointer}, "this cannot differ by language: " + Quote(source),
                  "Write it out here: machines read it, not people.");
    return {};
  }
  if (!rules.variables && text.HasVariables()) {
    report_.Error("T19", {pointer},
                  "variables cannot stand here, and " + Quote(source) + " has one",
                  "Write the text without variables in every locale.");
    return {};
  }
  return text;
}

}  // namespace passmint::design::internal
