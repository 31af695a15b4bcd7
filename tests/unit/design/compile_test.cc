#include <gtest/gtest.h>

#include <random>

#include "fixture.h"

namespace passmint::design {
namespace {

using test::Describe;
using test::FilesOfKind;
using test::GoodFiles;
using test::MustCompile;
using test::Patched;
using test::Programme;

TEST(CompileTest, HasNothingToSayAboutAGoodTemplate) {
  const Compiled compiled = Compile(GoodFiles(), Programme());
  EXPECT_EQ(Describe(compiled.findings), "");
  ASSERT_TRUE(compiled.design);
  EXPECT_EQ(compiled.design->programme().name, "Bean & Leaf");
}

TEST(CompileTest, MakesADesignOfEveryKind) {
  for (const Kind kind : {Kind::kLoyalty, Kind::kMembership, Kind::kCoupon, Kind::kGift,
                          Kind::kTicket, Kind::kBoarding}) {
    const auto design = MustCompile(FilesOfKind(kind));
    ASSERT_TRUE(design) << Name(kind);
    EXPECT_EQ(design->source().kind, kind);
  }
}

TEST(CompileTest, MakesADesignOfTheSmallestTemplate) {
  const auto design = MustCompile(test::ReadFolder("tests/data/templates/minimal"));
  ASSERT_TRUE(design);
  EXPECT_EQ(design->source().organization.source(), "Bean & Leaf") << "the programme's name";
}

// contract/templates.md, without its comments.
constexpr const char* kContractExample = R"({
  "format": 1, "kind": "loyalty", "languages": ["en", "ru"], "organization": "Bean & Leaf",
  "description": "@description", "logo_text": "Bean & Leaf",
  "colors": {"background": "#3B2318", "foreground": "#FFFFFF", "label": "#E7C9A9"},
  "fields": {
    "header":    [{"key": "points", "label": "@points", "value": "{{points.available}}", "type": "number",
                   "change": "@points_changed", "google": "loyaltyPoints"}],
    "secondary": [{"key": "name", "label": "@member", "value": "{{member.name}}", "google": "accountName"},
                  {"key": "tier", "label": "@tier", "value": "{{tier.name}}", "google": "row:1"}],
    "back":      [{"key": "contact", "label": "@contact", "value": "@contact_text"}]
  },
  "barcode": [{"format": "qr", "message": "{{card.number}}", "text": "{{card.number}}"}],
  "stamps": {"count": "{{stamps.count}}", "of": 10, "filled": "stamp-on.png", "empty": "stamp-off.png", "slot": "strip"},
  "images": {"strip": [{"when": {"tier.name": "vip"}, "file": "strip-vip.png"}, {"file": "strip.png"}]},
  "links": [{"label": "@website", "url": "https://example.com"}],
  "actions": [], "app": {}, "locations": [{"latitude": 55.75, "longitude": 37.62, "text": "@near"}], "beacons": [],
  "expires": null, "relevant": [], "sharing": true, "nfc": null, "personalization": null,
  "poster": null, "offer": {}, "event": {}, "boarding": {}, "apple": {}, "google": {"class": {}, "object": {}}
})";

TEST(CompileTest, TakesTheExampleOfTheContractAsItStands) {
  TemplateFiles files = GoodFiles();
  files["template.json"] = kContractExample;
  for (const char* const language : {"en", "ru"}) {
    files["locales/" + std::string(language) + ".json"] =
        R"({"description": "d", "points": "p", "points_changed": "%@", "member": "m", "tier": "t",
            "contact": "c", "contact_text": "+7 495 000-00-00", "website": "w", "near": "n"})";
  }
  for (const char* const name : {"stamp-on", "stamp-off"})
    files["images/" + std::string(name) + ".png"] = test::Png(90, 90);
  for (const char* const name : {"strip", "strip-vip"})
    files["images/" + std::string(name) + "@3x.png"] = test::Png(1125, 432);
  EXPECT_EQ(Describe(LintFiles(files, Programme())), "");
}

TEST(CompileTest, LintsWithoutPicturesWhatItWouldCompile) {
  EXPECT_EQ(Describe(LintFiles(GoodFiles(), Programme())), "");
  const TemplateFiles broken = Patched(R"({"kind": "loyality"})");
  EXPECT_EQ(LintFiles(broken, Programme()), Compile(broken, Programme()).findings);
}

TEST(CompileTest, HashesNamesAndBytesOfAllFiles) {
  const auto one = MustCompile(GoodFiles());
  const auto same = MustCompile(GoodFiles());
  TemplateFiles changed = GoodFiles();
  changed["images/icon@3x.png"] = test::Png(116, 116);
  const auto other = MustCompile(changed);
  ASSERT_TRUE(one && same && other);
  EXPECT_EQ(one->hash().size(), 64u);
  EXPECT_EQ(one->hash(), same->hash());
  EXPECT_NE(one->hash(), other->hash());
}

TEST(CompileTest, RefusesASuccessorOfAnotherKind) {
  const auto loyalty = MustCompile(GoodFiles());
  const auto gift = MustCompile(FilesOfKind(Kind::kGift));
  ASSERT_TRUE(loyalty && gift);
  EXPECT_TRUE(CheckSuccessor(loyalty->source(), loyalty->source()).ok());
  const Status refused = CheckSuccessor(loyalty->source(), gift->source());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "kind_changed");
}

TEST(CompileTest, StopsListingFindingsAtTheLimit) {
  Json patch = Json::object();
  for (int i = 0; i < 1000; ++i) patch["unknown" + std::to_string(i)] = 1;
  const Findings findings = LintFiles(Patched(json::Dump(patch)), Programme());
  EXPECT_EQ(findings.size(), 201u);
  EXPECT_TRUE(HasErrors(findings));
}

// Whatever the bytes: findings or a design that renders, never a crash.
void CompileAndRender(const TemplateFiles& files) {
  const Compiled compiled = Compile(files, Programme());
  EXPECT_EQ(compiled.design == nullptr, HasErrors(compiled.findings));
  if (!compiled.design) return;
  for (std::size_t i = 0; i < kSamples; ++i) {
    const Values values = SampleValues(static_cast<Sample>(i), "RUB");
    (void)compiled.design->Render(values, CardState::kActive);
  }
}

std::string Mutate(std::string text, std::mt19937& random) {
  static const std::string_view kInserts[] = {
      "{{", "}}",  "@",   "@@", "{",      "}",  "\\\\{{", "null", "[", "]", "1",
      "-1", "1e9", "\"",  "%@", "plural", "# ", "''",     "'{'",  ",", ":", "{{points.available}}",
      "{}", "[]",  "true"};
  const std::size_t edits = 1 + random() % 3;
  for (std::size_t i = 0; i < edits && !text.empty(); ++i) {
    const std::size_t at = random() % text.size();
    switch (random() % 4) {
      case 0:
        text.erase(at, 1 + random() % 8);
        break;
      case 1:
        text[at] = static_cast<char>(random() % 256);
        break;
      case 2:
        text.insert(at, kInserts[random() % std::size(kInserts)]);
        break;
      default:
        text.insert(at, text.substr(random() % text.size(), random() % 40));
        break;
    }
  }
  return text;
}

// Replaces a value somewhere in the tree by another kind of value: stays JSON.
void MutateTree(Json& node, std::mt19937& random) {
  if (node.is_structured() && !node.empty() && random() % 4 != 0) {
    const std::size_t index = random() % node.size();
    auto child = node.begin();
    std::advance(child, static_cast<std::ptrdiff_t>(index));
    MutateTree(*child, random);
    return;
  }
  switch (random() % 8) {
    case 0:
      node = nullptr;
      break;
    case 1:
      node = Json::array({Json::object(), 1, "x"});
      break;
    case 2:
      node = Json::object({{"key", "@points"}, {"value", 1.5}});
      break;
    case 3:
      node = -9'000'000'000'000'000'000;
      break;
    case 4:
      node = "{{attributes.x}}";
      break;
    case 5:
      node = "";
      break;
    case 6:
      node = "@points";
      break;
    default:
      node = true;
      break;
  }
}

TEST(CompileTest, NeverCrashesOnDamagedBytes) {
  std::mt19937 random(20261121);
  TemplateFiles good = GoodFiles();
  good.erase("images/logo@3x.png");
  for (const char* const name : {"template.json", "locales/ru.json", "images/icon@3x.png"}) {
    for (int i = 0; i < 700; ++i) {
      TemplateFiles files = good;
      files[name] = Mutate(files[name], random);
      CompileAndRender(files);
    }
  }
}

TEST(CompileTest, NeverCrashesOnOtherTrees) {
  std::mt19937 random(7);
  for (const Kind kind : {Kind::kLoyalty, Kind::kCoupon, Kind::kTicket, Kind::kBoarding}) {
    const TemplateFiles good = FilesOfKind(kind);
    Json full = json::Parse(good.at("template.json"), 1 << 20).value();
    full.merge_patch(Json::parse(R"({
      "stamps": {"count": "{{stamps.count}}", "of": 2, "filled": "on.png"},
      "images": {"strip": [{"when": {"tier.name": "vip"}, "file": "a.png"}, {"file": "b.png"}]},
      "actions": [{"id": "a", "type": "call", "url": "tel:+1"}], "app": {"store_ids": [1]},
      "beacons": [{"uuid": "f7826da6-4fa2-4e98-8024-bc5b71e0893e", "major": 1}],
      "relevant": [{"date": "2026-12-31T19:00:00Z"}], "poster": {"primary": ["name"]},
      "nfc": {"message": "{{card.number}}", "public_key": "a"},
      "personalization": {"description": "d", "fields": ["name"]},
      "apple": {"userInfo": {"n": "{{points.available}}"}}, "google": {"class": {}, "object": {"a": "@near"}}
    })"));
    for (int i = 0; i < 700; ++i) {
      Json tree = full;
      MutateTree(tree, random);
      TemplateFiles files = good;
      files["template.json"] = json::Dump(tree);
      (void)LintFiles(files, Programme());
    }
  }
}

}  // namespace
}  // namespace passmint::design
