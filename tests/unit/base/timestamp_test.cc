#include "base/timestamp.h"

#include <gtest/gtest.h>

namespace passmint {
namespace {

TEST(TimestampTest, ReadsRfc3339WithAnyOffset) {
  const Timestamp expected = FromMicros(1795244400000000);  // 2026-11-21T07:00:00Z
  for (const char* text : {"2026-11-21T07:00:00Z", "2026-11-21T10:00:00+03:00",
                           "2026-11-21t01:30:00.000-05:30", "2026-11-21T07:00:00.0000009z"}) {
    const auto parsed = ParseRfc3339(text);
    ASSERT_TRUE(parsed.ok()) << text;
    EXPECT_EQ(parsed.value(), expected) << text;
  }
}

TEST(TimestampTest, RefusesWhatIsNotOneInstant) {
  for (const char* text :
       {"", "2026-11-21", "2026-11-21T10:00:00", "2026-11-21 10:00:00Z", "2026-02-30T10:00:00Z",
        "2026-11-21T24:00:00Z", "2026-11-21T10:00:60Z", "2026-11-21T10:00:00.Z",
        "2026-11-21T10:00:00+0300", "2026-11-21T10:00:00Zx", "1969-12-31T23:59:59Z",
        "3000-01-01T00:00:00Z", "2026-11-21T10:00Z"}) {
    EXPECT_FALSE(ParseRfc3339(text).ok()) << text;
  }
}

TEST(TimestampTest, PrintsWhatItReads) {
  const Timestamp instant = ParseRfc3339("2026-11-21T07:00:00.25Z").value();
  EXPECT_EQ(FormatRfc3339(instant), "2026-11-21T07:00:00.250000Z");
  EXPECT_EQ(FormatRfc3339(instant, std::chrono::minutes(180)), "2026-11-21T10:00:00+03:00");
  EXPECT_EQ(FormatRfc3339(instant, std::chrono::minutes(-570)), "2026-11-20T21:30:00-09:30");
  EXPECT_EQ(FormatHttpDate(instant), "Sat, 21 Nov 2026 07:00:00 GMT");
}

TEST(DateTest, ReadsDaysOfTheCalendarOnly) {
  EXPECT_EQ(FormatDate(ParseDate("2024-02-29").value()), "2024-02-29");
  for (const char* text : {"2023-02-29", "1899-12-31", "2024-2-29", "2024-02-29T", ""}) {
    EXPECT_FALSE(ParseDate(text).ok()) << text;
  }
}

}  // namespace
}  // namespace passmint
