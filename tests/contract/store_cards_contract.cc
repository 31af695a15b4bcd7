#include "contract/store_contract.h"

namespace passmint::testing {
namespace {

using cards::Card;
using issuance::Transaction;

Status Insert(Transaction& t, const Card& card, const ProgrammeId& programme = kCoffee) {
  auto inserted = t.InsertCard(programme, card);
  EXPECT_TRUE(inserted.ok() && inserted.value());
  return Succeeded(inserted);
}

void ExpectEqual(const Card& a, const Card& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.member, b.member);
  EXPECT_EQ(a.number, b.number);
  EXPECT_EQ(a.template_name, b.template_name);
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.status_reason, b.status_reason);
  EXPECT_EQ(a.blocked_until, b.blocked_until);
  EXPECT_EQ(a.link_token, b.link_token);
  EXPECT_EQ(a.serial, b.serial);
  EXPECT_EQ(a.google_suffix, b.google_suffix);
  EXPECT_EQ(a.key_id, b.key_id);
  EXPECT_EQ(a.revision, b.revision);
  EXPECT_EQ(a.changed_at, b.changed_at);
  EXPECT_EQ(a.created_at, b.created_at);
}

TEST_P(StoreContract, ACardReadsBackByEveryWayToFindIt) {
  const Card written = SampleCard(1, MemberIdOf(1));
  MustWrite([&](Transaction& t) { return Insert(t, written); });
  Reopen();
  ExpectEqual(*Read([](Transaction& t) { return t.FindCard(kCoffee, HexId(1)); }), written);
  const auto numbered =
      Read([](Transaction& t) { return t.FindCardByNumber(kCoffee, NumberOf(1)); });
  ExpectEqual(numbered->card, written);
  EXPECT_FALSE(numbered->compromised);
  const auto linked =
      Read([&](Transaction& t) { return t.FindCardByLinkToken(written.link_token); });
  ExpectEqual(linked->card, written);
  EXPECT_EQ(linked->programme, kCoffee);
  const auto by_serial = Read([&](Transaction& t) { return t.FindCardBySerial(written.serial); });
  ExpectEqual(by_serial->card, written);
  EXPECT_EQ(by_serial->programme, kCoffee);
}

TEST_P(StoreContract, WhatIsNotThereIsNotFound) {
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindCard(kCoffee, HexId(1)); }).has_value());
  EXPECT_FALSE(
      Read([](Transaction& t) { return t.FindCardByNumber(kCoffee, NumberOf(1)); }).has_value());
  EXPECT_FALSE(
      Read([](Transaction& t) { return t.FindCardByLinkToken(LinkToken("")); }).has_value());
  EXPECT_FALSE(
      Read([](Transaction& t) { return t.FindCardBySerial(SerialNumber("x")); }).has_value());
  EXPECT_TRUE(Read([](Transaction& t) { return t.CardsOfMember(kCoffee, MemberIdOf(1)); }).empty());
  EXPECT_FALSE(
      Read([](Transaction& t) { return t.FindOrder(kCoffee, kWeb, OrderId("1")); }).has_value());
}

TEST_P(StoreContract, CardsOfAMemberComeNewestFirst) {
  MustWrite([](Transaction& t) -> Status {
    for (const int n : {2, 1, 3}) {
      if (Status done = Insert(t, SampleCard(n, MemberIdOf(1))); !done.ok()) return done;
    }
    return Insert(t, SampleCard(4, MemberIdOf(2)));
  });
  const auto found = Read([](Transaction& t) { return t.CardsOfMember(kCoffee, MemberIdOf(1)); });
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].id, HexId(3));
  EXPECT_EQ(found[2].id, HexId(1));
}

TEST_P(StoreContract, D3ANumberInUseIsRefusedAndNothingIsWritten) {
  MustWrite([](Transaction& t) { return Insert(t, SampleCard(1, MemberIdOf(1))); });
  Card second = SampleCard(2, MemberIdOf(2));
  second.number = NumberOf(1);
  bool inserted = true;
  MustWrite([&](Transaction& t) -> Status {
    auto result = t.InsertCard(kCoffee, second);
    if (!result.ok()) return result.error();
    inserted = result.value();
    return {};
  });
  EXPECT_FALSE(inserted);
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindCard(kCoffee, HexId(2)); }).has_value());
  EXPECT_EQ(Read([](Transaction& t) { return t.FindCardByNumber(kCoffee, NumberOf(1)); })->card.id,
            HexId(1));
}

TEST_P(StoreContract, NumbersAreOnesOwnInEachProgramme) {
  Card theirs = SampleCard(2, MemberIdOf(1));
  theirs.number = NumberOf(1);
  MustWrite([&](Transaction& t) -> Status {
    if (Status done = Insert(t, SampleCard(1, MemberIdOf(1))); !done.ok()) return done;
    return Insert(t, theirs, kTea);
  });
  EXPECT_EQ(Read([](Transaction& t) { return t.FindCardByNumber(kTea, NumberOf(1)); })->card.id,
            HexId(2));
}

TEST_P(StoreContract, SecretsAreUniqueOverAllProgrammes) {
  MustWrite([](Transaction& t) { return Insert(t, SampleCard(1, MemberIdOf(1))); });
  Card same_link = SampleCard(2, MemberIdOf(2));
  same_link.link_token = SampleCard(1, MemberIdOf(1)).link_token;
  Card same_serial = SampleCard(3, MemberIdOf(3));
  same_serial.serial = SampleCard(1, MemberIdOf(1)).serial;
  for (const Card& card : {same_link, same_serial}) {
    EXPECT_FALSE(Write([&](Transaction& t) { return Succeeded(t.InsertCard(kTea, card)); }).ok());
    EXPECT_FALSE(
        Read([&](Transaction& t) { return t.FindCardByNumber(kTea, card.number); }).has_value());
  }
}

TEST_P(StoreContract, D10AChangedCardReadsBack) {
  MustWrite([](Transaction& t) { return Insert(t, SampleCard(1, MemberIdOf(1))); });
  Card changed = SampleCard(1, MemberIdOf(2));
  changed.template_name = TemplateName("gold");
  changed.status = cards::CardStatus::kBlocked;
  changed.status_reason = "lost";
  changed.blocked_until = Start() + std::chrono::hours(1);
  changed.link_token = LinkToken("rotated");
  changed.key_id = "k2";
  changed.revision = 7;
  changed.changed_at = Start() + std::chrono::seconds(9);
  MustWrite([&](Transaction& t) { return Succeeded(t.UpdateCard(kCoffee, changed)); });
  ExpectEqual(*Read([](Transaction& t) { return t.FindCard(kCoffee, HexId(1)); }), changed);
  EXPECT_FALSE(
      Read([](Transaction& t) { return t.FindCardByLinkToken(LinkToken("link1")); }).has_value());
}

TEST_P(StoreContract, B25AReplacedNumberResolvesAndIsNeverGivenOutAgain) {
  MustWrite([](Transaction& t) { return Insert(t, SampleCard(1, MemberIdOf(1))); });
  Card replaced = SampleCard(1, MemberIdOf(1));
  replaced.number = NumberOf(50);
  MustWrite([&](Transaction& t) { return Succeeded(t.UpdateCard(kCoffee, replaced)); });
  for (const int n : {1, 50}) {
    const auto found =
        Read([n](Transaction& t) { return t.FindCardByNumber(kCoffee, NumberOf(n)); });
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->card.number, NumberOf(50));
    EXPECT_FALSE(found->compromised);
  }
  Card other = SampleCard(2, MemberIdOf(2));
  other.number = NumberOf(1);
  MustWrite([&](Transaction& t) -> Status {
    auto inserted = t.InsertCard(kCoffee, other);
    EXPECT_TRUE(inserted.ok() && !inserted.value());
    return {};
  });
}

TEST_P(StoreContract, D14TheNumberOfAClosedCardIsNotFree) {
  Card closed = SampleCard(1, MemberIdOf(1));
  closed.status = cards::CardStatus::kClosed;
  Card other = SampleCard(2, MemberIdOf(2));
  other.number = NumberOf(1);
  MustWrite([&](Transaction& t) -> Status {
    if (Status done = Insert(t, closed); !done.ok()) return done;
    auto inserted = t.InsertCard(kCoffee, other);
    EXPECT_TRUE(inserted.ok() && !inserted.value());
    return {};
  });
}

TEST_P(StoreContract, AnUpdateToANumberOfAnotherCardWritesNothing) {
  MustWrite([](Transaction& t) -> Status {
    if (Status done = Insert(t, SampleCard(1, MemberIdOf(1))); !done.ok()) return done;
    return Insert(t, SampleCard(2, MemberIdOf(2)));
  });
  Card greedy = SampleCard(2, MemberIdOf(2));
  greedy.number = NumberOf(1);
  greedy.revision = 9;
  MustWrite([&](Transaction& t) -> Status {
    auto updated = t.UpdateCard(kCoffee, greedy);
    EXPECT_TRUE(updated.ok() && !updated.value());
    return Succeeded(updated);
  });
  ExpectEqual(*Read([](Transaction& t) { return t.FindCard(kCoffee, HexId(2)); }),
              SampleCard(2, MemberIdOf(2)));
}

TEST_P(StoreContract, ACardMayGoBackToANumberOfItsOwn) {
  Card card = SampleCard(1, MemberIdOf(1));
  MustWrite([&](Transaction& t) -> Status {
    if (Status done = Insert(t, card); !done.ok()) return done;
    for (const int n : {50, 1}) {
      card.number = NumberOf(n);
      auto updated = t.UpdateCard(kCoffee, card);
      EXPECT_TRUE(updated.ok() && updated.value());
    }
    card.number = NumberOf(1);
    return {};
  });
}

TEST_P(StoreContract, UpdatingACardThatIsNotThereFails) {
  EXPECT_FALSE(Write([](Transaction& t) {
                 return Succeeded(t.UpdateCard(kCoffee, SampleCard(1, MemberIdOf(1))));
               }).ok());
}

TEST_P(StoreContract, CompromisedNumbersMoveToTheNewCardAndSaySo) {
  Card old_card = SampleCard(1, MemberIdOf(1));
  MustWrite([&](Transaction& t) -> Status {
    if (Status done = Insert(t, old_card); !done.ok()) return done;
    if (Status done = Insert(t, SampleCard(2, MemberIdOf(1))); !done.ok()) return done;
    return t.MoveCardNumbers(kCoffee, HexId(1), HexId(2));
  });
  const auto by_old = Read([](Transaction& t) { return t.FindCardByNumber(kCoffee, NumberOf(1)); });
  EXPECT_EQ(by_old->card.id, HexId(2));
  EXPECT_TRUE(by_old->compromised);
  const auto by_new = Read([](Transaction& t) { return t.FindCardByNumber(kCoffee, NumberOf(2)); });
  EXPECT_EQ(by_new->card.id, HexId(2));
  EXPECT_FALSE(by_new->compromised);

  // The old card still knows its number and can still be changed.
  old_card.revision = 2;
  MustWrite([&](Transaction& t) -> Status {
    auto updated = t.UpdateCard(kCoffee, old_card);
    EXPECT_TRUE(updated.ok() && updated.value());
    return Succeeded(updated);
  });
  EXPECT_EQ(Read([](Transaction& t) { return t.FindCard(kCoffee, HexId(1)); })->number,
            NumberOf(1));
  EXPECT_EQ(Read([](Transaction& t) { return t.FindCardByNumber(kCoffee, NumberOf(1)); })->card.id,
            HexId(2));
}

TEST_P(StoreContract, AnOrderReadsBackAndIsKeptOnce) {
  const issuance::Order written = SampleOrder("заказ/1042", MemberIdOf(1));
  issuance::Order again = written;
  again.total_minor = 1;
  MustWrite([&](Transaction& t) { return t.InsertOrder(kCoffee, written); });
  const Status second = Write([&](Transaction& t) { return t.InsertOrder(kCoffee, again); });
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().reason, "lost_race");
  again.source = OrderSource("till");
  MustWrite([&](Transaction& t) { return t.InsertOrder(kCoffee, again); });
  const auto read = Read([&](Transaction& t) { return t.FindOrder(kCoffee, kWeb, written.id); });
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->id, written.id);
  EXPECT_EQ(read->source, written.source);
  EXPECT_EQ(read->fingerprint, written.fingerprint);
  EXPECT_EQ(read->member, written.member);
  EXPECT_EQ(read->card_id, written.card_id);
  EXPECT_EQ(read->total_minor, 199900);
  EXPECT_EQ(read->paid_at, written.paid_at);
  EXPECT_EQ(read->received_at, written.received_at);
  EXPECT_EQ(read->body, written.body);
  EXPECT_EQ(read->answer, written.answer);
}

TEST_P(StoreContract, TheNewestChangeOfATemplatesCardsIsKnown) {
  EXPECT_EQ(Read([](Transaction& t) { return t.NewestCardChange(kCoffee, kTemplate); }),
            std::nullopt);
  MustWrite([](Transaction& t) -> Status {
    for (const int n : {1, 3, 2}) {
      Card card = SampleCard(n, MemberIdOf(n));
      card.changed_at = Start() + std::chrono::seconds(n);
      if (Status done = Insert(t, card); !done.ok()) return done;
    }
    Card other = SampleCard(4, MemberIdOf(4));
    other.template_name = TemplateName("gold");
    other.changed_at = Start() + std::chrono::seconds(99);
    return Insert(t, other);
  });
  EXPECT_EQ(Read([](Transaction& t) { return t.NewestCardChange(kCoffee, kTemplate); }),
            Start() + std::chrono::seconds(3));
}

}  // namespace
}  // namespace passmint::testing
