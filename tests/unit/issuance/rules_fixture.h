#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "issuance/refunds.h"
#include "issuance/rule_sets.h"
#include "unit/issuance/fixture.h"

namespace passmint::issuance {

// A programme whose rules a test publishes, and a shop that sells, each order paid now.
class RulesTest : public IssuanceTest {
 protected:
  void Publish(const std::string& text) {
    const auto json = json::Parse(text, 65536);
    ASSERT_TRUE(json.ok()) << json.error().message;
    const auto report = LintRules(json.value(), programme_);
    ASSERT_TRUE(report.publishable()) << RulesDoNotLint(report).message;
    const auto published = Write<RuleSetVersion>([&](Transaction& transaction) {
      return PublishRules(transaction, programme_.programme.id,
                          {.content = json::Dump(json.value()),
                           .effective_from = {},
                           .author = ApiKeyName("author"),
                           .published_by = ApiKeyName("author"),
                           .comment = {}});
    });
    ASSERT_TRUE(published.ok()) << published.error().message;
  }

  OrderOutcome Sell(const std::string& id, std::int64_t amount,
                    const std::string& phone = "+79210000000", const std::string& sku = "ESP-1") {
    OrderRequest order = Order(id);
    order.paid_at = FormatRfc3339(clock_.Now());
    order.total = amount;
    order.customer.phone = phone;
    order.lines = {{.line_id = "1", .sku = sku, .amount = amount}};
    auto placed = Place(order);
    EXPECT_TRUE(placed.ok()) << placed.error().message;
    return placed.ok() ? std::move(placed).value() : OrderOutcome{};
  }

  RefundOutcome Refund(const std::string& order, const std::string& id, std::int64_t amount) {
    auto refund = Write<RefundOutcome>([&](Transaction& transaction) {
      return RefundOrder(transaction, site_, programme_,
                         {.source = OrderSource("web"),
                          .order = OrderId(order),
                          .id = id,
                          .lines = {},
                          .amount = amount,
                          .await_order = false,
                          .actor = "till"});
    });
    EXPECT_TRUE(refund.ok()) << refund.error().message;
    return refund.ok() ? std::move(refund).value() : RefundOutcome{};
  }

  std::optional<MemberProgress> Progress(const MemberId& member) {
    return Write<std::optional<MemberProgress>>([&](Transaction& transaction) {
             return transaction.FindProgress(programme_.programme.id, member);
           })
        .value();
  }

  std::int64_t Spent(const std::string& budget) {
    return Write<std::map<std::string, std::int64_t>>([&](Transaction& transaction) {
             return transaction.BudgetsSpent(programme_.programme.id);
           })
        .value()[budget];
  }
};

}  // namespace passmint::issuance
