#include "issuance/referrals.h"

#include "issuance/explain.h"
#include "issuance/merge.h"
#include "issuance/points.h"
#include "issuance/referral_run.h"
#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

constexpr char kAnna[] = "+79210000001";
constexpr char kBoris[] = "+79210000002";
constexpr char kClara[] = "+79210000003";

constexpr char kEveryPurchase[] = R"({
  "referral": {"purchases": "every", "pending": "P0D",
    "friend": {"points": 100},
    "promoter": {"points": 50, "ppm": 100000, "limits": {"member": {"most": 400, "per": "ever"}, "budget": "b"}}},
  "budgets": [{"id": "b", "cap": 1000}]})";

class ReferralsTest : public RulesTest {
 protected:
  void SetUp() override { site_.programmes.insert_or_assign(programme_.programme.id, programme_); }

  PromoterView Promote(const MemberId& member) {
    auto made = Write<PromoterView>([&](Transaction& transaction) {
      Who who;
      who.member = member;
      return MakePromoter(transaction, site_, programme_, {.who = who});
    });
    EXPECT_TRUE(made.ok()) << made.error().message;
    return made.ok() ? std::move(made).value() : PromoterView{};
  }

  OrderOutcome Buy(const std::string& id, std::int64_t amount, const std::string& phone,
                   const std::string& token = {}, const std::string& email = {}) {
    OrderRequest order = Order(id);
    order.paid_at = FormatRfc3339(clock_.Now());
    order.total = amount;
    order.customer.phone = phone;
    if (!token.empty()) order.customer.referral = token;
    if (!email.empty()) order.customer.email = email;
    order.lines = {{.line_id = "1", .amount = amount}};
    auto placed = Place(order);
    EXPECT_TRUE(placed.ok()) << placed.error().message;
    return placed.ok() ? std::move(placed).value() : OrderOutcome{};
  }

  static std::string WarningOf(const OrderOutcome& outcome) {
    return outcome.warnings.empty() ? "" : outcome.warnings.front().code;
  }

  int Book() {
    const auto round = RunReferrals(*store_, site_);
    EXPECT_TRUE(round.ok()) << round.error().message;
    if (!round.ok()) return -1;
    for (const auto& failure : round.value().failed) ADD_FAILURE() << failure.error.message;
    return round.value().given;
  }

  PointsSummary Points(const cards::Member& member) {
    return Write<PointsSummary>([&](Transaction& transaction) {
             return PointsOf(transaction, programme_.programme.id, member.account);
           })
        .value();
  }

  // Of each entry of the account: what it says and whether asking again agrees.
  void ExpectExplained(const cards::Member& member) {
    const Status read = store_->Read([&](Transaction& transaction) -> Status {
      const auto entries =
          transaction.EntriesBefore(programme_.programme.id, member.account, 0, 100);
      EXPECT_FALSE(entries.value().empty());
      for (const JournalEntry& entry : entries.value()) {
        const auto told =
            ExplainEntry(transaction, programme_, EntryIdText(member.account, entry.sequence));
        EXPECT_TRUE(told.ok()) << told.error().message;
        EXPECT_TRUE(told.ok() && told.value().agrees) << entry.sequence;
      }
      return {};
    });
    EXPECT_TRUE(read.ok());
  }
};

TEST_F(ReferralsTest, F10_EachPurchaseOfTheFriendGivesBothAndItsRefundTakesItBack) {
  Publish(kEveryPurchase);
  const cards::Member anna = Buy("1", 100000, kAnna).member;
  const std::string token = Promote(anna.id).token;
  const cards::Member boris = Buy("2", 100000, kBoris, token).member;
  EXPECT_EQ(Book(), 2);
  EXPECT_EQ(Book(), 0);
  EXPECT_EQ(Points(anna).available, 150);
  EXPECT_EQ(Points(boris).available, 100);
  EXPECT_EQ(Spent("b"), 150);

  Buy("3", 50000, kBoris);
  EXPECT_EQ(Book(), 2);
  EXPECT_EQ(Points(anna).available, 250);

  Refund("2", "r1", 50000);
  EXPECT_EQ(Book(), 2);
  EXPECT_EQ(Points(anna).available, 200);
  Refund("2", "r2", 50000);
  EXPECT_EQ(Book(), 2);
  EXPECT_EQ(Points(anna).available, 100);
  EXPECT_EQ(Points(boris).available, 100);
  EXPECT_EQ(Spent("b"), 100);
  ExpectExplained(anna);
  ExpectExplained(boris);
}

TEST_F(ReferralsTest, LimitsAndBudgetsCutAndARefundMakesRoomAgain) {
  Publish(kEveryPurchase);
  const cards::Member anna = Buy("1", 100000, kAnna).member;
  const std::string token = Promote(anna.id).token;
  Buy("2", 300000, kBoris, token);
  Book();
  EXPECT_EQ(Points(anna).available, 350);
  Buy("3", 300000, kBoris);
  Book();
  EXPECT_EQ(Points(anna).available, 400);
  Buy("4", 300000, kBoris);
  Book();
  EXPECT_EQ(Points(anna).available, 400);
  Refund("2", "r", 300000);
  Book();
  EXPECT_EQ(Points(anna).available, 50);
  Buy("5", 300000, kClara, token);
  Book();
  EXPECT_EQ(Points(anna).available, 400);
}

TEST_F(ReferralsTest, TheFirstPurchaseCountsOnceAndWaitsAndARefundBeforehandGivesNothing) {
  Publish(
      R"({"referral": {"promoter": {"points": 300}, "friend": {"points": 100}, "min_paid": 50000}})");
  const cards::Member anna = Buy("1", 100000, kAnna).member;
  const std::string token = Promote(anna.id).token;
  Buy("2", 10000, kBoris, token);
  EXPECT_EQ(Book(), 0);
  Buy("3", 60000, kBoris);
  Buy("4", 60000, kBoris);
  EXPECT_EQ(Book(), 2);
  EXPECT_EQ(Points(anna).pending, 300);
  EXPECT_EQ(Points(anna).available, 0);
  Refund("3", "r", 60000);
  EXPECT_EQ(Book(), 2);
  EXPECT_EQ(Points(anna).pending, 0);
  EXPECT_EQ(Points(anna).debt, 0);
  // The next one is the first now.
  Buy("5", 60000, kBoris);
  Refund("5", "r", 60000);
  EXPECT_EQ(Book(), 0);
  Buy("6", 60000, kBoris);
  EXPECT_EQ(Book(), 2);
  clock_.Advance(std::chrono::days(15));
  EXPECT_EQ(Points(anna).available, 300);
}

TEST_F(ReferralsTest, ATokenThatDoesNotHoldIsAWarningAndBringsNobody) {
  Publish(kEveryPurchase);
  const cards::Member anna = Buy("1", 100000, kAnna, {}, "anna@example.com").member;
  const std::string token = Promote(anna.id).token;
  std::string changed = token;
  changed.back() = changed.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(WarningOf(Buy("2", 1000, kBoris, changed)), "referral_not_valid");
  EXPECT_EQ(WarningOf(Buy("3", 1000, kBoris, token)), "referral_too_late");
  EXPECT_EQ(WarningOf(Buy("4", 1000, kAnna, token)), "referral_to_oneself");
  const auto other = Buy("5", 1000, "+79210000009", token, "anna@example.com");
  EXPECT_EQ(other.warnings.back().code, "referral_to_oneself");
  const cards::Member clara = Buy("6", 1000, kClara, token).member;
  EXPECT_EQ(WarningOf(Buy("7", 1000, kClara, token)), "");
  EXPECT_EQ(WarningOf(Buy("8", 1000, kClara, Promote(other.member.id).token)), "referral_known");
  EXPECT_EQ(Book(), 6);
  EXPECT_EQ(Points(clara).available, 300);
}

TEST_F(ReferralsTest, NobodyBringsThoseWhoBroughtThem) {
  Publish(kEveryPurchase);
  const auto join = [this](const std::string& phone, const std::string& token) {
    return Write<OrderOutcome>([&](Transaction& transaction) -> Result<OrderOutcome> {
      Customer customer;
      customer.phone = phone;
      customer.referral = token;
      OrderOutcome outcome;
      auto found = FindOrMakeMember(transaction, programme_.programme, customer, *site_.random,
                                    outcome.warnings);
      if (!found.ok()) return found.error();
      outcome.member = found.value().member;
      Status kept =
          KeepReferral(transaction, site_, programme_, outcome.member, customer, outcome.warnings);
      if (!kept.ok()) return kept.error();
      return outcome;
    });
  };
  const auto anna = join(kAnna, "").value();
  const auto boris = join(kBoris, Promote(anna.member.id).token).value();
  const auto clara = join(kClara, Promote(boris.member.id).token).value();
  const auto circle = join(kAnna, Promote(clara.member.id).token).value();
  EXPECT_EQ(WarningOf(circle), "referral_in_circle");
}

TEST_F(ReferralsTest, C3_APromoterKeepsCodeAndLinkForEver) {
  const cards::Member anna = Buy("1", 100000, kAnna).member;
  const PromoterView first = Promote(anna.id);
  EXPECT_TRUE(first.created);
  EXPECT_EQ(first.link, "https://cards.example.com/p/" + first.token);
  Publish(
      R"({"referral": {"promoter": {"ppm": 50000}, "link": "https://shop.example/?promo={token}"}})");
  const PromoterView again = Promote(anna.id);
  EXPECT_FALSE(again.created);
  EXPECT_EQ(again.promoter.id, first.promoter.id);
  EXPECT_EQ(again.token, first.token);
  EXPECT_EQ(again.link, "https://shop.example/?promo=" + first.token);
  EXPECT_EQ(again.rate_ppm, 50000);
}

TEST_F(ReferralsTest, WhoIsMergedWithTheirFriendGetsNothingForThemselves) {
  Publish(kEveryPurchase);
  const cards::Member anna = Buy("1", 100000, kAnna).member;
  const cards::Member boris = Buy("2", 100000, kBoris, Promote(anna.id).token).member;
  const auto merged = Write<MergeOutcome>([&](Transaction& transaction) {
    return MergeMembers(transaction, site_, programme_,
                        {.winner = anna.id, .loser = boris.id, .reason = "one", .actor = "desk"});
  });
  ASSERT_TRUE(merged.ok()) << merged.error().message;
  EXPECT_EQ(Book(), 0);
  EXPECT_EQ(Points(anna).available, 0);
}

}  // namespace
}  // namespace passmint::issuance
