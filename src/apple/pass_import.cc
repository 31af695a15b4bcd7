#include "apple/pass_import.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "apple/internal/import_blocks.h"
#include "apple/internal/import_fields.h"
#include "apple/internal/import_links.h"
#include "apple/internal/import_texts.h"
#include "apple/internal/pass_rules.h"
#include "image/color.h"
#include "image/png.h"
#include "json/json.h"

namespace passmint::apple {
namespace {

using internal::ImportTexts;
using internal::TextOf;

constexpr std::size_t kPassJsonBytesMax = design::kTemplateJsonBytesMax;

struct Style {
  std::string_view name;  // In pass.json.
  std::string_view kind;
};
constexpr std::array<Style, 6> kStyles = {{{"storeCard", "loyalty"},
                                           {"coupon", "coupon"},
                                           {"eventTicket", "ticket"},
                                           {"boardingPass", "boarding"},
                                           {"generic", "membership"},
                                           {"posterGeneric", "membership"}}};

Error NotAPass(std::string message) {
  Error error = InvalidInput("not_a_pass", "", std::move(message));
  error.reason = "not_a_pass";
  error.hint = "a .pkpass, a zipped .pkpasstemplate, or the zip of a template folder";
  return error;
}

Result<Json> ReadPass(const std::map<std::string, std::string>& bundle) {
  const auto file = bundle.find("pass.json");
  if (file == bundle.end()) return NotAPass("there is no pass.json in it");
  auto pass = json::Parse(file->second, kPassJsonBytesMax);
  if (!pass.ok()) return NotAPass("pass.json: " + pass.error().message);
  if (!pass.value().is_object()) return NotAPass("pass.json is no JSON object");
  return pass;
}

const Style* StyleOf(const Json& pass) {
  for (const Style& style : kStyles) {
    const auto found = pass.find(style.name);
    if (found != pass.end() && found->is_object()) return &style;
  }
  return nullptr;
}

void TakeColor(const Json& pass, const char* from, const char* to, Json& colors,
               std::vector<ImportNote>& notes) {
  const std::string text = TextOf(pass, from);
  if (text.empty()) return;
  const auto color = image::ParseColor(text);
  if (color.ok()) {
    colors[to] = image::ToHexRgb(color.value());
  } else {
    notes.push_back({"pass.json", std::string(from) + " is no colour: " + text});
  }
}

Json ImportColors(const Json& pass, std::vector<ImportNote>& notes) {
  Json colors = Json::object();
  TakeColor(pass, "backgroundColor", "background", colors, notes);
  TakeColor(pass, "foregroundColor", "foreground", colors, notes);
  TakeColor(pass, "labelColor", "label", colors, notes);
  if (!colors.contains("background")) {
    colors["background"] = "#333333";
    notes.push_back({"pass.json", "it has no background colour: dark grey was taken"});
  }
  return colors;
}

// What a kind must have and a pass says elsewhere or not at all.
void AddKind(const Json& pass, const Style& style, ImportTexts& texts, Json& main,
             std::vector<ImportNote>& notes) {
  const std::string who = texts.Take(TextOf(pass, "organizationName"), "organization");
  const std::string what = texts.Take(TextOf(pass, "description"), "description");
  if (style.kind == "coupon") {
    main["offer"] = {{"provider", who}, {"title", what}, {"redemption_channel", "both"}};
  } else if (style.kind == "ticket") {
    main["event"] = internal::ImportEvent(pass, what, texts, notes);
  } else if (style.kind == "boarding") {
    constexpr std::string_view kTransit = "PKTransitType";
    std::string transit = TextOf(pass[std::string(style.name)], "transitType");
    transit = transit.starts_with(kTransit) ? transit.substr(kTransit.size()) : "Generic";
    if (!transit.empty()) transit[0] = static_cast<char>(transit[0] | 0x20);
    main["boarding"] = {{"transit", transit}};
  }
}

// Whatever the pass has of links, dates, places, beacons and NFC.
void AddBlocks(const Json& pass, const Style& style, ImportTexts& texts, Json& main,
               std::vector<ImportNote>& notes) {
  const auto add = [&main](const char* key, Json block) {
    if (!block.empty()) main[key] = std::move(block);
  };
  add("links", internal::ImportLinks(pass[std::string(style.name)], texts));
  add("locations", internal::ImportLocations(pass, texts, notes));
  add("beacons", internal::ImportBeacons(pass, texts, notes));
  add("nfc", internal::ImportNfc(pass, notes));
  add("expires", internal::ImportExpiry(pass, notes));
  // A ticket's own start makes it relevant.
  Json relevant = internal::ImportRelevant(pass, notes);
  const bool is_start = style.kind == "ticket" && relevant.size() == 1 &&
                        relevant[0].contains("date") &&
                        relevant[0]["date"] == main["event"].value("start", Json());
  if (!is_start) add("relevant", std::move(relevant));
}

// "strip" of "strip@2x.png"; "" if Wallet knows no such picture.
std::string SlotOf(std::string_view file) {
  static const std::set<std::string, std::less<>> kSlots = {
      "icon",       "logo",   "primaryLogo", "secondaryLogo",       "strip",   "thumbnail",
      "background", "footer", "artwork",     "personalizationLogo", "venueMap"};
  if (!file.ends_with(".png")) return {};
  file.remove_suffix(4);
  for (const std::string_view scale : {"@1x", "@2x", "@3x"}) {
    if (file.ends_with(scale)) file.remove_suffix(scale.size());
  }
  return kSlots.contains(file) ? std::string(file) : std::string();
}

// "" if the picture is what it says, and small enough; takes its pixels off `pixels_left`.
std::string WhatIsWrong(const std::string& bytes, std::int64_t& pixels_left) {
  if (bytes.size() > design::kImageBytesMax) return "it has more than 4 MiB";
  const auto info = image::Inspect(bytes);
  if (!info.ok()) return info.error().message;
  if (info.value().width > design::kImageSidePixelsMax ||
      info.value().height > design::kImageSidePixelsMax) {
    return "it is wider or higher than 4096 pixels";
  }
  pixels_left -= static_cast<std::int64_t>(info.value().width) * info.value().height;
  if (pixels_left < 0) return "all pictures together have too many pixels";
  const auto bitmap = image::Decode(bytes);
  return bitmap.ok() ? std::string() : bitmap.error().message;
}

void TakeImages(const std::map<std::string, std::string>& bundle, ImportedPass& imported) {
  static const std::set<std::string, std::less<>> kOthers = {"pass.json", "manifest.json",
                                                             "signature", "tooling.json"};
  std::int64_t pixels_left = design::kTemplatePixelsMax;
  for (const auto& [path, bytes] : bundle) {
    const auto slash = path.rfind('/');
    const std::string file = slash == std::string::npos ? path : path.substr(slash + 1);
    const std::string language = internal::LanguageOfPath(path);
    if (kOthers.contains(path) || file == "pass.strings") continue;
    const bool placed = slash == std::string::npos || !language.empty();
    if (path == "personalization.json") {
      imported.notes.push_back({path, "left out: set the sign-up form again as personalization"});
      continue;
    }
    if (!placed || SlotOf(file).empty()) {
      imported.notes.push_back({path, "left out: no picture that a card shows"});
      continue;
    }
    const std::string wrong = WhatIsWrong(bytes, pixels_left);
    if (!wrong.empty()) {
      imported.notes.push_back({path, "left out: " + wrong});
      continue;
    }
    std::string name = "images/";
    if (!language.empty()) name.append(language).append("/");
    imported.files[name.append(file)] = bytes;
  }
}

}  // namespace

Result<ImportedPass> ImportPass(const std::map<std::string, std::string>& bundle) {
  auto read = ReadPass(bundle);
  if (!read.ok()) return std::move(read).error();
  const Json& pass = read.value();
  const Style* style = StyleOf(pass);
  if (style == nullptr) return NotAPass("pass.json has no style such as storeCard or coupon");
  ImportedPass imported;
  ImportTexts texts(bundle, imported.notes);
  Json main = {
      {"format", 1},
      {"kind", style->kind},
      {"languages", texts.languages()},
      {"description", texts.Take(TextOf(pass, "description"), "description")},
      {"colors", ImportColors(pass, imported.notes)},
      {"fields", internal::ImportFields(pass[std::string(style->name)],
                                        internal::BarcodeMessage(pass), texts, imported.notes)}};
  const std::string organization = TextOf(pass, "organizationName");
  if (!organization.empty()) main["organization"] = texts.Take(organization, "organization");
  const std::string logo_text = TextOf(pass, "logoText");
  if (!logo_text.empty()) main["logo_text"] = texts.Take(logo_text, "logo_text");
  Json barcodes = internal::ImportBarcodes(pass, imported.notes);
  if (!barcodes.is_null()) main["barcode"] = std::move(barcodes);
  if (pass.value("sharingProhibited", Json(false)) == Json(true)) main["sharing"] = false;
  if (pass.contains("posterGeneric") && style->name != "posterGeneric") {
    main["poster"] = "posterGeneric";
  }
  AddKind(pass, *style, texts, main, imported.notes);
  AddBlocks(pass, *style, texts, main, imported.notes);
  internal::NoteWhatStays(pass, imported.notes);
  TakeImages(bundle, imported);
  texts.Write(imported.files);
  imported.files["template.json"] = json::DumpPretty(main);
  return imported;
}

}  // namespace passmint::apple
