#include "contract/store_contract.h"

namespace passmint::testing {
namespace {

using cards::Identity;
using cards::IdentityType;
using issuance::Transaction;

TEST_P(StoreContract, AMemberReadsBackAsItWasWritten) {
  const cards::Member written = SampleMember(1);
  MustWrite([&](Transaction& t) { return t.InsertMember(kCoffee, written); });
  Reopen();
  const auto read = Read([&](Transaction& t) { return t.FindMember(kCoffee, written.id); });
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->id, written.id);
  EXPECT_EQ(read->name, written.name);
  EXPECT_EQ(read->locale, written.locale);
  EXPECT_EQ(read->birthday, written.birthday);
  EXPECT_EQ(read->attributes, written.attributes);
  EXPECT_EQ(read->erased, false);
  EXPECT_EQ(read->created_at, written.created_at);
}

TEST_P(StoreContract, AMemberWithoutNameAndBirthdayReadsBack) {
  cards::Member written = SampleMember(1);
  written.name.clear();
  written.locale.clear();
  written.birthday.reset();
  written.attributes = Json::object();
  MustWrite([&](Transaction& t) { return t.InsertMember(kCoffee, written); });
  const auto read = Read([&](Transaction& t) { return t.FindMember(kCoffee, written.id); });
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->name, "");
  EXPECT_EQ(read->birthday, std::nullopt);
  EXPECT_EQ(read->attributes, Json::object());
}

TEST_P(StoreContract, ProgrammesDoNotSeeEachOther) {
  MustWrite([](Transaction& t) {
    if (Status inserted = t.InsertMember(kCoffee, SampleMember(1)); !inserted.ok()) return inserted;
    return Succeeded(
        t.AttachIdentity(kCoffee, MemberIdOf(1), {IdentityType::kPhone, "+79210000000", {}}));
  });
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindMember(kTea, MemberIdOf(1)); }).has_value());
  EXPECT_FALSE(Read([](Transaction& t) {
                 return t.FindMemberByIdentity(kTea, IdentityType::kPhone, "+79210000000");
               }).has_value());
}

TEST_P(StoreContract, AnUpdatedMemberReadsBack) {
  MustWrite([](Transaction& t) { return t.InsertMember(kCoffee, SampleMember(1)); });
  cards::Member changed = SampleMember(1);
  changed.name = "Anna";
  changed.birthday.reset();
  MustWrite([&](Transaction& t) { return t.UpdateMember(kCoffee, changed); });
  const auto read = Read([](Transaction& t) { return t.FindMember(kCoffee, MemberIdOf(1)); });
  EXPECT_EQ(read->name, "Anna");
  EXPECT_EQ(read->birthday, std::nullopt);
}

TEST_P(StoreContract, UpdatingAMemberThatIsNotThereFails) {
  EXPECT_FALSE(Write([](Transaction& t) { return t.UpdateMember(kCoffee, SampleMember(1)); }).ok());
}

TEST_P(StoreContract, B31AnIdentityLeadsToItsMember) {
  MustWrite([](Transaction& t) {
    return Succeeded(
        t.AttachIdentity(kCoffee, MemberIdOf(1), {IdentityType::kPhone, "+79210000000", {}}));
  });
  EXPECT_EQ(Read([](Transaction& t) {
              return t.FindMemberByIdentity(kCoffee, IdentityType::kPhone, "+79210000000");
            }),
            MemberIdOf(1));
  EXPECT_EQ(Read([](Transaction& t) {
              return t.FindMemberByIdentity(kCoffee, IdentityType::kEmail, "+79210000000");
            }),
            std::nullopt);
}

TEST_P(StoreContract, AnIdentityOfSomebodyElseStaysTheirs) {
  const Identity phone{IdentityType::kPhone, "+79210000000", std::nullopt};
  MustWrite(
      [&](Transaction& t) { return Succeeded(t.AttachIdentity(kCoffee, MemberIdOf(1), phone)); });
  bool attached = true;
  MustWrite([&](Transaction& t) -> Status {
    auto result = t.AttachIdentity(kCoffee, MemberIdOf(2), {phone.type, phone.value, Start()});
    if (!result.ok()) return result.error();
    attached = result.value();
    return {};
  });
  EXPECT_FALSE(attached);
  const auto theirs = Read([](Transaction& t) { return t.Identities(kCoffee, MemberIdOf(1)); });
  ASSERT_EQ(theirs.size(), 1u);
  EXPECT_EQ(theirs[0].verified_at, std::nullopt);
  EXPECT_TRUE(Read([](Transaction& t) { return t.Identities(kCoffee, MemberIdOf(2)); }).empty());
}

TEST_P(StoreContract, AttachingAgainKeepsWhenItWasVerified) {
  const Identity verified{IdentityType::kEmail, "anna@example.com", Start()};
  const Identity unverified{IdentityType::kEmail, "anna@example.com", std::nullopt};
  for (const Identity& identity : {unverified, verified, unverified}) {
    MustWrite([&](Transaction& t) -> Status {
      auto attached = t.AttachIdentity(kCoffee, MemberIdOf(1), identity);
      EXPECT_TRUE(attached.ok() && attached.value());
      return Succeeded(attached);
    });
  }
  const auto found = Read([](Transaction& t) { return t.Identities(kCoffee, MemberIdOf(1)); });
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].verified_at, Start());
}

TEST_P(StoreContract, ADetachedIdentityIsFreeForSomebodyElse) {
  const Identity phone{IdentityType::kPhone, "+79210000000", std::nullopt};
  const Identity email{IdentityType::kEmail, "anna@example.com", std::nullopt};
  MustWrite([&](Transaction& t) -> Status {
    if (auto done = t.AttachIdentity(kCoffee, MemberIdOf(1), phone); !done.ok()) {
      return done.error();
    }
    if (auto done = t.AttachIdentity(kCoffee, MemberIdOf(1), email); !done.ok()) {
      return done.error();
    }
    if (Status done = t.DetachIdentity(kCoffee, MemberIdOf(1), IdentityType::kPhone); !done.ok()) {
      return done;
    }
    auto attached = t.AttachIdentity(kCoffee, MemberIdOf(2), phone);
    EXPECT_TRUE(attached.ok() && attached.value());
    return Succeeded(attached);
  });
  const auto left = Read([](Transaction& t) { return t.Identities(kCoffee, MemberIdOf(1)); });
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].type, IdentityType::kEmail);
}

TEST_P(StoreContract, ErasingRemovesPersonalDataAndKeepsTheMember) {
  MustWrite([](Transaction& t) -> Status {
    for (int n = 1; n <= 2; ++n) {
      if (Status done = t.InsertMember(kCoffee, SampleMember(n)); !done.ok()) return done;
      const std::string id = std::to_string(n);
      if (auto done = t.AttachIdentity(kCoffee, MemberIdOf(n),
                                       {IdentityType::kPhone, "+7921000000" + id, {}});
          !done.ok()) {
        return done.error();
      }
      if (auto done = t.InsertOrder(kCoffee, SampleOrder(id, MemberIdOf(n))); !done.ok()) {
        return done.error();
      }
      if (auto done = t.PutAnswer("coffee POST /x", IdempotencyKey(id), {"f", 201, "Anna"},
                                  MemberIdOf(n), Start() + std::chrono::hours(1));
          !done.ok()) {
        return done.error();
      }
    }
    return t.EraseMember(kCoffee, MemberIdOf(1));
  });
  const auto erased = Read([](Transaction& t) { return t.FindMember(kCoffee, MemberIdOf(1)); });
  ASSERT_TRUE(erased.has_value());
  EXPECT_TRUE(erased->erased);
  EXPECT_EQ(erased->name + erased->locale, "");
  EXPECT_EQ(erased->birthday, std::nullopt);
  EXPECT_EQ(erased->attributes, Json::object());
  EXPECT_TRUE(Read([](Transaction& t) { return t.Identities(kCoffee, MemberIdOf(1)); }).empty());
  const auto order = Read([](Transaction& t) { return t.FindOrder(kCoffee, kWeb, OrderId("1")); });
  EXPECT_EQ(order->body, "{}");
  EXPECT_EQ(order->total_minor, 199900);
  EXPECT_FALSE(Read([](Transaction& t) {
                 return t.FindAnswer("coffee POST /x", IdempotencyKey("1"));
               }).has_value());

  // The neighbour is as before.
  EXPECT_EQ(Read([](Transaction& t) { return t.FindMember(kCoffee, MemberIdOf(2)); })->name,
            SampleMember(2).name);
  EXPECT_NE(Read([](Transaction& t) { return t.FindOrder(kCoffee, kWeb, OrderId("2")); })->body,
            "{}");
  EXPECT_TRUE(Read([](Transaction& t) {
                return t.FindAnswer("coffee POST /x", IdempotencyKey("2"));
              }).has_value());
}

TEST_P(StoreContract, TextFromOutsideIsDataAndNeverSql) {
  cards::Member hostile = SampleMember(1);
  hostile.name = "'); DROP TABLE member; -- \" \\ %_ $1 \xF0\x9F\x98\x80";
  MustWrite([&](Transaction& t) { return t.InsertMember(kCoffee, hostile); });
  EXPECT_EQ(Read([](Transaction& t) { return t.FindMember(kCoffee, MemberIdOf(1)); })->name,
            hostile.name);
}

TEST_P(StoreContract, WhatHangsOnAMemberMovesToAnotherOnceTheyAreMerged) {
  MustWrite([](Transaction& t) -> Status {
    for (const int member : {1, 2}) {
      if (Status made = t.InsertMember(kCoffee, SampleMember(member)); !made.ok()) return made;
    }
    (void)t.AttachIdentity(kCoffee, MemberIdOf(1), {IdentityType::kPhone, "+79210000002", {}}).ok();
    (void)t.AttachIdentity(kCoffee, MemberIdOf(2), {IdentityType::kPhone, "+79210000001", {}}).ok();
    return Succeeded(t.InsertCard(kCoffee, SampleCard(1, MemberIdOf(2))));
  });
  EXPECT_TRUE(Read([](Transaction& t) { return t.MergedInto(kCoffee, MemberIdOf(1)); }).empty());
  MustWrite([](Transaction& t) -> Status {
    cards::Member loser = SampleMember(2);
    loser.merged_into = MemberIdOf(1);
    if (Status updated = t.UpdateMember(kCoffee, loser); !updated.ok()) return updated;
    return t.MoveBelongings(kCoffee, MemberIdOf(2), MemberIdOf(1));
  });
  Reopen();
  EXPECT_EQ(Read([](Transaction& t) { return t.MergedInto(kCoffee, MemberIdOf(1)); }),
            std::vector<MemberId>{MemberIdOf(2)});
  EXPECT_TRUE(Read([](Transaction& t) { return t.MergedInto(kCoffee, MemberId()); }).empty());
  const auto phones = Read([](Transaction& t) { return t.Identities(kCoffee, MemberIdOf(1)); });
  ASSERT_EQ(phones.size(), 2u);
  EXPECT_EQ(phones[0].value, "+79210000002") << "the member's own comes first";
  EXPECT_EQ(phones[1].value, "+79210000001");
  EXPECT_EQ(Read([](Transaction& t) { return t.CardsOfMember(kCoffee, MemberIdOf(1)); }).size(),
            1u);
  EXPECT_TRUE(Read([](Transaction& t) { return t.CardsOfMember(kCoffee, MemberIdOf(2)); }).empty());
}

TEST_P(StoreContract, AHoldIsFoundWithTheCardThatWasShownAndMovesWithItsAccount) {
  const AccountId from("a_1");
  const AccountId to("a_2");
  MustWrite([&](Transaction& t) -> Status {
    EXPECT_TRUE(t.InsertHold(kCoffee, HoldId("h_1"), from, "card-1").value());
    EXPECT_FALSE(t.InsertHold(kCoffee, HoldId("h_1"), to, "").value());
    return {};
  });
  MustWrite([&](Transaction& t) { return t.MoveHolds(kCoffee, from, to); });
  Reopen();
  const auto hold = Read([](Transaction& t) { return t.FindHold(kCoffee, HoldId("h_1")); });
  ASSERT_TRUE(hold.has_value());
  EXPECT_EQ(hold->account, to);
  EXPECT_EQ(hold->card, "card-1");
  EXPECT_FALSE(hold->ended.has_value());
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindHold(kTea, HoldId("h_1")); }).has_value());
}

TEST_P(StoreContract, AKnownMemberIsFoundWithEverythingThatAnOrderNeeds) {
  MustWrite([](Transaction& t) -> Status {
    for (const int n : {1, 2}) {
      if (Status done = t.InsertMember(kCoffee, SampleMember(n)); !done.ok()) return done;
    }
    for (const auto& [type, value] : {std::pair(IdentityType::kPhone, "+79210000001"),
                                      std::pair(IdentityType::kEmail, "anna@example.com")}) {
      auto attached = t.AttachIdentity(kCoffee, MemberIdOf(1), {type, value, {}});
      if (!attached.ok()) return attached.error();
    }
    auto other = t.AttachIdentity(kCoffee, MemberIdOf(2), {IdentityType::kPhone, "+792", {}});
    if (!other.ok()) return other.error();
    for (const int n : {1, 2, 3}) {
      cards::Card card = SampleCard(n, MemberIdOf(n == 3 ? 2 : 1));
      card.created_at = Start() + std::chrono::hours(n);
      auto inserted = t.InsertCard(kCoffee, card);
      if (!inserted.ok()) return inserted.error();
    }
    return {};
  });
  MustWrite([](Transaction& t) -> Status {
    auto known = t.FindKnownMember(kCoffee, IdentityType::kEmail, "anna@example.com");
    EXPECT_TRUE(known.ok() && known.value().has_value());
    EXPECT_EQ(known.value()->member.id, MemberIdOf(1));
    auto identities = t.Identities(kCoffee, MemberIdOf(1));
    EXPECT_EQ(known.value()->identities.size(), 2u);
    EXPECT_EQ(known.value()->identities[0].value, identities.value()[0].value);
    EXPECT_EQ(known.value()->identities[1].value, identities.value()[1].value);
    auto cards = t.CardsOfMember(kCoffee, MemberIdOf(1));
    EXPECT_EQ(cards.value().size(), 2u);
    EXPECT_EQ(cards.value()[0].id, SampleCard(2, MemberIdOf(1)).id) << "the newest first";
    auto nobody = t.FindKnownMember(kCoffee, IdentityType::kPhone, "+70000000000");
    EXPECT_TRUE(nobody.ok() && !nobody.value().has_value());
    return Succeeded(known);
  });
}

TEST_P(StoreContract, CardsThatWereSeenShowWhatTheSameTransactionHasMadeOfThem) {
  MustWrite([](Transaction& t) -> Status {
    if (Status done = t.InsertMember(kCoffee, SampleMember(1)); !done.ok()) return done;
    auto inserted = t.InsertCard(kCoffee, SampleCard(1, MemberIdOf(1)));
    if (!inserted.ok()) return inserted.error();
    auto first = t.CardsOfMember(kCoffee, MemberIdOf(1));
    if (!first.ok()) return first.error();
    cards::Card card = first.value().front();
    card.revision += 1;
    card.changed_at += std::chrono::seconds(1);
    if (Status touched = t.UpdateCardRevision(kCoffee, card); !touched.ok()) return touched;
    auto second = t.CardsOfMember(kCoffee, MemberIdOf(1));
    EXPECT_EQ(second.value().front().revision, card.revision);
    EXPECT_EQ(second.value().front().changed_at, card.changed_at);
    card.status = cards::CardStatus::kClosed;
    auto updated = t.UpdateCard(kCoffee, card);
    if (!updated.ok()) return updated.error();
    auto third = t.CardsOfMember(kCoffee, MemberIdOf(1));
    EXPECT_EQ(third.value().front().status, cards::CardStatus::kClosed);
    auto another = t.InsertCard(kCoffee, SampleCard(2, MemberIdOf(1)));
    if (!another.ok()) return another.error();
    auto fourth = t.CardsOfMember(kCoffee, MemberIdOf(1));
    EXPECT_EQ(fourth.value().size(), 2u);
    return {};
  });
}

}  // namespace
}  // namespace passmint::testing
