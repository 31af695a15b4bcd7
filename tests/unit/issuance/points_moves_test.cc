// Holds, adjustments, transfers, merges and statements where a clock is needed; over HTTP they are
// in tests/functional/api/points.test.mjs. Numbers in names are the edge cases of the ledger's
// design.

#include <algorithm>

#include "issuance/adjustments.h"
#include "issuance/card_life.h"
#include "issuance/holds.h"
#include "issuance/members.h"
#include "issuance/merge.h"
#include "issuance/points.h"
#include "issuance/refunds.h"
#include "issuance/statement.h"
#include "ledger/rebuild.h"
#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

// 5 %, active after 14 days, for 30 days.
constexpr char kRules[] =
    R"({"earn":[{"id":"base","ppm":50000,"activate_after":"P14D","expires":{"after":"P30D"}}]})";

class PointsMovesTest : public IssuanceTest {
 protected:
  void UseRules(const std::string& text) {
    programme_.rules = programme::ParseRules(json::Parse(text, 4096).value(), 1).value();
  }

  OrderOutcome Sell(const std::string& id, std::int64_t amount,
                    const std::string& phone = "+79210000000") {
    OrderRequest order = Order(id);
    order.paid_at = FormatRfc3339(clock_.Now());
    order.total = amount;
    order.customer.phone = phone;
    order.lines = {{.line_id = "1", .amount = amount}};
    auto placed = Place(order);
    EXPECT_TRUE(placed.ok()) << placed.error().message;
    return placed.ok() ? std::move(placed).value() : OrderOutcome{};
  }

  Result<Booked> Give(const MemberId& member, std::int64_t points,
                      const std::string& reason = "because") {
    return Write<Booked>([&](Transaction& transaction) {
      Adjustment adjustment;
      adjustment.who.member = member;
      adjustment.points = points;
      adjustment.reason = reason;
      adjustment.staff.actor = "desk";
      return Adjust(transaction, site_, programme_, adjustment);
    });
  }

  Result<HoldOutcome> HoldOf(const MemberId& member, std::int64_t points, seconds lifetime) {
    return Write<HoldOutcome>([&](Transaction& transaction) {
      HoldRequest request;
      request.who.member = member;
      request.points = points;
      request.lifetime = lifetime;
      request.actor = "till";
      return CreateHold(transaction, site_, programme_, request);
    });
  }

  Result<HoldOutcome> CaptureOf(const HoldId& id, std::int64_t points) {
    return Write<HoldOutcome>([&](Transaction& transaction) {
      return CaptureHold(transaction, site_, programme_,
                         {.id = id, .points = points, .order_id = {}, .actor = "till"});
    });
  }

  Result<MergeOutcome> MergeOf(const MemberId& winner, const MemberId& loser) {
    return Write<MergeOutcome>([&](Transaction& transaction) {
      return MergeMembers(transaction, site_, programme_,
                          {.winner = winner,
                           .loser = loser,
                           .reason = "one person",
                           .dry_run = false,
                           .actor = "desk"});
    });
  }

  Statement StatementOf(const MemberId& member, int limit = 50, const std::string& cursor = {}) {
    Statement statement;
    const Status read = store_->Read([&](Transaction& transaction) -> Status {
      auto made =
          GetStatement(transaction, programme_,
                       {.member = member, .from = {}, .to = {}, .cursor = cursor, .limit = limit});
      if (!made.ok()) return std::move(made).error();
      statement = std::move(made).value();
      return {};
    });
    EXPECT_TRUE(read.ok()) << read.error().message;
    return statement;
  }

  Wallet WalletOf(const MemberId& member) {
    Wallet wallet;
    const Status read = store_->Read([&](Transaction& transaction) -> Status {
      auto made = GetWallet(transaction, programme_, member);
      if (!made.ok()) return std::move(made).error();
      wallet = std::move(made).value();
      return {};
    });
    EXPECT_TRUE(read.ok()) << read.error().message;
    return wallet;
  }

  void Post(const MemberId& member) {
    const Status posted = store_->Write([&](Transaction& transaction) {
      return PostDue(transaction, programme_, AccountFor(member));
    });
    EXPECT_TRUE(posted.ok()) << posted.error().message;
  }

  static std::string Types(const Statement& statement) {
    std::string types;
    for (const StatementLine& line : statement.lines) {
      types += std::string(ledger::ToText(line.type)) + " " + std::to_string(line.amount) + ";";
    }
    return types;
  }

  // How many entries the journal has; each was folded into the account and its hash checked.
  std::int64_t VerifiedEntries(const MemberId& member) {
    const ProgrammeId& id = programme_.programme.id;
    std::int64_t last = 0;
    const Status read = store_->Read([&](Transaction& transaction) -> Status {
      ledger::Rebuilder rebuilder(id, AccountFor(member));
      auto entries = transaction.EntriesBefore(id, AccountFor(member), 0, 1000);
      if (!entries.ok()) return std::move(entries).error();
      std::reverse(entries.value().begin(), entries.value().end());
      for (const JournalEntry& entry : entries.value()) {
        Status added = rebuilder.Add(entry.sequence, entry.body, entry.hash);
        if (!added.ok()) return added;
      }
      ledger::Need all;
      all.all = true;
      auto stored = transaction.LoadAccount(id, AccountFor(member), all, transaction.Now());
      if (!stored.ok()) return std::move(stored).error();
      EXPECT_EQ(ledger::StateHash(ledger::Settled(stored.value(), transaction.Now())),
                ledger::StateHash(ledger::Settled(rebuilder.account(), transaction.Now())));
      last = rebuilder.last();
      return {};
    });
    EXPECT_TRUE(read.ok()) << read.error().message;
    return last;
  }
};

template <class T>
std::string Reason(const Result<T>& result) {
  return result.ok() ? "accepted" : result.error().reason;
}

TEST_F(PointsMovesTest, Edge29_AClockThatGoesBackNeitherRevivesNorLosesAnything) {
  const MemberId anna = Sell("1", 100).member.id;
  ASSERT_TRUE(Give(anna, 100).ok());
  const auto first = HoldOf(anna, 40, hours(1));
  ASSERT_TRUE(first.ok()) << first.error().message;
  clock_.Advance(hours(2));
  ASSERT_TRUE(HoldOf(anna, 10, hours(1)).ok());  // Posts the end of the first hold.
  clock_.Advance(-hours(24));
  EXPECT_EQ(Reason(CaptureOf(first.value().hold.hold.id, 40)), "hold_expired");
  ASSERT_TRUE(Give(anna, 1).ok());
  const Statement statement = StatementOf(anna);
  EXPECT_EQ(Types(statement), "adjust 1;hold -10;hold_expire 40;hold -40;adjust 100;");
  for (std::size_t i = 1; i < statement.lines.size(); ++i) {
    EXPECT_GT(statement.lines[i - 1].at, statement.lines[i].at);
  }
  EXPECT_EQ(WalletOf(anna).points.available, 91);
  EXPECT_EQ(VerifiedEntries(anna), 5);
}

TEST_F(PointsMovesTest, AHoldIsOverAtItsInstantAndNotBefore) {
  const MemberId anna = Sell("1", 100).member.id;
  ASSERT_TRUE(Give(anna, 100).ok());
  const auto one = HoldOf(anna, 40, seconds(60));
  const auto other = HoldOf(anna, 40, seconds(60));
  clock_.Advance(seconds(60) - std::chrono::microseconds(1));
  EXPECT_EQ(Reason(CaptureOf(one.value().hold.hold.id, 40)), "accepted");
  clock_.Advance(seconds(1));
  EXPECT_EQ(Reason(CaptureOf(other.value().hold.hold.id, 40)), "hold_expired");
  EXPECT_EQ(WalletOf(anna).points.available, 60);
}

TEST_F(PointsMovesTest, Edge32_PointsBecomeActiveOnABlockedCardAndStayUnspendable) {
  UseRules(kRules);
  const OrderOutcome sold = Sell("1", 200000);
  const MemberId anna = sold.member.id;
  EXPECT_EQ(WalletOf(anna).points.pending, 100);
  const auto blocked = Write<cards::Card>([&](Transaction& transaction) {
    return BlockCard(transaction, programme_.programme.id, sold.card.number, {.reason = "lost"},
                     std::nullopt);
  });
  ASSERT_TRUE(blocked.ok());
  clock_.Advance(days(15));
  EXPECT_EQ(WalletOf(anna).points.available, 100);
  EXPECT_EQ(WalletOf(anna).points.pending, 0);
  EXPECT_EQ(Reason(HoldOf(anna, 1, seconds(60))), "card_blocked");
  EXPECT_EQ(Types(StatementOf(anna)), "activate 100;block 0;earn 0;");
}

TEST_F(PointsMovesTest, D11_WhatHappensToACardStandsInTheJournalWithWhoAndWhy) {
  UseRules(kRules);
  const OrderOutcome sold = Sell("1", 200000);
  const MemberId anna = sold.member.id;
  const ProgrammeId& id = programme_.programme.id;
  const auto change = [&](auto work) {
    const auto changed = Write<cards::Card>(work);
    EXPECT_TRUE(changed.ok()) << changed.error().message;
    return changed.value();
  };
  const auto deed = [this](const std::string& reason) {
    return Deed{.reason = reason, .actor = "desk", .random = site_.random.get()};
  };
  const CardNumber first = sold.card.number;
  const Timestamp until = clock_.Now() + std::chrono::hours(1);
  change([&](Transaction& t) { return BlockCard(t, id, first, deed("lost"), until); });
  change([&](Transaction& t) { return UnblockCard(t, id, first, deed("found")); });
  // Nothing changes, so nothing is said.
  change([&](Transaction& t) { return UnblockCard(t, id, first, deed("again")); });
  const cards::Card next = change([&](Transaction& t) {
    return ReplaceCard(t, site_, programme_, first, {.deed = deed("broken")});
  });
  change([&](Transaction& t) { return CloseCard(t, id, next.number, deed("left")); });

  const Statement statement = StatementOf(anna);
  EXPECT_EQ(Types(statement), "close 0;replace 0;unblock 0;block 0;earn 0;");
  const char* reasons[] = {"left", "broken", "found", "lost"};
  for (std::size_t i = 0; i < 4; ++i) {
    const StatementLine& line = statement.lines[i];
    EXPECT_EQ(line.comment, reasons[i]);
    EXPECT_EQ(line.actor, "desk");
    EXPECT_EQ(line.card, next.number);
    ASSERT_TRUE(line.document.has_value());
    EXPECT_EQ(line.document->type, "card");
    EXPECT_EQ(line.document->id, next.id);
  }
  EXPECT_EQ(statement.lines[1].document->name,
            "Card " + next.number.str() + " in place of " + first.str());
  EXPECT_EQ(statement.lines[3].document->name, "Card, until " + FormatRfc3339(until));
  EXPECT_EQ(VerifiedEntries(anna), 5);
}

TEST_F(PointsMovesTest, D11_ACompromisedCardIsClosedAndTheNextOneNamesIt) {
  UseRules(kRules);
  const OrderOutcome sold = Sell("1", 200000);
  const auto next = Write<cards::Card>([&](Transaction& t) {
    return ReplaceCard(t, site_, programme_, sold.card.number,
                       {.deed = {.reason = "stolen", .actor = "desk", .random = site_.random.get()},
                        .compromised = true});
  });
  ASSERT_TRUE(next.ok());
  const Statement statement = StatementOf(sold.member.id);
  EXPECT_EQ(Types(statement), "replace 0;close 0;earn 0;");
  EXPECT_EQ(statement.lines[0].document->id, next.value().id);
  EXPECT_EQ(statement.lines[1].document->id, sold.card.id);
}

TEST_F(PointsMovesTest, D11_WhatWasDueOnTheAccountGivesTheCardItsRevisionToo) {
  UseRules(kRules);
  const OrderOutcome sold = Sell("1", 200000);
  clock_.Advance(days(15));
  const auto blocked = Write<cards::Card>([&](Transaction& transaction) {
    return BlockCard(transaction, programme_.programme.id, sold.card.number, {.reason = "lost"},
                     std::nullopt);
  });
  ASSERT_TRUE(blocked.ok());
  EXPECT_EQ(blocked.value().revision, sold.card.revision + 2);
  EXPECT_EQ(Types(StatementOf(sold.member.id)), "block 0;activate 100;earn 0;");
}

TEST_F(PointsMovesTest, WhatIsDueStandsInStatementAndWalletAsItWillBePosted) {
  UseRules(kRules);
  const MemberId anna = Sell("1", 200000).member.id;
  clock_.Advance(days(40));
  const Statement before = StatementOf(anna);
  const Wallet wallet = WalletOf(anna);
  EXPECT_EQ(Types(before), "expire -100;activate 100;earn 0;");
  EXPECT_EQ(before.lines[0].actor, kSystemActor);
  EXPECT_LT(before.lines[0].effective_at, before.lines[0].at);
  EXPECT_EQ(wallet.as_of, before.lines[0].id);
  Post(anna);
  const Statement after = StatementOf(anna);
  ASSERT_EQ(Types(after), Types(before));
  for (std::size_t i = 0; i < after.lines.size(); ++i) {
    EXPECT_EQ(after.lines[i].id, before.lines[i].id);
    EXPECT_EQ(after.lines[i].effective_at, before.lines[i].effective_at);
  }
  EXPECT_EQ(WalletOf(anna).as_of, wallet.as_of);
}

TEST_F(PointsMovesTest, APageOfTheStatementGoesOnWhereItEndedThoughWhatWasDueIsPostedMeanwhile) {
  UseRules(kRules);
  const MemberId anna = Sell("1", 200000).member.id;
  clock_.Advance(days(40));
  const Statement first = StatementOf(anna, 1);
  EXPECT_EQ(Types(first), "expire -100;");
  clock_.Advance(seconds(5));
  Post(anna);
  const Statement second = StatementOf(anna, 1, first.next);
  EXPECT_EQ(Types(second), "activate 100;");
  const Statement third = StatementOf(anna, 1, second.next);
  EXPECT_EQ(Types(third), "earn 0;");
  EXPECT_EQ(third.next, "");
}

TEST_F(PointsMovesTest, PagesOfAnySizeOverMergedHistoriesAreTheWholeStatementInOrder) {
  const MemberId anna = Sell("1", 1).member.id;
  const MemberId boris = Sell("2", 1, "+79210000001").member.id;
  const MemberId clara = Sell("3", 1, "+79210000002").member.id;
  for (int i = 1; i <= 9; ++i) {
    ASSERT_TRUE(Give(i % 3 == 0 ? anna : i % 3 == 1 ? boris : clara, i).ok());
    clock_.Advance(seconds(i % 2));  // Some at the same instant.
  }
  ASSERT_TRUE(MergeOf(boris, clara).ok());
  ASSERT_TRUE(Give(clara, 10).ok());
  ASSERT_TRUE(MergeOf(anna, boris).ok());
  const Statement whole = StatementOf(anna, 200);
  ASSERT_EQ(whole.lines.size(), 14u);
  for (std::size_t i = 1; i < whole.lines.size(); ++i) {
    EXPECT_GE(whole.lines[i - 1].at, whole.lines[i].at);
  }
  for (const int limit : {1, 2, 3, 5, 13, 14, 15}) {
    std::string ids;
    std::string cursor;
    do {
      const Statement page = StatementOf(boris, limit, cursor);
      EXPECT_LE(page.lines.size(), static_cast<std::size_t>(limit));
      for (const StatementLine& line : page.lines) ids += line.id + ";";
      cursor = page.next;
    } while (!cursor.empty());
    std::string expected;
    for (const StatementLine& line : whole.lines) expected += line.id + ";";
    EXPECT_EQ(ids, expected) << "pages of " << limit;
  }
}

TEST_F(PointsMovesTest, TheNextExpiryIsTheSumOfAllLotsThatEndAtThatInstant) {
  UseRules(R"({"earn":[{"id":"base","ppm":50000,"expires":{"after":"P30D"}}]})");
  const MemberId anna = Sell("0", 200000).member.id;
  for (int i = 1; i < 60; ++i) (void)Sell(std::to_string(i), 2000);
  const auto first = WalletOf(anna).next_expiry;
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->points, 159);
  clock_.Advance(days(1));
  (void)Sell("later", 20000);
  EXPECT_EQ(WalletOf(anna).next_expiry->points, 159);
  clock_.Set(first->at);
  EXPECT_EQ(WalletOf(anna).next_expiry->points, 10);
  EXPECT_EQ(WalletOf(anna).points.available, 10);
}

TEST_F(PointsMovesTest, ATransferKeepsTheExpiryOfWhatItMoves) {
  UseRules(R"({"earn":[{"id":"base","ppm":50000,"expires":{"after":"P30D"}}]})");
  const MemberId anna = Sell("1", 200000).member.id;
  const MemberId boris = Sell("2", 1, "+79210000001").member.id;
  const auto expiry = WalletOf(anna).next_expiry;
  const auto moved = Write<BookedTransfer>([&](Transaction& transaction) {
    Transfer transfer;
    transfer.from.member = anna;
    transfer.to.member = boris;
    transfer.points = 60;
    transfer.reason = "gift";
    transfer.staff.actor = "desk";
    return MoveBetween(transaction, site_, programme_, transfer);
  });
  ASSERT_TRUE(moved.ok()) << moved.error().message;
  ASSERT_TRUE(WalletOf(boris).next_expiry.has_value());
  EXPECT_EQ(WalletOf(boris).next_expiry->at, expiry->at);
  EXPECT_EQ(WalletOf(boris).next_expiry->points, 60);
  EXPECT_EQ(WalletOf(anna).next_expiry->points, 40);
  EXPECT_EQ(VerifiedEntries(anna), 2);
  EXPECT_EQ(VerifiedEntries(boris), 1);
}

TEST_F(PointsMovesTest, Edge37_AfterAMergeARefundOfTheOtherMembersOrderIsBookedOnTheOneThatStayed) {
  UseRules(R"({"earn":[{"id":"base","ppm":50000,"expires":{"after":"P30D"}}]})");
  const MemberId anna = Sell("1", 200000).member.id;
  const OrderOutcome other = Sell("2", 100000, "+79210000001");
  ASSERT_TRUE(HoldOf(other.member.id, 10, hours(1)).ok());
  const auto merged = MergeOf(anna, other.member.id);
  ASSERT_TRUE(merged.ok()) << merged.error().message;
  EXPECT_EQ(merged.value().points.earned, 40);
  const auto refund = Write<RefundOutcome>([&](Transaction& transaction) {
    RefundRequest request;
    request.source = OrderSource("web");
    request.order = OrderId("2");
    request.id = "R-1";
    request.amount = 100000;
    request.actor = "web";
    return RefundOrder(transaction, site_, programme_, request);
  });
  ASSERT_TRUE(refund.ok()) << refund.error().message;
  EXPECT_EQ(refund.value().member, anna);
  EXPECT_EQ(refund.value().points.clawed_back, 50);
  EXPECT_EQ(WalletOf(anna).points.available, 90);
  EXPECT_EQ(WalletOf(anna).points.held, 10);
  EXPECT_EQ(VerifiedEntries(other.member.id), 3);
  EXPECT_GE(VerifiedEntries(anna), 3);
}

TEST_F(PointsMovesTest, Edge38_TheChainOfAnErasedMemberVerifiesAndItsPointsExpireInTheirTime) {
  UseRules(R"({"earn":[{"id":"base","ppm":50000,"expires":{"after":"P30D"}}]})");
  const MemberId anna = Sell("1", 200000).member.id;
  const MemberId other = Sell("2", 1, "+79210000001").member.id;
  ASSERT_TRUE(Give(anna, 7, "Anna Petrova complained").ok());
  ASSERT_TRUE(Give(other, 3, "her husband, too").ok());
  ASSERT_TRUE(MergeOf(anna, other).ok());
  const Status erased = store_->Write([&](Transaction& transaction) {
    return EraseMember(transaction, programme_.programme.id, anna, kSystemActor);
  });
  ASSERT_TRUE(erased.ok()) << erased.error().message;
  for (const StatementLine& line : StatementOf(anna).lines) EXPECT_EQ(line.comment, "");
  EXPECT_EQ(VerifiedEntries(anna), 5);  // Two cards were closed.
  EXPECT_EQ(VerifiedEntries(other), 2);
  EXPECT_EQ(WalletOf(anna).points.available, 110);
  clock_.Advance(days(40));
  EXPECT_EQ(WalletOf(anna).points.available, 10);
  EXPECT_EQ(Reason(Give(anna, 1)), "member_erased");
  const auto notes = Write<std::size_t>([&](Transaction& transaction) -> Result<std::size_t> {
    std::size_t count = 0;
    for (const MemberId& member : {anna, other}) {
      auto found = transaction.Notes(programme_.programme.id, AccountFor(member), 1, 100);
      if (!found.ok()) return std::move(found).error();
      count += found.value().size();
    }
    return count;
  });
  EXPECT_EQ(notes.value(), 0u);
}

TEST_F(PointsMovesTest, EveryCardOfBothMembersShowsTheMergeWithARevisionOfItsOwn) {
  const OrderOutcome anna = Sell("1", 100);
  const OrderOutcome other = Sell("2", 100, "+79210000001");
  ASSERT_TRUE(Give(other.member.id, 5).ok());
  const auto card_of = [&](const std::string& id) {
    return Write<std::optional<cards::Card>>([&](Transaction& transaction) {
             return transaction.FindCard(programme_.programme.id, id);
           })
        .value()
        .value();
  };
  const std::int64_t before = card_of(other.card.id).revision;
  ASSERT_TRUE(MergeOf(anna.member.id, other.member.id).ok());
  EXPECT_EQ(card_of(anna.card.id).revision, anna.card.revision + 1);
  EXPECT_EQ(card_of(other.card.id).revision, before + 1);
  EXPECT_EQ(card_of(other.card.id).member, anna.member.id);
}

}  // namespace
}  // namespace passmint::issuance
