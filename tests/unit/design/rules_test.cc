#include <gtest/gtest.h>

#include "fixture.h"

namespace passmint::design {
namespace {

using test::Describe;
using test::FilesOfKind;
using test::GoodFiles;
using test::Has;
using test::Patched;
using test::Png;
using test::Programme;

struct Broken {
  const char* id;
  const char* pointer;
  const char* patch;
  const char* cure;  // A part of the finding's cure.
};

void ExpectFound(const TemplateFiles& files, const Broken& broken, Level level) {
  const Findings findings = LintFiles(files, Programme());
  for (const Finding& finding : findings) {
    if (finding.id != broken.id || finding.pointer != broken.pointer) continue;
    EXPECT_EQ(finding.level, level) << broken.patch;
    EXPECT_NE(finding.cure.find(broken.cure), std::string::npos)
        << finding.cure << " does not say " << broken.cure;
    EXPECT_FALSE(finding.cause.empty());
    return;
  }
  ADD_FAILURE() << broken.id << " " << broken.pointer << " is not among\n"
                << Describe(findings) << broken.patch;
}

class ErrorTest : public testing::TestWithParam<Broken> {};

TEST_P(ErrorTest, IsFoundWithItsPointerAndCure) {
  ExpectFound(Patched(GetParam().patch), GetParam(), Level::kError);
  EXPECT_FALSE(Compile(Patched(GetParam().patch), Programme()).design);
}

const Broken kErrors[] = {
    // Keys, types, values.
    {"T02", "/logotext", R"({"logotext": "x"})", "\"logo_text\""},
    {"T02", "/fields/headers", R"({"fields": {"headers": []}})", "\"header\""},
    {"T02", "/colors/backround", R"({"colors": {"backround": "#fff"}})", "\"background\""},
    {"T02", "/fields/back/0/typ", R"({"fields": {"back": [{"key": "a", "value": "1", "typ": 1}]}})",
     "\"type\""},
    {"T03", "/fields", R"({"fields": []})", "an object"},
    {"T03", "/sharing", R"({"sharing": "yes"})", "true or false"},
    {"T03", "/links", R"({"links": {}})", "an array"},
    {"T03", "/fields/back/0/value", R"({"fields": {"back": [{"key": "a", "value": 1.5}]}})",
     "as text"},
    {"T04", "/kind", R"({"kind": "loyality"})", "\"loyalty\""},
    {"T04", "/format", R"({"format": 2})", "1 to 1"},
    {"T04", "/barcode/0/format", R"({"barcode": [{"format": "qrcode", "message": "1"}]})",
     "\"qr\""},
    {"T04", "/fields/back/0/key", R"({"fields": {"back": [{"key": "a b", "value": "1"}]}})",
     "letters"},
    {"T04", "/fields/back/0/zone",
     R"({"fields": {"back": [{"key": "a", "value": "2026-12-31", "type": "date", "zone": "Mars"}]}})",
     "Europe/Moscow"},
    {"T04", "/fields/back/0/currency",
     R"({"fields": {"back": [{"key": "a", "value": "1", "type": "currency", "currency": "XYZ"}]}})",
     "RUB"},
    {"T04", "/fields/back/0/href",
     R"({"fields": {"back": [{"key": "a", "value": "1", "href": "javascript:x"}]}})", "https://"},
    {"T04", "/links/0/url", R"({"links": [{"label": "a", "url": "example.com"}]})", "https://"},
    {"T04", "/stamps/of",
     R"({"stamps": {"count": "{{stamps.count}}", "of": 31, "filled": "a.png"}})", "1 to 30"},
    {"T05", "", R"({"description": null})", "schema"},
    {"T05", "/description", R"({"description": ""})", "cannot see"},
    {"T05", "/fields/back/0", R"({"fields": {"back": [{"value": "1"}]}})", "schema"},
    {"T05", "/relevant/0", R"({"relevant": [{"start": "2026-12-31T19:00:00Z"}]})", "date"},
    {"T09", "/languages/1", R"({"languages": ["en", "russian"]})", "BCP 47"},
    {"T09", "/languages/1", R"({"languages": ["en", "en"]})", "Remove"},
    {"T09", "/languages", R"({"languages": []})", "fallback"},
    // Texts.
    {"T10", "/logo_text", R"({"logo_text": "@membr"})", "\"@member\""},
    {"T12", "/logo_text", R"({"logo_text": "{{points.availble}}"})", "{{points.available}}"},
    {"T12", "/images/logo/0/when/tier.nam",
     R"({"images": {"logo": [{"when": {"tier.nam": "a"}, "file": "logo.png"}, {"file": "logo.png"}]}})",
     "tier.name"},
    {"T13", "/logo_text", R"({"logo_text": "{{points.available"})", "{{name}}"},
    {"T13", "/logo_text", R"({"logo_text": "points.available}}"})", "{{name}}"},
    {"T13", "/logo_text",
     R"({"logo_text": "{points.available, plural, one {# point} other {# points}}"})", "locales"},
    // Values against their type.
    {"T15", "/fields/header/0/value",
     R"({"fields": {"header": [{"key": "a", "value": "{{points.available}} points", "type": "number"}]}})",
     "label"},
    {"T15", "/fields/header/0/value",
     R"({"fields": {"header": [{"key": "a", "value": "{{member.name}}", "type": "number"}]}})",
     "another variable"},
    {"T15", "/fields/header/0/value",
     R"({"fields": {"header": [{"key": "a", "value": "{{points.available}}", "type": "date"}]}})",
     "another variable"},
    {"T15", "/fields/header/0/value",
     R"({"fields": {"header": [{"key": "a", "value": "{{points.value}}", "type": "percent"}]}})",
     "another variable"},
    {"T15", "/fields/header/0/value",
     R"({"fields": {"header": [{"key": "a", "value": "31.12.2026", "type": "date"}]}})",
     "2026-12-31"},
    {"T15", "/fields/header/0/currency",
     R"({"fields": {"header": [{"key": "a", "value": "{{points.value}}", "type": "currency", "currency": "USD"}]}})",
     "Remove"},
    {"T15", "/expires", R"({"expires": "next year"})", "2026-12-31"},
    {"T15", "/relevant/0/date", R"({"relevant": [{"date": "{{points.value}}"}]})",
     "{{card.expires_at}}"},
    {"T15", "/stamps/count", R"({"stamps": {"count": "7", "of": 10, "filled": "logo.png"}})",
     "{{stamps.count}}"},
    // Native blocks.
    {"T16", "/apple/serialNumber", R"({"apple": {"serialNumber": "1"}})", "Remove"},
    {"T16", "/apple/authenticationToken", R"({"apple": {"authenticationToken": "x"}})", "Remove"},
    {"T16", "/apple/webServiceURL", R"({"apple": {"webServiceURL": "x"}})", "Remove"},
    {"T16", "/apple/passTypeIdentifier", R"({"apple": {"passTypeIdentifier": "x"}})", "Remove"},
    {"T16", "/apple/teamIdentifier", R"({"apple": {"teamIdentifier": "x"}})", "Remove"},
    {"T16", "/google/object/state", R"({"google": {"object": {"state": "ACTIVE"}}})", "Remove"},
    {"T16", "/google/object/classId", R"({"google": {"object": {"classId": "x"}}})", "Remove"},
    {"T16", "/google/class/id", R"({"google": {"class": {"id": "x"}}})", "Remove"},
    {"T16", "/google/class/callbackOptions", R"({"google": {"class": {"callbackOptions": {}}}})",
     "Remove"},
    {"T17", "/offer", R"({"offer": {"title": "x"}})", "kind"},
    // Pictures.
    {"T18", "/images/strips", R"({"images": {"strips": [{"file": "a.png"}]}})", "\"strip\""},
    {"T18", "/images/strip/0/file", R"({"images": {"strip": [{"file": "logos.png"}]}})",
     "\"logo.png\""},
    {"T18", "/images/logo/0",
     R"({"images": {"logo": [{"file": "logo.png"}, {"file": "logo.png"}]}})", "last row"},
    {"T18", "/images/logo/0",
     R"({"images": {"logo": [{"when": {"tier.name": "a"}, "file": "logo.png"}]}})", "last row"},
    {"T18", "/stamps/filled",
     R"({"stamps": {"count": "{{stamps.count}}", "of": 10, "filled": "logoo.png"}})", "logo.png"},
    // Places where a text may not vary.
    {"T19", "/fields/header/0/change",
     R"({"fields": {"header": [{"key": "a", "value": "1", "change": "%@ of {{stamps.of}}"}]}})",
     "without variables"},
    {"T19", "/barcode/0/message", R"({"barcode": [{"format": "qr", "message": "@points"}]})",
     "machines"},
    {"T20", "/fields/back/0/key",
     R"({"fields": {"header": [{"key": "a", "value": "1"}], "back": [{"key": "a", "value": "2"}]}})",
     "once"},
    {"T21", "/description", R"({"description": "{{member.name}}"})", "do not depend"},
    // Rules of the Apple reference that are decided here.
    {"P06", "/colors/background", R"({"colors": {"background": "brown"}})", "#RRGGBB"},
    {"P10", "/fields/header/0/currency",
     R"({"fields": {"header": [{"key": "a", "value": "1", "currency": "RUB"}]}})", "type"},
    {"P10", "/fields/auxiliary/0/row",
     R"({"fields": {"auxiliary": [{"key": "a", "value": "1", "row": 1}]}})", "Remove"},
    {"P11", "/fields/header/0/change",
     R"({"fields": {"header": [{"key": "a", "value": "1", "change": "More points"}]}})",
     "exactly once"},
    {"P11", "/fields/header/0/change",
     R"({"fields": {"header": [{"key": "a", "value": "1", "change": "%@ and %@"}]}})",
     "exactly once"},
    {"P16", "/locations/0/latitude", R"({"locations": [{"latitude": 91, "longitude": 0}]})", "-90"},
    {"P16", "/locations", R"({"locations": [{},{},{},{},{},{},{},{},{},{},{}]})", "At most 10"},
    {"P16", "/beacons/0/uuid", R"({"beacons": [{"uuid": "1234"}]})", "UUID"},
    {"P16", "/beacons/0/major",
     R"({"beacons": [{"uuid": "f7826da6-4fa2-4e98-8024-bc5b71e0893e", "major": 65536}]})", "65535"},
    {"P30", "/fields/back/0/key",
     R"({"fields": {"back": [{"key": "{{card.number}}", "value": "1"}]}})", "value itself"},
    {"P30", "/images/logo/0/file", R"({"images": {"logo": [{"file": "{{tier.name}}.png"}]}})",
     "value itself"},
};

INSTANTIATE_TEST_SUITE_P(Rules, ErrorTest, testing::ValuesIn(kErrors));

class WarningTest : public testing::TestWithParam<Broken> {};

TEST_P(WarningTest, IsFoundAndDoesNotBlock) {
  ExpectFound(Patched(GetParam().patch), GetParam(), Level::kWarning);
  EXPECT_FALSE(HasErrors(LintFiles(Patched(GetParam().patch), Programme())));
}

const Broken kWarnings[] = {
    {"P06", "/colors/foreground", R"({"colors": {"foreground": "#4B3328"}})", "3:1"},
    {"P06", "/colors/label", R"({"colors": {"label": "#4B3328"}})", "3:1"},
    {"P10", "/fields/secondary/0/relative",
     R"({"fields": {"secondary": [{"key": "a", "label": "@member", "value": "1", "relative": true}]}})",
     "date"},
    {"P11", "/fields/header/0/change",
     R"({"fields": {"header": [{"key": "a", "label": "@points", "value": "1", "change": "%@ at 5 % off"}]}})",
     "%%"},
    {"P26", "/fields/back",
     R"({"links": [], "fields": {"back": [{"key": "a", "label": "@contact", "value": "Hello"}]}})",
     "Apple asks"},
    {"T21", "/barcode", R"({"barcode": [{"format": "qr", "message": "{{member.name}}"}]})",
     "card.number"},
};

INSTANTIATE_TEST_SUITE_P(Rules, WarningTest, testing::ValuesIn(kWarnings));

Findings Lint(const TemplateFiles& files) { return LintFiles(files, Programme()); }

TEST(FilesTest, NeedTemplateJson) {
  TemplateFiles files = GoodFiles();
  files.erase("template.json");
  EXPECT_TRUE(Has(Lint(files), "T01", ""));
  files["template.json"] = "{\"format\": 1,}";
  EXPECT_TRUE(Has(Lint(files), "T01", ""));
  files["template.json"] = std::string(kTemplateJsonBytesMax + 1, ' ');
  EXPECT_TRUE(Has(Lint(files), "T01", ""));
  files["template.json"] = R"({"format": 1, "format": 1})";
  EXPECT_TRUE(Has(Lint(files), "T01", "")) << "a key that stands twice";
}

TEST(FilesTest, RefusePathTricks) {
  for (const char* const path :
       {"../etc/passwd", "images/../../a.png", "/etc/passwd", "images\\a.png", "C:a.png",
        "images//a.png", "./template.json", "images/a\n.png", "", "images/"}) {
    TemplateFiles files = GoodFiles();
    files[path] = "x";
    EXPECT_TRUE(Has(Lint(files), "T06", "")) << path << "\n" << Describe(Lint(files));
  }
}

TEST(FilesTest, WarnOfFilesThatNothingReads) {
  TemplateFiles files = GoodFiles();
  files["README.md"] = "x";
  files["images/.DS_Store"] = "x";
  files["images/promo@3x.png"] = Png(10, 10);
  files["locales/fr.json"] = "{}";
  const Findings findings = Lint(files);
  EXPECT_TRUE(Has(findings, "T08", "", "README.md"));
  EXPECT_TRUE(Has(findings, "T08", "", "images/.DS_Store"));
  EXPECT_TRUE(Has(findings, "T08", "", "images/promo@3x.png"));
  EXPECT_TRUE(Has(findings, "T11", "", "locales/fr.json"));
  EXPECT_FALSE(HasErrors(findings));
}

TEST(FilesTest, RefuseTooManyAndTooLarge) {
  TemplateFiles many = GoodFiles();
  for (std::size_t i = 0; i <= kTemplateFilesMax; ++i) many["f" + std::to_string(i)] = "";
  EXPECT_TRUE(Has(Lint(many), "T07", ""));

  TemplateFiles large = GoodFiles();
  large["images/icon@3x.png"] += std::string(kImageBytesMax, '\0');
  EXPECT_TRUE(Has(Lint(large), "T07", "", "images/icon@3x.png"));

  TemplateFiles all = GoodFiles();
  for (int i = 0; i < 9; ++i) all["f" + std::to_string(i)] = std::string(4 << 20, 'x');
  EXPECT_TRUE(Has(Lint(all), "T07", ""));
}

TEST(FilesTest, WarnOfHeavyPictures) {
  TemplateFiles files = GoodFiles();
  files["images/icon@3x.png"] += std::string(600'000, '\0');
  EXPECT_TRUE(Has(Lint(files), "P31", "", "images/icon@3x.png"));
  files["images/logo@3x.png"] += std::string(600'000, '\0');
  EXPECT_TRUE(Has(Lint(files), "P31", ""));
}

TEST(FilesTest, RefuseWhatIsNoPngAndBombs) {
  TemplateFiles files = GoodFiles();
  files["images/icon@3x.png"] = "\xFF\xD8\xFF\xE0 JFIF";
  EXPECT_TRUE(Has(Lint(files), "P23", "", "images/icon@3x.png"));

  // A header that promises 20,000 x 20,000 pixels; nothing is decoded to find that out.
  std::string bomb = Png(1, 1);
  bomb.replace(16, 8, std::string("\0\0\x4E\x20\0\0\x4E\x20", 8));
  files["images/icon@3x.png"] = bomb;
  const Findings findings = Lint(files);
  EXPECT_TRUE(HasErrors(findings));
  EXPECT_TRUE(Has(findings, "T07", "", "images/icon@3x.png") ||
              Has(findings, "P23", "", "images/icon@3x.png"))
      << Describe(findings);
}

TEST(FilesTest, RefuseADamagedPngOnCompilation) {
  TemplateFiles files = GoodFiles();
  files["images/icon@3x.png"].resize(files["images/icon@3x.png"].size() / 2);
  const Compiled compiled = Compile(files, Programme());
  EXPECT_FALSE(compiled.design);
  EXPECT_TRUE(Has(compiled.findings, "P23", "", "images/icon@3x.png"));
}

TEST(FilesTest, RefuseMorePixelsThanMemoryIsMeantFor) {
  TemplateFiles files = GoodFiles();
  const std::string big = Png(4096, 1500);
  for (int i = 0; i < 8; ++i) files["images/big" + std::to_string(i) + ".png"] = big;
  EXPECT_TRUE(Has(Lint(files), "T07", ""));
}

TEST(LocalesTest, HaveTheSameKeys) {
  const Findings findings = Lint(Patched("{}", "{}", R"({"points": null, "extra": "x"})"));
  EXPECT_TRUE(Has(findings, "T10", "/points", "locales/ru.json")) << Describe(findings);
  EXPECT_TRUE(Has(findings, "T10", "/extra", "locales/en.json"));
}

TEST(LocalesTest, KeepThePlaceOfTheNewValueInEveryLanguage) {
  const Findings findings = Lint(Patched("{}", "{}", R"({"changed": "Больше баллов"})"));
  EXPECT_TRUE(Has(findings, "P11", "/fields/header/0/change")) << Describe(findings);
  EXPECT_NE(Describe(findings).find("\"ru\""), std::string::npos) << "the language is named";
}

TEST(LocalesTest, ExistForEveryLanguage) {
  TemplateFiles files = GoodFiles();
  files.erase("locales/ru.json");
  const Findings findings = Lint(files);
  EXPECT_TRUE(Has(findings, "T10", "", "locales/ru.json")) << Describe(findings);
}

TEST(LocalesTest, AreFlatObjectsOfTexts) {
  TemplateFiles files = GoodFiles();
  files["locales/ru.json"] = "[]";
  EXPECT_TRUE(Has(Lint(files), "T09", "", "locales/ru.json"));
  files["locales/ru.json"] = "{";
  EXPECT_TRUE(Has(Lint(files), "T09", "", "locales/ru.json"));
  EXPECT_TRUE(
      Has(Lint(Patched("{}", R"({"points": {"a": "b"}})")), "T09", "/points", "locales/en.json"));
  EXPECT_TRUE(Has(Lint(Patched("{}", R"({"a b": "c"})")), "T09", "/a b", "locales/en.json"));
}

TEST(LocalesTest, WarnOfUnusedKeys) {
  const Findings findings = Lint(Patched("{}", R"({"old": "x"})", R"({"old": "y"})"));
  EXPECT_TRUE(Has(findings, "T11", "/old", "locales/en.json"));
  EXPECT_FALSE(HasErrors(findings));
}

TEST(LocalesTest, NameUnknownVariablesAndBrokenPluralsWhereTheyStand) {
  const auto lint = [](const char* text) {
    Json patch = Json::object({{"near", text}});
    return Lint(Patched("{}", "{}", json::Dump(patch)));
  };
  EXPECT_TRUE(Has(lint("{{point.available}}"), "T12", "/near", "locales/ru.json"));
  for (const char* const broken :
       {"{points.available, plural, one {#}}", "{points.available, plural, other {#}",
        "{points.available, plural, some {#} other {#}}", "{points.available, number}",
        "{member.name, plural, other {#}}", "{points.available, plural, one {#} one {#} other {}}",
        "{points.available, plural one {#} other {#}}", "{points.available", "{{points.available",
        "a }} b"}) {
    EXPECT_TRUE(Has(lint(broken), "T13", "/near", "locales/ru.json")) << broken;
  }
}

TEST(LocalesTest, WarnOfPluralsThatDoNotFitTheLanguage) {
  const std::string few =
      R"({"near": "{points.available, plural, one {# point} few {# points} other {# points}}"})";
  EXPECT_TRUE(Has(Lint(Patched("{}", few)), "T14", "/near", "locales/en.json"));
  const std::string no_many =
      R"({"near": "{points.available, plural, one {# балл} few {# балла} other {# балла}}"})";
  EXPECT_TRUE(Has(Lint(Patched("{}", "{}", no_many)), "T14", "/near", "locales/ru.json"));
}

TEST(KindTest, NeedsWhatItsWalletsNeed) {
  const auto with = [](Kind kind, const char* patch) {
    TemplateFiles files = FilesOfKind(kind);
    Json root = json::Parse(files["template.json"], 1 << 20).value();
    json::MergePatch(root, json::Parse(patch, 1 << 20).value());
    files["template.json"] = json::Dump(root);
    return Lint(files);
  };
  TemplateFiles no_logo = GoodFiles();
  no_logo.erase("images/logo@3x.png");
  EXPECT_TRUE(Has(Lint(no_logo), "T17", "", "images/logo.png"));
  EXPECT_TRUE(
      Has(with(Kind::kMembership, R"({"fields": {"primary": []}})"), "T17", "/fields/primary"));
  EXPECT_TRUE(
      Has(with(Kind::kCoupon, R"({"offer": {"provider": null}})"), "T17", "/offer/provider"));
  EXPECT_TRUE(Has(with(Kind::kCoupon, R"({"offer": null})"), "T17", "/offer/title"));
  EXPECT_TRUE(Has(with(Kind::kCoupon, R"({"offer": {"redemption_channel": null}})"), "T17",
                  "/offer/redemption_channel"));
  EXPECT_TRUE(Has(with(Kind::kGift, R"({"fields": {"primary": []}})"), "T17", "/fields"));
  EXPECT_TRUE(Has(with(Kind::kTicket, R"({"event": {"name": null}})"), "T17", "/event/name"));
  EXPECT_TRUE(
      Has(with(Kind::kTicket, R"({"event": {"venue": null}})"), "T17", "/event/venue/name"));
  EXPECT_TRUE(Has(with(Kind::kTicket, R"({"event": {"start": null}})"), "T17", "/event/start"));
  EXPECT_TRUE(Has(with(Kind::kBoarding, R"({"boarding": null})"), "T17", "/boarding/transit"));
}

TEST(KindTest, RefusesSettingsOfTheProgrammeThatNobodyKnows) {
  EXPECT_TRUE(
      Has(LintFiles(GoodFiles(), {.name = "B", .currency = "XYZ", .time_zone = "UTC"}), "T22", ""));
  EXPECT_TRUE(Has(LintFiles(GoodFiles(), {.name = "B", .currency = "RUB", .time_zone = "Mars"}),
                  "T22", ""));
}

}  // namespace
}  // namespace passmint::design
