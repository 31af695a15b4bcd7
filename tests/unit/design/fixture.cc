#include "fixture.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "image/png.h"

namespace passmint::design::test {
namespace {

constexpr std::string_view kTemplate = R"({
  "format": 1, "kind": "loyalty", "languages": ["en", "ru"],
  "organization": "Bean & Leaf", "description": "@description", "logo_text": "Bean & Leaf",
  "colors": {"background": "#3B2318", "foreground": "#FFFFFF", "label": "#E7C9A9"},
  "fields": {
    "header": [{"key": "points", "label": "@points", "value": "{{points.available}}",
                "type": "number", "change": "@changed", "google": "loyaltyPoints"}],
    "secondary": [{"key": "name", "label": "@member", "value": "{{member.name}}"}],
    "back": [{"key": "about", "label": "@contact", "value": "@contact_text"}]},
  "barcode": [{"format": "qr", "message": "{{card.number}}", "text": "{{card.number_spaced}}"}],
  "links": [{"label": "@site", "url": "https://example.com/?card={{card.number}}"}],
  "locations": [{"latitude": 55.75, "longitude": 37.62, "text": "@near"}]
})";

constexpr std::string_view kEn = R"({
  "description": "Bean & Leaf card", "points": "Points", "changed": "You have %@ points",
  "member": "Member", "contact": "Contact", "near": "Coffee is near", "site": "Web site",
  "contact_text": "You have {points.available, plural, one {# point} other {# points}}. +7 495 000-00-00"
})";

constexpr std::string_view kRu = R"({
  "description": "Карта Bean & Leaf", "points": "Баллы", "changed": "У вас %@ баллов",
  "member": "Участник", "contact": "Контакты", "near": "Кофе рядом", "site": "Сайт",
  "contact_text": "У вас {points.available, plural, one {# балл} few {# балла} many {# баллов} other {# балла}}. +7 495 000-00-00"
})";

std::string Patch(std::string_view text, std::string_view patch) {
  Json target = json::Parse(text, 1 << 20).value();
  json::MergePatch(target, json::Parse(patch, 1 << 20).value());
  return json::Dump(target);
}

}  // namespace

std::string Png(int width, int height, std::uint8_t red) {
  image::Bitmap bitmap = image::MakeBitmap({width, height});
  for (std::size_t i = 0; i < bitmap.rgba.size(); i += 4) {
    bitmap.rgba[i] = red;
    bitmap.rgba[i + 3] = 255;
  }
  return image::Encode(bitmap).value();
}

TemplateFiles GoodFiles() { return Patched("{}"); }

TemplateFiles Patched(std::string_view template_patch, std::string_view en_patch,
                      std::string_view ru_patch) {
  static const std::string logo = Png(480, 150);
  static const std::string icon = Png(114, 114);
  static const std::string google = Png(660, 660);
  return {{"template.json", Patch(kTemplate, template_patch)},
          {"locales/en.json", Patch(kEn, en_patch)},
          {"locales/ru.json", Patch(kRu, ru_patch)},
          {"images/logo@3x.png", logo},
          {"images/icon@3x.png", icon},
          {"images/google-logo.png", google}};
}

TemplateFiles FilesOfKind(Kind kind) {
  switch (kind) {
    case Kind::kLoyalty:
      return GoodFiles();
    case Kind::kMembership:
      return Patched(R"({"kind": "membership",
        "fields": {"primary": [{"key": "tier", "value": "{{tier.name}}"}]}})");
    case Kind::kCoupon:
      return Patched(R"({"kind": "coupon", "expires": "2027-12-31",
        "offer": {"provider": "Bean & Leaf", "title": "20 % off", "redemption_channel": "instore"}})");
    case Kind::kGift:
      return Patched(R"({"kind": "gift",
        "fields": {"primary": [{"key": "balance", "value": "{{points.value}}", "type": "currency"}]}})");
    case Kind::kTicket:
      return Patched(R"({"kind": "ticket",
        "event": {"name": "Cupping", "start": "2026-12-31T19:00:00+03:00",
                  "venue": {"name": "Roastery", "address": "1 Bean Street"}}})");
    case Kind::kBoarding:
      return Patched(R"({"kind": "boarding", "boarding": {"transit": "train"}})");
  }
  return {};
}

ProgrammeFacts Programme() {
  return {.name = "Bean & Leaf", .currency = "RUB", .time_zone = "Europe/Moscow"};
}

std::string Describe(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.id + " " + std::string(Name(finding.level)) + " " + finding.file + " " +
            finding.pointer + ": " + finding.cause + " -> " + finding.cure + "\n";
  }
  return text;
}

bool Has(const Findings& findings, std::string_view id, std::string_view pointer,
         std::string_view file) {
  for (const Finding& finding : findings) {
    if (finding.id == id && finding.pointer == pointer && finding.file == file) return true;
  }
  return false;
}

std::shared_ptr<const Design> MustCompile(const TemplateFiles& files) {
  Compiled compiled = Compile(files, Programme());
  EXPECT_TRUE(compiled.design) << Describe(compiled.findings);
  return compiled.design;
}

TemplateFiles ReadFolder(const std::string& path) {
  const std::filesystem::path root = std::filesystem::path(PASSMINT_SOURCE_DIR) / path;
  TemplateFiles files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files[std::filesystem::relative(entry.path(), root).generic_string()] =
        std::string(std::istreambuf_iterator<char>(in), {});
  }
  return files;
}

}  // namespace passmint::design::test
