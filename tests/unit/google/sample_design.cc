#include "unit/google/sample_design.h"

#include <gtest/gtest.h>

#include <map>

#include "google/wallet_class.h"
#include "google/wallet_object.h"
#include "image/png.h"

namespace passmint::google::testing {
namespace {

constexpr const char* kCommon = R"({
  "format": 1, "languages": ["en", "ru"], "organization": "Bean & Leaf", "description": "@card",
  "logo_text": "Bean & Leaf", "colors": {"background": "#3b2318"},
  "barcode": [{"format": "qr", "message": "{{card.number}}", "text": "{{card.number}}"}]
})";

constexpr const char* kLoyalty = R"({"kind": "loyalty", "fields": {
  "header": [{"key": "points", "label": "@points", "value": "{{points.available}}",
              "type": "number", "google": "loyaltyPoints"}],
  "secondary": [{"key": "name", "label": "@member", "value": "{{member.name}}",
                 "google": "accountName"},
                {"key": "tier", "label": "@tier", "value": "{{tier.name}}", "google": "row:1"}],
  "back": [{"key": "contact", "label": "@contact", "value": "@contact_text"}]}})";

constexpr const char* kGift = R"({"kind": "gift", "fields": {
  "primary": [{"key": "balance", "label": "@balance", "value": "{{points.value}}",
               "type": "currency", "google": "balance"}],
  "secondary": [{"key": "number", "label": "@number", "value": "{{card.number}}",
                 "google": "cardNumber"}]}})";

constexpr const char* kOffer = R"({"kind": "coupon",
  "offer": {"provider": "Bean & Leaf", "title": "@offer", "redemption_channel": "instore"},
  "fields": {"primary": [{"key": "offer", "label": "@card", "value": "@offer"}]}})";

constexpr const char* kEvent = R"({"kind": "ticket",
  "event": {"name": "@show", "start": "2027-01-31T19:00:00+03:00",
            "venue": {"name": "Bean Hall", "address": "1 Roast Street\nMoscow"}},
  "fields": {"secondary": [{"key": "seat", "label": "@seat", "value": "{{attributes.seat}}",
                            "google": "seat"},
                           {"key": "holder", "label": "@member", "value": "{{member.name}}",
                            "google": "ticketHolderName"}]}})";

constexpr const char* kGeneric = R"({"kind": "membership", "fields": {
  "primary": [{"key": "name", "label": "@member", "value": "{{member.name}}",
               "google": "header"}],
  "secondary": [{"key": "since", "label": "@since", "value": "{{member.since}}",
                 "type": "date"}]}})";

constexpr const char* kEnglish = R"({"card": "Bean & Leaf card", "points": "Points",
  "member": "Name", "tier": "Tier", "contact": "Contact", "contact_text": "Call us any time",
  "balance": "Balance", "number": "Number", "offer": "A cup for free", "show": "Latte evening",
  "seat": "Seat", "since": "Since", "web": "Website"})";

constexpr const char* kRussian = R"({"card": "Карта Bean & Leaf", "points": "Баллы",
  "member": "Имя", "tier": "Уровень", "contact": "Контакты", "contact_text": "Звоните нам",
  "balance": "Баланс", "number": "Номер", "offer": "Чашка в подарок", "show": "Вечер латте",
  "seat": "Место", "since": "С нами с", "web": "Сайт"})";

Json Read(const std::string& text) { return json::Parse(text, text.size()).value(); }

void WriteNulls(Json& value) {
  if (value == Json("<null>")) {
    value = nullptr;
  } else if (value.is_structured()) {
    for (Json& below : value) WriteNulls(below);
  }
}

const char* PartOf(Vertical vertical) {
  switch (vertical) {
    case Vertical::kLoyalty:
      return kLoyalty;
    case Vertical::kGiftCard:
      return kGift;
    case Vertical::kOffer:
      return kOffer;
    case Vertical::kEventTicket:
      return kEvent;
    case Vertical::kGeneric:
      return kGeneric;
  }
  return kLoyalty;
}

}  // namespace

Json SmallTemplate(Vertical vertical) { return SmallTemplate(vertical, "{}"); }

Json SmallTemplate(Vertical vertical, const std::string& patch) {
  Json whole = Read(kCommon);
  json::MergePatch(whole, Read(PartOf(vertical)));
  json::MergePatch(whole, Read(patch));
  WriteNulls(whole);
  return whole;
}

std::string FlatPng(int width, int height) {
  static std::map<std::pair<int, int>, std::string> made;
  std::string& png = made[{width, height}];
  if (!png.empty()) return png;
  image::Bitmap bitmap = image::MakeBitmap({width, height});
  for (std::size_t i = 0; i < bitmap.rgba.size(); ++i) {
    bitmap.rgba[i] = i % 4 == 3 ? 255 : 64;
  }
  png = image::Encode(bitmap).value();
  return png;
}

std::shared_ptr<const design::Design> CompileSample(const Json& template_json,
                                                    const design::TemplateFiles& more) {
  design::TemplateFiles files = {{"template.json", json::Dump(template_json)},
                                 {"locales/en.json", kEnglish},
                                 {"locales/ru.json", kRussian},
                                 {"images/icon.png", FlatPng(87, 87)},
                                 {"images/logo.png", FlatPng(480, 150)},
                                 {"images/google-logo.png", FlatPng(660, 660)},
                                 {"images/google-hero.png", FlatPng(1032, 336)}};
  for (const auto& [name, bytes] : more) {
    files[name] = bytes;
    if (bytes.empty()) files.erase(name);
  }
  const design::Compiled compiled = design::Compile(
      files, {.name = "Bean & Leaf", .currency = "RUB", .time_zone = "Europe/Moscow"});
  for (const design::Finding& finding : compiled.findings) {
    if (finding.level == design::Level::kError) {
      ADD_FAILURE() << finding.id << " " << finding.pointer << ": " << finding.cause;
    }
  }
  return compiled.design;
}

Environment SampleEnvironment() {
  return {.issuer = IssuerId("3388000000022141777"),
          .image_base_url = "https://cards.example.com/i/",
          .callback_url = "https://cards.example.com/google/callback/coffee",
          .origins = {}};
}

Made Make(const Json& template_json, design::Sample sample, const design::TemplateFiles& more) {
  Made made;
  made.design = CompileSample(template_json, more);
  if (made.design == nullptr) return made;
  const Environment environment = SampleEnvironment();
  made.layout = *MakeLayout(*made.design, environment);
  const ClassId class_id = MakeClassId(environment.issuer, "coffee.points");
  made.pass_class = MakeClass(made.layout, class_id);
  made.object = MakeObject(
      made.layout,
      made.design->Render(design::SampleValues(sample, "RUB"), design::CardState::kActive),
      class_id, MakeObjectId(environment.issuer, "abcdefghijklmnopqrstuv"));
  return made;
}

}  // namespace passmint::google::testing
