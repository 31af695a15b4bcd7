#include "simulate/fleet_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passmint::simulate {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Latencies, QuantilesOfNothingAreZero) { EXPECT_EQ(Latencies().Quantile(0.99), 0); }

TEST(Latencies, QuantilesAreValuesThatWereMeasured) {
  const Latencies latencies{{5, 1, 4, 2, 3}};
  EXPECT_EQ(latencies.Quantile(0), 1);
  EXPECT_EQ(latencies.Quantile(0.5), 3);
  EXPECT_EQ(latencies.Quantile(1), 5);
}

TEST(FleetReport, SaysRightOnlyIfNothingIsWrong) {
  FleetReport report;
  EXPECT_THAT(ToText(report), HasSubstr("right: every phone shows"));
  report.AddWrong("card 9000: the phone shows 1, the ledger has 2");
  EXPECT_THAT(ToText(report), Not(HasSubstr("right: every phone shows")));
  EXPECT_THAT(ToText(report), HasSubstr("the phone shows 1, the ledger has 2"));
}

TEST(FleetReport, SpeaksOfGoogleAndOfBudgetsIfThereAreAny) {
  FleetReport report;
  EXPECT_THAT(ToText(report), Not(HasSubstr("at Google")));
  EXPECT_THAT(ToText(report), Not(HasSubstr("most pushes")));
  report.google_accounts = 3;
  report.google = {.changes = 7, .notifications = 2};
  report.push_burst = 3;
  report.pushes_spent_most = 2.5;
  EXPECT_THAT(ToText(report), HasSubstr("0 phones, 3 Google accounts"));
  EXPECT_THAT(ToText(report), HasSubstr("balance at Google"));
  EXPECT_THAT(ToText(report), HasSubstr("7, of which 2 notified"));
  EXPECT_THAT(ToText(report), HasSubstr("2.5 of a phone's 3"));
}

TEST(FleetReport, KeepsTheFirstFindingsAndCountsAll) {
  FleetReport report;
  for (int i = 0; i < 1000; ++i) report.AddWrong("card " + std::to_string(i));
  EXPECT_EQ(report.wrong.size(), FleetReport::kWrongMax);
  EXPECT_EQ(report.wrong_in_all, 1000);
  EXPECT_THAT(ToText(report), HasSubstr("1000 findings"));
}

}  // namespace
}  // namespace passmint::simulate
