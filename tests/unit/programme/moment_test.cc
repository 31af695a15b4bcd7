#include "programme/moment.h"

#include <gtest/gtest.h>

#include <string>

namespace passmint::programme {
namespace {

const calendar::TimeZone kMoscow = calendar::TimeZone::Find("Europe/Moscow").value();

bool Within(const Window& window, const std::string& instant,
            const calendar::TimeZone& zone = kMoscow) {
  return Moment(ParseRfc3339(instant).value(), zone).Within(window);
}

TEST(WindowTest, B29_IsHalfOpenInTheProgrammesZone) {
  const Window window{.begins = ReadLocalTime("2026-12-01"),
                      .ends = ReadLocalTime("2026-12-11T10:00")};
  EXPECT_FALSE(Within(window, "2026-11-30T23:59:59.999999+03:00"));
  EXPECT_TRUE(Within(window, "2026-12-01T00:00:00+03:00"));
  EXPECT_TRUE(Within(window, "2026-12-11T09:59:59.999999+03:00"));
  EXPECT_FALSE(Within(window, "2026-12-11T10:00:00+03:00"));
  EXPECT_FALSE(Within(window, "2030-01-01T00:00:00Z"));
  EXPECT_FALSE(Within(window, "2020-01-01T00:00:00Z"));
}

TEST(WindowTest, IsOpenWhereItSaysNothing) {
  EXPECT_TRUE(Within({}, "2026-12-01T00:00:00Z"));
  EXPECT_TRUE(Within({.begins = ReadLocalTime("2026-12-01"), .ends = {}}, "2999-01-01T00:00:00Z"));
  EXPECT_TRUE(Within({.begins = {}, .ends = ReadLocalTime("2026-12-01")}, "1970-01-01T00:00:00Z"));
}

TEST(WindowTest, BeginsBehindAGapAndAtTheFirstOfTwoEqualTimes) {
  const auto berlin = calendar::TimeZone::Find("Europe/Berlin").value();
  // 29 March 2026: 02:00 to 03:00 is skipped. 25 October: it comes twice.
  const Window gap{.begins = ReadLocalTime("2026-03-29T02:30"), .ends = {}};
  EXPECT_FALSE(Within(gap, "2026-03-29T00:59:59Z", berlin));
  EXPECT_TRUE(Within(gap, "2026-03-29T01:00:00Z", berlin));
  const Window twice{.begins = ReadLocalTime("2026-10-25T02:30"), .ends = {}};
  EXPECT_FALSE(Within(twice, "2026-10-25T00:29:59Z", berlin));
  EXPECT_TRUE(Within(twice, "2026-10-25T00:30:00Z", berlin));
  EXPECT_TRUE(Within(twice, "2026-10-25T01:15:00Z", berlin));  // 02:15 for the second time.
}

TEST(LocalTimeTest, ReadsDaysMinutesAndSecondsAndNothingElse) {
  EXPECT_TRUE(ReadLocalTime("2026-12-01").has_value());
  EXPECT_TRUE(ReadLocalTime("2026-12-01T10:00").has_value());
  EXPECT_TRUE(ReadLocalTime("2026-12-01T10:00:30").has_value());
  for (const char* text : {"", "2026-12", "2026-13-01", "2026-02-30", "2026-12-01T",
                           "2026-12-01 10:00", "2026-12-01T25:00", "2026-12-01T10:00Z",
                           "2026-12-01T10:00:00+03:00", "2026-12-01T10:00:00.5", "2026-12-01x"}) {
    EXPECT_FALSE(ReadLocalTime(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace passmint::programme
