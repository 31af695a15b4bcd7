#include <gtest/gtest.h>

#include "design/design.h"

namespace passmint::design {
namespace {

TEST(CompileTest, MakesADesignOfASmallTemplate) {
  const TemplateFiles files = {
      {"template.json",
       R"({"format":1,"kind":"membership","languages":["en","ru"],"description":"@d",
        "colors":{"background":"#ffffff"},"fields":{"primary":[{"key":"p","label":"@p","value":"{{points.available}}","type":"number"}]}})"},
      {"locales/en.json",
       R"({"d":"Card","p":"{points.available, plural, one {# point} other {# points}}"})"},
      {"locales/ru.json",
       R"({"d":"Карта","p":"{points.available, plural, one {# балл} few {# балла} many {# баллов} other {# балла}}"})"}};
  const Compiled compiled =
      Compile(files, {.name = "Bean", .currency = "RUB", .time_zone = "Europe/Moscow"});
  for (const auto& f : compiled.findings) ADD_FAILURE() << f.id << f.pointer << f.cause;
  ASSERT_TRUE(compiled.design);
  const auto card =
      compiled.design->Render(SampleValues(Sample::kTypical, "RUB"), CardState::kActive);
  ASSERT_EQ(card.Group(FieldGroup::kPrimary).size(), 1u);
  EXPECT_EQ(card.Group(FieldGroup::kPrimary)[0].label.In(1), "499 баллов");
  EXPECT_EQ(std::get<std::int64_t>(card.Group(FieldGroup::kPrimary)[0].value), 499);
}

}  // namespace
}  // namespace passmint::design
