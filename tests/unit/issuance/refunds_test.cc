// Refunds as use cases; over HTTP they are in tests/functional/api/refunds.test.mjs. Numbers in
// names are the edge cases of the ledger's design.

#include "issuance/refunds.h"

#include "issuance/card_life.h"
#include "issuance/exchange.h"
#include "issuance/points.h"
#include "ledger/apply.h"
#include "ledger/rebuild.h"
#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

// 5 % for 30 days; a point pays 1.00.
constexpr char kRules[] = R"({"earn":[{"id":"base","ppm":50000,"expires":{"after":"P30D"}}]})";

class RefundsTest : public IssuanceTest {
 protected:
  RefundsTest() { SetRules(kRules); }

  void SetRules(const std::string& text) {
    programme_.rules = programme::ParseRules(json::Parse(text, 4096).value(), 1).value();
  }

  // An order of one line at the present time.
  OrderOutcome Sell(const std::string& id, std::int64_t amount, std::int64_t points = 0,
                    const std::string& phone = "+79210000000") {
    OrderRequest order = OrderRequestOf(id, amount, points, phone);
    auto placed = Place(order);
    EXPECT_TRUE(placed.ok()) << placed.error().message;
    return placed.ok() ? std::move(placed).value() : OrderOutcome{};
  }

  OrderRequest OrderRequestOf(const std::string& id, std::int64_t amount, std::int64_t points,
                              const std::string& phone) {
    OrderRequest order = Order(id);
    order.paid_at = FormatRfc3339(clock_.Now());
    order.total = amount;
    order.customer.phone = phone;
    order.lines = {{.line_id = "1", .amount = amount, .points = points}};
    return order;
  }

  static RefundRequest Of(const std::string& order, const std::string& id, std::int64_t amount) {
    RefundRequest refund;
    refund.source = OrderSource("web");
    refund.order = OrderId(order);
    refund.id = id;
    refund.amount = amount;
    refund.actor = "test";
    return refund;
  }

  Result<RefundOutcome> Refund(const RefundRequest& refund) {
    return Write<RefundOutcome>([&](Transaction& transaction) {
      return RefundOrder(transaction, site_, programme_, refund);
    });
  }

  issuance::Order Stored(const std::string& id) {
    auto order = Write<std::optional<issuance::Order>>([&](Transaction& transaction) {
      return transaction.FindOrder(programme_.programme.id, OrderSource("web"), OrderId(id));
    });
    EXPECT_TRUE(order.ok() && order.value().has_value());
    return *order.value();
  }

  // As the API's merge does it, as far as refunds are concerned.
  void Merge(const MemberId& loser_id, const MemberId& winner_id) {
    const ProgrammeId& programme = programme_.programme.id;
    const Status merged = store_->Write([&](Transaction& transaction) -> Status {
      const Timestamp now = transaction.Now();
      auto loser = transaction.LoadAccount(programme, AccountFor(loser_id),
                                           {.cover = {}, .lots = {}, .all = true}, now);
      auto winner = transaction.LoadAccount(programme, AccountFor(winner_id), {}, now);
      if (!loser.ok()) return loser.error();
      if (!winner.ok()) return winner.error();
      ledger::Context context;
      context.now = now;
      auto changes = ledger::ApplyMerge(loser.value(), winner.value(), {}, context);
      if (!changes.ok()) return changes.error();
      if (Status saved = transaction.SaveChange(programme, changes.value().first); !saved.ok()) {
        return saved;
      }
      if (Status saved = transaction.SaveChange(programme, changes.value().second); !saved.ok()) {
        return saved;
      }
      auto member = transaction.FindMember(programme, loser_id);
      if (!member.ok()) return member.error();
      member.value()->merged_into = winner_id;
      return transaction.UpdateMember(programme, *member.value());
    });
    ASSERT_TRUE(merged.ok()) << merged.error().message;
  }

  // What a full rebuild of the account's journal amounts to.
  PointsSummary Rebuilt(const AccountId& account) {
    auto points = Write<PointsSummary>([&](Transaction& transaction) -> Result<PointsSummary> {
      auto entries = transaction.EntriesAfter(programme_.programme.id, account, 0, 1000);
      if (!entries.ok()) return std::move(entries).error();
      ledger::Rebuilder rebuilder(programme_.programme.id, account);
      for (const JournalEntry& entry : entries.value()) {
        if (entry.account != account) continue;
        const Status added = rebuilder.Add(entry.sequence, entry.body, entry.hash);
        if (!added.ok()) return added.error();
      }
      return Balances(ledger::Settled(rebuilder.account(), transaction.Now()));
    });
    EXPECT_TRUE(points.ok()) << points.error().message;
    return points.ok() ? points.value() : PointsSummary{};
  }
};

std::string Reason(const Result<RefundOutcome>& outcome) {
  return outcome.ok() ? "accepted" : outcome.error().reason;
}

// "restored clawed_back available debt".
std::string Moved(const Result<RefundOutcome>& outcome) {
  if (!outcome.ok()) return outcome.error().message;
  const PointsSummary& points = outcome.value().points;
  return std::to_string(points.restored.value_or(-1)) + " " +
         std::to_string(points.clawed_back.value_or(-1)) + " " + std::to_string(points.available) +
         " " + std::to_string(points.debt);
}

TEST_F(RefundsTest, ARefundIsANewRevisionOfTheCardAndOneThatIsKnownIsNot) {
  const OrderOutcome sold = Sell("1", 200'000);
  const auto revision = [&] {
    auto card = Write<cards::Card>([&](Transaction& transaction) {
      return GetCard(transaction, programme_.programme.id, sold.card.number);
    });
    return card.value().revision;
  };
  const auto before = revision();
  EXPECT_EQ(before, sold.card.revision);
  EXPECT_EQ(Moved(Refund(Of("1", "R", 100'000))), "0 50 50 0");
  EXPECT_EQ(revision(), before + 1);
  EXPECT_EQ(Moved(Refund(Of("1", "R", 100'000))), "0 50 50 0");
  EXPECT_EQ(revision(), before + 1);
}

TEST_F(RefundsTest, E1_PointsOfALotThatHasExpiredComeBackForTheGraceTime) {
  Sell("1", 200'000);  // 100 points until the end of 21 December.
  Sell("2", 10'000, 100);
  clock_.Advance(std::chrono::days(31));
  EXPECT_EQ(Moved(Refund(Of("2", "R", 10'000))), "100 0 100 0");
  clock_.Advance(std::chrono::days(14) - std::chrono::seconds(1));
  EXPECT_EQ(Moved(Refund(Of("2", "R", 10'000))), "100 0 100 0");
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(Moved(Refund(Of("2", "R", 10'000))), "100 0 0 0");
}

TEST_F(RefundsTest, E1_AProgrammeMayLetThemExpireAtOnceOrKeepThem) {
  for (const char* policy : {"expire", "forbid"}) {
    SetRules(R"({"earn":[{"id":"base","ppm":50000,"expires":{"after":"P30D"}}],
                 "refunds":{"expired":")" +
             std::string(policy) + R"("}})");
    const std::string phone = policy == std::string("expire") ? "+79210000001" : "+79210000002";
    Sell(std::string("1") + policy, 200'000, 0, phone);
    Sell(std::string("2") + policy, 10'000, 100, phone);
    clock_.Advance(std::chrono::days(31));
    EXPECT_EQ(Moved(Refund(Of(std::string("2") + policy, "R", 10'000))), "0 0 0 0") << policy;
  }
}

TEST_F(RefundsTest, E2_AProgrammeWithoutDebtLetsGoWhatIsSpent) {
  SetRules(R"({"earn":[{"id":"base","ppm":50000}],"refunds":{"debt":"within_balance"}})");
  Sell("1", 200'000);
  Sell("2", 10'000, 70);  // 30 of 100 are left, and 1 is earned.
  EXPECT_EQ(Moved(Refund(Of("1", "R", 200'000))), "0 31 0 0");
}

TEST_F(RefundsTest, E2_ADebtBeyondTheLimitIsRefusedAndNothingChanges) {
  SetRules(R"({"earn":[{"id":"base","ppm":50000}],"refunds":{"debt_limit":68}})");
  Sell("1", 200'000);
  Sell("2", 10'000, 70);
  EXPECT_EQ(Reason(Refund(Of("1", "R", 200'000))), "debt_limit");
  EXPECT_EQ(Moved(Refund(Of("1", "R", 198'000))), "0 99 0 68");
}

TEST_F(RefundsTest, E10_AnyPartsAddUpToAllOfTheOrderInAnyCase) {
  for (int parts = 1; parts <= 7; ++parts) {
    const std::string id = "o" + std::to_string(parts);
    const std::string phone = "+7921000010" + std::to_string(parts);
    Sell("earn-" + id, 140'000, 0, phone);  // 70 points.
    Sell(id, 10'007, 37, phone);
    std::int64_t left = 10'007;
    std::int64_t restored = 0;
    std::int64_t clawed = 0;
    for (int part = 1; part <= parts; ++part) {
      const std::int64_t amount = part == parts ? left : 10'007 / parts + (part % 3 - 1);
      left -= amount;
      const auto refund = Refund(Of(id, std::to_string(part), amount));
      ASSERT_TRUE(refund.ok()) << refund.error().message;
      restored += *refund.value().points.restored;
      clawed += *refund.value().points.clawed_back;
    }
    EXPECT_EQ(restored, 37) << parts;
    EXPECT_EQ(clawed, 3) << parts;  // 5 % of 63.07.
    EXPECT_EQ(Refund(Of(id, "more", 1)).error().reason, "over_refund");
    EXPECT_EQ(Rebuilt(AccountFor(Stored(id).member)).available, 70) << parts;
  }
}

TEST_F(RefundsTest, SharesAClawBackAmongTheRulesThatHadGivenThePoints) {
  SetRules(R"({"earn":[{"id":"base","ppm":50000},{"id":"extra","ppm":20000}]})");
  Sell("1", 100'000);  // 50 and 20 points.
  std::map<std::string, std::int64_t> taken;
  for (const std::int64_t amount : {33'333, 33'333, 33'334}) {
    const auto refund = Refund(Of(
        "1", std::to_string(taken.size()) + std::to_string(amount) + std::to_string(taken["base"]),
        amount));
    ASSERT_TRUE(refund.ok()) << refund.error().message;
    std::int64_t sum = 0;
    for (const PointsReason& reason : refund.value().points.explain) {
      EXPECT_LT(reason.points, 0);
      taken[reason.rule] -= reason.points;
      sum -= reason.points;
    }
    EXPECT_EQ(sum, *refund.value().points.clawed_back);
  }
  EXPECT_EQ(taken["base"], 50);
  EXPECT_EQ(taken["extra"], 20);
}

TEST_F(RefundsTest, FollowsAMemberWhoWasMergedEvenTwice) {
  const OrderOutcome first = Sell("1", 200'000, 0, "+79210000001");   // 100
  Sell("burn", 10'000, 40, "+79210000001");                           // - 40 + 3
  const OrderOutcome second = Sell("2", 100'000, 0, "+79210000002");  // 50
  const OrderOutcome third = Sell("3", 60'000, 0, "+79210000003");    // 30
  Merge(first.member.id, second.member.id);
  EXPECT_EQ(Moved(Refund(Of("1", "R1", 100'000))), "0 50 63 0");
  EXPECT_EQ(Stored("1").account, AccountFor(second.member.id));
  Merge(second.member.id, third.member.id);
  // Once from an account that was merged twice, once from one whose record had moved before.
  const auto back = Refund(Of("burn", "R1", 10'000));
  EXPECT_EQ(Moved(back), "40 3 130 0");
  EXPECT_EQ(back.value().member, third.member.id);
  EXPECT_EQ(Moved(Refund(Of("1", "R2", 100'000))), "0 50 80 0");
  EXPECT_EQ(Stored("1").account, AccountFor(third.member.id));
  EXPECT_EQ(Stored("burn").account, AccountFor(third.member.id));
  EXPECT_EQ(Moved(Refund(Of("1", "R1", 100'000))), "0 50 80 0");
  const PointsSummary rebuilt = Rebuilt(AccountFor(third.member.id));
  EXPECT_EQ(rebuilt.available, 80);
  auto state = Write<OrderOutcome>([&](Transaction& transaction) {
    return GetOrder(transaction, programme_, OrderSource("web"), OrderId("1"));
  });
  ASSERT_TRUE(state.ok());
  EXPECT_EQ(state.value().member.id, third.member.id);
  EXPECT_EQ(state.value().points.available, 80);
}

TEST_F(RefundsTest, BooksAndAnswersTheSameWithoutRules) {
  programme_.rules = {};
  Sell("1", 200'000);
  EXPECT_EQ(Moved(Refund(Of("1", "R", 150'000))), "0 0 0 0");
  EXPECT_EQ(Reason(Refund(Of("1", "R2", 50'001))), "over_refund");
  EXPECT_EQ(Reason(Refund(Of("1", "R2", 50'000))), "accepted");
}

TEST_F(RefundsTest, E6_NoMoreThanAHundredRefundsWaitForOneOrder) {
  RefundRequest refund = Of("1", "R", 1);
  refund.await_order = true;
  for (int i = 0; i < 100; ++i) {
    refund.id = "R" + std::to_string(i);
    ASSERT_EQ(Reason(Refund(refund)), "accepted");
  }
  ASSERT_EQ(Reason(Refund(refund)), "accepted");
  refund.id = "another";
  const auto refused = Refund(refund);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_EQ(Sell("1", 200'000).points.available, 100);
  EXPECT_EQ(Stored("1").record.lines[0].paid_refunded, 100);
}

TEST_F(RefundsTest, OrdersOfOneIdFromTwoSourcesHaveRefundsOfTheirOwn) {
  Sell("1", 200'000);
  RefundRequest elsewhere = Of("1", "R", 100'000);
  elsewhere.source = OrderSource("till");
  const auto unknown = Refund(elsewhere);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
}

TEST_F(RefundsTest, AnExchangeThatIsRefusedLeavesTheRefundUndone) {
  Sell("1", 200'000);
  OrderRequest order = OrderRequestOf("2", 10'000, 70, "+79210000000");
  const auto exchange = [&] {
    return Write<ExchangeOutcome>([&](Transaction& transaction) {
      return Exchange(transaction, site_, programme_, Of("1", "R", 100'000), order);
    });
  };
  const auto refused = exchange();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "insufficient_points");
  EXPECT_EQ(Stored("1").record.lines[0].paid_refunded, 0);
  order.lines[0].points = 50;
  const auto done = exchange();
  ASSERT_TRUE(done.ok()) << done.error().message;
  EXPECT_TRUE(done.value().created());
  EXPECT_EQ(done.value().order.points.available, 2);  // 5 % of 50.00.
  EXPECT_FALSE(exchange().value().created());
}

}  // namespace
}  // namespace passmint::issuance
