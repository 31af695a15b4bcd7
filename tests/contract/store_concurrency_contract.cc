#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "contract/store_contract.h"

namespace passmint::testing {
namespace {

using issuance::Transaction;

constexpr int kThreads = 16;

// What work answers when it finds that someone else was first: the store runs it again.
const Error kLostRace{
    .code = ErrorCode::kUnavailable, .message = "someone was first", .reason = "lost_race"};

// Runs `work(thread)` in many threads at once.
void InParallel(int threads, const std::function<void(int)>& work) {
  std::vector<std::thread> running;
  running.reserve(static_cast<std::size_t>(threads));
  std::atomic<bool> go{false};
  for (int n = 0; n < threads; ++n) {
    running.emplace_back([&, n] {
      while (!go.load()) std::this_thread::yield();
      work(n);
    });
  }
  go.store(true);
  for (std::thread& thread : running) thread.join();
}

// Adds 1 to `count` if the write came to true.
void CountTrue(issuance::Store& store, std::atomic<int>& count,
               const std::function<Result<bool>(Transaction&)>& fn) {
  bool won = false;
  const Status written = store.Write([&](Transaction& t) -> Status {
    auto result = fn(t);
    if (!result.ok()) return result.error();
    won = result.value();
    return {};
  });
  EXPECT_TRUE(written.ok()) << written.error().message;
  if (won) ++count;
}

// Whether the order was not known; then it is now.
Result<bool> IsNew(Transaction& t, const issuance::Order& order) {
  auto known = t.FindOrder(kCoffee, order.source, order.id);
  if (!known.ok()) return known.error();
  if (known.value().has_value()) return false;
  Status inserted = t.InsertOrder(kCoffee, order);
  if (!inserted.ok()) return inserted.error();
  return true;
}

TEST_P(StoreContract, OneOfManyParallelClaimsOfAnIdentityWins) {
  std::atomic<int> won{0};
  InParallel(kThreads, [&](int n) {
    CountTrue(store(), won, [n](Transaction& t) {
      return t.AttachIdentity(kCoffee, MemberIdOf(n),
                              {cards::IdentityType::kPhone, "+79210000000", {}});
    });
  });
  EXPECT_EQ(won.load(), 1);
}

TEST_P(StoreContract, OneOfManyParallelClaimsOfACardNumberWins) {
  std::atomic<int> won{0};
  InParallel(kThreads, [&](int n) {
    cards::Card card = SampleCard(n, MemberIdOf(n));
    card.number = NumberOf(777);
    CountTrue(store(), won, [card](Transaction& t) { return t.InsertCard(kCoffee, card); });
  });
  EXPECT_EQ(won.load(), 1);
}

TEST_P(StoreContract, OneOfManyParallelOrdersIsNew) {
  std::atomic<int> won{0};
  InParallel(kThreads, [&](int n) {
    CountTrue(store(), won,
              [n](Transaction& t) { return IsNew(t, SampleOrder("1042", MemberIdOf(n))); });
  });
  EXPECT_EQ(won.load(), 1);
}

// Whoever is first: the refund finds the order, or the order finds the refund that waits for it.
TEST_P(StoreContract, AnOrderAndARefundThatComeAtOnceDoNotMissEachOther) {
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) {
    const std::string id = std::to_string(round);
    std::atomic<int> met{0};
    InParallel(2, [&](int n) {
      CountTrue(store(), met, [n, id](Transaction& t) -> Result<bool> {
        const OrderId order(id);
        if (n == 0) {
          Status locked = t.LockOrder(kCoffee, kWeb, order);
          if (!locked.ok()) return locked.error();
          auto known = t.FindOrder(kCoffee, kWeb, order);
          if (!known.ok()) return known.error();
          if (known.value().has_value()) return true;
          auto parked = t.ParkRefund(kCoffee, kWeb, order, {"R", "k1:abc", {}, Json::object(), ""});
          if (!parked.ok()) return parked.error();
          return false;
        }
        Status inserted = t.InsertOrder(kCoffee, SampleOrder(id, MemberIdOf(1)));
        if (!inserted.ok()) return inserted.error();
        auto waiting = t.TakeParkedRefunds(kCoffee, kWeb, order);
        if (!waiting.ok()) return waiting.error();
        return !waiting.value().empty();
      });
    });
    EXPECT_EQ(met.load(), 1) << round;
  }
}

TEST_P(StoreContract, ParallelFirstOrdersOfOnePersonMakeOneMemberAndOneCard) {
  std::atomic<int> new_orders{0};
  InParallel(kThreads, [&](int n) {
    CountTrue(store(), new_orders, [n](Transaction& t) -> Result<bool> {
      auto known = t.FindMemberByIdentity(kCoffee, cards::IdentityType::kPhone, "+79210000000");
      if (!known.ok()) return known.error();
      if (!known.value().has_value()) {
        if (Status done = t.InsertMember(kCoffee, SampleMember(n)); !done.ok()) return done.error();
        auto attached = t.AttachIdentity(kCoffee, MemberIdOf(n),
                                         {cards::IdentityType::kPhone, "+79210000000", {}});
        if (!attached.ok()) return attached.error();
        if (!attached.value()) return kLostRace;
        auto issued = t.InsertCard(kCoffee, SampleCard(n, MemberIdOf(n)));
        if (!issued.ok()) return issued.error();
      }
      return IsNew(t, SampleOrder("1042", known.value().value_or(MemberIdOf(n))));
    });
  });
  EXPECT_EQ(new_orders.load(), 1);
  int members = 0;
  std::size_t found_cards = 0;
  for (int n = 0; n < kThreads; ++n) {
    if (Read([n](Transaction& t) { return t.FindMember(kCoffee, MemberIdOf(n)); })) ++members;
    found_cards +=
        Read([n](Transaction& t) { return t.CardsOfMember(kCoffee, MemberIdOf(n)); }).size();
  }
  EXPECT_EQ(members, 1);
  EXPECT_EQ(found_cards, 1u);
}

TEST_P(StoreContract, ParallelWritersDoNotLoseEachOthersChanges) {
  constexpr int kRounds = 50;
  MustWrite([](Transaction& t) { return t.PutSetting("counter", "0"); });
  InParallel(kThreads, [&](int) {
    for (int round = 0; round < kRounds; ++round) {
      const Status added = store().Write([](Transaction& t) -> Status {
        auto found = t.FindSetting("counter");
        if (!found.ok()) return found.error();
        return t.PutSetting("counter", std::to_string(std::stoi(*found.value()) + 1));
      });
      EXPECT_TRUE(added.ok());
    }
  });
  EXPECT_EQ(Read([](Transaction& t) { return t.FindSetting("counter"); }),
            std::to_string(kThreads * kRounds));
}

// However a card is found, its row stands still until the write ends: 16 threads touch one card 50
// times each, and every touch counts.
TEST_P(StoreContract, NoTouchOfACardIsLostWhateverItIsFoundBy) {
  constexpr int kRounds = 50;
  MustWrite([](Transaction& t) -> Status {
    if (Status done = t.InsertMember(kCoffee, SampleMember(1)); !done.ok()) return done;
    return Succeeded(t.InsertCard(kCoffee, SampleCard(1, MemberIdOf(1))));
  });
  const auto find = [](Transaction& t, int way) -> Result<cards::Card> {
    if (way == 0) return t.FindCard(kCoffee, HexId(1)).value().value();
    if (way == 1) return t.FindCardByNumber(kCoffee, NumberOf(1)).value().value().card;
    if (way == 2) return t.CardsOfMember(kCoffee, MemberIdOf(1)).value().at(0);
    if (way == 3) return t.FindCardByLinkToken(LinkToken("link1")).value().value().card;
    return t.FindCardBySerial(SerialNumber("serial1")).value().value().card;
  };
  InParallel(kThreads, [&](int n) {
    for (int round = 0; round < kRounds; ++round) {
      const Status touched = store().Write([&](Transaction& t) -> Status {
        auto card = find(t, (n + round) % 5);
        if (!card.ok()) return card.error();
        return Succeeded(t.UpdateCard(kCoffee, cards::Touch(std::move(card).value(), t.Now())));
      });
      EXPECT_TRUE(touched.ok()) << touched.error().message;
    }
  });
  const auto card = Read([](Transaction& t) { return t.FindCard(kCoffee, HexId(1)); });
  EXPECT_EQ(card->revision, SampleCard(1, MemberIdOf(1)).revision + kThreads * kRounds);
}

TEST_P(StoreContract, NoChangeOfAMemberIsLost) {
  constexpr int kRounds = 25;
  MustWrite([](Transaction& t) -> Status {
    if (Status done = t.InsertMember(kCoffee, SampleMember(0)); !done.ok()) return done;
    return Succeeded(t.AttachIdentity(kCoffee, MemberIdOf(0),
                                      {cards::IdentityType::kPhone, "+79210000000", {}}));
  });
  InParallel(kThreads, [&](int) {
    for (int round = 0; round < kRounds; ++round) {
      const Status changed = store().Write([](Transaction& t) -> Status {
        auto id = t.FindMemberByIdentity(kCoffee, cards::IdentityType::kPhone, "+79210000000");
        if (!id.ok()) return id.error();
        auto member = t.FindMember(kCoffee, id.value().value());
        if (!member.ok()) return member.error();
        Json& visits = member.value()->attributes["visits"];
        visits = visits.get<int>() + 1;
        return t.UpdateMember(kCoffee, *member.value());
      });
      EXPECT_TRUE(changed.ok()) << changed.error().message;
    }
  });
  const auto member = Read([](Transaction& t) { return t.FindMember(kCoffee, MemberIdOf(0)); });
  EXPECT_EQ(member->attributes["visits"], kThreads * kRounds);
}

// A member is locked before the cards, so crosswise work does not end in deadlocks that take the
// server a second each to find.
TEST_P(StoreContract, WorkThatComesFromTheCardAndFromTheMemberDoesNotWaitForEachOther) {
  MustWrite([](Transaction& t) -> Status {
    if (Status done = t.InsertMember(kCoffee, SampleMember(1)); !done.ok()) return done;
    for (int n = 1; n <= 3; ++n) {
      if (auto done = t.InsertCard(kCoffee, SampleCard(n, MemberIdOf(1))); !done.ok()) {
        return done.error();
      }
    }
    return {};
  });
  std::atomic<int> runs{0};
  constexpr int kRounds = 20;
  InParallel(kThreads, [&](int n) {
    for (int round = 0; round < kRounds; ++round) {
      const Status written = store().Write([&](Transaction& t) -> Status {
        ++runs;
        if (n % 2 == 0) {
          auto card = t.FindCardByNumber(kCoffee, NumberOf(1 + n % 3));
          if (!card.ok()) return card.error();
        }
        auto member = t.FindMember(kCoffee, MemberIdOf(1));
        if (!member.ok()) return member.error();
        auto cards = t.CardsOfMember(kCoffee, MemberIdOf(1));
        if (!cards.ok()) return cards.error();
        for (const cards::Card& card : cards.value()) {
          auto updated = t.UpdateCard(kCoffee, cards::Touch(card, t.Now()));
          if (!updated.ok()) return updated.error();
        }
        return {};
      });
      EXPECT_TRUE(written.ok()) << written.error().message;
    }
  });
  EXPECT_EQ(runs.load(), kThreads * kRounds) << "no run was undone by a deadlock";
}

TEST_P(StoreContract, OneOfManyParallelFirstDraftsWinsAndTheOthersSeeIt) {
  std::atomic<int> made{0};
  InParallel(kThreads, [&](int n) {
    CountTrue(store(), made, [n](Transaction& t) -> Result<bool> {
      auto present = t.FindDraft(kCoffee, kTemplate);
      if (!present.ok()) return present.error();
      if (present.value().has_value()) return false;
      const std::string etag = std::to_string(n);
      Status put = t.PutDraft(kCoffee, {.name = kTemplate,
                                        .etag = etag,
                                        .files = {{"template.json", etag}},
                                        .author = ApiKeyName("anna"),
                                        .updated_at = t.Now()});
      if (!put.ok()) return put.error();
      return true;
    });
  });
  EXPECT_EQ(made.load(), 1);
  const auto draft = Read([](Transaction& t) { return t.FindDraft(kCoffee, kTemplate); });
  EXPECT_EQ(draft->files.at("template.json"), draft->etag);
}

TEST_P(StoreContract, ParallelPublicationsGetVersionsWithoutGaps) {
  InParallel(kThreads, [&](int) {
    const Status published = store().Write([](Transaction& t) -> Status {
      auto versions = t.DesignVersions(kCoffee, kTemplate);
      if (!versions.ok()) return versions.error();
      const int newest = versions.value().empty() ? 0 : versions.value().front().version;
      return t.InsertDesignVersion(kCoffee, {.name = kTemplate,
                                             .version = newest + 1,
                                             .hash = "h",
                                             .kind = "loyalty",
                                             .files = {{"template.json", "{}"}},
                                             .ring = 100,
                                             .changed_at = t.Now(),
                                             .published_at = t.Now(),
                                             .author = ApiKeyName("anna"),
                                             .published_by = ApiKeyName("boris"),
                                             .comment = "",
                                             .withdrawal = {}});
    });
    EXPECT_TRUE(published.ok()) << published.error().message;
  });
  const auto versions = Read([](Transaction& t) { return t.DesignVersions(kCoffee, kTemplate); });
  ASSERT_EQ(versions.size(), static_cast<std::size_t>(kThreads));
  EXPECT_EQ(versions.front().version, kThreads);
}

TEST_P(StoreContract, NeighboursOfAFailingWriteDoNotNotice) {
  constexpr int kRounds = 40;
  std::atomic<int> wrong{0};
  InParallel(kThreads, [&](int n) {
    for (int round = 0; round < kRounds; ++round) {
      const std::string name = std::to_string(n) + "/" + std::to_string(round);
      const int kind = (n + round) % 4;
      const Status written = store().Write([&](Transaction& t) -> Status {
        if (kind == 1) return Error{.code = ErrorCode::kConflict, .message = "refused at once"};
        if (Status done = t.PutSetting(name, "x"); !done.ok()) return done;
        if (kind == 2) return Error{.code = ErrorCode::kConflict, .message = "refused late"};
        if (kind == 3) throw std::runtime_error("broken");
        return {};
      });
      if (written.ok() != (kind == 0)) ++wrong;
    }
  });
  EXPECT_EQ(wrong.load(), 0);
  for (int n = 0; n < kThreads; ++n) {
    for (int round = 0; round < kRounds; ++round) {
      const std::string name = std::to_string(n) + "/" + std::to_string(round);
      const auto found = Read([&](Transaction& t) { return t.FindSetting(name); });
      EXPECT_EQ(found.has_value(), (n + round) % 4 == 0) << name;
    }
  }
}

TEST_P(StoreContract, AReaderSeesEveryAcknowledgedWrite) {
  std::atomic<int> acknowledged{0};
  std::atomic<bool> stop{false};
  std::atomic<int> late{0};
  std::thread writer([&] {
    for (int n = 1; n <= 300; ++n) {
      const Status written =
          store().Write([n](Transaction& t) { return t.PutSetting("n", std::to_string(n)); });
      EXPECT_TRUE(written.ok());
      acknowledged.store(n);
    }
    stop.store(true);
  });
  InParallel(4, [&](int) {
    while (!stop.load()) {
      const int promised = acknowledged.load();
      if (promised == 0) continue;
      const auto seen = Read([](Transaction& t) { return t.FindSetting("n"); });
      if (!seen.has_value() || std::stoi(*seen) < promised) ++late;
    }
  });
  writer.join();
  EXPECT_EQ(late.load(), 0);
}

TEST_P(StoreContract, SnapshotsAreWholeWhileOthersWrite) {
  std::atomic<bool> stop{false};
  std::atomic<int> torn{0};
  MustWrite([](Transaction& t) -> Status {
    if (Status done = t.PutSetting("a", "0"); !done.ok()) return done;
    return t.PutSetting("b", "0");
  });
  std::thread writer([&] {
    for (int n = 1; n <= 200; ++n) {
      EXPECT_TRUE(store()
                      .Write([n](Transaction& t) -> Status {
                        if (Status done = t.PutSetting("a", std::to_string(n)); !done.ok()) {
                          return done;
                        }
                        return t.PutSetting("b", std::to_string(n));
                      })
                      .ok());
    }
    stop.store(true);
  });
  InParallel(4, [&](int) {
    while (!stop.load()) {
      const Status read = store().Read([&](Transaction& t) -> Status {
        if (t.FindSetting("a").value() != t.FindSetting("b").value()) ++torn;
        return {};
      });
      EXPECT_TRUE(read.ok());
    }
  });
  writer.join();
  EXPECT_EQ(torn.load(), 0);
}

}  // namespace
}  // namespace passmint::testing
