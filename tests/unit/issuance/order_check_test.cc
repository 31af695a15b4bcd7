#include "issuance/order_check.h"

#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

class OrderCheckTest : public IssuanceTest {
 protected:
  // "code pointer;" for each problem.
  std::string Problems(const OrderRequest& order) {
    const auto checked = CheckOrder(order, programme_.programme, clock_.Now());
    std::string text;
    if (checked.ok()) return text;
    for (const InputProblem& problem : checked.error().problems) {
      text += problem.code + " " + problem.pointer + ";";
    }
    return text;
  }
};

TEST_F(OrderCheckTest, ReportsEveryProblemAtOnce) {
  OrderRequest order = Order("1");
  order.paid_at = "yesterday";
  order.currency = "XYZ";
  order.total = 7;
  order.customer.phone = "12";
  EXPECT_EQ(Problems(order),
            "invalid_time /paid_at;unknown_currency /currency;total_mismatch /total;"
            "invalid_phone /customer/phone;");
}

TEST_F(OrderCheckTest, TakesClocksThatAreFiveMinutesAheadAndOrdersThirtyDaysOld) {
  OrderRequest order = Order("1");
  for (const auto& [paid_at, problems] : std::vector<std::pair<std::string, std::string>>{
           {"2026-11-21T10:05:00Z", ""},
           {"2026-11-21T10:05:01Z", "time_in_future /paid_at;"},
           {"2026-10-22T10:00:00Z", ""},
           {"2026-10-22T09:59:59Z", "time_too_old /paid_at;"}}) {
    order.paid_at = paid_at;
    EXPECT_EQ(Problems(order), problems) << paid_at;
  }
}

TEST_F(OrderCheckTest, ReadsQuantitiesOfUpToThreePlaces) {
  OrderRequest order = Order("1");
  for (const char* quantity : {"1", "0.350", "999999999.999", "2.5"}) {
    order.lines[0].quantity = quantity;
    EXPECT_EQ(Problems(order), "") << quantity;
  }
  for (const char* quantity : {"", "0", "0.000", "-1", "1.", ".5", "1.2345", "1e3", "1,5"}) {
    order.lines[0].quantity = quantity;
    EXPECT_EQ(Problems(order), "invalid_quantity /lines/0/quantity;") << quantity;
  }
}

TEST_F(OrderCheckTest, AddsAThousandLargestLinesWithoutOverflow) {
  OrderRequest order = Order("1");
  order.lines.assign(1000, {.amount = Points::kMax});
  for (std::size_t i = 0; i < order.lines.size(); ++i) order.lines[i].line_id = std::to_string(i);
  order.total = -1000;
  EXPECT_EQ(Problems(order), "negative_amount /total;total_mismatch /total;");
}

TEST_F(OrderCheckTest, KnowsCurrenciesWithoutMinorUnits) {
  programme_.programme.currency = *Currency::Find("JPY");
  OrderRequest order = Order("1");
  EXPECT_EQ(Problems(order), "wrong_currency /currency;");
  order.currency = "JPY";
  EXPECT_EQ(Problems(order), "");
}

}  // namespace
}  // namespace passmint::issuance
