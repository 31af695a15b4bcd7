#include "issuance/import.h"

#include "issuance/card_life.h"
#include "issuance/fingerprint.h"
#include "issuance/points.h"
#include "issuance/refunds.h"
#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

class ImportTest : public IssuanceTest {
 protected:
  MemberToImport Member(const std::string& id, const std::string& phone, std::int64_t points) {
    MemberToImport member;
    member.id = id;
    member.customer.phone = phone;
    member.content = id + phone + std::to_string(points);
    member.fingerprint = Fingerprint(*site_.keys, member.content);
    if (points > 0) member.points = {{.points = points, .earned_at = {}, .expires_at = {}}};
    return member;
  }

  ImportTally Run(const std::vector<ImportItem>& batch) {
    refusals_.clear();
    ImportTally tally;
    const Status done = ImportBatch(
        *store_, site_, programme_, batch,
        [this](std::int64_t line, const Error& error) {
          refusals_ += std::to_string(line) + " " + error.reason + ";";
        },
        tally);
    EXPECT_TRUE(done.ok()) << done.error().message;
    return tally;
  }

  std::int64_t Available(const std::string& phone) {
    std::int64_t available = -1;
    const Status read = store_->Read([&](Transaction& transaction) -> Status {
      const ProgrammeId& id = programme_.programme.id;
      auto member = transaction.FindMemberByIdentity(id, cards::IdentityType::kPhone, phone);
      if (!member.ok()) return member.error();
      if (!member.value()) return {};
      auto points = PointsOf(transaction, id, AccountFor(*member.value()));
      if (!points.ok()) return points.error();
      available = points.value().available;
      return {};
    });
    EXPECT_TRUE(read.ok());
    return available;
  }

  std::string refusals_;
};

const char kAnna[] = "+79210000001";
const char kBoris[] = "+79210000002";
const char kVera[] = "+79210000003";

TEST_F(ImportTest, GivesPointsAndACardOnce) {
  const std::vector<ImportItem> batch = {{1, Member("1", kAnna, 10)}, {2, Member("2", kBoris, 0)}};
  EXPECT_EQ(Run(batch).imported, 2);
  EXPECT_EQ(Available(kAnna), 10);
  EXPECT_EQ(Available(kBoris), 0);
  const ImportTally again = Run(batch);
  EXPECT_EQ(again.imported, 0);
  EXPECT_EQ(again.known, 2);
  EXPECT_EQ(Available(kAnna), 10);
}

TEST_F(ImportTest, AddsToAMemberWhoIsHereAlready) {
  OrderRequest order = Order("1");
  order.customer.phone = kAnna;
  const auto placed = Place(order);
  ASSERT_TRUE(placed.ok());
  EXPECT_EQ(Run({{1, Member("1", kAnna, 10)}}).imported, 1);
  EXPECT_EQ(Available(kAnna), 10);
  const auto cards = Write<std::vector<cards::Card>>([&](Transaction& transaction) {
    return transaction.CardsOfMember(programme_.programme.id, placed.value().member.id);
  });
  ASSERT_EQ(cards.value().size(), 1u);
  EXPECT_GT(cards.value()[0].revision, placed.value().card.revision);
}

TEST_F(ImportTest, RefusesOneOfABatchAndTakesTheRest) {
  MemberToImport carried = Member("2", kBoris, 7);
  carried.card_number = CardNumber("9000000000000001");
  MemberToImport same_number = Member("3", kVera, 7);
  same_number.card_number = carried.card_number;
  const ImportTally tally = Run(
      {{1, Member("1", kAnna, 10)}, {2, carried}, {3, same_number}, {4, Member("1", kAnna, 11)}});
  EXPECT_EQ(tally.imported, 2);
  EXPECT_EQ(tally.refused, 2);
  EXPECT_EQ(refusals_, "3 number_taken;4 import_conflict;");
  EXPECT_EQ(Available(kBoris), 7);
  EXPECT_EQ(Available(kVera), -1);  // Nobody: not half of the line either.
  EXPECT_EQ(Available(kAnna), 10);
}

TEST_F(ImportTest, AnOldOrderMovesNothingAndIsRefundedLater) {
  ASSERT_EQ(Run({{1, Member("1", kAnna, 50)}}).imported, 1);
  OrderRequest request = Order("77");
  request.paid_at = "2020-01-01T10:00:00Z";
  request.customer.phone = kAnna;
  const Timestamp then = ParseRfc3339(request.paid_at).value();
  const auto import = [&] {
    return OrderToImport{PrepareOrder(site_, programme_, request, then),
                         {{.earned = 30, .points_value = 0}}};
  };
  EXPECT_EQ(Run({{1, import()}}).imported, 1);
  EXPECT_EQ(Run({{1, import()}}).known, 1);
  EXPECT_EQ(Available(kAnna), 50);
  const auto refunded = Write<RefundOutcome>([&](Transaction& transaction) {
    RefundRequest refund;
    refund.order = OrderId("77");
    refund.source = OrderSource("web");
    refund.id = "r";
    refund.amount = 199900;
    return RefundOrder(transaction, site_, programme_, refund);
  });
  ASSERT_TRUE(refunded.ok()) << refunded.error().message;
  EXPECT_EQ(Available(kAnna), 20);
  request.customer.phone = kBoris;
  request.id = OrderId("78");
  EXPECT_EQ(Run({{5, import()}}).refused, 1);
  EXPECT_EQ(refusals_, "5 unknown_member;");
}

}  // namespace
}  // namespace passmint::issuance
