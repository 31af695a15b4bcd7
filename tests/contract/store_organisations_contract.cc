#include <utility>
#include <vector>

#include "contract/store_contract.h"
#include "issuance/organisation_tables.h"

namespace passmint::testing {
namespace {

using issuance::Organisation;
using issuance::OrganisationTies;
using issuance::Transaction;
using std::chrono::hours;

Organisation Acme() {
  return {.id = "acme",
          .member = MemberIdOf(1),
          .valid_until = Start() + hours(2),
          .created_at = Start(),
          .created_by = "desk"};
}

// The organisation's member 1, its user 2 and that user's guest 3.
Status MakeAcme(Transaction& t) {
  for (const int n : {1, 2, 3}) {
    cards::Member member = SampleMember(n);
    member.account = AccountId("a_" + HexId(n));
    if (n == 2) member.acts_for = MemberIdOf(1);
    if (Status inserted = t.InsertMember(kCoffee, member); !inserted.ok()) return inserted;
  }
  auto inserted = t.Organisations().InsertOrganisation(kCoffee, Acme());
  if (!inserted.ok()) return inserted.error();
  Status put = t.Organisations().PutOrganisationUser(kCoffee, "acme",
                                                     {.member = MemberIdOf(2),
                                                      .role = issuance::OrganisationRole::kManager,
                                                      .since = Start(),
                                                      .actor = "desk"});
  if (!put.ok()) return put;
  return t.Organisations().PutOrganisationGuest(kCoffee, "acme",
                                                {.member = MemberIdOf(3),
                                                 .host = MemberIdOf(2),
                                                 .since = Start(),
                                                 .until = Start() + hours(1),
                                                 .actor = "desk"});
}

TEST_P(StoreContract, AnOrganisationIsMadeOnceAndFoundByItsIdAndItsMember) {
  MustWrite(MakeAcme);
  bool again = true;
  MustWrite([&again](Transaction& t) -> Status {
    auto inserted = t.Organisations().InsertOrganisation(kCoffee, Acme());
    if (!inserted.ok()) return inserted.error();
    again = inserted.value();
    Organisation longer = Acme();
    longer.valid_until = std::nullopt;
    return t.Organisations().UpdateOrganisation(kCoffee, longer);
  });
  EXPECT_FALSE(again);
  const auto found =
      Read([](Transaction& t) { return t.Organisations().FindOrganisation(kCoffee, "acme"); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->member, MemberIdOf(1));
  EXPECT_EQ(found->name, "Анна 1");
  EXPECT_FALSE(found->valid_until.has_value());
  EXPECT_EQ(found->created_by, "desk");
  const auto of = Read(
      [](Transaction& t) { return t.Organisations().FindOrganisationOf(kCoffee, MemberIdOf(1)); });
  ASSERT_TRUE(of.has_value());
  EXPECT_EQ(of->id, "acme");
  const auto list = [this](const std::string& after) {
    return Read([&](Transaction& t) {
             return t.Organisations().ListOrganisations(kCoffee, after, 10);
           })
        .size();
  };
  EXPECT_EQ(list(""), 1u);
  EXPECT_EQ(list("acme"), 0u);
  const auto user = Read([](Transaction& t) { return t.FindMember(kCoffee, MemberIdOf(2)); });
  ASSERT_TRUE(user.has_value());
  EXPECT_EQ(user->acts_for, MemberIdOf(1));
}

TEST_P(StoreContract, TheUsersOfAnOrganisationHaveRoles) {
  MustWrite(MakeAcme);
  const auto users =
      Read([](Transaction& t) { return t.Organisations().OrganisationUsers(kCoffee, "acme"); });
  ASSERT_EQ(users.size(), 1u);
  EXPECT_EQ(users.front().member, MemberIdOf(2));
  EXPECT_EQ(users.front().role, issuance::OrganisationRole::kManager);
  EXPECT_EQ(users.front().since, Start());
}

TEST_P(StoreContract, WhatIsRenewedBeginsWhereItBeganUnlessItHadEnded) {
  MustWrite(MakeAcme);
  const auto renew = [this](Timestamp at) {
    MustWrite([at](Transaction& t) -> Status {
      Status user = t.Organisations().PutOrganisationUser(
          kCoffee, "acme", {.member = MemberIdOf(2), .since = at, .actor = "desk"});
      if (!user.ok()) return user;
      return t.Organisations().PutOrganisationGuest(
          kCoffee, "acme",
          {.member = MemberIdOf(3), .host = MemberIdOf(2), .since = at, .actor = "desk"});
    });
    const auto users =
        Read([](Transaction& t) { return t.Organisations().OrganisationUsers(kCoffee, "acme"); });
    const auto guests = Read(
        [at](Transaction& t) { return t.Organisations().OrganisationGuests(kCoffee, "acme", at); });
    EXPECT_EQ(users.size(), 1u);
    EXPECT_EQ(guests.size(), 1u);
    return std::pair(users.front().since, guests.front().since);
  };
  const Timestamp half = Start() + std::chrono::minutes(30);
  EXPECT_EQ(renew(half), std::pair(Start(), Start()));
  MustWrite([half](Transaction& t) {
    return t.Organisations().EndOrganisationUser(kCoffee, "acme", MemberIdOf(2), half);
  });
  EXPECT_EQ(renew(Start() + hours(1)), std::pair(Start() + hours(1), Start() + hours(1)));
}

TEST_P(StoreContract, TiesToAnOrganisationHoldUntilTheFirstInstantWithout) {
  MustWrite(MakeAcme);
  const auto ties = [this](int member, Timestamp at) {
    return Read(
        [&](Transaction& t) { return t.Organisations().TiesOf(kCoffee, MemberIdOf(member), at); });
  };
  const std::chrono::microseconds instant(1);
  EXPECT_EQ(ties(1, Start() + hours(2) - instant).organisation, "acme");
  EXPECT_EQ(ties(1, Start() + hours(2)).organisation, "");
  EXPECT_EQ(ties(3, Start() - instant).guest_of, (std::vector<std::string>{}));
  EXPECT_EQ(ties(3, Start()).guest_of, (std::vector<std::string>{"acme"}));
  EXPECT_EQ(ties(3, Start() + hours(1)).guest_of, (std::vector<std::string>{}));
  EXPECT_EQ(ties(2, Start()).guest_of, (std::vector<std::string>{}));
}

TEST_P(StoreContract, WhoLeavesAnOrganisationTakesTheirGuestsAlong) {
  MustWrite(MakeAcme);
  MustWrite([](Transaction& t) {
    return t.Organisations().EndOrganisationUser(kCoffee, "acme", MemberIdOf(2),
                                                 Start() + std::chrono::minutes(1));
  });
  EXPECT_TRUE(Read([](Transaction& t) {
                return t.Organisations().OrganisationUsers(kCoffee, "acme");
              }).empty());
  const auto guest_of = [this](Timestamp at) {
    return Read(
               [&](Transaction& t) { return t.Organisations().TiesOf(kCoffee, MemberIdOf(3), at); })
        .guest_of.size();
  };
  EXPECT_EQ(guest_of(Start()), 1u);  // What happened before is judged as it was.
  EXPECT_EQ(guest_of(Start() + std::chrono::minutes(1)), 0u);
}

TEST_P(StoreContract, CardsAreHandedOverWithWhoCarriesThem) {
  MustWrite([](Transaction& t) -> Status {
    if (Status made = MakeAcme(t); !made.ok()) return made;
    for (const auto& [n, member] : {std::pair(1, 2), std::pair(2, 3)}) {
      auto inserted = t.InsertCard(kCoffee, SampleCard(n, MemberIdOf(member)));
      if (!inserted.ok()) return inserted.error();
    }
    return t.Organisations().HandOverCards(kCoffee, MemberIdOf(2), {}, MemberIdOf(1),
                                           MemberIdOf(2));
  });
  const auto cards = [this](int member) {
    return Read([&](Transaction& t) { return t.CardsOfMember(kCoffee, MemberIdOf(member)); });
  };
  ASSERT_EQ(cards(1).size(), 1u);
  EXPECT_EQ(cards(1).front().holder, MemberIdOf(2));
  EXPECT_TRUE(cards(2).empty());
  EXPECT_EQ(cards(3).size(), 1u);
  MustWrite([](Transaction& t) {
    return t.Organisations().HandOverCards(kCoffee, MemberIdOf(1), MemberIdOf(2), MemberIdOf(2),
                                           {});
  });
  ASSERT_EQ(cards(2).size(), 1u);
  EXPECT_EQ(cards(2).front().holder, MemberId());
}

TEST_P(StoreContract, AMergedGuestStaysOneAndAnErasedOneDoesNot) {
  MustWrite([](Transaction& t) -> Status {
    if (Status made = MakeAcme(t); !made.ok()) return made;
    cards::Member other = SampleMember(4);
    if (Status inserted = t.InsertMember(kCoffee, other); !inserted.ok()) return inserted;
    return t.MoveBelongings(kCoffee, MemberIdOf(3), MemberIdOf(4));
  });
  const auto guests = [this] {
    std::vector<MemberId> members;
    for (const auto& guest : Read([](Transaction& t) {
           return t.Organisations().OrganisationGuests(kCoffee, "acme", Start());
         })) {
      members.push_back(guest.member);
    }
    return members;
  };
  EXPECT_EQ(guests(), (std::vector<MemberId>{MemberIdOf(4)}));
  MustWrite([](Transaction& t) { return t.EraseMember(kCoffee, MemberIdOf(4)); });
  EXPECT_EQ(guests(), (std::vector<MemberId>{}));
}

}  // namespace
}  // namespace passmint::testing
