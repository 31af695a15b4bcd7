#include "fixtures.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "apple/manifest.h"
#include "image/png.h"
#include "zip/reader.h"
#include "zip/writer.h"

namespace passmint::apple::test {
namespace {

constexpr std::string_view kCoffee = R"({
  "format": 1, "kind": "loyalty", "languages": ["en", "ru"],
  "organization": "Bean & Leaf", "description": "@description", "logo_text": "Bean & Leaf",
  "colors": {"background": "#3B2318", "foreground": "#FFFFFF", "label": "#E7C9A9"},
  "fields": {
    "header": [{"key": "points", "label": "@points", "value": "{{points.available}}",
                "type": "number", "change": "@changed", "google": "loyaltyPoints"}],
    "secondary": [{"key": "name", "label": "@member", "value": "{{member.name}}"},
                  {"key": "tier", "label": "@tier", "value": "{{tier.name}}"}],
    "auxiliary": [{"key": "worth", "label": "@worth", "value": "{{points.value}}",
                   "type": "currency"},
                  {"key": "since", "label": "@since", "value": "{{member.since}}",
                   "type": "date"}],
    "back": [{"key": "about", "label": "@contact", "value": "@contact_text"},
             {"key": "summary", "label": "@points", "value": "@summary"},
             {"key": "number", "label": "@number", "value": "{{card.number_spaced}}"},
             {"key": "discount", "label": "@discount", "value": "{{tier.percent}}",
              "type": "percent"},
             {"key": "site", "label": "@site", "value": "example.com",
              "href": "https://example.com/?a=1&b=2"},
             {"key": "last", "label": "@last", "value": "{{order.last_at}}", "type": "datetime"},
             {"key": "terms", "label": "@terms", "value": "@terms_text"}]},
  "barcode": [{"format": "qr", "message": "{{card.number}}", "text": "{{card.number_spaced}}"}],
  "expires": "{{card.expires_at}}",
  "locations": [{"latitude": 55.75, "longitude": 37.62, "text": "@near"}]
})";

constexpr std::string_view kEn = R"({
  "description": "Bean & Leaf card", "points": "Points", "changed": "You have %@ points",
  "member": "Member", "tier": "Tier", "worth": "Worth", "since": "Member since",
  "contact": "Contact", "contact_text": "Call +7 495 000-00-00", "number": "Card",
  "discount": "Discount", "site": "Web site", "last": "Last visit", "terms": "Terms",
  "terms_text": "Points are good for a year.", "near": "Coffee is near",
  "summary": "{points.available, plural, one {# point} other {# points}} for {member.name}"
})";

constexpr std::string_view kRu = R"({
  "description": "Карта Bean & Leaf", "points": "Баллы", "changed": "У вас %@ баллов",
  "member": "Участник", "tier": "Уровень", "worth": "Стоят", "since": "С нами с",
  "contact": "Контакты", "contact_text": "Звоните: +7 495 000-00-00", "number": "Карта",
  "discount": "Скидка", "site": "Сайт", "last": "Были у нас", "terms": "Условия",
  "terms_text": "Баллы действуют год.", "near": "Кофе рядом",
  "summary": "{points.available, plural, one {# балл} few {# балла} many {# баллов} other {# балла}}, {member.name}"
})";

constexpr std::string_view kTicket = R"({
  "format": 1, "kind": "ticket", "languages": ["en"],
  "organization": "Hall", "description": "Concert ticket",
  "colors": {"background": "#102030", "foreground": "#FFFFFF", "label": "#DDDDDD"},
  "event": {"name": "Winter concert", "start": "2026-12-24T19:00:00+03:00",
            "venue": {"name": "Great Hall", "address": "1 Main Street", "region": "Moscow",
                      "room": "A"}},
  "fields": {"primary": [{"key": "event", "label": "Event", "value": "Winter concert"}],
             "auxiliary": [{"key": "row", "label": "Row", "value": "5", "row": 1}],
             "back": [{"key": "about", "label": "Contact", "value": "+7 495 000-00-00"}]},
  "barcode": [{"format": "qr", "message": "{{card.number}}", "text": "{{card.number}}"}]
})";

constexpr std::string_view kGift = R"({
  "format": 1, "kind": "gift", "languages": ["en"],
  "organization": "Shop", "description": "Gift card",
  "colors": {"background": "#102030", "foreground": "#FFFFFF", "label": "#DDDDDD"},
  "fields": {"header": [{"key": "balance", "label": "Balance", "value": "{{points.value}}",
                         "type": "currency", "google": "balance"}],
             "back": [{"key": "about", "label": "Contact", "value": "+7 495 000-00-00"}]},
  "barcode": [{"format": "qr", "message": "{{card.number}}", "text": "{{card.number}}"}]
})";

constexpr std::string_view kBoarding = R"({
  "format": 1, "kind": "boarding", "languages": ["en"],
  "organization": "Railway", "description": "Train ticket",
  "colors": {"background": "#102030", "foreground": "#FFFFFF", "label": "#DDDDDD"},
  "boarding": {"transit": "train"},
  "fields": {"primary": [{"key": "from", "label": "From", "value": "Moscow"},
                         {"key": "to", "label": "To", "value": "Tver"}],
             "back": [{"key": "about", "label": "Contact", "value": "+7 495 000-00-00"}]},
  "barcode": [{"format": "qr", "message": "{{card.number}}", "text": "{{card.number}}"}]
})";

std::string Patch(std::string_view text, std::string_view patch) {
  Json target = json::Parse(text, 1 << 20).value();
  const Json members = json::Parse(patch, 1 << 20).value();
  json::MergePatch(target, members);
  // A native patch keeps its nulls: they are what it says.
  if (members.contains("apple")) target["apple"] = members["apple"];
  return json::Dump(target);
}

design::TemplateFiles Files(std::string_view text, std::string_view patch) {
  return {{"template.json", Patch(text, patch)},
          {"images/icon@3x.png", Png(114, 114)},
          {"images/logo@3x.png", Png(480, 150)}};
}

Timestamp At(std::string_view text) { return ParseRfc3339(text).value(); }

}  // namespace

std::string Png(int width, int height) {
  image::Bitmap bitmap = image::MakeBitmap({width, height});
  for (std::size_t i = 0; i < bitmap.rgba.size(); i += 4) {
    bitmap.rgba[i] = static_cast<std::uint8_t>(i / 64);
    bitmap.rgba[i + 3] = 255;
  }
  return image::Encode(bitmap).value();
}

const crypto::TestAuthority& Authority() {
  static const crypto::TestAuthority authority =
      crypto::TestAuthority::Create(
          {.not_before = At("2026-01-01T00:00:00Z"), .not_after = At("2030-01-01T00:00:00Z")})
          .value();
  return authority;
}

crypto::PassCertificateOptions GoodLeaf() {
  return {.pass_type = PassTypeIdentifier("pass.com.example.test"),
          .team = TeamIdentifier("TEAM123456"),
          .not_before = At("2026-11-01T00:00:00Z"),
          .not_after = At("2027-11-01T00:00:00Z")};
}

std::shared_ptr<const crypto::ManifestSigner> SignerOf(crypto::PassCertificateOptions options) {
  const auto leaf = Authority().Issue(options).value();
  const auto identity =
      crypto::MakeSigningIdentity(leaf.certificate, leaf.key, {Authority().intermediate()}, Now())
          .value();
  return std::make_shared<const crypto::ManifestSigner>(
      crypto::ManifestSigner::Create(identity).value());
}

std::shared_ptr<const crypto::ManifestSigner> Signer() {
  static const auto signer = SignerOf(GoodLeaf());
  return signer;
}

std::shared_ptr<const crypto::ManifestSigner> NfcSigner() {
  static const auto signer = [] {
    auto options = GoodLeaf();
    options.nfc = true;
    return SignerOf(options);
  }();
  return signer;
}

PassEnvironment Environment() {
  return {.pass_type = PassTypeIdentifier("pass.com.example.test"),
          .team = TeamIdentifier("TEAM123456"),
          .web_service_url = "https://cards.example.com/apple"};
}

Timestamp Now() { return At("2026-11-21T10:00:00Z"); }

const Secret& Token() {
  static const Secret token("0123456789abcdef0123456789abcdef");
  return token;
}

PassIdentity Identity() {
  return {.serial = SerialNumber("Serial0000000000000001"), .authentication_token = &Token()};
}

design::TemplateFiles CoffeeFiles() { return Coffee("{}"); }

design::TemplateFiles Coffee(std::string_view template_patch) {
  design::TemplateFiles files = Files(kCoffee, template_patch);
  files["locales/en.json"] = std::string(kEn);
  files["locales/ru.json"] = std::string(kRu);
  return files;
}

design::TemplateFiles Ticket(std::string_view template_patch) {
  return Files(kTicket, template_patch);
}

design::TemplateFiles Gift(std::string_view template_patch) { return Files(kGift, template_patch); }

design::TemplateFiles Boarding(std::string_view template_patch) {
  return Files(kBoarding, template_patch);
}

std::shared_ptr<const design::Design> MustCompile(const design::TemplateFiles& files) {
  design::Compiled compiled = design::Compile(
      files, {.name = "Bean & Leaf", .currency = "RUB", .time_zone = "Europe/Moscow"});
  for (const design::Finding& finding : compiled.findings) {
    if (finding.level != design::Level::kError) continue;
    ADD_FAILURE() << finding.id << ' ' << finding.file << finding.pointer << ": " << finding.cause;
  }
  if (compiled.design == nullptr) std::abort();
  return compiled.design;
}

design::RenderedCard Render(const design::Design& design, design::Sample sample,
                            design::CardState state) {
  return design.Render(design::SampleValues(sample, "RUB"), state);
}

Json PassOf(const design::TemplateFiles& files, design::Sample sample, design::CardState state) {
  const auto design = MustCompile(files);
  PassEnvironment environment = Environment();
  environment.supports_nfc = true;
  const PassWriter writer = PassWriter::Make(*design, environment).value();
  const PassTexts texts = writer.Write(Render(*design, sample, state), Identity());
  return json::Parse(texts.pass_json, 1 << 20).value();
}

PassFactory MustMake(const std::shared_ptr<const design::Design>& design) {
  auto factory = PassFactory::Make(design, Signer(), Environment());
  if (!factory.ok()) ADD_FAILURE() << factory.error().message;
  return std::move(factory).value();
}

std::string Bundle(const std::shared_ptr<const design::Design>& design) {
  const auto bundle = MustMake(design).Build(Render(*design), Identity(), Now());
  if (!bundle.ok()) ADD_FAILURE() << bundle.error().message;
  return bundle.value();
}

std::map<std::string, std::string> Unpack(std::string_view bundle) {
  std::map<std::string, std::string> files;
  zip::Archive archive = zip::ReadArchive(bundle).value();
  for (zip::Entry& entry : archive.entries) {
    files[entry.name] = std::move(entry.bytes);
  }
  return files;
}

std::string Pack(const std::map<std::string, std::string>& files) {
  std::vector<zip::Entry> entries;
  for (const auto& [name, bytes] : files) entries.push_back({.name = name, .bytes = bytes});
  return zip::WriteArchive(entries).value();
}

std::map<std::string, std::string> SignAgain(std::map<std::string, std::string> files,
                                             const crypto::ManifestSigner& signer) {
  std::string members;
  for (const auto& [name, bytes] : files) {
    if (name != "manifest.json" && name != "signature") members += ManifestMember(name, bytes);
  }
  files["manifest.json"] = CloseManifest(members);
  files["signature"] = signer.Sign(files["manifest.json"], Now()).value();
  return files;
}

}  // namespace passmint::apple::test
