#include <gtest/gtest.h>

#include <thread>

#include "design/blocks.h"
#include "design/internal/localizer.h"
#include "fixture.h"

namespace passmint::design {
namespace {

using std::chrono::year;
using test::FilesOfKind;
using test::GoodFiles;
using test::MustCompile;
using test::Patched;

Timestamp At(const char* text) { return ParseRfc3339(text).value(); }

// One field in "header", with that value and other keys.
TemplateFiles WithField(const std::string& keys, const std::string& en = "{}",
                        const std::string& ru = "{}") {
  return Patched(R"({"fields": {"header": [{"key": "f", )" + keys + "}]}}", en, ru);
}

struct Rendered {
  std::shared_ptr<const Design> design;
  RenderedCard card;

  bool shown() const { return !card.Group(FieldGroup::kHeader).empty(); }
  const RenderedField& field() const { return card.Group(FieldGroup::kHeader).at(0); }
  std::string Text(std::size_t language) const {
    return std::get<RenderedText>(field().value).In(language);
  }
};

Rendered Render(const TemplateFiles& files, const Values& values) {
  Rendered rendered{.design = MustCompile(files), .card = {}};
  if (rendered.design) rendered.card = rendered.design->Render(values, CardState::kActive);
  return rendered;
}

Values With(std::string_view name, Value value) {
  Values values;
  values.Set(name, std::move(value));
  return values;
}

TEST(RenderTest, KeepsNumbersAsNumbers) {
  const auto files = WithField(R"("value": "{{points.available}}", "type": "number")");
  const Rendered rendered = Render(files, With("points.available", std::int64_t{1'000'000}));
  EXPECT_EQ(std::get<std::int64_t>(rendered.field().value), 1'000'000);
}

TEST(RenderTest, PrintsMoneyAsAnExactDecimal) {
  const auto files = WithField(R"("value": "{{points.value}}", "type": "currency")");
  const Money money{9'007'199'254'740'991, *Currency::Find("RUB")};
  const Rendered rendered = Render(files, With("points.value", money));
  const auto decimal = std::get<Decimal>(rendered.field().value);
  EXPECT_EQ(decimal.digits, 9'007'199'254'740'991);
  EXPECT_EQ(decimal.exponent, 2);
  EXPECT_EQ(rendered.field().currency->code(), "RUB");
}

TEST(RenderTest, CountsAWholeNumberOfTypeCurrencyInMajorUnits) {
  const auto files = WithField(R"("value": "{{points.available}}", "type": "currency")");
  const Rendered rendered = Render(files, With("points.available", std::int64_t{500}));
  const auto decimal = std::get<Decimal>(rendered.field().value);
  EXPECT_EQ(decimal.digits, 500);
  EXPECT_EQ(decimal.exponent, 0);
}

TEST(RenderTest, TakesConstantsOfEveryType) {
  const auto value = [](const char* keys) { return Render(WithField(keys), {}).field().value; };
  EXPECT_EQ(std::get<std::int64_t>(value(R"("value": 12, "type": "number")")), 12);
  EXPECT_EQ(std::get<Decimal>(value(R"("value": "-12.50", "type": "currency")")).digits, -1250);
  EXPECT_EQ(std::get<std::int64_t>(value(R"("value": "5", "type": "percent")")), 5);
  EXPECT_EQ(std::get<RenderedDate>(value(R"("value": "2026-12-31", "type": "date")")).instant,
            At("2026-12-31T00:00:00+03:00"));
}

TEST(RenderTest, MakesADateWithoutATimeTheProgrammesMidnight) {
  const auto files = WithField(R"("value": "{{member.birthday}}", "type": "date")");
  const Rendered rendered = Render(files, With("member.birthday", year(1990) / 2 / 28));
  const auto date = std::get<RenderedDate>(rendered.field().value);
  EXPECT_EQ(date.instant, At("1990-02-28T00:00:00+03:00"));
  EXPECT_EQ(date.offset, std::chrono::hours(3));
  EXPECT_TRUE(date.ignores_time_zone);
}

TEST(RenderTest, KeepsTheInstantOfADateTimeInTheFieldsZone) {
  const auto files =
      WithField(R"("value": "{{order.last_at}}", "type": "datetime", "zone": "Asia/Vladivostok")");
  const Rendered rendered = Render(files, With("order.last_at", At("2026-11-21T10:00:00Z")));
  const auto date = std::get<RenderedDate>(rendered.field().value);
  EXPECT_EQ(date.instant, At("2026-11-21T10:00:00Z"));
  EXPECT_EQ(date.offset, std::chrono::hours(10));
  EXPECT_FALSE(date.ignores_time_zone);
  EXPECT_EQ(rendered.design->source().Group(FieldGroup::kHeader)[0].time_style, DateStyle::kShort);
}

TEST(RenderTest, ReadsAttributesAsTheFieldsType) {
  const auto files = WithField(R"("value": "{{attributes.size}}", "type": "number")");
  EXPECT_EQ(
      std::get<Decimal>(Render(files, With("attributes.size", std::string("42.5"))).field().value)
          .digits,
      425);
  EXPECT_FALSE(Render(files, With("attributes.size", std::string("M"))).shown());
  EXPECT_FALSE(Render(files, {}).shown());
}

TEST(RenderTest, LeavesOutAFieldWithoutAValue) {
  EXPECT_FALSE(Render(WithField(R"("value": "{{member.name}}")"), {}).shown());
  EXPECT_FALSE(Render(WithField(R"("value": "{{tier.missing}}", "type": "currency")"), {}).shown());
  EXPECT_FALSE(Render(WithField(R"("value": "Hello, {{member.name}}!")"), {}).shown())
      << "nothing of what it is about is known";
  EXPECT_TRUE(Render(WithField(R"("value": "{{member.name}} {{tier.name}}")"),
                     With("tier.name", std::string("gold")))
                  .shown());
}

TEST(RenderTest, ChoosesThePluralOfTheLanguage) {
  const auto files = WithField(
      R"("value": "@left")",
      R"({"left": "{stamps.left, plural, =0 {Your coffee is free} one {# stamp left} other {# stamps left}}"})",
      R"({"left": "{stamps.left, plural, =0 {Кофе бесплатно} one {Остался # штамп} few {Осталось # штампа} many {Осталось # штампов} other {Осталось # штампа}}"})");
  const auto text = [&](std::int64_t left, std::size_t language) {
    return Render(files, With("stamps.left", left)).Text(language);
  };
  EXPECT_EQ(text(0, 0), "Your coffee is free");
  EXPECT_EQ(text(1, 0), "1 stamp left");
  EXPECT_EQ(text(2, 0), "2 stamps left");
  EXPECT_EQ(text(1, 1), "Остался 1 штамп");
  EXPECT_EQ(text(2, 1), "Осталось 2 штампа");
  EXPECT_EQ(text(5, 1), "Осталось 5 штампов");
  EXPECT_EQ(text(11, 1), "Осталось 11 штампов");
  EXPECT_EQ(text(21, 1), "Остался 21 штамп");
  EXPECT_EQ(text(1'000'000, 1), "Осталось 1\u00A0000\u00A0000 штампов");
}

TEST(RenderTest, SelectsByTextAndNestsPlurals) {
  const auto files = WithField(
      R"("value": "@s")",
      R"({"s": "{tier.name, select, vip {VIP: {points.available, plural, offset:1 one {# more} other {# more}}} other {Hi, {member.name}}}"})",
      R"({"s": "x"})");
  Values values = With("tier.name", std::string("vip"));
  values.Set("points.available", std::int64_t{2001});
  EXPECT_EQ(Render(files, values).Text(0), "VIP: 2,000 more");
  values.Set("tier.name", std::string("gold"));
  values.Set("member.name", std::string("Anna"));
  EXPECT_EQ(Render(files, values).Text(0), "Hi, Anna");
}

TEST(RenderTest, KeepsIcusApostrophes) {
  const auto files =
      WithField(R"("value": "@s")", R"({"s": "it's '{literal}' and ''quoted''"})", R"({"s": "x"})");
  EXPECT_EQ(Render(files, {}).Text(0), "it's {literal} and 'quoted'");
}

TEST(RenderTest, WritesNumbersMoneyAndDatesAsTheLanguageDoes) {
  const auto files = WithField(
      R"("value": "{{points.available}}; {{points.value}}; {{member.since}}; {{order.last_at}}")");
  Values values;
  values.Set("points.available", std::int64_t{1234567});
  values.Set("points.value", Money{1'234'567'50, *Currency::Find("RUB")});
  values.Set("member.since", year(2026) / 11 / 21);
  values.Set("order.last_at", At("2026-11-21T22:00:00Z"));  // Already the 22nd in Moscow.
  const Rendered rendered = Render(files, values);
  EXPECT_EQ(rendered.Text(0), "1,234,567; ₽1,234,567.50; Nov 21, 2026; Nov 22, 2026");
  EXPECT_EQ(rendered.Text(1),
            "1\u00A0234\u00A0567; 1\u00A0234\u00A0567,50\u00A0₽; 21 нояб. 2026\u202Fг.; "
            "22 нояб. 2026\u202Fг.");
}

TEST(LocalizerTest, WritesDaysInTheMediumFormOfEveryLanguage) {
  const std::pair<const char*, const char*> expected[] = {
      {"en", "Nov 5, 2026"},
      {"en-GB", "5 Nov 2026"},
      {"de", "05.11.2026"},
      {"fr", "5 nov. 2026"},
      {"ja", "2026/11/05"},
      {"pt-BR", "5 de nov. de 2026"},
      {"uk", "5 лист. 2026\u202Fр."},
      {"pl", "5 lis 2026"},
      {"kk", "2026\u202Fж. 05 қар."},
      {"zh-Hans", "2026年11月5日"},
      {"ar", "٠٥\u200F/١١\u200F/٢٠٢٦"},
      {"th", "5 พ.ย. 2569"},   // The Buddhist calendar, by ICU itself.
      {"fa", "۱۴ آبان ۱۴۰۵"},  // The Persian one, with its own digits.
  };
  for (const auto& [language, text] : expected) {
    std::string written;
    internal::Localizer(language, "RUB").AppendDay(year(2026) / 11 / 5, written);
    EXPECT_EQ(written, text) << language;
  }
}

TEST(RenderTest, HidesAFractionThatIsZeroInSentences) {
  const auto files = WithField(R"("value": "from {{points.value}}")");
  const Money money{199'900, *Currency::Find("RUB")};
  EXPECT_EQ(Render(files, With("points.value", money)).Text(0), "from ₽1,999");
}

TEST(RenderTest, ExpandsValuesOnceAndNeverLooksThemUp) {
  const auto files = WithField(R"("value": "{{member.name}}")");
  for (const char* const hostile : {"{{card.number}}", "@points", "@@", "\\{{x}}", "%@", "{0}"}) {
    Values values = With("member.name", std::string(hostile));
    values.Set("card.number", std::string("9000"));
    EXPECT_EQ(Render(files, values).Text(0), hostile);
  }
}

TEST(RenderTest, KeepsLiteralsAsTheyAre) {
  EXPECT_EQ(Render(WithField(R"("value": "\\{{card.number}")"), {}).Text(0), "{{card.number}");
  EXPECT_EQ(Render(WithField(R"("value": "@@home")"), {}).Text(0), "@home");
  EXPECT_EQ(Render(WithField(R"("value": "{a} it''s #1")"), {}).Text(0), "{a} it''s #1");
}

TEST(RenderTest, HasOneVersionWhereNoLanguageDiffers) {
  const auto files = WithField(R"("label": "@points", "value": "{{points.available}} of 10")");
  const Rendered small = Render(files, With("points.available", std::int64_t{7}));
  EXPECT_TRUE(std::get<RenderedText>(small.field().value).uniform());
  EXPECT_FALSE(small.field().label.uniform());
  const Rendered large = Render(files, With("points.available", std::int64_t{7000}));
  EXPECT_FALSE(std::get<RenderedText>(large.field().value).uniform());
}

TEST(RenderTest, WritesBarcodesPlainly) {
  const auto files = Patched(
      R"({"barcode": [{"format": "qr", "message": "{{card.number}}/{{points.available}}/{{points.value}}"},
                      {"format": "pdf417", "message": "{{order.last_id}}"}]})");
  Values values = With("card.number", std::string("9000"));
  values.Set("points.available", std::int64_t{12345});
  values.Set("points.value", Money{5, *Currency::Find("RUB")});
  const Rendered rendered = Render(files, values);
  ASSERT_EQ(rendered.card.barcodes.size(), 1u) << "a code without a message is left out";
  EXPECT_EQ(rendered.card.barcodes[0].message, "9000/12345/0.05");
}

TEST(RenderTest, EncodesValuesInLinks) {
  const Rendered rendered =
      Render(Patched(R"({"links": [{"label": "Site", "url": "https://e.com/?n={{member.name}}"},
                                   {"label": "Own", "url": "{{attributes.link}}"}]})"),
             With("member.name", std::string("A&b=c d/ё")));
  ASSERT_EQ(rendered.card.links.size(), 1u);
  EXPECT_EQ(rendered.card.links[0].url, "https://e.com/?n=A%26b%3Dc%20d%2F%D1%91");
}

TEST(RenderTest, DropsALinkThatAValueTurnsIntoSomethingElse) {
  const auto files = Patched(R"({"links": [{"label": "Own", "url": "{{attributes.link}}"}]})");
  EXPECT_EQ(
      Render(files, With("attributes.link", std::string("https://e.com/a b"))).card.links.size(),
      1u);
  EXPECT_TRUE(Render(files, With("attributes.link", std::string("javascript:alert(1)")))
                  .card.links.empty());
}

TEST(RenderTest, ExpiresAtTheInstantOrTheEndOfTheDay) {
  EXPECT_EQ(Render(Patched(R"({"expires": "2026-12-31"})"), {}).card.expires,
            At("2026-12-31T23:59:59+03:00"));
  const auto files = Patched(R"({"expires": "{{card.expires_at}}"})");
  EXPECT_EQ(Render(files, With("card.expires_at", At("2027-01-01T00:00:00Z"))).card.expires,
            At("2027-01-01T00:00:00Z"));
  EXPECT_FALSE(Render(files, {}).card.expires);
}

TEST(RenderTest, KnowsTheProgrammeWithoutBeingTold) {
  EXPECT_EQ(
      Render(WithField(R"("value": "{{programme.name}}, {{programme.currency}}")"), {}).Text(0),
      "Bean & Leaf, RUB");
}

TEST(RenderTest, IgnoresAValueThatNobodyKnows) {
  Values values;
  values.Set("points.nothing", std::int64_t{1});
  EXPECT_TRUE(std::holds_alternative<std::monostate>(values.Find("points.nothing")));
}

TEST(BlocksTest, ListTheTextsOfBlocksByPointer) {
  const auto files = Patched(
      R"({"apple": {"userInfo": {"points": "{{points.available}}", "fixed": "as it is"},
                    "maxDistance": 100},
          "google": {"object": {"messages": [{"header": "@near"}]}}})");
  const Rendered rendered = Render(files, With("points.available", std::int64_t{12345}));
  const Template& source = rendered.design->source();
  const RenderedText* text =
      FindBlockText(source, rendered.card, "/google/object/messages/0/header");
  ASSERT_NE(text, nullptr);
  EXPECT_EQ(text->In(1), "Кофе рядом");
  EXPECT_EQ(FindBlockText(source, rendered.card, "/apple/userInfo/fixed"), nullptr);
  EXPECT_TRUE(HasBlockTexts(source, "/apple"));
  EXPECT_TRUE(HasVariableBlockTexts(source, "/apple"));
  EXPECT_FALSE(HasVariableBlockTexts(source, "/google/object"));
  EXPECT_FALSE(HasBlockTexts(source, "/goo"));
  const Json filled = FillBlock(source.apple, "/apple", source, rendered.card,
                                [](const RenderedText& found) { return Json(found.In(0)); });
  EXPECT_EQ(json::Dump(filled),
            R"({"maxDistance":100,"userInfo":{"fixed":"as it is","points":"12345"}})");
}

TEST(BlocksTest, WriteTimesOfEventsAsInstants) {
  TemplateFiles files = FilesOfKind(Kind::kTicket);
  Json root = json::Parse(files["template.json"], 1 << 20).value();
  root["event"]["start"] = "{{attributes.start}}";
  root["event"]["end"] = "{{member.birthday}}";
  files["template.json"] = json::Dump(root);
  Values values = With("attributes.start", std::string("2026-12-31T19:00:00+03:00"));
  values.Set("member.birthday", year(2026) / 12 / 31);
  const Rendered rendered = Render(files, values);
  const Template& source = rendered.design->source();
  EXPECT_EQ(FindBlockText(source, rendered.card, "/event/start")->In(0),
            "2026-12-31T19:00:00+03:00");
  EXPECT_EQ(FindBlockText(source, rendered.card, "/event/end")->In(0), "2026-12-31T00:00:00+03:00");
  EXPECT_EQ(FindBlockText(source, rendered.card, "/event/name")->In(0), "Cupping");
}

TEST(VariablesTest, AreAClosedListSortedByName) {
  const auto& all = Variables();
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LT(all[i - 1].name, all[i].name);
  for (const Variable& variable : all) {
    EXPECT_FALSE(variable.meaning.empty());
    EXPECT_FALSE(variable.example.empty());
  }
  EXPECT_NE(FindVariable("attributes.shoe-size"), nullptr);
  EXPECT_EQ(FindVariable("attributes."), nullptr);
  EXPECT_EQ(FindVariable("attributes.*"), nullptr);
  EXPECT_EQ(FindVariable("attributes.a b"), nullptr);
  EXPECT_EQ(FindVariable(""), nullptr);
  EXPECT_EQ(NearestVariable("point.avail"), "points.available");
}

TEST(VariablesTest, HaveSamplesOfTheirType) {
  for (std::size_t i = 0; i < kSamples; ++i) {
    const Values values = SampleValues(static_cast<Sample>(i), "EUR");
    for (std::size_t at = 1; at < Variables().size(); ++at) {
      const Value& value = values.At(at);
      if (std::holds_alternative<std::monostate>(value)) continue;
      const ValueType type = Variables()[at].type;
      const std::size_t index = type == ValueType::kText      ? 1
                                : type == ValueType::kInteger ? 2
                                : type == ValueType::kMoney   ? 3
                                : type == ValueType::kInstant ? 4
                                                              : 5;
      EXPECT_EQ(value.index(), index) << Variables()[at].name;
    }
  }
}

TEST(RenderTest, IsSafeFromSeveralThreads) {
  const auto design = MustCompile(GoodFiles());
  ASSERT_TRUE(design);
  const Values values = SampleValues(Sample::kMillion, "RUB");
  const RenderedCard expected = design->Render(values, CardState::kActive);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 200; ++j) {
        const RenderedCard card = design->Render(values, CardState::kActive);
        const auto& back = std::get<RenderedText>(card.Group(FieldGroup::kBack)[0].value);
        const auto& wanted = std::get<RenderedText>(expected.Group(FieldGroup::kBack)[0].value);
        ASSERT_EQ(back.by_language, wanted.by_language);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace passmint::design
