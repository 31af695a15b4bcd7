// Organisations: who acts for them, what those spend, whom they invite, and the end of it.

#include "issuance/organisations.h"

#include <optional>
#include <string>

#include "issuance/adjustments.h"
#include "issuance/holds.h"
#include "issuance/points.h"
#include "unit/issuance/rules_fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::hours;

constexpr char kAnna[] = "+79210000001";
constexpr char kBoris[] = "+79210000002";

// 1 % for everybody; 10 % off for guests of Acme.
constexpr char kRules[] = R"({"earn":[{"id":"base","ppm":10000}],
  "discounts":[{"id":"guests","kind":"percent","ppm":100000,
                "when":{"field":"member.guest_of","value":"acme"}}]})";

class OrganisationsTest : public RulesTest {
 protected:
  void SetUp() override {
    site_.programmes.insert_or_assign(programme_.programme.id, programme_);
    clock_.Set(ParseRfc3339("2026-03-01T12:00:00+03:00").value());
    Publish(kRules);
    acme_ = Put("acme", clock_.Now() + hours(48));
  }

  const ProgrammeId& id() const { return programme_.programme.id; }

  // The member of the organisation.
  MemberId Put(const std::string& organisation, std::optional<Timestamp> valid_until) {
    const auto view = Write<OrganisationView>([&](Transaction& transaction) {
      return PutOrganisation(
          transaction, site_, id(),
          {.id = organisation, .name = "Acme", .valid_until = valid_until, .actor = "desk"});
    });
    EXPECT_TRUE(view.ok()) << view.error().message;
    return view.ok() ? view.value().organisation.member : MemberId();
  }

  OrganisationView Read() {
    return Write<OrganisationView>(
               [&](Transaction& transaction) { return GetOrganisation(transaction, id(), "acme"); })
        .value();
  }

  static std::string ReasonOf(const Status& status) {
    if (status.ok()) return "";
    const Error& error = status.error();
    return error.problems.empty() ? error.reason
                                  : error.problems.front().code + error.problems.front().pointer;
  }

  std::string Join(const MemberId& member, OrganisationRole role = OrganisationRole::kUser,
                   const std::string& organisation = "acme") {
    return ReasonOf(store_->Write([&](Transaction& transaction) {
      return AddUser(transaction, site_, programme_,
                     {.organisation = organisation, .member = member, .actor = "desk"}, role);
    }));
  }

  std::string Invite(const MemberId& guest, const MemberId& host,
                     std::optional<Timestamp> until = {}) {
    return ReasonOf(store_->Write([&](Transaction& transaction) {
      return InviteGuest(transaction, site_, programme_,
                         {.guest = {.organisation = "acme", .member = guest, .actor = "desk"},
                          .host = host,
                          .until = until});
    }));
  }

  void Leave(const MemberId& member) {
    const Status left = store_->Write([&](Transaction& transaction) {
      return RemoveFrom(transaction, id(),
                        {.organisation = "acme", .member = member, .actor = "desk"});
    });
    EXPECT_TRUE(left.ok());
  }

  std::string Hold(const Who& who, std::int64_t points) {
    const auto held = Write<HoldOutcome>([&](Transaction& transaction) {
      return CreateHold(transaction, site_, programme_,
                        {.who = who,
                         .points = points,
                         .lifetime = hours(1),
                         .order_id = {},
                         .source = "web",
                         .actor = "till"});
    });
    if (held.ok()) hold_ = held.value().hold.hold.id;
    return held.ok() ? "" : held.error().reason;
  }

  std::string CaptureIt(std::int64_t points) {
    const auto captured = Write<HoldOutcome>([&](Transaction& transaction) {
      return CaptureHold(transaction, site_, programme_,
                         {.id = hold_, .points = points, .order_id = {}, .actor = "till"});
    });
    return captured.ok() ? "" : captured.error().reason;
  }

  // The discount that somebody gets on 1,000.00 paid now.
  std::int64_t Discount(const std::string& order, const std::string& phone) {
    std::int64_t off = 0;
    for (const auto& line : Sell(order, 100000, phone).order.record.lines) {
      off += 100000 - line.value - line.paid;
    }
    return off;
  }

  MemberId acme_;
  HoldId hold_;
};

TEST_F(OrganisationsTest, UsersEarnAndSpendOnOneAccountAndTheirOwnPointsStayApart) {
  const MemberId anna = Sell("1", 100000, kAnna).member.id;
  const MemberId boris = Sell("2", 100000, kBoris).member.id;
  EXPECT_EQ(Join(anna, OrganisationRole::kManager), "");
  EXPECT_EQ(Join(boris), "");
  EXPECT_EQ(Sell("3", 100000, kAnna).member.id, acme_);
  EXPECT_EQ(Sell("4", 100000, kBoris).points.available, 20);
  EXPECT_EQ(Hold({.card_number = {}, .member = boris}, 20), "");
  EXPECT_EQ(Hold({.card_number = {}, .member = anna}, 1), "insufficient_points");
  Leave(anna);
  EXPECT_EQ(Sell("5", 100000, kAnna).points.available, 20) << "10 of before, 10 of now";
  EXPECT_EQ(Read().points.held, 20);
}

TEST_F(OrganisationsTest, AUserHasOneRoleWhichMayChange) {
  const MemberId anna = Sell("1", 100000, kAnna).member.id;
  EXPECT_EQ(Join(anna), "");
  const Timestamp since = Read().users.front().since;
  clock_.Advance(hours(1));
  EXPECT_EQ(Join(anna, OrganisationRole::kManager), "");
  const auto users = Read().users;
  ASSERT_EQ(users.size(), 1U);
  EXPECT_EQ(users.front().role, OrganisationRole::kManager);
  EXPECT_EQ(users.front().since, since) << "they have acted for it all the while";
}

TEST_F(OrganisationsTest, NobodyActsForTwoOrForAnOrganisationThatIsOneNoMore) {
  const MemberId anna = Sell("1", 100000, kAnna).member.id;
  const MemberId other = Put("other", std::nullopt);
  EXPECT_EQ(Join(anna), "");
  EXPECT_EQ(Join(anna, OrganisationRole::kUser, "other"), "acts_for_organisation");
  EXPECT_EQ(Join(other), "conflict");
  EXPECT_EQ(Invite(anna, anna), "acts_for_organisation");
  clock_.Advance(hours(48));
  EXPECT_EQ(Join(Sell("2", 100000, kBoris).member.id), "organisation_ended");
}

TEST_F(OrganisationsTest, AFullOrganisationTakesNobodyMoreAndRenewsWhoIsThere) {
  const MemberId host = Sell("1", 100000, kAnna).member.id;
  const MemberId guest = Sell("2", 100000, kBoris).member.id;
  EXPECT_EQ(Join(host), "");
  EXPECT_EQ(Invite(guest, host), "");
  const Status filled = store_->Write([&](Transaction& transaction) -> Status {
    for (std::size_t n = 2; n < kOrganisationPeopleMax; ++n) {
      Status put = transaction.Organisations().PutOrganisationGuest(
          id(), "acme",
          {.member = MemberId("m_" + std::to_string(n)),
           .host = host,
           .since = transaction.Now(),
           .actor = "desk"});
      if (!put.ok()) return put;
    }
    return {};
  });
  ASSERT_TRUE(filled.ok());
  const MemberId late = Sell("3", 100000, "+79210000003").member.id;
  EXPECT_EQ(Join(late), "conflict");
  EXPECT_EQ(Invite(late, host), "conflict");
  EXPECT_EQ(Invite(guest, host, clock_.Now() + hours(1)), "");
  EXPECT_EQ(Join(guest), "") << "a guest who becomes a user takes no further place";
}

TEST_F(OrganisationsTest, NobodySpendsFromTheInstantOfTheContractsEndOnWhoeverIsNamed) {
  const MemberId anna = Sell("1", 100000, kAnna).member.id;
  EXPECT_EQ(Join(anna), "");
  const CardNumber card = Sell("2", 1000000, kAnna).card.number;
  clock_.Advance(hours(48) - std::chrono::microseconds(1));
  EXPECT_EQ(Hold({.card_number = card.str(), .member = {}}, 40), "");
  clock_.Advance(std::chrono::microseconds(1));
  EXPECT_EQ(CaptureIt(40), "organisation_ended");
  for (const Who& who :
       {Who{.card_number = card.str(), .member = {}}, Who{.card_number = {}, .member = anna},
        Who{.card_number = {}, .member = acme_}}) {
    EXPECT_EQ(Hold(who, 1), "organisation_ended");
  }
  OrderRequest order = Order("3");
  order.paid_at = FormatRfc3339(clock_.Now());
  order.customer.phone = kAnna;
  EXPECT_EQ(Place(order).error().reason, "organisation_ended");
  Put("acme", std::nullopt);
  EXPECT_EQ(CaptureIt(40), "");
}

TEST_F(OrganisationsTest, WhoHasLeftDoesNotCaptureWhatTheyHeld) {
  const MemberId anna = Sell("1", 100000, kAnna).member.id;
  EXPECT_EQ(Join(anna), "");
  EXPECT_EQ(Hold({.card_number = Sell("2", 1000000, kAnna).card.number.str(), .member = {}}, 50),
            "");
  Leave(anna);
  EXPECT_EQ(CaptureIt(50), "organisation_left");
  EXPECT_EQ(Read().points.held, 50);
}

TEST_F(OrganisationsTest, AGuestHasTheBenefitsOnTheirOwnAccountUntilTheContractEnds) {
  const MemberId host = Sell("1", 100000, kAnna).member.id;
  const MemberId guest = Sell("2", 100000, kBoris).member.id;
  EXPECT_EQ(Join(host), "");
  EXPECT_EQ(Invite(guest, guest), "invalid_value/host");
  EXPECT_EQ(Invite(guest, host, clock_.Now()), "not_in_future/until");
  EXPECT_EQ(Discount("3", kBoris), 0);
  EXPECT_EQ(Invite(guest, host), "");
  EXPECT_EQ(Discount("4", kBoris), 10000);
  EXPECT_EQ(Read().points.available, 0) << "guests earn for themselves";
  clock_.Advance(hours(48));
  EXPECT_EQ(Discount("5", kBoris), 0);
}

TEST_F(OrganisationsTest, AnInvitationEndsWithItselfOrWithItsHost) {
  const MemberId host = Sell("1", 100000, kAnna).member.id;
  const MemberId guest = Sell("2", 100000, kBoris).member.id;
  EXPECT_EQ(Join(host), "");
  EXPECT_EQ(Invite(guest, host, clock_.Now() + hours(1)), "");
  EXPECT_EQ(Discount("3", kBoris), 10000);
  clock_.Advance(hours(1));
  EXPECT_EQ(Discount("4", kBoris), 0);
  EXPECT_EQ(Invite(guest, host), "");
  EXPECT_EQ(Discount("5", kBoris), 10000);
  Leave(host);
  EXPECT_EQ(Discount("6", kBoris), 0);
}

TEST_F(OrganisationsTest, AnInvitationThatIsRenewedLeavesNoGapBehind) {
  const MemberId host = Sell("1", 100000, kAnna).member.id;
  const MemberId guest = Sell("2", 100000, kBoris).member.id;
  EXPECT_EQ(Join(host), "");
  EXPECT_EQ(Invite(guest, host, clock_.Now() + hours(2)), "");
  clock_.Advance(hours(1));
  const std::string meanwhile = FormatRfc3339(clock_.Now());
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(Invite(guest, host), "");
  OrderRequest late = Order("3");  // Paid between the invitation and its renewal.
  late.paid_at = meanwhile;
  late.customer.phone = kBoris;
  const auto placed = Place(late);
  ASSERT_TRUE(placed.ok()) << placed.error().message;
  EXPECT_LT(placed.value().order.record.lines.front().paid, late.total);
}

}  // namespace
}  // namespace passmint::issuance
