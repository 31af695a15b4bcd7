// What a phone is shown of a card, and the second by which it knows that look from others: two
// looks must never share one, however a change of the card and one of its design meet.

#include <atomic>
#include <chrono>
#include <map>
#include <thread>
#include <utility>

#include "contract/store_contract.h"
#include "issuance/card_life.h"
#include "issuance/design_choice.h"

namespace passmint::testing {
namespace {

using issuance::DesignVersion;
using issuance::Store;
using issuance::Transaction;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kChanges = 25;
// Between deciding and writing, so that the two meet.
constexpr milliseconds kPause{2};

// The card's revision and the design's version.
using Look = std::pair<std::int64_t, int>;

// As issuance::Publish does it, without the files.
Status PublishNext(Transaction& t, Timestamp now) {
  const auto newest = t.NewestCardChange(kCoffee, kTemplate);
  if (!newest.ok()) return newest.error();
  const auto versions = t.DesignVersions(kCoffee, kTemplate);
  if (!versions.ok()) return versions.error();
  Timestamp next = std::max(now, newest.value().value_or(now) + seconds(1));
  for (const DesignVersion& version : versions.value()) {
    next = std::max(next, version.changed_at + seconds(1));
  }
  std::this_thread::sleep_for(kPause);
  DesignVersion design;
  design.name = kTemplate;
  design.version = static_cast<int>(versions.value().size()) + 1;
  design.kind = "points";
  design.changed_at = next;
  design.published_at = now;
  return t.InsertDesignVersion(kCoffee, design);
}

Status TouchAll(Transaction& t, const MemberId& member) {
  const auto cards = t.CardsOfMember(kCoffee, member);
  if (!cards.ok()) return cards.error();
  for (const cards::Card& card : cards.value()) {
    const auto design = issuance::ChooseDesign(t, kCoffee, card);
    if (!design.ok()) return design.error();
    cards::Card seen = card;
    seen.changed_at = issuance::EffectiveTime(card, design.value());
    std::this_thread::sleep_for(kPause);
    if (Status done = t.UpdateCardRevision(kCoffee, cards::Touch(seen, t.Now())); !done.ok()) {
      return done;
    }
  }
  return {};
}

void MustRepeat(Store& store, const std::function<Status(Transaction&)>& fn) {
  for (int i = 0; i < kChanges; ++i) {
    const Status written = store.Write(fn);
    EXPECT_TRUE(written.ok()) << written.error().message;
  }
}

// What a phone would be shown now; fails the test if its second is that of another look.
void Fetch(Store& store, std::map<Timestamp, Look>& seen) {
  const Status read = store.Read([&seen](Transaction& t) -> Status {
    const auto card = t.FindCard(kCoffee, HexId(1));
    if (!card.ok()) return card.error();
    const auto design = issuance::ChooseDesign(t, kCoffee, *card.value());
    if (!design.ok()) return design.error();
    const Look look(card.value()->revision, design.value().version);
    const Timestamp at = issuance::EffectiveTime(*card.value(), design.value());
    const auto [known, is_new] = seen.emplace(at, look);
    EXPECT_EQ(known->second, look) << "two looks share a second";
    EXPECT_EQ(at, seen.rbegin()->first) << "a look has an earlier second than one before it";
    return {};
  });
  EXPECT_TRUE(read.ok()) << read.error().message;
}

TEST_P(StoreContract, ALookOfACardHasASecondOfItsOwnHoweverDesignAndCardChangeAtOnce) {
  MustWrite([](Transaction& t) { return t.InsertMember(kCoffee, SampleMember(1)); });
  MustWrite([](Transaction& t) -> Status {
    return Succeeded(t.InsertCard(kCoffee, SampleCard(1, MemberIdOf(1))));
  });
  MustWrite([](Transaction& t) { return PublishNext(t, Start()); });
  std::map<Timestamp, Look> seen;
  std::atomic<bool> changing{true};
  std::thread phone([&] {
    while (changing) Fetch(store(), seen);
  });
  std::thread publisher(
      [&] { MustRepeat(store(), [](Transaction& t) { return PublishNext(t, Start()); }); });
  MustRepeat(store(), [](Transaction& t) { return TouchAll(t, MemberIdOf(1)); });
  publisher.join();
  changing = false;
  phone.join();
  Fetch(store(), seen);
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.rbegin()->second, Look(1 + kChanges, 1 + kChanges));
}

}  // namespace
}  // namespace passmint::testing
