#include "design/internal/template_parser.h"

#include <algorithm>
#include <utility>

#include "base/language.h"
#include "base/nearest.h"
#include "design/internal/slots.h"
#include "image/color.h"

namespace passmint::design::internal {
namespace {

constexpr std::size_t kFileNameMax = 100;

const ObjectReader::Names<Kind>& KindNames() {
  static const ObjectReader::Names<Kind> names = {
      {"loyalty", Kind::kLoyalty}, {"membership", Kind::kMembership}, {"coupon", Kind::kCoupon},
      {"gift", Kind::kGift},       {"ticket", Kind::kTicket},         {"boarding", Kind::kBoarding},
  };
  return names;
}

}  // namespace

std::vector<std::string> ParseLanguages(const Json& root, Report& report) {
  std::vector<std::string> languages;
  if (!root.is_object() || !root.contains("languages")) return languages;
  const Json& list = root["languages"];
  if (!list.is_array() || list.empty() || list.size() > kLanguagesMax) {
    report.Error("T09", {"/languages"}, "this is not a list of 1 to 30 languages",
                 "Write [\"en\", \"ru\"]; the first is the fallback.");
    return languages;
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string pointer = json::Child("/languages", i);
    if (!list[i].is_string() || !IsLanguageTag(list[i].get_ref<const std::string&>())) {
      report.Error("T09", {pointer}, "this is not a language tag: " + Quote(json::Dump(list[i])),
                   "Write a BCP 47 tag such as en, ru, pt-BR or zh-Hans.");
      continue;
    }
    auto language = list[i].get<std::string>();
    if (std::find(languages.begin(), languages.end(), language) != languages.end()) {
      report.Error("T09", {pointer}, "the language " + Quote(language) + " stands twice",
                   "Remove one of them.");
      continue;
    }
    languages.push_back(std::move(language));
  }
  return languages;
}

ParsedTemplate TemplateParser::Parse(const Json& root, std::vector<std::string> languages) {
  const ObjectReader reader(
      root, "", report_,
      {"$schema",   "format",   "kind",   "languages",       "organization", "description",
       "logo_text", "colors",   "fields", "barcode",         "stamps",       "images",
       "links",     "actions",  "app",    "locations",       "beacons",      "expires",
       "relevant",  "sharing",  "nfc",    "personalization", "poster",       "offer",
       "event",     "boarding", "apple",  "google"});
  out_ = Template{};
  out_.languages = std::move(languages);
  block_texts_.clear();
  reader.Require({"format", "kind", "languages", "description", "colors"});
  (void)reader.Integer("format", 1, 1);
  (void)reader.String("$schema", 1000);
  if (const auto kind = reader.Enum("kind", KindNames())) out_.kind = *kind;
  ParseLook(reader);
  ParseFields(reader);
  ParseBarcodes(reader);
  ParseStamps(reader);
  ParseImages(reader);
  ParseLinks(reader);
  ParseLocations(reader);
  ParseBlocks(reader);
  ParsedTemplate parsed;
  SortBlockTexts();
  for (auto& [text, form] : block_texts_) {
    out_.block_texts.push_back(std::move(text));
    parsed.block_forms.push_back(form);
  }
  parsed.source = std::move(out_);
  return parsed;
}

void TemplateParser::ParseLook(const ObjectReader& root) {
  out_.organization = ReadText(root, "organization");
  if (out_.organization.empty() && !root.Has("organization")) {
    out_.organization =
        Text(programme_.name, {{{.type = Text::Part::Type::kLiteral, .text = programme_.name}}});
  }
  out_.description = ReadText(root, "description");
  if (root.Has("description") && root.Find("description")->is_string() &&
      root.Find("description")->get_ref<const std::string&>().empty()) {
    report_.Error("T05", {"/description"}, "the description is empty",
                  "Say what the card is, for people who cannot see it: \"Bean & Leaf card\".");
  }
  out_.logo_text = ReadText(root, "logo_text");
  ParseColors(root);
  out_.expires = ReadText(root, "expires", {.localised = false});
  CheckDate(out_.expires, root.Pointer("expires"));
  out_.sharing = root.Bool("sharing", true);
}

void TemplateParser::ParseColors(const ObjectReader& root) {
  const Json* colors = root.Object("colors");
  if (colors == nullptr) return;
  const ObjectReader reader(*colors, root.Pointer("colors"), report_,
                            {"background", "foreground", "label"});
  reader.Require({"background"});
  const auto read = [&](std::string_view key, std::string& target) {
    const auto text = reader.Word(key, 64);
    if (!text) return;
    const auto color = image::ParseColor(*text);
    if (color.ok()) {
      target = image::ToHexRgb(color.value());
    } else {
      report_.Error("P06", {reader.Pointer(key)}, Quote(*text) + " is not a colour",
                    "Write #RRGGBB, such as #3B2318.");
    }
  };
  read("background", out_.colors.background);
  read("foreground", out_.colors.foreground);
  read("label", out_.colors.label);
}

void TemplateParser::ParseStamps(const ObjectReader& root) {
  const Json* stamps = root.Object("stamps");
  if (stamps == nullptr) return;
  const ObjectReader reader(*stamps, root.Pointer("stamps"), report_,
                            {"count", "of", "filled", "empty", "slot"});
  reader.Require({"count", "of", "filled"});
  Stamps parsed;
  parsed.count = ReadText(reader, "count", {.localised = false});
  const Variable* variable = FindVariable(parsed.count.SoleVariable());
  const bool suits = variable != nullptr &&
                     (variable->type == ValueType::kInteger || variable->name == "attributes.*");
  if (!suits && reader.Has("count")) {
    report_.Error("T15", {reader.Pointer("count")},
                  Quote(parsed.count.source()) + " is not exactly one whole-number variable",
                  "Write \"{{stamps.count}}\".");
  }
  if (const auto of = reader.Integer("of", 1, 30)) parsed.of = static_cast<int>(*of);
  parsed.filled = reader.Word("filled", kFileNameMax).value_or("");
  parsed.empty = reader.Word("empty", kFileNameMax).value_or("");
  const ObjectReader::Names<std::string> slots = {{"strip", "strip"}};
  if (const auto slot = reader.Enum("slot", slots)) parsed.slot = *slot;
  out_.stamps = std::move(parsed);
}

void TemplateParser::ParseImages(const ObjectReader& root) {
  const Json* images = root.Object("images");
  if (images == nullptr) return;
  const std::vector<std::string_view> slots = SlotNames();
  for (const auto& [slot, rows] : images->items()) {
    const std::string pointer = json::Child(root.Pointer("images"), slot);
    if (std::find(slots.begin(), slots.end(), slot) == slots.end()) {
      report_.Error("T18", {pointer}, "there is no slot " + Quote(slot),
                    "Did you mean " + Quote(Nearest(slot, slots)) + "?");
      continue;
    }
    if (!rows.is_array() || rows.empty() || rows.size() > kImageChoicesMax) {
      report_.Error("T18", {pointer}, "this is not a list of 1 to 20 rows",
                    "Write [{\"when\": {\"tier.name\": \"vip\"}, \"file\": \"a.png\"}, {\"file\": "
                    "\"b.png\"}].");
      continue;
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
      out_.images[slot].push_back(ParseImageChoice(rows[i], json::Child(pointer, i)));
  }
}

ImageChoice TemplateParser::ParseImageChoice(const Json& json, const std::string& pointer) {
  const ObjectReader row(json, pointer, report_, {"when", "file"});
  row.Require({"file"});
  ImageChoice choice;
  choice.file = row.Word("file", kFileNameMax).value_or("");
  const Json* when = row.Object("when");
  if (when == nullptr) return choice;
  for (const auto& [name, value] : when->items()) {
    const std::string place = json::Child(row.Pointer("when"), name);
    if (FindVariable(name) == nullptr) {
      report_.Error("T12", {place}, "unknown variable " + Quote(name),
                    "Did you mean " + Quote(NearestVariable(name)) +
                        "? The name stands without braces here.");
    } else if (value.is_string() || value.is_number_integer()) {
      choice.when[name] = value.is_string() ? value.get<std::string>() : value.dump();
    } else {
      report_.Error("T03", {place}, "this is neither a text nor an integer",
                    "Write what the variable must be, such as \"vip\".");
    }
  }
  return choice;
}

void TemplateParser::ParseLinks(const ObjectReader& root) {
  const Json* links = root.Array("links", kListMax);
  if (links == nullptr) return;
  for (std::size_t i = 0; i < links->size(); ++i) {
    const ObjectReader reader((*links)[i], json::Child(root.Pointer("links"), i), report_,
                              {"label", "url"});
    reader.Require({"label", "url"});
    out_.links.push_back({.label = ReadText(reader, "label"), .url = ReadUrl(reader, "url")});
  }
}

void TemplateParser::ParseLocations(const ObjectReader& root) {
  const Json* locations = root.Array("locations", kLocationsMax, "P16");
  if (locations == nullptr) return;
  for (std::size_t i = 0; i < locations->size(); ++i) {
    const ObjectReader reader((*locations)[i], json::Child(root.Pointer("locations"), i), report_,
                              {"latitude", "longitude", "text"});
    reader.Require({"latitude", "longitude"});
    out_.locations.push_back({.latitude = reader.Number("latitude", -90, 90, "P16").value_or(0),
                              .longitude = reader.Number("longitude", -180, 180, "P16").value_or(0),
                              .text = ReadText(reader, "text")});
  }
}

void TemplateParser::SortBlockTexts() {
  std::sort(block_texts_.begin(), block_texts_.end(),
            [](const auto& a, const auto& b) { return a.first.pointer < b.first.pointer; });
}

Text TemplateParser::ReadText(const ObjectReader& reader, std::string_view key, TextRules rules) {
  const auto source = reader.String(key, kTextBytesMax);
  return source ? texts_.Parse(*source, reader.Pointer(key), rules) : Text();
}

Text TemplateParser::ReadUrl(const ObjectReader& reader, std::string_view key) {
  Text url = ReadText(reader, key);
  if (url.empty() || !url.SoleVariable().empty()) return url;
  for (std::size_t i = 0; i < url.versions().size(); ++i) {
    // What is before the first variable has to name scheme and host.
    const auto& parts = url.versions()[i];
    const bool good = !parts.empty() && parts.front().type == Text::Part::Type::kLiteral &&
                      IsOpenableUrl(parts.front().text);
    if (good) continue;
    report_.Error("T04", {reader.Pointer(key)},
                  Quote(url.Literal(i)) + " is not a link that phones open",
                  "Start it with https://, http://, tel:, mailto: or sms:.");
    break;
  }
  return url;
}

void TemplateParser::AddBlockText(const ObjectReader& reader, std::string_view key, Form form) {
  Text text;
  if (form == Form::kUrl) {
    text = ReadUrl(reader, key);
  } else {
    text = ReadText(reader, key, {.localised = form == Form::kProse});
  }
  if (form == Form::kInstant) CheckDate(text, reader.Pointer(key));
  AddBlockText(std::move(text), reader.Pointer(key), form);
}

void TemplateParser::AddBlockTexts(const ObjectReader& reader, ObjectReader::Keys keys) {
  for (const std::string_view key : keys) AddBlockText(reader, key);
}

void TemplateParser::AddBlockText(Text text, std::string pointer, Form form) {
  if (text.empty()) return;
  block_texts_.emplace_back(BlockText{std::move(pointer), std::move(text)}, form);
}

void TemplateParser::AddNativeTexts(const Json& block, const std::string& pointer) {
  if (block.is_string()) {
    const auto& source = block.get_ref<const std::string&>();
    if (!LooksLikeText(source)) return;
    Text text = texts_.Parse(source, pointer, {});
    const Form form = text.SoleVariable().empty() ? Form::kProse : Form::kPlain;
    AddBlockText(std::move(text), pointer, form);
  } else if (block.is_object()) {
    for (const auto& [key, value] : block.items()) AddNativeTexts(value, json::Child(pointer, key));
  } else if (block.is_array()) {
    for (std::size_t i = 0; i < block.size(); ++i)
      AddNativeTexts(block[i], json::Child(pointer, i));
  }
}

void TemplateParser::CheckDate(const Text& text, const std::string& pointer) {
  if (text.empty()) return;
  if (const Variable* variable = FindVariable(text.SoleVariable())) {
    if (variable->type == ValueType::kInstant || variable->type == ValueType::kDate ||
        variable->name == "attributes.*")
      return;
  }
  if (!text.HasVariables() && !text.localised()) {
    const std::string literal = text.Literal(0);
    if (ParseRfc3339(literal).ok() || ParseDate(literal).ok()) return;
  }
  report_.Error("T15", {pointer}, Quote(text.source()) + " is not a time",
                "Write 2026-12-31T19:00:00+03:00, 2026-12-31, or one variable that holds a time "
                "such as {{card.expires_at}}.");
}

}  // namespace passmint::design::internal
