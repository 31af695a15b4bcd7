#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "contract/store_contract.h"
#include "support/phone_rows.h"

namespace passmint::testing {
namespace {

using issuance::Delivery;
using issuance::DuePush;
using issuance::Rollout;
using issuance::RolloutState;
using issuance::Transaction;
using std::chrono::seconds;

constexpr char kCard[] = "card";

void InParallel(int threads, const std::function<void(int)>& work) {
  std::vector<std::thread> running;
  for (int n = 0; n < threads; ++n) running.emplace_back(work, n);
  for (std::thread& thread : running) thread.join();
}

DeviceLibraryIdentifier DeviceOf(int n) { return DeviceLibraryIdentifier("d" + std::to_string(n)); }

TEST_P(StoreContract, AWishForACardInNoWalletLeavesNothing) {
  MustWrite([](Transaction& t) { return t.WantDelivery(kCoffee, kCard, 2); });
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindDelivery("apple", kCoffee, kCard); }));
}

TEST_P(StoreContract, WishesBecomeOneAndTheNewestWins) {
  PutPhone(store(), kCoffee, "d1", "t1", kCard, Start());
  MustWrite([](Transaction& t) { return t.WantDelivery(kCoffee, kCard, 3); });
  MustWrite([](Transaction& t) { return t.WantDelivery(kCoffee, kCard, 2); });
  const auto delivery =
      Read([](Transaction& t) { return t.FindDelivery("apple", kCoffee, kCard); });
  ASSERT_TRUE(delivery.has_value());
  EXPECT_EQ(delivery->wanted, 3);
  EXPECT_EQ(delivery->sent, 0);
  EXPECT_EQ(delivery->due_at, clock_.Now());
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindDelivery("google", kCoffee, kCard); }));
}

TEST_P(StoreContract, AKeptDeliveryIsDueAgainOnlyForSomethingNewer) {
  PutPhone(store(), kCoffee, "d1", "t1", kCard, Start());
  MustWrite([](Transaction& t) { return t.WantDelivery(kCoffee, kCard, 3); });
  const auto keep = [this](std::int64_t sent) {
    MustWrite(
        [&](Transaction& t) { return t.KeepDelivery("apple", kCoffee, kCard, sent, t.Now()); });
    return *Read([](Transaction& t) { return t.FindDelivery("apple", kCoffee, kCard); });
  };
  EXPECT_TRUE(keep(2).due_at.has_value());
  EXPECT_FALSE(keep(3).due_at.has_value());
  EXPECT_EQ(keep(1).sent, 3);
  MustWrite([](Transaction& t) { return t.WantDeliveryAgain(kCoffee, kCard, 3); });
  const auto again = Read([](Transaction& t) { return t.FindDelivery("apple", kCoffee, kCard); });
  EXPECT_TRUE(again->due_at.has_value());
  EXPECT_LT(again->sent, again->wanted);
}

TEST_P(StoreContract, AClaimedDeliveryIsDueAgainWhenTheLeaseIsOver) {
  PutPhone(store(), kCoffee, "d1", "t1", kCard, Start());
  MustWrite([](Transaction& t) { return t.WantDelivery(kCoffee, kCard, 3); });
  const auto claim = [this] {
    std::size_t claimed = 0;
    MustWrite([&](Transaction& t) -> Status {
      auto due = t.ClaimDeliveries("apple", t.Now(), t.Now() + seconds(30), 10);
      if (due.ok()) claimed = due.value().size();
      return Succeeded(due);
    });
    return claimed;
  };
  EXPECT_EQ(claim(), 1u);
  EXPECT_EQ(claim(), 0u);
  clock_.Advance(seconds(30));
  EXPECT_EQ(claim(), 1u);
}

TEST_P(StoreContract, EachDuePushIsClaimedByOneOfMany) {
  constexpr int kDevices = 60;
  for (int n = 0; n < kDevices; ++n) {
    PutPhone(store(), kCoffee, DeviceOf(n).str(), "t" + std::to_string(n), kCard, Start());
  }
  MustWrite([](Transaction& t) -> Status {
    auto wanted = t.WantPushes(kCoffee, kCard);
    if (!wanted.ok()) return wanted.error();
    for (DuePush& due : wanted.value()) {
      due.push.due_at = t.Now();
      if (Status saved = t.SavePush(due.push); !saved.ok()) return saved;
    }
    return {};
  });
  std::mutex mutex;
  std::multiset<std::string> claimed;
  InParallel(8, [&](int) {
    for (int round = 0; round < 20; ++round) {
      std::vector<std::string> mine;
      const Status written = store().Write([&](Transaction& t) -> Status {
        mine.clear();
        auto due = t.ClaimPushes(kCoffee, t.Now(), t.Now() + seconds(30), 5);
        if (!due.ok()) return due.error();
        for (const DuePush& one : due.value()) mine.push_back(one.push.device.str());
        return {};
      });
      EXPECT_TRUE(written.ok()) << written.error().message;
      const std::lock_guard<std::mutex> lock(mutex);
      claimed.insert(mine.begin(), mine.end());
    }
  });
  EXPECT_EQ(claimed.size(), static_cast<std::size_t>(kDevices));
  EXPECT_EQ(std::set<std::string>(claimed.begin(), claimed.end()).size(), claimed.size());
}

TEST_P(StoreContract, NoChangeOfManyAtOnceIsForgotten) {
  PutPhone(store(), kCoffee, "d0", "t0", "card1", Start());
  PutPhone(store(), kCoffee, "d0", "t0", "card2", Start());
  PutPhone(store(), kCoffee, "d1", "t1", "card1", Start());
  PutPhone(store(), kCoffee, "d1", "t1", "card2", Start());
  InParallel(8, [&](int n) {
    for (int round = 0; round < 10; ++round) {
      const Status written = store().Write([&](Transaction& t) {
        return Succeeded(t.WantPushes(kCoffee, n % 2 == 0 ? "card1" : "card2"));
      });
      EXPECT_TRUE(written.ok()) << written.error().message;
    }
  });
  for (int n = 0; n < 2; ++n) {
    EXPECT_EQ(Read([&](Transaction& t) { return t.FindPush(kCoffee, DeviceOf(n)); })->push.wanted,
              80);
  }
}

TEST_P(StoreContract, APushIsKeptAsItWasSaved) {
  PutPhone(store(), kCoffee, "d1", "t1", kCard, Start());
  MustWrite([](Transaction& t) -> Status {
    auto wanted = t.WantPushes(kCoffee, kCard);
    if (!wanted.ok()) return wanted.error();
    issuance::DevicePush push = wanted.value().at(0).push;
    push.due_at = t.Now() + seconds(1);
    push.told = 1;
    push.wanted_at = t.Now() - seconds(2);
    push.pushed_at = t.Now() - seconds(1);
    push.apns_id = "a-b";
    push.rested_at = t.Now() + seconds(3600);
    push.asked_again = true;
    push.attempts = 4;
    push.failure = "Shutdown";
    return t.SavePush(push);
  });
  const auto found = Read([](Transaction& t) { return t.PushesOfCard(kCoffee, kCard, 10); });
  ASSERT_EQ(found.size(), 1u);
  const issuance::DevicePush& push = found[0].push;
  EXPECT_EQ(push.due_at, clock_.Now() + seconds(1));
  EXPECT_EQ(push.wanted, 1);
  EXPECT_EQ(push.told, 1);
  EXPECT_EQ(push.wanted_at, clock_.Now() - seconds(2));
  EXPECT_EQ(push.pushed_at, clock_.Now() - seconds(1));
  EXPECT_EQ(push.apns_id, "a-b");
  EXPECT_EQ(push.rested_at, clock_.Now() + seconds(3600));
  EXPECT_TRUE(push.asked_again);
  EXPECT_EQ(push.attempts, 4);
  EXPECT_EQ(push.failure, "Shutdown");
  EXPECT_EQ(found[0].target->token, PushToken("t1"));
}

TEST_P(StoreContract, ADeviceIsRemovedOnlyAsItWas) {
  PutPhone(store(), kCoffee, "d1", "t1", kCard, Start() + seconds(10));
  const auto remove = [this](const char* token, Timestamp instant) {
    bool removed = false;
    MustWrite([&](Transaction& t) -> Status {
      auto gone = t.RemoveDevice(kCoffee, DeviceOf(1), PushToken(token), instant);
      if (gone.ok()) removed = gone.value();
      return Succeeded(gone);
    });
    return removed;
  };
  EXPECT_FALSE(remove("t1", Start() + seconds(9))) << "it registered after that";
  EXPECT_FALSE(remove("t2", Start() + seconds(20))) << "it has another token now";
  EXPECT_TRUE(remove("t1", Start() + seconds(10)));
  EXPECT_TRUE(Read([](Transaction& t) { return t.PushesOfCard(kCoffee, kCard, 10); }).empty());
}

TEST_P(StoreContract, OfAChangeAndARegistrationAtOnceTheLaterSeesTheOther) {
  for (int round = 0; round < 20; ++round) {
    const cards::Card card = SampleCard(round, MemberId());
    MustWrite([&](Transaction& t) { return Succeeded(t.InsertCard(kCoffee, card)); });
    std::atomic<std::int64_t> seen{0};
    InParallel(2, [&](int n) {
      const Status written = store().Write([&](Transaction& t) -> Status {
        auto found = t.FindCard(kCoffee, card.id);
        if (!found.ok()) return found.error();
        if (n == 0) {
          seen = found.value()->revision;
          return Succeeded(t.PutRegistration(kCoffee, DeviceOf(round), PushToken("t"), card.id));
        }
        const cards::Card touched = cards::Touch(*std::move(found).value(), t.Now());
        if (Status done = t.UpdateCardRevision(kCoffee, touched); !done.ok()) return done;
        return t.WantDelivery(kCoffee, card.id, touched.revision);
      });
      EXPECT_TRUE(written.ok()) << written.error().message;
    });
    const bool is_wanted =
        Read([&](Transaction& t) { return t.FindDelivery("apple", kCoffee, card.id); }).has_value();
    EXPECT_TRUE(is_wanted || seen.load() == 2) << round;
  }
}

TEST_P(StoreContract, ARolloutIsClaimedByOneAndGoesOnWhereItWas) {
  const Rollout rollout{.programme = kCoffee,
                        .name = kTemplate,
                        .version = 2,
                        .ring = 10,
                        .per_second = 5,
                        .after_card = HexId(3),
                        .seen = 4,
                        .told = 1,
                        .due_at = Start(),
                        .started_at = Start(),
                        .changed_at = Start()};
  MustWrite([&](Transaction& t) { return t.PutRollout(rollout); });
  std::atomic<int> claims{0};
  InParallel(4, [&](int) {
    bool mine = false;
    const Status written = store().Write([&](Transaction& t) -> Status {
      auto claimed = t.ClaimRollout(t.Now(), t.Now() + seconds(5));
      if (!claimed.ok()) return claimed.error();
      mine = claimed.value().has_value();
      return {};
    });
    EXPECT_TRUE(written.ok()) << written.error().message;
    if (mine) ++claims;
  });
  EXPECT_EQ(claims.load(), 1);
  const auto found = Read([](Transaction& t) { return t.FindRollout(kCoffee, kTemplate); });
  EXPECT_EQ(found->after_card, HexId(3));
  EXPECT_EQ(found->state, RolloutState::kRunning);
  EXPECT_EQ(found->told, 1);
  for (int n = 1; n <= 5; ++n) {
    MustWrite([&](Transaction& t) {
      return Succeeded(t.InsertCard(kCoffee, SampleCard(n, MemberIdOf(n))));
    });
  }
  const auto cards =
      Read([](Transaction& t) { return t.CardsOfTemplate(kCoffee, kTemplate, HexId(3), 10); });
  ASSERT_EQ(cards.size(), 2u);
  EXPECT_EQ(cards[0].id, HexId(4));
}

}  // namespace
}  // namespace passmint::testing
