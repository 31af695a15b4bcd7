#include "contract/store_google_contract.h"

#include <atomic>
#include <thread>

namespace passmint::testing {
namespace {

using issuance::GoogleClass;
using issuance::GoogleObject;
using issuance::Transaction;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

GoogleObject SampleObject(int n) {
  GoogleObject object{.card = HexId(n), .suffix = "google" + std::to_string(n)};
  object.inserted_at = Start() + seconds(1);
  object.patched_at = Start() + seconds(2);
  object.sent_revision = 3;
  object.shown = R"([{"int":7}])";
  object.announced = R"({"plan":"12ab"})";
  object.message = R"({"id":"r3"})";
  object.notified = {Start(), Start() + seconds(5)};
  object.has_users = true;
  object.checked_at = Start() + seconds(3);
  object.callback = "save";
  object.callback_at = Start() + seconds(4);
  object.attempts = 2;
  object.failure = "500";
  return object;
}

void ExpectEqual(const GoogleObject& a, const GoogleObject& b) {
  EXPECT_EQ(a.card, b.card);
  EXPECT_EQ(a.suffix, b.suffix);
  EXPECT_EQ(a.inserted_at, b.inserted_at);
  EXPECT_EQ(a.patched_at, b.patched_at);
  EXPECT_EQ(a.sent_revision, b.sent_revision);
  EXPECT_EQ(a.shown, b.shown);
  EXPECT_EQ(a.announced, b.announced);
  EXPECT_EQ(a.message, b.message);
  EXPECT_EQ(a.callback, b.callback);
  EXPECT_EQ(a.callback_at, b.callback_at);
  EXPECT_EQ(a.notified, b.notified);
  EXPECT_EQ(a.has_users, b.has_users);
  EXPECT_EQ(a.checked_at, b.checked_at);
  EXPECT_EQ(a.attempts, b.attempts);
  EXPECT_EQ(a.failure, b.failure);
}

TEST_P(StoreGoogleContract, AnObjectReadsBack) {
  Insert(SampleObject(1));
  Reopen();
  ExpectEqual(Find(1), SampleObject(1));
  GoogleObject changed{.card = HexId(1), .suffix = "google1"};
  MustWrite([&](Transaction& t) { return t.UpdateGoogleObject(kCoffee, changed); });
  ExpectEqual(Find(1), changed);
  EXPECT_FALSE(Read([](Transaction& t) { return t.FindGoogleObject(kTea, HexId(1)); }).has_value());
}

TEST_P(StoreGoogleContract, AnObjectIsInsertedOnce) {
  Insert(SampleObject(1));
  MustWrite([&](Transaction& t) -> Status {
    auto again = t.InsertGoogleObject(kCoffee, GoogleObject{.card = HexId(1), .suffix = "google1"});
    EXPECT_TRUE(again.ok() && !again.value());
    return Succeeded(again);
  });
  ExpectEqual(Find(1), SampleObject(1));
}

TEST_P(StoreGoogleContract, ACardThatGoogleKnowsWantsADeliveryWhenItChanges) {
  InsertCard(1);
  InsertCard(2);
  Insert(SampleObject(1));
  MustWrite([&](Transaction& t) -> Status {
    for (int n = 1; n <= 2; ++n) {
      if (Status wanted = t.WantDelivery(kCoffee, HexId(n), 7); !wanted.ok()) return wanted;
    }
    return {};
  });
  EXPECT_EQ(Claim(), std::vector<std::string>{HexId(1)});
}

TEST_P(StoreGoogleContract, DeliveriesToGoogleAreClaimedByOneUntilTheLeaseEnds) {
  for (int n = 1; n <= 3; ++n) {
    InsertCard(n);
    Insert(SampleObject(n));
    Want(n, Start() + seconds(10 - n));
  }
  EXPECT_TRUE(Claim().empty());
  EXPECT_FALSE(HasWork());
  clock_.Advance(seconds(8));  // The first is due a second later.
  EXPECT_TRUE(HasWork());
  EXPECT_EQ(Claim(1), std::vector<std::string>{HexId(3)});
  EXPECT_EQ(Claim(), std::vector<std::string>{HexId(2)});
  EXPECT_TRUE(Claim().empty());
  EXPECT_FALSE(HasWork());
  clock_.Advance(minutes(2));
  EXPECT_EQ(Claim().size(), 3u);
  MustWrite(
      [&](Transaction& t) { return t.KeepDelivery("google", kCoffee, HexId(2), 1, t.Now()); });
  Want(2, clock_.Now());  // Though its revision was sent.
  EXPECT_EQ(Claim(), std::vector<std::string>{HexId(2)});
}

TEST_P(StoreGoogleContract, SaysWhenTheNextDeliveryOrClassIsDue) {
  const auto next = [this] {
    return Read([](Transaction& t) { return t.NextGoogleWork(kCoffee); });
  };
  EXPECT_EQ(next(), std::nullopt);
  for (int n = 1; n <= 2; ++n) {
    InsertCard(n);
    Insert(SampleObject(n));
    Want(n, Start() + seconds(10 * n));
  }
  EXPECT_EQ(next(), Start() + seconds(10));
  MustWrite([](Transaction& t) { return t.WantGoogleClass(kCoffee, kTemplate); });
  EXPECT_EQ(next(), clock_.Now());
  const Timestamp leased = clock_.Now() + minutes(1);
  MustWrite([&](Transaction& t) { return Succeeded(t.ClaimGoogleClasses(kCoffee, leased, 1)); });
  EXPECT_EQ(next(), Start() + seconds(10)) << "a lease is not due";
}

TEST_P(StoreGoogleContract, ManyClaimWithoutSharing) {
  for (int n = 1; n <= 40; ++n) {
    InsertCard(n);
    Want(n, Start());
  }
  std::atomic<int> claimed{0};
  std::vector<std::thread> workers;
  for (int worker = 0; worker < 4; ++worker) {
    workers.emplace_back([&] {
      for (int round = 0; round < 10; ++round) claimed += static_cast<int>(Claim(3).size());
    });
  }
  for (std::thread& worker : workers) worker.join();
  claimed += static_cast<int>(Claim(100).size());
  EXPECT_EQ(claimed, 40);
}

TEST_P(StoreGoogleContract, AnObjectIsFoundByItsSuffixAndByHowLongAgoItWasChecked) {
  Insert(SampleObject(1));
  ExpectEqual(
      Read([](Transaction& t) { return t.FindGoogleObjectBySuffix(kCoffee, "google1"); }).value(),
      SampleObject(1));
  EXPECT_FALSE(
      Read([](Transaction& t) { return t.FindGoogleObjectBySuffix(kTea, "google1"); }).has_value());
  const auto to_check = [&](Timestamp before) {
    return Read([&](Transaction& t) { return t.GoogleObjectsToCheck(kCoffee, before, 10); });
  };
  EXPECT_EQ(to_check(Start() + seconds(4)), std::vector<std::string>{HexId(1)});
  EXPECT_TRUE(to_check(Start() + seconds(3)).empty());
}

TEST_P(StoreGoogleContract, AClassIsDueWhenItWasWanted) {
  MustWrite([](Transaction& t) { return t.WantGoogleClass(kCoffee, kTemplate); });
  const auto claim = [&] {
    std::vector<TemplateName> names;
    MustWrite([&](Transaction& t) -> Status {
      auto claimed = t.ClaimGoogleClasses(kCoffee, t.Now() + minutes(1), 10);
      if (claimed.ok()) names = claimed.value();
      return Succeeded(claimed);
    });
    return names;
  };
  EXPECT_EQ(claim(), std::vector<TemplateName>{kTemplate});
  EXPECT_TRUE(claim().empty());
  MustWrite([](Transaction& t) {
    return t.PutGoogleClass(kCoffee, GoogleClass{.name = kTemplate,
                                                 .sent_version = 4,
                                                 .due_at = std::nullopt,
                                                 .attempts = 0,
                                                 .failure = "x"});
  });
  EXPECT_TRUE(claim().empty());
  Reopen();
  const auto row = Read([](Transaction& t) { return t.FindGoogleClass(kCoffee, kTemplate); });
  EXPECT_EQ(row->sent_version, 4);
  EXPECT_EQ(row->failure, "x");
  MustWrite([](Transaction& t) { return t.WantGoogleClass(kCoffee, kTemplate); });
  EXPECT_EQ(claim(), std::vector<TemplateName>{kTemplate});
  EXPECT_EQ(
      Read([](Transaction& t) { return t.FindGoogleClass(kCoffee, kTemplate); })->sent_version, 4);
}

TEST_P(StoreGoogleContract, ANonceCountsOnceUntilItsMessageIsOver) {
  const auto use = [&](const ProgrammeId& programme, const std::string& nonce) {
    bool is_new = false;
    MustWrite([&](Transaction& t) -> Status {
      auto used = t.UseNonce(programme, nonce, Start() + minutes(10));
      is_new = used.ok() && used.value();
      return Succeeded(used);
    });
    return is_new;
  };
  EXPECT_TRUE(use(kCoffee, "n"));
  EXPECT_FALSE(use(kCoffee, "n"));
  EXPECT_TRUE(use(kCoffee, "m"));
  EXPECT_TRUE(use(kTea, "n"));
  Reopen();
  EXPECT_FALSE(use(kCoffee, "n"));
  clock_.Advance(minutes(11));
  EXPECT_TRUE(use(kCoffee, "n"));
}

TEST_P(StoreGoogleContract, RequestsKeepTheirPace) {
  const issuance::RequestPace pace{.interval = microseconds(100'000), .burst = 5};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Take(1, pace, 0), microseconds(0)) << i;
  EXPECT_EQ(Take(1, pace, 0), microseconds(100'000));
  clock_.Advance(microseconds(100'000));
  EXPECT_EQ(Take(1, pace, 0), microseconds(0));
  EXPECT_EQ(Take(1, pace, 0), microseconds(100'000));
}

TEST_P(StoreGoogleContract, WhoLeavesAReserveWaitsForThoseWhoDoNot) {
  const issuance::RequestPace pace{.interval = microseconds(100'000), .burst = 5};
  EXPECT_EQ(Take(1, pace, 4), microseconds(0));
  EXPECT_EQ(Take(1, pace, 4), microseconds(100'000));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Take(1, pace, 0), microseconds(0)) << i;
  EXPECT_EQ(Take(1, pace, 4), microseconds(500'000));
  clock_.Advance(microseconds(500'000));
  EXPECT_EQ(Take(10, pace, 4), microseconds(0));  // A batch, paid for by the wait behind it.
  EXPECT_EQ(Take(1, pace, 0), microseconds(600'000));
}

}  // namespace
}  // namespace passmint::testing
